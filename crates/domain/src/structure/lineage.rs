//! Which unit came after which, on which day and in which order, followed over several hops both ways.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::Structure;
use crate::{Event, EventBody, Extent, LocalDate, Passing, SuccessionKind, UnitId};

/// One edge of the lineage: from a day on, what a unit was is its successor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub on: LocalDate,
    /// Number of the edge in the order recorded, from 1: of two on one day the lower happened first.
    pub order: u32,
    pub unit: UnitId,
    pub successor: UnitId,
    pub how: SuccessionKind,
    pub extent: Extent,
    pub of: Passing,
}

/// Place of an edge: its day, and then the order recorded.
type Place = (LocalDate, u32);

/// All edges, by day and then in the order recorded; and where those of each unit are, since who looks at one unit looks at few of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lineage {
    edges: Arc<BTreeMap<Place, Succession>>,
    of: Arc<BTreeSet<(UnitId, LocalDate, u32)>>,
}

/// What became of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Became {
    /// Every edge along which some of it passed, in the order of the days.
    pub edges: Vec<Succession>,
    /// Where it is in the end, ascending by id: units that exist, and units that ended without passing on everything. One alone has all of it.
    pub units: BTreeSet<UnitId>,
}

impl Became {
    /// The one unit that has all of it.
    pub fn wholly(&self) -> Option<UnitId> {
        self.units.first().copied().filter(|_| self.units.len() == 1)
    }
}

/// What a unit is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MadeOf {
    /// Every edge along which something came to it, in the order of the days.
    pub edges: Vec<Succession>,
    /// The units of the earlier day of which it has something, each with how much of that unit it has.
    pub units: BTreeMap<UnitId, Extent>,
}

impl Lineage {
    pub(super) fn evolve(&mut self, event: &Event) {
        let EventBody::UnitSucceeded { unit, successor, how, extent, ref of } = event.body else { return };
        let on = event.effective_on;
        let order = u32::try_from(self.edges.len()).unwrap_or(u32::MAX).saturating_add(1);
        let edge = Succession { on, order, unit, successor, how, extent, of: of.clone() };
        Arc::make_mut(&mut self.edges).insert((on, order), edge);
        Arc::make_mut(&mut self.of).insert((unit, on, order));
    }

    /// Places of the edges along which a unit passes, behind one of them.
    fn places_of(&self, unit: UnitId, (day, order): Place) -> impl Iterator<Item = Place> {
        let behind = self.of.range((unit, day, order)..).take_while(move |(of, ..)| *of == unit);
        behind.map(|(_, on, order)| (*on, *order)).filter(move |place| *place > (day, order))
    }

    /// The edges of a unit on a day.
    fn of_day(&self, unit: UnitId, day: LocalDate) -> impl Iterator<Item = &Succession> {
        let of = self.of.range((unit, day, 0)..=(unit, day, u32::MAX));
        of.filter_map(|(_, on, order)| self.edges.get(&(*on, *order)))
    }

    /// The edges after `day` and up to `until`.
    fn between(&self, day: LocalDate, until: LocalDate) -> impl DoubleEndedIterator<Item = &Succession> {
        let last = (until.max(day), u32::MAX);
        self.edges.range((day, u32::MAX)..=last).map(|(_, edge)| edge).filter(move |edge| edge.on > day)
    }
}

impl Structure {
    /// Every edge, by day and then in the order recorded.
    pub fn successions(&self) -> impl DoubleEndedIterator<Item = &Succession> {
        self.lineage.edges.values()
    }

    /// Days on which a unit begins, ends or gets another code, or passes something on: between two of them it is the same who became of whom,
    /// and whom a code means.
    pub fn lineage_days(&self) -> BTreeSet<LocalDate> {
        let of_units = self.units().flat_map(|unit| {
            let codes = unit.codes.spans().map(|span| span.from);
            codes.chain([unit.first_day]).chain(unit.ended_on)
        });
        of_units.chain(self.successions().map(|edge| edge.on)).collect()
    }

    pub(super) fn successions_on(&self, day: LocalDate) -> impl DoubleEndedIterator<Item = &Succession> {
        self.lineage.edges.range((day, 0)..=(day, u32::MAX)).map(|(_, edge)| edge)
    }

    /// The last day on which it passed on something or took something over.
    pub(super) fn last_succession(&self, unit: UnitId) -> Option<LocalDate> {
        self.successions().rev().find(|edge| edge.unit == unit || edge.successor == unit).map(|edge| edge.on)
    }

    /// What the unit of `day` has become by `until`; nothing if it does not exist on `day`. What passes on `day` itself has passed by then.
    ///
    /// Total: each edge of a unit that is met is looked at in its order, once for each time that it is met, whatever they say.
    pub fn what_became_of(&self, unit: UnitId, day: LocalDate, until: LocalDate) -> Became {
        if !self.exists_on(unit, day) {
            return Became::default();
        }
        let mut became = Became { edges: Vec::new(), units: BTreeSet::from([unit]) };
        let mut passed_on = PassedOn::default();
        let mut open: BTreeSet<Place> = self.lineage.places_of(unit, (day, u32::MAX)).collect();
        while let Some(place) = open.pop_first().filter(|(on, _)| *on <= until) {
            let Some(edge) = self.lineage.edges.get(&place) else { continue };
            passed_on.left_behind(self, Some(edge.on), &mut became.units);
            if became.units.contains(&edge.unit) {
                passed_on.add(edge);
                became.edges.push(edge.clone());
                if became.units.insert(edge.successor) {
                    open.extend(self.lineage.places_of(edge.successor, place));
                }
            }
        }
        passed_on.left_behind(self, None, &mut became.units);
        became
    }

    /// What of `since` the unit of `day` is made of; nothing if it does not exist on `day`. Itself is among it, if it existed on `since`.
    ///
    /// Total: one pass back over the edges, and one forward for each unit found.
    pub fn what_it_is_made_of(&self, unit: UnitId, day: LocalDate, since: LocalDate) -> MadeOf {
        if !self.exists_on(unit, day) {
            return MadeOf::default();
        }
        let mut from = BTreeSet::from([unit]);
        let mut edges = Vec::new();
        for edge in self.lineage.between(since, day).rev() {
            if from.contains(&edge.successor) {
                from.insert(edge.unit);
                edges.push(edge.clone());
            }
        }
        edges.reverse();
        let units = from.into_iter().filter(|source| self.exists_on(*source, since)).map(|source| {
            let wholly = self.what_became_of(source, since, day).wholly() == Some(unit);
            (source, if wholly { Extent::Whole } else { Extent::Part })
        });
        MadeOf { edges, units: units.collect() }
    }
}

/// Units that passed on something on the day that is being followed.
#[derive(Default)]
struct PassedOn {
    on: Option<LocalDate>,
    units: BTreeSet<UnitId>,
}

impl PassedOn {
    fn add(&mut self, edge: &Succession) {
        self.on = Some(edge.on);
        self.units.insert(edge.unit);
    }

    /// Before the edges of another day, or at the end: who passed on everything has nothing left. A unit that ended in two parts or more passed
    /// on everything; one that ended with one part only keeps the rest, of which nothing is recorded.
    fn left_behind(&mut self, structure: &Structure, next: Option<LocalDate>, held: &mut BTreeSet<UnitId>) {
        let Some(on) = self.on.filter(|on| Some(*on) != next) else { return };
        for unit in std::mem::take(&mut self.units) {
            let parts = || structure.lineage.of_day(unit, on);
            let whole = parts().any(|edge| edge.extent == Extent::Whole);
            if whole || (structure.ended_on(unit) == Some(on) && parts().count() > 1) {
                held.remove(&unit);
            }
        }
        self.on = None;
    }
}
