//! A record as one CloudEvent in binary mode: the attributes that stand beside the body. They repeat what the body says and are made again for every copy.

use std::borrow::Cow;

use domain::{CommandId, Kind, LocalDate, Record, StreamId, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use crate::{DecodeError, codec::Reader, convert, event_type};

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
    Attributes::of(record).headers(ledger)
}

/// As [`ce_headers`], for a body that is already written: a copy, an append. Reads no more of it than it needs, so that it does not
/// find everything that [`crate::decode`] would refuse.
pub fn ce_headers_from_body(ledger: &str, body: &[u8]) -> Result<CeHeaders, DecodeError> {
    convert::read_attributes(Reader::new("Record", body)).map(|attributes| attributes.headers(ledger))
}

/// The one versioned type that names the decision, such as `vn.socai.organisation-founded.v1`: that of its first event.
/// A decision on the structure that holds several kinds of event is `vn.socai.structure-changed.v1`.
pub fn ce_type(record: &Record) -> String {
    Attributes::of(record).ce_type()
}

/// What the attributes are made of.
pub(crate) struct Attributes {
    pub(crate) stream: StreamId,
    pub(crate) version: u64,
    pub(crate) command: CommandId,
    pub(crate) correlation: Option<Uuid>,
    pub(crate) causation: Option<Uuid>,
    pub(crate) recorded_at: Timestamp,
    /// When each event counts, and its name and version.
    pub(crate) events: Vec<(LocalDate, (&'static str, u32))>,
}

impl Attributes {
    fn of(record: &Record) -> Self {
        Self {
            stream: record.stream,
            version: record.version,
            command: record.command,
            correlation: record.correlation,
            causation: record.causation,
            recorded_at: record.recorded_at,
            events: record.events.iter().map(|event| (event.effective_on, event_type(&event.body))).collect(),
        }
    }

    fn headers(&self, ledger: &str) -> CeHeaders {
        let mut headers = Vec::with_capacity(HEADERS_MAX);
        headers.extend([
            ("ce-specversion", "1.0".to_owned()),
            ("ce-id", text(self.command.0)),
            ("ce-type", self.ce_type()),
            ("ce-source", self.source(ledger)),
            ("ce-sequence", format!("{:020}", self.version)),
            ("ce-recordedtime", self.recorded_at.to_string()),
            ("ce-datacontenttype", "application/protobuf".to_owned()),
        ]);
        headers.extend(self.events.first().map(|(effective_on, _)| ("ce-time", local_midnight(*effective_on))));
        headers.extend(self.correlation.map(|id| ("ce-correlationid", text(id))));
        headers.extend(self.causation.map(|id| ("ce-causationid", text(id))));
        headers
    }

    fn source(&self, ledger: &str) -> String {
        ["/socai/", &uri_segment(ledger), "/", self.stream.kind.as_str(), "/", &text(self.stream.id)].concat()
    }

    fn ce_type(&self) -> String {
        let mut types = self.events.iter().map(|(_, event_type)| event_type);
        let first = types.next();
        let mixed = types.any(|later| Some(later) != first);
        match first {
            Some((name, version)) if !(mixed && self.stream.kind == Kind::Structure) => {
                format!("vn.socai.{name}.v{version}")
            }
            _ => format!("vn.socai.{}-changed.v1", self.stream.kind),
        }
    }
}

/// As many as a record can have.
const HEADERS_MAX: usize = 10;

fn text(id: Uuid) -> String {
    id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned()
}

fn local_midnight(day: LocalDate) -> String {
    format!("{day}T00:00:00+07:00")
}

/// RFC 3986 §2: all but the unreserved is percent-encoded.
fn uri_segment(text: &str) -> Cow<'_, str> {
    const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, ENCODED).into()
}
