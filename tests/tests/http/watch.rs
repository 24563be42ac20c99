//! A ledger that is not what it was, and a clock that is not believed: what a node says, and that nothing is recorded.

use std::{fs, path::Path, sync::Arc, time::Duration};

use domain::{Actor, Command, CommandId, LocalDate, Role, SubjectId, UnitId, access::GrantAccess, ledger::OpenLedger};
use journal::{Executor, ExecutorConfig, LedgerClock, Live, SharedJournal, Submission, sqlite::Sqlite};
use kit::{Clock, SystemClock};
use serde_json::{Value, json};
use socai::settings::Settings;
use socai_tests::Node;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const PATIENCE: Duration = Duration::from_secs(20);
const ROOT: UnitId = UnitId(Uuid::from_u128(1));

fn today() -> LocalDate {
    SystemClock.now().local_date()
}

/// A ledger in `data` of the folder, opened so many days ago, with an administrator's token.
async fn opened_days_ago(folder: &Path, days: i32) {
    let data = folder.join("data");
    fs::create_dir(&data).unwrap();
    let journal: SharedJournal = Arc::new(Sqlite::open(data.join("ledger.db")).await.unwrap());
    let then = LocalDate::from_days(today().to_days() - days).unwrap().begins_at();
    let live = Arc::new(Live::new(LedgerClock::scripted(Arc::new(move || then))));
    let stop = CancellationToken::new();
    let following = tokio::spawn({
        let (live, journal, stop) = (live.clone(), journal.clone(), stop.clone());
        async move { live.run(journal, stop).await }
    });
    let executor = Executor::new(ExecutorConfig::default(), journal, live);
    let actor = Actor { subject: SubjectId(Uuid::from_u128(2)), office: ROOT, role: Role::Admin };
    let token = kit::new_token();
    let granted = GrantAccess {
        token_sha256: kit::token_hash(&token).iter().map(|byte| format!("{byte:02x}")).collect(),
        subject: actor.subject,
        office: ROOT,
        role: Role::Admin,
        until: None,
    };
    let opened = Command::OpenLedger(OpenLedger { name: "test".into(), demonstration: false });
    for command in [opened, Command::GrantAccess(granted)] {
        executor.execute(Submission::new(CommandId(Uuid::now_v7()), actor, command)).await.unwrap();
    }
    fs::write(data.join("admin.token"), token).unwrap();
    stop.cancel();
    following.await.unwrap().unwrap();
}

fn structure() -> Value {
    json!({
        "document": { "number": "1", "symbol": "QĐ/TU", "issuer": "Thành ủy thử nghiệm", "date": "2024-01-01" },
        "changes": [{ "create_unit": {
            "unit": ROOT, "kind": "city", "name": "Thành ủy thử nghiệm", "from": "2020-01-01", "display_order": 1,
        }}],
    })
}

async fn post(node: &Node) -> (u16, Value) {
    let answer = node.post("change-structure", "admin", &structure()).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Its views may still be starting.
async fn is_ready(node: &Node) {
    let begun = tokio::time::Instant::now();
    loop {
        let (status, checks) = readiness(node).await;
        if status == 200 {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{checks}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn readiness(node: &Node) -> (u16, String) {
    let answer = node.http.get(format!("{}/readyz", node.url)).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn after_a_long_rest_nothing_is_recorded_until_an_operator_says_that_the_clock_is_right() {
    let folder = tempfile::tempdir().unwrap();
    opened_days_ago(folder.path(), 60).await;
    let mut node = Node::start_in(folder, Settings::default()).await;
    let (status, problem) = post(&node).await;
    assert_eq!((status, &problem["type"]), (503, &json!("/problems/clock-ahead")), "{problem:#}");
    assert!(problem["detail_en"].as_str().unwrap().contains(&format!("--clock-confirmed {}", today())), "{problem:#}");
    let (status, checks) = readiness(&node).await;
    assert!(status == 503 && checks.contains("--clock-confirmed"), "{status} {checks}");
    node.settings.clock_confirmed = Some(today());
    node.restart().await;
    assert_eq!(post(&node).await.0, 201);
    is_ready(&node).await;
    // The record of today makes the word superfluous.
    node.settings.clock_confirmed = None;
    node.restart().await;
    is_ready(&node).await;
    node.stop().await;
}

#[tokio::test]
async fn within_a_month_the_clock_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    opened_days_ago(folder.path(), 30).await;
    let node = Node::start_in(folder, Settings::default()).await;
    assert_eq!(post(&node).await.0, 201);
    node.stop().await;
}

/// A file of SQLite, and its log.
fn copy_ledger(from: &Path, into: &Path) {
    for file in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
        let _ = fs::remove_file(into.join(file));
        if from.join(file).is_file() {
            fs::copy(from.join(file), into.join(file)).unwrap();
        }
    }
}

/// Only the ledger was restored, not the whole folder.
#[tokio::test]
async fn a_restored_ledger_that_lacks_records_does_not_start_until_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    opened_days_ago(folder.path(), 1).await;
    let backup = folder.path().join("backup");
    fs::create_dir(&backup).unwrap();
    copy_ledger(&data, &backup);
    let node = Node::start_in(folder, Settings::default()).await;
    assert_eq!(post(&node).await.0, 201);
    let (settings, folder) = node.stop_and_keep().await;
    assert!(data.join("last-seen.json").is_file(), "what was seen is noted at the stop");
    copy_ledger(&backup, &data);
    let refused = socai::node::Node::start(&settings, CancellationToken::new()).await.err().unwrap();
    let told = format!("{refused:#}");
    assert!(told.contains("ends at position 2, and position 3 was there before"), "{told}");
    assert!(told.contains("remove") && told.contains("last-seen.json"), "{told}");
    fs::remove_file(data.join("last-seen.json")).unwrap();
    let node = Node::start_in(folder, Settings::default()).await;
    // The views are of the longer ledger, and say so; the ledger itself takes commands.
    assert_eq!(post(&node).await.0, 201);
    node.stop().await;
}

/// A watch that ends takes the node with it: a supervisor sees that, and so does whoever reads the log.
#[tokio::test]
async fn a_ledger_that_vanishes_under_a_node_is_not_written_to_and_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    opened_days_ago(folder.path(), 1).await;
    let node = Node::start_in(folder, Settings::default()).await;
    fs::rename(node.settings.data.join("ledger.db"), node.folder().join("aside.db")).unwrap();
    let begun = tokio::time::Instant::now();
    let problem = loop {
        let (status, answer) = post(&node).await;
        if status == 503 {
            break answer;
        }
        assert!(begun.elapsed() < PATIENCE, "nobody notices: {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(problem["type"], "/problems/ledger-doubted", "{problem:#}");
    let ended = tokio::time::timeout(Duration::from_secs(60), node.ended()).await.expect("the node goes on");
    let told = ended.unwrap_err();
    assert!(told.contains("ledger.db was removed"), "{told}");
}
