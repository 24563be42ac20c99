//! `make bench`: the figures of docs/performance.md, in one run, with medians of several rounds and the ratio beside each.
//!
//! Everything runs on this machine: the node as a process of its own, the load beside it. Ratios within one run mean something; absolute
//! numbers belong to the machine. `cargo bench -p socai -- embedded live` runs only these parts, `-- against FILE` compares with the `socai`
//! of another build; `SOCAI_BENCH_ROUNDS` sets the rounds, and for a quick try of the stack `SOCAI_BENCH_KILLS` the kills a line and
//! `SOCAI_BENCH_RECORDS` the records of its rebuild.

#![expect(clippy::unwrap_used, reason = "a benchmark: what is unexpected ends it")]

mod against;
mod as_of;
mod bare;
mod commands;
mod failover;
mod latency;
mod live;
mod load;
mod memory;
mod node;
mod rebuild;
mod report;
mod stack;

use report::Report;

/// The node's: HTTP that does nothing and the bare lines must not lose by the allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often each line is measured; the median is printed.
fn rounds() -> usize {
    told("ROUNDS", 3)
}

/// What `SOCAI_BENCH_…` says, or this.
fn told(name: &str, otherwise: usize) -> usize {
    std::env::var(format!("SOCAI_BENCH_{name}")).ok().and_then(|number| number.parse().ok()).unwrap_or(otherwise)
}

type Part = (&'static str, fn(&mut Report));

const PARTS: &[Part] = &[
    ("embedded", commands::embedded),
    ("jetstream", commands::jetstream),
    ("latency", latency::run),
    ("rebuild", rebuild::run),
    ("live", live::run),
    ("memory", memory::run),
    ("as-of", as_of::run),
    ("stack", stack::run),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let Some("null-http") = arguments.first().map(String::as_str) {
        return load::serve_null();
    }
    let mut report = Report::begin();
    if let [against, old] = &arguments[..]
        && against == "against"
    {
        return against::run(&mut report, old.into());
    }
    for (name, part) in PARTS {
        if arguments.is_empty() || arguments.iter().any(|wanted| wanted == name) {
            report.part(name);
            part(&mut report);
        }
    }
}

/// A runtime for the load, which shares the two cores with what it measures.
fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}
