//! A programme: a resolution, what it covers, and its measures by version.

mod define_measure;
mod establish_programme;

pub use define_measure::*;
pub use establish_programme::*;

use serde::{Deserialize, Serialize};

use crate::{Event, HostKind, LocalDate, MeasureKey, Membership, OrganisationKind, Trait, What};

/// One version of a measure. The version in force on a case's own day binds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MeasureDefinition {
    pub measure: MeasureKey,
    pub name_vi: String,
    pub name_en: String,
    /// `tổ chức`, `đảng viên`; printed after a count.
    pub noun_vi: String,
    /// First day on which this version holds.
    pub from: LocalDate,
    /// By which happening, and so by which date, it counts: `founded`, `recognised`, `admitted` or `received`.
    pub by: What,
    pub flow: Flow,
    /// Kinds of organisation that count; empty for a measure of members.
    #[serde(default)]
    pub organisation_kinds: Vec<OrganisationKind>,
    /// Memberships that count; empty for a measure of organisations.
    #[serde(default)]
    pub memberships: Vec<Membership>,
    /// Host kinds in scope.
    pub host_kinds: Vec<HostKind>,
    /// Dimensions shown as "of which".
    #[serde(default)]
    pub of_which: Vec<Trait>,
}

/// What a measure does with comings and goings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// New ones in the period. Targets use it.
    Gross,
    /// Comings less goings in the period.
    Net,
    /// What there is, registered ones included, on the day asked about.
    Stock,
}

/// State of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {}

impl Programme {
    pub fn evolve(&mut self, _event: &Event) {}
}
