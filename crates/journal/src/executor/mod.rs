//! A command's way into the ledger: load, decide, append; on a conflict load what is new and decide again.
//!
//! Law 7 lives here. The loaded state of a stream includes its command ids, and the journal's guard proves that nothing came since.

mod attempt;
mod cache;
mod stream;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use domain::{
    Actor, Aggregate, Command, CommandId, Context, Event, Kind, Position, Record, Reference, Refusal, Role, StreamId,
    Timestamp, UnitId,
    query::{AnswerQuery, Query, RaiseQuery},
};
use futures::{FutureExt, StreamExt, future::Either, stream::FuturesUnordered};
use tokio::sync::Mutex;
use uuid::Uuid;

use self::{
    attempt::{Attempt, Drafted},
    cache::Cache,
    stream::Loaded,
};
use crate::{Live, NotNow, ReadError, Sealed, SharedJournal, Stored, live::changes_what_is_known};

/// Locks that streams share by hash: commands of one stream wait for each other here instead of racing at the journal. Many more than are held
/// at once, since a line whose turn is another's goes the long way.
const LOCKS: usize = 32_768;

/// Longest wait for a reference record to be in force in this process.
const SETTLE_MAX: Duration = Duration::from_secs(2);

/// Records of a case read at once.
const PAGE: usize = 512;

/// Limits of an executor.
#[derive(Clone, Copy, Debug)]
pub struct ExecutorConfig {
    /// Most streams kept in memory.
    pub cached_streams: usize,
    /// How often a command is decided anew after a conflict before the caller is told.
    pub attempts: u32,
    /// How long an append whose outcome is unknown is sent again.
    pub patience: Duration,
}

impl Default for ExecutorConfig {
    fn default() -> Self {
        Self { cached_streams: 20_000, attempts: 8, patience: Duration::from_secs(10) }
    }
}

/// What the records say that a command of a query names.
enum AskedAbout {
    /// Whom the record asked about concerns.
    Concerned(BTreeSet<UnitId>),
    /// The stream asked about, and what is named as its correction.
    Answered { about: StreamId, named: Box<Record> },
}

/// One command with all that is recorded of its sender.
#[derive(Clone, Debug)]
pub struct Submission {
    pub key: CommandId,
    pub actor: Actor,
    /// Boxed: a submission is moved several times on its way.
    pub command: Box<Command>,
    pub precondition: Option<Precondition>,
    pub correlation: Option<Uuid>,
    pub causation: Option<Uuid>,
    pub trace_parent: Option<String>,
}

impl Submission {
    /// A command whose sender says nothing of its context.
    pub fn new(key: CommandId, actor: Actor, command: Command) -> Self {
        let command = Box::new(command);
        Self { key, actor, command, precondition: None, correlation: None, causation: None, trace_parent: None }
    }

    fn stream(&self) -> StreamId {
        self.command.stream(self.key)
    }
}

/// What the caller says of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    LastPosition(Position),
    NewStream,
}

/// Where a command stands in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    pub stream: StreamId,
    pub version: u64,
    pub position: Position,
    pub recorded_at: Timestamp,
    /// It had been recorded before this call.
    pub replayed: bool,
}

/// Why a command is not recorded, or not known to be.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    #[error("refused: {}", .0.slug())]
    Refused(Refusal),
    /// `If-Match` or `If-None-Match` does not hold.
    #[error("the stream is at {actual:?}")]
    Stale { actual: Option<Position> },
    /// The key was used for another command on this stream.
    #[error("the key was used for another command, at position {position}")]
    KeyReused { position: Position },
    /// The key was used by an office for which the caller does not act.
    #[error("the key was used by another office")]
    KeyTaken,
    /// Others kept winning.
    #[error("others kept writing to `{stream}`")]
    Conflict { stream: StreamId },
    /// Send it again with the same key.
    #[error("it is not known whether `{stream}` was written")]
    OutcomeUnknown { stream: StreamId },
    #[error("the journal is busy; try again in {retry_after:?}")]
    Busy { retry_after: Duration },
    #[error("the record would have {bytes} bytes, more than {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// A decision that could be written but never read again; a fault of this program.
    #[error("the record cannot be written down")]
    Unwritable(#[source] crate::BoxError),
    /// Nothing is recorded now, whatever the command.
    #[error(transparent)]
    NotNow(#[from] NotNow),
    /// The ledger takes no records here. Nothing was recorded.
    #[error(transparent)]
    Sealed(#[from] Sealed),
    /// Nothing was recorded.
    #[error("the journal cannot be reached")]
    Unavailable(#[source] crate::BoxError),
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Decides and appends. One of them serves all callers of a process.
pub struct Executor {
    journal: SharedJournal,
    live: Arc<Live>,
    cache: Cache,
    locks: Vec<Mutex<()>>,
    config: ExecutorConfig,
}

impl Executor {
    pub fn new(config: ExecutorConfig, journal: SharedJournal, live: Arc<Live>) -> Self {
        let locks = (0..LOCKS).map(|_| Mutex::new(())).collect();
        Self { journal, live, cache: Cache::new(config.cached_streams), locks, config }
    }

    pub const fn journal(&self) -> &SharedJournal {
        &self.journal
    }

    pub const fn live(&self) -> &Arc<Live> {
        &self.live
    }

    /// Records a command once, for ever: the same key again returns the same place.
    ///
    /// # Errors
    /// See [`ExecuteError`]; only `OutcomeUnknown` leaves it open whether the command is recorded.
    pub async fn execute(&self, submission: Submission) -> Result<Recorded, ExecuteError> {
        let stream = submission.stream();
        let _turn = self.lock_of(&stream).lock().await;
        let digest =
            wire::command_digest(&submission.command).map_err(|error| ExecuteError::Unwritable(error.into()))?;
        // Boxed, since what waits for a commit by the thousand is moved a few times on its way there.
        let recorded = Box::pin(Attempt::new(self, stream, submission, digest).run()).await?;
        if changes_what_is_known(stream.kind) {
            self.settle(recorded.position).await;
        }
        Ok(recorded)
    }

    /// Records commands that do not wait for each other; an answer for each, in their order. As `execute` for each of them, but what can be
    /// decided at once is appended together.
    pub async fn execute_all(&self, submissions: Vec<Submission>) -> Vec<Result<Recorded, ExecuteError>> {
        // Whatever should go without an answer below was perhaps recorded.
        let unknown = |submission: &Submission| Err(ExecuteError::OutcomeUnknown { stream: submission.stream() });
        let mut answers: Vec<_> = submissions.iter().map(unknown).collect();
        let (mut drafted, mut others) = (Vec::with_capacity(submissions.len()), Vec::new());
        for (index, submission) in submissions.into_iter().enumerate() {
            match self.draft_at_once(submission) {
                Ok(draft) => drafted.push((index, draft)),
                Err(submission) => others.push((index, submission)),
            }
        }
        let appends = drafted.iter().map(|(_, draft)| draft.append()).collect();
        let sent = self.journal.append_all(appends).await;
        // What is not simply acknowledged, or could not be decided at once, goes the long way: side by side.
        let mut long = FuturesUnordered::new();
        for ((index, draft), sent) in drafted.into_iter().zip(sent) {
            match sent {
                Ok(position) => answers[index] = Ok(draft.done(position)),
                Err(error) => long.push(Either::Left(draft.resume(error).map(move |answer| (index, answer)))),
            }
        }
        for (index, submission) in others {
            long.push(Either::Right(self.execute(submission).map(move |answer| (index, answer))));
        }
        while let Some((index, answer)) = long.next().await {
            answers[index] = answer;
        }
        answers
    }

    /// Nothing is waited for while the turn of a stream is held, so that two calls which hold some cannot wait for each other.
    fn draft_at_once(&self, submission: Submission) -> Result<Drafted<'_>, Submission> {
        let stream = submission.stream();
        if changes_what_is_known(stream.kind) {
            return Err(submission);
        }
        let Ok(turn) = self.lock_of(&stream).try_lock() else { return Err(submission) };
        let Ok(digest) = wire::command_digest(&submission.command) else { return Err(submission) };
        Attempt::new(self, stream, submission, digest).draft_at_once(turn)
    }

    /// Whoever changed the reference or a grant finds it in force with the next command. Only a courtesy: the record stands anyway.
    async fn settle(&self, position: Position) {
        let reached = tokio::time::timeout(SETTLE_MAX, self.live.reached(position)).await;
        if reached != Ok(true) {
            tracing::warn!(%position, "a change of reference data is recorded but not yet in force here");
        }
    }

    /// What would be recorded, without recording it.
    ///
    /// # Errors
    /// The refusal, or why the stream cannot be read.
    pub async fn preview(&self, actor: Actor, key: CommandId, command: &Command) -> Result<Vec<Event>, ExecuteError> {
        let stream = command.stream(key);
        let loaded = self.load(&stream).await?;
        let asked_about = self.asked_about(command, &loaded.aggregate).await?;
        self.see_distinct(command).await?;
        let context = self.context(actor, key, stream)?;
        self.decide(&loaded, asked_about.as_ref(), &self.live.reference(), &context, command)
    }

    /// By its stream and the reference; and by the records that it names, and who posted them.
    fn decide(
        &self,
        loaded: &Loaded,
        asked_about: Option<&AskedAbout>,
        reference: &Reference,
        context: &Context,
        command: &Command,
    ) -> Result<Vec<Event>, ExecuteError> {
        // Before how the query stands: that is for those who may close it.
        if let (Command::CloseQuery(close), Some(office), Role::Auditor) =
            (command, loaded.begun_by, context.actor.role)
        {
            close.closes_what_was_asked_under(office, reference, context).map_err(ExecuteError::Refused)?;
        }
        let decided = domain::decide(&loaded.aggregate, reference, context, command);
        let events = decided.map_err(ExecuteError::Refused)?;
        let beside = match (command, asked_about) {
            (Command::RaiseQuery(raise), Some(AskedAbout::Concerned(units))) => {
                raise.asks_who_is_concerned(units, &reference.structure, context.today())
            }
            (Command::RaiseQuery(raise), _) => Err(raise.asks_about_nothing(context)),
            (Command::AnswerQuery(answer), Some(AskedAbout::Answered { about, named })) => {
                answer.names_what_set_right(*about, named)
            }
            (Command::AnswerQuery(answer), _) if answer.corrected_at.is_some() => Err(answer.names_nothing(context)),
            _ => self.live.refuses(command).map_or(Ok(()), Err),
        };
        beside.map(|()| events).map_err(ExecuteError::Refused)
    }

    /// A record that the caller names may have come from another process, and not be known here yet.
    async fn see_distinct(&self, command: &Command) -> Result<(), ReadError> {
        let Some(position) = command.distinct_from() else { return Ok(()) };
        if position > self.live.position() && position <= self.journal.tip().await? {
            // Whether it came or not, the paper's own look says what is known by now.
            let _ = tokio::time::timeout(SETTLE_MAX, self.live.reached(position)).await;
        }
        Ok(())
    }

    /// What the records say that a command of a query names. `None` for any other command, and when there are no such records.
    async fn asked_about(&self, command: &Command, state: &Aggregate) -> Result<Option<AskedAbout>, ReadError> {
        match (command, state) {
            (Command::RaiseQuery(RaiseQuery { about, .. }), _) => self.concerned(*about).await,
            (Command::AnswerQuery(AnswerQuery { corrected_at: Some(named), .. }), Aggregate::Query(query)) => {
                self.answered(query, *named).await
            }
            _ => Ok(None),
        }
    }

    /// The units that a query's record concerns, with all records of its stream, where that is a case: whose it is by now may have changed.
    async fn concerned(&self, about: Position) -> Result<Option<AskedAbout>, ReadError> {
        let Some(stored) = self.stored_at(about).await? else { return Ok(None) };
        let mut units = read_record(&stored)?.units();
        if matches!(stored.stream.kind, Kind::Organisation | Kind::Admission | Kind::Batch) {
            let mut after = Position::START;
            loop {
                let page = self.journal.load(&stored.stream, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.position;
                for stored in &page {
                    units.append(&mut read_record(stored)?.units());
                }
            }
        }
        Ok(Some(AskedAbout::Concerned(units)))
    }

    /// The stream that a query asks about, and the record named in its answer.
    async fn answered(&self, query: &Query, named: Position) -> Result<Option<AskedAbout>, ReadError> {
        let Some(about) = query.about() else { return Ok(None) };
        let (about, named) = (self.stored_at(about).await?, self.stored_at(named).await?);
        let (Some(about), Some(named)) = (about, named) else { return Ok(None) };
        Ok(Some(AskedAbout::Answered { about: about.stream, named: Box::new(read_record(&named)?) }))
    }

    async fn stored_at(&self, position: Position) -> Result<Option<Stored>, ReadError> {
        let Some(before) = position.0.checked_sub(1) else { return Ok(None) };
        let found = self.journal.read(Position(before), 1, &[]).await?;
        Ok(found.into_iter().next().filter(|stored| stored.position == position))
    }

    fn context(&self, actor: Actor, key: CommandId, stream: StreamId) -> Result<Context, NotNow> {
        Ok(Context { at: self.live.stamp()?, actor, key, stream, tip: self.live.tip() })
    }

    async fn load(&self, stream: &StreamId) -> Result<Loaded, ReadError> {
        let mut loaded = self.cache.get(stream).unwrap_or_else(|| Loaded::empty(stream.kind));
        loaded.catch_up(&self.journal, stream).await?;
        Ok(loaded)
    }

    fn lock_of(&self, stream: &StreamId) -> &Mutex<()> {
        // The low bits of a UUIDv5 are as good as a hash.
        let index = usize::try_from(stream.id.as_u128() % LOCKS as u128).unwrap_or(0);
        &self.locks[index]
    }
}

fn read_record(stored: &Stored) -> Result<Record, ReadError> {
    let damaged = |error: wire::DecodeError| ReadError::Damaged { position: stored.position, what: error.to_string() };
    wire::decode(&stored.body).map_err(damaged)
}

#[cfg(test)]
mod unseen;
