//! A crosswalk: the list of old and new units that comes with a resolution, as steps of a structure change. Pure: rows and known units in,
//! steps or bad rows out.

mod check;
mod kind;
mod steps;
#[cfg(test)]
mod tests;

pub use check::{BadRow, Fault, Note, missing_lines};
pub use kind::{ChangeKind, KINDS};

use std::collections::BTreeSet;

use uuid::Uuid;

use super::StructureChange;
use crate::{LocalDate, NAMESPACE, UnitId, UnitKind};

/// One row of the file, as it is written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Number of its line in the file, from 1.
    pub line: u64,
    pub old_code: String,
    pub old_name: String,
    pub new_code: String,
    pub new_name: String,
    /// Kind of change, in Vietnamese or English; see [`KINDS`].
    pub kind: String,
    /// Whole or part, where the file says it in a column of its own.
    pub extent: Option<String>,
}

/// A unit that the ledger knows on the day before the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUnit {
    pub unit: UnitId,
    pub code: Option<String>,
    pub name: String,
    pub kind: UnitKind,
}

/// What a crosswalk is read against.
#[derive(Clone, Debug)]
pub struct Crosswalk<'a> {
    /// First day of the new units.
    pub from: LocalDate,
    /// Units of the day before it.
    pub known: &'a [KnownUnit],
    /// Units of the first day, for a list that comes after an earlier one of the same day.
    pub there: &'a [KnownUnit],
    /// Parent of the new units in their own line.
    pub line: Option<UnitId>,
    /// Lines that are left out on purpose.
    pub set_aside: &'a BTreeSet<u64>,
}

/// A step, and the line of the file that asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    pub line: u64,
    pub change: StructureChange,
}

/// What would be recorded, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<PlannedStep>,
    /// What was read otherwise than it is written.
    pub notes: Vec<Note>,
}

impl Crosswalk<'_> {
    /// Steps for every row that is not set aside: new units, then names and codes, then ends, then successions, each in the order of the rows.
    ///
    /// # Errors
    /// Every bad row, by line; then there is no plan.
    pub fn plan(&self, rows: &[Row]) -> Result<Plan, Vec<BadRow>> {
        let checked = self.check(rows)?;
        let notes = check::notes(rows.iter().filter(|row| !self.set_aside.contains(&row.line)));
        Ok(Plan { steps: self.steps(&checked), notes })
    }
}

/// The id of the unit that has a code from a day on: the same whenever the same list is imported.
pub fn unit_of_code(code: &str, from: LocalDate) -> UnitId {
    UnitId(Uuid::new_v5(&NAMESPACE, format!("unit\n{code}\n{from}").as_bytes()))
}
