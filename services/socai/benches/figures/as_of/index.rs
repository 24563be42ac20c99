//! The index alone, in this process: folded from the ledger, loaded from its rows as after a restart, and asked by the functions that the
//! portal calls.

use std::{
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use domain::{
    LocalDate, Position,
    fold::{State, TallyQuery},
};
use tally::{SharedIndex, Tally};
use tokio_util::sync::CancellationToken;
use views::Store;

use super::{Question, Random, ledger::Ledger, question, reference::PROGRAMME, spread, timed};
use crate::{node::cpu_seconds, report::Report, runtime};

const PATIENCE: Duration = Duration::from_secs(900);
const TALLIES: usize = 1_000;
const DIFFERENCES: usize = 40;
const RESTATED: usize = 40;

pub(super) fn run(report: &mut Report, folder: &Path, ledger: &Ledger, seed: u64) {
    let runtime = runtime();
    let (_, took) = runtime.block_on(open(folder, ledger.tip));
    let beside = format!("{:.1} M facts/s", millions(ledger.facts) / took.as_secs_f64());
    report.line("folded and written to the view's store (SQLite)", &format!("{:.1} s", took.as_secs_f64()), &beside);
    let (index, took) = runtime.block_on(open(folder, ledger.tip));
    report.line("index loaded from its rows", &format!("{:.1} s", took.as_secs_f64()), "asked: < 10 s");
    ask(report, &index, ledger, seed);
}

/// Opens the view as a node does; how long until everything is in. What follows the ledger has ended when this returns.
async fn open(folder: &Path, tip: Position) -> (SharedIndex, Duration) {
    let url = format!("sqlite:{}", folder.join("ledger.db").display());
    let journal = journal::open(&url, journal::Options::default()).await.unwrap();
    let begun = Instant::now();
    let store = Store::open(&format!("sqlite:{}", folder.join("views").display())).await.unwrap();
    let tally = Tally::new(store, journal);
    let (index, stop) = (tally.index(), CancellationToken::new());
    let task = tokio::spawn(tally.run(stop.clone()));
    index.reached(tip, PATIENCE).await.unwrap();
    let took = begun.elapsed();
    stop.cancel();
    task.await.unwrap();
    (index, took)
}

fn ask(report: &mut Report, index: &SharedIndex, ledger: &Ledger, seed: u64) {
    let mut random = Random::new(seed);
    let processor = cpu_seconds("self");
    let took = timed(TALLIES, || {
        let query = query(&question(&mut random, ledger));
        black_box(index.tally(&ledger.reference, &query).unwrap());
    });
    let beside = format!("asked: median < 10 ms, p99 < 50 ms; {}", mean(processor, TALLIES));
    report.line("tallies of a year as of random (valid, known)", &spread(took), &beside);
    let processor = cpu_seconds("self");
    let took = timed(DIFFERENCES, || {
        let (from, to) = (question(&mut random, ledger), question(&mut random, ledger));
        let (known, valid) = (from.known.max(to.known), to.valid);
        let from = query(&Question { known: from.known.min(to.known), year: to.year, valid });
        let to = query(&Question { known, ..to });
        let state = |query| State { reference: &ledger.reference, query };
        black_box(index.differences(state(&from), state(&to)).unwrap());
    });
    report.line("differences of a year between two random knowns", &spread(took), &mean(processor, DIFFERENCES));
    let processor = cpu_seconds("self");
    let took = timed(DIFFERENCES, || {
        let (from, to) = (question(&mut random, ledger), question(&mut random, ledger));
        let from = query(&Question { year: to.year, valid: LocalDate::new(to.year, 6, 30).unwrap(), ..from });
        let state = |query| State { reference: &ledger.reference, query };
        black_box(index.differences(state(&from), state(&query(&to))).unwrap());
    });
    report.line("the same between two random (valid, known)", &spread(took), &mean(processor, DIFFERENCES));
    let processor = cpu_seconds("self");
    let to = LocalDate::new(2025, 12, 31).unwrap();
    let took = timed(RESTATED, || {
        let asked = question(&mut random, ledger);
        let query = query(&Question { year: 2022, valid: LocalDate::new(2022, 12, 31).unwrap(), ..asked });
        let then = index.tally(&ledger.reference, &query).unwrap();
        black_box(index.restated(&ledger.reference, &query, &then, (&ledger.reference.structure, to)).unwrap());
    });
    let beside = format!("asked: < 200 ms; {}", mean(processor, RESTATED));
    report.line("2022 restated through three hops, tally included", &spread(took), &beside);
}

/// What each of so many took of the processor, since it had run for `before`: other work on the machine does not count.
fn mean(before: f64, n: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let each = (cpu_seconds("self") - before) / n as f64;
    format!("of the processor {:.1} ms each", each * 1_000.0)
}

fn query(question: &Question) -> TallyQuery {
    TallyQuery {
        programme: PROGRAMME.parse().unwrap(),
        period: question.year.to_string().parse().unwrap(),
        valid: question.valid,
        judged_on: question.valid,
        known: Some(question.known),
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn millions(n: u64) -> f64 {
    n as f64 / 1e6
}
