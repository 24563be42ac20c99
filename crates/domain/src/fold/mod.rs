//! Pure projections: facts in columns, the tally computed from them, and the audit trail.

mod answer;
mod columns;
mod fact;
mod row;
mod segment;
mod shape;

pub use answer::*;
pub use columns::{Facts, Mark, PartitionYear, SEGMENT_FACTS};
pub use fact::{Fact, facts_of};
pub use row::{FactRow, RowError};
pub use segment::SegmentError;
