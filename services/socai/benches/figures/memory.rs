//! Resident memory idle and with many records, and how long the first correct answer takes after a restart.

use std::time::{Duration, Instant};

use crate::{load, node::Node, report::Report, runtime};

const ALL: &[&str] = &["--roles", "intake,tally,audit,portal"];
const TALLIES: &str = "/v1/programmes/nq28/periods/2024/tallies";
/// Requests of 10,000 lines.
const REQUESTS: usize = 100;

pub(crate) fn run(report: &mut Report) {
    let mut node = Node::start(ALL);
    std::thread::sleep(Duration::from_secs(2));
    report.line("memory, embedded, idle", &format!("{:.0} MB", node.resident_mb()), "asked: < 60 MB");
    runtime().block_on(load::lines(&node.address, &node.clerk, 1, REQUESTS));
    let records = REQUESTS * 10_000;
    runtime().block_on(counted(&node, records));
    report.line("memory, embedded, after 1 M records were posted", &format!("{:.0} MB", node.resident_mb()), "");
    let begun = Instant::now();
    node.stop();
    report.line("stop with 1 M records", &format!("{:.1} s", begun.elapsed().as_secs_f64()), "");
    let begun = Instant::now();
    let node = node.again();
    let listens = begun.elapsed().as_secs_f64();
    runtime().block_on(counted(&node, records));
    let took = begun.elapsed().as_secs_f64();
    let beside = format!("asked: < 3 s; it listened after {listens:.1} s");
    report.line("start, first correct answer with 1 M records", &format!("{took:.1} s"), &beside);
    report.line(
        "memory, embedded, with 1 M records, after a restart",
        &format!("{:.0} MB", node.resident_mb()),
        "asked: < 200 MB",
    );
}

/// Waits until the tally says so many.
async fn counted(node: &Node, records: usize) {
    loop {
        let tallies = node.get(TALLIES).await;
        if tallies["measures"][0]["total"].as_u64() == Some(records as u64) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
