//! How a cell and a whole stand against their plans (DESIGN §7). Statuses are computed when read, never stored.

use super::{Cell, Status, Units, Whole};
use crate::{
    LocalDate, TargetValue,
    percent::{OWN_RULE, Ratio, own},
};

/// The day and the circumstances under which statuses are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judging {
    /// The day against which due days are held.
    pub on: LocalDate,
    /// The period was opened so that silence is a status.
    pub reports_required: bool,
    /// After a first closing nobody is `not_reported` any more.
    pub ever_closed: bool,
}

impl Judging {
    /// The status of one holder, whose last day in time is `due_on`.
    pub fn cell(&self, actual: i64, target: TargetValue, due_on: LocalDate, reported: bool) -> Status {
        if let Some(status) = reached(actual, target.floor().into(), target.ceiling().into()) {
            return status;
        }
        if self.on <= due_on {
            Status::NotDue
        } else if self.reports_required && !self.ever_closed && !reported {
            Status::NotReported
        } else {
            Status::Missed
        }
    }

    /// The whole of the cells that have a plan: their sum decides, due when the last of them is.
    pub fn whole(&self, cells: &[Cell]) -> Whole {
        let planned = || cells.iter().filter_map(|cell| Some((cell, cell.target?)));
        let actual = planned().map(|(cell, _)| cell.actual).sum();
        let plan: u64 = planned().map(|(_, target)| u64::from(target.floor())).sum();
        let plan_to: u64 = planned().map(|(_, target)| u64::from(target.ceiling())).sum();
        let first_plan: u64 =
            planned().map(|(cell, target)| u64::from(cell.first_target.unwrap_or(target).floor())).sum();
        let adjusted = planned().any(|(cell, _)| cell.first_target.is_some());
        let due_on = planned().filter_map(|(cell, _)| cell.due_on).max();
        let silent = planned().any(|(cell, _)| cell.status == Status::NotReported);
        let status = match due_on {
            None => Status::NoTarget,
            Some(due_on) => reached(actual, signed(plan), signed(plan_to)).unwrap_or(if self.on <= due_on {
                Status::NotDue
            } else if silent {
                Status::NotReported
            } else {
                Status::Missed
            }),
        };
        let printed = Ratio::new(actual, plan).map(own);
        Whole {
            actual,
            plan,
            plan_to: (plan_to != plan).then_some(plan_to),
            percent_rule: printed.as_ref().map_or(OWN_RULE, |(_, rule)| *rule),
            percent: printed.map(|(text, _)| text),
            percent_of_first: if adjusted { percent(actual, first_plan) } else { None },
            first_plan: adjusted.then_some(first_plan),
            status,
            units: units(cells),
        }
    }
}

/// `exact` within floor and ceiling, `exceeded` above, at any time; `None` behind.
fn reached(actual: i64, floor: i64, ceiling: i64) -> Option<Status> {
    if actual > ceiling { Some(Status::Exceeded) } else { (actual >= floor).then_some(Status::Exact) }
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The percentage of a plan as our own pages print it; none of a plan of 0.
pub(super) fn percent(actual: i64, plan: u64) -> Option<String> {
    Ratio::new(actual, plan).map(|ratio| own(ratio).0)
}

/// k of n.
pub fn units(cells: &[Cell]) -> Units {
    let mut units = Units::default();
    for cell in cells {
        match cell.status {
            Status::NoTarget => units.no_target += 1,
            Status::NotDue => units.not_due += 1,
            Status::Missed => units.missed += 1,
            Status::Exact => units.exact += 1,
            Status::Exceeded => units.exceeded += 1,
            Status::NotReported => units.not_reported += 1,
        }
        units.reported += u32::from(cell.reported && cell.status != Status::NoTarget);
    }
    units.met = units.exact + units.exceeded;
    units.with_plan = units.met + units.missed + units.not_due + units.not_reported;
    units
}
