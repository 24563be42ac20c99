//! The full stack of `make stack`: commands a second with one intake and with two, how soon each role goes on when one of it is killed, memory
//! of each process, and a rebuild of a million records.

use std::{path::PathBuf, process::Command, time::Duration, time::Instant};

use domain::Position;
use serde_json::Value;
use socai_tests::PERIOD;
use testkit::stack::{Stack, StackSettings};

use crate::{
    bare,
    commands::{in_turns, ratio, sample_journal},
    failover, load,
    report::{Report, median},
    runtime, told,
};

const LASTS: Duration = Duration::from_secs(4);
const CONNECTIONS: usize = 64;
const PUBLISHES: usize = 30_000;
/// At most, with a million records more.
const CATCHES_UP: Duration = Duration::from_secs(600);
/// Added before the rebuild.
const RECORDS: usize = 1_000_000;

pub(crate) fn run(report: &mut Report) {
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_socai"));
    let runtime = runtime();
    let stack = runtime.block_on(Stack::start(&binary, StackSettings::default()));
    commands(report, &stack);
    runtime.block_on(failover::run(report, &stack));
    memory(report, &stack, "with the demonstration and the load above");
    rebuild(report, &stack, &binary);
    memory(report, &stack, "with the records of the rebuild");
    stack.has_held();
}

fn commands(report: &mut Report, stack: &Stack) {
    let journal = sample_journal();
    let sample = runtime().block_on(bare::records(&journal.1));
    let (null, clerk) = (bare::NullHttp::start(), stack.bearer("clerk"));
    let [first, second] = [1, 2].map(|n| stack.address("intake", n));
    let bare_url = stack.journal_url("provision");
    let post = |address: String, connections| {
        let clerk = clerk.clone();
        async move { load::singles(&address, &clerk, founding, connections, LASTS).await.per_second }
    };
    let [null, bare, one, two] = in_turns([
        &mut || runtime().block_on(post(null.address.clone(), CONNECTIONS)),
        &mut || runtime().block_on(bare::nats(&bare_url, 3, &sample, CONNECTIONS, PUBLISHES)),
        &mut || runtime().block_on(post(first.clone(), CONNECTIONS)),
        &mut || {
            let both = async {
                let halves = (post(first.clone(), CONNECTIONS / 2), post(second.clone(), CONNECTIONS / 2));
                tokio::join!(halves.0, halves.1)
            };
            let (first, second) = runtime().block_on(both);
            first + second
        },
    ]);
    let both: Vec<f64> = null.iter().zip(&bare).map(|(null, bare)| 1.0 / (1.0 / null + 1.0 / bare)).collect();
    report.rate("HTTP that does nothing, 64 connections", median(&null), "H");
    report.rate("bare async-nats on the cluster (replicated-3), 64 in flight", median(&bare), "J");
    for (what, rates) in [("one intake", &one), ("two intakes", &two)] {
        let beside = format!("{} of 1/(1/H + 1/J); everything else of the stack runs beside", ratio(rates, &both));
        report.rate(&format!("stack (replicated-3), {what}, 64 connections"), median(rates), &beside);
    }
}

fn memory(report: &mut Report, stack: &Stack, when: &str) {
    report.line("resident memory of each process", "", when);
    for name in stack.names() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", stack.pid(&name))).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or_default();
        report.line(&format!("  {name}"), &format!("{} MB", kib / 1_024), "");
    }
}

fn rebuild(report: &mut Report, stack: &Stack, binary: &PathBuf) {
    let address = stack.address("intake", 1);
    runtime().block_on(load::lines(
        &address,
        &stack.bearer("clerk"),
        founding,
        1,
        told("RECORDS", RECORDS) / load::LINES,
    ));
    let tip = runtime().block_on(async { stack.journal().await.tip().await.unwrap() });
    let count = usize::try_from(tip.0).unwrap();
    runtime().block_on(caught_up(stack, tip));
    let consume = |user: &str| runtime().block_on(bare::consumer(&stack.journal_url(user), "haiphong", count));
    let [within, consumed, rebuilt] = in_turns([
        // In the ledger's own account, and through the imports of the account that the rebuild has.
        &mut || consume("provision"),
        &mut || consume("tally"),
        &mut || {
            let begun = Instant::now();
            let mut rebuild = Command::new(binary);
            rebuild.args(["rebuild", "tally"]).env("SOCAI_JOURNAL", stack.journal_url("tally"));
            let output = rebuild.env("SOCAI_VIEWS", stack.views_url("tally")).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            let records = count as f64;
            records / begun.elapsed().as_secs_f64()
        },
    ]);
    report.rate("bare ordered consumer in the ledger's account", median(&within), &format!("{count} records"));
    report.rate("bare ordered consumer as the tally's user", median(&consumed), &ratio(&consumed, &within));
    let beside =
        format!("{} and {} of them; the stack goes on meanwhile", ratio(&rebuilt, &within), ratio(&rebuilt, &consumed));
    report.rate("rebuild of the tally view, cluster and PostgreSQL", median(&rebuilt), &beside);
}

/// Both views have come to the tip: they would take their part of the machine from what is measured.
async fn caught_up(stack: &Stack, tip: Position) {
    let begun = Instant::now();
    for path in [format!("{PERIOD}/tallies?known={tip}"), format!("/v1/trail?known={tip}&limit=1")] {
        while let Err(error) = stack.get(&stack.portals(), &path).await {
            assert!(begun.elapsed() < CATCHES_UP, "{path}: {error}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// As the demonstration's clerk may record it.
pub(crate) fn founding(n: u64) -> String {
    static UNIT: std::sync::OnceLock<Value> = std::sync::OnceLock::new();
    let unit = UNIT.get_or_init(|| socai_tests::unit("Quận ủy Lê Chân"));
    format!(
        r#"{{"unit":{unit},"kind":"party_cell_grassroots","host_kind":"private_enterprise","basis":"new","members":3,"place":"31117","document":{{"number":"{n}","symbol":"QĐ/QU","issuer":"Quận ủy Lê Chân","date":"2023-01-02"}}}}"#
    )
}
