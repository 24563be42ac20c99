//! Changes a target from the document's date on.

use serde::{Deserialize, Serialize};

use super::{
    Target,
    scope::{effect_in, open_scope, value_fits},
};
use crate::{
    Context, Document, Event, EventBody, LocalDate, MeasureKey, PeriodKey, ProgrammeKey, Reference, Refusal,
    TargetValue, UnitId,
};

/// Changes a target from the document's date on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdjustTarget {
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
    /// The new value.
    pub value: TargetValue,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
}

impl AdjustTarget {
    /// From the paper's date, not after the period's end, on or after the change before it.
    pub fn decide(&self, state: &Target, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let target = self.target();
        let period = open_scope(reference, context, &target)?;
        value_fits(self.value)?;
        let before = state.last_value().ok_or(Refusal::TargetUnknown)?;
        let effective_on = effect_in(period, &self.document, self.effective_on)?;
        state.takes_change_on(effective_on)?;
        if before == self.value {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event { effective_on, body: EventBody::TargetAdjusted { target, value: self.value } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        plan::samples::{adjust, assign, target_2, withdraw, year_2022},
        scenario::{day, unit},
    };

    #[test]
    fn an_adjusted_value_holds_from_the_papers_date_and_the_first_one_stays_known() {
        let known = year_2022().then(&assign(2, 10)).then(&adjust(2, 8, "2022-08-01")).reference;
        let target = known.target(&target_2()).unwrap();
        assert_eq!(target.value_on(day("2022-07-31")), Some(TargetValue::Exactly(10)));
        assert_eq!(target.value_on(day("2022-08-01")), Some(TargetValue::Exactly(8)));
        assert_eq!(target.last_value(), Some(TargetValue::Exactly(8)));
        // An actual of 8 is exact, and 80 % of the first.
        assert_eq!(target.first_value(), Some(TargetValue::Exactly(10)));
    }

    #[test]
    fn a_paper_may_state_another_day_but_none_after_the_period() {
        let stated = AdjustTarget { effective_on: Some(day("2022-10-01")), ..adjust(2, 8, "2022-08-01") };
        let given = year_2022().then(&assign(2, 10));
        let known = given.clone().then(&stated).reference;
        assert_eq!(known.target(&target_2()).unwrap().value_on(day("2022-09-30")), Some(TargetValue::Exactly(10)));
        given.when(&adjust(2, 8, "2023-01-01")).refuses_at("after-period", "/document/date");
        let late = AdjustTarget { effective_on: Some(day("2023-01-01")), ..adjust(2, 8, "2022-08-01") };
        given.when(&late).refuses_at("after-period", "/effective_on");
    }

    #[test]
    fn what_was_not_assigned_or_is_withdrawn_cannot_be_adjusted() {
        year_2022().when(&adjust(2, 8, "2022-08-01")).refuses_at("target-unknown", "/holder");
        let withdrawn = year_2022().then(&assign(2, 10)).then(&withdraw(2, "2022-06-01"));
        withdrawn.when(&adjust(2, 8, "2022-08-01")).refuses("target-unknown");
    }

    #[test]
    fn a_change_before_the_last_one_or_to_the_same_value_is_refused() {
        let given = year_2022().then(&assign(2, 10)).then(&adjust(2, 8, "2022-08-01"));
        given.when(&adjust(2, 7, "2022-07-31")).refuses_at("before-its-time", "/effective_on");
        given.when(&adjust(2, 8, "2022-09-01")).refuses("nothing-changes");
        given.when(&adjust(2, 0, "2022-09-01")).refuses("target-zero");
        given.by(unit(2)).when(&adjust(2, 7, "2022-09-01")).refuses_at("not-your-unit", "/assigner");
    }
}
