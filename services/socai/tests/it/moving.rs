//! A ledger that outgrows its machine: copied while it is in use, sealed, and gone on with elsewhere; and copied back as an archive.

use std::{
    path::Path,
    process::{Child, Output, Stdio},
    time::{Duration, Instant},
};

use bytes::Bytes;
use domain::Position;
use journal::{Options, SharedJournal};
use serde_json::json;
use testkit::nats::NatsServer;
use uuid::Uuid;

use crate::{
    permissions,
    process::{Process, socai},
    subcommands::{ask, founding},
};

const PATIENCE: Duration = Duration::from_secs(60);

fn copy(from: &str, to: &str, more: &[&str]) -> Child {
    let mut arguments = vec!["copy", "--from", from, "--to", to];
    arguments.extend(more);
    socai(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn ended(copying: Child) -> Output {
    copying.wait_with_output().unwrap()
}

fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn ledger_of(data: &Path) -> String {
    format!("sqlite:{}", data.join("ledger.db").display())
}

async fn open(url: &str) -> SharedJournal {
    journal::open(url, Options { to_read: true, ..Options::default() }).await.unwrap()
}

async fn bodies(journal: &SharedJournal) -> Vec<Bytes> {
    let tip = journal.tip().await.unwrap();
    let mut bodies = Vec::new();
    while (bodies.len() as u64) < tip.0 {
        let page = journal.read(Position(bodies.len() as u64), 1_000, &[]).await.unwrap();
        bodies.extend(page.into_iter().map(|stored| stored.body));
    }
    bodies
}

/// Posts until the exit code is this one.
fn post_until(node: &Process, data: &Path, arguments: &[&str], body: &str, code: i32) -> Output {
    let begun = Instant::now();
    loop {
        let output = ask(node, data, "clerk", arguments, body);
        if output.status.code() == Some(code) {
            return output;
        }
        assert!(begun.elapsed() < PATIENCE, "{output:?}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_in_use_moves_to_a_server_and_one_of_the_two_takes_commands_at_any_time() {
    let server = NatsServer::start().await;
    let (home, away) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut old = Process::start(home.path(), &["--demo=2022"]);
    // A node on a place where nothing lies yet would begin a ledger of its own there.
    printed(&ended(copy(&ledger_of(home.path()), &server.url("hp"), &[])));
    let copying = copy(&ledger_of(home.path()), &server.url("hp"), &["--follow", "--take-over"]);
    let new = Process::start(away.path(), &["--journal", &server.url("hp")]);

    let line = |n: u32| json!({ "key": Uuid::from_u128(n.into()), "command": "found-organisation", "data": founding(&format!("M{n}"), 3) });
    let lines: String = (1..=300).map(|n| format!("{}\n", line(n))).collect();
    let sent = ask(&old, home.path(), "clerk", &["post"], &lines);
    assert_eq!(sent.status.code(), Some(0), "{sent:?}");

    let key = Uuid::from_u128(0xfade).to_string();
    let posted = ["post", "found-organisation", "--key", &key];
    let body = founding("late", 3).to_string();
    // Before that it does not even know who asks.
    let early = post_until(&new, home.path(), &posted, &body, 5);
    assert!(String::from_utf8(early.stderr).unwrap().contains("copy-unfinished"));

    let successor = json!({ "successor": new.url }).to_string();
    let sealed = ask(&old, home.path(), "admin", &["post", "seal-ledger"], &successor);
    assert_eq!(sealed.status.code(), Some(0), "{sealed:?}");
    let refused = ask(&old, home.path(), "clerk", &posted, &body);
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("ledger-moved") && told.contains(&new.url), "{told}");

    let told = printed(&ended(copying));
    assert!(told.contains("takes commands from now on"), "{told}");
    post_until(&new, home.path(), &posted, &body, 0);

    let (old_bodies, new_bodies) =
        (bodies(&open(&ledger_of(home.path())).await).await, bodies(&open(&server.url("hp")).await).await);
    assert_eq!(new_bodies.len(), old_bodies.len() + 1, "only the new place took the last one");
    assert!(old_bodies.iter().zip(&new_bodies).all(|(old, new)| old == new));

    // Neither a restart nor another copying changes that.
    assert_eq!(old.terminate(), Some(0));
    let old = Process::start(home.path(), &[]);
    let refused = ask(&old, home.path(), "clerk", &posted, &body);
    assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    let again = printed(&ended(copy(&ledger_of(home.path()), &server.url("hp"), &[])));
    assert!(again.contains("the same in both places"), "{again}");
}

/// What `deploy/README.md` says for containers: the stream is made, the ledger copied, and only then an intake begins, each as its own user.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_moves_into_a_place_that_was_made_for_it_and_goes_on_there() {
    let server = permissions::server().await;
    let provision = permissions::url(&server, "provision");
    let (home, away) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let old = Process::start(home.path(), &["--demo=2022"]);
    let here = |arguments: &[&str]| socai(arguments).env("SOCAI_JOURNAL", &provision).output().unwrap();
    assert!(printed(&here(&["provision"])).contains("the ledger is there: 0 records"));
    let from = ledger_of(home.path());
    assert!(printed(&here(&["copy", "--from", &from])).contains("takes no commands"));
    let sealed =
        ask(&old, home.path(), "admin", &["post", "seal-ledger"], r#"{ "successor": "https://so-cai.example" }"#);
    assert_eq!(sealed.status.code(), Some(0), "{sealed:?}");
    // An archive of the same ledger stays one, however often it is copied.
    let archive = format!("sqlite:{}", away.path().join("archive.db").display());
    for to in [provision.as_str(), &archive] {
        assert!(printed(&here(&["copy", "--from", &from, "--to", to])).contains("copy again with --take-over"));
    }
    assert!(printed(&here(&["copy", "--from", &from, "--take-over"])).contains("takes commands from now on"));

    let moved = bodies(&open(&from).await).await;
    let new = Process::start(away.path(), &["--roles", "intake", "--journal", &permissions::url(&server, "intake")]);
    post_until(&new, home.path(), &["post", "found-organisation"], &founding("after", 3).to_string(), 0);
    let now = bodies(&open(&permissions::url(&server, "follower")).await).await;
    // Of a demonstration each new folder gets tokens of its own, which are records too.
    assert!(now.len() > moved.len() && now.starts_with(&moved), "it goes on in the ledger that was moved");
    let fewer = socai(&["provision", "--journal", &format!("{provision}?replicas=3")]).output().unwrap();
    assert_eq!(fewer.status.code(), Some(1), "{fewer:?}");
    assert!(String::from_utf8(fewer.stderr).unwrap().contains("1 of the 3 replicas"));
    let neither = here(&["copy"]);
    assert_eq!(neither.status.code(), Some(2), "{neither:?}");
}

/// The copying is killed as often as it takes, and goes on where it was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_copying_goes_on_and_an_archive_comes_back_byte_for_byte() {
    let server = NatsServer::start().await;
    let home = tempfile::tempdir().unwrap();
    let mut node = Process::start(home.path(), &["--demo=2022"]);
    let line = |n: u32| json!({ "key": Uuid::from_u128(n.into()), "command": "found-organisation", "data": founding(&format!("A{n}"), 3) });
    let lines: String = (1..=6_000).map(|n| format!("{}\n", line(n))).collect();
    let sent = ask(&node, home.path(), "clerk", &["post"], &lines);
    assert_eq!(sent.status.code(), Some(0), "{}", String::from_utf8_lossy(&sent.stderr));
    assert_eq!(node.terminate(), Some(0));

    let (from, to) = (ledger_of(home.path()), server.url("hp"));
    let mut kills = 0;
    for after in (20..).step_by(15) {
        let mut copying = copy(&from, &to, &[]);
        std::thread::sleep(Duration::from_millis(after));
        match copying.try_wait().unwrap() {
            Some(_) => {
                let told = printed(&ended(copying));
                assert!(told.contains("takes no commands"), "{told}");
                break;
            }
            None => {
                copying.kill().unwrap();
                copying.wait().unwrap();
                kills += 1;
            }
        }
    }
    assert!(kills > 3, "the copying was killed {kills} times only");
    let archive = home.path().join("archive.db");
    let back = printed(&ended(copy(&to, &format!("sqlite:{}", archive.display()), &[])));
    let forth = printed(&ended(copy(&from, &to, &[])));
    assert_eq!(back.lines().next(), forth.lines().next(), "one digest over all records");
    let (ours, theirs) =
        (bodies(&open(&from).await).await, bodies(&open(&format!("sqlite:{}", archive.display())).await).await);
    assert_eq!(ours.len(), theirs.len());
    assert!(ours == theirs);

    // The ledger is lost: its archive goes on elsewhere, once somebody says so.
    let (archived, another) = (format!("sqlite:{}", archive.display()), NatsServer::start().await);
    let to = another.url("hp");
    assert!(printed(&ended(copy(&archived, &to, &[]))).contains("--take-over"));
    let restored = tempfile::tempdir().unwrap();
    let told = printed(&ended(copy(&archived, &to, &["--take-over"])));
    assert!(told.contains("was NOT sealed") && told.contains("takes commands from now on"), "{told}");
    let token = std::fs::read_to_string(home.path().join("clerk.token")).unwrap();
    let mut node = Process::start(restored.path(), &["--journal", &to]);
    std::fs::write(restored.path().join("clerk.token"), token).unwrap();
    let sent = ask(&node, restored.path(), "clerk", &["post"], &format!("{}\n", line(6_001)));
    assert_eq!(sent.status.code(), Some(0), "{}", String::from_utf8_lossy(&sent.stderr));
    assert_eq!(node.terminate(), Some(0));

    // An archive can be replayed, and refuses whoever would write to it.
    let replayed = |journal: &str| {
        let output = socai(&["replay", "--journal", journal, "--output", "json"]).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        output.stdout
    };
    assert_eq!(replayed(&format!("sqlite:{}", archive.display())), replayed(&from));
}

#[tokio::test]
async fn what_cannot_be_copied_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let told = |from: &str, to: &str, code: i32| {
        let output = ended(copy(from, to, &[]));
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let absent = told(&place("nothing.db"), &place("copy.db"), 1);
    assert!(absent.contains("there is no ledger at"), "{absent}");
    for name in ["one", "two"] {
        assert_eq!(Process::start(&folder.path().join(name), &["--ledger", name]).terminate(), Some(0));
    }
    begun(&place("empty.db")).await;
    let nothing = told(&place("empty.db"), &place("copy-of-nothing.db"), 1);
    assert!(nothing.contains("there is no record"), "{nothing}");
    let taken = told(&place("one/ledger.db"), &place("two/ledger.db"), 1);
    assert!(taken.contains("holds a ledger of its own"), "{taken}");
    printed(&ended(copy(&place("one/ledger.db"), &place("copy.db"), &[])));
    let other = told(&place("two/ledger.db"), &place("copy.db"), 6);
    assert!(other.contains("it is no copy of this ledger"), "{other}");
}

/// A ledger in which nothing is recorded yet.
async fn begun(journal: &str) {
    drop(journal::open(journal, Options::default()).await.unwrap());
}
