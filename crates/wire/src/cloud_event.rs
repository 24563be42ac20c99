//! A record as one CloudEvent in binary mode: the attributes that stand beside the body. They repeat what the body says and are made again for every copy.

use domain::{LocalDate, Record};

use crate::{DecodeError, decode, event_type};

/// Names begin `ce-`; values are ASCII and not yet percent-encoded, which is the transport's matter. Ordered, each name once.
pub type CeHeaders = Vec<(&'static str, String)>;

/// The attributes of a record of `ledger` (CloudEvents 1.0, its extensions `sequence`, `recordedtime` and `correlation`).
///
/// | attribute | is |
/// |---|---|
/// | `ce-id` | the command's id, once per stream and for ever; a `ce-causationid` is one of these |
/// | `ce-source` | `/socai/<ledger>/<kind>/<uuid>`, the ledger percent-encoded |
/// | `ce-type` | see [`ce_type`] |
/// | `ce-time` | when it counts: local midnight at which the first event's `effective_on` begins |
/// | `ce-recordedtime` | when the ledger learned it |
/// | `ce-sequence` | the version within the stream, 20 digits, so that it orders as text |
pub fn ce_headers(ledger: &str, record: &Record) -> CeHeaders {
    let mut headers = vec![
        ("ce-specversion", "1.0".to_owned()),
        ("ce-id", record.command.to_string()),
        ("ce-type", ce_type(record)),
        ("ce-source", format!("/socai/{}/{}", uri_segment(ledger), record.stream)),
        ("ce-sequence", format!("{:020}", record.version)),
        ("ce-recordedtime", record.recorded_at.to_string()),
        ("ce-datacontenttype", "application/protobuf".to_owned()),
    ];
    headers.extend(record.events.first().map(|event| ("ce-time", local_midnight(event.effective_on))));
    headers.extend(record.correlation.map(|id| ("ce-correlationid", id.to_string())));
    headers.extend(record.causation.map(|id| ("ce-causationid", id.to_string())));
    headers
}

/// As [`ce_headers`], for a body that is already written: a copy, an append.
pub fn ce_headers_from_body(ledger: &str, body: &[u8]) -> Result<CeHeaders, DecodeError> {
    decode(body).map(|record| ce_headers(ledger, &record))
}

/// The one versioned type that names the decision, such as `vn.socai.organisation-founded.v1`: that of its first event.
/// A decision on the structure that holds several kinds of event is `vn.socai.structure-changed.v1`.
pub fn ce_type(record: &Record) -> String {
    let mut types = record.events.iter().map(|event| event_type(&event.body));
    let first = types.next();
    let mixed = types.any(|later| Some(later) != first);
    match first {
        Some((name, version)) if !(mixed && record.stream.kind == domain::Kind::Structure) => {
            format!("vn.socai.{name}.v{version}")
        }
        _ => format!("vn.socai.{}-changed.v1", record.stream.kind),
    }
}

fn local_midnight(day: LocalDate) -> String {
    format!("{day}T00:00:00+07:00")
}

/// RFC 3986 §2: all but the unreserved is percent-encoded.
fn uri_segment(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}
