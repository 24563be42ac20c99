//! The ledger itself: its name and whether it is a demonstration.

mod open_ledger;
mod seal_ledger;

pub use open_ledger::*;
pub use seal_ledger::*;

use crate::{Event, EventBody};

/// The ledger itself: its name and whether it is a demonstration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    opened: Option<Opened>,
    successor: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Opened {
    name: String,
    demonstration: bool,
}

impl Ledger {
    pub fn evolve(&mut self, event: &Event) {
        match &event.body {
            EventBody::LedgerOpened { name, demonstration, .. } => {
                self.opened = Some(Opened { name: name.clone(), demonstration: *demonstration });
            }
            EventBody::LedgerSealed { successor } => self.successor = Some(successor.clone()),
            _ => {}
        }
    }

    /// Whether the first record is there.
    pub const fn is_open(&self) -> bool {
        self.opened.is_some()
    }

    /// Where it went on when it was last sealed; empty when it never was. Whether this is that place is not for the record to say.
    pub fn successor(&self) -> &str {
        self.successor.as_deref().unwrap_or_default()
    }

    /// Empty before it is opened.
    pub fn name(&self) -> &str {
        self.opened.as_ref().map_or("", |opened| &opened.name)
    }

    /// Whether every page, export and receipt must say SỐ LIỆU MINH HỌA.
    pub fn demonstration(&self) -> bool {
        self.opened.as_ref().is_some_and(|opened| opened.demonstration)
    }
}
