//! Answers questions from the rows, in whatever process: each answer is of one commit, and says how far the view had come.

use std::time::Duration;

use domain::{Position, StreamId};
use journal::SharedJournal;
use sqlx::{Any, Transaction};
use tokio::{
    sync::Mutex,
    time::{sleep, timeout},
};
use views::{Behind, Checkpoint, Foreign, Generation, Provenance, StoreError, StoreReader, Unproven};

use crate::{SCHEMA, SubjectPage, SubjectQuery, SubjectRow, TrailPage, TrailQuery, subjects, trail};

/// How often somebody who waits for a position looks.
const POLL: Duration = Duration::from_millis(20);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The caller asks for too much, or for nothing.
    #[error("a page is 1 to {page_max} rows, of at most {units_max} units")]
    TooMuch { page_max: usize, units_max: usize },
    #[error("the database of views does not answer")]
    Unavailable(#[from] sqlx::Error),
    #[error("the store of views does not open")]
    Store(#[from] StoreError),
    #[error("the record at position {position} cannot be shown: {what}")]
    Damaged { position: Position, what: String },
    #[error("a row of the view cannot be read, rebuild it: {0}")]
    Rows(String),
    /// Until somebody has rebuilt them.
    #[error(transparent)]
    Foreign(Foreign),
    #[error("{0}")]
    Unproven(String),
}

impl From<Unproven> for ReadError {
    fn from(unproven: Unproven) -> Self {
        match unproven {
            Unproven::Foreign(foreign) => Self::Foreign(foreign),
            Unproven::Unasked { .. } => Self::Unproven(unproven.to_string()),
        }
    }
}

/// The trail and the lists of cases.
pub struct AuditReader {
    store: StoreReader,
    provenance: Provenance,
    generation: Mutex<Option<Generation>>,
}

impl AuditReader {
    /// Of the rows of this ledger.
    pub fn new(store: StoreReader, journal: SharedJournal) -> Self {
        Self { store, provenance: Provenance::new(journal), generation: Mutex::new(None) }
    }

    /// A page of the trail.
    ///
    /// # Errors
    /// When the page is too large, the database does not answer, or a row cannot be read.
    pub async fn trail(&self, query: &TrailQuery) -> Result<TrailPage, ReadError> {
        let (mut tx, reached) = self.snapshot().await?;
        let page = trail::read(&mut tx, query, reached).await?;
        tx.commit().await?;
        Ok(page)
    }

    /// A page of organisations, admissions or batches as they stand now.
    ///
    /// # Errors
    /// As `trail`.
    pub async fn subjects(&self, query: &SubjectQuery) -> Result<SubjectPage, ReadError> {
        let (mut tx, reached) = self.snapshot().await?;
        let page = subjects::read(&mut tx, query, reached).await?;
        tx.commit().await?;
        Ok(page)
    }

    /// One of them; `None` when there is none under this id.
    ///
    /// # Errors
    /// As `trail`.
    pub async fn subject(&self, stream: StreamId) -> Result<Option<SubjectRow>, ReadError> {
        let (mut tx, _) = self.snapshot().await?;
        let row = subjects::one(&mut tx, stream).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// How far the view has come.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn position(&self) -> Result<Position, ReadError> {
        let (tx, reached) = self.snapshot().await?;
        tx.commit().await?;
        Ok(reached)
    }

    /// Returns when the rows of `position` are committed, by whatever process; else, after `at_most`, how far they are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reached(&self, position: Position, at_most: Duration) -> Result<Result<(), Behind>, ReadError> {
        let waited = timeout(at_most, async {
            while self.position().await? < position {
                sleep(POLL).await;
            }
            Ok(())
        });
        match waited.await {
            Ok(done) => done.map(Ok),
            Err(_) => Ok(Err(Behind { reached: self.position().await? })),
        }
    }

    async fn snapshot(&self) -> Result<(Transaction<'static, Any>, Position), ReadError> {
        let generation = self.current().await?;
        let mut tx = generation.snapshot().await?;
        let checkpoint = Checkpoint::read(&mut tx, SCHEMA).await?;
        self.provenance.confirm(&generation, &checkpoint).await?;
        Ok((tx, checkpoint.position))
    }

    /// The generation in use: a rebuild moves the pointer under us.
    async fn current(&self) -> Result<Generation, ReadError> {
        let mut kept = self.generation.lock().await;
        let pointer = self.store.pointer(SCHEMA).await?;
        if let Some(generation) = kept.as_ref().filter(|generation| pointer == Some(generation.number())) {
            return Ok(generation.clone());
        }
        let generation = self.store.current(SCHEMA).await?;
        *kept = Some(generation.clone());
        Ok(generation)
    }
}
