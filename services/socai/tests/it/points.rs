//! The named points that one process passes alone: killed at each, and paused, it loses and doubles nothing.

use std::{collections::BTreeSet, os::unix::process::ExitStatusExt, path::Path};

use points::{Fate, Point, Points, VARIABLE};
use testkit::{nats::NatsServer, stack};
use tokio::sync::watch;

use crate::{
    posting::{Acknowledged, Clients, check},
    process::{Process, socai},
    stack::points::{OF_A_REBUILD, PASSED, stopped},
    subcommands::ask,
};

const CLIENTS: u32 = 16;
const SIGKILL: i32 = 9;

/// Of a node on SQLite with all roles; those of a stack it passes as well.
const OF_A_NODE: [Point; 9] = [
    Point::Decided,
    Point::GroupCommitted,
    Point::Appended,
    Point::RetryFound,
    Point::LastSeenBeside,
    Point::BatchRead,
    Point::RowsWritten,
    Point::RowsCommitted,
    Point::LeadLeaving,
];
/// Of the start that makes the first tokens of a ledger: `first_start.rs`.
pub(crate) const OF_A_FIRST_START: [Point; 1] = [Point::TokenKept];
const OF_A_COPYING: [Point; 2] = [Point::CopyPut, Point::CopyProven];
const OF_A_SEAL: [Point; 1] = [Point::SealAppended];

#[test]
fn every_point_is_gone_through_by_some_test() {
    let stacks = PASSED.into_iter().flat_map(|(_, points)| points).copied();
    let here =
        [&OF_A_NODE[..], &OF_A_FIRST_START, &OF_A_REBUILD, &OF_A_COPYING, &OF_A_SEAL].into_iter().flatten().copied();
    let gone_through: BTreeSet<_> = stacks.chain(here).collect();
    assert_eq!(gone_through, Point::ALL.iter().copied().collect());
}

#[test]
fn the_document_has_a_row_for_each_point_in_their_order() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reliability.md");
    let text = std::fs::read_to_string(document).unwrap();
    let (_, rest) = text.split_once("| point | what has happened").expect("its table");
    let table = rest.lines().skip(2).take_while(|line| line.starts_with('|'));
    let rows: Vec<_> = table.map(|row| row.split('`').nth(1).unwrap()).collect();
    let names: Vec<_> = Point::ALL.iter().map(|point| point.name()).collect();
    assert_eq!(rows, names);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_dies_or_pauses_at_any_point_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (data, points) = (folder.path().join("data"), Points::at(folder.path().join("points")));
    std::fs::create_dir_all(points.folder()).unwrap();
    let start = || Process::start_heeding(&points, &data, &["--demo=2022"]);
    let mut node = start();
    let (addresses, address) = watch::channel(node.url.clone());
    let clients = Clients::new(&data.join("clerk.token"), address);
    let mut posting: Vec<_> =
        (0..CLIENTS).map(|number| tokio::spawn(clients.clone().post_until_told(number))).collect();
    posting.push(tokio::spawn(clients.clone().post_again_and_again()));
    for point in OF_A_NODE {
        points.ask(point, Fate::Killed).unwrap();
        provoke(point, &node);
        met(&points, point).await;
        assert_eq!(node.ended().signal(), Some(SIGKILL), "at {point}");
        node = start();
        addresses.send_replace(node.url.clone());

        points.ask(point, Fate::Paused).unwrap();
        provoke(point, &node);
        met(&points, point).await;
        stopped(|| stack::state(node.pid()).map(|(state, _)| state), "the node").await;
        let mut acknowledged = clients.acknowledged();
        let before = *acknowledged.borrow_and_update();
        node.signal("-CONT");
        if point == Point::LeadLeaving {
            assert_eq!(node.ended().code(), Some(0));
            node = start();
            addresses.send_replace(node.url.clone());
        }
        acknowledged.wait_for(|&number| number > before + u64::from(CLIENTS)).await.unwrap();
    }
    clients.stop();
    let mut acknowledged = Acknowledged::new();
    for client in posting {
        acknowledged.append(&mut client.await.unwrap());
    }
    assert_eq!(node.terminate(), Some(0));
    let journal = format!("sqlite:{}", data.join("ledger.db").display());
    let options = journal::Options { to_read: true, ..journal::Options::default() };
    check(&journal::open(&journal, options).await.unwrap(), &acknowledged).await;
    println!("{} commands acknowledged", acknowledged.len());
    rebuilds_die(&points, &data);
}

/// A rebuild that dies leaves a view that is right, whichever of the two is in use by then.
fn rebuilds_die(points: &Points, data: &Path) {
    let data = data.display().to_string();
    let rebuild = || socai(&["rebuild", "--data", &data]).env(VARIABLE, points.folder()).output().unwrap();
    for point in OF_A_REBUILD {
        points.ask(point, Fate::Killed).unwrap();
        let died = rebuild();
        assert_eq!(died.status.signal(), Some(SIGKILL), "a rebuild has not passed {point}: {died:?}");
        points.met(point).unwrap().unwrap();
        let rebuilt = rebuild();
        let printed = String::from_utf8_lossy(&rebuilt.stdout);
        assert_eq!(printed.matches("equal to the old rows").count(), 2, "after a death at {point}: {rebuilt:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_and_a_copying_that_die_are_done_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (server, points) = (NatsServer::start().await, Points::at(folder.path().join("points")));
    std::fs::create_dir_all(points.folder()).unwrap();
    let (from, data) = (server.url("hp"), folder.path().join("data"));
    let arguments = ["--journal", &from, "--roles", "intake", "--demo=2022"];
    let mut node = Process::start_heeding(&points, &data, &arguments);
    points.ask(Point::SealAppended, Fate::Killed).unwrap();
    let body = serde_json::json!({ "successor": "http://127.0.0.1:1" }).to_string();
    let key = ["post", "seal-ledger", "--key", "0000fade-0000-4000-8000-000000000001"];
    let cut = ask(&node, &data, "admin", &key, &body);
    assert_eq!(node.ended().signal(), Some(SIGKILL), "a seal has not passed its point: {cut:?}");
    points.met(Point::SealAppended).unwrap().unwrap();
    // Whoever comes next finds the record, and takes nothing any more.
    let mut node = Process::start(&data, &arguments);
    let again = ask(&node, &data, "admin", &key, &body);
    assert_eq!(again.status.code(), Some(0), "the same key gets its receipt: {again:?}");
    let refused =
        ask(&node, &data, "clerk", &["post", "found-organisation"], &crate::subcommands::founding("K1", 3).to_string());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("ledger-moved"), "{refused:?}");
    assert_eq!(node.terminate(), Some(0));

    let to = format!("sqlite:{}", folder.path().join("copy.db").display());
    let copy = || {
        socai(&["copy", "--from", &from, "--to", &to, "--take-over"]).env(VARIABLE, points.folder()).output().unwrap()
    };
    for point in OF_A_COPYING {
        points.ask(point, Fate::Killed).unwrap();
        let died = copy();
        assert_eq!(died.status.signal(), Some(SIGKILL), "a copying has not passed {point}: {died:?}");
        points.met(point).unwrap().unwrap();
    }
    let copied = copy();
    assert!(String::from_utf8_lossy(&copied.stdout).contains("takes commands from now on"), "{copied:?}");
}

/// What does not come about by itself.
fn provoke(point: Point, node: &Process) {
    if point == Point::LeadLeaving {
        node.signal("-TERM");
    }
}

async fn met(points: &Points, point: Point) {
    let met = || points.met(point).unwrap();
    stack::until(async || met().ok_or_else(|| format!("the node has not passed {point}"))).await;
}
