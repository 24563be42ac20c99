//! Durable commands a second: one a request and as lines, embedded and on JetStream, beside what is underneath.
//!
//! What is compared is measured in turns, and a ratio is the median of the rounds' ratios: a machine that is slow for a while is slow for both.

use std::time::Duration;

use testkit::nats::NatsServer;

use crate::{
    bare, load,
    node::{self, Lag, Node, founding},
    report::{Report, median, percent},
    rounds, runtime,
};

const LASTS: Duration = Duration::from_secs(4);
const CONNECTIONS: usize = 64;
const FEWER_CONNECTIONS: [usize; 2] = [1, 8];
/// Connections that send lines at once; the best of them counts.
const LINES_AT_ONCE: [usize; 3] = [1, 2, 4];
/// Requests of 10,000 lines that a connection sends in one round: enough for a second or more.
const REQUESTS: usize = 8;
/// Bare publishes of one round.
const PUBLISHES: usize = 60_000;
const ALL: &[&str] = &["--roles", "intake,tally,audit,portal"];
const INTAKE: &[&str] = &["--roles", "intake"];

pub(crate) fn embedded(report: &mut Report) {
    let (null, alone) = (bare::NullHttp::start(), Node::start(INTAKE));
    for connections in FEWER_CONNECTIONS {
        let [null, alone] = in_turns([&mut || singles(&null.address, "none", connections), &mut || {
            singles(&alone.address, &alone.clerk, connections)
        }]);
        report.rate(&format!("HTTP that does nothing, {connections} connections"), median(&null), "");
        report.rate(&format!("embedded (fsync), intake alone, {connections} connections"), median(&alone), "");
    }
    let (all, mut lag) = (Node::start(ALL), Lag::default());
    let [null, alone_rates, all_rates] = in_turns([
        &mut || singles(&null.address, "none", CONNECTIONS),
        &mut || singles(&alone.address, &alone.clerk, CONNECTIONS),
        &mut || lag.watch(&all, || singles(&all.address, &all.clerk, CONNECTIONS)),
    ]);
    report.rate("HTTP that does nothing, 64 connections", median(&null), "H");
    let beside = format!("{} of H (asked: 40 %)", ratio(&alone_rates, &null));
    report.rate("embedded (fsync), intake alone, 64 connections", median(&alone_rates), &beside);
    let beside = format!("{} of H (asked: 15 %); {lag} (asked: < 1 s)", ratio(&all_rates, &null));
    report.rate("embedded (fsync), all roles, 64 connections", median(&all_rates), &beside);
    drop((alone, all));
    // The bare inserts beside it fill a file from the beginning.
    embedded_lines(report, &Node::start(INTAKE));
}

fn embedded_lines(report: &mut Report, node: &Node) {
    let journal = sample_journal();
    let sample = runtime().block_on(bare::records(&journal.1));
    let [one, grouped, lines @ ..] = in_turns([
        &mut || bare::sqlite(&sample, 1, LASTS).0,
        &mut || bare::sqlite(&sample, 64, LASTS).0,
        &mut || lines(node, LINES_AT_ONCE[0]).0,
        &mut || lines(node, LINES_AT_ONCE[1]).0,
        &mut || lines(node, LINES_AT_ONCE[2]).0,
    ]);
    report.rate("bare SQLite, one insert a transaction", median(&one), "");
    report.rate("bare SQLite, 64 inserts a transaction", median(&grouped), "");
    let lines = best(&lines);
    let beside = format!("{} of grouped bare SQLite (asked: 60 %)", ratio(lines, &grouped));
    report.rate("embedded (fsync), intake alone, as lines", median(lines), &beside);
}

pub(crate) fn jetstream(report: &mut Report) {
    let server = runtime().block_on(NatsServer::start());
    let journal = sample_journal();
    let sample = runtime().block_on(bare::records(&journal.1));
    let bare_at = |in_flight| runtime().block_on(bare::nats(&server.address(), 1, &sample, in_flight, PUBLISHES));
    let (null, node) =
        (bare::NullHttp::start(), Node::start(&["--roles", "intake", "--journal", &server.url("bench")]));
    for connections in FEWER_CONNECTIONS {
        let [bare, ours] =
            in_turns([&mut || bare_at(connections), &mut || singles(&node.address, &node.clerk, connections)]);
        report.rate(&format!("bare async-nats (buffered), {connections} in flight"), median(&bare), "");
        report.rate(&format!("JetStream (buffered), intake alone, {connections} connections"), median(&ours), "");
    }
    let [mut null_cpu, mut bare_cpu, mut our_cpu] = [const { Vec::new() }; 3];
    let [null, at_64, ours] = in_turns([
        &mut || singles_on(&mut null_cpu, || null.cpu_seconds(), &null.address, "none"),
        &mut || {
            let before = node::cpu_seconds("self");
            let rate = bare_at(CONNECTIONS);
            bare_cpu.push(micros(node::cpu_seconds("self") - before, PUBLISHES));
            rate
        },
        &mut || singles_on(&mut our_cpu, || node.cpu_seconds(), &node.address, &node.clerk),
    ]);
    report.rate("HTTP that does nothing, 64 connections", median(&null), "H");
    report.rate("bare async-nats (buffered), 64 in flight", median(&at_64), "J");
    let both: Vec<f64> = null.iter().zip(&at_64).map(|(null, bare)| 1.0 / (1.0 / null + 1.0 / bare)).collect();
    let beside = format!("{} of 1/(1/H + 1/J) (asked: 70 %)", ratio(&ours, &both));
    report.rate("JetStream (buffered), intake alone, 64 connections", median(&ours), &beside);
    let (all, null, bare) = (median(&our_cpu), median(&null_cpu), median(&bare_cpu));
    let beside =
        format!("intake's {all:.1} less null HTTP's {null:.1} and bare async-nats's {bare:.1} (asked: ≤ 15 µs)");
    report.line("  own processor time a command", &format!("{:.1} µs", all - null - bare), &beside);
    jetstream_lines(report, &node, bare_at);
}

fn jetstream_lines(report: &mut Report, node: &Node, bare_at: impl Fn(usize) -> f64) {
    let [few, many, lines @ ..] = in_turns([
        &mut || bare_at(128),
        &mut || bare_at(512),
        &mut || lines(node, LINES_AT_ONCE[0]).0,
        &mut || lines(node, LINES_AT_ONCE[1]).0,
        &mut || lines(node, LINES_AT_ONCE[2]).0,
    ]);
    report.rate("bare async-nats (buffered), 128 in flight", median(&few), "");
    report.rate("bare async-nats (buffered), 512 in flight", median(&many), "");
    let (lines, bare) = (best(&lines), [few, many]);
    let beside = format!("{} of bare async-nats at its best depth (asked: 60 %)", ratio(lines, best(&bare)));
    report.rate("JetStream (buffered), intake alone, as lines", median(lines), &beside);
}

/// All rounds of some measures, one after the other in each round.
pub(crate) fn in_turns<const N: usize>(mut measures: [&mut dyn FnMut() -> f64; N]) -> [Vec<f64>; N] {
    let mut results = [const { Vec::new() }; N];
    for _ in 0..rounds() {
        for (measure, results) in measures.iter_mut().zip(&mut results) {
            results.push(measure());
        }
    }
    results
}

pub(crate) fn ratio(of: &[f64], to: &[f64]) -> String {
    let ratios: Vec<f64> = of.iter().zip(to).map(|(of, to)| of / to).collect();
    percent(median(&ratios), 1.0)
}

fn best(all: &[Vec<f64>]) -> &Vec<f64> {
    all.iter().max_by(|a, b| median(a).total_cmp(&median(b))).unwrap()
}

/// Single commands a second.
fn singles(address: &str, token: &str, connections: usize) -> f64 {
    runtime().block_on(load::singles(address, token, founding, connections, LASTS)).per_second
}

/// As `singles` on 64 connections; notes the server's processor time for each, in microseconds.
fn singles_on(cpu: &mut Vec<f64>, cpu_seconds: impl Fn() -> f64, address: &str, token: &str) -> f64 {
    let before = cpu_seconds();
    let run = runtime().block_on(load::singles(address, token, founding, CONNECTIONS, LASTS));
    cpu.push(micros(cpu_seconds() - before, run.latencies.len()));
    run.per_second
}

pub(crate) fn micros(seconds: f64, commands: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let commands = commands.max(1) as f64;
    seconds * 1e6 / commands
}

/// As `singles` on 64 connections; how many there were as well.
pub(crate) fn singles_at_64(node: &Node) -> (f64, usize) {
    let run = runtime().block_on(load::singles(&node.address, &node.clerk, founding, CONNECTIONS, LASTS));
    (run.per_second, run.latencies.len())
}

/// Commands a second as lines, 10,000 a request, on so many connections; how many there were as well.
pub(crate) fn lines(node: &Node, connections: usize) -> (f64, usize) {
    let rate = runtime().block_on(load::lines(&node.address, &node.clerk, founding, connections, REQUESTS));
    (rate, connections * REQUESTS * load::LINES)
}

/// A ledger with records as a node makes them.
pub(crate) fn sample_journal() -> (tempfile::TempDir, journal::SharedJournal) {
    let mut node = Node::start(&["--roles", "intake"]);
    runtime().block_on(load::lines(&node.address, &node.clerk, founding, 1, 1));
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
