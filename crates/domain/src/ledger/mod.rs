//! The ledger itself: its name and whether it is a demonstration.

mod open_ledger;

pub use open_ledger::*;

use crate::Event;

/// The ledger itself: its name and whether it is a demonstration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {}

impl Ledger {
    pub fn evolve(&mut self, _event: &Event) {}
}
