//! SIGKILL at random while 32 clients post, twenty times over: nothing is lost, nothing is doubled.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use testkit::nats::{NatsServer, NatsSettings};
use tokio::sync::watch;

use crate::{
    posting::{Acknowledged, Clients, check, pseudo, seed},
    process::{Process, socai},
};

const KILLS: u32 = 20;
const CLIENTS: u32 = 32;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_on_sqlite_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    killed_again_and_again(folder.path(), &url, "intake,tally,audit,portal").await;
    // The views were killed as often: their rows are still what the records give.
    let data = folder.path().display().to_string();
    let rebuilt = socai(&["rebuild", "--data", &data]).output().unwrap();
    assert_eq!(rebuilt.status.code(), Some(0), "{rebuilt:?}");
    let printed = String::from_utf8(rebuilt.stdout).unwrap();
    assert_eq!(printed.matches("equal to the old rows").count(), 2, "{printed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_node_on_jetstream_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = NatsServer::start_with(NatsSettings { sync_always: true, ..NatsSettings::default() }).await;
    killed_again_and_again(folder.path(), &server.url("haiphong"), "intake").await;
}

async fn killed_again_and_again(data: &Path, journal: &str, roles: &str) {
    let seed = seed();
    println!("seed {seed}: run again with SOCAI_SEED={seed}");
    let arguments = ["--roles", roles, "--journal", journal, "--demo=2022"];
    let mut node = Process::start(data, &arguments);
    let (addresses, address) = watch::channel(node.url.clone());
    let clients = Clients::new(&data.join("clerk.token"), address);
    let posting: Vec<_> = (0..CLIENTS).map(|number| tokio::spawn(clients.clone().post_until_told(number))).collect();
    for round in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(40 + pseudo(seed, round) % 360)).await;
        node.kill();
        node = Process::start(data, &arguments);
        addresses.send_replace(node.url.clone());
    }
    clients.stop();
    let mut acknowledged = Acknowledged::new();
    for client in posting {
        acknowledged.append(&mut client.await.unwrap());
    }
    assert_eq!(node.terminate(), Some(0));
    let journal = journal::open(journal, journal::Options::default()).await.unwrap();
    check(&journal, &acknowledged).await;
    println!("{} commands acknowledged over {KILLS} kills", acknowledged.len());
    assert!(acknowledged.len() > usize::try_from(KILLS).unwrap());
}

/// Whoever stops a process has no server to wait for.
#[tokio::test]
async fn a_process_stops_although_nats_is_away() {
    let (folder, server) = (tempfile::tempdir().unwrap(), NatsServer::start().await);
    let mut node = Process::start(folder.path(), &["--journal", &server.url("haiphong"), "--demo=2022"]);
    server.kill();
    let begun = Instant::now();
    assert_eq!(node.terminate(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(15), "it took {:?}", begun.elapsed());
}
