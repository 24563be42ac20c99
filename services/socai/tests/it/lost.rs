//! Records that were acknowledged and are not there any more: whoever has noticed does not forget it.

use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::nats::NatsServer;

use crate::{
    process::{Process, socai},
    subcommands::founding,
};

const PATIENCE: Duration = Duration::from_secs(60);

/// The position of a new founding; tried again while the server is just back.
async fn record(node: &Process, token: &str, number: &str) -> u64 {
    let (http, key, begun) = (kit::outgoing::plain().build().unwrap(), uuid::Uuid::now_v7(), Instant::now());
    loop {
        let request = http.post(format!("{}/v1/commands/found-organisation", node.url)).bearer_auth(token);
        let request = request.header("idempotency-key", format!("\"{key}\"")).json(&founding(number, 5));
        let answer = request.send().await.unwrap();
        if answer.status() == 201 {
            return answer.json::<Value>().await.unwrap()["position"].as_u64().unwrap();
        }
        assert!(answer.status() == 503 && begun.elapsed() < PATIENCE, "{}", answer.text().await.unwrap());
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_intake_that_found_records_lost_does_not_forget_it_by_starting_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = NatsServer::start().await;
    let url = server.url("haiphong");
    let arguments = ["--roles", "intake", "--journal", &url, "--demo=2022"];
    let mut node = Process::start(folder.path(), &arguments);
    let token = std::fs::read_to_string(folder.path().join("clerk.token")).unwrap().trim().to_owned();
    let first = record(&node, &token, "801").await;
    server.kill();
    let backup = server.backup();
    server.start_again().await;
    assert_eq!(record(&node, &token, "802").await, first + 1);

    server.kill();
    server.restore(&backup);
    server.start_again().await;
    assert!(!node.ended().success(), "it takes no more commands");
    let data = folder.path().display().to_string();
    for _ in 0..2 {
        let again = socai(&["run", "--listen", "127.0.0.1:0", "--data", &data]).args(arguments).output().unwrap();
        let told = String::from_utf8(again.stderr).unwrap();
        let lost = format!("it ends at position {first}, and position {} was there before", first + 1);
        assert!(!again.status.success() && told.contains(&lost) && told.contains("last-seen.json"), "{told}");
    }
    // The operator's word.
    std::fs::remove_file(folder.path().join("last-seen.json")).unwrap();
    let node = Process::start(folder.path(), &arguments);
    assert_eq!(record(&node, &token, "803").await, first + 1);
}
