//! Eligibility rules: data with a day from which they hold, not constants.

mod set_rules;

pub use set_rules::*;

use serde::{Deserialize, Serialize};

use crate::{Event, LocalDate, OrganisationKind};

/// At least `minimum` members for an organisation of this kind, from a day on (DOMAIN §3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EligibilityRule {
    pub kind: OrganisationKind,
    /// From 1.
    pub minimum: u32,
    pub from: LocalDate,
    /// Where the rule stands, such as `Điều lệ Đảng, Điều 21`; 1 to 200 characters.
    pub source: String,
}

/// All rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {}

impl Rules {
    pub fn evolve(&mut self, _event: &Event) {}
}
