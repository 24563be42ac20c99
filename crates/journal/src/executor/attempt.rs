//! One command being recorded.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{
    Command, Context, Document, Event, Position, Record, Reference, Refusal, RefusalClass, StreamId, UnitId,
    paper::Paper,
};
use points::Point;
use tokio::{sync::MutexGuard, time::Instant};
use tracing::{debug, warn};

use super::{
    AskedAbout, ExecuteError, Executor, Precondition, Recorded, Submission,
    stream::{Loaded, Past},
};
use crate::{Append, AppendError, Reservation};

/// Pause before a conflict whose winner is still in flight is looked at again; doubles up to `BACKOFF_MAX`.
const BACKOFF: Duration = Duration::from_millis(5);
const BACKOFF_MAX: Duration = Duration::from_millis(200);

pub(super) struct Attempt<'a> {
    executor: &'a Executor,
    stream: StreamId,
    submission: Submission,
    digest: [u8; 32],
    /// See `Executor::asked_about`.
    asked_about: Option<AskedAbout>,
    /// Whether the state is known to be all there was a moment ago. What is cached or assumed may be old, so no refusal rests on it.
    verified: bool,
    /// Whether bytes of this very call may have reached the journal.
    sent: bool,
    deadline: Instant,
}

/// What one round came to.
enum Round {
    Done(Recorded),
    /// The answer would rest on state that may be old: load, and look again.
    Unverified,
    /// Somebody else was first: load, and decide anew.
    Conflict,
}

/// A record that is decided and written down, and not appended yet.
struct Draft<'a> {
    record: Record,
    /// The paper that it stands on, held until the record is there.
    paper: Option<Reservation<'a>>,
    body: Bytes,
}

/// An attempt whose draft can be sent together with others.
pub(super) struct Drafted<'a> {
    attempt: Attempt<'a>,
    loaded: Loaded,
    draft: Draft<'a>,
    _turn: MutexGuard<'a, ()>,
}

impl<'a> Attempt<'a> {
    /// `digest` is that of the command.
    pub(super) fn new(executor: &'a Executor, stream: StreamId, submission: Submission, digest: [u8; 32]) -> Self {
        let deadline = Instant::now() + executor.config.patience;
        Self { executor, stream, submission, digest, asked_about: None, verified: false, sent: false, deadline }
    }

    pub(super) async fn run(mut self) -> Result<Recorded, ExecuteError> {
        let loaded = self.first_state().await?;
        self.asked_about = self.executor.asked_about(&self.submission.command, &loaded.aggregate).await?;
        self.executor.see_distinct(&self.submission.command).await?;
        self.rounds(loaded).await
    }

    async fn rounds(&mut self, mut loaded: Loaded) -> Result<Recorded, ExecuteError> {
        for _ in 0..self.executor.config.attempts {
            match self.round(&mut loaded).await? {
                Round::Done(recorded) => return Ok(recorded),
                Round::Unverified => {
                    self.refresh(&mut loaded).await?;
                }
                Round::Conflict => self.see_winner(&mut loaded).await?,
            }
        }
        Err(ExecuteError::Conflict { stream: self.stream })
    }

    /// Decides with what is at hand. The submission comes back when that takes a wait, or when the answer might be another than a record.
    pub(super) fn draft_at_once(self, turn: MutexGuard<'a, ()>) -> Result<Drafted<'a>, Submission> {
        let command = &self.submission.command;
        let of_a_query = matches!(**command, Command::RaiseQuery(_) | Command::AnswerQuery(_));
        let reads_more = of_a_query || command.distinct_from().is_some();
        let loaded = match self.known_state().filter(|_| !reads_more) {
            Some(loaded) if loaded.past(self.submission.key).is_none() => loaded,
            _ => return Err(self.submission),
        };
        let Ok(decided) = self.decide(&loaded) else { return Err(self.submission) };
        let Some(Ok(paper)) = self.reserve_paper_at_once() else { return Err(self.submission) };
        match self.write(&loaded, decided, paper) {
            Ok(draft) => Ok(Drafted { attempt: self, loaded, draft, _turn: turn }),
            Err(_) => Err(self.submission),
        }
    }

    /// Cached, or empty for a stream that the command begins.
    fn known_state(&self) -> Option<Loaded> {
        let cached = self.executor.cache.get(&self.stream);
        cached.or_else(|| self.submission.command.begins_stream().then(|| Loaded::empty(self.stream.kind)))
    }

    async fn first_state(&mut self) -> Result<Loaded, ExecuteError> {
        if let Some(known) = self.known_state() {
            return Ok(known);
        }
        let mut loaded = Loaded::empty(self.stream.kind);
        self.refresh(&mut loaded).await?;
        Ok(loaded)
    }

    async fn refresh(&mut self, loaded: &mut Loaded) -> Result<bool, ExecuteError> {
        let something = loaded.catch_up(&self.executor.journal, &self.stream).await?;
        self.verified = true;
        Ok(something)
    }

    /// Waits until what won a conflict can be read: the journal knows it, a reader may not yet.
    ///
    /// # Errors
    /// It cannot be read in time, as when the journal's servers have no majority: it may be this very command, sent by an earlier call.
    async fn see_winner(&mut self, loaded: &mut Loaded) -> Result<(), ExecuteError> {
        let mut backoff = BACKOFF;
        while !self.refresh(loaded).await? {
            if Instant::now() >= self.deadline {
                return Err(ExecuteError::OutcomeUnknown { stream: self.stream });
            }
            tokio::time::sleep(backoff).await;
            backoff = (backoff * 2).min(BACKOFF_MAX);
        }
        Ok(())
    }

    async fn round(&mut self, loaded: &mut Loaded) -> Result<Round, ExecuteError> {
        if let Some(past) = loaded.past(self.submission.key).copied() {
            self.executor.cache.put(self.stream, loaded.clone());
            Point::RetryFound.pass();
            return self.receipt_of(past).map(Round::Done);
        }
        let draft = match self.draft(loaded).await {
            Ok(draft) => draft,
            Err(_) if !self.verified => return Ok(Round::Unverified),
            Err(error) => return Err(error),
        };
        let body = draft.body.clone();
        let sent = self.executor.journal.append(&self.stream, loaded.last, body.clone()).await;
        match self.outcome(sent, loaded, body).await? {
            None => Ok(Round::Conflict),
            Some(position) => Ok(Round::Done(self.recorded(position, draft, loaded))),
        }
    }

    fn recorded(&self, position: Position, draft: Draft<'_>, loaded: &mut Loaded) -> Recorded {
        Point::Appended.pass();
        let Draft { record, paper, body } = draft;
        if let Some(paper) = paper {
            paper.recorded(position);
        }
        self.executor.live.recorded_here(position, &record);
        let Record { version, recorded_at, .. } = record;
        if version == 1 {
            self.executor.cache.put_begun(self.stream, position, body);
        } else {
            loaded.fold(position, &record);
            self.executor.cache.put(self.stream, std::mem::replace(loaded, Loaded::empty(self.stream.kind)));
        }
        Recorded { stream: self.stream, version, position, recorded_at, replayed: false }
    }

    /// A receipt is for the office that has it, and for who may act for it, in a role that may send the command.
    fn receipt_of(&self, past: Past) -> Result<Recorded, ExecuteError> {
        let Submission { actor, command, .. } = &self.submission;
        let row = command.row();
        if !row.roles.contains(&actor.role) {
            return Err(ExecuteError::Refused(Refusal::RoleMayNot { role: actor.role, command: row }));
        }
        if !self.acts_for(past.office) {
            return Err(ExecuteError::KeyTaken);
        }
        if past.digest != self.digest {
            return Err(ExecuteError::KeyReused { position: past.position });
        }
        let Past { version, position, recorded_at, .. } = past;
        // Found after a lost acknowledgement it is this call's own.
        Ok(Recorded { stream: self.stream, version, position, recorded_at, replayed: !self.sent })
    }

    fn acts_for(&self, office: UnitId) -> bool {
        let (own, reference) = (self.submission.actor.office, self.executor.live.reference());
        own == office || reference.structure.acts_for(own, office, self.executor.live.now().local_date())
    }

    async fn draft(&self, loaded: &Loaded) -> Result<Draft<'a>, ExecuteError> {
        let decided = self.decide(loaded)?;
        let paper = self.reserve_paper().await?;
        self.write(loaded, decided, paper)
    }

    fn decide(&self, loaded: &Loaded) -> Result<Decided, ExecuteError> {
        let Submission { key, actor, command, .. } = &self.submission;
        let reference = self.executor.live.reference();
        let context = self.executor.context(*actor, *key, self.stream)?;
        let decided = self.executor.decide(loaded, self.asked_about.as_ref(), &reference, &context, command);
        // Whether something stands there, and where, is told to nobody who may not do this at all.
        if !matches!(&decided, Err(ExecuteError::Refused(refusal)) if refusal.class() == RefusalClass::Forbidden) {
            self.check_precondition(loaded)?;
        }
        Ok(Decided { events: decided?, context, reference })
    }

    fn write(
        &self,
        loaded: &Loaded,
        decided: Decided,
        paper: Option<Reservation<'a>>,
    ) -> Result<Draft<'a>, ExecuteError> {
        let Submission { key, actor, command, .. } = &self.submission;
        let record = Record {
            stream: self.stream,
            version: loaded.version + 1,
            command: *key,
            command_name: command.name().to_owned(),
            command_digest: self.digest,
            correlation: self.submission.correlation,
            causation: self.submission.causation,
            actor: *actor,
            on_behalf_of: command.on_behalf_of(),
            recorded_at: decided.context.at,
            reference_position: decided.reference.position,
            document: command.document().map(Document::normalised),
            distinct_from: command.distinct_from(),
            trace_parent: self.submission.trace_parent.clone(),
            events: decided.events,
        };
        let body = wire::encode(&record).map_err(|error| match error {
            wire::EncodeError::TooLarge { bytes, limit } => ExecuteError::TooLarge { bytes, limit },
            error => ExecuteError::Unwritable(error.into()),
        })?;
        Point::Decided.pass();
        Ok(Draft { record, paper, body })
    }

    fn check_precondition(&self, loaded: &Loaded) -> Result<(), ExecuteError> {
        let holds = match self.submission.precondition {
            None => true,
            Some(Precondition::NewStream) => loaded.last.is_none(),
            Some(Precondition::LastPosition(position)) => loaded.last == Some(position),
        };
        if holds { Ok(()) } else { Err(ExecuteError::Stale { actual: loaded.last }) }
    }

    async fn reserve_paper(&self) -> Result<Option<Reservation<'a>>, ExecuteError> {
        let Some(paper) = Paper::of_command(&self.submission.command) else { return Ok(None) };
        let reserved = self.executor.live.papers().reserve(paper, self.submission.command.distinct_from());
        reserved.await.map(Some).map_err(taken)
    }

    /// `None` while another command is just recording the paper.
    fn reserve_paper_at_once(&self) -> Option<Result<Option<Reservation<'a>>, ExecuteError>> {
        let Some(paper) = Paper::of_command(&self.submission.command) else { return Some(Ok(None)) };
        let distinct_from = self.submission.command.distinct_from();
        let reserved = self.executor.live.papers().reserve_at_once(paper, distinct_from)?;
        Some(reserved.map(Some).map_err(taken))
    }

    /// Sends the identical bytes with the same expectation until they are acknowledged or conflict. `None` is a conflict.
    async fn outcome(
        &mut self,
        mut outcome: Result<Position, AppendError>,
        loaded: &Loaded,
        body: Bytes,
    ) -> Result<Option<Position>, ExecuteError> {
        let mut backoff = BACKOFF;
        let mut unknown = false;
        loop {
            let error = match outcome {
                Ok(position) => return Ok(Some(position)),
                Err(error) => error,
            };
            match error {
                AppendError::Conflict { actual, .. } => {
                    debug!(stream = %self.stream, ?actual, expected = ?loaded.last, "conflict");
                    self.sent |= unknown;
                    self.verified = false;
                    return Ok(None);
                }
                AppendError::TooLarge { bytes, limit } => return Err(ExecuteError::TooLarge { bytes, limit }),
                AppendError::Sealed(sealed) if !unknown => return Err(sealed.into()),
                // Behind an unknown outcome it may be this very record that seals: the stream is looked at.
                AppendError::Sealed(_) => {
                    self.sent = true;
                    self.verified = false;
                    return Ok(None);
                }
                AppendError::Busy { retry_after } if !unknown => return Err(ExecuteError::Busy { retry_after }),
                AppendError::Unavailable(source) if !unknown && Instant::now() >= self.deadline => {
                    return Err(ExecuteError::Unavailable(source));
                }
                AppendError::OutcomeUnknown { source, .. } => {
                    warn!(stream = %self.stream, error = %source, "the outcome of an append is unknown, sending it again");
                    unknown = true;
                }
                AppendError::Busy { .. } | AppendError::Unavailable(_) => {}
            }
            if Instant::now() >= self.deadline {
                return Err(ExecuteError::OutcomeUnknown { stream: self.stream });
            }
            tokio::time::sleep(backoff).await;
            backoff = (backoff * 2).min(BACKOFF_MAX);
            outcome = self.executor.journal.append(&self.stream, loaded.last, body.clone()).await;
        }
    }
}

/// What was decided, and on what.
struct Decided {
    events: Vec<Event>,
    context: Context,
    reference: Arc<Reference>,
}

impl Drafted<'_> {
    pub(super) fn append(&self) -> Append {
        Append { stream: self.attempt.stream, expected: self.loaded.last, body: self.draft.body.clone() }
    }

    pub(super) fn done(mut self, position: Position) -> Recorded {
        self.attempt.recorded(position, self.draft, &mut self.loaded)
    }

    /// Goes on after an append that was not acknowledged.
    pub(super) async fn resume(self, error: AppendError) -> Result<Recorded, ExecuteError> {
        let Self { mut attempt, mut loaded, draft, _turn } = self;
        match attempt.outcome(Err(error), &loaded, draft.body.clone()).await? {
            Some(position) => Ok(attempt.recorded(position, draft, &mut loaded)),
            None => {
                // What is decided next may stand on another paper, or on none.
                drop(draft);
                attempt.see_winner(&mut loaded).await?;
                attempt.rounds(loaded).await
            }
        }
    }
}

fn taken(taken: crate::live::PaperTaken) -> ExecuteError {
    ExecuteError::Refused(taken.into())
}
