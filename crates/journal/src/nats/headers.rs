//! The headers of a record's message. They are made again for every copy; only bodies are law.

use std::{borrow::Cow, sync::Arc};

use async_nats::{HeaderMap, HeaderName, header};
use bytes::Bytes;
use domain::{Position, StreamId};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Makes the headers of a record's message, names and plain values, from its stream and body. The adapter percent-encodes
/// values as CloudEvents asks.
pub type HeaderMaker = Arc<dyn Fn(&StreamId, &Bytes) -> Vec<(&'static str, String)> + Send + Sync>;

/// The record's own CloudEvents attributes. A body that is no record gets none.
pub(super) fn cloud_events(ledger: String) -> HeaderMaker {
    Arc::new(move |stream, body| {
        wire::ce_headers_from_body(&ledger, body).unwrap_or_else(|error| {
            tracing::warn!(%stream, %error, "appending a body that is no record, without headers");
            Vec::new()
        })
    })
}

/// CloudEvents 1.0.2, HTTP binding §3.1.3.2, which the binding for NATS repeats.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

/// The caller's headers and the guard. There is no `Nats-Msg-Id`: with it a server may acknowledge what it has not stored.
pub(super) fn headers(maker: &HeaderMaker, stream: &StreamId, expected: Option<Position>, body: &Bytes) -> HeaderMap {
    let mut headers = plain_headers(maker, stream, body);
    let last = expected.map_or(0, |position| position.0);
    headers.insert(header::NATS_EXPECTED_LAST_SUBJECT_SEQUENCE, last.to_string());
    headers
}

/// The caller's headers, without a guard.
pub(super) fn plain_headers(maker: &HeaderMaker, stream: &StreamId, body: &Bytes) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in maker(stream, body) {
        headers.insert(HeaderName::from_static(name), encoded(value));
    }
    headers
}

fn encoded(value: String) -> String {
    match utf8_percent_encode(&value, ENCODED).into() {
        Cow::Owned(encoded) => encoded,
        Cow::Borrowed(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use domain::Kind;

    use super::*;

    #[test]
    fn values_are_ascii_and_the_guard_is_a_new_stream_s_zero() {
        let maker: HeaderMaker = Arc::new(|stream, body| {
            vec![("ce-source", format!("//hp/{stream}")), ("ce-subject", format!("Hải \"{}\" 5%", body.len()))]
        });
        let stream = StreamId::of_key(Kind::Target, "x");
        let made = headers(&maker, &stream, None, &Bytes::from_static(b"abc"));
        let value = |name| made.get(name).map(|value| value.as_str().to_owned()).unwrap();
        assert_eq!(value("Nats-Expected-Last-Subject-Sequence"), "0");
        assert_eq!(value("ce-source"), format!("//hp/{stream}"));
        assert_eq!(value("ce-subject"), "H%E1%BA%A3i%20%223%22%205%25");
        assert_eq!(made.get("Nats-Msg-Id"), None);
    }
}
