//! Assigns a target for a whole period.

use serde::{Deserialize, Serialize};

use super::{
    Target,
    scope::{effect_in, open_scope, value_fits},
};
use crate::{
    Context, Document, Edge, Event, EventBody, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, Reference,
    Refusal, TargetKey, TargetValue, UnitId, guard::unit_name, period::OpenedPeriod,
};

/// Assigns a target for a whole period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AssignTarget {
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
    /// From 1.
    pub value: TargetValue,
    /// Last day in time; the period's last day unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<LocalDate>,
    /// The paper it stands on.
    pub document: Document,
    /// Position of a record of the same paper that the caller has seen and says is a different matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
}

impl AssignTarget {
    /// For the whole period, by a unit above the holder, and to nobody in one line with another of its holders.
    /// One that was withdrawn may be assigned again.
    pub fn decide(&self, state: &Target, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let key = self.target();
        let period = open_scope(reference, context, &key)?;
        value_fits(self.value)?;
        if state.last_value().is_some() {
            return Err(Refusal::TargetAssignedAlready);
        }
        effect_in(period, &self.document, None)?;
        if let Some(due_on) = self.due_on.filter(|due_on| !period.contains(*due_on)) {
            let (first_day, last_day) = (period.first_day, period.last_day);
            return Err(Refusal::DueOutsidePeriod { due_on, first_day, last_day });
        }
        is_given_from_above(reference, period, &key)?;
        is_alone_in_its_line(reference, period, &key)?;
        let body = EventBody::TargetAssigned { target: key, value: self.value, due_on: self.due_on };
        Ok(vec![Event { effective_on: period.first_day, body }])
    }
}

/// The days of the period between which the tree stands still.
fn days_of<'a>(reference: &'a Reference, period: &'a OpenedPeriod) -> impl Iterator<Item = LocalDate> + 'a {
    reference.structure.edge_days_from(period.first_day).take_while(|on| period.contains(*on))
}

/// The assigner stands at or above the holder, along either kind of edge, on some day of the period.
fn is_given_from_above(reference: &Reference, period: &OpenedPeriod, key: &TargetKey) -> Result<(), Refusal> {
    let (assigner, holder) = (key.assigner, key.holder);
    if days_of(reference, period).any(|on| reference.structure.is_at_or_under(holder, assigner, on)) {
        return Ok(());
    }
    let name = |unit| unit_name(unit, period.last_day, reference);
    Err(Refusal::AssignerNotAbove { assigner, assigner_name: name(assigner), holder, holder_name: name(holder) })
}

/// No other holder of the same assigner, measure and period stands above or below it along `line` on any day of the period: a fact
/// counts for the nearest holder only, so the upper one would silently lose what the lower one has.
fn is_alone_in_its_line(reference: &Reference, period: &OpenedPeriod, key: &TargetKey) -> Result<(), Refusal> {
    let structure = &reference.structure;
    let holder = key.holder;
    let in_one_line = |other: UnitId| {
        days_of(reference, period).any(|on| {
            structure.is_at_or_under_by(other, holder, Edge::Line, on)
                || structure.is_at_or_under_by(holder, other, Edge::Line, on)
        })
    };
    let plan = reference.targets_of(&key.programme, &key.period, &key.measure);
    let others =
        plan.of_assigner(key.assigner).filter(|(other, target)| *other != holder && target.last_value().is_some());
    match others.map(|(other, _)| other).find(|other| in_one_line(*other)) {
        None => Ok(()),
        Some(other) => {
            let name = |unit| unit_name(unit, period.last_day, reference);
            Err(Refusal::NestedTarget { holder, holder_name: name(holder), other, other_name: name(other) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Range,
        plan::samples::{adjust, assign, withdraw, year_2022},
        programme::samples::create,
        scenario::{day, document, unit},
        structure::{ChangeStructure, EndUnit, SetParent, StructureChange},
    };

    fn value(value: TargetValue) -> AssignTarget {
        AssignTarget { value, ..assign(2, 3) }
    }

    #[test]
    fn a_target_holds_for_the_whole_period_even_when_its_paper_was_signed_later() {
        let signed_in_february = AssignTarget { document: document("2022-02-15"), ..assign(2, 10) };
        let known = year_2022().then(&signed_in_february).reference;
        let target = known.target(&signed_in_february.target()).unwrap();
        assert_eq!(target.value_on(day("2022-01-01")), Some(TargetValue::Exactly(10)));
        assert_eq!(target.value_on(day("2022-12-31")), Some(TargetValue::Exactly(10)));
        assert_eq!(target.first_value(), Some(TargetValue::Exactly(10)));
        assert_eq!(target.due_on(), None);
    }

    #[test]
    fn a_number_at_least_a_number_or_a_range_can_be_assigned() {
        for accepted in [TargetValue::AtLeast(25), TargetValue::Between(Range { from: 190, to: 200 })] {
            year_2022().then(&value(accepted));
        }
    }

    #[test]
    fn a_target_of_0_is_refused_with_the_advice_to_leave_it_empty_or_withdraw_it() {
        let between = |from, to| TargetValue::Between(Range { from, to });
        year_2022().when(&value(TargetValue::Exactly(0))).refuses_at("target-zero", "/value/exactly");
        year_2022().when(&value(TargetValue::AtLeast(0))).refuses_at("target-zero", "/value/at_least");
        year_2022().when(&value(between(0, 7))).refuses_at("target-zero", "/value/between/from");
        year_2022().when(&value(between(7, 5))).refuses_at("target-range-empty", "/value/between");
        year_2022().when(&value(between(5, 5))).refuses_at("target-range-empty", "/value/between");
        let advice = Refusal::TargetZero { pointer: "/value/exactly".to_owned() }.text(crate::Lang::En);
        assert!(advice.contains("leave it empty") && advice.contains("withdraw"), "{advice}");
    }

    #[test]
    fn a_target_is_assigned_once_and_again_after_it_was_withdrawn() {
        let given = year_2022().then(&assign(2, 3));
        given.when(&assign(2, 4)).refuses_at("target-assigned-already", "/holder");
        let again = given.then(&withdraw(2, "2022-06-01")).then(&assign(2, 4)).reference;
        assert_eq!(again.target(&assign(2, 4).target()).unwrap().last_value(), Some(TargetValue::Exactly(4)));
    }

    #[test]
    fn two_holders_of_one_assigner_in_one_line_are_refused_whichever_came_first() {
        let nested = |holder, other| Refusal::NestedTarget {
            holder: unit(holder),
            holder_name: if holder == 2 { "Quận ủy Lê Chân" } else { "Đảng ủy phường An Biên" }.to_owned(),
            other: unit(other),
            other_name: if other == 2 { "Quận ủy Lê Chân" } else { "Đảng ủy phường An Biên" }.to_owned(),
        };
        year_2022().then(&assign(2, 3)).when(&assign(21, 1)).refuses_with(&nested(21, 2));
        year_2022().then(&assign(21, 1)).when(&assign(2, 3)).refuses_with(&nested(2, 21));
        year_2022().then(&assign(2, 3)).then(&assign(3, 2));
    }

    #[test]
    fn a_target_given_further_down_has_another_assigner_and_is_not_nested() {
        let by_district = AssignTarget { assigner: unit(2), ..assign(21, 1) };
        year_2022().then(&assign(2, 3)).then(&by_district);
    }

    #[test]
    fn a_youth_body_under_the_committee_that_leads_it_is_in_another_line() {
        year_2022().then(&assign(2, 3)).then(&assign(5, 3));
    }

    #[test]
    fn a_holder_that_moves_under_another_one_within_the_period_is_nested_with_it() {
        let moves = StructureChange::SetParent(SetParent {
            unit: unit(3),
            edge: Edge::Line,
            parent: Some(unit(2)),
            from: day("2022-07-01"),
        });
        let moved = year_2022().then(&ChangeStructure { document: document("2022-06-01"), changes: vec![moves] });
        moved.then(&assign(2, 3)).when(&assign(3, 2)).refuses("nested-target");
    }

    #[test]
    fn a_withdrawn_holder_is_in_nobodys_way() {
        year_2022().then(&assign(2, 3)).then(&withdraw(2, "2022-03-01")).then(&assign(21, 1));
    }

    #[test]
    fn the_assigner_stands_above_the_holder_along_either_kind_of_edge() {
        year_2022().then(&AssignTarget { assigner: unit(4), ..assign(5, 3) });
        year_2022().then(&assign(5, 3));
        year_2022().when(&assign(9, 3)).refuses_at("assigner-not-above", "/assigner");
        let upwards = AssignTarget { assigner: unit(2), ..assign(1, 3) };
        year_2022().when(&upwards).refuses("assigner-not-above");
        let sisters = AssignTarget { assigner: unit(3), ..assign(2, 3) };
        year_2022().when(&sisters).refuses("assigner-not-above");
    }

    #[test]
    fn only_the_assigner_or_an_office_above_it_assigns() {
        year_2022().by(unit(2)).when(&assign(2, 3)).refuses_at("not-your-unit", "/assigner");
        let by_youth_union = AssignTarget { assigner: unit(4), ..assign(5, 3) };
        year_2022().by(unit(4)).then(&by_youth_union);
        year_2022().by(unit(1)).then(&by_youth_union);
        year_2022().by(unit(3)).when(&by_youth_union).refuses("not-your-unit");
    }

    #[test]
    fn programme_measure_period_and_units_must_be_there() {
        let given = year_2022();
        given
            .when(&AssignTarget { programme: "nq99".parse().unwrap(), ..assign(2, 3) })
            .refuses_at("programme-unknown", "/programme");
        given
            .when(&AssignTarget { measure: "youth_org".parse().unwrap(), ..assign(2, 3) })
            .refuses_at("measure-unknown", "/measure");
        given
            .when(&AssignTarget { period: "2023".parse().unwrap(), ..assign(2, 3) })
            .refuses_at("period-unknown", "/period");
        given.when(&assign(99, 3)).refuses_at("unit-unknown", "/holder");
        given.when(&AssignTarget { assigner: unit(99), ..assign(2, 3) }).refuses_at("unit-unknown", "/assigner");
    }

    #[test]
    fn a_holder_exists_on_some_day_of_the_period() {
        let late =
            crate::structure::CreateUnit { from: day("2023-01-01"), ..create(7, "Quận ủy mới", Some(unit(1))) };
        let change = |change| ChangeStructure { document: document("2022-01-01"), changes: vec![change] };
        let given = year_2022().then(&change(StructureChange::CreateUnit(late)));
        given.when(&assign(7, 3)).refuses_at("unit-not-yet", "/holder");
        let ends = |from| change(StructureChange::EndUnit(EndUnit { unit: unit(3), from: day(from) }));
        year_2022().then(&ends("2022-01-01")).when(&assign(3, 3)).refuses_at("unit-ended", "/holder");
        year_2022().then(&ends("2022-07-01")).then(&assign(3, 3));
    }

    #[test]
    fn a_paper_after_the_period_or_a_due_day_outside_it_is_refused() {
        let late = AssignTarget { document: document("2023-01-01"), ..assign(2, 3) };
        year_2022().when(&late).refuses_at("after-period", "/document/date");
        let due = |on| AssignTarget { due_on: Some(day(on)), ..assign(2, 3) };
        year_2022().when(&due("2023-01-01")).refuses_at("due-outside-period", "/due_on");
        let known = year_2022().then(&due("2022-11-30")).reference;
        assert_eq!(known.target(&assign(2, 3).target()).unwrap().due_on(), Some(day("2022-11-30")));
    }

    #[test]
    fn an_adjustment_is_no_second_assignment() {
        let adjusted = year_2022().then(&assign(2, 10)).then(&adjust(2, 8, "2022-08-01"));
        adjusted.when(&assign(2, 8)).refuses("target-assigned-already");
    }
}
