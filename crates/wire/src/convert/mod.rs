//! Between the domain's values and the stored messages, as tables that the compiler holds complete on both sides.
//!
//! Shape is checked here (lengths, known words, order, what must be present); meaning is `decide`'s. Both directions accept exactly the same values.

mod field;
mod message;

mod scalars;
mod words;

mod counted;
mod document;
mod plan;
mod programme;
mod publication;
mod structure;

mod events;
mod record;

pub use events::{EVENT_TYPES, event_type};
pub(crate) use record::{read_attributes, read_record, write_record};
pub use words::{kind_from_number, kind_number};
