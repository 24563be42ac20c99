//! The whole record.

use domain::{Record, StreamId};

use super::{
    events,
    field::{At, Decoded, Encoded, Field},
};
use crate::{
    DecodeError, EncodeError,
    cloud_event::Attributes,
    codec::{Reader, Writer},
};

/// What every event of the table needs so far. An arm that older readers do not know asks for more, for its own records only.
const NEEDS_READER: u32 = 1;

macro_rules! fields {
    ($($number:literal $name:ident $field:literal;)*) => {
        $(const $name: At = At { number: $number, name: concat!("Record.", $field) };)*
    };
}

fields! {
    1 STREAM_KIND "stream_kind";
    2 STREAM_ID "stream_id";
    3 VERSION "version";
    4 COMMAND_ID "command_id";
    5 COMMAND_NAME "command_name";
    6 COMMAND_DIGEST "command_digest";
    7 CORRELATION_ID "correlation_id";
    8 CAUSATION_ID "causation_id";
    9 ACTOR "actor";
    10 ON_BEHALF_OF "on_behalf_of";
    11 RECORDED_AT "recorded_at_micros";
    12 REFERENCE_POSITION "reference_position";
    13 DOCUMENT "document";
    14 DISTINCT_FROM "distinct_from";
    15 EVENTS "events";
    16 TRACE_PARENT "trace_parent";
    17 MIN_READER "min_reader";
}

pub(crate) fn write_record(record: &Record, to: &mut Writer) -> Encoded {
    let invalid = |at: At, problem| Err(EncodeError::Invalid { field: at.name, problem });
    if record.events.is_empty() {
        return invalid(EVENTS, NO_EVENTS);
    }
    if record.version == 0 {
        return invalid(VERSION, NO_VERSION);
    }
    record.stream.kind.write(STREAM_KIND.number, to)?;
    record.stream.id.write(STREAM_ID.number, to)?;
    record.version.write(VERSION.number, to)?;
    record.command.write(COMMAND_ID.number, to)?;
    record.command_name.write(COMMAND_NAME.number, to)?;
    record.command_digest.write(COMMAND_DIGEST.number, to)?;
    record.correlation.write(CORRELATION_ID.number, to)?;
    record.causation.write(CAUSATION_ID.number, to)?;
    record.actor.write(ACTOR.number, to)?;
    record.on_behalf_of.write(ON_BEHALF_OF.number, to)?;
    record.recorded_at.write(RECORDED_AT.number, to)?;
    record.reference_position.write(REFERENCE_POSITION.number, to)?;
    record.document.write(DOCUMENT.number, to)?;
    record.distinct_from.write(DISTINCT_FROM.number, to)?;
    record.events.write(EVENTS.number, to)?;
    record.trace_parent.write(TRACE_PARENT.number, to)?;
    NEEDS_READER.write(MIN_READER.number, to)
}

pub(crate) fn read_record(mut from: Reader<'_>) -> Decoded<Record> {
    let from = &mut from;
    let record = Record {
        stream: StreamId::new(Field::read(STREAM_KIND, from)?, Field::read(STREAM_ID, from)?),
        version: Field::read(VERSION, from)?,
        command: Field::read(COMMAND_ID, from)?,
        command_name: Field::read(COMMAND_NAME, from)?,
        command_digest: Field::read(COMMAND_DIGEST, from)?,
        correlation: Field::read(CORRELATION_ID, from)?,
        causation: Field::read(CAUSATION_ID, from)?,
        actor: Field::read(ACTOR, from)?,
        on_behalf_of: Field::read(ON_BEHALF_OF, from)?,
        recorded_at: Field::read(RECORDED_AT, from)?,
        reference_position: Field::read(REFERENCE_POSITION, from)?,
        document: Field::read(DOCUMENT, from)?,
        distinct_from: Field::read(DISTINCT_FROM, from)?,
        events: Field::read(EVENTS, from)?,
        trace_parent: Field::read(TRACE_PARENT, from)?,
    };
    let needs: u32 = Field::read(MIN_READER, from)?;
    from.finish()?;
    if needs != NEEDS_READER {
        return Err(MIN_READER.invalid("is not what its events need"));
    }
    if record.events.is_empty() {
        return Err(EVENTS.invalid(NO_EVENTS));
    }
    if record.version == 0 {
        return Err(VERSION.invalid(NO_VERSION));
    }
    Ok(record)
}

/// What CloudEvents attributes are made of, without the rest of the record.
pub(crate) fn read_attributes(mut from: Reader<'_>) -> Decoded<Attributes> {
    let from = &mut from;
    let stream = StreamId::new(Field::read(STREAM_KIND, from)?, Field::read(STREAM_ID, from)?);
    let version = Field::read(VERSION, from)?;
    let command = Field::read(COMMAND_ID, from)?;
    for passed in [COMMAND_NAME, COMMAND_DIGEST] {
        from.bytes(passed.number)?;
    }
    let correlation = Field::read(CORRELATION_ID, from)?;
    let causation = Field::read(CAUSATION_ID, from)?;
    for passed in [ACTOR, ON_BEHALF_OF] {
        from.bytes(passed.number)?;
    }
    let recorded_at = Field::read(RECORDED_AT, from)?;
    from.varint(REFERENCE_POSITION.number)?;
    from.bytes(DOCUMENT.number)?;
    from.varint(DISTINCT_FROM.number)?;
    let mut events = Vec::with_capacity(1);
    while let Some(mut event) = from.message(EVENTS.number, "Event")? {
        let (effective_on, arm) = events::read_head(&mut event)?;
        events.push((effective_on, events::event_type_of_arm(arm).ok_or(DecodeError::UnknownEvent { arm })?));
    }
    if events.is_empty() {
        return Err(EVENTS.invalid(NO_EVENTS));
    }
    Ok(Attributes { stream, version, command, correlation, causation, recorded_at, events })
}

const NO_EVENTS: &str = "is empty: a decision has at least one event";
const NO_VERSION: &str = "is 0: versions count from 1";
