//! Eligibility rules: data with a day from which they hold, not constants.

mod set_rules;

pub use set_rules::*;

use std::{collections::BTreeMap, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{Event, EventBody, LocalDate, OrganisationKind, Timeline};

/// At least `minimum` members for an organisation of this kind, from a day on (DOMAIN §3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EligibilityRule {
    pub kind: OrganisationKind,
    /// From 1.
    #[cfg_attr(feature = "schema", schema(minimum = 1))]
    pub minimum: u32,
    pub from: LocalDate,
    /// Where the rule stands, such as `Điều lệ Đảng, Điều 21`; 1 to 200 characters.
    pub source: String,
}

/// All rules: for each kind of organisation, the rule that holds from a day on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    kinds: Arc<BTreeMap<OrganisationKind, Timeline<EligibilityRule>>>,
}

impl Rules {
    pub fn evolve(&mut self, event: &Event) {
        if let EventBody::RuleSet { rule } = &event.body {
            Arc::make_mut(&mut self.kinds).entry(rule.kind).or_default().set(rule.from, rule.clone());
        }
    }

    /// The rule that binds a case of this kind on its own day.
    pub fn rule(&self, kind: OrganisationKind, day: LocalDate) -> Option<&EligibilityRule> {
        self.kinds.get(&kind)?.at(day)
    }

    /// The least number of members on a day; `None` where no rule asks for one.
    pub fn minimum(&self, kind: OrganisationKind, day: LocalDate) -> Option<u32> {
        self.rule(kind, day).map(|rule| rule.minimum)
    }

    /// The day from which the newest rule of a kind holds.
    pub fn last_from(&self, kind: OrganisationKind) -> Option<LocalDate> {
        self.kinds.get(&kind)?.last_from()
    }
}
