//! A year of a small city's programme and commands on its targets, for tests.

use super::{AdjustTarget, AssignTarget, CorrectTarget, PlanKey, WithdrawTarget};
use crate::{
    Reason, TargetKey, TargetValue,
    period::year,
    programme::samples::{city, create, nq28},
    scenario::{Given, document, unit},
    structure::{ChangeStructure, StructureChange},
};

/// The programme's year 2022 is open; see [`city`] for its units.
pub(super) fn year_2022() -> Given {
    city().then(&nq28()).then(&year("2022"))
}

/// So many further districts (100, 101, …) with these targets for 2022.
pub(super) fn holders(plans: &[u32]) -> Given {
    let units: Vec<u128> = (100..).take(plans.len()).collect();
    let changes = units.iter().map(|n| StructureChange::CreateUnit(create(*n, &format!("Quận ủy {n}"), Some(unit(1)))));
    let created = ChangeStructure { document: document("2010-01-01"), changes: changes.collect() };
    let given = year_2022().then(&created);
    units.iter().zip(plans).fold(given, |given, (unit, plan)| given.then(&assign(*unit, *plan)))
}

pub(super) fn plan_2022() -> PlanKey {
    let TargetKey { programme, measure, period, .. } = target_2();
    PlanKey { programme, period, measure }
}

/// The target of unit 2 from unit 1.
pub(super) fn target_2() -> TargetKey {
    assign(2, 1).target()
}

pub(super) fn assign(holder: u128, value: u32) -> AssignTarget {
    AssignTarget {
        programme: "nq28".parse().unwrap(),
        measure: "party_org".parse().unwrap(),
        period: "2022".parse().unwrap(),
        holder: unit(holder),
        assigner: unit(1),
        value: TargetValue::Exactly(value),
        due_on: None,
        document: document("2022-01-04"),
        distinct_from: None,
    }
}

/// By a paper of that day, as the others below.
pub(super) fn adjust(holder: u128, value: u32, date: &str) -> AdjustTarget {
    let AssignTarget { programme, measure, period, holder, assigner, value, .. } = assign(holder, value);
    AdjustTarget { programme, measure, period, holder, assigner, value, document: document(date), effective_on: None }
}

pub(super) fn withdraw(holder: u128, date: &str) -> WithdrawTarget {
    let AssignTarget { programme, measure, period, holder, assigner, .. } = assign(holder, 1);
    WithdrawTarget { programme, measure, period, holder, assigner, document: document(date), effective_on: None }
}

pub(super) fn correct(holder: u128, value: u32) -> CorrectTarget {
    let AssignTarget { programme, measure, period, holder, assigner, value, document, .. } = assign(holder, value);
    CorrectTarget { programme, measure, period, holder, assigner, value, from: None, reason: Reason::Typo, document }
}
