//! WRITE DOWN. The bytes of stored records, and everything else that leaves the process in an agreed form. Messages only: no network, no runtime.

mod cloud_event;
mod codec;
mod convert;
mod decode;
mod digest;
mod encode;
mod json;
mod peek;
pub mod proto;
mod tallies;

pub use cloud_event::{CeHeaders, ce_headers, ce_headers_from_body, ce_type};
pub use convert::{EVENT_TYPES, event_type, kind_from_number, kind_number};
pub use decode::{DecodeError, decode};
pub use digest::{DigestError, command_digest};
pub use encode::{BODY_MAX_BYTES, EncodeError, encode};
pub use json::RecordJson;
pub use peek::{Peek, RecordName, peek, seals};
pub use tallies::{changed_cells, tallies};

/// The version of the stored format that this code reads. A record that needs a newer one stops its reader.
pub const READER: u32 = 1;
