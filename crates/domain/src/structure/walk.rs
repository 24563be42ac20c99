//! Who stands above and below whom on a day, and which unit a name or a code means on it.

use std::collections::BTreeSet;

use super::Structure;
use crate::{Edge, LocalDate, UnitId, text::comparison_key};

impl Structure {
    /// Whether `unit` is `superior` or stands under it on a day, along either kind of edge.
    pub fn is_at_or_under(&self, unit: UnitId, superior: UnitId, day: LocalDate) -> bool {
        self.reaches(unit, superior, Edge::ALL, day)
    }

    /// The same along one kind of edge only.
    pub fn is_at_or_under_by(&self, unit: UnitId, superior: UnitId, edge: Edge, day: LocalDate) -> bool {
        self.reaches(unit, superior, &[edge], day)
    }

    fn reaches(&self, unit: UnitId, superior: UnitId, edges: &[Edge], day: LocalDate) -> bool {
        self.climb(unit, edges, day, |at| at == superior).1
    }

    /// The unit and all above it on a day, along either kind of edge.
    pub(super) fn at_or_above(&self, unit: UnitId, day: LocalDate) -> BTreeSet<UnitId> {
        self.climb(unit, Edge::ALL, day, |_| false).0
    }

    /// What is met on the way up until one is found, and whether it was.
    fn climb(
        &self,
        unit: UnitId,
        edges: &[Edge],
        day: LocalDate,
        is_found: impl Fn(UnitId) -> bool,
    ) -> (BTreeSet<UnitId>, bool) {
        let mut seen = BTreeSet::from([unit]);
        let mut open = vec![unit];
        while let Some(at) = open.pop() {
            if is_found(at) {
                return (seen, true);
            }
            let parents = edges.iter().filter_map(|edge| self.parent_on(at, *edge, day));
            open.extend(parents.filter(|parent| seen.insert(*parent)));
        }
        (seen, false)
    }

    /// The day on which superiors of a unit are looked for: today; its last day when it has ended, its first when it is still to come,
    /// because only then it has any.
    pub fn day_of_authority(&self, unit: UnitId, today: LocalDate) -> LocalDate {
        let Some(unit) = self.unit(unit) else { return today };
        let last_day = unit.ended_on.map_or(today, |end| today.min(end.yesterday()));
        last_day.max(unit.first_day)
    }

    /// Whether nothing is above it on that day, on either kind of edge. So it is with a unit that is not there: the first administrator
    /// comes before the first unit, and nobody else is granted access to what is not there.
    pub fn is_root(&self, unit: UnitId, today: LocalDate) -> bool {
        let on = self.day_of_authority(unit, today);
        Edge::ALL.iter().all(|edge| self.parent_on(unit, *edge, on).is_none())
    }

    /// The nearest unit at or above `unit`, along `line` on a day, of which `wanted` is true.
    pub fn nearest_at_or_above(
        &self,
        unit: UnitId,
        day: LocalDate,
        mut wanted: impl FnMut(UnitId) -> bool,
    ) -> Option<UnitId> {
        // A fold is total over any events, so the walk has a bound of its own: no line is longer than all units.
        let mut at = unit;
        for _ in 0..=self.units.len() {
            if wanted(at) {
                return Some(at);
            }
            at = self.parent_on(at, Edge::Line, day)?;
        }
        None
    }

    /// `superior` and everything under it on a day, along either kind of edge, in official order.
    pub fn under(&self, superior: UnitId, day: LocalDate) -> Vec<UnitId> {
        self.units().map(|unit| unit.id).filter(|unit| self.is_at_or_under(*unit, superior, day)).collect()
    }

    /// The units that exist on a day and have this name or code on it, in official order.
    ///
    /// Names meet under [`comparison_key`]; codes are equal as written. Both are reused, so the day matters and several may answer.
    pub fn find(&self, text: &str, day: LocalDate) -> Vec<UnitId> {
        let key = comparison_key(text);
        let code = text.trim();
        self.units()
            .filter(|unit| unit.exists_on(day))
            .filter(|unit| unit.code_on(day) == Some(code) || comparison_key(unit.name_on(day)) == key)
            .map(|unit| unit.id)
            .collect()
    }
}
