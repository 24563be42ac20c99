//! The port: what a journal promises, in terms that every adapter keeps. The laws themselves are in `laws/`.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Kind, Position, StreamId, Timestamp};
use futures::{future::join_all, stream::BoxStream};

use crate::Deviations;

/// Largest body of a record, in bytes: the size of an entry in a C2SP tlog bundle.
pub const BODY_MAX_BYTES: usize = 65_535;

/// Most records one `load` or `read` returns, whatever limit was asked for.
pub const READ_MAX: usize = 8_192;

pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// One append-only ledger. Positions are 1, 2, 3 … over the whole of it, without a hole.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// Appends one record. Durable, at the level `durability` names, when it returns.
    ///
    /// `expected` is the stream's last position, `None` for a new stream. The guard is the only protection: sending identical
    /// bytes again with the same expectation adds nothing. Once a record that seals the
    /// ledger is acknowledged, nothing is taken here any more.
    async fn append(&self, stream: &StreamId, expected: Option<Position>, body: Bytes)
    -> Result<Position, AppendError>;

    /// Several appends at once, an outcome for each in their order. None of them waits for another: they may land in any order, and one that
    /// is refused says nothing of the others. Where a commit or a trip is what costs, this costs it once.
    async fn append_all(&self, appends: Vec<Append>) -> Vec<Result<Position, AppendError>> {
        let each = |append: Append| async move { self.append(&append.stream, append.expected, append.body).await };
        join_all(appends.into_iter().map(each)).await
    }

    /// Records of one stream after `after`, in order, at most `limit`. Fewer than `min(limit, READ_MAX)` come only when there
    /// were no more of them when the call began.
    async fn load(&self, stream: &StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError>;

    /// At most `limit` records with position > `after`, in position order, of these kinds of stream (all if empty). Fewer than
    /// `min(limit, READ_MAX)` come only when there were no more of them when the call began: whoever asks for `tip` first
    /// has then scanned up to that tip.
    async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError>;

    /// From the past into the present without a gap or a repeat. A filtered follower learns by `UpTo` how far it has seen;
    /// an unfiltered one gets every position once. The stream ends only with an error or when dropped.
    fn follow(&self, after: Position, kinds: &[Kind]) -> BoxStream<'static, Result<Followed, ReadError>>;

    /// Position of the last record; `Position::START` when there is none.
    async fn tip(&self) -> Result<Position, ReadError>;

    /// What an acknowledged append has survived by the time it is acknowledged.
    fn durability(&self) -> Durability;

    /// What the store says of itself now; the [`Watchdog`](crate::Watchdog) asks again and again.
    async fn examine(&self) -> Result<Examined, ExamineError> {
        Ok(Examined { tip: self.tip().await?, time: None, sealed: None })
    }

    /// What tells the place where it lies from any other, by whatever address it is reached; `None` where nothing does.
    fn place_id(&self) -> Option<String> {
        None
    }
}

/// What a store says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Examined {
    /// Position of the last record.
    pub tip: Position,
    /// The store's own time, read between question and answer; `None` where it has no clock but this machine's.
    pub time: Option<Timestamp>,
    /// Why nothing can be appended, if nothing can.
    pub sealed: Option<Sealed>,
}

/// Why a ledger takes no records where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Sealed {
    /// A record of it says that it goes on elsewhere.
    #[error("the ledger was sealed here, for it goes on elsewhere")]
    Moved,
    /// A record of it says so, and its server has not been told: other processes may still append for a moment.
    #[error(
        "the ledger is sealed by its record, and its server takes more until `socai provision` has sealed it there"
    )]
    Moving,
    /// It is a copy, and what it is copied from may still grow.
    #[error("this is a copy of a ledger, and not finished: what it is copied from was not sealed yet")]
    Unfinished,
}

/// Why a store cannot be relied upon, or could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ExamineError {
    #[error("the journal cannot be reached")]
    Unavailable(#[source] BoxError),
    /// A setting was changed so that records could be lost.
    #[error("the journal would not keep every record: {what}; change its setting `{setting}` back")]
    Unsafe { setting: &'static str, what: String },
    /// Connected to another server than before, which is older than any on which the journal's laws hold.
    #[error("the journal has come to a server of version {version}; at least {}.{} is needed", oldest.0, oldest.1)]
    TooOld { version: String, oldest: (u32, u32) },
    /// Records are missing, or it is another ledger than before.
    #[error("the ledger is not what it was: {what}")]
    Lost { what: String },
}

impl From<ReadError> for ExamineError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Unavailable(source) => Self::Unavailable(source),
            lost => Self::Lost { what: lost.to_string() },
        }
    }
}

/// One append of several; see [`Journal::append`].
#[derive(Clone, Debug)]
pub struct Append {
    pub stream: StreamId,
    pub expected: Option<Position>,
    pub body: Bytes,
}

pub type SharedJournal = Arc<dyn Journal>;

/// A record as it lies in the journal. `body` comes back exactly as it was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub position: Position,
    pub stream: StreamId,
    pub body: Bytes,
}

impl Stored {
    /// Whether it seals its ledger. Only a record of the ledger's own stream is looked into.
    pub(crate) fn seals(&self) -> bool {
        seals(&self.stream, &self.body)
    }
}

pub(crate) fn seals(stream: &StreamId, body: &Bytes) -> bool {
    stream.kind == Kind::Ledger && wire::seals(body)
}

/// What `follow` yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    Record(Stored),
    /// Everything up to this position has been seen; nothing of it that matches is still to come.
    UpTo(Position),
}

/// The level that a receipt names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// In memory only; for tests.
    Memory,
    /// On disk: fsync returned before the acknowledgement.
    Fsync,
    /// Accepted by one server that syncs later: a power cut can lose the last seconds.
    Buffered,
    /// Accepted by a quorum of `replicas` servers.
    Replicated { replicas: u8, fsync: bool },
    /// Likewise, by a store with settings under which records could be lost, and which an operator has accepted by name.
    Despite { replicas: u8, fsync: bool, deviations: Deviations },
}

impl Durability {
    /// How many servers, or files, an acknowledged record is on.
    pub const fn replicas(self) -> usize {
        match self {
            Self::Memory | Self::Fsync | Self::Buffered => 1,
            Self::Replicated { replicas, .. } | Self::Despite { replicas, .. } => replicas as usize,
        }
    }

    /// What was accepted of the store, and is so.
    pub fn deviations(self) -> Deviations {
        if let Self::Despite { deviations, .. } = self { deviations } else { Deviations::default() }
    }

    /// By one server or more, synced or not.
    pub(crate) const fn by(replicas: u8, fsync: bool) -> Self {
        match (replicas, fsync) {
            (0 | 1, true) => Self::Fsync,
            (0 | 1, false) => Self::Buffered,
            _ => Self::Replicated { replicas, fsync },
        }
    }
}

impl std::fmt::Display for Durability {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Fsync => f.write_str("fsync"),
            Self::Buffered => f.write_str("buffered"),
            Self::Replicated { replicas, fsync: true } => write!(f, "replicated-{replicas}-fsync"),
            Self::Replicated { replicas, fsync: false } => write!(f, "replicated-{replicas}"),
            Self::Despite { replicas: 0 | 1, deviations, .. } if deviations.contains(Deviations::STORAGE) => {
                write!(f, "{}-despite-{deviations}", Self::Memory)
            }
            Self::Despite { replicas, fsync, deviations } => {
                write!(f, "{}-despite-{deviations}", Self::by(*replicas, *fsync))
            }
        }
    }
}

/// Why nothing was appended, or why we cannot know.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// The stream's last position is not the expected one. `actual` is `None` while the winner is in flight: back off and load.
    #[error("stream `{stream}` is at {}, not at {}", Shown(.actual), Shown(.expected))]
    Conflict { stream: StreamId, expected: Option<Position>, actual: Option<Position> },
    /// The append may or may not have happened. Send the identical bytes again with the same expectation.
    #[error("the outcome of an append to `{stream}` is unknown")]
    OutcomeUnknown {
        stream: StreamId,
        #[source]
        source: BoxError,
    },
    /// A named queue is full. Nothing was appended.
    #[error("the journal is busy; try again in {retry_after:?}")]
    Busy { retry_after: Duration },
    /// The body exceeds `BODY_MAX_BYTES`. Nothing was appended.
    #[error("a record of {bytes} bytes exceeds the limit of {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// The ledger takes no records here. Nothing was appended.
    #[error(transparent)]
    Sealed(#[from] Sealed),
    /// The journal cannot be reached. Nothing was appended.
    #[error("the journal cannot be reached")]
    Unavailable(#[source] BoxError),
}

struct Shown<'a>(&'a Option<Position>);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(position) => write!(f, "position {position}"),
            None => f.write_str("its beginning"),
        }
    }
}

/// Why a read gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the journal cannot be reached")]
    Unavailable(#[source] BoxError),
    /// Something is stored that cannot be a record of this ledger.
    #[error("the record at position {position} is damaged: {what}")]
    Damaged { position: Position, what: String },
    /// A position is missing: data were lost. Followers stop here, loudly.
    #[error("position {expected} is missing: the journal goes on at {found}")]
    Hole { expected: Position, found: Position },
}
