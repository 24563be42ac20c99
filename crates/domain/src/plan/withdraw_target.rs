//! Withdraws a target from the document's date on.

use serde::{Deserialize, Serialize};

use super::{
    Target,
    scope::{effect_in, open_scope},
};
use crate::{
    Context, Document, Event, EventBody, LocalDate, MeasureKey, PeriodKey, ProgrammeKey, Reference, Refusal, UnitId,
};

/// Withdraws a target from the document's date on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawTarget {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The measure.
    pub measure: MeasureKey,
    /// The period.
    pub period: PeriodKey,
    /// Who is to reach it.
    pub holder: UnitId,
    /// Who gives it.
    pub assigner: UnitId,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
}

impl WithdrawTarget {
    /// None from then on: its holder leaves plan and n, and what it did stands outside the plan.
    pub fn decide(&self, state: &Target, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let target = self.target();
        let period = open_scope(reference, context, &target)?;
        state.last_value().ok_or(Refusal::TargetUnknown)?;
        let effective_on = effect_in(period, &self.document, self.effective_on)?;
        state.takes_change_on(effective_on)?;
        Ok(vec![Event { effective_on, body: EventBody::TargetWithdrawn { target } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        TargetValue,
        plan::{
            AssignTarget, RollUp,
            samples::{adjust, assign, target_2, withdraw, year_2022},
        },
        scenario::{day, document, unit},
        structure::{ChangeStructure, EndUnit, StructureChange},
    };

    #[test]
    fn a_withdrawn_target_holds_until_the_day_before() {
        let known = year_2022().then(&assign(2, 3)).then(&withdraw(2, "2022-06-01")).reference;
        let target = known.target(&target_2()).unwrap();
        assert_eq!(target.value_on(day("2022-05-31")), Some(TargetValue::Exactly(3)));
        assert_eq!(target.value_on(day("2022-06-01")), None);
        assert_eq!(target.last_value(), None);
    }

    #[test]
    fn withdrawing_one_of_sixteen_leaves_fifteen_and_the_plan_without_its_three() {
        let plans = [3, 3, 3, 3, 2, 2, 2, 3, 3, 2, 2, 2, 2, 2, 4, 4];
        let given = crate::plan::samples::holders(&plans);
        let count = |given: &crate::scenario::Given, on: &str| {
            let key = target_2();
            let plan = given.reference.targets_of(&key.programme, &key.period, &key.measure).of_assigner(unit(1));
            let values: Vec<_> =
                plan.filter_map(|(_, target)| target.value_on(day(on))).map(TargetValue::floor).collect();
            (values.len(), values.iter().sum::<u32>())
        };
        assert_eq!(count(&given, "2022-12-31"), (16, 42));
        let given = given.then(&withdraw(100, "2022-06-01"));
        assert_eq!(count(&given, "2022-12-31"), (15, 39));
        assert_eq!(count(&given, "2022-05-31"), (16, 42));
    }

    #[test]
    fn what_a_withdrawn_holder_did_before_is_outside_the_plan_when_asked_afterwards() {
        let known = year_2022().then(&assign(2, 3)).then(&withdraw(2, "2022-06-01")).reference;
        let plan = crate::plan::samples::plan_2022();
        let holder = |valid: &str| {
            known.holder_of(&plan, unit(21), RollUp { effective_on: day("2022-03-01"), valid: day(valid) })
        };
        assert_eq!(holder("2022-05-31"), Some(unit(2)));
        assert_eq!(holder("2022-12-31"), None);
    }

    #[test]
    fn a_target_is_withdrawn_once_within_the_period_and_after_its_last_change() {
        year_2022().when(&withdraw(2, "2022-06-01")).refuses_at("target-unknown", "/holder");
        let given = year_2022().then(&assign(2, 3)).then(&adjust(2, 4, "2022-05-01"));
        given.when(&withdraw(2, "2022-04-30")).refuses("before-its-time");
        given.when(&withdraw(2, "2023-01-01")).refuses_at("after-period", "/document/date");
        given.then(&withdraw(2, "2022-06-01")).when(&withdraw(2, "2022-07-01")).refuses("target-unknown");
    }

    #[test]
    fn what_an_assigner_gave_before_it_ended_is_withdrawn_by_the_office_above_it() {
        let by_youth_union = AssignTarget { assigner: unit(4), ..assign(5, 3) };
        let ends = [
            StructureChange::EndUnit(EndUnit { unit: unit(5), from: day("2022-07-01") }),
            StructureChange::EndUnit(EndUnit { unit: unit(4), from: day("2022-07-01") }),
        ];
        let ended = ChangeStructure { document: document("2022-06-01"), changes: ends.to_vec() };
        let given = year_2022().then(&by_youth_union).then(&ended).on("2022-08-01");
        let withdrawn = WithdrawTarget { assigner: unit(4), ..withdraw(5, "2022-07-01") };
        given.clone().by(unit(1)).then(&withdrawn);
        given.by(unit(3)).when(&withdrawn).refuses_at("not-your-unit", "/assigner");
    }
}
