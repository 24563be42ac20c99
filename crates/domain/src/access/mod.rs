//! A grant of access.

mod grant_access;
mod revoke_access;

pub use grant_access::GrantAccess;
pub use revoke_access::RevokeAccess;

use crate::{Event, EventBody, UnitId};

/// A grant of access: never given, in force, or revoked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Access {
    #[default]
    NotGiven,
    InForce {
        office: UnitId,
    },
    Revoked,
}

impl Access {
    /// Folds one event. Total: what cannot follow changes nothing.
    pub fn evolve(&mut self, event: &Event) {
        match (&self, &event.body) {
            (Self::NotGiven, EventBody::AccessGranted { office, .. }) => *self = Self::InForce { office: *office },
            (Self::InForce { .. }, EventBody::AccessRevoked { .. }) => *self = Self::Revoked,
            _ => {}
        }
    }
}
