//! Looks again and again whether the ledger is still what it was: nothing that was there is gone or changed, its settings keep
//! everything, and this machine's clock is not ahead of the store's.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::Position;
use sha2::{Digest, Sha256};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{ExamineError, Live, ReadError, SharedJournal};

/// How often it looks.
const EVERY: Duration = Duration::from_secs(5);
/// How often it notes what has come since, between looks: what is recorded in so short a time before a kill may be forgotten.
const NOTE_EVERY: Duration = Duration::from_secs(1);
/// How often while something is refused.
const EVERY_IN_DOUBT: Duration = Duration::from_millis(500);
/// A leader that has been cut off may answer with its old end of the ledger until it notices. So long nothing is recorded; then it is certain.
const CERTAIN_AFTER: Duration = Duration::from_secs(15);
const LAST_LOOK_MAX: Duration = Duration::from_secs(1);

/// The last record that a process has seen: by it the ledger is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub position: Position,
    /// SHA-256 of its body.
    pub sha256: [u8; 32],
}

/// What a process keeps for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    Seen(Seen),
    /// The ledger went as far, and does not seem to any more.
    WentTo(Position),
}

pub struct Watchdog {
    journal: SharedJournal,
    live: Arc<Live>,
    seen: Option<Seen>,
    /// How far an earlier process knew the ledger to go that did not find it any more.
    went_to: Position,
}

impl Watchdog {
    /// `seen` is what an earlier process has left, if any did.
    pub fn new(journal: SharedJournal, live: Arc<Live>, seen: Option<Seen>) -> Self {
        Self { journal, live, seen, went_to: Position::START }
    }

    /// With how far an earlier process knew the ledger to go, when it has left that as well.
    #[must_use]
    pub fn that_went_to(self, went_to: Position) -> Self {
        Self { went_to, ..self }
    }

    /// The last record of the last look that found one which can be read.
    pub const fn seen(&self) -> Option<Seen> {
        self.seen
    }

    /// Looks once. A last record that this version cannot read is no loss: whoever follows stops before it and says so, and by that nothing
    /// is recorded.
    ///
    /// # Errors
    /// `Lost` when a record that was seen or acknowledged is not there any more, or is another one; `Unsafe` when a setting no longer keeps everything.
    pub async fn look(&mut self) -> Result<(), ExamineError> {
        // What is known comes before what is asked: the ledger grows meanwhile.
        let known = self.known();
        let asked = Instant::now();
        let examined = self.journal.examine().await?;
        if examined.tip < known {
            let what = format!("it ends at position {}, and position {known} was there before", examined.tip);
            return Err(ExamineError::Lost { what });
        }
        if let Some(seen) = self.seen
            && self.at(seen.position).await? != Some(seen)
        {
            let what = format!("the record at position {} is another one than before", seen.position);
            return Err(ExamineError::Lost { what });
        }
        if examined.tip > Position::START {
            self.seen = self.at(examined.tip).await?.or(self.seen);
        }
        self.live.note_sealed(examined.sealed);
        if let Some(time) = examined.time {
            self.live.compare_clock(time, asked);
        }
        Ok(())
    }

    /// How far the ledger goes at least.
    fn known(&self) -> Position {
        self.live.tip().max(self.went_to).max(self.seen.map_or(Position::START, |seen| seen.position))
    }

    /// `None` when it is there, and cannot be read.
    async fn at(&self, position: Position) -> Result<Option<Seen>, ExamineError> {
        let before = Position(position.0.saturating_sub(1));
        let found = match self.journal.read(before, 1, &[]).await {
            Err(ReadError::Damaged { position: damaged, .. }) if damaged == position => return Ok(None),
            found => found?,
        };
        match found.first() {
            Some(stored) if stored.position == position => {
                Ok(Some(Seen { position, sha256: Sha256::digest(&stored.body).into() }))
            }
            _ => Err(ExamineError::Lost { what: format!("there is no record at position {position}") }),
        }
    }

    /// Looks until stopped, or until it is certain that the ledger cannot be relied upon. While that is only feared, nothing is recorded.
    /// `keep` is told the last record of each look and, each second, what has come since; and how far the ledger went, as soon as it seems not to
    /// any more: whoever starts next has to know that as well.
    ///
    /// # Errors
    /// Those of `look`, but for `Unavailable`, which passes.
    pub async fn run(mut self, stop: CancellationToken, mut keep: impl FnMut(Keep)) -> Result<(), ExamineError> {
        let mut doubted: Option<Instant> = None;
        let mut pause = EVERY;
        while stop.run_until_cancelled(self.rest(pause, &mut keep)).await.is_some() {
            match self.look().await {
                Ok(()) => {
                    if doubted.take().is_some() {
                        tracing::warn!("the ledger is what it was after all");
                    }
                    self.live.doubt(None);
                    self.seen.map(Keep::Seen).into_iter().for_each(&mut keep);
                    pause = EVERY;
                }
                Err(ExamineError::Unavailable(error)) => {
                    tracing::debug!(%error, "the journal cannot be examined");
                    pause = EVERY_IN_DOUBT;
                }
                Err(error) => {
                    tracing::error!(%error, "nothing is recorded any more");
                    self.live.doubt(Some(error.to_string()));
                    keep(Keep::WentTo(self.known()));
                    let since = *doubted.get_or_insert_with(Instant::now);
                    if matches!(error, ExamineError::Unsafe { .. } | ExamineError::TooOld { .. })
                        || since.elapsed() > CERTAIN_AFTER
                    {
                        return Err(error);
                    }
                    pause = EVERY_IN_DOUBT;
                }
            }
        }
        // What was recorded since the last look is remembered as well.
        if let Ok(Ok(())) = timeout(LAST_LOOK_MAX, self.look()).await {
            self.seen.map(Keep::Seen).into_iter().for_each(keep);
        }
        Ok(())
    }

    /// Until the next look, or until something is refused that another look might allow. Notes what comes meanwhile.
    async fn rest(&mut self, pause: Duration, keep: &mut impl FnMut(Keep)) {
        let until = Instant::now() + pause;
        sleep(EVERY_IN_DOUBT.min(pause)).await;
        while Instant::now() < until {
            self.note(keep).await;
            // Refused or not, a look is due.
            let left = until.saturating_duration_since(Instant::now());
            if timeout(NOTE_EVERY.min(left), self.live.refused()).await.is_ok() {
                return;
            }
        }
    }

    /// What cannot be read is left to the next look.
    async fn note(&mut self, keep: &mut impl FnMut(Keep)) {
        let tip = self.live.tip();
        if self.seen.is_none_or(|seen| seen.position < tip)
            && let Ok(Some(seen)) = self.at(tip).await
        {
            self.seen = Some(seen);
            keep(Keep::Seen(seen));
        }
    }
}
