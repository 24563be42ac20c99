//! The one way in which every store is measured: one event of some 400 bytes at a time, acknowledged, by so many callers.
//!
//! A binary that holds stores calls [`main`] with what opens them, and is run as `BINARY STORE PLACE POOL WORK CALLERS`. It prints one line.

mod event;
mod work;

use std::{future::Future, sync::Arc};

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
pub use event::{Founded, bytes, founded};
pub use uuid::Uuid;
pub use work::Work;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many as the machine has cores, as for every store.
const WORKERS: usize = 2;

/// What a store does for its callers.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Appends one event to a stream whose last version is `after`, or to a new one; durable when it returns. What it returns is the
    /// next call's `after`.
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64>;

    /// Reads all events there are, `expected` of them, as a projection does; how many came.
    async fn read_all(&self, expected: u64) -> Result<u64>;

    /// What an acknowledged append has survived, in the store's own words or ours.
    fn durability(&self) -> String;
}

/// Which store, and where. `pool` is the most connections it may hold, where it holds several.
#[derive(Clone, Debug)]
pub struct Opening {
    pub store: String,
    /// A file that is not there yet, or a URL.
    pub place: String,
    pub pool: u32,
}

/// Runs one measurement as the command line asks, and prints `store durability work callers events/s`.
pub fn main<F>(open: impl Fn(Opening) -> F) -> Result<()>
where
    F: Future<Output = Result<Arc<dyn Store>>>,
{
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [store, place, pool, work, callers] = words.as_slice() else {
        bail!("run as: STORE PLACE POOL new|grow|read CALLERS");
    };
    let opening = Opening { store: store.clone(), place: place.clone(), pool: pool.parse().context("POOL")? };
    let work: Work = work.parse()?;
    let callers = callers.parse().context("CALLERS")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build()?;
    let (durability, rate) = runtime.block_on(work::run(work, callers, || open(opening.clone())))?;
    println!("{store} {durability} {work} {callers} {rate:.0}");
    // Pools and servers' connections need no farewell: each run has a place of its own.
    std::process::exit(0)
}
