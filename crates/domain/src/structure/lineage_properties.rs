//! What holds of any lineage, against a plain model that walks every way there is. Proptest shrinks what fails; the seed is printed.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    test_runner::{Config, RngSeed, TestRunner},
};

use super::{
    lineage_tests::{change, end, partly, pass, ward, wholly},
    *,
};
use crate::{
    Extent, Passing, SuccessionKind,
    scenario::{day, given, unit},
};

const DAYS: [&str; 5] = ["2011-01-01", "2015-01-01", "2020-01-01", "2023-01-01", "2025-07-01"];
/// Between, before and after the days of the steps, and two of them.
const ASKED: [&str; 6] = ["2010-06-01", "2015-01-01", "2017-01-01", "2022-01-01", "2025-07-01", "2026-01-01"];
const UNITS: u128 = 9;

pub(crate) fn check<S: Strategy>(histories: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seed = std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x1232);
    println!("seed {seed}: replay with SEED={seed}");
    let config = Config { cases: 300, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&histories, property).unwrap_or_else(|failure| panic!("seed {seed}: {failure}"));
}

/// Records of one to three steps: units that come, end, merge, split, and pass on parts.
pub(crate) fn histories() -> impl Strategy<Value = Vec<Vec<StructureChange>>> {
    let two = (1..=UNITS, 1..=UNITS, prop::sample::select(&DAYS[..]));
    let record = prop_oneof![
        1 => two.clone().prop_map(|(n, _, on)| vec![ward(n, on)]),
        1 => two.clone().prop_map(|(n, _, on)| vec![end(n, on)]),
        3 => two.clone().prop_map(|(n, to, on)| vec![end(n, on), wholly(n, to, on)]),
        1 => two.clone().prop_map(|(n, to, on)| vec![wholly(n, to, on)]),
        1 => two.clone().prop_map(|(n, to, on)| vec![end(n, on), pass(n, to, SuccessionKind::Continues, Extent::Whole, on)]),
        2 => (two.clone(), 1..=UNITS).prop_map(|((n, to, on), also)| vec![end(n, on), partly(n, to, on), partly(n, also, on)]),
        4 => two.prop_map(|(n, to, on)| vec![partly(n, to, on)]),
    ];
    prop::collection::vec(record, 1..40)
}

/// What the history leaves: six wards at first, refusals passed over.
pub(crate) fn structure_of(history: &[Vec<StructureChange>]) -> Structure {
    let mut story = given().then(&change((1..=6).map(|n| ward(n, "2010-01-01"))));
    for steps in history {
        let steps = change(steps.iter().cloned());
        if story.when(&steps).0.is_ok() {
            story = story.then(&steps);
        }
    }
    story.reference.structure
}

/// Where ways from `unit` lead along edges in their order, one at a time; the plain model of both directions.
fn walk(structure: &Structure, unit: UnitId, after: (LocalDate, u32), until: LocalDate, found: &mut BTreeSet<UnitId>) {
    found.insert(unit);
    for edge in structure.successions().filter(|edge| edge.unit == unit) {
        if (edge.on, edge.order) > after && edge.on <= until {
            walk(structure, edge.successor, (edge.on, edge.order), until, found);
        }
    }
}

fn pairs() -> impl Iterator<Item = (LocalDate, LocalDate)> {
    let all = ASKED.map(day);
    all.into_iter()
        .flat_map(move |from| all.into_iter().filter(move |until| *until >= from).map(move |until| (from, until)))
}

#[test]
fn both_ways_agree_with_each_other_and_with_the_plain_model() {
    check(histories(), |history| {
        let structure = structure_of(&history);
        for (since, day) in pairs() {
            for old in (1..=UNITS).map(unit).filter(|old| structure.exists_on(*old, since)) {
                let mut led_to = BTreeSet::new();
                walk(&structure, old, (since, u32::MAX), day, &mut led_to);
                let became = structure.what_became_of(old, since, day);
                for new in (1..=UNITS).map(unit).filter(|new| structure.exists_on(*new, day)) {
                    let made_of = structure.what_it_is_made_of(new, day, since);
                    prop_assert_eq!(became.units.contains(&new), led_to.contains(&new), "{} to {}", old, new);
                    prop_assert_eq!(made_of.units.contains_key(&old), led_to.contains(&new), "{} of {}", new, old);
                    let whole = made_of.units.get(&old) == Some(&Extent::Whole);
                    prop_assert_eq!(whole, became.wholly() == Some(new));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn what_became_of_a_unit_ends_in_units_that_exist_or_ended_with_something_left() {
    check(histories(), |history| {
        let structure = structure_of(&history);
        for (since, until) in pairs() {
            for old in (1..=UNITS).map(unit).filter(|old| structure.exists_on(*old, since)) {
                let became = structure.what_became_of(old, since, until);
                prop_assert!(!became.units.is_empty(), "nothing is lost");
                for last in became.units {
                    let wholly = structure.successions().any(|edge| edge.unit == last && edge.extent == Extent::Whole);
                    prop_assert!(
                        structure.exists_on(last, until) || !wholly,
                        "{} ended and passed on everything",
                        last
                    );
                }
            }
        }
        Ok(())
    });
}

#[test]
fn no_accepted_history_has_a_circle_or_two_wholes_or_an_edge_where_no_unit_is() {
    check(histories(), |history| {
        let structure = structure_of(&history);
        for edge in structure.successions() {
            // An end on that day may come after the edge.
            for end in [edge.unit, edge.successor] {
                prop_assert!(structure.exists_on(end, edge.on) || structure.ended_on(end) == Some(edge.on));
            }
            let beside: Vec<_> = structure.successions_on(edge.on).filter(|other| other.unit == edge.unit).collect();
            prop_assert!(edge.extent == Extent::Part || beside.len() == 1, "{:?}", beside);
            // Without regard to the order within the day: no way of one day leads back.
            let (mut seen, mut open) = (BTreeSet::new(), vec![edge.successor]);
            while let Some(at) = open.pop() {
                prop_assert!(at != edge.unit, "a circle on {}", edge.on);
                let next = structure.successions_on(edge.on).filter(|next| next.unit == at).map(|next| next.successor);
                open.extend(next.filter(|next| seen.insert(*next)));
            }
        }
        Ok(())
    });
}

#[test]
fn a_lineage_is_followed_to_its_end_whatever_the_events_say() {
    let event = (1..=UNITS, 1..=UNITS, prop::sample::select(&DAYS[..]), any::<bool>(), 0..8_u32);
    check(prop::collection::vec(event, 0..60), |events| {
        let mut structure = structure_of(&[]);
        for (n, to, on, whole, ends) in events {
            let extent = if whole { Extent::Whole } else { Extent::Part };
            let (how, of) = (SuccessionKind::Continues, Passing::new());
            let body = match ends {
                0 => EventBody::UnitEnded { unit: unit(n) },
                _ => EventBody::UnitSucceeded { unit: unit(n), successor: unit(to), how, extent, of },
            };
            structure.evolve(&Event { effective_on: day(on), body });
        }
        for (since, until) in pairs() {
            for n in 1..=UNITS {
                let became = structure.what_became_of(unit(n), since, until);
                let made_of = structure.what_it_is_made_of(unit(n), until, since);
                let edges = structure.successions().count();
                prop_assert!(became.edges.len() <= edges && made_of.edges.len() <= edges);
            }
        }
        Ok(())
    });
}

#[test]
fn the_histories_are_not_all_refused() {
    let accepted = std::cell::Cell::new(0);
    check(histories(), |history| {
        accepted.set(accepted.get() + structure_of(&history).successions().count());
        Ok(())
    });
    assert!(accepted.get() > 1_000, "{} edges in all", accepted.get());
}
