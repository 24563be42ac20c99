//! Corrects a target that was recorded wrongly: the old value never was.

use serde::{Deserialize, Serialize};

use super::{
    Target,
    scope::{open_scope, value_fits},
};
use crate::{
    Context, Document, Event, EventBody, LocalDate, MeasureKey, PeriodKey, ProgrammeKey, Reason, Reference, Refusal,
    TargetValue, UnitId,
};

/// Corrects a target that was recorded wrongly: the old value never was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectTarget {
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
    /// What it should have said.
    pub value: TargetValue,
    /// The day from which the wrong value holds: that of an earlier adjustment, or the period's first for what was assigned. Without it the last
    /// value is corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<LocalDate>,
    /// Why.
    pub reason: Reason,
    /// The paper it stands on.
    pub document: Document,
}

impl CorrectTarget {
    /// The value was recorded wrongly and never was so: what should have stood there holds from the same day, until the next change.
    pub fn decide(&self, state: &Target, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let target = self.target();
        let period = open_scope(reference, context, &target)?;
        value_fits(self.value)?;
        let (before, effective_on) = match self.from {
            Some(from) => {
                state.first_value().ok_or(Refusal::TargetUnknown)?;
                let decided = state.decided_from(from, period.first_day);
                (decided.ok_or(Refusal::TargetNotDecidedFrom { from })?, from)
            }
            None => (
                state.last_value().ok_or(Refusal::TargetUnknown)?,
                state.last_changed_from().unwrap_or(period.first_day),
            ),
        };
        if before == self.value {
            return Err(Refusal::NothingChanges);
        }
        let body = EventBody::TargetCorrected { target, before, after: self.value, reason: self.reason };
        Ok(vec![Event { effective_on, body }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        plan::samples::{adjust, assign, correct, target_2, withdraw, year_2022},
        scenario::{day, document, unit},
    };

    #[test]
    fn a_corrected_assignment_never_was_so() {
        let given = year_2022().then(&assign(2, 30));
        given.when(&correct(2, 3)).gives(&[Event {
            effective_on: day("2022-01-01"),
            body: EventBody::TargetCorrected {
                target: target_2(),
                before: TargetValue::Exactly(30),
                after: TargetValue::Exactly(3),
                reason: Reason::Typo,
            },
        }]);
        let known = given.then(&correct(2, 3)).reference;
        let target = known.target(&target_2()).unwrap();
        assert_eq!(target.value_on(day("2022-01-01")), Some(TargetValue::Exactly(3)));
        assert_eq!(target.first_value(), Some(TargetValue::Exactly(3)));
    }

    #[test]
    fn a_corrected_adjustment_leaves_the_assignment_alone() {
        let given = year_2022().then(&assign(2, 10)).then(&adjust(2, 80, "2022-08-01")).then(&correct(2, 8));
        let target = given.reference.target(&target_2()).unwrap();
        assert_eq!(target.value_on(day("2022-07-31")), Some(TargetValue::Exactly(10)));
        assert_eq!(target.value_on(day("2022-08-01")), Some(TargetValue::Exactly(8)));
    }

    #[test]
    fn a_value_that_a_later_one_followed_is_corrected_by_its_day() {
        let given =
            year_2022().then(&assign(2, 10)).then(&adjust(2, 500, "2022-08-05")).then(&adjust(2, 6, "2022-08-15"));
        let of = |from: &str, value: u32| CorrectTarget { from: Some(day(from)), ..correct(2, value) };
        let mended = given.clone().then(&of("2022-08-05", 5)).then(&of("2022-01-01", 9)).reference;
        let target = mended.target(&target_2()).unwrap();
        let on = |text: &str| target.value_on(day(text)).map(TargetValue::floor);
        assert_eq!(
            [on("2022-08-04"), on("2022-08-05"), on("2022-08-14"), on("2022-08-15")],
            [Some(9), Some(5), Some(5), Some(6)]
        );
        given.when(&of("2022-08-06", 5)).refuses_at("target-not-decided-from", "/from");
        given.when(&of("2022-08-05", 500)).refuses("nothing-changes");
        year_2022().when(&of("2022-01-01", 5)).refuses("target-unknown");
        let withdrawn = given.then(&withdraw(2, "2022-09-01"));
        withdrawn.when(&of("2022-09-01", 5)).refuses("target-not-decided-from");
        withdrawn.then(&of("2022-08-05", 5));
    }

    #[test]
    fn a_correction_may_come_after_the_period() {
        let late = CorrectTarget { document: document("2023-02-10"), ..correct(2, 3) };
        year_2022().then(&assign(2, 30)).on("2023-02-10").then(&late);
    }

    #[test]
    fn a_correction_needs_a_target_and_another_value() {
        year_2022().when(&correct(2, 3)).refuses_at("target-unknown", "/holder");
        let given = year_2022().then(&assign(2, 3));
        given.when(&correct(2, 3)).refuses("nothing-changes");
        given.when(&correct(2, 0)).refuses("target-zero");
        given.clone().by(unit(3)).when(&correct(2, 4)).refuses("not-your-unit");
        given.then(&withdraw(2, "2022-06-01")).when(&correct(2, 4)).refuses("target-unknown");
    }
}
