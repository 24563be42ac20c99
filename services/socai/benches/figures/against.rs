//! `against OLD`: this build beside another one's binary, in turns: what a change is worth on a machine that is noisy.

use std::path::PathBuf;

use testkit::nats::NatsServer;

use crate::{
    commands::{self, in_turns, ratio},
    node::{self, Node},
    report::{Report, median},
    runtime,
};

/// Measures both on SQLite and on JetStream; `old` is a `socai` binary built elsewhere.
pub(crate) fn run(report: &mut Report, old: PathBuf) {
    let server = runtime().block_on(NatsServer::start());
    for (name, on_jetstream) in [("embedded", false), ("JetStream", true)] {
        let start = |binary: PathBuf, ledger: &str| {
            let url = server.url(ledger);
            let mut arguments = vec!["--roles", "intake"];
            if on_jetstream {
                arguments.extend(["--journal", &url]);
            }
            Node::start_of(binary, &arguments)
        };
        let (before, now) = (start(old.clone(), "old"), start(node::binary(), "new"));
        pair(report, &format!("{name}, 64 connections"), [&before, &now], commands::singles_at_64);
        pair(report, &format!("{name}, lines"), [&before, &now], |node| commands::lines(node, 2));
    }
}

fn pair(report: &mut Report, what: &str, [before, now]: [&Node; 2], measure: impl Fn(&Node) -> (f64, usize)) {
    let mut cpu = [Vec::new(), Vec::new()];
    let [old_cpu, new_cpu] = &mut cpu;
    let [old, new] = in_turns([&mut || timed(before, old_cpu, &measure), &mut || timed(now, new_cpu, &measure)]);
    report.rate(&format!("{what}: other"), median(&old), &format!("{:.1} µs of processor", median(&cpu[0])));
    let beside = format!("{:.1} µs of processor; {} of the other", median(&cpu[1]), ratio(&new, &old));
    report.rate(&format!("{what}: this"), median(&new), &beside);
}

/// Commands a second; notes the node's processor time for each, in microseconds.
fn timed(node: &Node, cpu: &mut Vec<f64>, measure: impl Fn(&Node) -> (f64, usize)) -> f64 {
    let before = node.cpu_seconds();
    let (rate, commands) = measure(node);
    cpu.push(commands::micros(node.cpu_seconds() - before, commands));
    rate
}
