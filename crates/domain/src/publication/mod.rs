//! What was printed of the figures. It is compared with the ledger; no figure comes from it, and it is never changed.

mod person;
mod printed;
mod publish;
mod withdraw_publication;

#[cfg(test)]
mod tests;

pub use printed::*;
pub use publish::*;
pub use withdraw_publication::*;

use crate::{Event, EventBody, UnitId};

/// State of a publication's stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// The office that recorded it; none before, and after it was withdrawn.
    recorded_by: Option<UnitId>,
}

impl Publication {
    /// Folds one event. Total: what cannot follow changes nothing.
    pub const fn evolve(&mut self, event: &Event) {
        match &event.body {
            EventBody::FiguresPublished { office, .. } => self.recorded_by = Some(*office),
            EventBody::PublicationWithdrawn { .. } => self.recorded_by = None,
            _ => {}
        }
    }
}
