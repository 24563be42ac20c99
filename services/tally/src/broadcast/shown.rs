//! What the stream of cells holds, as this process last saw it; and how it gets what is new.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use async_nats::jetstream::{
    self, ErrorCode,
    consumer::{AckPolicy, DeliverPolicy, pull},
    context::PublishErrorKind,
    message::PublishMessage,
    stream::Stream,
};
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use journal::{BoxError, nats::NatsServers};
use points::Point;

const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
const IN_FLIGHT: usize = 64;

/// Why telling has ended.
#[derive(Debug)]
pub(super) enum Failed {
    /// Somebody else told something meanwhile: look again.
    Overtaken,
    /// Somebody else is farther: there is nothing to tell yet.
    Behind,
    Told(anyhow::Error),
}

impl Failed {
    pub(super) fn told(error: impl Into<BoxError>) -> Self {
        Self::Told(anyhow::Error::from_boxed(error.into()))
    }
}

/// The last message of a subject.
struct Last {
    sequence: u64,
    bytes: Bytes,
}

pub(super) struct Shown {
    context: jetstream::Context,
    stream: Stream,
    last: BTreeMap<String, Last>,
}

impl Shown {
    /// Reads the last value of everything; makes the stream where there is none.
    pub(super) async fn read(servers: &NatsServers) -> Result<Self, Failed> {
        let stream = servers.cells().await.map_err(Failed::told)?;
        let context = jetstream::context::ContextBuilder::new().timeout(ANSWER_TIMEOUT).build(servers.client.clone());
        let last = read_last(&stream, &servers.names.cells()).await.map_err(Failed::told)?;
        Ok(Self { context, stream, last })
    }

    /// Looks whether the stream is as it was left: nobody else has told anything, and nothing is lost.
    pub(super) async fn is_as_left(&self) -> Result<(), Failed> {
        let state = self.stream.get_info().await.map_err(Failed::told)?.state;
        let last = self.last.values().map(|last| last.sequence).max().unwrap_or_default();
        let as_left = state.last_sequence == last && state.messages == self.last.len() as u64;
        if as_left { Ok(()) } else { Err(Failed::Overtaken) }
    }

    pub(super) fn get(&self, subject: &str) -> Option<&Bytes> {
        self.last.get(subject).map(|last| &last.bytes)
    }

    pub(super) fn subjects(&self) -> BTreeSet<&str> {
        self.last.keys().map(String::as_str).collect()
    }

    /// Sends what differs, each only if its subject is as it was last seen here. Returns when all of it is kept.
    pub(super) async fn tell(&mut self, values: impl IntoIterator<Item = (String, Bytes)>) -> Result<(), Failed> {
        let mut new = Vec::new();
        for (subject, bytes) in values {
            let last = self.last.get(&subject);
            if last.is_none_or(|last| last.bytes != bytes) {
                new.push((last.map_or(0, |last| last.sequence), subject, bytes));
            }
        }
        let several = new.len() > 1;
        let sent: Vec<(String, Last)> = stream::iter(new)
            .map(|(expected, subject, bytes)| send(&self.context, expected, subject, bytes))
            .buffer_unordered(IN_FLIGHT)
            .inspect_ok(|_| {
                if several {
                    Point::CellTold.pass();
                }
            })
            .try_collect()
            .await?;
        self.last.extend(sent);
        Ok(())
    }
}

async fn send(
    context: &jetstream::Context,
    expected: u64,
    subject: String,
    bytes: Bytes,
) -> Result<(String, Last), Failed> {
    let message = PublishMessage::build()
        .payload(bytes.clone())
        .header("Content-Type", "application/json")
        .expected_last_subject_sequence(expected);
    let acknowledged = async { context.send_publish(subject.clone(), message).await?.await };
    match acknowledged.await {
        Ok(kept) => Ok((subject, Last { sequence: kept.sequence, bytes })),
        Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Err(Failed::Overtaken),
        // Raced on a replicated stream, the server says so in another way.
        Err(error) if is_raced(&error) => Err(Failed::Overtaken),
        Err(error) => Err(Failed::told(error)),
    }
}

fn is_raced(error: &jetstream::context::PublishError) -> bool {
    let refusal = std::error::Error::source(error).and_then(|source| source.downcast_ref::<jetstream::Error>());
    refusal.is_some_and(|refusal| refusal.error_code() == ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT)
}

async fn read_last(stream: &Stream, everything: &str) -> Result<BTreeMap<String, Last>, BoxError> {
    let config = pull::Config {
        deliver_policy: DeliverPolicy::LastPerSubject,
        filter_subject: everything.to_owned(),
        ack_policy: AckPolicy::None,
        inactive_threshold: ANSWER_TIMEOUT,
        num_replicas: 1,
        memory_storage: true,
        ..pull::Config::default()
    };
    let consumer = stream.create_consumer(config).await?;
    let pending = usize::try_from(consumer.cached_info().num_pending)?;
    if pending == 0 {
        return Ok(BTreeMap::new());
    }
    let mut last = BTreeMap::new();
    let mut messages = consumer.batch().max_messages(pending).expires(ANSWER_TIMEOUT).messages().await?;
    // A subject that is told anew meanwhile comes twice, and another one not at all: the guard notices that.
    for _ in 0..pending {
        let Some(message) = messages.next().await else { return Err("the cells that are told did not arrive".into()) };
        let message = message?;
        let sequence = message.info()?.stream_sequence;
        last.insert(message.subject.to_string(), Last { sequence, bytes: message.payload.clone() });
    }
    if let Err(error) = stream.delete_consumer(&consumer.cached_info().name).await {
        tracing::debug!(%error, "a consumer was left for the server to forget");
    }
    Ok(last)
}
