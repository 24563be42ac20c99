//! A crosswalk: the list of old and new units that comes with a resolution, as steps of a structure change. Pure: rows and the structure in,
//! steps or bad rows out.

mod check;
mod fates;
mod fault;
mod kind;
mod known;
mod steps;
mod superiors;
#[cfg(test)]
mod superiors_tests;
#[cfg(test)]
mod tests;

pub use check::missing_lines;
pub use fault::{BadRow, Fault, Note};
pub use kind::{ChangeKind, KINDS};
pub use superiors::Orphan;

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{Structure, StructureChange};
use crate::{LocalDate, NAMESPACE, UnitId};
use check::Checked;
use fates::Fates;
use known::Known;

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
    /// Set where it does not have a field for each column: then what stands in which cannot be told.
    pub misfit: Option<Misfit>,
}

/// A row of more or fewer fields than the header has columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub fields: usize,
    pub columns: usize,
}

/// What a crosswalk is read against.
#[derive(Clone, Copy, Debug)]
pub struct Crosswalk<'a> {
    /// First day of the new units.
    pub from: LocalDate,
    /// All that the ledger knows. The old units are those of the day before; what is recorded already is not asked for again.
    pub structure: &'a Structure,
    /// Parent of the new units in their own line; that which those that they are made of share, unless given.
    pub line: Option<UnitId>,
    /// The Party committee that leads the new units; likewise.
    pub led_by: Option<UnitId>,
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
    /// Whether they can be recorded is for [`crate::decide`] to say.
    pub steps: Vec<PlannedStep>,
    /// Lines of which nothing is among these, since it is recorded.
    pub recorded: BTreeSet<u64>,
    /// What was read otherwise than it is written.
    pub notes: Vec<Note>,
    /// New units without a superior.
    pub orphans: Vec<Orphan>,
}

impl<'a> Crosswalk<'a> {
    /// Steps for every row that is not set aside, each of which finds done what it needs: ends of units with nothing under them, new units, names,
    /// new superiors of those who stood under a unit that passes wholly, the other ends, codes that have become free, successions.
    ///
    /// # Errors
    /// Every bad row, by line; then there is no plan.
    pub fn plan(&self, rows: &[Row]) -> Result<Plan, Vec<BadRow>> {
        let known = Known::of(self);
        let (checked, fates) = self.sound(rows, &known)?;
        let notes = check::notes(rows.iter().filter(|row| !self.set_aside.contains(&row.line)));
        Ok(Plan { notes, ..self.steps(&checked, &fates) })
    }

    /// The lines that are set aside, and those that must be with `bad` ones, so that nothing is wrong with the rest.
    pub fn lines_to_set_aside(&self, rows: &[Row], bad: &[BadRow]) -> BTreeSet<u64> {
        let known = Known::of(self);
        let mut aside = self.set_aside.clone();
        let mut bad = bad.to_vec();
        // Each round sets aside a line more: a bad row is never one that is.
        loop {
            aside.extend(bad.iter().map(|bad| bad.line));
            match (Crosswalk { set_aside: &aside, ..*self }).sound(rows, &known) {
                Ok(_) => return aside,
                Err(more) => bad = more,
            }
        }
    }

    /// Rows with which nothing is wrong, one by one, between them, and against those who are not in the list.
    fn sound(&self, rows: &[Row], known: &Known<'a>) -> Result<(Vec<Checked<'a>>, Fates), Vec<BadRow>> {
        let checked = self.check(rows, known)?;
        let fates = self.fates(&checked, known);
        let mut bad = self.codes_held(&checked, &fates, known);
        bad.extend(self.children_unplaced(&fates));
        bad.sort_by_key(|bad| bad.line);
        if bad.is_empty() { Ok((checked, fates)) } else { Err(bad) }
    }
}

/// The id of the unit that has a code from a day on: the same whenever the same list is imported.
pub fn unit_of_code(code: &str, from: LocalDate) -> UnitId {
    UnitId(Uuid::new_v5(&NAMESPACE, format!("unit\n{code}\n{from}").as_bytes()))
}
