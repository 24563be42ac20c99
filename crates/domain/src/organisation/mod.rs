//! One organisation from its founding, recognition or registration to its end.

mod announce_founding;
mod change_type;
mod correct_organisation;
mod dissolve_organisation;
mod found_organisation;
mod recognise_union;
mod register_existing;
mod revoke_organisation;
mod transfer_organisation;

pub use announce_founding::*;
pub use change_type::*;
pub use correct_organisation::*;
pub use dissolve_organisation::*;
pub use found_organisation::*;
pub use recognise_union::*;
pub use register_existing::*;
pub use revoke_organisation::*;
pub use transfer_organisation::*;

use crate::Event;

/// One organisation from its founding, recognition or registration to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {}

impl Organisation {
    pub fn evolve(&mut self, _event: &Event) {}
}
