//! Reference data: structure, rules, programmes, periods and targets, folded from their streams into one value that `decide` is handed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{
    Event, EventBody, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, TargetKey, UnitId,
    ledger::Ledger,
    period::{OpenedPeriod, Period},
    plan::{Plan, PlanKey, Plans, RollUp, Target},
    programme::Programme,
    rules::Rules,
    structure::Structure,
};

/// All reference data known up to a position. Shared inside: a clone costs a few reference counts, and the first change after it
/// copies only the map that it touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// Position of the last reference record folded, so that it does not depend on timing.
    pub position: Position,
    pub ledger: Ledger,
    pub structure: Structure,
    pub rules: Rules,
    pub programmes: Arc<BTreeMap<ProgrammeKey, Programme>>,
    pub periods: Arc<BTreeMap<(ProgrammeKey, PeriodKey), Period>>,
    pub plans: Plans,
}

impl Reference {
    /// Folds one event of a reference stream; any other event changes nothing. `position` is its record's.
    pub fn apply(&mut self, position: Position, event: &Event) {
        match &event.body {
            EventBody::LedgerOpened { .. } | EventBody::LedgerSealed { .. } => self.ledger.evolve(event),
            EventBody::UnitCreated { .. }
            | EventBody::UnitRenamed { .. }
            | EventBody::UnitCodeAssigned { .. }
            | EventBody::UnitReclassified { .. }
            | EventBody::UnitParentSet { .. }
            | EventBody::UnitEnded { .. }
            | EventBody::UnitSucceeded { .. }
            | EventBody::SuccessorWeighed { .. } => self.structure.evolve(event),
            EventBody::RuleSet { .. } => self.rules.evolve(event),
            EventBody::ProgrammeEstablished { programme, .. } | EventBody::MeasureDefined { programme, .. } => {
                Arc::make_mut(&mut self.programmes).entry(programme.clone()).or_default().evolve(event);
            }
            EventBody::PeriodOpened { programme, period, .. }
            | EventBody::ReportSubmitted { programme, period, .. }
            | EventBody::ReportApproved { programme, period, .. }
            | EventBody::PeriodCutOff { programme, period, .. }
            | EventBody::PeriodClosed { programme, period, .. }
            | EventBody::ReopeningRequested { programme, period, .. }
            | EventBody::PeriodReopened { programme, period, .. } => {
                let key = (programme.clone(), period.clone());
                Arc::make_mut(&mut self.periods).entry(key).or_default().evolve_at(position, event);
            }
            EventBody::TargetAssigned { target, .. }
            | EventBody::TargetAdjusted { target, .. }
            | EventBody::TargetWithdrawn { target }
            | EventBody::TargetCorrected { target, .. } => self.plans.evolve(target, event),
            _ => return,
        }
        self.position = position;
    }

    pub fn programme(&self, programme: &ProgrammeKey) -> Option<&Programme> {
        self.programmes.get(programme)
    }

    pub fn period(&self, programme: &ProgrammeKey, period: &PeriodKey) -> Option<&OpenedPeriod> {
        self.periods.get(&(programme.clone(), period.clone()))?.opened()
    }

    /// The last days of all reopenings: when each had run out is a position that whoever knows the times of the records finds.
    pub fn reopened_until(&self) -> BTreeSet<LocalDate> {
        let opened = self.periods.values().filter_map(Period::opened);
        opened.flat_map(|period| period.standing.reopened_until()).collect()
    }

    /// Says for days that are over which record was the last one known by their end (law 9): behind it a reopening up to that day has run out.
    /// No event says so, and [`Reference::apply`] knows of no times.
    pub fn end_reopenings(&mut self, last: &BTreeMap<LocalDate, Position>) {
        let opened = Arc::make_mut(&mut self.periods).values_mut().filter_map(Period::opened_mut);
        opened.for_each(|period| period.standing.end_reopenings(last));
    }

    /// Whether a record at a position came behind a closing of a period in which one of the days lies.
    pub fn is_late(&self, position: Position, mut days: impl Iterator<Item = LocalDate>) -> bool {
        let late: Vec<_> =
            self.periods.values().filter_map(Period::opened).filter(|one| one.standing.is_late(position)).collect();
        !late.is_empty() && days.any(|day| late.iter().any(|period| period.contains(day)))
    }

    /// Periods of a programme, in order of their keys.
    pub fn periods_of(&self, programme: &ProgrammeKey) -> impl Iterator<Item = (&PeriodKey, &OpenedPeriod)> {
        self.periods
            .iter()
            .filter(move |((of, _), _)| of == programme)
            .filter_map(|((_, key), p)| Some((key, p.opened()?)))
    }

    pub fn target(&self, key: &TargetKey) -> Option<&Target> {
        self.targets_of(&key.programme, &key.period, &key.measure).target(key.assigner, key.holder)
    }

    /// All targets of a programme, period and measure, of every assigner.
    pub fn targets_of(&self, programme: &ProgrammeKey, period: &PeriodKey, measure: &MeasureKey) -> &Plan {
        let key = PlanKey { programme: programme.clone(), period: period.clone(), measure: measure.clone() };
        self.plans.get(&key)
    }

    /// The assigner whose targets make plan, status and k of n.
    pub fn principal(&self, programme: &ProgrammeKey, period: &PeriodKey, measure: &MeasureKey) -> Option<UnitId> {
        self.period(programme, period)?.principals.get(measure).copied()
    }

    /// The roll-up of DESIGN §7: for whom a fact credited to `unit` counts; `None` is outside the plan.
    ///
    /// For many facts take [`Reference::targets_of`] and [`Reference::principal`] once and call [`Plan::holder_of`].
    pub fn holder_of(&self, plan: &PlanKey, unit: UnitId, days: RollUp) -> Option<UnitId> {
        let principal = self.principal(&plan.programme, &plan.period, &plan.measure)?;
        self.plans.get(plan).holder_of(&self.structure, principal, unit, days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        period::year,
        plan::AssignTarget,
        programme::samples::{city, nq28},
        scenario::{document, given, unit},
    };

    fn assign(holder: u128) -> AssignTarget {
        AssignTarget {
            programme: "nq28".parse().unwrap(),
            measure: "party_org".parse().unwrap(),
            period: "2022".parse().unwrap(),
            holder: unit(holder),
            assigner: unit(1),
            value: crate::TargetValue::Exactly(3),
            due_on: None,
            document: document("2022-01-04"),
            distinct_from: None,
        }
    }

    #[test]
    fn a_target_that_comes_in_copies_its_plan_and_shares_all_the_rest() {
        let before = city().then(&nq28()).then(&year("2022")).then(&assign(2));
        let after = before.clone().then(&assign(3)).reference;
        let before = before.reference;
        assert!(Arc::ptr_eq(&before.programmes, &after.programmes) && Arc::ptr_eq(&before.periods, &after.periods));
        let key = assign(2).target();
        let holders = |known: &Reference| known.targets_of(&key.programme, &key.period, &key.measure).targets().count();
        assert_eq!((holders(&before), holders(&after)), (1, 2));
        assert_eq!(after.position, before.position.next());
    }

    #[test]
    fn an_event_of_another_kind_moves_nothing() {
        let before = city().reference;
        let mut after = before.clone();
        let closed = Event { effective_on: "2022-01-01".parse().unwrap(), body: EventBody::QueryClosed };
        after.apply(Position(99), &closed);
        assert_eq!(after, before);
    }

    /// The commands on reference data of the 2022 demonstration, each by the office and on the day that its script says.
    fn review_of_2022() -> Reference {
        let script = include_str!("../../../tests/data/replay_2022/commands.ndjson");
        let lines = script.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let decided = lines.fold(given(), |given, line| {
            let name = line["command"].as_str().unwrap();
            let command = crate::Command::read(name, &line["data"]).unwrap().unwrap();
            if !command.row().kind.is_reference() {
                return given;
            }
            let office = UnitId(line["actor"]["office"].as_str().unwrap().parse().unwrap());
            given.by(office).on(&line["at"].as_str().unwrap()[..10]).then(&command)
        });
        decided.reference
    }

    #[test]
    fn the_plans_of_the_2022_review_are_those_that_were_printed() {
        let known = review_of_2022();
        let (programme, period) = ("nq28".parse().unwrap(), "2022".parse().unwrap());
        let last_day = known.period(&programme, &period).unwrap().last_day;
        let plan = |measure: &str| {
            let measure = measure.parse().unwrap();
            let principal = known.principal(&programme, &period, &measure).unwrap();
            let given = known.targets_of(&programme, &period, &measure).of_assigner(principal);
            let values: Vec<_> = given.filter_map(|(_, target)| Some(target.value_on(last_day)?.floor())).collect();
            (values.len(), values.iter().sum::<u32>())
        };
        let plans = ["party_org", "union_org", "youth_org", "party_member", "youth_member"].map(plan);
        assert_eq!(plans, [(16, 42), (15, 141), (16, 41), (16, 350), (16, 444)]);
        assert_eq!(known.structure.units().count(), 54);
        assert_eq!(known.periods_of(&programme).count(), 2);
        assert!(known.ledger.demonstration());
    }
}
