//! More than can be recorded: who is too many is told so, and nothing grows without end.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use domain::{CommandId, Position};
use testkit::{
    nats::NatsServer,
    proxy::{Proxy, Weather},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use uuid::Uuid;

use crate::{
    posting::{Acknowledged, check},
    process::Process,
    subcommands::founding,
};

const CONNECTIONS: u32 = 3_000;
/// As many as intake lets be under way; they wait for what they asked.
const UNDER_WAY_MAX: u32 = 2_048;
/// Before the first of them gives up waiting.
const AT_ONCE: Duration = Duration::from_secs(5);
/// What answering them may take of memory, in MiB.
const GROWTH_MAX: u64 = 150;
/// How many of them are sent again.
const AGAIN: u32 = 200;
const PATIENCE: Duration = Duration::from_secs(60);

/// The server under the ledger stands still; thousands post at once; then it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_intake_with_too_much_to_do_says_so_at_once_and_stays_small() {
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let (folder, server) = (tempfile::tempdir().unwrap(), NatsServer::start().await);
    let proxy = Proxy::before(&server.address()).await.unwrap();
    let journal = format!("nats://{}/hp", proxy.address());
    let node = Process::start(folder.path(), &["--roles", "intake", "--journal", &journal, "--demo=2022"]);
    let token = std::fs::read_to_string(folder.path().join("clerk.token")).unwrap().trim().to_owned();
    let before = node.resident_mib();

    proxy.set(Weather::Still);
    let (address, begun) = (node.url.trim_start_matches("http://").to_owned(), Instant::now());
    let posting: Vec<_> = (0..CONNECTIONS).map(|n| tokio::spawn(post(address.clone(), token.clone(), n))).collect();
    let mut answers = BTreeMap::<(u16, String), usize>::new();
    let (mut most, mut turned_away, mut at_once) = (before, 0, 0);
    for posting in posting {
        let answer = tokio::time::timeout(PATIENCE, posting).await.unwrap().unwrap();
        *answers.entry((answer.status, answer.problem.clone())).or_default() += 1;
        assert!(answer.status == 201 || answer.retry_after, "{answer:?}");
        // Of the others, which were taken in, the outcome is unknown.
        let away = answer.problem == "/problems/unavailable";
        turned_away += u32::from(away);
        at_once += u32::from(away && answer.took < AT_ONCE);
        most = most.max(node.resident_mib());
    }
    println!("{answers:?} after {:?}; {before} MiB before, {most} at most", begun.elapsed());
    assert!(turned_away >= CONNECTIONS - UNDER_WAY_MAX, "{turned_away} of {CONNECTIONS} were turned away");
    // Others may keep this machine busy.
    assert!(at_once * 2 > turned_away, "{at_once} of {turned_away} were told at once");
    assert!(most - before < GROWTH_MAX, "it grew from {before} to {most} MiB");

    proxy.set(Weather::Clear);
    let begun = Instant::now();
    loop {
        let answer = post(address.clone(), token.clone(), CONNECTIONS).await;
        if answer.status == 201 || answer.status == 200 {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{answer:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Whoever was told that the outcome is unknown, or nothing at all, sends it again, and it stands once.
    let mut again = Acknowledged::new();
    for n in 0..AGAIN {
        let answer = post(address.clone(), token.clone(), n).await;
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        again.insert(key(n), Position(answer.position.unwrap()));
    }
    let ledger = journal::open(&server.url("hp"), journal::Options::default()).await.unwrap();
    check(&ledger, &again).await;
    drop(node);
}

fn key(n: u32) -> CommandId {
    CommandId(Uuid::from_u128(0x0f10_0d00_0000 + u128::from(n)))
}

#[derive(Debug)]
struct Answer {
    status: u16,
    retry_after: bool,
    took: Duration,
    position: Option<u64>,
    problem: String,
}

/// One founding over a connection of its own.
async fn post(address: String, token: String, n: u32) -> Answer {
    let (body, key) = (founding(&format!("Q{n}"), 3).to_string(), key(n));
    let request = format!(
        "POST /v1/commands/found-organisation HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let begun = Instant::now();
    let mut connection = TcpStream::connect(&address).await.unwrap();
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("cut: {answer}"));
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        took: begun.elapsed(),
        retry_after: head.contains("\r\nretry-after: "),
        problem: body["type"].as_str().unwrap_or_default().to_owned(),
        position: body["position"].as_u64().filter(|_| head.contains(" 20")),
    }
}
