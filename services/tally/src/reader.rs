//! Keeps an index in a process that does not fold: reads the rows that another process writes, and what is added to them.

use std::time::Duration;

use domain::Position;
use journal::SharedJournal;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};
use views::{Checkpoint, Foreign, Generation, Provenance, StoreReader, Unproven};

use crate::{SCHEMA, SharedIndex, view::refresh};

/// How long after a commit its rows are seen, at most.
const POLL: Duration = Duration::from_millis(50);
const RETRY: Duration = Duration::from_secs(1);
/// Polls between two looks at the pointer, which a rebuild moves.
const POINTER_EVERY: u32 = 20;

pub struct TallyReader {
    store: StoreReader,
    provenance: Provenance,
    index: SharedIndex,
}

impl TallyReader {
    /// Of the rows of this ledger.
    pub fn new(store: StoreReader, journal: SharedJournal) -> Self {
        Self { store, provenance: Provenance::new(journal), index: SharedIndex::default() }
    }

    pub fn index(&self) -> SharedIndex {
        self.index.clone()
    }

    /// Reads along until `stop`; waits for tables that are not there yet and for a database that does not answer, meanwhile the index
    /// answers as of where it is. Rows of another ledger are not read; the index says so until somebody has rebuilt them.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let reading = stop.run_until_cancelled(self.read_along()).await;
            if let Some(Err(error)) = reading {
                match error.downcast_ref::<Unproven>() {
                    Some(Unproven::Foreign(foreign)) => self.refuse(foreign),
                    _ => warn!(error = format!("{error:#}"), "tally reader waits"),
                }
                let _ = stop.run_until_cancelled(sleep(RETRY)).await;
            }
        }
    }

    /// Said once, and not every time that it is still so.
    fn refuse(&self, foreign: &Foreign) {
        if self.index.foreign().as_ref() != Some(foreign) {
            error!(error = foreign as &dyn std::error::Error, "tally reader answers nothing");
            self.index.note_foreign(Some(foreign.clone()));
        }
    }

    /// Until the pointer moves.
    async fn read_along(&self) -> anyhow::Result<()> {
        let generation = self.store.current(SCHEMA).await?;
        // The rows of another generation may lie behind those read so far: begin anew.
        let mut known = Position::START;
        loop {
            for _ in 0..POINTER_EVERY {
                known = self.catch_up(&generation, known).await?;
                sleep(POLL).await;
            }
            if self.store.pointer(SCHEMA).await? != Some(generation.number()) {
                return Ok(());
            }
        }
    }

    /// Reads what is committed behind `known`; the checkpoint of what was read.
    async fn catch_up(&self, generation: &Generation, known: Position) -> anyhow::Result<Position> {
        let mut tx = generation.snapshot().await?;
        let checkpoint = Checkpoint::read(&mut tx, SCHEMA).await?;
        self.provenance.confirm(generation, &checkpoint).await?;
        let at = checkpoint.position;
        if at != known || (at == Position::START && self.index.position() != at) {
            let from = if at < known { Position::START } else { known };
            refresh(&self.index, &mut tx, from, at).await?;
        }
        tx.commit().await?;
        self.index.note_foreign(None);
        Ok(at)
    }
}
