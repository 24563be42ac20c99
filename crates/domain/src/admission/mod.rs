//! One admission of one opaque subject.

mod admit_member;
mod correct_admission;
mod hold_ceremony;
mod revoke_admission;

pub use admit_member::*;
pub use correct_admission::*;
pub use hold_ceremony::*;
pub use revoke_admission::*;

use crate::Event;

/// One admission of one opaque subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admission {}

impl Admission {
    pub fn evolve(&mut self, _event: &Event) {}
}
