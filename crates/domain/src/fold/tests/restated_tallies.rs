//! A period under the units of a later day: everything is carried or stays beside, whatever happened to the units.

use super::{
    properties::{each_ledger, queries},
    world::*,
};
use crate::{
    EventBody, Extent, Kind, Passing, SuccessionKind,
    fold::{RestatedMeasure, restated_tally},
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
