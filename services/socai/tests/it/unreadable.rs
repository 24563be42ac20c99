//! A record that this version cannot read: whoever follows stops before it and says where, nothing is decided behind it, and all that came
//! before is still answered; also after a restart, with nothing to be skipped.

use std::path::Path;

use async_nats::jetstream;
use serde_json::{Value, json};
use socai_tests::PERIOD;
use testkit::{nats::NatsServer, stack::until};
use uuid::Uuid;

use crate::{
    process::{Process, socai},
    subcommands::founding,
};

async fn get(node: &Node, path: &str) -> (u16, Value) {
    let answer =
        kit::outgoing::plain().build().unwrap().get(format!("{}{path}", node.process.url)).bearer_auth(&node.auditor);
    let answer = answer.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

struct Node {
    process: Process,
    auditor: String,
    clerk: String,
}

impl Node {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let process = Process::start(folder, arguments);
        let token = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap().trim().to_owned();
        Self { process, auditor: token("auditor.token"), clerk: token("clerk.token") }
    }

    async fn post(&self, n: u128) -> (u16, Value) {
        let body = founding(&format!("P{n}"), 3);
        let post = kit::outgoing::plain()
            .build()
            .unwrap()
            .post(format!("{}/v1/commands/found-organisation", self.process.url));
        let post = post.bearer_auth(&self.clerk).header("idempotency-key", Uuid::from_u128(n).to_string()).json(&body);
        let answer = post.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Until every part has stopped before the position, and says so.
    async fn has_stopped_at(&self, position: u64) {
        until(async || {
            let (status, ready) = get(self, "/readyz").await;
            let told = |name: &str| {
                let check = ready["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap();
                (check["ready"] == false).then(|| check["detail"].as_str().unwrap().to_owned())
            };
            let all = ["ledger", "view.tally", "view.trail", "recording"].map(told);
            let named = all.iter().flatten().filter(|detail| detail.contains(&position.to_string())).count();
            if status == 503 && named == 4 { Ok(()) } else { Err(ready.to_string()) }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_before_a_record_that_cannot_be_read_is_answered_and_nothing_is_recorded_behind_it() {
    behind_a_record_of("organisation").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_of_a_kind_that_only_a_later_version_knows_is_no_damage_to_the_ledger() {
    behind_a_record_of("of_later").await;
}

async fn behind_a_record_of(kind: &str) {
    let (folder, server) = (tempfile::tempdir().unwrap(), NatsServer::start().await);
    let journal = server.url("hp");
    let node = Node::start(folder.path(), &["--journal", &journal, "--demo=2022"]);
    let (posted, receipt) = node.post(1).await;
    assert_eq!(posted, 201, "{receipt}");
    let last = receipt["position"].as_u64().unwrap();
    let (status, before) = get(&node, &format!("{PERIOD}/tallies?min_position={last}")).await;
    assert_eq!(status, 200);

    let client = jetstream::new(async_nats::connect(server.address()).await.unwrap());
    let subject = format!("socai.hp.log.{kind}.{}", Uuid::from_u128(7));
    let stored = client.publish(subject, "of another time".into()).await.unwrap().await.unwrap();
    assert_eq!(stored.sequence, last + 1);
    node.has_stopped_at(last + 1).await;

    let node = check_what_stands(node, &before, last).await;
    assert_eq!({ node }.process.terminate(), Some(0));
    let again = Node::start(folder.path(), &["--journal", &journal]);
    again.has_stopped_at(last + 1).await;
    check_what_stands(again, &before, last).await;
    let tip = journal::open(&journal, journal::Options::default()).await.unwrap().tip().await.unwrap();
    assert_eq!(tip.0, last + 1, "nothing was recorded behind it");
    goes_on_before(&journal, folder.path(), last).await;
}

/// The ledger goes on in a copy that ends before the record.
async fn goes_on_before(journal: &str, folder: &Path, last: u64) {
    let onward = tempfile::tempdir().unwrap();
    let to = format!("sqlite:{}", onward.path().join("ledger.db").display());
    let until = last.to_string();
    let whole = format!("sqlite:{}", onward.path().join("whole.db").display());
    let refused = socai(&["copy", "--from", journal, "--to", &whole, "--take-over"]).output().unwrap();
    assert!(!refused.status.success(), "nobody can go on behind it: {refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains(&format!("position {}", last + 1)), "{refused:?}");
    let copied = socai(&["copy", "--from", journal, "--to", &to, "--until", &until, "--take-over"]).output().unwrap();
    assert_eq!(copied.status.code(), Some(0), "{copied:?}");
    for token in ["auditor.token", "clerk.token"] {
        std::fs::copy(folder.join(token), onward.path().join(token)).unwrap();
    }
    let node = Node::start(onward.path(), &[]);
    let (posted, receipt) = node.post(2).await;
    assert!(posted == 201 && receipt["position"].as_u64() > Some(last), "{receipt}");
}

async fn check_what_stands(node: Node, before: &Value, last: u64) -> Node {
    let (status, tallies) = get(&node, &format!("{PERIOD}/tallies")).await;
    assert_eq!((status, &tallies["measures"]), (200, &before["measures"]));
    assert_eq!(tallies["as_of"]["known_position"], last);
    let (status, trail) = get(&node, &format!("/v1/trail?known={last}&limit=1")).await;
    assert_eq!(status, 200, "{trail}");
    let (status, record) = get(&node, &format!("/v1/records/{last}")).await;
    assert_eq!(status, 200, "{record}");
    the_history_ends_before_it(&node, last).await;
    let (status, refused) = node.post(2).await;
    assert_eq!((status, &refused["type"]), (503, &json!("/problems/ledger-unreadable")), "{refused}");
    assert!(refused["detail_en"].as_str().unwrap().contains(&format!("position {}", last + 1)), "{refused}");
    node
}

/// What can be read is, whatever is asked for with it; then it is said for good which record cannot be.
async fn the_history_ends_before_it(node: &Node, last: u64) {
    for (after, limit) in [(last - 3, 100), (last - 3, 4), (last - 300, 1_000), (last - 1, 2)] {
        let (status, page) = get(node, &format!("/v1/records?after={after}&limit={limit}")).await;
        let records = page["records"].as_array().unwrap_or_else(|| panic!("{status}: {page}"));
        let positions: Vec<u64> = records.iter().map(|record| record["position"].as_u64().unwrap()).collect();
        assert_eq!((status, positions), (200, (after + 1..=last).collect()), "after {after}, at most {limit}");
        assert_eq!(page["next_after"], last, "after {after}, at most {limit}");
    }
    for (path, slug) in [
        (format!("/v1/records?after={last}"), "record-unreadable"),
        (format!("/v1/records?after={}", last + 1), "record-unreadable"),
        (format!("/v1/records/{}", last + 1), "record-unreadable"),
        (format!("{PERIOD}/tallies?min_position={}", last + 1), "view-stopped"),
    ] {
        let (status, problem) = get(node, &path).await;
        assert_eq!(problem["type"], format!("/problems/{slug}"), "{path}: {problem}");
        assert_eq!(problem["position"], last + 1, "{path}: {problem}");
        assert_eq!(status, if slug == "view-stopped" { 503 } else { 500 }, "{path}: {problem}");
    }
}

/// Pages of the file with what a broken disk may have left of them.
fn damage(ledger: &Path) {
    const PAGE: usize = 4_096;
    let mut bytes = std::fs::read(ledger).unwrap();
    let half = bytes.len() / 2 / PAGE * PAGE;
    bytes[half..half + 20 * PAGE].fill(0xa5);
    std::fs::write(ledger, bytes).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_damaged_pages_is_told_by_the_doctor_and_by_the_node_that_stops_before_them() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &["--demo=2022"]);
    assert_eq!({ node }.process.terminate(), Some(0));
    // What was folded of it is of no use now.
    std::fs::remove_dir_all(folder.path().join("views")).unwrap();
    damage(&folder.path().join("ledger.db"));

    let data = folder.path().display().to_string();
    let doctor = socai(&["doctor", "--data", &data]).output().unwrap();
    let told = String::from_utf8_lossy(&doctor.stdout);
    assert_eq!(doctor.status.code(), Some(1), "{told}");
    assert!(told.contains("is damaged: database disk image is malformed"), "{told}");

    let node = Node::start(folder.path(), &[]);
    until(async || {
        let (status, ready) = get(&node, "/readyz").await;
        let ledger = ready["checks"].as_array().unwrap().iter().find(|check| check["name"] == "ledger").unwrap();
        let told = status == 503 && ledger["detail"].as_str().unwrap().contains("is damaged");
        if told { Ok(()) } else { Err(ready.to_string()) }
    })
    .await;
}
