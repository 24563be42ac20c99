//! A record's bytes, made once.

use bytes::Bytes;
use domain::Record;

use crate::{codec::Writer, convert};

/// Largest body of a record, in bytes: the size of an entry in a C2SP tlog bundle.
pub const BODY_MAX_BYTES: usize = 65_535;

/// Most records are smaller than this, in bytes.
const USUAL_BYTES: usize = 512;

/// Why a record cannot be written down. Nothing of it has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    #[error("a record of {bytes} bytes exceeds the limit of {limit}")]
    TooLarge { bytes: usize, limit: usize },
    /// It could be written but would never be read again.
    #[error("field `{field}` {problem}")]
    Invalid { field: &'static str, problem: &'static str },
}

/// The canonical bytes of a record. Whatever is written here, [`crate::decode`] reads back equal.
pub fn encode(record: &Record) -> Result<Bytes, EncodeError> {
    let mut to = Writer::with_capacity(USUAL_BYTES);
    convert::write_record(record, &mut to)?;
    let body = to.into_body();
    if body.len() > BODY_MAX_BYTES {
        return Err(EncodeError::TooLarge { bytes: body.len(), limit: BODY_MAX_BYTES });
    }
    Ok(body.into())
}
