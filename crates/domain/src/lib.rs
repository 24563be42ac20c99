//! DECIDE. What may be recorded, and what the record means. Pure: no IO, no clock, no floats; time, ids, rules and reference data arrive as values.
#![deny(clippy::float_arithmetic)]

mod closed_list;
pub mod collation;
pub mod command;
pub mod counted;
pub mod dates;
pub mod decide;
pub mod event;
mod guard;
pub mod ids;
mod of_which;
pub mod paper;
#[cfg(test)]
mod properties;
pub mod record;
pub mod reference;
pub mod refusal;
#[cfg(test)]
mod scenario;
mod standing;
#[cfg(test)]
mod testing;
pub mod text;
pub mod timeline;
pub mod vi;
pub mod vocabulary;

pub mod fold;
pub mod percent;

pub mod access;
pub mod admission;
pub mod batch;
pub mod claims;
pub mod ledger;
pub mod organisation;
pub mod period;
pub mod plan;
pub mod programme;
pub mod publication;
pub mod query;
pub mod rules;
pub mod structure;
mod whose;

pub use command::*;
pub use counted::*;
pub use dates::*;
pub use decide::*;
pub use event::*;
pub use ids::*;
pub use record::*;
pub use reference::*;
pub use refusal::*;
pub use timeline::*;
pub use vocabulary::*;
