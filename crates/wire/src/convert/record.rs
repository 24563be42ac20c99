//! The whole record.

use domain::{Record, StreamId};

use super::field::{Decoded, Encoded, Field, invalid};
use crate::{EncodeError, proto::record::v1 as wire};

pub(crate) fn write_record(record: &Record) -> Encoded<wire::Record> {
    if record.events.is_empty() {
        return Err(EncodeError::Invalid { field: "Record.events", problem: NO_EVENTS });
    }
    if record.version == 0 {
        return Err(EncodeError::Invalid { field: "Record.version", problem: NO_VERSION });
    }
    Ok(wire::Record {
        stream_kind: record.stream.kind.write()?,
        stream_id: record.stream.id.write()?,
        version: record.version,
        command_id: record.command.write()?,
        command_name: record.command_name.write()?,
        command_digest: record.command_digest.write()?,
        correlation_id: record.correlation.write()?,
        causation_id: record.causation.write()?,
        actor: record.actor.write()?,
        on_behalf_of: record.on_behalf_of.write()?,
        recorded_at_micros: record.recorded_at.write()?,
        reference_position: record.reference_position.write()?,
        document: record.document.write()?,
        distinct_from: record.distinct_from.write()?,
        events: record.events.write()?,
        trace_parent: record.trace_parent.write()?,
        min_reader: NEEDS_READER,
    })
}

pub(crate) fn read_record(wire: wire::Record) -> Decoded<Record> {
    if wire.events.is_empty() {
        return Err(invalid("Record.events", NO_EVENTS));
    }
    if wire.version == 0 {
        return Err(invalid("Record.version", NO_VERSION));
    }
    if wire.min_reader != NEEDS_READER {
        return Err(invalid("Record.min_reader", "is not what its events need"));
    }
    Ok(Record {
        stream: StreamId::new(
            Field::read("Record.stream_kind", wire.stream_kind)?,
            Field::read("Record.stream_id", wire.stream_id)?,
        ),
        version: wire.version,
        command: Field::read("Record.command_id", wire.command_id)?,
        command_name: wire.command_name,
        command_digest: Field::read("Record.command_digest", wire.command_digest)?,
        correlation: Field::read("Record.correlation_id", wire.correlation_id)?,
        causation: Field::read("Record.causation_id", wire.causation_id)?,
        actor: Field::read("Record.actor", wire.actor)?,
        on_behalf_of: Field::read("Record.on_behalf_of", wire.on_behalf_of)?,
        recorded_at: Field::read("Record.recorded_at_micros", wire.recorded_at_micros)?,
        reference_position: Field::read("Record.reference_position", wire.reference_position)?,
        document: Field::read("Record.document", wire.document)?,
        distinct_from: Field::read("Record.distinct_from", wire.distinct_from)?,
        trace_parent: wire.trace_parent,
        events: Field::read("Record.events", wire.events)?,
    })
}

/// What every event of the table needs so far. An arm that older readers do not know asks for more, for its own records only.
const NEEDS_READER: u32 = 1;
const NO_EVENTS: &str = "is empty: a decision has at least one event";
const NO_VERSION: &str = "is 0: versions count from 1";
