//! One command being recorded.

use std::time::Duration;

use bytes::Bytes;
use domain::{Record, Refusal, StreamId};
use tokio::time::Instant;
use tracing::{debug, warn};

use super::{
    ExecuteError, Executor, Precondition, Recorded, Submission,
    stream::{Loaded, Past},
};
use crate::{AppendError, Reservation};

/// Pause before a conflict whose winner is still in flight is looked at again; doubles up to `BACKOFF_MAX`.
const BACKOFF: Duration = Duration::from_millis(5);
const BACKOFF_MAX: Duration = Duration::from_millis(200);

pub(super) struct Attempt<'a> {
    executor: &'a Executor,
    stream: StreamId,
    submission: Submission,
    digest: [u8; 32],
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

impl<'a> Attempt<'a> {
    pub(super) fn new(executor: &'a Executor, stream: StreamId, submission: Submission) -> Result<Self, ExecuteError> {
        let digest =
            wire::command_digest(&submission.command).map_err(|error| ExecuteError::Unwritable(error.into()))?;
        let deadline = Instant::now() + executor.config.patience;
        Ok(Self { executor, stream, submission, digest, verified: false, sent: false, deadline })
    }

    pub(super) async fn run(mut self) -> Result<Recorded, ExecuteError> {
        let mut loaded = self.first_state().await?;
        let mut backoff = BACKOFF;
        for _ in 0..self.executor.config.attempts {
            match self.round(&mut loaded).await? {
                Round::Done(recorded) => return Ok(recorded),
                Round::Unverified => {
                    self.refresh(&mut loaded).await?;
                }
                Round::Conflict => {
                    while !self.refresh(&mut loaded).await? && Instant::now() < self.deadline {
                        // The winner is in flight: the journal knows it, a reader does not yet.
                        tokio::time::sleep(backoff).await;
                        backoff = (backoff * 2).min(BACKOFF_MAX);
                    }
                }
            }
        }
        Err(ExecuteError::Conflict { stream: self.stream })
    }

    /// Cached, or empty for a stream that the command begins, or loaded.
    async fn first_state(&mut self) -> Result<Loaded, ExecuteError> {
        if let Some(cached) = self.executor.cache.get(&self.stream) {
            return Ok(cached);
        }
        let mut loaded = Loaded::empty(self.stream.kind);
        if !self.submission.command.begins_stream() {
            self.refresh(&mut loaded).await?;
        }
        Ok(loaded)
    }

    async fn refresh(&mut self, loaded: &mut Loaded) -> Result<bool, ExecuteError> {
        let something = loaded.catch_up(&self.executor.journal, &self.stream).await?;
        self.verified = true;
        Ok(something)
    }

    async fn round(&mut self, loaded: &mut Loaded) -> Result<Round, ExecuteError> {
        if let Some(past) = loaded.past(self.submission.key).copied() {
            self.executor.cache.put(self.stream, loaded.clone());
            return self.receipt_of(past).map(Round::Done);
        }
        let (record, paper) = match self.decide(loaded).await {
            Ok(decided) => decided,
            Err(_) if !self.verified => return Ok(Round::Unverified),
            Err(error) => return Err(error),
        };
        let body = wire::encode(&record).map_err(|error| match error {
            wire::EncodeError::TooLarge { bytes, limit } => ExecuteError::TooLarge { bytes, limit },
            error => ExecuteError::Unwritable(error.into()),
        })?;
        match self.append(loaded, body).await? {
            None => {
                self.verified = false;
                Ok(Round::Conflict)
            }
            Some(position) => {
                if let Some(paper) = paper {
                    paper.recorded(position);
                }
                self.executor.live.recorded_here(position, &record);
                loaded.fold(position, &record);
                self.executor.cache.put(self.stream, std::mem::replace(loaded, Loaded::empty(self.stream.kind)));
                let Record { version, recorded_at, .. } = record;
                Ok(Round::Done(Recorded { stream: self.stream, version, position, recorded_at, replayed: false }))
            }
        }
    }

    fn receipt_of(&self, past: Past) -> Result<Recorded, ExecuteError> {
        if past.digest != self.digest {
            return Err(ExecuteError::KeyReused { position: past.position });
        }
        let Past { version, position, recorded_at, .. } = past;
        // Found after a lost acknowledgement it is this call's own.
        Ok(Recorded { stream: self.stream, version, position, recorded_at, replayed: !self.sent })
    }

    async fn decide(&self, loaded: &Loaded) -> Result<(Record, Option<Reservation<'a>>), ExecuteError> {
        self.check_precondition(loaded)?;
        let Submission { key, actor, command, .. } = &self.submission;
        let reference = self.executor.live.reference();
        let context = self.executor.context(*actor, *key, self.stream);
        let events = domain::decide(&loaded.aggregate, &reference, &context, command).map_err(ExecuteError::Refused)?;
        let paper = self.reserve_paper().await?;
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
            recorded_at: context.at,
            reference_position: reference.position,
            document: command.document().map(domain::Document::normalised),
            distinct_from: command.distinct_from(),
            trace_parent: self.submission.trace_parent.clone(),
            events,
        };
        Ok((record, paper))
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
        let command = &self.submission.command;
        let (Some(kind), Some(document)) = (command.paper_kind(), command.document()) else { return Ok(None) };
        let reserved = self.executor.live.papers().reserve(kind, document, command.distinct_from()).await;
        reserved
            .map(Some)
            .map_err(|taken| ExecuteError::Refused(Refusal::LooksRecordedAlready { position: taken.position }))
    }

    /// Sends the identical bytes with the same expectation until they are acknowledged or conflict. `None` is a conflict.
    async fn append(&mut self, loaded: &Loaded, body: Bytes) -> Result<Option<domain::Position>, ExecuteError> {
        let mut backoff = BACKOFF;
        let mut unknown = false;
        loop {
            let error = match self.executor.journal.append(&self.stream, loaded.last, body.clone()).await {
                Ok(position) => return Ok(Some(position)),
                Err(error) => error,
            };
            match error {
                AppendError::Conflict { actual, .. } => {
                    debug!(stream = %self.stream, ?actual, expected = ?loaded.last, "conflict");
                    self.sent |= unknown;
                    return Ok(None);
                }
                AppendError::TooLarge { bytes, limit } => return Err(ExecuteError::TooLarge { bytes, limit }),
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
        }
    }
}
