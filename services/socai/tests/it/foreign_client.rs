//! A NATS client that nobody here wrote reads the same events: nats-py, as `make tools` fetches it from PyPI.

use std::{path::Path, process::Command};

use domain::Position;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testkit::nats::NatsServer;

use crate::process::Process;

#[tokio::test]
async fn a_foreign_client_reads_every_record_with_the_same_bytes_and_a_type_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = NatsServer::start().await;
    let node = Process::start(folder.path(), &["--roles", "intake", "--journal", &server.url("haiphong"), "--demo"]);
    let journal = journal::open(&server.url("haiphong"), journal::Options::default()).await.unwrap();
    let stored = journal.read(Position::START, 8_192, &[]).await.unwrap();
    let read = read_with_nats_py(&server.address(), stored.len());
    for (line, stored) in read.iter().zip(&stored) {
        let record = wire::decode(&stored.body).unwrap();
        assert_eq!(line["position"], stored.position.0);
        let subject = format!("socai.haiphong.log.{}.{}", stored.stream.kind, stored.stream.id);
        assert_eq!(line["subject"], subject);
        assert_eq!(line["sha256"], hex::encode(Sha256::digest(&stored.body)));
        assert_eq!(line["id"], record.command.to_string());
        assert_eq!(line["sequence"], format!("{:020}", record.version));
        assert_eq!(line["type"], wire::ce_type(&record));
    }
    assert_eq!(read.len(), stored.len());
    let types: Vec<_> = read.iter().map(|line| line["type"].clone()).collect();
    for named in ["ledger-opened", "target-assigned", "organisation-founded", "member-admitted"] {
        assert!(types.contains(&json!(format!("vn.socai.{named}.v1"))), "no {named}");
    }
    drop(node);
}

fn read_with_nats_py(server: &str, number: usize) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let library = root.join(".tools/python");
    assert!(library.join("nats").is_dir(), "nats-py is not in {}: run `make tools`", library.display());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/read_with_nats_py.py");
    let mut python = Command::new("python3");
    python.arg(script).args([server, "socai.haiphong.log.>", &number.to_string()]).env("PYTHONPATH", library);
    let output = python.output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
