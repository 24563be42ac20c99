//! Why a command is not recorded, in domain words. Refusals are answers, not failures.

use crate::{LocalDate, Position, Role, UnitId};

/// Vietnamese first, English second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    Vi,
    En,
}

/// What kind of answer a refusal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// The caller may not do this: 403.
    Forbidden,
    /// It stands in the way of something already recorded: 409.
    Conflict,
    /// The domain says no: 422.
    Refused,
}

/// Each has a stable slug, a page in `docs/problems/`, and a sentence in both languages that says what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `role_may` says no.
    RoleMayNot {
        role: Role,
        command: &'static str,
    },
    /// Neither the caller's office nor a unit under it that it names in `on_behalf_of`.
    NotYourUnit {
        unit: UnitId,
    },
    UnitUnknown {
        unit: UnitId,
    },
    /// `ended_on` is the first day without it.
    UnitEnded {
        unit: UnitId,
        ended_on: LocalDate,
    },
    DocumentIncomplete {
        pointer: &'static str,
    },
    /// Names the ledger's own day.
    DocumentInFuture {
        date: LocalDate,
        today: LocalDate,
    },
    LooksRecordedAlready {
        position: Position,
    },
    TooFewMembers {
        have: u32,
        need: u32,
    },
}
