//! A node that starts on the ledger: what it answers while the index loads, then questions over HTTP, at rest and while the ledger grows.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{
    answers::{Client, ask},
    ledger::Ledger,
    resident_mb,
};
use crate::{node, report::Report, runtime};

/// What needs no facts, and one that does.
const PATHS: [&str; 6] =
    ["/healthz", "/v1/records?limit=10", "/v1/committees", "/openapi.json", "/docs", "/v1/programmes"];
const TALLIES: &str = "/v1/programmes/nq28/periods/2024/tallies";
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) fn run(report: &mut Report, folder: &Path, ledger: &Ledger, seed: u64, [admin, clerk]: [&str; 2]) {
    let node = Started::at(folder);
    let client = Client::new(&node.address, admin);
    runtime().block_on(watch(report, &client, node.begun));
    report.line("memory of the node", &format!("{:.0} MB", resident_mb(&node.child.id().to_string())), "");
    runtime().block_on(ask(report, &client, ledger, seed, clerk));
    report.line("memory of the node afterwards", &format!("{:.0} MB", resident_mb(&node.child.id().to_string())), "");
}

/// Asks everything again and again until the tallies answer.
async fn watch(report: &mut Report, client: &Client, begun: Instant) {
    let mut first = [None; PATHS.len()];
    let mut slowest = Duration::ZERO;
    let mut refused = String::new();
    loop {
        assert!(begun.elapsed() < PATIENCE, "the tallies never answered");
        for (path, first) in PATHS.iter().zip(&mut first) {
            let asked = Instant::now();
            if client.status(path).await == Some(200) {
                slowest = if first.is_some() { slowest.max(asked.elapsed()) } else { slowest };
                first.get_or_insert(begun.elapsed());
            }
        }
        match client.status(TALLIES).await {
            Some(200) => break,
            Some(status) if first.iter().all(Option::is_some) => refused = format!("; tallies said {status}"),
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let all = begun.elapsed().as_secs_f64();
    report.line("start of the node until tallies answer", &format!("{all:.1} s"), "the whole ledger is read beside it");
    let others = first.iter().flatten().max().map_or(f64::NAN, Duration::as_secs_f64);
    let beside = format!("slowest of them meanwhile {:.0} ms{refused}", slowest.as_secs_f64() * 1_000.0);
    report.line("until everything else answers", &format!("{others:.1} s"), &beside);
}

struct Started {
    child: Child,
    address: String,
    begun: Instant,
}

impl Started {
    /// At a port known before it says so: it is asked while it starts.
    fn at(folder: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let today = domain::Timestamp(i64::try_from(unix_micros()).unwrap()).local_date().to_string();
        let mut command = Command::new(node::binary());
        command.args(["run", "--roles", "intake,tally,portal", "--listen", &address, "--clock-confirmed", &today]);
        let begun = Instant::now();
        let mut child = command.arg("--data").arg(folder).stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        // Read along, or it waits when the pipe is full.
        std::thread::spawn(move || stdout.lines().for_each(drop));
        Self { child, address, begun }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "the operator's own clock")]
fn unix_micros() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_micros()
}
