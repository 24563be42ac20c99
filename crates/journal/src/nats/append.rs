//! Appending: one message, accepted only if the subject's last sequence is the expected one.

use std::time::Duration;

use async_nats::{
    Message, RequestErrorKind,
    jetstream::{Error as Refusal, ErrorCode},
};
use bytes::Bytes;
use domain::{Position, StreamId};
use points::Point;
use serde::Deserialize;

use super::{ANSWER_TIMEOUT, Nats, headers::headers, link::Lost, place};
use crate::{AppendError, BODY_MAX_BYTES, Sealed};

const RETRY_AFTER: Duration = Duration::from_millis(200);

/// Refusals before anything is stored: no leader yet, no resources, stream offline. `STREAM_STORE_FAILED` is none of
/// them: a replica that failed to store says nothing about the others.
const NOTHING_STORED: [ErrorCode; 9] = [
    ErrorCode::ACCOUNT_RESOURCES_EXCEEDED,
    ErrorCode::CLUSTER_NOT_AVAILABLE,
    ErrorCode::INSUFFICIENT_RESOURCES,
    ErrorCode::MEMORY_RESOURCES_EXCEEDED,
    ErrorCode::STORAGE_RESOURCES_EXCEEDED,
    ErrorCode::JETSTREAM_NOT_ENABLED,
    ErrorCode::JETSTREAM_NOT_ENABLED_FOR_ACCOUNT,
    ErrorCode::STREAM_OFFLINE,
    ErrorCode::STREAM_OFFLINE_REASON,
];

/// What the server answers to a publish.
#[derive(Deserialize)]
struct Answer {
    stream: Option<String>,
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    duplicate: bool,
    error: Option<Refusal>,
}

impl Nats {
    pub(super) async fn publish(
        &self,
        stream: StreamId,
        expected: Option<Position>,
        body: Bytes,
    ) -> Result<Position, AppendError> {
        let Ok(_in_flight) = self.in_flight.try_acquire() else {
            return Err(AppendError::Busy { retry_after: RETRY_AFTER });
        };
        if let Some(sealed) = *self.sealed.read() {
            return Err(sealed.into());
        }
        let bytes = body.len();
        let headers = headers(&self.headers, &stream, expected, &body);
        let request = async_nats::Request::new().headers(headers).payload(body).timeout(Some(ANSWER_TIMEOUT));
        let unknown = |source| AppendError::OutcomeUnknown { stream, source };
        let sent = self.link.answered(self.link.client.send_request(self.names.subject(stream), request)).await;
        let message = match sent {
            Ok(Ok(message)) => message,
            Ok(Err(error)) => {
                return Err(match error.kind() {
                    RequestErrorKind::NoResponders => AppendError::Unavailable(error.into()),
                    RequestErrorKind::MaxPayloadExceeded => AppendError::TooLarge { bytes, limit: BODY_MAX_BYTES },
                    _ => unknown(error.into()),
                });
            }
            Err(Lost::Before) => return Err(AppendError::Unavailable(Lost::Before.into())),
            Err(Lost::Meanwhile) => return Err(unknown(Lost::Meanwhile.into())),
        };
        let answer = parse(&message).map_err(|error| unknown(error.into()))?;
        match answer.error {
            None => self.acknowledged(&answer).ok_or_else(|| unknown("an acknowledgement that stores nothing".into())),
            // Boxed: it is as large as all the rest, and seldom there.
            Some(refusal) => Err(Box::pin(self.refused(stream, expected, bytes, refusal)).await),
        }
    }

    /// Appends the record that seals the ledger, and has the server take nothing any more. What was under way beside it may land in between;
    /// it is there, and is copied with the rest.
    pub(super) async fn publish_seal(
        &self,
        stream: StreamId,
        expected: Option<Position>,
        body: Bytes,
    ) -> Result<Position, AppendError> {
        let position = self.publish(stream, expected, body).await?;
        Point::SealAppended.pass();
        *self.sealed.write() = Some(Sealed::Moving);
        self.seal().await;
        Ok(position)
    }

    /// Seals the stream. Who may not leaves that to `socai provision`; this process takes nothing any more either way.
    pub(super) async fn seal(&self) {
        match place::seal(&self.context, &self.names).await {
            Ok(()) => *self.sealed.write() = Some(Sealed::Moved),
            Err(error) => tracing::warn!(%error, "{}", Sealed::Moving),
        }
    }

    /// A position, unless the acknowledgement is a duplicate's or another stream's: then nothing of ours is stored there.
    fn acknowledged(&self, answer: &Answer) -> Option<Position> {
        let ours = answer.stream.as_deref() == Some(self.names.stream());
        (ours && !answer.duplicate && answer.seq > 0).then_some(Position(answer.seq))
    }

    async fn refused(
        &self,
        stream: StreamId,
        expected: Option<Position>,
        bytes: usize,
        refusal: Refusal,
    ) -> AppendError {
        match refusal.error_code() {
            // The second is an append to the same subject that is still in flight on a replicated stream.
            ErrorCode::STREAM_WRONG_LAST_SEQUENCE | ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT => {
                AppendError::Conflict { stream, expected, actual: self.actual(stream, expected).await }
            }
            ErrorCode::STREAM_MESSAGE_EXCEEDS_MAXIMUM => AppendError::TooLarge { bytes, limit: BODY_MAX_BYTES },
            ErrorCode::STREAM_SEALED => {
                *self.sealed.write() = Some(Sealed::Moved);
                Sealed::Moved.into()
            }
            ErrorCode::STREAM_TOO_MANY_REQUESTS => AppendError::Busy { retry_after: RETRY_AFTER },
            code if NOTHING_STORED.contains(&code) => AppendError::Unavailable(refusal.into()),
            _ => AppendError::OutcomeUnknown { stream, source: refusal.into() },
        }
    }

    /// The stream's last position as its leader knows it; `None` while that is still the expected one, or cannot be had.
    async fn actual(&self, stream: StreamId, expected: Option<Position>) -> Option<Position> {
        match self.reader.last_of(&self.names.subject(stream)).await {
            Ok(last) => last.map(|stored| stored.position).filter(|&position| Some(position) != expected),
            Err(error) => {
                tracing::debug!(%stream, %error, "the winner of a conflict cannot be read");
                None
            }
        }
    }
}

fn parse(message: &Message) -> Result<Answer, serde_json::Error> {
    serde_json::from_slice(&message.payload)
}
