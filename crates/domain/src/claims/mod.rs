//! What texts claim about the figures: claims are read out of running Vietnamese text, and judged by exact arithmetic and against the ledger.
//!
//! A text is claims to compare, never a source of figures.

mod read;

mod token;

mod phrases;
mod sentence;

mod mark;
mod narrow;
mod ordinal;
mod period;
mod topic;

mod context;
mod count;
mod found;
mod heading;
mod nameless;
mod ratio;
mod scope;
mod some;
mod subject;
mod sum;
mod unit;
mod units;
mod whole;
mod words;

mod claim;

mod judge;

mod arithmetic;
mod feasible;
mod finding;
mod ledger;
mod named;
mod whose;

/// Grows whenever other claims, or other verdicts, are read out of the same text.
pub const READER_VERSION: u32 = 5;

pub use arithmetic::{Whole, check};
pub use claim::*;
pub use feasible::{Stands, is_feasible};
pub use finding::{Difference, FigureOf, Finding, Impossible};
pub use judge::{Judged, judge};
pub use ledger::{Ledger, LedgerFigures, UnitFigures, compare};
pub use period::PeriodSaid;
pub use read::{Reading, read, read_passages};
pub use topic::Topic;

#[cfg(test)]
mod tests;
