//! What writing and reading a record costs, in nanoseconds a record on one core: `cargo bench -p wire`.
#![allow(clippy::unwrap_used, reason = "a measurement may fail by panicking")]

#[path = "../tests/it/samples.rs"]
mod samples;

use std::{hint::black_box, time::Instant};

use domain::{Command, Record};
use wire::{ce_headers, command_digest, decode, encode, peek};

/// Short, so that most rounds are not interrupted.
const RECORDS: u32 = 1_000;
const ROUNDS: usize = 301;

fn main() {
    for name in ["organisation-founded", "member-admitted", "batch-corrected"] {
        let record = lean(name);
        let body = encode(&record).unwrap();
        println!("{name}, {} bytes", body.len());
        measure("encode", || encode(black_box(&record)).unwrap());
        measure("decode", || decode(black_box(&body)).unwrap());
        measure("peek", || peek(black_box(&body)).unwrap());
        measure("ce_headers", || ce_headers("haiphong", black_box(&record)));
    }
    let json = r#"{"query":"018f0000-0000-7000-8000-000000000001","answer":"will_correct"}"#;
    let command = Command::read("answer-query", &mut serde_json::Deserializer::from_str(json)).unwrap().unwrap();
    measure("command_digest", || command_digest(black_box(&command)).unwrap());
}

/// As an office posts it: no correlation, no trace, no exception.
fn lean(name: &str) -> Record {
    let (_, mut record) = samples::records().into_iter().find(|(found, _)| *found == name).unwrap();
    if let domain::EventBody::OrganisationFounded { exception, .. } = &mut record.events[0].body {
        *exception = None;
    }
    Record { correlation: None, causation: None, on_behalf_of: None, distinct_from: None, trace_parent: None, ..record }
}

/// The best and the median round: on a busy machine only the best says what the work costs.
fn measure<T>(what: &str, mut work: impl FnMut() -> T) {
    let mut rounds: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..RECORDS {
                black_box(work());
            }
            start.elapsed().as_nanos() / u128::from(RECORDS)
        })
        .collect();
    rounds.sort_unstable();
    println!("  {what:<16} best {:>5} ns, median {:>5} ns", rounds[0], rounds[ROUNDS / 2]);
}
