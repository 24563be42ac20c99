//! For whom something came to count, or ceased to: where figures of two days are not of the same units.

use std::collections::{BTreeMap, BTreeSet};

use super::Structure;
use crate::{Edge, LocalDate, UnitId};

impl Structure {
    /// The units that, on a day after `after` and up to `until`, took over or lost what is credited to another: along a succession, or because
    /// a unit came to stand under another in its line. Of each the last such day. What stays under one unit throughout moves nothing for it.
    pub fn moved_between(&self, after: LocalDate, until: LocalDate) -> BTreeMap<UnitId, LocalDate> {
        let inside = |day: LocalDate| after < day && day <= until;
        let mut moved = BTreeMap::<UnitId, LocalDate>::new();
        let mut mark = |from: BTreeSet<UnitId>, to: &BTreeSet<UnitId>, on: LocalDate| {
            for unit in from.symmetric_difference(to) {
                let last = moved.entry(*unit).or_insert(on);
                *last = on.max(*last);
            }
        };
        for edge in self.successions().filter(|edge| inside(edge.on)) {
            mark(self.line_of(edge.unit, edge.on.yesterday()), &self.line_of(edge.successor, edge.on), edge.on);
        }
        for unit in self.units() {
            // On its first day a unit joins a line and takes nothing with it.
            let joins = unit.parents(Edge::Line).spans().map(|span| span.from);
            for on in joins.filter(|on| inside(*on) && *on > unit.first_day && unit.exists_on(*on)) {
                mark(self.line_of(unit.id, on.yesterday()), &self.line_of(unit.id, on), on);
            }
        }
        moved
    }

    /// The unit and all above it in its line on a day.
    fn line_of(&self, unit: UnitId, day: LocalDate) -> BTreeSet<UnitId> {
        let mut line = BTreeSet::new();
        self.nearest_at_or_above(unit, day, |at| !line.insert(at));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EventBody, Extent, Passing, SuccessionKind, UnitKind};

    fn unit(n: u128) -> UnitId {
        UnitId(uuid::Uuid::from_u128(n))
    }

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn put(structure: &mut Structure, on: &str, body: EventBody) {
        structure.evolve(&crate::Event { effective_on: day(on), body });
    }

    fn create(structure: &mut Structure, n: u128, parent: Option<u128>, on: &str) {
        let (kind, name, code) = (UnitKind::Ward, n.to_string(), None);
        put(structure, on, EventBody::UnitCreated { unit: unit(n), kind, name, code, display_order: 1 });
        join(structure, n, parent, on);
    }

    fn join(structure: &mut Structure, n: u128, parent: Option<u128>, on: &str) {
        let parent = parent.map(unit);
        put(structure, on, EventBody::UnitParentSet { unit: unit(n), edge: Edge::Line, parent });
    }

    fn merge(structure: &mut Structure, from: u128, into: u128, on: &str) {
        put(structure, on, EventBody::UnitEnded { unit: unit(from) });
        let (how, extent) = (SuccessionKind::MergedInto, Extent::Whole);
        let (unit, successor) = (unit(from), unit(into));
        put(structure, on, EventBody::UnitSucceeded { unit, successor, how, extent, of: Passing::default() });
    }

    /// A city, districts 2 and 3, wards 21 and 22 under the one, 31 under the other.
    fn city() -> Structure {
        let mut city = Structure::default();
        create(&mut city, 1, None, "2020-01-01");
        for (n, parent) in [(2, 1), (3, 1), (21, 2), (22, 2), (31, 3)] {
            create(&mut city, n, Some(parent), "2020-01-01");
        }
        city
    }

    fn moved(city: &Structure) -> Vec<(u128, String)> {
        let moved = city.moved_between(day("2024-01-01"), day("2025-12-31"));
        moved.into_iter().map(|(unit, on)| (unit.0.as_u128(), on.to_string())).collect()
    }

    #[test]
    fn what_merges_within_a_district_moves_nothing_for_the_district() {
        let mut city = city();
        merge(&mut city, 22, 21, "2025-07-01");
        assert_eq!(moved(&city), [(21, "2025-07-01".to_owned()), (22, "2025-07-01".to_owned())]);
    }

    #[test]
    fn what_passes_to_another_district_moves_for_both_and_not_for_the_city() {
        let mut city = city();
        merge(&mut city, 31, 21, "2025-01-01");
        join(&mut city, 22, Some(3), "2025-07-01");
        let units: Vec<_> =
            [(2, "07"), (3, "07"), (21, "01"), (31, "01")].map(|(n, month)| (n, format!("2025-{month}-01"))).into();
        assert_eq!(moved(&city), units);
    }

    #[test]
    fn a_new_ward_a_new_name_and_what_lies_outside_the_days_move_nothing() {
        let mut city = city();
        create(&mut city, 23, Some(2), "2025-03-01");
        put(&mut city, "2025-03-01", EventBody::UnitRenamed { unit: unit(2), name: "another".to_owned() });
        merge(&mut city, 31, 21, "2024-01-01");
        join(&mut city, 22, Some(3), "2026-01-01");
        assert!(moved(&city).is_empty());
    }
}
