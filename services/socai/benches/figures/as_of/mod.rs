//! Questions as of any (valid, known) over ten million facts: how fast they are answered, in the process and over HTTP, also while the
//! ledger grows; how long the index loads after a restart, and what is answered meanwhile.
//!
//! `SOCAI_BENCH_FACTS` and `SOCAI_SEED` set the size and the ledger.

mod answers;
mod index;
mod ledger;
mod random;
mod reference;
mod restart;

use std::time::{Duration, Instant};

use self::{ledger::Ledger, random::Random};
use crate::{
    report::{Report, quantile},
    runtime,
};

const FACTS: u64 = 10_000_000;
const SEED: u64 = 0x5eed;

fn setting(name: &str, unless_set: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(unless_set)
}

pub(crate) fn run(report: &mut Report) {
    let (facts, seed) = (setting("SOCAI_BENCH_FACTS", FACTS), setting("SOCAI_SEED", SEED));
    println!("  seed {seed}: replay with SOCAI_SEED={seed}");
    let folder = tempfile::tempdir().unwrap();
    let tokens = [kit::new_token(), kit::new_token()];
    let begun = Instant::now();
    let ledger = runtime().block_on(ledger::write(folder.path(), facts, seed, [&tokens[0], &tokens[1]]));
    let beside = format!("{} records, {} s", ledger.tip, begun.elapsed().as_secs());
    report.line("facts written to the ledger", &ledger.facts.to_string(), &beside);
    index::run(report, folder.path(), &ledger, seed);
    restart::run(report, folder.path(), &ledger, seed, [&tokens[0], &tokens[1]]);
}

/// A question about a year.
struct Question {
    year: i16,
    valid: domain::LocalDate,
    known: domain::Position,
}

/// A day of one of the years, and a position from when that year was begun.
fn question(random: &mut Random, ledger: &Ledger) -> Question {
    let n = random.below(ledger.begins.len() as u64);
    let year = ledger::YEARS.start() + i16::try_from(n).unwrap();
    let begins = ledger.begins[usize::try_from(n).unwrap()].0 + 1_000;
    let valid = ledger::date(year, i32::try_from(random.below(365)).unwrap());
    Question { year, valid, known: domain::Position(begins + random.below(ledger.tip.0 - begins)) }
}

/// Median, 99 of 100, and the worst.
fn spread(mut took: Vec<Duration>) -> String {
    took.sort_unstable();
    let ms = |share| quantile(&took, share).as_secs_f64() * 1_000.0;
    format!("{:.1} / {:.1} / {:.1} ms", ms(0.5), ms(0.99), ms(1.0))
}

/// How long each of so many takes.
fn timed(n: usize, mut once: impl FnMut()) -> Vec<Duration> {
    let once = |_| {
        let begun = Instant::now();
        once();
        begun.elapsed()
    };
    (0..n).map(once).collect()
}

/// Resident memory of a process, in megabytes.
fn resident_mb(process: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1_024.0
}
