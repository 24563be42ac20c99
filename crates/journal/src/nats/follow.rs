//! Following: a consumer that is made again, from the last record seen on, whenever it or the server is lost.

use std::time::Duration;

use async_nats::jetstream::consumer::pull;
use async_stream::try_stream;
use domain::{Kind, Position};
use futures::{StreamExt, stream::BoxStream};
use tokio::time::{Instant, sleep, timeout};

use super::read::{Delivered, Reader};
use crate::{BoxError, Followed, ReadError};

/// Records asked for at once; half of them are still under way when the next are asked for.
const BATCH: usize = 1_024;
const BATCH_EXPIRES: Duration = Duration::from_secs(30);
/// Silence of twice this length means that the consumer is lost.
const HEARTBEAT: Duration = Duration::from_secs(2);
/// After so long a silence the leader is asked whether there is more: a consumer beside a replica that does not catch up has none to give.
const SILENCE_MAX: Duration = Duration::from_secs(5);
/// How long a filtered follower hears nothing before it asks the leader how far the ledger has gone.
const IDLE_PROBE: Duration = Duration::from_millis(200);
const RETRY_FIRST: Duration = Duration::from_millis(50);
const RETRY_LAST: Duration = Duration::from_secs(2);

/// Never ends because a server is away; ends at a hole or a damaged record.
pub(super) fn follow(
    reader: Reader,
    mut at: Position,
    kinds: Vec<Kind>,
) -> BoxStream<'static, Result<Followed, ReadError>> {
    let filtered = !kinds.is_empty();
    Box::pin(try_stream! {
        loop {
            let mut session = Session::begin(&reader, at, &kinds).await;
            let mut horizon = None;
            loop {
                if filtered && horizon.is_none() && session.idle {
                    horizon = Horizon::of(&reader, &kinds).await;
                }
                if let Some(seen) = horizon.as_ref().and_then(|horizon| horizon.seen(at)) {
                    horizon = None;
                    if seen > at {
                        at = seen;
                        yield Followed::UpTo(at);
                    }
                }
                match session.next(&reader, filtered).await? {
                    Heard::Record(Delivered { record, .. }) => {
                        if !filtered && record.position != at.next() {
                            Err(ReadError::Hole { expected: at.next(), found: record.position })?;
                        }
                        at = record.position;
                        yield Followed::Record(record);
                    }
                    Heard::Nothing if session.is_passed_by(&reader, &kinds, at).await => {
                        tracing::info!(%at, "a consumer gives nothing, and the ledger goes on; following goes on with another");
                        break;
                    }
                    Heard::Nothing => {}
                    Heard::Lost(error) => {
                        tracing::info!(%error, %at, "a consumer was lost; following goes on with another");
                        break;
                    }
                }
            }
        }
    })
}

/// One consumer, as long as it lasts.
struct Session {
    messages: pull::Stream,
    /// Sequence of the last message: a gap in these means that a message was lost under way, not in the ledger.
    sequence: u64,
    idle: bool,
    /// Since the last message, or the last look at the leader.
    silent_since: Instant,
    /// At that look there was more than had been given.
    passed: bool,
}

enum Heard {
    Record(Delivered),
    Nothing,
    Lost(BoxError),
}

impl Session {
    /// Tries until the server can be had.
    async fn begin(reader: &Reader, after: Position, kinds: &[Kind]) -> Self {
        let mut retry = RETRY_FIRST;
        loop {
            match Self::try_begin(reader, after, kinds).await {
                Ok(messages) => {
                    return Self { messages, sequence: 0, idle: true, silent_since: Instant::now(), passed: false };
                }
                Err(error) => {
                    tracing::warn!(%error, %after, "the ledger cannot be followed, trying again in {retry:?}")
                }
            }
            sleep(retry).await;
            retry = RETRY_LAST.min(retry * 2);
        }
    }

    async fn try_begin(reader: &Reader, after: Position, kinds: &[Kind]) -> Result<pull::Stream, BoxError> {
        let consumer = reader.consumer(after, reader.subjects(kinds)).await?;
        let stream = consumer.stream().max_messages_per_batch(BATCH).expires(BATCH_EXPIRES).heartbeat(HEARTBEAT);
        Ok(stream.messages().await?)
    }

    async fn next(&mut self, reader: &Reader, filtered: bool) -> Result<Heard, ReadError> {
        let patience = if filtered { IDLE_PROBE } else { SILENCE_MAX };
        let heard = timeout(patience, self.messages.next()).await;
        self.idle = heard.is_err();
        let message = match heard {
            Err(_) => return Ok(Heard::Nothing),
            Ok(None) => return Ok(Heard::Lost("it ended".into())),
            Ok(Some(Err(error))) => return Ok(Heard::Lost(error.into())),
            Ok(Some(Ok(message))) => message,
        };
        let delivered = reader.stored(message)?;
        if delivered.sequence != self.sequence + 1 {
            return Ok(Heard::Lost(format!("message {} came after {}", delivered.sequence, self.sequence).into()));
        }
        self.sequence = delivered.sequence;
        (self.silent_since, self.passed) = (Instant::now(), false);
        Ok(Heard::Record(delivered))
    }

    /// Whether the leader has had more of these kinds for a while than this consumer gives: found so twice, since what has just come may be
    /// under way.
    async fn is_passed_by(&mut self, reader: &Reader, kinds: &[Kind], at: Position) -> bool {
        if self.silent_since.elapsed() < SILENCE_MAX {
            return false;
        }
        let last = if kinds.is_empty() { reader.tip().await } else { reader.last_of_kinds(kinds).await };
        let passed = last.is_ok_and(|last| last > at);
        self.silent_since = Instant::now();
        std::mem::replace(&mut self.passed, passed) && passed
    }
}

/// How far the ledger had gone, and the last record of the wanted kinds at that time or later.
struct Horizon {
    tip: Position,
    last: Position,
}

impl Horizon {
    /// The tip first: what matches up to it is then not after `last`.
    async fn of(reader: &Reader, kinds: &[Kind]) -> Option<Self> {
        let horizon =
            async { Ok::<_, ReadError>(Self { tip: reader.tip().await?, last: reader.last_of_kinds(kinds).await? }) };
        match horizon.await {
            Ok(horizon) => Some(horizon),
            Err(error) => {
                tracing::debug!(%error, "the leader cannot be asked how far the ledger has gone");
                None
            }
        }
    }

    /// Everything up to here has been seen, for a follower that has seen `at`. `None` while a record is still to come.
    fn seen(&self, at: Position) -> Option<Position> {
        (at >= self.last).then(|| self.tip.max(at))
    }
}
