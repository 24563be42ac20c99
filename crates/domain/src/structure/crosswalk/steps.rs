//! The steps that the rows of a crosswalk come to.

use std::collections::{BTreeMap, BTreeSet};

use super::{ChangeKind, Crosswalk, PlannedStep, check::Checked, unit_of_code};
use crate::{
    Extent, UnitId, UnitKind,
    structure::{AssignCode, CreateUnit, EndUnit, RenameUnit, StructureChange, Succeed},
    text::comparison_key,
};

/// What becomes of the old units, and who the new ones are.
struct Units<'a> {
    ending: BTreeSet<UnitId>,
    /// By new code.
    new: BTreeMap<&'a str, UnitId>,
}

impl Crosswalk<'_> {
    pub(super) fn steps(&self, rows: &[Checked<'_>]) -> Vec<PlannedStep> {
        let units = self.units(rows);
        let mut steps = self.created(rows, &units);
        steps.extend(rows.iter().filter(|row| row.kind == ChangeKind::Renamed).flat_map(|row| self.renamed(row)));
        let mut ended = BTreeSet::new();
        for row in rows.iter().filter(|row| units.ending.contains(&row.old.unit) && ended.insert(row.old.unit)) {
            let change = StructureChange::EndUnit(EndUnit { unit: row.old.unit, from: self.from });
            steps.push(PlannedStep { line: row.line, change });
        }
        steps.extend(rows.iter().filter_map(|row| self.succession(row, &units)));
        steps
    }

    /// A unit ends that passes wholly, or in two parts or more while no row says that it stays.
    fn units<'r>(&self, rows: &'r [Checked<'_>]) -> Units<'r> {
        let mut of_old: BTreeMap<UnitId, Vec<&ChangeKind>> = BTreeMap::new();
        rows.iter().for_each(|row| of_old.entry(row.old.unit).or_default().push(&row.kind));
        let ends = |kinds: &[&ChangeKind]| {
            let stays = kinds.iter().any(|kind| kind.extent().is_none());
            !stays && (kinds.len() > 1 || kinds.iter().any(|kind| kind.extent() == Some(Extent::Whole)))
        };
        let ending: BTreeSet<_> = of_old.iter().filter(|(_, kinds)| ends(kinds)).map(|(unit, _)| *unit).collect();
        let mut new = BTreeMap::new();
        for row in rows.iter().filter(|row| row.kind.extent().is_none()) {
            new.insert(&*row.new_code, row.old.unit);
        }
        for row in rows.iter().filter(|row| row.kind.extent().is_some()) {
            let stays = self.stays_as(row, &ending);
            new.entry(&row.new_code).or_insert_with(|| stays.unwrap_or_else(|| unit_of_code(&row.new_code, self.from)));
        }
        Units { ending, new }
    }

    /// The unit of the day before that has the new code and name already, and goes on.
    fn stays_as(&self, row: &Checked<'_>, ending: &BTreeSet<UnitId>) -> Option<UnitId> {
        let same = |name: &str| comparison_key(name) == comparison_key(&row.new_name);
        let mut known = self.known.iter().filter(|unit| unit.code.as_deref() == Some(&*row.new_code));
        known.find(|unit| same(&unit.name) && !ending.contains(&unit.unit)).map(|unit| unit.unit)
    }

    fn created(&self, rows: &[Checked<'_>], units: &Units<'_>) -> Vec<PlannedStep> {
        let mut seen = BTreeSet::new();
        let known = |unit: UnitId| self.known.iter().any(|known| known.unit == unit);
        let new = rows.iter().filter(|row| {
            let unknown = units.new.get(&*row.new_code).is_some_and(|unit| !known(*unit));
            unknown && self.made_already(&row.new_code).is_none() && seen.insert(&*row.new_code)
        });
        new.map(|row| PlannedStep {
            line: row.line,
            change: StructureChange::CreateUnit(CreateUnit {
                unit: unit_of_code(&row.new_code, self.from),
                kind: kind_of(&row.new_name).unwrap_or(row.old.kind),
                name: row.new_name.clone(),
                code: Some(row.new_code.clone()),
                from: self.from,
                line: self.line,
                led_by: None,
                // Official lists are in the order of the codes.
                display_order: row.new_code.parse().unwrap_or(u32::MAX),
            }),
        })
        .collect()
    }

    fn renamed(&self, row: &Checked<'_>) -> Vec<PlannedStep> {
        let (unit, from, line) = (row.old.unit, self.from, row.line);
        let mut changes = Vec::new();
        if row.old.name != row.new_name {
            changes.push(StructureChange::RenameUnit(RenameUnit { unit, name: row.new_name.clone(), from }));
        }
        if row.old.code.as_deref() != Some(&*row.new_code) {
            let code = Some(row.new_code.clone());
            changes.push(StructureChange::AssignCode(AssignCode { unit, code, from }));
        }
        changes.into_iter().map(|change| PlannedStep { line, change }).collect()
    }

    fn succession(&self, row: &Checked<'_>, units: &Units<'_>) -> Option<PlannedStep> {
        let ChangeKind::Passes { how, extent, of } = row.kind.clone() else { return None };
        let (unit, successor) = (row.old.unit, *units.new.get(&*row.new_code)?);
        let change = StructureChange::Succeed(Succeed { unit, successor, from: self.from, how, extent, of });
        Some(PlannedStep { line: row.line, change })
    }
}

/// By the first word of the name.
fn kind_of(name: &str) -> Option<UnitKind> {
    let name = comparison_key(name);
    let first = |kind: &&UnitKind| name.starts_with(&format!("{} ", comparison_key(kind.vi())));
    UnitKind::ALL.iter().find(first).copied()
}
