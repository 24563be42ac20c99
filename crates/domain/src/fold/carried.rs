//! Sums under the units of a later day: one pass over the columns for every measure at once, in which a fact's place is looked at only where
//! its unit was split.

use std::collections::BTreeMap;

use super::{
    columns::{Partition, SEGMENT_FACTS},
    scan::Asked,
    select::Rule,
    ways::{Way, Ways},
    window::Epoch,
};
use crate::UnitId;

/// Counters of one partition, at most: 64 MB. Beyond it facts are looked at one by one.
const COUNTERS_MAX: usize = 16 << 20;

/// What a rule counts, by unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Carried {
    /// By a unit of the later day.
    pub(super) placed: BTreeMap<UnitId, i64>,
    /// By the credited unit, where nothing says where these are.
    pub(super) unallocated: BTreeMap<UnitId, i64>,
}

impl Carried {
    fn add(&mut self, credited: UnitId, now: Option<UnitId>, n: i64) {
        let (sums, unit) = match now {
            Some(unit) => (&mut self.placed, unit),
            None => (&mut self.unallocated, credited),
        };
        *sums.entry(unit).or_default() += n;
    }
}

impl Asked<'_> {
    /// What each rule counts, in the order of `rules`, by unit of the ways' day. The window is cut where a way changes.
    pub(super) fn carried(&self, rules: &[Rule<'_>], ways: &mut Ways<'_>) -> Vec<Carried> {
        let mut all = vec![Carried::default(); rules.len()];
        let (by_case, by_day): (Vec<_>, Vec<_>) = (0..rules.len()).partition(|rule| rules[*rule].needs_cases());
        for rule in by_case {
            all[rule] = self.carried_by_case(&rules[rule], ways);
        }
        if !by_day.is_empty() {
            for partition in self.partitions() {
                self.carry(partition, rules, &by_day, ways, &mut all);
            }
        }
        all
    }

    /// Fact by fact, since the version is that of a fact's case.
    fn carried_by_case(&self, rule: &Rule<'_>, ways: &mut Ways<'_>) -> Carried {
        let mut carried = Carried::default();
        self.each(rule, |counted| {
            let (unit, epoch) = counted.place;
            let now = ways.find(unit, self.window.day(epoch), counted.partition.place(counted.number));
            carried.add(unit, now, counted.n);
        });
        carried
    }

    fn carry(
        &self,
        partition: &Partition,
        rules: &[Rule<'_>],
        by_day: &[usize],
        ways: &mut Ways<'_>,
        all: &mut [Carried],
    ) {
        let shapes = partition.shapes.all();
        let signs: Vec<Vec<i64>> = by_day.iter().map(|rule| self.signs(partition, &rules[*rule])).collect();
        let counted = |slot: usize| signs.iter().any(|signs| signs[slot] != 0);
        let mut next = 0;
        while next < shapes.len() * self.window.len() {
            let mut layout = Layout::new(self, partition);
            next = layout.fill(next, counted, ways);
            let counters = layout.count(self, partition);
            for counter in layout.counters {
                let Some(facts) = counters.get(counter.at).copied().filter(|facts| *facts > 0) else { continue };
                let (shape, day) = (&shapes[counter.slot % shapes.len()], self.window.day(counter.slot / shapes.len()));
                let now = match ways.of(shape.unit, day) {
                    Way::Whole(unit) => Some(unit),
                    Way::Nowhere => None,
                    Way::Parts => counter.went.and_then(|went| ways.part(shape.unit, day, went)),
                };
                for (rule, signs) in by_day.iter().zip(&signs).filter(|(_, signs)| signs[counter.slot] != 0) {
                    all[*rule].add(shape.unit, now, signs[counter.slot] * shape.n * i64::from(facts));
                }
            }
        }
    }
}

/// Which counter a fact is for, by its slot, which is epoch × shape, and where the unit was split by its place as well.
struct Layout<'a> {
    asked: &'a Asked<'a>,
    partition: &'a Partition,
    /// By slot: the first counter; 0, which nobody reads, for what is not counted. One epoch more than there are, for what lies outside.
    first: Vec<u32>,
    /// By slot: all ones where the place adds to it.
    mask: Vec<u32>,
    /// By epoch and place: what it adds.
    of_place: Vec<u32>,
    /// By epoch: the units where places went; the first of them adds 1.
    went: Vec<Option<Vec<UnitId>>>,
    counters: Vec<Counter>,
    len: usize,
}

/// How many facts of a slot, and where they went, is the counter at `at`.
struct Counter {
    at: usize,
    slot: usize,
    went: Option<UnitId>,
}

impl<'a> Layout<'a> {
    fn new(asked: &'a Asked<'a>, partition: &'a Partition) -> Self {
        let (epochs, shapes) = (asked.window.len() + 1, partition.shapes.len());
        Self {
            asked,
            partition,
            first: vec![0; epochs * shapes],
            mask: vec![0; epochs * shapes],
            of_place: vec![0; epochs * partition.shapes.places().len()],
            went: vec![None; epochs],
            counters: Vec::new(),
            len: 1,
        }
    }

    /// Gives counters to slots from `next` on, as many as there is room for; the first that has none.
    fn fill(&mut self, next: usize, counted: impl Fn(usize) -> bool, ways: &mut Ways<'_>) -> usize {
        let shapes = self.partition.shapes.all();
        for slot in (next..shapes.len() * self.asked.window.len()).filter(|slot| counted(*slot)) {
            let epoch = slot / shapes.len();
            let parts = ways.of(shapes[slot % shapes.len()].unit, self.asked.window.day(epoch)) == Way::Parts;
            let at = self.len;
            let went = if parts { self.went(epoch, ways) } else { &[] };
            if at > 1 && at + 1 + went.len() > COUNTERS_MAX {
                return slot;
            }
            let places = std::iter::once(None).chain(went.iter().copied().map(Some));
            let counters: Vec<_> = (at..).zip(places).map(|(at, went)| Counter { at, slot, went }).collect();
            self.len += counters.len();
            self.counters.extend(counters);
            self.first[slot] = u32::try_from(at).unwrap_or(0);
            self.mask[slot] = if parts { u32::MAX } else { 0 };
        }
        shapes.len() * self.asked.window.len()
    }

    /// The units where the places of an epoch went, found when the first split unit asks.
    fn went(&mut self, epoch: Epoch, ways: &mut Ways<'_>) -> &[UnitId] {
        let places = self.partition.shapes.places();
        let of_epoch = &mut self.of_place[epoch * places.len()..][..places.len()];
        self.went[epoch].get_or_insert_with(|| {
            let (mut units, mut numbers) = (Vec::new(), BTreeMap::new());
            for (place, adds) in places.iter().zip(of_epoch) {
                let unit = place.as_deref().and_then(|code| ways.place(code, self.asked.window.day(epoch)));
                *adds = unit.map_or(0, |unit| {
                    *numbers.entry(unit).or_insert_with(|| {
                        units.push(unit);
                        u32::try_from(units.len()).unwrap_or(0)
                    })
                });
            }
            units
        })
    }

    /// One pass over the columns.
    fn count(&self, asked: &Asked<'_>, partition: &Partition) -> Vec<u32> {
        let (shapes, places) = (partition.shapes.len(), partition.shapes.places().len());
        let offsets: Vec<(usize, usize)> =
            asked.window.epochs_of(partition).iter().map(|epoch| (epoch * shapes, epoch * places)).collect();
        let mut counters = vec![0; self.len];
        let mut left = partition.known(asked.known);
        for chunk in &partition.chunks {
            let here = left.min(SEGMENT_FACTS).min(chunk.len());
            for ((shape, day), place) in chunk.shape[..here].iter().zip(&chunk.day).zip(&chunk.place) {
                let (of_shapes, of_places) = offsets[usize::from(*day)];
                let slot = of_shapes + *shape as usize;
                let adds = self.of_place[of_places + *place as usize] & self.mask[slot];
                counters[(self.first[slot] + adds) as usize] += 1;
            }
            left -= here;
        }
        counters
    }
}
