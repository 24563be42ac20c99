//! `GET …/tallies/changes`: server-sent events.

use std::convert::Infallible;

use async_stream::stream;
use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use futures::Stream;
use http::{HeaderMap, HeaderName, header};
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams},
};
use points::Point;
use serde::Deserialize;
use tokio::sync::broadcast::error::RecvError;

use crate::{
    Portal,
    answers::PeriodOf,
    live::{EventId, Message, Subscription, Topic},
};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Browsers wait so long before they connect again, in milliseconds.
const RETRY: &[u8] = b"retry: 2000\n\n";

/// Why a stream ends, as comments that browsers skip and people read. Who connects again with the last id misses nothing.
const TOO_SLOW: &[u8] = b": ended: you were too far behind; connect again with Last-Event-ID\n\n";
const MAY_NOT_LOOK: &[u8] = b": ended: your token is valid no longer\n\n";
const STOPPING: &[u8] = b": ended: this server is stopping; connect again with Last-Event-ID\n\n";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// As the header `Last-Event-ID`, for the first connection of a browser.
    last_event_id: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/programmes/{programme}/periods/{period}/tallies/changes", tag = "tallies",
    params(
        ("programme" = String, Path), ("period" = String, Path),
        ("last_event_id" = Option<String>, Query, description = "As `Last-Event-ID`"),
        ("Last-Event-ID" = Option<String>, Header, description = "Resume after this id"),
    ),
    responses(
        (status = 200, description = "Server-sent events: `snapshot`, then `cells` (all that one position changed), and `position` every 15 s, which says `rests` once the ledger takes no records here any more.", content_type = "text/event-stream", body = String),
        (status = 404, body = Problem), (status = 503, body = Problem),
    )
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams((programme, period)): PathParams<(String, String)>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = PeriodOf { programme: super::key(&programme)?, period: super::key(&period)? };
    let topic = Topic { of, scope: portal.scope(&caller.identity.actor) };
    let header = headers.get(LAST_EVENT_ID).and_then(|value| value.to_str().ok());
    let last: Option<EventId> = header.or(params.last_event_id.as_deref()).and_then(|id| id.parse().ok());
    let subscription = portal.subscribe(topic, last).await?;
    let events = told(subscription, move || portal.identify(&caller.bearer).is_some());
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}

/// What a subscriber is sent, until it lags too far behind, may not look any more, or the portal stops.
fn told(
    mut subscription: Subscription,
    may_look: impl Fn() -> bool + Send + 'static,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream! {
        yield Ok(Bytes::from_static(RETRY));
        if let Some(first) = subscription.first.take() {
            yield Ok(first.text());
        }
        let why = loop {
            match subscription.messages.recv().await {
                Ok(_) if !may_look() => break MAY_NOT_LOOK,
                Ok(Message::Changed(event)) => {
                    Point::UpdateTaken.pass();
                    yield Ok(event.text());
                    Point::UpdateSent.pass();
                }
                Ok(Message::Heartbeat(event)) => yield Ok(event.text()),
                Err(RecvError::Lagged(_)) => break TOO_SLOW,
                Err(RecvError::Closed) => break STOPPING,
            }
        };
        yield Ok(Bytes::from_static(why));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::{LocalDate, Position};
    use futures::{StreamExt, executor::block_on};
    use tokio::sync::broadcast;
    use wire::RecordName;

    use super::*;
    use crate::live::Event;

    /// A heartbeat at this position.
    fn at(position: u64) -> Arc<Event> {
        Event::position(EventId {
            fold_version: 1,
            judged_on: LocalDate::new(2023, 1, 3).unwrap(),
            position: Position(position),
            record: RecordName(0xaa),
        })
    }

    /// Everything that is sent after the first event, when this has been told meanwhile and then the portal stops.
    fn sent(backlog: usize, messages: Vec<Message>, may_look: bool) -> Vec<Bytes> {
        let (sender, receiver) = broadcast::channel(backlog);
        let subscription = Subscription::uncounted(at(1), receiver);
        for message in messages {
            sender.send(message).unwrap();
        }
        drop(sender);
        let all: Vec<Bytes> = block_on(told(subscription, move || may_look).map(Result::unwrap).collect());
        assert_eq!(all[..2], [Bytes::from_static(RETRY), at(1).text()]);
        all[2..].to_vec()
    }

    #[test]
    fn a_subscriber_who_keeps_up_is_told_everything_and_that_the_server_stops() {
        let told = sent(4, vec![Message::Changed(at(2)), Message::Heartbeat(at(3))], true);
        assert_eq!(told, [at(2).text(), at(3).text(), Bytes::from_static(STOPPING)]);
    }

    #[test]
    fn one_who_is_too_far_behind_is_dropped_with_the_reason_instead_of_being_told_with_a_gap() {
        let five = (0..5).map(|_| Message::Changed(at(2))).collect();
        assert_eq!(sent(4, five, true), [Bytes::from_static(TOO_SLOW)]);
    }

    #[test]
    fn one_whose_token_was_revoked_is_told_nothing_more() {
        for message in [Message::Changed(at(2)), Message::Heartbeat(at(2))] {
            assert_eq!(sent(4, vec![message], false), [Bytes::from_static(MAY_NOT_LOOK)]);
        }
    }
}
