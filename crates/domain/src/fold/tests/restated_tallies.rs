//! A period under the units of a later day: everything is carried or stays beside, whatever happened to the units.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    properties::{Random, each_ledger, queries},
    world::*,
};
use crate::{
    Counted, EventBody, Extent, Kind, LocalDate, Passing, SuccessionKind, UnitId,
    fold::{Fact, RestatedCount, RestatedMeasure, restated_lines, restated_tally, tally::Question},
    structure::{Structure, Unit},
};

fn passes(world: &mut World, from: u128, to: u128, extent: Extent, on: &str) {
    let how = if extent == Extent::Whole { SuccessionKind::MergedInto } else { SuccessionKind::SplitFrom };
    let body = EventBody::UnitSucceeded { unit: unit(from), successor: unit(to), how, extent, of: Passing::default() };
    world.event(on, Kind::Structure, body);
}

fn restated(world: &World, to: &str) -> RestatedMeasure {
    let query = world.query("2022");
    let now = (&world.reference.structure, day(to));
    restated_tally(&world.reference, &world.facts, &query, &world.tally(&query), now).unwrap().remove(0)
}

type Shown = Vec<(u128, i64)>;

fn shown(measure: &RestatedMeasure) -> (Shown, Shown) {
    let of = |cells: &[crate::fold::RestatedCell]| {
        cells.iter().map(|cell| (cell.committee.0.as_u128(), cell.actual)).collect()
    };
    (of(&measure.cells), of(&measure.unallocated))
}

#[test]
fn counts_go_through_three_hops_and_what_was_split_stays_beside() {
    let mut world = World::new();
    world.holders(&[3, 3, 3]);
    for n in [40, 41, 42] {
        world.unit(n, Some(CITY));
    }
    world.found(11, "2022-03-01", 2);
    world.found(12, "2022-03-01", 3);
    world.found(13, "2022-03-01", 4);
    for (from, to, on) in
        [(11, 40, "2023-04-01"), (40, 41, "2024-04-01"), (41, 42, "2025-07-01"), (12, 42, "2025-07-01")]
    {
        world.end(from, on);
        passes(&mut world, from, to, Extent::Whole, on);
    }
    world.end(13, "2025-07-01");
    passes(&mut world, 13, 42, Extent::Part, "2025-07-01");
    passes(&mut world, 13, 20, Extent::Part, "2025-07-01");
    let measure = restated(&world, "2025-07-02");
    assert_eq!(shown(&measure), (vec![(42, 5)], vec![(13, 4)]));
    assert_eq!((measure.total, measure.with_plan_then), (9, 3));
    assert_eq!(shown(&restated(&world, "2023-06-01")), (vec![(12, 3), (13, 4), (40, 2)], vec![]));
}

#[test]
fn totals_are_kept_whatever_passed_to_whom() {
    each_ledger(0x2e57, |mut world, random| {
        for _ in 0..12 {
            let (from, to) = (11 + u128::from(random.below(20)), 11 + u128::from(random.below(20)));
            let on = format!("202{}-{:02}-01", 3 + random.below(3), 1 + random.below(12));
            let extent = if random.below(2) == 0 { Extent::Whole } else { Extent::Part };
            if extent == Extent::Whole {
                world.end(from, &on);
            }
            passes(&mut world, from, to, extent, &on);
        }
        for query in queries(&world, random) {
            let structure = &world.reference.structure;
            let then = world.tally(&query);
            let now = (structure, day("2026-01-01"));
            let all = restated_tally(&world.reference, &world.facts, &query, &then, now).unwrap();
            for (measure, then) in all.iter().zip(then.measures) {
                let cells = measure.cells.iter().chain(&measure.unallocated);
                assert_eq!(cells.map(|cell| cell.actual).sum::<i64>(), then.total, "{}", measure.measure);
                assert_eq!(measure.total, then.total);
                assert!(measure.cells.iter().all(|cell| structure.exists_on(cell.committee, day("2026-01-01"))));
            }
        }
    });
}

/// As DOMAIN §4.3 says it, fact by fact.
fn placed(structure: &Structure, fact: &Fact, to: LocalDate) -> Option<UnitId> {
    let day = fact.effective_on;
    let last_day = structure.ended_on(fact.unit).map_or(day, |end| day.min(end.yesterday()));
    let became = structure.what_became_of(fact.unit, last_day, to);
    if let Some(whole) = became.wholly() {
        return Some(whole).filter(|unit| structure.exists_on(*unit, to));
    }
    let of_code =
        |unit: &&Unit| unit.exists_on(day) && fact.place.is_some() && unit.code_on(day) == fact.place.as_deref();
    let mut places = structure.units().filter(of_code);
    let (Some(there), None) = (places.next(), places.next()) else { return None };
    let now = structure.what_became_of(there.id, day, to).wholly()?;
    structure.nearest_at_or_above(now, to, |unit| became.units.contains(&unit) && structure.exists_on(unit, to))
}

#[test]
fn one_pass_gives_what_fact_by_fact_does() {
    let (mut by_place, mut behind) = (0, 0);
    each_ledger(0xca44, |mut world, random| {
        reorganise(&mut world, random);
        for query in queries(&world, random) {
            let (structure, to) =
                (&world.reference.structure, day(["2022-07-01", "2023-06-01", "2026-01-01"][random.below(3) as usize]));
            let then = world.tally(&query);
            let all = restated_tally(&world.reference, &world.facts, &query, &then, (structure, to)).unwrap();
            let question = Question::new(&world.reference, &query).unwrap();
            for (measure, restated) in question.measures.iter().zip(all) {
                let (mut cells, mut unallocated) = (BTreeMap::new(), BTreeMap::new());
                question.asked(&[&world.facts]).each(&measure.rule, |counted| {
                    let fact = counted.partition.fact(counted.number);
                    let now = placed(structure, &fact, to);
                    by_place += usize::from(
                        now.is_some() && structure.what_became_of(fact.unit, fact.effective_on, to).wholly().is_none(),
                    );
                    let sums = if now.is_some() { &mut cells } else { &mut unallocated };
                    *sums.entry(now.unwrap_or(fact.unit)).or_default() += counted.n;
                });
                let of = |cells: &[crate::fold::RestatedCell]| {
                    cells.iter().map(|cell| (cell.committee, cell.actual)).collect::<BTreeMap<_, _>>()
                };
                let not_zero =
                    |sums: BTreeMap<UnitId, i64>| sums.into_iter().filter(|(_, n)| *n != 0).collect::<BTreeMap<_, _>>();
                assert_eq!(of(&restated.cells), not_zero(cells), "{} to {to}", measure.key);
                assert_eq!(of(&restated.unallocated), not_zero(unallocated), "{} to {to}", measure.key);
                for (cells, placed) in [(&restated.cells, true), (&restated.unallocated, false)] {
                    for cell in cells {
                        let units = &BTreeSet::from([cell.committee]);
                        let count = RestatedCount { structure, to, units, placed };
                        let lines = restated_lines(&world.reference, &world.facts, &query, measure.key, count).unwrap();
                        assert_eq!(lines.last().map(|line| line.sum), Some(cell.actual), "{} to {to}", measure.key);
                        behind += lines.len();
                    }
                }
            }
        }
    });
    assert!(by_place > 20, "only {by_place} facts were placed by where they are");
    assert!(behind > 100, "only {behind} facts behind all counts");
}

/// Facts with places, codes that are reused, and units that pass on all or a part of what they are, over three years.
fn reorganise(world: &mut World, random: &mut Random) {
    for n in 31..37 {
        world.unit(n, Some(11 + u128::from(random.below(8))));
        world.event(
            "2021-01-01",
            Kind::Structure,
            EventBody::UnitCodeAssigned { unit: unit(n), code: Some(format!("W{}", n % 5)) },
        );
    }
    for stream in 100..180 {
        let on = format!("202{}-{:02}-15", 1 + random.below(3), 1 + random.below(12));
        let at = 11 + u128::from(random.below(20));
        let place = Some(format!("W{}", random.below(6)));
        world.post(organisation(stream), founded(Counted { place, ..cell(at, &on) }));
    }
    for _ in 0..14 {
        let (from, to) = (11 + u128::from(random.below(24)), 11 + u128::from(random.below(24)));
        let on = format!("202{}-{:02}-01", 2 + random.below(4), 1 + random.below(12));
        let extent = if random.below(3) == 0 { Extent::Whole } else { Extent::Part };
        if random.below(2) == 0 {
            world.end(from, &on);
        }
        passes(world, from, to, extent, &on);
        let other = EventBody::UnitCodeAssigned {
            unit: unit(31 + u128::from(random.below(6))),
            code: Some(format!("W{}", random.below(6))),
        };
        world.event(&on, Kind::Structure, other);
    }
}
