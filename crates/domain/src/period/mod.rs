//! A period of a programme.

mod open_period;

pub use open_period::*;

use crate::Event;

/// A period of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {}

impl Period {
    pub fn evolve(&mut self, _event: &Event) {}
}
