//! A portal whose facts are not there yet: it says so where they are needed, and answers everything else.

use std::path::Path;

use serde_json::Value;
use socai_tests::PERIOD;

use crate::process::Process;

const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

struct Answer {
    status: u16,
    retry_after: bool,
    /// Null where it is no JSON.
    body: Value,
}

async fn get(node: &Process, folder: &Path, path: &str) -> Answer {
    let token = std::fs::read_to_string(folder.join("auditor.token")).unwrap();
    let asked = kit::outgoing::plain().build().unwrap().get(format!("{}{path}", node.url)).bearer_auth(token.trim());
    let answer = asked.send().await.unwrap();
    let (status, retry_after) = (answer.status().as_u16(), answer.headers().contains_key("retry-after"));
    let body = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default();
    Answer { status, retry_after, body }
}

/// What needs the facts: of a closed period as well, and as of a position.
fn of_facts() -> [String; 4] {
    ["", "?known=100", "/diff?from=100", "/restated?to=2030-01-01"].map(|rest| format!("{PERIOD}/tallies{rest}"))
}

#[tokio::test]
async fn facts_that_are_not_there_yet_are_no_zeros_and_keep_nothing_else_from_being_answered() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody here makes the rows that the facts are read from.
    let mut node = Process::start(folder.path(), &["--demo", "--roles", "intake,portal"]);
    for path in of_facts() {
        let answer = get(&node, folder.path(), &path).await;
        assert_eq!((answer.status, answer.retry_after), (503, true), "{path}: {}", answer.body);
        assert_eq!(answer.body["type"], "/problems/view-behind", "{path}");
    }
    for path in ["/healthz", "/v1/records?limit=1", "/v1/committees", "/v1/publications", "/openapi.json"] {
        let answer = get(&node, folder.path(), path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
    assert_eq!(get(&node, folder.path(), "/readyz").await.status, 503);
    node.terminate();

    Process::start(folder.path(), &["--demo", "--roles", "intake,tally,portal"]).terminate();
    let node = Process::start(folder.path(), &["--demo", "--roles", "intake,portal"]);
    // Each question waits some seconds for the position.
    let reached = format!("{PERIOD}/tallies?min_position={}", socai_tests::script().lines().count());
    let read = async { while get(&node, folder.path(), &reached).await.status == 503 {} };
    tokio::time::timeout(PATIENCE, read).await.expect("the rows are read");
    for path in of_facts() {
        let answer = get(&node, folder.path(), &path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    }
}
