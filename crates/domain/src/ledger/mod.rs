//! The ledger itself: its name and whether it is a demonstration.

mod open_ledger;

pub use open_ledger::*;

use crate::{Event, EventBody};

/// The ledger itself: its name and whether it is a demonstration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    opened: Option<Opened>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Opened {
    name: String,
    demonstration: bool,
}

impl Ledger {
    pub fn evolve(&mut self, event: &Event) {
        if let EventBody::LedgerOpened { name, demonstration, .. } = &event.body {
            self.opened = Some(Opened { name: name.clone(), demonstration: *demonstration });
        }
    }

    /// Whether the first record is there.
    pub const fn is_open(&self) -> bool {
        self.opened.is_some()
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
