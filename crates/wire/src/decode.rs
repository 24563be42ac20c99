//! A record out of its bytes, or why not. Strict: what this version does not fully understand is refused, never guessed.

use bytes::Bytes;
use domain::Record;
use prost::Message;

use crate::{BODY_MAX_BYTES, READER, convert, proto::record::v1 as wire};

/// Why bytes are not a record of this version. Whoever reads a ledger adds the position, and stops there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not protobuf of this shape, or cut short.
    #[error("the body is not a record: {0}")]
    Malformed(#[from] prost::DecodeError),
    #[error("the body has {bytes} bytes; a record has at most {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// An event that this version has no arm for. `index` counts from 0 within the record.
    #[error("event {index} of the record is of a kind that this version does not know")]
    UnknownEvent { index: usize },
    #[error("the record needs a reader of version {needs} or later; this is version {have}")]
    NewerReader { needs: u32, have: u32 },
    /// Understood, but not as we would have written it: unknown fields, another order, a default spelt out.
    #[error("the body is not in canonical form: {bytes} bytes were stored, {canonical} are canonical")]
    NotCanonical { bytes: usize, canonical: usize },
    /// A value that no record of this version has.
    #[error("field `{field}` {problem}")]
    Invalid { field: &'static str, problem: &'static str },
}

/// Reads a stored body. `encode(&decode(body)?)` gives the same bytes again.
pub fn decode(body: &[u8]) -> Result<Record, DecodeError> {
    if body.len() > BODY_MAX_BYTES {
        return Err(DecodeError::TooLarge { bytes: body.len(), limit: BODY_MAX_BYTES });
    }
    let message = wire::Record::decode(Bytes::copy_from_slice(body))?;
    if message.min_reader > READER {
        return Err(DecodeError::NewerReader { needs: message.min_reader, have: READER });
    }
    if let Some(index) = message.events.iter().position(|event| event.body.is_none()) {
        return Err(DecodeError::UnknownEvent { index });
    }
    let canonical = message.encode_to_vec();
    if canonical != body {
        return Err(DecodeError::NotCanonical { bytes: body.len(), canonical: canonical.len() });
    }
    convert::read_record(message)
}
