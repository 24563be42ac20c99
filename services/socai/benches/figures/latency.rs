//! One command at a time, embedded, beside the commit of bare SQLite.

use std::time::Duration;

use crate::{
    bare,
    commands::sample_journal,
    load,
    node::{Node, founding},
    report::{Report, quantile},
    runtime,
};

const LASTS: Duration = Duration::from_secs(6);

pub(crate) fn run(report: &mut Report) {
    let journal = sample_journal();
    let sample = runtime().block_on(bare::records(&journal.1));
    let (_, commits) = bare::sqlite(&sample, 1, LASTS);
    let node = Node::start(&["--roles", "intake"]);
    let latencies = runtime().block_on(load::singles(&node.address, &node.clerk, founding, 1, LASTS)).latencies;
    for (share, name, asked) in [(0.5, "p50", 3), (0.99, "p99", 5)] {
        let (ours, theirs) = (quantile(&latencies, share), quantile(&commits, share));
        report.line(&format!("commit of bare SQLite, {name}"), &shown(theirs), "");
        let times = ours.as_secs_f64() / theirs.as_secs_f64();
        report.line(
            &format!("one command at a time, embedded (fsync), {name}"),
            &shown(ours),
            &format!("{times:.1} × (asked: ≤ {asked} ×)"),
        );
    }
}

pub(crate) fn shown(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1e3)
}
