//! A grant of access.

mod grant_access;
mod revoke_access;

pub use grant_access::*;
pub use revoke_access::*;

use crate::Event;

/// A grant of access.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {}

impl Access {
    pub fn evolve(&mut self, _event: &Event) {}
}
