//! A few fields of a body without decoding its events, for scans that only look for a command, a version or a time.

use bytes::Bytes;
use domain::{CommandId, Event, EventBody, Position, Record, Timestamp};
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

/// Tells a record from any other that stands at its position in another history of the ledger: a backup that lacks records, and went on.
/// 64 bits of command, digest, version and time, so that no body is needed; the same everywhere and for ever.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordName(pub u64);

impl std::fmt::Display for RecordName {
    /// 16 hexadecimal digits.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::str::FromStr for RecordName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let plain = text.len() == 16 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        if plain { u64::from_str_radix(text, 16).map(Self).map_err(|_| ()) } else { Err(()) }
    }
}

impl Peek {
    /// What the record is told from others by.
    pub fn name(&self) -> RecordName {
        // Digests and keys are random already, so they need no hash: each step keeps apart what differs in one of them.
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let (command, of_command) = self.command.0.as_u64_pair();
        let digest = self.command_digest.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        let parts =
            [command, of_command, digest, self.version, self.reference_position.0, self.recorded_at.0.cast_unsigned()];
        RecordName(parts.into_iter().fold(0, |name, part| (name ^ part).wrapping_mul(ODD).rotate_left(29)))
    }
}

impl From<&Record> for Peek {
    fn from(record: &Record) -> Self {
        Self {
            version: record.version,
            command: record.command,
            command_digest: record.command_digest,
            recorded_at: record.recorded_at,
            reference_position: record.reference_position,
        }
    }
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
