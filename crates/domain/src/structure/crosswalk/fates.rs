//! What the rows together say of each old unit, and who the new ones are.

use std::collections::{BTreeMap, BTreeSet};

use super::{BadRow, ChangeKind, Crosswalk, Fault, check::Checked, known::Known, unit_of_code};
use crate::{Extent, UnitId, text::comparison_key};

/// What becomes of the old units.
pub(super) struct Fates {
    /// Who ends, with the line of its first row.
    pub(super) ending: BTreeMap<UnitId, u64>,
    /// Who passes wholly, and to whom.
    pub(super) wholly: BTreeMap<UnitId, UnitId>,
    /// By new code.
    pub(super) new: BTreeMap<String, UnitId>,
}

impl Crosswalk<'_> {
    pub(super) fn fates(&self, rows: &[Checked<'_>], known: &Known<'_>) -> Fates {
        let ending = ending(rows);
        let mut new = BTreeMap::new();
        for row in rows.iter().filter(|row| row.kind.extent().is_none()) {
            new.insert(row.new_code.clone(), row.old.id);
        }
        for row in rows.iter().filter(|row| row.kind.extent().is_some()) {
            let stays = self.stays_as(row, &ending, known);
            new.entry(row.new_code.clone())
                .or_insert_with(|| stays.unwrap_or_else(|| unit_of_code(&row.new_code, self.from)));
        }
        let whole = rows.iter().filter(|row| row.kind.extent() == Some(Extent::Whole));
        let wholly = whole.filter_map(|row| Some((row.old.id, *new.get(&row.new_code)?))).collect();
        Fates { ending, wholly, new }
    }

    /// The unit of the day before that has the new code and name already, and goes on.
    fn stays_as(&self, row: &Checked<'_>, ending: &BTreeMap<UnitId, u64>, known: &Known<'_>) -> Option<UnitId> {
        let on = self.from.yesterday();
        let mut same = known.day_before(&row.new_code).iter().filter(|unit| !ending.contains_key(&unit.id));
        same.find(|unit| comparison_key(unit.name_on(on)) == comparison_key(&row.new_name)).map(|unit| unit.id)
    }

    /// Rows whose new code another unit keeps.
    pub(super) fn codes_held(&self, rows: &[Checked<'_>], fates: &Fates, known: &Known<'_>) -> Vec<BadRow> {
        let renamed = rows.iter().filter(|row| row.kind == ChangeKind::Renamed);
        let recoded: BTreeSet<_> = renamed.filter(|row| row.code_differs(self.from)).map(|row| row.old.id).collect();
        let held = |row: &Checked<'_>| {
            let new = fates.new.get(&row.new_code)?;
            let gone = |unit: UnitId| unit == *new || fates.ending.contains_key(&unit) || recoded.contains(&unit);
            let holder = known.first_day(&row.new_code).iter().find(|unit| !gone(unit.id))?;
            let (on, until) = holder.has_code(&row.new_code, self.from, None)?;
            let (code, name) = (row.new_code.clone(), holder.name_on(on).to_owned());
            Some(BadRow { line: row.line, fault: Fault::CodeHeld { code, name, on, until } })
        };
        rows.iter().filter_map(held).collect()
    }

    /// Units that are divided while others stand under them.
    pub(super) fn children_unplaced(&self, fates: &Fates) -> Vec<BadRow> {
        let divided = |unit: &UnitId| fates.ending.contains_key(unit) && !fates.wholly.contains_key(unit);
        let mut under: BTreeMap<UnitId, BTreeSet<UnitId>> = BTreeMap::new();
        for child in self.structure.units().filter(|child| !fates.ending.contains_key(&child.id)) {
            for (_, above) in child.superiors_from(self.from).filter(|(_, above)| divided(above)) {
                under.entry(above).or_default().insert(child.id);
            }
        }
        let name = |unit: UnitId| self.structure.name_on(unit, self.from.yesterday()).unwrap_or_default().to_owned();
        let bad = under.into_iter().filter_map(|(unit, children)| {
            let (name_of, children) = (name(unit), children.into_iter().map(name).collect());
            let fault = Fault::ChildrenUnplaced { name: name_of, on: self.from, children };
            Some(BadRow { line: *fates.ending.get(&unit)?, fault })
        });
        bad.collect()
    }
}

/// A unit ends that passes wholly, or in two parts or more while no row says that it stays.
fn ending(rows: &[Checked<'_>]) -> BTreeMap<UnitId, u64> {
    let mut of_old: BTreeMap<UnitId, Vec<&Checked<'_>>> = BTreeMap::new();
    rows.iter().for_each(|row| of_old.entry(row.old.id).or_default().push(row));
    let ends = |rows: &[&Checked<'_>]| {
        let stays = rows.iter().any(|row| row.kind.extent().is_none());
        !stays && (rows.len() > 1 || rows.iter().any(|row| row.kind.extent() == Some(Extent::Whole)))
    };
    of_old.into_iter().filter(|(_, rows)| ends(rows)).map(|(unit, rows)| (unit, rows[0].line)).collect()
}
