//! `GET …/tallies/changes`: server-sent events.

use async_stream::stream;
use axum::{
    body::{Body, Bytes},
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, header};
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams},
};
use serde::Deserialize;

use crate::{
    Portal,
    answers::PeriodOf,
    live::{EventId, Message, Topic},
};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// Browsers wait so long before they connect again, in milliseconds.
const RETRY: &str = "retry: 2000\n\n";

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
        (status = 200, description = "Server-sent events: `snapshot`, then `cells` (all that one position changed), and `position` every 15 s.", content_type = "text/event-stream", body = String),
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
    let mut subscription = portal.subscribe(topic, last).await?;
    let events = stream! {
        yield Ok::<Bytes, std::convert::Infallible>(Bytes::from_static(RETRY.as_bytes()));
        yield Ok(std::mem::take(&mut subscription.first));
        // Who lags too far behind, or may not look any more, is dropped, and resumes by its last id if it may.
        while let Ok(message) = subscription.messages.recv().await {
            match message {
                Message::Changed(bytes) => yield Ok(bytes),
                Message::Heartbeat(_) if portal.identify(&caller.bearer).is_none() => break,
                Message::Heartbeat(bytes) => yield Ok(bytes),
            }
        }
    };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(events)).into_response())
}
