//! The first tokens of a ledger: whatever cuts the start that makes them, whoever should have access has it after the next one.

use std::{os::unix::process::ExitStatusExt, path::Path};

use points::{Fate, Point, Points, VARIABLE};
use testkit::nats::NatsServer;

use crate::{
    points::OF_A_FIRST_START,
    process::{Process, socai},
    subcommands::ask,
};

const SIGKILL: i32 = 9;
const ROUNDS: usize = 4;

/// A start that comes no further than the point.
fn dies_at(point: Point, points: &Points, data: &Path, arguments: &[&str]) {
    points.ask(point, Fate::Killed).unwrap();
    let data = data.display().to_string();
    let mut start = socai(&["run", "--listen", "127.0.0.1:0", "--data", &data]);
    let died = start.args(arguments).env(VARIABLE, points.folder()).output().unwrap();
    assert_eq!(died.status.signal(), Some(SIGKILL), "a start has not passed {point}: {died:?}");
    points.met(point).unwrap().unwrap();
}

/// Whether the token in a file is an administrator's, who hears that there is no such office, and not that they may not grant access.
fn admin_works(node: &Process, data: &Path) -> bool {
    let nowhere = uuid::Uuid::from_u128(7).to_string();
    let asked = ask(node, data, "admin", &["token", "new", "--office", &nowhere, "--role", "viewer"], "");
    String::from_utf8_lossy(&asked.stderr).contains("unit-unknown")
}

fn has(data: &Path, name: &str) -> bool {
    data.join(name).exists()
}

#[test]
fn a_first_start_that_dies_before_or_after_the_grant_locks_nobody_out() {
    let folder = tempfile::tempdir().unwrap();
    let (data, points) = (folder.path().join("data"), Points::at(folder.path().join("points")));
    for point in OF_A_FIRST_START {
        dies_at(point, &points, &data, &[]);
        assert!(!has(&data, "admin.token"));
    }
    let kept = std::fs::read_to_string(data.join("admin.token.new")).unwrap();
    // The ledger is open by now, so that the first append of this start is the grant.
    dies_at(Point::Appended, &points, &data, &[]);
    for _ in 0..2 {
        let mut node = Process::start(&data, &[]);
        assert_eq!(std::fs::read_to_string(data.join("admin.token")).unwrap(), kept);
        assert!(!has(&data, "admin.token.new"));
        assert!(admin_works(&node, &data));
        // Until there is a unit, each start tells the id for it.
        let told = [node.next_line(), node.next_line()].concat();
        assert!(told.contains(kept.trim()) && told.contains("is the id to give to the root unit"), "{told}");
        assert_eq!(node.terminate(), Some(0));
    }
}

#[test]
fn a_demonstration_whose_start_dies_over_its_tokens_has_them_after_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let (data, points) = (folder.path().join("data"), Points::at(folder.path().join("points")));
    for point in OF_A_FIRST_START {
        dies_at(point, &points, &data, &["--demo=2022"]);
    }
    let kept = std::fs::read_to_string(data.join("leader.token.new")).unwrap();
    let node = Process::start(&data, &["--demo=2022"]);
    assert_eq!(std::fs::read_to_string(data.join("leader.token")).unwrap(), kept);
    for name in ["leader", "clerk", "union-clerk", "youth-clerk", "supervisor", "auditor", "admin"] {
        let asked = ask(&node, &data, name, &["tally", "nq28", "2022"], "");
        assert_eq!(asked.status.code(), Some(0), "{name}: {asked:?}");
        assert!(!has(&data, &format!("{name}.token.new")), "{name}");
    }
    assert!(admin_works(&node, &data));
}

#[test]
fn where_a_token_cannot_be_kept_none_is_granted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let in_the_way = data.join("admin.token.new");
    std::fs::create_dir_all(&in_the_way).unwrap();
    let name = data.display().to_string();
    let refused = socai(&["run", "--listen", "127.0.0.1:0", "--data", &name]).output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("admin.token.new"), "{refused:?}");
    std::fs::remove_dir(in_the_way).unwrap();
    assert!(admin_works(&Process::start(&data, &[]), &data), "the next start is the first that grants");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_intake_that_was_not_the_first_keeps_no_token_that_does_not_work() {
    let folder = tempfile::tempdir().unwrap();
    let (server, points) = (NatsServer::start().await, Points::at(folder.path().join("points")));
    let journal = server.url("hp");
    let arguments = ["--journal", &journal, "--roles", "intake"];
    let (second, first) = (folder.path().join("second"), folder.path().join("first"));
    dies_at(Point::TokenKept, &points, &second, &arguments);
    let node = Process::start(&first, &arguments);
    assert!(has(&second, "admin.token.new") && has(&first, "admin.token"));
    let _other = Process::start(&second, &arguments);
    assert!(!has(&second, "admin.token.new") && !has(&second, "admin.token"));
    assert!(admin_works(&node, &first));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_intakes_that_start_at_once_each_token_that_is_kept_works() {
    let folder = tempfile::tempdir().unwrap();
    let server = NatsServer::start().await;
    for round in 0..ROUNDS {
        let journal = server.url(&format!("hp-{round}"));
        let start = |name: &str| {
            let (data, journal) = (folder.path().join(format!("{name}-{round}")), journal.clone());
            std::thread::spawn(move || (Process::start(&data, &["--journal", &journal, "--roles", "intake"]), data))
        };
        let nodes = [start("one"), start("two")].map(|starting| starting.join().unwrap());
        let kept: Vec<_> = nodes.iter().filter(|(_, data)| has(data, "admin.token")).collect();
        assert!(!kept.is_empty(), "nobody has access");
        for (node, data) in &kept {
            assert!(admin_works(node, data), "{}", data.display());
        }
        assert!(nodes.iter().all(|(_, data)| !has(data, "admin.token.new")));
    }
}
