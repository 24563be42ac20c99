//! A record as the API shows it. For people and programs to read; the bytes are what is stored and hashed.

use domain::{Actor, CommandId, Document, Event, Position, Record, StreamId, Timestamp, UnitId};
use serde::Serialize;
use uuid::Uuid;

/// One record of the history. Every key is always there; what the record lacks is null.
///
/// An event's `body` is tagged by the event's word: `{"organisation_founded": {…}}`, or the word alone where it has no fields.
/// Days are `YYYY-MM-DD`, instants RFC 3339 in UTC, digests lowercase hexadecimal, ids UUIDs, and of lists the order is the record's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RecordJson {
    pub position: Position,
    /// `kind/uuid`.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub stream: StreamId,
    /// 1, 2, 3 … within the stream.
    pub version: u64,
    /// The versioned type that names the decision, such as `vn.socai.organisation-founded.v1`.
    #[serde(rename = "type")]
    pub ce_type: String,
    pub command_id: CommandId,
    /// Name of the command, such as `found-organisation`.
    pub command: String,
    /// SHA-256 of the command's name and canonical body.
    pub command_digest: String,
    pub correlation_id: Option<Uuid>,
    pub causation_id: Option<Uuid>,
    pub actor: Actor,
    pub on_behalf_of: Option<UnitId>,
    pub recorded_at: Timestamp,
    /// Position of the last reference record that the decision could know.
    pub reference_position: Position,
    pub document: Option<Document>,
    /// Position of a record of the same paper that the caller had seen.
    pub distinct_from: Option<Position>,
    /// W3C trace context.
    pub trace_parent: Option<String>,
    /// At least one.
    pub events: Vec<Event>,
}

impl RecordJson {
    /// The record that stands at `position`.
    pub fn new(position: Position, record: Record) -> Self {
        Self {
            position,
            ce_type: crate::ce_type(&record),
            stream: record.stream,
            version: record.version,
            command_id: record.command,
            command: record.command_name,
            command_digest: hex::encode(record.command_digest),
            correlation_id: record.correlation,
            causation_id: record.causation,
            actor: record.actor,
            on_behalf_of: record.on_behalf_of,
            recorded_at: record.recorded_at,
            reference_position: record.reference_position,
            document: record.document,
            distinct_from: record.distinct_from,
            trace_parent: record.trace_parent,
            events: record.events,
        }
    }
}
