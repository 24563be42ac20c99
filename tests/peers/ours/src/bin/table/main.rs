//! `make bench-peers`: event stores that persist beside ours, in turns, medians of several rounds, and the ratio of ours to the best of them.
//!
//! `make bench-peers PARTS="sqlite jetstream"` runs only these groups; `SOCAI_BENCH_ROUNDS` sets the rounds. `PARTS="tune postgres"`
//! prints each peer with several sizes of its pool instead.

mod place;
mod stores;

use std::{path::Path, process::Stdio};

use anyhow::{Context, Result, ensure};
use place::Servers;
use stores::{GROUPS, Group, Measured};
use tokio::process::Command;

/// What is measured: the work and its callers.
const LINES: [(&str, usize); 5] = [("new", 1), ("new", 8), ("new", 64), ("grow", 8), ("read", 1)];

/// Sizes of pools that are tried, up to a connection for each caller.
const POOLS: [u32; 7] = [1, 2, 4, 8, 16, 32, 64];

#[tokio::main]
async fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let tunes = words.iter().any(|word| word == "tune");
    let named: Vec<_> = words.iter().filter(|word| *word != "tune").collect();
    let mut servers = Servers::none_yet();
    for group in GROUPS.iter().filter(|group| named.is_empty() || named.iter().any(|name| *name == group.name)) {
        println!("\n{}: {}", group.name, group.what);
        if tunes {
            tune(group, &mut servers).await?;
        } else {
            compare(group, &mut servers).await?;
        }
    }
    Ok(())
}

/// Runs a group's stores in turns, then prints it.
async fn compare(group: &Group, servers: &mut Servers) -> Result<()> {
    for (work, callers) in LINES {
        let mut rates = vec![Vec::new(); group.stores.len()];
        for _ in 0..rounds() {
            for (store, rates) in group.stores.iter().zip(&mut rates) {
                rates.push(measured(store, store.pool(callers), work, callers, servers).await?);
            }
        }
        print(group, work, callers, &rates);
    }
    Ok(())
}

fn print(group: &Group, work: &str, callers: usize, rates: &[Vec<f64>]) {
    let medians: Vec<_> = rates.iter().map(|rates| median(rates)).collect();
    let (ours, peers) = (medians[0], &medians[1..]);
    let best = peers.iter().copied().fold(f64::NAN, f64::max);
    for (store, median) in group.stores.iter().zip(&medians) {
        let mark = match (store.is_ours(), *median == best) {
            (true, _) => format!("{:.2} x the best peer", ours / best),
            (false, true) => "the best peer".to_owned(),
            (false, false) => String::new(),
        };
        let name = format!("{} {}", store.name, store.version);
        println!("  {work:<4} {callers:>2}  {name:<30} {median:>9.0}/s  {mark}");
    }
}

/// Prints a group's peers with each size of the pool.
async fn tune(group: &Group, servers: &mut Servers) -> Result<()> {
    for store in group.stores.iter().filter(|store| !store.is_ours()) {
        for callers in [8, 64] {
            let mut line = format!("  {:<24} {callers:>2} callers:", store.name);
            for pool in POOLS.into_iter().filter(|pool| *pool as usize <= callers) {
                let rate = measured(store, pool, "new", callers, servers).await?;
                line.push_str(&format!("  {pool}: {rate:.0}"));
            }
            println!("{line}");
        }
    }
    Ok(())
}

/// One run in a process of its own, in a place of its own; events a second.
async fn measured(store: &Measured, pool: u32, work: &str, callers: usize, servers: &mut Servers) -> Result<f64> {
    let place = servers.place(store).await?;
    let output = program(store)?
        .args([store.name, &place.name, &pool.to_string(), work, &callers.to_string()])
        .stdin(Stdio::null())
        .output()
        .await
        .with_context(|| format!("failed to run {}", store.binary))?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{} failed at {work} with {callers} callers:\n{told}", store.name);
    let line = String::from_utf8(output.stdout)?;
    let rate = line.split_whitespace().last().context("a run prints a line")?;
    Ok(rate.parse()?)
}

/// A binary beside this one, or a script of this tree with its packages beside this binary.
fn program(store: &Measured) -> Result<Command> {
    let beside = |name: &str| std::env::current_exe().map(|this| this.with_file_name(name));
    if !store.binary.ends_with(".py") {
        return Ok(Command::new(beside(store.binary)?));
    }
    let mut python = Command::new("python3");
    python.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../python").join(store.binary));
    python.env("PYTHONPATH", beside("python")?);
    Ok(python)
}

fn rounds() -> usize {
    std::env::var("SOCAI_BENCH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(3)
}

/// The median of several rounds.
fn median(rounds: &[f64]) -> f64 {
    let mut rounds = rounds.to_vec();
    rounds.sort_by(f64::total_cmp);
    rounds.get(rounds.len() / 2).copied().unwrap_or(f64::NAN)
}
