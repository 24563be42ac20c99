//! A reviewer's query; without effect on counts.

mod answer_query;
mod close_query;
mod raise_query;

pub use answer_query::*;
pub use close_query::*;
pub use raise_query::*;

use crate::Event;

/// A reviewer's query; without effect on counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {}

impl Query {
    pub fn evolve(&mut self, _event: &Event) {}
}
