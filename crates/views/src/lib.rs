//! PROJECT. One loop that folds records into rows in position order, the store of those rows on SQLite or PostgreSQL, and their rebuild.

mod follower;
#[cfg(feature = "laws")]
#[allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "laws are tests")]
pub mod laws;
mod provenance;
mod rebuild;
mod store;
mod view;

pub use follower::{Applied, Behind, Follower, Halt, Reached, Session, State, Status, fold_to};
pub use provenance::{Foreign, Provenance, Unproven};
pub use rebuild::{Difference, Dump, Rebuilt, rebuild};
pub use store::{Checkpoint, Generation, Store, StoreError, StoreReader, insert_rows, placeholders};
pub use view::{Decoded, Schema, Sink, View};
