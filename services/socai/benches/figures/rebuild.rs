//! Rebuilding the tally view, beside a bare scan and a bare consumer.

use std::{process::Command, time::Instant};

use testkit::nats::NatsServer;

use crate::{
    bare,
    commands::{in_turns, ratio},
    load,
    node::{Node, founding},
    report::{Report, median},
    runtime,
};

/// Requests of 10,000 lines; together with what furnishes the ledger a little more than this many records.
const REQUESTS: usize = 100;

pub(crate) fn run(report: &mut Report) {
    let mut node = Node::start(&["--roles", "intake,tally"]);
    let records = fill(&node);
    node.stop();
    let file = node.folder().join("ledger.db");
    let data = node.folder().display().to_string();
    let [scanned, decoded, rebuilt] =
        in_turns([&mut || bare::scan(&file, false), &mut || bare::scan(&file, true), &mut || {
            rebuild(&["--data", &data], records)
        }]);
    report.rate("bare scan of the ledger's file", median(&scanned), "");
    report.rate("bare scan that decodes each record", median(&decoded), "");
    let beside = format!("{} of the scan that decodes (asked: 50 %)", ratio(&rebuilt, &decoded));
    report.rate("rebuild of the tally view, SQLite, whole process", median(&rebuilt), &beside);

    let server = runtime().block_on(NatsServer::start());
    let url = server.url("bench");
    let mut node = Node::start(&["--roles", "intake,tally", "--journal", &url]);
    let records = fill(&node);
    let count = usize::try_from(records).unwrap();
    node.stop();
    let data = node.folder().display().to_string();
    let [consumed, rebuilt] =
        in_turns([&mut || runtime().block_on(bare::consumer(&server.address(), "bench", count)), &mut || {
            rebuild(&["--data", &data, "--journal", &url], records)
        }]);
    report.rate("bare ordered consumer of the ledger's stream", median(&consumed), "");
    let beside = format!("{} of the bare consumer (asked: 80 %)", ratio(&rebuilt, &consumed));
    report.rate("rebuild of the tally view, JetStream, whole process", median(&rebuilt), &beside);
}

/// Fills the ledger through the real intake; its last position.
pub(crate) fn fill(node: &Node) -> u64 {
    runtime().block_on(load::lines(&node.address, &node.clerk, founding, 1, REQUESTS));
    REQUESTS as u64 * 10_000
}

fn rebuild(arguments: &[&str], records: u64) -> f64 {
    let begun = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_socai")).args(["rebuild", "tally"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let records = records as f64;
    records / begun.elapsed().as_secs_f64()
}
