//! Units, their names, codes, kinds and parents from a date to a date. One stream per ledger.

mod change_structure;

pub use change_structure::*;

use crate::Event;

/// Units, their names, codes, kinds and parents from a date to a date. One stream per ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {}

impl Structure {
    pub fn evolve(&mut self, _event: &Event) {}
}
