//! Resident memory idle and with many records, and how long the first correct answer takes after a restart.

use std::time::{Duration, Instant};

use crate::{
    load,
    node::{Node, founding},
    report::Report,
    runtime,
};

const ALL: &[&str] = &["--roles", "intake,tally,audit,portal"];
const TALLIES: &str = "/v1/programmes/nq28/periods/2024/tallies";
/// Requests of 10,000 lines.
const REQUESTS: usize = 100;

pub(crate) fn run(report: &mut Report) {
    let node = Node::start(ALL);
    std::thread::sleep(Duration::from_secs(2));
    report.line("memory, embedded, idle", &format!("{:.0} MB", node.resident_mb()), "asked: < 60 MB");
    runtime().block_on(load::lines(&node.address, &node.clerk, founding, 1, REQUESTS));
    let records = REQUESTS * 10_000;
    let behind = runtime().block_on(views_behind(&node));
    report.line("trail behind when 1 M records were posted as lines", &format!("{behind} records"), "");
    let node = start_again(report, node, records, "whose trail was behind at the stop");
    runtime().block_on(async { while views_behind(&node).await > 0 {} });
    let posted = format!("{:.0} MB", node.resident_mb());
    report.line("memory, embedded, 1 M records, views at the tip", &posted, "asked: < 200 MB");
    let node = start_again(report, node, records, "(asked: < 3 s)");
    report.line(
        "memory, embedded, 1 M records, after a restart",
        &format!("{:.0} MB", node.resident_mb()),
        "asked: < 200 MB",
    );
}

/// Stops it and starts it again, until it gives the right answer.
fn start_again(report: &mut Report, mut node: Node, records: usize, which: &str) -> Node {
    let begun = Instant::now();
    node.stop();
    let stopped = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let node = node.again();
    runtime().block_on(counted(&node, records));
    let took = begun.elapsed().as_secs_f64();
    let beside = format!("{which}; the stop before it took {stopped:.1} s");
    report.line("start, first correct answer with 1 M records", &format!("{took:.1} s"), &beside);
    node
}

/// How many records the slower view does not hold yet.
async fn views_behind(node: &Node) -> u64 {
    let [journal, tally, trail] = node.positions().await;
    journal.saturating_sub(tally.min(trail))
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
