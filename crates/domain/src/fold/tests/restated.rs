//! Facts of then under the units of a later day: what is carried, what stays beside, and that nothing is lost.

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    Basis, Countable, Countee, Edge, HostKind, Kind, LocalDate, Membership, OfWhich, OrganisationKind, Position,
    StreamId, UnitId, What,
    fold::{Counts, Fact, Restated, RestatedCell, RestatedMeasure, restate, restated_tally::cells as cells_of},
    scenario::{day, given, unit},
    structure::{
        AllocationKey, SetParent, Structure, StructureChange,
        lineage_properties::{check, histories, structure_of},
        lineage_tests::{REFORM, change, end, join_line, partly, ward, wholly},
    },
};

fn cells() -> Countable {
    let of = Countee::Organisation(OrganisationKind::PartyCellGrassroots);
    Countable { what: What::Founded, of, host_kind: HostKind::PrivateEnterprise, basis: Basis::New }
}

fn people() -> Countable {
    Countable { what: What::Admitted, of: Countee::Member(Membership::Party), ..cells() }
}

/// `n` of something at a unit, at the place with this code.
fn fact(n: i64, at: u128, on: &str, place: Option<&str>) -> Fact {
    Fact {
        position: Position(1),
        stream: StreamId::new(Kind::Organisation, Uuid::nil()),
        effective_on: day(on),
        unit: unit(at),
        countable: cells(),
        n,
        of_which: OfWhich::new(),
        place: place.map(str::to_owned),
    }
}

fn counted(counts: &Counts) -> Vec<(UnitId, i64)> {
    counts.iter().map(|((unit, _), n)| (*unit, *n)).collect()
}

/// District 5 with the wards 1, 2 and 3 becomes the wards 8 and 9: 1 goes wholly to 8, 2 wholly to 9, 3 to both. District 4 becomes 9 wholly.
fn reformed() -> Structure {
    reformed_and([])
}

fn reformed_and(steps: impl IntoIterator<Item = StructureChange>) -> Structure {
    let wards = [1, 2, 3, 4, 5].map(|n| ward(n, "2010-01-01"));
    let under = [1, 2, 3].map(|n| join_line(n, Some(5), "2011-01-01"));
    let reform = [vec![ward(8, REFORM), ward(9, REFORM)], [1, 2, 3].map(|n| join_line(n, None, REFORM)).to_vec()];
    let given = given().then(&change(wards.into_iter().chain(under))).then(&change(reform.into_iter().flatten()));
    // A unit ends after those under it have moved, so the wards end the day they are free.
    let ends = ["2025-07-02"; 5].iter().zip(1..).map(|(on, n)| end(n, on));
    let on = "2025-07-02";
    let passes = [
        wholly(1, 8, on),
        wholly(2, 9, on),
        partly(3, 8, on),
        partly(3, 9, on),
        partly(5, 8, on),
        partly(5, 9, on),
        wholly(4, 9, on),
    ];
    given.then(&change(ends.chain(passes).chain(steps))).reference.structure
}

const NOW: &str = "2025-12-31";

#[test]
fn what_passed_wholly_is_carried_and_a_split_unit_s_facts_go_where_their_place_went() {
    let facts = [
        fact(7, 4, "2022-03-01", None),
        fact(5, 5, "2022-03-01", Some("W1")),
        fact(3, 5, "2022-03-01", Some("W2")),
        fact(2, 5, "2022-03-01", Some("W3")),
        fact(1, 5, "2022-03-01", None),
        fact(4, 5, "2022-03-01", Some("nowhere")),
    ];
    let restated = restate(&reformed(), &facts, day(NOW));
    assert_eq!(counted(&restated.placed), [(unit(8), 5), (unit(9), 10)]);
    assert_eq!(counted(&restated.unallocated), [(unit(5), 7)], "the split ward, no place, and a code of nobody");
    let then = restate(&reformed(), &facts, day("2022-12-31"));
    assert_eq!(counted(&then.placed), [(unit(4), 7), (unit(5), 15)], "under the units of then nothing moves");
}

/// The wards 8 and 9 lead the bodies 18 and 19, which come after the body 15 that district 5 led.
#[test]
fn a_body_s_facts_go_to_the_body_that_leads_from_where_their_place_went() {
    let led = |n: u128, by: u128, from: &str| {
        let step = SetParent { unit: unit(n), edge: Edge::LedBy, parent: Some(unit(by)), from: day(from) };
        StructureChange::SetParent(step)
    };
    let bodies = [ward(15, "2010-01-01"), ward(18, "2025-07-02"), ward(19, "2025-07-02")];
    let leads = [led(18, 8, "2025-07-02"), led(19, 9, "2025-07-02")];
    let passes = [end(15, "2025-07-02"), partly(15, 18, "2025-07-02"), partly(15, 19, "2025-07-02")];
    let steps = bodies.into_iter().chain(leads).chain(passes);
    let facts =
        [fact(5, 15, "2022-03-01", Some("W1")), fact(3, 15, "2022-03-01", Some("W2")), fact(2, 15, "2022-03-01", None)];
    let structure = reformed_and(steps);
    let restated = restate(&structure, &facts, day(NOW));
    assert_eq!(counted(&restated.placed), [(unit(18), 5), (unit(19), 3)]);
    assert_eq!(counted(&restated.unallocated), [(unit(15), 2)]);

    // Where one leader has two of the parts, nothing says in which of them it is.
    let two = [
        ward(15, "2010-01-01"),
        ward(18, "2025-07-02"),
        ward(19, "2025-07-02"),
        led(18, 8, "2025-07-02"),
        led(19, 8, "2025-07-02"),
    ];
    let passes = [end(15, "2025-07-02"), partly(15, 18, "2025-07-02"), partly(15, 19, "2025-07-02")];
    let restated = restate(&reformed_and(two.into_iter().chain(passes)), &facts, day(NOW));
    assert_eq!((counted(&restated.placed), counted(&restated.unallocated)), (vec![], vec![(unit(15), 10)]));
}

#[test]
fn what_a_correction_takes_back_is_taken_where_it_was_added() {
    let facts =
        [fact(5, 5, "2022-03-01", Some("W1")), fact(-5, 5, "2022-03-01", Some("W1")), fact(-2, 5, "2022-03-01", None)];
    let restated = restate(&reformed(), &facts, day(NOW));
    assert_eq!((counted(&restated.placed), counted(&restated.unallocated)), (vec![(unit(8), 0)], vec![(unit(5), -2)]));
}

/// Recorded before its end was, or of what only follows a decision of its time.
#[test]
fn what_is_credited_to_a_unit_after_its_end_is_where_all_of_it_is_or_where_its_place_went() {
    let later = "2025-09-01";
    let facts = [
        fact(7, 4, "2022-03-01", None),
        fact(-2, 4, later, None),
        fact(-1, 5, later, Some("W8")),
        fact(-3, 5, later, Some("W1")),
        fact(-4, 5, later, None),
    ];
    let restated = restate(&reformed(), &facts, day(NOW));
    assert_eq!(counted(&restated.placed), [(unit(8), -1), (unit(9), 5)]);
    assert_eq!(counted(&restated.unallocated), [(unit(5), -7)], "on its day the code W1 is nobody's");
}

#[test]
fn facts_of_a_unit_that_ended_without_a_successor_are_not_placed() {
    let structure = given().then(&change([ward(1, "2010-01-01"), end(1, REFORM)])).reference.structure;
    let restated = restate(&structure, &[fact(3, 1, "2022-03-01", None)], day(NOW));
    assert_eq!((counted(&restated.placed), counted(&restated.unallocated)), (vec![], vec![(unit(1), 3)]));
}

fn told(cells: &[RestatedCell]) -> Vec<(UnitId, i64)> {
    cells.iter().map(|cell| (cell.committee, cell.actual)).collect()
}

/// As a measure tells it.
fn measure(structure: &Structure, restated: &Restated, to: LocalDate) -> RestatedMeasure {
    let [cells, unallocated] = [&restated.placed, &restated.unallocated].map(|counts| {
        let mut by_unit = BTreeMap::new();
        counts.iter().for_each(|((unit, _), n)| *by_unit.entry(*unit).or_default() += n);
        cells_of(structure, &by_unit, to)
    });
    let total = cells.iter().chain(&unallocated).map(|cell| cell.actual).sum();
    let (name, name_en, measure) = (String::new(), String::new(), "party_org".parse().unwrap());
    RestatedMeasure { measure, name, name_en, total, with_plan_then: 0, cells, estimated: Vec::new(), unallocated }
}

#[test]
fn a_key_divides_the_rest_into_integers_whose_sum_is_the_rest() {
    let divided = |n: i64, weights: [u32; 3]| {
        let facts = [fact(n, 5, "2022-03-01", None), fact(1, 4, "2022-03-01", None)];
        let weights = [unit(7), unit(8), unit(9)].into_iter().zip(weights).collect();
        let (structure, to) = (reformed(), day(NOW));
        let measure = measure(&structure, &restate(&structure, &facts, to), to);
        let estimated = measure.estimated(&AllocationKey::from([(unit(5), weights)]), (&structure, to));
        assert_eq!(told(&estimated.cells), [(unit(9), 1)], "what is known is not estimated");
        let mut parts = told(&estimated.estimated);
        parts.sort_unstable();
        (parts.into_iter().map(|(_, n)| n).collect::<Vec<_>>(), told(&estimated.unallocated))
    };
    assert_eq!(divided(10, [1, 1, 1]), (vec![4, 3, 3], vec![]));
    assert_eq!(divided(7, [5, 3, 2]), (vec![4, 2, 1], vec![]), "3.5, 2.1, 1.4");
    assert_eq!(divided(-10, [1, 1, 1]), (vec![-4, -3, -3], vec![]));
    assert_eq!(divided(5, [0, 0, 0]), (vec![], vec![(unit(5), 5)]));
    assert_eq!(divided(5, [1, 0, 1]), (vec![3, 2], vec![]));
}

fn sum<'a>(counts: impl IntoIterator<Item = &'a Counts>, of: Countable) -> i64 {
    counts.into_iter().flatten().filter(|((_, countable), _)| *countable == of).map(|(_, n)| n).sum()
}

#[test]
fn totals_are_conserved_whatever_happened_to_the_units() {
    let days = prop::sample::select(&["2010-06-01", "2015-01-01", "2022-01-01", "2025-07-01"][..]);
    let fact = (1..=9_u128, days.clone(), -9..=9_i64, prop::option::of(1..=9_u8), any::<bool>()).prop_map(
        |(at, on, n, place, member)| {
            let place = place.map(|n| format!("W{n}"));
            Fact { countable: if member { people() } else { cells() }, ..fact(n, at, on, place.as_deref()) }
        },
    );
    let weights =
        prop::collection::btree_map(1..=9_u128, prop::collection::btree_map(1..=9_u128, 0..5_u32, 0..4), 0..9);
    check((histories(), prop::collection::vec(fact, 0..40), days, weights), |(history, facts, to, weights)| {
        let (structure, to): (_, LocalDate) = (structure_of(&history), day(to));
        let restated = restate(&structure, &facts, to);
        for (at, _) in restated.placed.keys() {
            prop_assert!(structure.exists_on(*at, to), "{at} is a unit of the day");
        }
        let of_unit = |(n, weights): (u128, _)| (unit(n), weights);
        let key = weights.into_iter().map(|(n, of)| (unit(n), BTreeMap::into_iter(of).map(of_unit).collect()));
        for of in [cells(), people()] {
            let all: i64 = facts.iter().filter(|fact| fact.countable == of).map(|fact| fact.n).sum();
            prop_assert_eq!(sum([&restated.placed, &restated.unallocated], of), all);
        }
        let measure = measure(&structure, &restated, to);
        let estimated = measure.clone().estimated(&key.collect(), (&structure, to));
        let parts = [&estimated.cells, &estimated.estimated, &estimated.unallocated];
        prop_assert_eq!(parts.into_iter().flatten().map(|cell| cell.actual).sum::<i64>(), measure.total);
        prop_assert_eq!(estimated.cells, measure.cells);
        Ok(())
    });
}
