//! Where the facts of a unit went by a later day: found once for each unit, place and span of days between which no lineage changes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Edge, LocalDate, UnitId, structure::Structure};

/// The unit that on a day has what was a unit's: itself while it is there, then whoever came after it wholly, and where it was divided the one that
/// has the place, whose code is as of a day of its own. The unit of then, where nothing says who.
pub(crate) fn whereabouts(
    structure: &Structure,
    unit: UnitId,
    (place, placed_on): (Option<&str>, LocalDate),
    on: LocalDate,
) -> UnitId {
    if structure.ended_on(unit).is_none_or(|end| on < end) {
        return unit;
    }
    let mut ways = Ways::new(structure, on);
    let now = match ways.of(unit, on) {
        Way::Whole(heir) => Some(heir),
        Way::Nowhere => None,
        Way::Parts => {
            let went = place.and_then(|place| ways.place(place, placed_on));
            went.and_then(|went| ways.part(unit, on, went))
        }
    };
    now.unwrap_or(unit)
}

/// Where all facts of a unit and a day are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// At a unit that exists.
    Whole(UnitId),
    /// Where the unit of their place went: see [`Ways::part`].
    Parts,
    /// The unit that had all of it ended, and nobody came after it.
    Nowhere,
}

/// A day that stands for all days of its span.
type Span = LocalDate;

/// The ways to the units of one day.
pub(super) struct Ways<'a> {
    structure: &'a Structure,
    to: LocalDate,
    /// Days on which another span begins.
    cuts: BTreeSet<LocalDate>,
    units: BTreeMap<(Span, UnitId), (Way, BTreeSet<UnitId>)>,
    /// By code: the unit that has it, if it is the only one.
    codes: BTreeMap<Span, BTreeMap<&'a str, Option<UnitId>>>,
    /// The unit that has all of a place.
    places: BTreeMap<(Span, UnitId), Option<UnitId>>,
    parts: BTreeMap<(Span, UnitId, UnitId), Option<UnitId>>,
}

impl<'a> Ways<'a> {
    pub(super) fn new(structure: &'a Structure, to: LocalDate) -> Self {
        Self {
            structure,
            to,
            cuts: structure.lineage_days(),
            units: BTreeMap::new(),
            codes: BTreeMap::new(),
            places: BTreeMap::new(),
            parts: BTreeMap::new(),
        }
    }

    /// Days on which some way changes.
    pub(super) fn cuts(&self) -> impl Iterator<Item = LocalDate> {
        self.cuts.iter().copied()
    }

    fn span(&self, day: LocalDate) -> Span {
        self.cuts.range(..=day).next_back().copied().unwrap_or(LocalDate::FIRST)
    }

    /// Of a unit that has ended by the day it is where what was its on its last day is.
    pub(super) fn of(&mut self, unit: UnitId, day: LocalDate) -> Way {
        self.became(unit, self.span(day)).0
    }

    fn became(&mut self, unit: UnitId, span: Span) -> &(Way, BTreeSet<UnitId>) {
        let (structure, to) = (self.structure, self.to);
        self.units.entry((span, unit)).or_insert_with(|| {
            let last_day = structure.ended_on(unit).map_or(span, |end| span.min(end.yesterday()));
            let became = structure.what_became_of(unit, last_day, to);
            let way = match became.wholly() {
                Some(whole) if structure.exists_on(whole, to) => Way::Whole(whole),
                Some(_) => Way::Nowhere,
                None => Way::Parts,
            };
            (way, became.units)
        })
    }

    /// The unit of the ways' day that has the facts of a unit, day and place; `None` where nothing says it.
    pub(super) fn find(&mut self, unit: UnitId, day: LocalDate, place: Option<&str>) -> Option<UnitId> {
        match self.of(unit, day) {
            Way::Whole(unit) => Some(unit),
            Way::Nowhere => None,
            Way::Parts => {
                let went = place.and_then(|place| self.place(place, day))?;
                self.part(unit, day, went)
            }
        }
    }

    /// The unit that has all of the one with this code on a day: where what is at a place is now.
    pub(super) fn place(&mut self, code: &str, day: LocalDate) -> Option<UnitId> {
        let span = self.span(day);
        let structure = self.structure;
        let codes = self.codes.entry(span).or_insert_with(|| codes(structure, span));
        let there = codes.get(code).copied().flatten()?;
        let to = self.to;
        let went = || structure.what_became_of(there, span, to).wholly();
        *self.places.entry((span, there)).or_insert_with(went)
    }

    /// The unit that has the part of a unit that is at `went`: that itself, or the nearest above it, or the one that either of them alone leads.
    pub(super) fn part(&mut self, unit: UnitId, day: LocalDate, went: UnitId) -> Option<UnitId> {
        let span = self.span(day);
        if let Some(known) = self.parts.get(&(span, unit, went)) {
            return *known;
        }
        let (structure, to) = (self.structure, self.to);
        let parts = self.became(unit, span).1.iter().copied();
        let parts: Vec<UnitId> = parts.filter(|part| structure.exists_on(*part, to)).collect();
        let part_of = |at: UnitId| parts.contains(&at).then_some(at).or_else(|| led_by(structure, &parts, at, to));
        let part = structure.nearest_at_or_above(went, to, |at| part_of(at).is_some()).and_then(part_of);
        self.parts.insert((span, unit, went), part);
        part
    }
}

/// The one of these units that another one leads; none if it leads several.
fn led_by(structure: &Structure, units: &[UnitId], leader: UnitId, on: LocalDate) -> Option<UnitId> {
    let mut led = units.iter().filter(|unit| structure.parent_on(**unit, Edge::LedBy, on) == Some(leader));
    led.next().copied().filter(|_| led.next().is_none())
}

/// The units that have a code on a day; none where several have it.
fn codes(structure: &Structure, day: LocalDate) -> BTreeMap<&str, Option<UnitId>> {
    let mut codes = BTreeMap::new();
    for unit in structure.units().filter(|unit| unit.exists_on(day)) {
        if let Some(code) = unit.code_on(day) {
            codes.entry(code).and_modify(|one| *one = None).or_insert(Some(unit.id));
        }
    }
    codes
}
