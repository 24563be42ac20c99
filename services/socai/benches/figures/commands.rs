//! Durable commands a second: one a request and as lines, embedded and on JetStream, beside what is underneath.

use std::time::Duration;

use testkit::nats::NatsServer;

use crate::{
    bare, load,
    node::Node,
    report::{Report, median, percent},
    rounds, runtime,
};

const LASTS: Duration = Duration::from_secs(4);
const CONNECTIONS: [usize; 3] = [1, 8, 64];
/// Requests of 10,000 lines that a connection sends in one round: enough for a second or more.
const REQUESTS: usize = 8;
/// Bare publishes of one round.
const PUBLISHES: usize = 60_000;

pub(crate) fn run(report: &mut Report) {
    let null = null_http(report);
    embedded(report, null);
    jetstream(report, null);
}

/// H: the same HTTP stack doing nothing, on 64 connections.
fn null_http(report: &mut Report) -> f64 {
    let null = bare::NullHttp::start();
    let mut best = 0.0;
    for connections in CONNECTIONS {
        let rate = singles(&null.address, "none", connections);
        report.rate(
            &format!("HTTP that does nothing, {connections} connections"),
            rate,
            if connections == 64 { "H" } else { "" },
        );
        best = rate;
    }
    best
}

fn embedded(report: &mut Report, null: f64) {
    let node = Node::start(&["--roles", "intake"]);
    for connections in CONNECTIONS {
        let rate = singles(&node.address, &node.clerk, connections);
        let beside = format!("{} of H (asked: 40 % at 64)", percent(rate, null));
        report.rate(&format!("embedded (fsync), intake alone, {connections} connections"), rate, &beside);
    }
    let lines = best_lines(&node);
    drop(node);
    let node = Node::start(&["--roles", "intake,tally,audit,portal"]);
    let rate = singles(&node.address, &node.clerk, 64);
    let beside = format!("{} of H (asked: 15 %)", percent(rate, null));
    report.rate("embedded (fsync), all roles, 64 connections", rate, &beside);
    let journal = sample_journal();
    let sample = runtime().block_on(bare::records(&journal.1));
    let (single, _) = bare::sqlite(&sample, 1, LASTS);
    report.rate("bare SQLite, one insert a transaction", single, "");
    let (grouped, _) = bare::sqlite(&sample, 64, LASTS);
    report.rate("bare SQLite, 64 inserts a transaction", grouped, "");
    let beside = format!("{} of grouped bare SQLite (asked: 60 %)", percent(lines, grouped));
    report.rate("embedded (fsync), intake alone, as lines", lines, &beside);
}

fn jetstream(report: &mut Report, null: f64) {
    let server = runtime().block_on(NatsServer::start());
    let url = server.url("bench");
    let journal = sample_journal();
    let sample = runtime().block_on(bare::records(&journal.1));
    let bare_at = |in_flight| {
        let address = server.address();
        median((0..rounds()).map(|_| runtime().block_on(bare::nats(&address, &sample, in_flight, PUBLISHES))).collect())
    };
    let (mut at_64, mut best) = (0.0, 0.0_f64);
    for in_flight in [1, 8, 64, 128, 512] {
        let rate = bare_at(in_flight);
        best = best.max(rate);
        if in_flight == 64 {
            at_64 = rate;
        }
        report.rate(
            &format!("bare async-nats (buffered), {in_flight} in flight"),
            rate,
            if in_flight == 64 { "J" } else { "" },
        );
    }
    let node = Node::start(&["--roles", "intake", "--journal", &url]);
    let both = 1.0 / (1.0 / null + 1.0 / at_64);
    for connections in CONNECTIONS {
        let before = node.cpu_seconds();
        let run = runtime().block_on(load::singles(&node.address, &node.clerk, connections, LASTS));
        let rate = if connections == 64 { singles(&node.address, &node.clerk, 64) } else { run.per_second };
        let beside = format!("{} of 1/(1/H + 1/J) (asked: 70 % at 64)", percent(rate, both));
        report.rate(&format!("JetStream (buffered), intake alone, {connections} connections"), rate, &beside);
        if connections == 64 {
            own_cpu(report, node.cpu_seconds() - before, run.latencies.len());
        }
    }
    let lines = best_lines(&node);
    let beside = format!("{} of bare async-nats at its best depth (asked: 60 %)", percent(lines, best));
    report.rate("JetStream (buffered), intake alone, as lines", lines, &beside);
}

/// All processor time of the node for a command; what HTTP and the bare journal need is part of it.
fn own_cpu(report: &mut Report, seconds: f64, commands: usize) {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let micros = seconds * 1e6 / (commands.max(1) * (1 + rounds())) as f64;
    report.line("  intake's processor time a command, HTTP and client included", &format!("{micros:.1} µs"), "");
}

fn singles(address: &str, token: &str, connections: usize) -> f64 {
    let round = |_| runtime().block_on(load::singles(address, token, connections, LASTS)).per_second;
    median((0..rounds()).map(round).collect())
}

/// Best of a few depths: connections that each send 10,000 lines a request.
fn best_lines(node: &Node) -> f64 {
    let at = |connections| {
        median(
            (0..rounds())
                .map(|_| runtime().block_on(load::lines(&node.address, &node.clerk, connections, REQUESTS)))
                .collect(),
        )
    };
    [1, 2, 4].into_iter().map(at).fold(0.0, f64::max)
}

/// A ledger with records as a node makes them.
pub(crate) fn sample_journal() -> (tempfile::TempDir, journal::SharedJournal) {
    let mut node = Node::start(&["--roles", "intake"]);
    runtime().block_on(load::lines(&node.address, &node.clerk, 1, 1));
    node.stop();
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(node.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    let journal = runtime().block_on(journal::open(&url, journal::Options::default())).unwrap();
    (folder, journal)
}
