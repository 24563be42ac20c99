//! What an event adds to the counts, or takes from them.

use crate::{Basis, HostKind, LocalDate, Membership, OfWhich, OrganisationKind, UnitId};

/// So many of a countable, credited to a unit on a day. The unit is the body that decided or recognised, never the territory.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Counted {
    pub countable: Countable,
    pub unit: UnitId,
    pub effective_on: LocalDate,
    /// From 1.
    pub n: u32,
    #[cfg_attr(feature = "schema", schema(inline))]
    pub of_which: OfWhich,
    /// Code of the administrative unit where it is, as of `effective_on`; at most 20 characters.
    pub place: Option<String>,
}

/// What happened × by which date: what a measure selects from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Countable {
    pub what: What,
    pub of: Countee,
    pub host_kind: HostKind,
    /// `New` where a basis has no meaning.
    pub basis: Basis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Countee {
    Organisation(OrganisationKind),
    Member(Membership),
}

/// What happened, and so by which date it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// By the founding decision.
    Founded = 1,
    /// By the superior's recognition.
    Recognised = 2,
    /// Older than the ledger: stock only.
    Registered = 3,
    /// Came from outside the ledger: net and stock.
    ReceivedFromOutside = 4,
    TransferredIn = 5,
    TransferredOut = 6,
    Dissolved = 7,
    /// Ended by a revocation from a date.
    RevokedFromDate = 8,
    /// By the admission decision; first admissions.
    Admitted = 9,
    Readmitted = 10,
    /// By the ceremony.
    Received = 11,
    /// Recognised as official, on the day the probation ended.
    MadeOfficial = 12,
}

impl What {
    pub const ALL: [What; 12] = [
        What::Founded,
        What::Recognised,
        What::Registered,
        What::ReceivedFromOutside,
        What::TransferredIn,
        What::TransferredOut,
        What::Dissolved,
        What::RevokedFromDate,
        What::Admitted,
        What::Readmitted,
        What::Received,
        What::MadeOfficial,
    ];

    pub const fn number(self) -> i32 {
        self as i32
    }

    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.number() == number)
    }
}
