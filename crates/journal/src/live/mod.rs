//! What a process keeps in memory of the ledger as it grows: reference data, grants of access, papers, and the running maximum of time.

mod grants;
mod papers;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use arc_swap::ArcSwap;
use domain::{Kind, Position, Record, Reference, Timestamp};
use futures::StreamExt;
use parking_lot::RwLock;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use self::grants::Grants;
pub use self::{
    grants::Grant,
    papers::{PaperTaken, Papers, Reservation},
};
use crate::{Followed, ReadError, SharedJournal};

/// Most records folded before what they changed is shown.
const CHUNK_MAX: usize = 1_024;
/// Pause before the journal is asked again after it could not be reached.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// Where the process takes its time from.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Follows the whole ledger. Everything in it holds up to `position()`.
pub struct Live {
    reference: ArcSwap<Reference>,
    grants: RwLock<Grants>,
    papers: Papers,
    /// Running maximum of `recorded_at`, in microseconds.
    latest: AtomicI64,
    progress: watch::Sender<Progress>,
    now: Now,
}

/// How far the process has followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Following(Position),
    /// Something at the position after this one cannot be read; what is behind it is not known here.
    Stopped {
        position: Position,
        why: String,
    },
}

impl Progress {
    pub const fn position(&self) -> Position {
        match self {
            Self::Following(position) | Self::Stopped { position, .. } => *position,
        }
    }
}

impl Live {
    pub fn new(now: Now) -> Self {
        Self {
            reference: ArcSwap::from_pointee(Reference::default()),
            grants: RwLock::new(Grants::default()),
            papers: Papers::default(),
            latest: AtomicI64::new(i64::MIN),
            progress: watch::Sender::new(Progress::Following(Position::START)),
            now,
        }
    }

    /// Reference data as of `position()` or a little later.
    pub fn reference(&self) -> Arc<Reference> {
        self.reference.load_full()
    }

    pub const fn papers(&self) -> &Papers {
        &self.papers
    }

    /// The ledger's own time now: never behind a record.
    pub fn now(&self) -> Timestamp {
        Timestamp((self.now)().0.max(self.latest.load(Ordering::Acquire)))
    }

    /// The grant that a token with this SHA-256 has today.
    pub fn grant(&self, token_sha256: &[u8; 32]) -> Option<Grant> {
        let today = self.now().local_date();
        self.grants
            .read()
            .by_token(token_sha256)
            .filter(|grant| grant.until.is_none_or(|until| today <= until))
            .cloned()
    }

    pub fn position(&self) -> Position {
        self.progress.borrow().position()
    }

    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Waits until everything up to `position` is folded; false when following has stopped before it.
    pub async fn reached(&self, position: Position) -> bool {
        let mut progress = self.progress.subscribe();
        let seen = progress.wait_for(|p| p.position() >= position || matches!(p, Progress::Stopped { .. })).await;
        seen.is_ok_and(|p| p.position() >= position)
    }

    /// A record's time has been given out or seen: later ones are never earlier.
    pub(crate) fn observe(&self, recorded_at: Timestamp) {
        self.latest.fetch_max(recorded_at.0, Ordering::AcqRel);
    }

    /// Follows until stopped. Ends with an error when a record cannot be read: the process must not decide on half a ledger.
    pub async fn run(&self, journal: SharedJournal, stop: CancellationToken) -> Result<(), ReadError> {
        let mut reference = Reference::default();
        let mut position = Position::START;
        loop {
            let follow = self.follow(&journal, &mut position, &mut reference);
            let end = tokio::select! {
                end = follow => end,
                () = stop.cancelled() => return Ok(()),
            };
            match end {
                Err(ReadError::Unavailable(source)) => {
                    warn!(%position, error = %source, "the journal cannot be reached, following again");
                    tokio::time::sleep(RETRY_AFTER).await;
                }
                Err(fatal) => {
                    error!(%position, error = %fatal, "following has stopped");
                    self.progress.send_replace(Progress::Stopped { position, why: fatal.to_string() });
                    return Err(fatal);
                }
                Ok(()) => tokio::time::sleep(RETRY_AFTER).await,
            }
        }
    }

    async fn follow(
        &self,
        journal: &SharedJournal,
        position: &mut Position,
        reference: &mut Reference,
    ) -> Result<(), ReadError> {
        let mut chunks = journal.follow(*position, &[]).ready_chunks(CHUNK_MAX);
        while let Some(chunk) = chunks.next().await {
            let before = reference.position;
            let folded = self.fold_chunk(chunk, position, reference);
            // Only once a chunk: cloning thousands of targets for each of them would be quadratic.
            if reference.position != before {
                self.reference.store(Arc::new(reference.clone()));
            }
            self.progress.send_replace(Progress::Following(*position));
            folded?;
        }
        Ok(())
    }

    fn fold_chunk(
        &self,
        chunk: Vec<Result<Followed, ReadError>>,
        position: &mut Position,
        reference: &mut Reference,
    ) -> Result<(), ReadError> {
        for followed in chunk {
            match followed? {
                Followed::UpTo(seen) => *position = seen,
                Followed::Record(stored) => {
                    let record = wire::decode(&stored.body)
                        .map_err(|error| ReadError::Damaged { position: stored.position, what: error.to_string() })?;
                    self.fold(stored.position, &record, reference);
                    *position = stored.position;
                }
            }
        }
        Ok(())
    }

    fn fold(&self, position: Position, record: &Record, reference: &mut Reference) {
        self.observe(record.recorded_at);
        if record.stream.kind.is_reference() {
            for event in &record.events {
                reference.apply(position, event);
            }
        }
        if record.stream.kind == Kind::Access {
            self.grants.write().fold(&record.events);
        }
        self.papers.fold(position, record);
    }
}
