//! For whom a fact counts: the nearest unit at or above the credited one, along `line` on the fact's day, that holds a target.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    scan::{Place, Sum, Sums},
    window::Window,
};
use crate::{Edge, LocalDate, UnitId, plan::Plan, structure::Structure};

/// The rows of one assigner's table.
pub(super) struct Rows<'a> {
    structure: &'a Structure,
    window: &'a Window,
    /// Who holds a target on the day asked about.
    holders: BTreeSet<UnitId>,
    /// Units beside the holders, which have none: what is credited there, or below, is shown there.
    beside: BTreeSet<UnitId>,
}

impl<'a> Rows<'a> {
    /// The holders of an assigner on `valid`, which is never after the period's end.
    pub(super) fn of_assigner(
        structure: &'a Structure,
        window: &'a Window,
        plan: &Plan,
        assigner: UnitId,
        valid: LocalDate,
    ) -> Self {
        let held = plan.of_assigner(assigner).filter(|(_, target)| target.value_on(valid).is_some());
        Self { structure, window, holders: held.map(|(holder, _)| holder).collect(), beside: BTreeSet::new() }
    }

    /// No targets at all: every unit stands for itself.
    pub(super) fn empty(structure: &'a Structure, window: &'a Window) -> Self {
        Self { structure, window, holders: BTreeSet::new(), beside: BTreeSet::new() }
    }

    /// With a row for each unit that has the same superior as a holder, and for each that held a target before.
    pub(super) fn with_beside(mut self, plan: &Plan, assigner: UnitId, valid: LocalDate) -> Self {
        let superior = |unit: UnitId| self.structure.parent_on(unit, Edge::Line, valid);
        let superiors: BTreeSet<UnitId> = self.holders.iter().filter_map(|holder| superior(*holder)).collect();
        let siblings = self.structure.units().map(|unit| unit.id).filter(|unit| {
            superior(*unit).is_some_and(|above| superiors.contains(&above)) && !superiors.contains(unit)
        });
        let withdrawn = plan.of_assigner(assigner).map(|(holder, _)| holder);
        self.beside = siblings.chain(withdrawn).filter(|unit| !self.holders.contains(unit)).collect();
        self
    }

    pub(super) fn is_holder(&self, unit: UnitId) -> bool {
        self.holders.contains(&unit)
    }

    /// The row where a place is shown; only a holder's is inside the plan.
    pub(super) fn row_of(&self, (unit, epoch): Place) -> UnitId {
        self.row_on(unit, self.window.day(epoch))
    }

    /// The row where what is credited to a unit on a day is shown.
    pub(super) fn row_on(&self, unit: UnitId, day: LocalDate) -> UnitId {
        self.row_in(self.structure, unit, day)
    }

    /// Whether a unit's row on a day is another one in a later state for its targets alone: with the same holders it would have the same row.
    pub(super) fn moves_by_targets(&self, later: &Self, unit: UnitId, day: LocalDate) -> bool {
        let row = self.row_in(self.structure, unit, day);
        row != later.row_in(later.structure, unit, day) && row == self.row_in(later.structure, unit, day)
    }

    fn row_in(&self, structure: &Structure, unit: UnitId, day: LocalDate) -> UnitId {
        let nearest = |rows: &BTreeSet<UnitId>| structure.nearest_at_or_above(unit, day, |at| rows.contains(&at));
        nearest(&self.holders).or_else(|| nearest(&self.beside)).unwrap_or(unit)
    }

    /// Every row and what it adds up to, also those where nothing happened.
    pub(super) fn roll_up(&self, sums: &Sums) -> BTreeMap<UnitId, Sum> {
        let empty = |unit: &UnitId| (*unit, Sum::default());
        let mut rows: BTreeMap<_, _> = self.holders.iter().chain(&self.beside).map(empty).collect();
        for (place, sum) in sums {
            rows.entry(self.row_of(*place)).or_default().merge(sum);
        }
        rows
    }
}
