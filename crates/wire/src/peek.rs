//! A few fields of a body without decoding its events, for scans that only look for a command, a version or a time.

use bytes::Bytes;
use domain::{CommandId, Event, EventBody, Position, Timestamp};
use prost::Message;
use uuid::Uuid;

use crate::{DecodeError, decode};

/// What [`peek`] saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peek {
    pub version: u64,
    pub command: CommandId,
    pub command_digest: [u8; 32],
    pub recorded_at: Timestamp,
    pub reference_position: Position,
}

/// The same numbers as `Record`; prost skips the others.
#[derive(Clone, PartialEq, Message)]
struct Head {
    #[prost(uint64, tag = "3")]
    version: u64,
    #[prost(bytes = "bytes", tag = "4")]
    command_id: Bytes,
    #[prost(bytes = "bytes", tag = "6")]
    command_digest: Bytes,
    #[prost(int64, tag = "11")]
    recorded_at_micros: i64,
    #[prost(uint64, tag = "12")]
    reference_position: u64,
}

/// Whether it is the record by which a ledger is sealed where it lies.
pub fn seals(body: &[u8]) -> bool {
    let sealed = |event: &Event| matches!(event.body, EventBody::LedgerSealed { .. });
    decode(body).is_ok_and(|record| record.events.iter().any(sealed))
}

/// Reads the head of a stored body. It does not check the rest: fold nothing that only was peeked at.
pub fn peek(body: &[u8]) -> Result<Peek, DecodeError> {
    let head =
        Head::decode(body).map_err(|_| DecodeError::Malformed { within: "Record", problem: "is no protobuf" })?;
    let invalid = |field, problem| DecodeError::Invalid { field, problem };
    Ok(Peek {
        version: head.version,
        command: Uuid::from_slice(&head.command_id)
            .map(CommandId)
            .map_err(|_| invalid("Record.command_id", "is not an id of 16 bytes"))?,
        command_digest: head
            .command_digest
            .as_ref()
            .try_into()
            .map_err(|_| invalid("Record.command_digest", "is not a digest of 32 bytes"))?,
        recorded_at: Timestamp(head.recorded_at_micros),
        reference_position: Position(head.reference_position),
    })
}
