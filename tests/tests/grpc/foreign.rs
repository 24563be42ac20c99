//! A client that nobody here wrote, and that has no `.proto` files: grpcio, as `make tools` fetches it from PyPI.

use std::path::Path;

use domain::Position;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use socai_tests::{Node, PERIOD};
use tokio::process::Command;

use crate::client::caught_up;

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_client_learns_everything_by_reflection_and_reads_the_same() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let told = ask_with_grpcio(&node, tip).await;

    let tally = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    let measures = tally["measures"].as_array().unwrap().iter().map(|m| {
        let cells = m["cells"].as_array().unwrap().len();
        json!([m["measure"], m["actual"], m["plan"], m["total"], m["percent"], cells])
    });
    assert_eq!(told["measures"], Value::Array(measures.collect()));
    let stored = node.journal().read(Position::START, 8_192, &[]).await.unwrap();
    let records = stored.iter().map(|stored| json!([stored.position, hex::encode(Sha256::digest(&stored.body))]));
    assert_eq!(told["records"], Value::Array(records.collect()));
    assert_eq!(told["health"], "SERVING");
    assert_eq!(told["stranger"], json!(["UNAUTHENTICATED", "/problems/unauthenticated"]));
    for service in ["socai.ledger.v1.LedgerService", "socai.tally.v1.TallyService", "grpc.health.v1.Health"] {
        assert!(told["services"].as_array().unwrap().contains(&json!(service)), "no {service}");
    }
    node.stop().await;
}

async fn ask_with_grpcio(node: &Node, last: u64) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = root.join("../.tools/python");
    assert!(library.join("grpc").is_dir(), "grpcio is not in {}: run `make tools`", library.display());
    let mut python = Command::new("python3");
    python.arg(root.join("tests/grpc/ask_with_grpcio.py")).env("PYTHONPATH", library);
    python.args([node.url.trim_start_matches("http://"), &node.token("auditor"), &last.to_string()]);
    let output = python.output().await.expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
