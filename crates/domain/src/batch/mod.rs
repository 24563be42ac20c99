//! A batch of admissions reported as a number.

mod admit_batch;
mod correct_batch;
mod hold_batch_ceremony;
mod name_batch_member;
mod revoke_batch;

pub use admit_batch::*;
pub use correct_batch::*;
pub use hold_batch_ceremony::*;
pub use name_batch_member::*;
pub use revoke_batch::*;

use crate::Event;

/// A batch of admissions reported as a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {}

impl Batch {
    pub fn evolve(&mut self, _event: &Event) {}
}
