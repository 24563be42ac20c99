//! "Known at T" as a position: the last whose running maximum of `recorded_at` is at or before T (law 9).

use std::collections::BTreeMap;

use domain::{Position, Timestamp};
use journal::{Journal, ReadError, Stored};
use tokio::sync::Mutex;

/// Records between two remembered maxima; also how many are read at once.
const BLOCK: usize = 1_024;

/// Answers that are kept.
const KEPT_MAX: usize = 1_024;

/// The running maximum at the end of each block of records, extended when somebody asks.
#[derive(Debug, Default)]
pub(crate) struct Times {
    blocks: Mutex<Blocks>,
    /// What stays for ever of what was asked lately.
    settled: parking_lot::Mutex<BTreeMap<Timestamp, Position>>,
}

#[derive(Debug, Default)]
struct Blocks {
    /// Of positions 1 to `BLOCK`, `BLOCK + 1` to twice that, …; only whole blocks.
    maxima: Vec<Timestamp>,
}

/// The answer to "known at T".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownAt {
    pub(crate) position: Position,
    /// The ledger has gone on past T, so the answer stays.
    pub(crate) settled: bool,
}

impl Times {
    /// What was asked before and stays needs no journal.
    pub(crate) async fn known_at(&self, journal: &dyn Journal, at: Timestamp) -> Result<KnownAt, ReadError> {
        if let Some(&position) = self.settled.lock().get(&at) {
            return Ok(KnownAt { position, settled: true });
        }
        let known = self.look(journal, at).await?;
        if known.settled {
            let mut kept = self.settled.lock();
            if kept.len() == KEPT_MAX {
                kept.clear();
            }
            kept.insert(at, known.position);
        }
        Ok(known)
    }

    /// Reads whole blocks once, and the block in question again.
    async fn look(&self, journal: &dyn Journal, at: Timestamp) -> Result<KnownAt, ReadError> {
        let mut blocks = self.blocks.lock().await;
        let whole = |blocks: &Blocks| blocks.maxima.partition_point(|maximum| *maximum <= at);
        loop {
            let before = whole(&blocks);
            let maximum = before.checked_sub(1).map_or(Timestamp(i64::MIN), |last| blocks.maxima[last]);
            let after = Position((before * BLOCK) as u64);
            let block = block_after(journal, after).await?;
            let mut known = KnownAt { position: after, settled: false };
            let mut running = maximum;
            for stored in &block {
                let peeked = wire::peek(&stored.body)
                    .map_err(|error| ReadError::Damaged { position: stored.position, what: error.to_string() })?;
                running = running.max(peeked.recorded_at);
                if running <= at {
                    known.position = stored.position;
                } else {
                    known.settled = true;
                }
            }
            if block.len() == BLOCK && before == blocks.maxima.len() {
                blocks.maxima.push(running);
            }
            if known.settled || block.len() < BLOCK {
                return Ok(known);
            }
        }
    }
}

/// A whole block, unless the ledger ends before.
async fn block_after(journal: &dyn Journal, after: Position) -> Result<Vec<Stored>, ReadError> {
    let mut block: Vec<Stored> = Vec::with_capacity(BLOCK);
    loop {
        let from = block.last().map_or(after, |last| last.position);
        let page = journal.read(from, BLOCK - block.len(), &[]).await?;
        if page.is_empty() {
            return Ok(block);
        }
        block.extend(page);
        if block.len() == BLOCK {
            return Ok(block);
        }
    }
}
