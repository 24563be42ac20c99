//! What units reported, held against what is recorded.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cell, rollup::Rows, scan::Asked, select::Rule};
use crate::Position;

/// Counts in each cell with a report the records that came after it, and what a nil report leaves out.
pub(super) fn hold_reports_against_records(asked: &Asked<'_>, rule: &Rule<'_>, rows: &Rows<'_>, cells: &mut [Cell]) {
    let Some(first) = cells.iter().filter_map(looked_at_from).min() else { return };
    let mut reports: BTreeMap<_, _> =
        cells.iter_mut().filter_map(|cell| Some((cell.committee, cell.report.as_mut()?))).collect();
    let mut counted = BTreeSet::new();
    asked.each_after(first, rule, |fact| {
        let row = rows.row_of(fact.place);
        let Some(report) = reports.get_mut(&row).filter(|report| fact.effective_on() <= report.up_to) else { return };
        if report.nil && asked.first_day <= fact.effective_on() {
            *report.contradicted_by.get_or_insert(0) += fact.n;
        }
        if fact.position > report.position && counted.insert((row, fact.position)) {
            report.outdated_by += 1;
        }
    });
    // What was taken back from the start contradicts nothing.
    reports.into_values().for_each(|report| report.contradicted_by = report.contradicted_by.filter(|n| *n != 0));
}

/// The position behind which records matter to a cell's report: all of them where one that says that there is nothing may be wrong.
fn looked_at_from(cell: &Cell) -> Option<Position> {
    let report = cell.report?;
    let may_be_wrong = report.nil && cell.position > Position::START;
    Some(if may_be_wrong { Position::START } else { report.position })
}
