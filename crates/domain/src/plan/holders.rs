//! All targets of one programme, measure and period, and the roll-up that finds the holder for whom a fact counts.

use std::{collections::BTreeMap, sync::Arc};

use super::Target;
use crate::{
    Event, LocalDate, MeasureKey, PeriodKey, ProgrammeKey, TargetKey, TargetValue, UnitId, structure::Structure,
};

/// Every target of every plan. Shared inside, so that a clone is cheap and a change copies one plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plans {
    plans: Arc<BTreeMap<PlanKey, Arc<Plan>>>,
}

/// What a plan is of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanKey {
    pub programme: ProgrammeKey,
    pub period: PeriodKey,
    pub measure: MeasureKey,
}

/// The targets of one programme, period and measure, by assigner and holder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    targets: BTreeMap<UnitId, BTreeMap<UnitId, Target>>,
}

/// Which day decides what in a roll-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RollUp {
    /// The day of the fact: the line is walked as it stood then.
    pub effective_on: LocalDate,
    /// The day asked about: who holds a target is judged on it, so that a withdrawn target takes its facts out of the plan.
    pub valid: LocalDate,
}

static NO_PLAN: Plan = Plan { targets: BTreeMap::new() };

impl Plans {
    pub(crate) fn evolve(&mut self, key: &TargetKey, event: &Event) {
        let plan =
            PlanKey { programme: key.programme.clone(), period: key.period.clone(), measure: key.measure.clone() };
        let plan = Arc::make_mut(Arc::make_mut(&mut self.plans).entry(plan).or_default());
        plan.targets.entry(key.assigner).or_default().entry(key.holder).or_default().evolve(event);
    }

    /// The plan of a key; one without targets when nothing was assigned.
    pub fn get(&self, key: &PlanKey) -> &Plan {
        self.plans.get(key).map_or(&NO_PLAN, Arc::as_ref)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&PlanKey, &Plan)> {
        self.plans.iter().map(|(key, plan)| (key, plan.as_ref()))
    }
}

impl Plan {
    pub fn target(&self, assigner: UnitId, holder: UnitId) -> Option<&Target> {
        self.targets.get(&assigner)?.get(&holder)
    }

    /// Every target that was ever assigned, as (assigner, holder, target), in order of ids.
    pub fn targets(&self) -> impl Iterator<Item = (UnitId, UnitId, &Target)> {
        self.targets
            .iter()
            .flat_map(|(assigner, held)| held.iter().map(|(holder, target)| (*assigner, *holder, target)))
    }

    /// The targets that one assigner gave, as (holder, target), in order of ids.
    pub fn of_assigner(&self, assigner: UnitId) -> impl Iterator<Item = (UnitId, &Target)> {
        self.targets.get(&assigner).into_iter().flatten().map(|(holder, target)| (*holder, target))
    }

    /// The value that a holder has from an assigner on a day.
    pub fn value_on(&self, assigner: UnitId, holder: UnitId, day: LocalDate) -> Option<TargetValue> {
        self.target(assigner, holder)?.value_on(day)
    }

    /// For whom a fact of `unit` counts: the nearest unit at or above it along `line` that holds a target of this assigner.
    /// `None` is outside the plan.
    pub fn holder_of(&self, structure: &Structure, assigner: UnitId, unit: UnitId, days: RollUp) -> Option<UnitId> {
        structure.nearest_at_or_above(unit, days.effective_on, |at| self.value_on(assigner, at, days.valid).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Edge,
        plan::{
            AssignTarget,
            samples::{assign, plan_2022, year_2022},
        },
        scenario::{Given, day, document, unit},
        structure::{ChangeStructure, SetParent, StructureChange},
    };

    const END: &str = "2022-12-31";

    fn counts_for(given: &Given, credited: u128, effective_on: &str) -> Option<UnitId> {
        let days = RollUp { effective_on: day(effective_on), valid: day(END) };
        given.reference.holder_of(&plan_2022(), unit(credited), days)
    }

    #[test]
    fn a_district_that_decides_three_and_a_ward_under_it_that_decides_one_make_four_of_three() {
        let given = year_2022().then(&assign(2, 3)).then(&assign(3, 2));
        let facts = [2, 2, 2, 21];
        let actual =
            facts.iter().filter(|credited| counts_for(&given, **credited, "2022-03-01") == Some(unit(2))).count();
        assert_eq!(actual, 4);
        assert_eq!(given.reference.plans.get(&plan_2022()).of_assigner(unit(1)).count(), 2, "n stays");
    }

    #[test]
    fn a_fact_with_no_holder_at_or_above_it_is_outside_the_plan() {
        let given = year_2022().then(&assign(2, 3));
        assert_eq!(counts_for(&given, 3, "2022-03-01"), None);
        assert_eq!(counts_for(&given, 9, "2022-03-01"), None);
        assert_eq!(counts_for(&given, 5, "2022-03-01"), None, "a committee that leads it is no unit of its line");
    }

    #[test]
    fn targets_of_another_assigner_are_another_level_and_never_enter_the_plan() {
        let by_district = AssignTarget { assigner: unit(2), ..assign(21, 157) };
        let given = year_2022().then(&assign(2, 120)).then(&by_district);
        assert_eq!(counts_for(&given, 21, "2022-03-01"), Some(unit(2)));
        let plan = given.reference.plans.get(&plan_2022());
        let days = RollUp { effective_on: day("2022-03-01"), valid: day(END) };
        assert_eq!(plan.holder_of(&given.reference.structure, unit(2), unit(21), days), Some(unit(21)));
        assert_eq!(plan.targets().count(), 2);
        assert_eq!(plan.value_on(unit(1), unit(2), day(END)).map(TargetValue::floor), Some(120));
    }

    #[test]
    fn the_line_is_walked_as_it_stood_on_the_day_of_the_fact() {
        let parent = Some(unit(3));
        let moves = SetParent { unit: unit(21), edge: Edge::Line, parent, from: day("2022-07-01") };
        let change =
            ChangeStructure { document: document("2022-06-01"), changes: vec![StructureChange::SetParent(moves)] };
        let given = year_2022().then(&assign(2, 3)).then(&assign(3, 2)).then(&change);
        assert_eq!(counts_for(&given, 21, "2022-06-30"), Some(unit(2)));
        assert_eq!(counts_for(&given, 21, "2022-07-01"), Some(unit(3)));
    }
}
