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

impl Refusal {
    /// Stable: the `type` of the problem, and the name of its page.
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::RoleMayNot { .. } => "role-may-not",
            Self::NotYourUnit { .. } => "not-your-unit",
            Self::UnitUnknown { .. } => "unit-unknown",
            Self::UnitEnded { .. } => "unit-ended",
            Self::DocumentIncomplete { .. } => "document-incomplete",
            Self::DocumentInFuture { .. } => "document-in-future",
            Self::LooksRecordedAlready { .. } => "looks-recorded-already",
            Self::TooFewMembers { .. } => "too-few-members",
        }
    }

    pub const fn class(&self) -> RefusalClass {
        match self {
            Self::RoleMayNot { .. } | Self::NotYourUnit { .. } => RefusalClass::Forbidden,
            Self::LooksRecordedAlready { .. } => RefusalClass::Conflict,
            _ => RefusalClass::Refused,
        }
    }

    /// A few words.
    pub const fn title(&self, _lang: Lang) -> &'static str {
        self.slug()
    }

    /// One sentence for the clerk: what is wrong and what to do.
    pub fn text(&self, _lang: Lang) -> String {
        format!("{self:?}")
    }

    /// JSON Pointer of the field that is wrong.
    pub fn pointer(&self) -> Option<String> {
        None
    }

    /// The record it is about.
    pub const fn position(&self) -> Option<Position> {
        match self {
            Self::LooksRecordedAlready { position } => Some(*position),
            _ => None,
        }
    }
}
