//! Who comes after whom, as stories: wards that merge, split and pass on parts.

use super::*;
use crate::{
    Extent, Passing, Substance, SuccessionKind,
    programme::samples::create,
    scenario::{Given, Outcome, day, document, given, unit},
};

pub(crate) const REFORM: &str = "2025-07-01";

pub(crate) fn change(changes: impl IntoIterator<Item = StructureChange>) -> ChangeStructure {
    ChangeStructure { document: document("2025-06-16"), changes: changes.into_iter().collect() }
}

/// A ward from a day on, with the code `W` and its number.
pub(crate) fn ward(n: u128, from: &str) -> StructureChange {
    let code = Some(format!("W{n}"));
    StructureChange::CreateUnit(CreateUnit { from: day(from), code, ..create(n, &format!("Phường {n}"), None) })
}

pub(crate) fn join_line(n: u128, parent: Option<u128>, from: &str) -> StructureChange {
    let (edge, parent) = (Edge::Line, parent.map(unit));
    StructureChange::SetParent(SetParent { unit: unit(n), edge, parent, from: day(from) })
}

pub(crate) fn end(n: u128, from: &str) -> StructureChange {
    StructureChange::EndUnit(EndUnit { unit: unit(n), from: day(from) })
}

pub(crate) fn pass(n: u128, to: u128, how: SuccessionKind, extent: Extent, from: &str) -> StructureChange {
    let (unit, successor) = (unit(n), unit(to));
    StructureChange::Succeed(Succeed { unit, successor, from: day(from), how, extent, of: Passing::new() })
}

pub(crate) fn wholly(n: u128, to: u128, from: &str) -> StructureChange {
    pass(n, to, SuccessionKind::MergedInto, Extent::Whole, from)
}

pub(crate) fn partly(n: u128, to: u128, from: &str) -> StructureChange {
    pass(n, to, SuccessionKind::MergedInto, Extent::Part, from)
}

fn of_area(n: u128, to: u128, of: &[(Substance, Extent)]) -> StructureChange {
    StructureChange::Succeed(Succeed {
        unit: unit(n),
        successor: unit(to),
        from: day(REFORM),
        how: SuccessionKind::PartlyTransferred,
        extent: Extent::Part,
        of: of.iter().copied().collect(),
    })
}

/// Wards 1 to 5 since 2010.
fn wards() -> Given {
    given().then(&change((1..=5).map(|n| ward(n, "2010-01-01"))))
}

fn became(given: &Given, n: u128, on: &str, until: &str) -> Vec<UnitId> {
    given.reference.structure.what_became_of(unit(n), day(on), day(until)).units.into_iter().collect()
}

fn made_of(given: &Given, n: u128, on: &str, since: &str) -> Vec<(UnitId, Extent)> {
    given.reference.structure.what_it_is_made_of(unit(n), day(on), day(since)).units.into_iter().collect()
}

#[test]
fn two_wards_merge_wholly_into_a_new_one() {
    let steps = [ward(9, REFORM), end(1, REFORM), end(2, REFORM), wholly(1, 9, REFORM), wholly(2, 9, REFORM)];
    let given = wards().then(&change(steps));
    assert_eq!(became(&given, 1, "2025-06-30", REFORM), [unit(9)]);
    assert_eq!(became(&given, 1, "2022-01-01", "2025-06-30"), [unit(1)], "before the day it is itself");
    assert_eq!(became(&given, 1, REFORM, REFORM), [], "on the day it is no longer there");
    assert_eq!(made_of(&given, 9, REFORM, "2022-01-01"), [(unit(1), Extent::Whole), (unit(2), Extent::Whole)]);
    assert_eq!(made_of(&given, 9, "2025-06-30", "2022-01-01"), []);
}

#[test]
fn what_an_earlier_round_merged_needs_two_hops() {
    let round = "2023-12-01";
    let first = [end(1, round), wholly(1, 2, round)];
    let second = [ward(9, REFORM), ward(10, REFORM), end(2, REFORM), partly(2, 9, REFORM), partly(2, 10, REFORM)];
    let given = wards().then(&change(first)).then(&change(second));
    let became = given.reference.structure.what_became_of(unit(1), day("2022-01-01"), day(REFORM));
    assert_eq!(became.units, [unit(9), unit(10)].into());
    let hops: Vec<_> = became.edges.iter().map(|edge| (edge.unit, edge.successor, edge.order)).collect();
    assert_eq!(hops, [(unit(1), unit(2), 1), (unit(2), unit(9), 2), (unit(2), unit(10), 3)]);
    assert_eq!(made_of(&given, 9, REFORM, "2022-01-01"), [(unit(1), Extent::Part), (unit(2), Extent::Part)]);
    assert_eq!(made_of(&given, 9, REFORM, "2024-01-01"), [(unit(2), Extent::Part)]);
}

#[test]
fn parts_that_come_together_again_are_the_whole() {
    let steps = [ward(9, "2023-01-01"), pass(1, 9, SuccessionKind::SplitFrom, Extent::Part, "2023-01-01")];
    let split = wards().then(&change(steps));
    assert_eq!(became(&split, 1, "2022-01-01", "2024-01-01"), [unit(1), unit(9)]);
    let merged = split.then(&change([end(9, REFORM), wholly(9, 1, REFORM)]));
    assert_eq!(became(&merged, 1, "2022-01-01", REFORM), [unit(1)], "what was split off came back");
    assert_eq!(became(&merged, 9, "2024-01-01", REFORM), [unit(1)]);
    assert_eq!(made_of(&merged, 1, REFORM, "2022-01-01"), [(unit(1), Extent::Whole)]);
}

#[test]
fn of_two_steps_on_one_day_the_first_happens_first() {
    // Resolution 1232: a part of a ward moves to a district, and then that is raised to a city, as another kind or as another unit.
    let moved = || partly(1, 2, REFORM);
    let raised =
        StructureChange::ReclassifyUnit(ReclassifyUnit { unit: unit(2), kind: UnitKind::City, from: day(REFORM) });
    let given = wards().then(&change([moved(), raised]));
    assert_eq!(became(&given, 1, "2025-01-01", REFORM), [unit(1), unit(2)]);
    let anew = || [ward(9, REFORM), end(2, REFORM), wholly(2, 9, REFORM)];
    let given = wards().then(&change(std::iter::once(moved()).chain(anew())));
    assert_eq!(became(&given, 1, "2025-01-01", REFORM), [unit(1), unit(9)]);
    assert_eq!(made_of(&given, 9, REFORM, "2025-01-01"), [(unit(1), Extent::Part), (unit(2), Extent::Whole)]);
    wards().when(&change(anew().into_iter().chain([moved()]))).refuses_at("unit-ended", "/changes/3/succeed/successor");
    // A part goes to a new ward, and a part of that goes on: what came first is carried on, what comes after is not.
    let new = || [ward(8, REFORM), ward(9, REFORM)];
    let on = wards().then(&change(new().into_iter().chain([partly(1, 8, REFORM), partly(8, 9, REFORM)])));
    assert_eq!(became(&on, 1, "2025-01-01", REFORM), [unit(1), unit(8), unit(9)]);
    let not = wards().then(&change(new().into_iter().chain([partly(8, 9, REFORM), partly(1, 8, REFORM)])));
    assert_eq!(became(&not, 1, "2025-01-01", REFORM), [unit(1), unit(8)]);
    assert_eq!(made_of(&not, 9, REFORM, "2025-01-01"), []);
}

#[test]
fn a_unit_that_ends_and_passes_on_one_part_keeps_the_rest() {
    let steps = [end(1, REFORM), partly(1, 2, REFORM), end(3, REFORM)];
    let given = wards().then(&change(steps));
    assert_eq!(became(&given, 1, "2025-01-01", REFORM), [unit(1), unit(2)]);
    assert_eq!(became(&given, 3, "2025-01-01", REFORM), [unit(3)], "it ended without a successor");
    assert_eq!(made_of(&given, 3, REFORM, "2025-01-01"), []);
}

#[track_caller]
fn refused(given: &Given, steps: Vec<StructureChange>, slug: &str, field: &str) {
    let last = steps.len() - 1;
    given.when(&change(steps)).refuses_at(slug, &format!("/changes/{last}/succeed{field}"));
}

#[test]
fn a_succession_that_cannot_be_is_refused_and_its_field_named() {
    let given = wards();
    refused(&given, vec![wholly(1, 1, REFORM)], "unit-succeeds-itself", "/successor");
    refused(&given, vec![partly(99, 1, REFORM)], "unit-unknown", "/unit");
    refused(&given, vec![partly(1, 99, REFORM)], "unit-unknown", "/successor");
    refused(&given, vec![partly(1, 2, "2009-12-31")], "unit-not-yet", "/from");
    refused(&given, vec![ward(9, REFORM), partly(1, 9, "2025-06-30")], "unit-not-yet", "/successor");
    refused(&given, vec![end(2, REFORM), partly(1, 2, REFORM)], "unit-ended", "/successor");
    refused(&given, vec![end(1, "2025-06-30"), partly(1, 2, REFORM)], "unit-ended", "/from");
    refused(&given, vec![wholly(1, 2, REFORM)], "unit-goes-on", "/extent");
    refused(&given, vec![end(1, REFORM), wholly(1, 2, "2025-06-30")], "unit-goes-on", "/extent");
}

#[test]
fn how_how_much_and_of_what_go_together() {
    let given = wards();
    let ended = |step| vec![end(1, REFORM), step];
    let unfit = |step, field| refused(&given, ended(step), "succession-unfit", field);
    unfit(pass(1, 2, SuccessionKind::Continues, Extent::Part, REFORM), "/extent");
    unfit(pass(1, 2, SuccessionKind::SplitFrom, Extent::Whole, REFORM), "/extent");
    unfit(pass(1, 2, SuccessionKind::PartlyTransferred, Extent::Part, REFORM), "/of");
    let both = [(Substance::Area, Extent::Part), (Substance::Population, Extent::Whole)];
    given.clone().then(&change([of_area(1, 2, &both)]));
    given.then(&change(ended(pass(1, 2, SuccessionKind::Continues, Extent::Whole, REFORM))));
}

#[test]
fn a_doubled_edge_is_refused() {
    let given = wards();
    refused(&given, vec![partly(1, 2, REFORM), partly(1, 2, REFORM)], "succession-doubled", "/successor");
    let known = given.then(&change([partly(1, 2, "2023-01-01")]));
    refused(
        &known,
        vec![of_area(1, 3, &[(Substance::Area, Extent::Part)]), partly(1, 2, "2023-01-01")],
        "succession-doubled",
        "/successor",
    );
    known.then(&change([partly(1, 2, REFORM)]));
}

#[test]
fn all_of_the_people_pass_to_one_unit_only_and_all_of_everything_is_no_part() {
    use Extent::{Part, Whole};
    use Substance::{Area, Members, Population};
    let given = wards();
    let both = |one: &[(Substance, Extent)], other: &[(Substance, Extent)]| [of_area(1, 2, one), of_area(1, 3, other)];
    for (one, other) in [(Whole, Whole), (Whole, Part), (Part, Whole)] {
        let steps = both(&[(Area, Part), (Population, one)], &[(Area, Part), (Population, other)]);
        refused(&given, steps.into(), "succession-overlaps", "/of/population");
    }
    for steps in [
        both(&[(Area, Part), (Population, Part)], &[(Area, Part), (Population, Part)]),
        both(&[(Area, Part), (Population, Whole)], &[(Area, Part)]),
        both(&[(Population, Whole)], &[(Members, Whole)]),
    ] {
        given.clone().then(&change(steps));
    }
    let all = [of_area(1, 2, &[(Area, Whole), (Population, Whole), (Members, Whole)])];
    refused(&given, all.into(), "succession-unfit", "/of");
    given.then(&change([of_area(1, 2, &[(Area, Whole), (Population, Whole)])]));
}

#[test]
fn what_passes_wholly_passes_to_one_unit_only() {
    let given = wards();
    let ended = |steps: [StructureChange; 2]| std::iter::once(end(1, REFORM)).chain(steps).collect::<Vec<_>>();
    refused(&given, ended([wholly(1, 2, REFORM), wholly(1, 3, REFORM)]), "succession-overlaps", "/extent");
    refused(&given, ended([wholly(1, 2, REFORM), partly(1, 3, REFORM)]), "succession-overlaps", "/extent");
    refused(&given, ended([partly(1, 2, REFORM), wholly(1, 3, REFORM)]), "succession-overlaps", "/extent");
    // What went away before is another day.
    given.then(&change([partly(1, 3, "2023-01-01"), end(1, REFORM), wholly(1, 2, REFORM)]));
}

#[test]
fn what_passes_on_a_day_does_not_come_back_on_it() {
    let given = wards();
    refused(&given, vec![partly(1, 2, REFORM), partly(2, 1, REFORM)], "succession-circle", "/successor");
    let around = vec![partly(1, 2, REFORM), partly(2, 3, REFORM), partly(3, 1, REFORM)];
    refused(&given, around, "succession-circle", "/successor");
    let later = given.then(&change([partly(1, 2, "2023-01-01"), partly(2, 1, REFORM)]));
    assert_eq!(became(&later, 1, "2022-01-01", REFORM), [unit(1), unit(2)]);
}

#[test]
fn a_unit_does_not_end_before_what_it_passed_on_or_took_over() {
    let given = wards().then(&change([partly(1, 2, REFORM)]));
    given.when(&change([end(1, "2025-06-30")])).refuses_at("from-too-early", "/changes/0/end_unit/from");
    given.when(&change([end(2, "2025-06-30")])).refuses_at("from-too-early", "/changes/0/end_unit/from");
    let accepted: fn(Outcome) = |outcome| assert!(outcome.0.is_ok());
    accepted(given.when(&change([end(1, REFORM)])));
    accepted(given.when(&change([end(2, REFORM)])));
}

fn weigh(n: u128, to: u128, key: &str, weight: u32) -> StructureChange {
    let key = key.parse().unwrap();
    StructureChange::WeighSuccessor(WeighSuccessor { unit: unit(n), successor: unit(to), key, weight })
}

/// Ward 1 becomes the wards 2 and 3 in part; later 2 becomes 4 wholly.
fn split() -> Vec<StructureChange> {
    let wards = [1, 2, 3].map(|n| ward(n, "2010-01-01")).into_iter().chain([ward(4, "2026-01-01")]);
    let parts = [end(1, REFORM), partly(1, 2, REFORM), partly(1, 3, REFORM)];
    wards.chain(parts).chain([end(2, "2026-01-01"), wholly(2, 4, "2026-01-01")]).collect()
}

#[test]
fn weights_are_carried_to_the_units_of_the_day_and_the_last_one_stands() {
    let weights = [weigh(1, 2, "population", 10), weigh(1, 3, "population", 5), weigh(1, 2, "population", 20)];
    let structure = given().then(&change(split().into_iter().chain(weights))).reference.structure;
    let key = |day_of: &str| structure.allocation_key(&"population".parse().unwrap(), day(day_of));
    assert_eq!(key("2025-12-31")[&unit(1)], [(unit(2), 20), (unit(3), 5)].into());
    assert_eq!(key("2026-01-01")[&unit(1)], [(unit(3), 5), (unit(4), 20)].into());
    assert!(key("2025-06-30").is_empty(), "before it was split nothing is divided");
    assert!(structure.allocation_key(&"enterprises".parse().unwrap(), day("2026-01-01")).is_empty());
}

#[test]
fn a_unit_of_whose_successors_one_is_not_weighed_is_not_divided() {
    let structure =
        given().then(&change(split().into_iter().chain([weigh(1, 2, "population", 10)]))).reference.structure;
    assert!(structure.allocation_key(&"population".parse().unwrap(), day("2025-12-31")).is_empty());
}

#[test]
fn a_unit_that_kept_a_part_or_passed_on_parts_on_two_days_is_not_divided() {
    let population = "population".parse().unwrap();
    let wards = || [1, 2, 3].map(|n| ward(n, "2010-01-01"));
    let keeps = [partly(1, 2, REFORM), weigh(1, 2, "population", 10)];
    let structure = given().then(&change(wards().into_iter().chain(keeps))).reference.structure;
    assert!(structure.allocation_key(&population, day("2025-12-31")).is_empty(), "ward 1 is still there");

    let two_days = [partly(1, 2, "2025-01-01"), end(1, REFORM), partly(1, 2, REFORM), partly(1, 3, REFORM)];
    let weights = [weigh(1, 2, "population", 10), weigh(1, 3, "population", 5)];
    let structure = given().then(&change(wards().into_iter().chain(two_days).chain(weights))).reference.structure;
    assert!(
        structure.allocation_key(&population, day("2025-12-31")).is_empty(),
        "ward 3 never had what went in January"
    );
}

#[test]
fn only_a_recorded_successor_is_weighed() {
    let steps = split().into_iter().chain([weigh(3, 2, "population", 10)]);
    given().when(&change(steps)).refuses_at("succession-missing", "/changes/9/weigh_successor/successor");
}
