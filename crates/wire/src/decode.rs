//! A record out of its bytes, or why not. Strict: what this version does not fully understand is refused, never guessed.

use domain::Record;
use prost::Message;

use crate::{BODY_MAX_BYTES, READER, codec::Reader, convert};

/// Why bytes are not a record of this version. Whoever reads a ledger adds the position, and stops there.
/// `within` and `field` are names of `proto/socai/record/v1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not protobuf.
    #[error("the body is not a record: `{within}` {problem}")]
    Malformed { within: &'static str, problem: &'static str },
    #[error("the body has {bytes} bytes; a record has at most {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// `arm` is the number of a field of `Event` that this version does not have.
    #[error("the record holds an event of kind {arm}, which this version does not know")]
    UnknownEvent { arm: u32 },
    #[error("the record needs a reader of version {needs} or later; this is version {have}")]
    NewerReader { needs: u32, have: u32 },
    /// Not as we would have written it: an unknown field, one twice or out of order, a default spelt out.
    #[error("the body is not in canonical form within `{within}`")]
    NotCanonical { within: &'static str },
    /// A value that no record of this version has.
    #[error("field `{field}` {problem}")]
    Invalid { field: &'static str, problem: &'static str },
}

/// Reads a stored body. `encode(&decode(body)?)` gives the same bytes again.
pub fn decode(body: &[u8]) -> Result<Record, DecodeError> {
    if body.len() > BODY_MAX_BYTES {
        return Err(DecodeError::TooLarge { bytes: body.len(), limit: BODY_MAX_BYTES });
    }
    convert::read_record(Reader::new("Record", body)).map_err(|error| newer_reader(body).unwrap_or(error))
}

/// What a newer writer says about itself explains any other error.
fn newer_reader(body: &[u8]) -> Option<DecodeError> {
    #[derive(Clone, PartialEq, Message)]
    struct MinReader {
        #[prost(uint32, tag = "17")]
        min_reader: u32,
    }
    let needs = MinReader::decode(body).ok()?.min_reader;
    (needs > READER).then_some(DecodeError::NewerReader { needs, have: READER })
}
