//! Durable commands a second: one a request and as lines, embedded and on JetStream, beside what is underneath.

use std::{sync::OnceLock, time::Duration};

use testkit::nats::NatsServer;

use crate::{
    bare, load,
    node::{self, Node},
    report::{Report, median, percent},
    rounds, runtime,
};

const LASTS: Duration = Duration::from_secs(4);
const CONNECTIONS: [usize; 3] = [1, 8, 64];
/// Requests of 10,000 lines that a connection sends in one round: enough for a second or more.
const REQUESTS: usize = 8;
/// Bare publishes of one round.
const PUBLISHES: usize = 60_000;

/// What HTTP alone can do on 64 connections.
#[derive(Clone, Copy)]
struct NullHttp {
    /// H.
    per_second: f64,
    /// The server's processor time for each request.
    micros: f64,
}

/// H: the same HTTP stack doing nothing. Measured once, for the parts that are compared with it.
fn null_http(report: &mut Report) -> NullHttp {
    static MEASURED: OnceLock<NullHttp> = OnceLock::new();
    *MEASURED.get_or_init(|| {
        let server = bare::NullHttp::start();
        let mut at_64 = NullHttp { per_second: 0.0, micros: 0.0 };
        for connections in CONNECTIONS {
            let (per_second, micros) = singles(&server.address, "none", connections, || server.cpu_seconds());
            let beside = if connections == 64 { "H" } else { "" };
            report.rate(&format!("HTTP that does nothing, {connections} connections"), per_second, beside);
            at_64 = NullHttp { per_second, micros };
        }
        at_64
    })
}

pub(crate) fn embedded(report: &mut Report) {
    let null = null_http(report).per_second;
    let node = Node::start(&["--roles", "intake"]);
    for connections in CONNECTIONS {
        let (rate, _) = singles(&node.address, &node.clerk, connections, || node.cpu_seconds());
        let beside = format!("{} of H (asked: 40 % at 64)", percent(rate, null));
        report.rate(&format!("embedded (fsync), intake alone, {connections} connections"), rate, &beside);
    }
    let lines = best_lines(&node);
    drop(node);
    let node = Node::start(&["--roles", "intake,tally,audit,portal"]);
    let (rate, _) = singles(&node.address, &node.clerk, 64, || node.cpu_seconds());
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

pub(crate) fn jetstream(report: &mut Report) {
    let null = null_http(report);
    let server = runtime().block_on(NatsServer::start());
    let url = server.url("bench");
    let journal = sample_journal();
    let sample = runtime().block_on(bare::records(&journal.1));
    let bare_at = |in_flight| {
        let round = |_| {
            let before = node::cpu_seconds("self");
            let rate = runtime().block_on(bare::nats(&server.address(), &sample, in_flight, PUBLISHES));
            (rate, micros(node::cpu_seconds("self") - before, PUBLISHES))
        };
        let (rates, micros): (Vec<f64>, Vec<f64>) = (0..rounds()).map(round).unzip();
        (median(rates), median(micros))
    };
    let (mut at_64, mut bare_micros, mut best) = (0.0, 0.0, 0.0_f64);
    for in_flight in [1, 8, 64, 128, 512] {
        let (rate, micros) = bare_at(in_flight);
        best = best.max(rate);
        if in_flight == 64 {
            (at_64, bare_micros) = (rate, micros);
        }
        let beside = if in_flight == 64 { "J" } else { "" };
        report.rate(&format!("bare async-nats (buffered), {in_flight} in flight"), rate, beside);
    }
    let node = Node::start(&["--roles", "intake", "--journal", &url]);
    let both = 1.0 / (1.0 / null.per_second + 1.0 / at_64);
    for connections in CONNECTIONS {
        let (rate, micros) = singles(&node.address, &node.clerk, connections, || node.cpu_seconds());
        let beside = format!("{} of 1/(1/H + 1/J) (asked: 70 % at 64)", percent(rate, both));
        report.rate(&format!("JetStream (buffered), intake alone, {connections} connections"), rate, &beside);
        if connections == 64 {
            let own = micros - null.micros - bare_micros;
            let beside =
                format!("intake {micros:.1}, less null HTTP {:.1}, less bare async-nats {bare_micros:.1}; asked: ≤ 15 µs", null.micros);
            report.line("  own processor time a command", &format!("{own:.1} µs"), &beside);
        }
    }
    let lines = best_lines(&node);
    let beside = format!("{} of bare async-nats at its best depth (asked: 60 %)", percent(lines, best));
    report.rate("JetStream (buffered), intake alone, as lines", lines, &beside);
}

/// Medians over rounds of single commands: how many a second, and the server's processor time for each, in microseconds.
fn singles(address: &str, token: &str, connections: usize, cpu_seconds: impl Fn() -> f64) -> (f64, f64) {
    let round = |_| {
        let before = cpu_seconds();
        let run = runtime().block_on(load::singles(address, token, connections, LASTS));
        (run.per_second, micros(cpu_seconds() - before, run.latencies.len()))
    };
    let (rates, micros): (Vec<f64>, Vec<f64>) = (0..rounds()).map(round).unzip();
    (median(rates), median(micros))
}

fn micros(seconds: f64, commands: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let commands = commands.max(1) as f64;
    seconds * 1e6 / commands
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
