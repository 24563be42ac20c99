//! Keeps an index in a process that does not fold: reads the rows that another process writes, and what is added to them.

use std::time::Duration;

use domain::Position;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;
use views::{Checkpoint, Generation, StoreReader};

use crate::{Index, SCHEMA, SharedIndex, view::refresh};

/// How long after a commit its rows are seen, at most.
const POLL: Duration = Duration::from_millis(50);
const RETRY: Duration = Duration::from_secs(1);
/// Polls between two looks at the pointer, which a rebuild moves.
const POINTER_EVERY: u32 = 20;

pub struct TallyReader {
    store: StoreReader,
    index: SharedIndex,
}

impl TallyReader {
    pub fn new(store: StoreReader) -> Self {
        Self { store, index: SharedIndex::default() }
    }

    pub fn index(&self) -> SharedIndex {
        self.index.clone()
    }

    /// Reads along until `stop`; waits for tables that are not there yet and for a database that does not answer, meanwhile the index
    /// answers as of where it is.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let reading = stop.run_until_cancelled(self.read_along()).await;
            if let Some(Err(error)) = reading {
                warn!(error = format!("{error:#}"), "tally reader waits");
                let _ = stop.run_until_cancelled(sleep(RETRY)).await;
            }
        }
    }

    /// Until the pointer moves.
    async fn read_along(&self) -> anyhow::Result<()> {
        let generation = self.store.current(SCHEMA).await?;
        // The rows of another generation may lie behind those read so far: begin anew.
        let mut known = Position::START;
        loop {
            for _ in 0..POINTER_EVERY {
                known = catch_up(&self.index, &generation, known).await?;
                sleep(POLL).await;
            }
            if self.store.pointer(SCHEMA).await? != Some(generation.number()) {
                return Ok(());
            }
        }
    }
}

/// Reads what is committed behind `known`; the checkpoint of what was read.
async fn catch_up(index: &Index, generation: &Generation, known: Position) -> anyhow::Result<Position> {
    let mut tx = generation.snapshot().await?;
    let at = Checkpoint::read(&mut tx, SCHEMA).await?.position;
    if at != known || (at == Position::START && index.position() != at) {
        let from = if at < known { Position::START } else { known };
        refresh(index, &mut tx, from, at).await?;
    }
    tx.commit().await?;
    Ok(at)
}
