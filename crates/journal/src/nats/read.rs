//! Reading: what the leader says is there is what is read, whichever server sends it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, Consumer, DeliverPolicy, pull},
    message::StreamMessage,
    stream::{LastRawMessageErrorKind, RawMessageErrorKind, Stream},
};
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::{
    StreamExt, TryStreamExt,
    future::try_join_all,
    stream::{self},
};

use tokio::time::sleep;

use super::{ANSWER_TIMEOUT, names::Names};
use crate::{BoxError, ReadError, Stored};

/// Up to so many records, single requests are faster than a consumer, which takes about 2 ms to make.
const SINGLES_MAX: usize = 16;
/// A consumer that nobody asks for so long is forgotten by the server.
const CONSUMER_IDLE_MAX: Duration = Duration::from_secs(30);
const RETRY_AFTER: Duration = Duration::from_millis(50);

#[derive(Clone)]
pub(super) struct Reader {
    pub(super) stream: Stream<()>,
    pub(super) names: Arc<Names>,
}

impl Reader {
    pub(super) async fn tip(&self) -> Result<Position, ReadError> {
        let info = self.stream.get_info().await.map_err(unavailable)?;
        Ok(Position(info.state.last_sequence))
    }

    pub(super) async fn load(&self, of: StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        let subject = self.names.subject(of);
        let (last, mut next) = tokio::try_join!(self.last_of(&subject), self.next_of(&subject, after))?;
        let Some(last) = last.map(|stored| stored.position) else { return Ok(Vec::new()) };
        let mut records = Vec::new();
        while let Some(stored) = next.take()
            && records.len() < limit
        {
            let at = stored.position;
            records.push(stored);
            if at >= last || records.len() == limit {
                break;
            }
            if records.len() == SINGLES_MAX {
                records.extend(self.consume(at, limit - records.len(), vec![subject], last).await?);
                break;
            }
            next = self.next_of(&subject, at).await?;
        }
        Ok(records)
    }

    pub(super) async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        let until = if kinds.is_empty() { self.tip().await? } else { self.last_of_kinds(kinds).await? };
        if until <= after || limit == 0 {
            return Ok(Vec::new());
        }
        let end = until.0.min(after.0.saturating_add(limit as u64));
        if kinds.is_empty() && end - after.0 <= SINGLES_MAX as u64 {
            let each = stream::iter(after.0 + 1..=end).map(|position| self.at(Position(position)));
            return each.buffered(SINGLES_MAX).try_collect().await;
        }
        self.consume(after, limit, self.subjects(kinds), until).await
    }

    /// What the leader has last of these kinds.
    pub(super) async fn last_of_kinds(&self, kinds: &[Kind]) -> Result<Position, ReadError> {
        let each = kinds.iter().map(|&kind| async move { self.last_of(&self.names.of_kind(kind)).await });
        let last = try_join_all(each).await?.into_iter().flatten().map(|stored| stored.position).max();
        Ok(last.unwrap_or_default())
    }

    /// The last record of a subject, from the leader.
    pub(super) async fn last_of(&self, subject: &str) -> Result<Option<Stored>, ReadError> {
        match self.stream.get_last_raw_message_by_subject(subject).await {
            Ok(message) => self.stored_raw(message).map(Some),
            Err(error) if error.kind() == LastRawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// The first record of a subject after a position, from the leader.
    async fn next_of(&self, subject: &str, after: Position) -> Result<Option<Stored>, ReadError> {
        match self.stream.get_first_raw_message_by_subject(subject, after.0.saturating_add(1)).await {
            Ok(message) => self.stored_raw(message).map(Some),
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    async fn at(&self, position: Position) -> Result<Stored, ReadError> {
        match self.stream.get_raw_message(position.0).await {
            Ok(message) => self.stored_raw(message),
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => {
                Err(ReadError::Hole { expected: position, found: position.next() })
            }
            Err(error) => Err(unavailable(error)),
        }
    }

    /// Reads through consumers until `limit` or the record at `until`, which is there. A replica that lags makes it wait; and one that a
    /// cluster has just made may not be known yet where its messages are asked for, or may go with its server: then another goes on.
    async fn consume(
        &self,
        after: Position,
        limit: usize,
        subjects: Vec<String>,
        until: Position,
    ) -> Result<Vec<Stored>, ReadError> {
        let begun = Instant::now();
        let mut records = Vec::new();
        loop {
            match self.consume_once(after, limit, &subjects, until, &mut records).await {
                Ok(()) => return Ok(records),
                Err(ReadError::Unavailable(error)) if begun.elapsed() < ANSWER_TIMEOUT => {
                    tracing::debug!(%error, "reading goes on through another consumer");
                    sleep(RETRY_AFTER).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Adds what one consumer gives.
    async fn consume_once(
        &self,
        after: Position,
        limit: usize,
        subjects: &[String],
        until: Position,
        records: &mut Vec<Stored>,
    ) -> Result<(), ReadError> {
        let after = records.last().map_or(after, |stored| stored.position);
        let consumer = self.consumer(after, subjects.to_vec()).await?;
        let batch = consumer.batch().max_messages(limit - records.len()).expires(ANSWER_TIMEOUT).messages();
        let mut messages = batch.await.map_err(unavailable)?;
        while let Some(message) = messages.next().await {
            let stored = self.stored(message.map_err(ReadError::Unavailable)?)?.record;
            let end = stored.position >= until;
            records.push(stored);
            if end || records.len() == limit {
                let name = &consumer.cached_info().name;
                if let Err(error) = self.stream.delete_consumer(name).await {
                    tracing::debug!(%error, "a consumer was left for the server to forget");
                }
                return Ok(());
            }
        }
        Err(unavailable(format!("the records up to position {until} did not arrive in {ANSWER_TIMEOUT:?}")))
    }

    /// A consumer of the server's memory, from the record after `after` on, without acknowledgements.
    pub(super) async fn consumer(
        &self,
        after: Position,
        filter_subjects: Vec<String>,
    ) -> Result<Consumer<pull::Config>, ReadError> {
        let config = pull::Config {
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: after.0.saturating_add(1) },
            ack_policy: AckPolicy::None,
            filter_subjects,
            inactive_threshold: CONSUMER_IDLE_MAX,
            num_replicas: 1,
            memory_storage: true,
            ..pull::Config::default()
        };
        self.stream.create_consumer(config).await.map_err(unavailable)
    }

    /// Every subject of these kinds; no filter if there are none.
    pub(super) fn subjects(&self, kinds: &[Kind]) -> Vec<String> {
        kinds.iter().map(|&kind| self.names.of_kind(kind)).collect()
    }

    /// A consumer's message as the record that it carries.
    pub(super) fn stored(&self, message: jetstream::Message) -> Result<Delivered, ReadError> {
        let info = message.info().map_err(ReadError::Unavailable)?;
        let (position, sequence) = (Position(info.stream_sequence), info.consumer_sequence);
        let record = self.record(position, &message.message.subject, message.message.payload.clone())?;
        Ok(Delivered { record, sequence })
    }

    fn stored_raw(&self, message: StreamMessage) -> Result<Stored, ReadError> {
        self.record(Position(message.sequence), &message.subject, message.payload)
    }

    fn record(&self, position: Position, subject: &str, body: Bytes) -> Result<Stored, ReadError> {
        match self.names.parse(subject) {
            Some(stream) => Ok(Stored { position, stream, body }),
            None => Err(ReadError::Damaged { position, what: format!("`{subject}` names no stream of this version") }),
        }
    }
}

pub(super) struct Delivered {
    pub(super) record: Stored,
    /// Counts 1, 2, 3 … what the consumer was sent.
    pub(super) sequence: u64,
}

fn unavailable(error: impl Into<BoxError>) -> ReadError {
    ReadError::Unavailable(error.into())
}
