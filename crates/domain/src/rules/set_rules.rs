//! Sets eligibility rules, each from a day on.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Document, Event, EventBody, Reference, Refusal,
    guard::{count, line_of_text, list_fits},
    rules::{EligibilityRule, Rules},
};

/// Rules in one record.
const RULES_MAX: usize = 100;
const SOURCE_MAX_CHARS: u32 = 200;

/// Sets eligibility rules, each from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRules {
    /// The paper it stands on.
    pub document: Document,
    /// 1 to 100.
    pub rules: Vec<EligibilityRule>,
}

impl SetRules {
    /// Each rule holds from a later day than the one before it of the same kind; earlier cases keep the rule of their day.
    pub fn decide(&self, state: &Rules, _reference: &Reference, _context: &Context) -> Result<Vec<Event>, Refusal> {
        list_fits(self.rules.len(), 1, RULES_MAX, "/rules")?;
        let mut after = state.clone();
        let mut events = Vec::with_capacity(self.rules.len());
        for (i, rule) in self.rules.iter().enumerate() {
            let event = set(&after, rule, &format!("/rules/{i}"))?;
            after.evolve(&event);
            events.push(event);
        }
        Ok(events)
    }
}

fn set(rules: &Rules, rule: &EligibilityRule, at: &str) -> Result<Event, Refusal> {
    let source = line_of_text(&rule.source, SOURCE_MAX_CHARS, &format!("{at}/source"))?;
    count(rule.minimum, &format!("{at}/minimum"))?;
    if let Some(last) = rules.last_from(rule.kind).filter(|last| rule.from <= *last) {
        return Err(Refusal::FromTooEarly { from: rule.from, last, pointer: format!("{at}/from") });
    }
    let rule = EligibilityRule { source, ..rule.clone() };
    Ok(Event { effective_on: rule.from, body: EventBody::RuleSet { rule } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        OrganisationKind,
        scenario::{day, document, given},
    };

    fn rules(rules: &[(OrganisationKind, u32, &str)]) -> SetRules {
        let rules = rules.iter().map(|(kind, minimum, from)| EligibilityRule {
            kind: *kind,
            minimum: *minimum,
            from: day(from),
            source: "Điều lệ Đảng, Điều 21".to_owned(),
        });
        SetRules { document: document("2022-01-04"), rules: rules.collect() }
    }

    use OrganisationKind::{GrassrootsUnion, OccupationalUnion, PartyCellGrassroots as Cell};

    #[test]
    fn a_rule_binds_from_its_day_on_and_earlier_cases_keep_theirs() {
        let set = rules(&[
            (Cell, 3, "2011-01-19"),
            (GrassrootsUnion, 5, "2013-07-30"),
            (OccupationalUnion, 10, "2013-07-30"),
        ]);
        let later = rules(&[(Cell, 4, "2025-07-01")]);
        let known = given().then(&set).then(&later).reference.rules;
        assert_eq!(known.minimum(Cell, day("2011-01-18")), None);
        assert_eq!(known.minimum(Cell, day("2025-06-30")), Some(3));
        assert_eq!(known.minimum(Cell, day("2025-07-01")), Some(4));
        assert_eq!(known.minimum(OccupationalUnion, day("2022-12-31")), Some(10));
        assert_eq!(known.rule(GrassrootsUnion, day("2022-12-31")).map(|rule| rule.minimum), Some(5));
        assert_eq!(known.minimum(OrganisationKind::PartyGroup, day("2022-12-31")), None);
    }

    #[test]
    fn a_rule_that_does_not_follow_the_last_one_is_refused() {
        let set = rules(&[(Cell, 3, "2011-01-19")]);
        let same_day = rules(&[(GrassrootsUnion, 5, "2013-07-30"), (Cell, 4, "2011-01-19")]);
        given().then(&set).when(&same_day).refuses_at("from-too-early", "/rules/1/from");
        let twice = rules(&[(Cell, 3, "2011-01-19"), (Cell, 4, "2011-01-19")]);
        given().when(&twice).refuses_at("from-too-early", "/rules/1/from");
    }

    #[test]
    fn a_rule_that_asks_for_nobody_or_names_no_source_is_refused() {
        given().when(&rules(&[(Cell, 0, "2011-01-19")])).refuses_at("count-out-of-range", "/rules/0/minimum");
        given().when(&rules(&[])).refuses_at("list-length-unfit", "/rules");
        let mut unsourced = rules(&[(Cell, 3, "2011-01-19")]);
        unsourced.rules[0].source = " ".to_owned();
        given().when(&unsourced).refuses_at("text-unfit", "/rules/0/source");
    }

    #[test]
    fn the_rules_of_the_review_are_accepted_as_they_stand_in_the_file() {
        let file = include_str!("../../../../tests/data/replay_2022/rules.json");
        let command = SetRules { document: document("2022-01-04"), rules: serde_json::from_str(file).unwrap() };
        let known = given().then(&command).reference.rules;
        let on = day("2022-12-31");
        assert_eq!(known.minimum(Cell, on), Some(3));
        assert_eq!(known.minimum(OrganisationKind::PartyCellSubordinate, on), Some(3));
        assert_eq!(known.minimum(OrganisationKind::PartyOrganisationGrassroots, on), Some(30));
        assert_eq!(known.minimum(GrassrootsUnion, on), Some(5));
        assert_eq!(known.minimum(OccupationalUnion, on), Some(10));
        assert_eq!(known.minimum(OrganisationKind::YouthBranch, on), Some(3));
        assert_eq!(known.minimum(OrganisationKind::GrassrootsYouthUnion, on), Some(30));
        assert_eq!(known.minimum(OrganisationKind::YouthFederationBranch, on), None, "no number is known");
    }
}
