//! Copies a ledger, record by record, so that the copy has the same positions and the same bytes; and hands over to it.
//!
//! A copy takes no commands until its source has been sealed and all of it is there: two ledgers that both grow could never be one again.

use async_trait::async_trait;
use domain::Position;
use points::Point;
use sha2::{Digest, Sha256};

use crate::{AppendError, ExamineError, Journal, ReadError, Sealed, Stored};

/// Records that are read, compared or put at once.
const BATCH: usize = 1_024;

/// A place that a ledger is copied into. Journals opened there read what has arrived, and append nothing until it is finished.
#[async_trait]
pub trait CopyInto: Send + Sync + 'static {
    /// Position of the last record there.
    async fn tip(&self) -> Result<Position, ReadError>;

    /// At most `limit` records after a position, as [`Journal::read`] gives them.
    async fn read(&self, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError>;

    /// Where it was finished, if it was: since then it may have grown by itself.
    async fn finished(&self) -> Result<Option<Position>, CopyError>;

    /// Appends records at exactly their positions, which go on from the tip. When it fails, some of them may be there.
    async fn put(&self, records: Vec<Stored>) -> Result<(), CopyError>;

    /// As [`Journal::place_id`].
    fn place_id(&self) -> Option<String> {
        None
    }

    /// All is there up to `at`, and the source takes nothing more: from now on this is the ledger. Finishing it twice is finishing it once.
    async fn finish(&self, at: Position) -> Result<(), CopyError>;
}

/// Whose place it is, as the place itself remembers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// A ledger's own.
    #[default]
    Own,
    /// A copy's: `None` until it is finished, then the position of its source's last record.
    Copy(Option<Position>),
}

impl Place {
    /// Why nothing can be appended behind `tip`; `seals` says whether the record there seals the ledger. The seal of what was copied is
    /// not the copy's.
    pub(crate) fn sealed(self, tip: Position, seals: bool) -> Option<Sealed> {
        match self {
            Self::Copy(None) => Some(Sealed::Unfinished),
            Self::Copy(Some(finished)) if finished == tip => None,
            _ => seals.then_some(Sealed::Moved),
        }
    }
}

/// One copying. It compares what is there already, so that it goes on where an earlier one stopped.
pub struct Copier<'a> {
    from: &'a dyn Journal,
    into: &'a dyn CopyInto,
    position: Position,
    until: Option<Position>,
}

/// Whether more may come from the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceEnd {
    /// It takes records.
    Open,
    /// Its last record seals it, and its servers have not been told to take nothing more.
    SealRecorded,
    Sealed,
}

/// That two places hold the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub records: u64,
    /// Over position, kind, id and body of each record, in order: who has it can compare a third copy.
    pub sha256: [u8; 32],
    /// The first that is no record: nobody can go on behind it.
    pub unreadable: Option<Position>,
}

impl<'a> Copier<'a> {
    pub fn new(from: &'a dyn Journal, into: &'a dyn CopyInto) -> Self {
        Self { from, into, position: Position::START, until: None }
    }

    /// Copies nothing behind a position, such as the last one before a record that nobody can read.
    #[must_use]
    pub const fn until(self, position: Position) -> Self {
        Self { until: Some(position), ..self }
    }

    /// Up to here both are equal.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Copies what the source holds by now, up to where it is to, and says whether more may come.
    ///
    /// # Errors
    /// When the source ends before `until`, or the copy is longer than what is to be copied: then it holds what nobody copies.
    /// What was copied before an error is right, and the next copying goes on there; but a copy that differs, or that somebody else writes
    /// to, must be thrown away.
    pub async fn catch_up(&mut self, mut progress: impl FnMut(Position)) -> Result<SourceEnd, CopyError> {
        if self.from.place_id().is_some_and(|from| self.into.place_id() == Some(from)) {
            return Err(CopyError::Same);
        }
        let source = self.from.examine().await.map_err(CopyError::Source)?;
        let end = self.until.unwrap_or(source.tip);
        if end > source.tip {
            return Err(CopyError::Beyond { until: end, tip: source.tip });
        }
        let mut there = self.into.tip().await?;
        if there > end && self.into.finished().await?.is_none() {
            return Err(CopyError::Longer { there, end });
        }
        while self.position < end {
            let mut batch = self.batch(end).await?;
            let known = batch.iter().take_while(|stored| stored.position <= there).count();
            let new = batch.split_off(known);
            self.compare(&batch).await?;
            let copied = new.last().or_else(|| batch.last()).map_or(self.position, |stored| stored.position);
            if !new.is_empty()
                && let Err(error) = self.into.put(new).await
            {
                // It may be a message of an earlier copying that arrived late: what is there by now is compared.
                let now = self.into.tip().await?;
                if !matches!(error, CopyError::Displaced { .. }) || now <= there {
                    return Err(error);
                }
                there = now;
                continue;
            }
            Point::CopyPut.pass();
            self.position = copied;
            progress(copied);
        }
        Ok(match source.sealed.filter(|_| end == source.tip) {
            Some(Sealed::Moved) => SourceEnd::Sealed,
            Some(Sealed::Moving) => SourceEnd::SealRecorded,
            _ => SourceEnd::Open,
        })
    }

    /// Reads both places from the beginning to what was copied, and compares every byte.
    ///
    /// # Errors
    /// The first position that differs, or why one of them cannot be read.
    pub async fn prove(&self, mut progress: impl FnMut(Position)) -> Result<Proof, CopyError> {
        let mut again = Self { position: Position::START, ..*self };
        let (mut digest, mut unreadable) = (Sha256::new(), None);
        while again.position < self.position {
            let batch = again.batch(self.position).await?;
            again.compare(&batch).await?;
            for stored in &batch {
                digest.update(stored.position.0.to_be_bytes());
                digest.update(stored.stream.to_string());
                digest.update([0]);
                digest.update(u64::try_from(stored.body.len()).unwrap_or(u64::MAX).to_be_bytes());
                digest.update(&stored.body);
                if unreadable.is_none() && wire::decode(&stored.body).is_err() {
                    unreadable = Some(stored.position);
                }
                again.position = stored.position;
            }
            progress(again.position);
        }
        Ok(Proof { records: self.position.0, sha256: digest.finalize().into(), unreadable })
    }

    /// Where the copy was finished by an earlier copying.
    ///
    /// # Errors
    /// When the place cannot be asked.
    pub async fn finished(&self) -> Result<Option<Position>, CopyError> {
        self.into.finished().await
    }

    /// Hands over: the copy takes commands from now on. Only after `catch_up` said that the source is sealed, and after `prove`.
    ///
    /// # Errors
    /// When the place cannot note it; it may be tried again.
    pub async fn hand_over(&self) -> Result<(), CopyError> {
        Point::CopyProven.pass();
        self.into.finish(self.position).await
    }

    /// The next records of the source, without a hole, up to `until`.
    async fn batch(&self, until: Position) -> Result<Vec<Stored>, CopyError> {
        let limit = usize::try_from(until.0 - self.position.0).map_or(BATCH, |left| left.min(BATCH));
        let batch = self.from.read(self.position, limit, &[]).await?;
        let mut expected = self.position;
        for stored in &batch {
            expected = expected.next();
            if stored.position != expected {
                return Err(ReadError::Hole { expected, found: stored.position }.into());
            }
        }
        if batch.is_empty() {
            return Err(ReadError::Hole { expected: expected.next(), found: until }.into());
        }
        Ok(batch)
    }

    async fn compare(&self, batch: &[Stored]) -> Result<(), CopyError> {
        let mut there = Vec::with_capacity(batch.len());
        while there.len() < batch.len() {
            let after = there.last().map_or(self.position, |stored: &Stored| stored.position);
            let more = self.into.read(after, batch.len() - there.len()).await?;
            if more.is_empty() {
                return Err(CopyError::Differs { position: after.next() });
            }
            there.extend(more);
        }
        match batch.iter().zip(&there).find(|(ours, theirs)| ours != theirs) {
            Some((ours, _)) => Err(CopyError::Differs { position: ours.position }),
            None => Ok(()),
        }
    }
}

/// Why a copying stopped.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("the ledger to copy cannot be relied upon")]
    Source(#[source] ExamineError),
    #[error("a ledger cannot be read")]
    Read(#[from] ReadError),
    #[error("the copy cannot be written; what is there is right, start again to go on")]
    Append(#[source] AppendError),
    /// It is a copy of something else, or was changed.
    #[error("the copy holds another record at position {position}; it is no copy of this ledger")]
    Differs { position: Position },
    /// Somebody else writes to the copy.
    #[error(
        "somebody else writes to the copy: position {position} was taken; throw it away, and let nobody write there"
    )]
    Displaced { position: Position },
    #[error("the ledger to copy and the copy are the same place, by two addresses; the copy needs a place of its own")]
    Same,
    /// There is no such position yet.
    #[error("the ledger to copy ends at position {tip}, before {until}")]
    Beyond { until: Position, tip: Position },
    /// What lies behind the end was copied from elsewhere, or is just what should be left out.
    #[error(
        "the copy already holds {there} records, more than the {end} that are to be copied; give the copy another place"
    )]
    Longer { there: Position, end: Position },
    /// It was handed over, and may have grown since.
    #[error("the copy was finished at position {at}, and takes nothing from its source any more")]
    Finished { at: Position },
}
