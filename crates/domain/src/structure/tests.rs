//! The structure as a story of changes, and the property that no accepted change bends it into a circle.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::{
    Refusal,
    programme::samples::{city, create},
    scenario::{Dice, Given, day, document, given, unit},
};

fn change(changes: impl IntoIterator<Item = StructureChange>) -> ChangeStructure {
    ChangeStructure { document: document("2025-06-16"), changes: changes.into_iter().collect() }
}

fn new(n: u128, name: &str) -> StructureChange {
    StructureChange::CreateUnit(create(n, name, None))
}

fn rename(n: u128, name: &str, from: &str) -> StructureChange {
    StructureChange::RenameUnit(RenameUnit { unit: unit(n), name: name.to_owned(), from: day(from) })
}

fn code(n: u128, code: Option<&str>, from: &str) -> StructureChange {
    StructureChange::AssignCode(AssignCode { unit: unit(n), code: code.map(str::to_owned), from: day(from) })
}

fn reclassify(n: u128, kind: UnitKind, from: &str) -> StructureChange {
    StructureChange::ReclassifyUnit(ReclassifyUnit { unit: unit(n), kind, from: day(from) })
}

fn join(n: u128, edge: Edge, parent: Option<u128>, from: &str) -> StructureChange {
    StructureChange::SetParent(SetParent { unit: unit(n), edge, parent: parent.map(unit), from: day(from) })
}

fn end(n: u128, from: &str) -> StructureChange {
    StructureChange::EndUnit(EndUnit { unit: unit(n), from: day(from) })
}

fn found(given: &Given, text: &str, on: &str) -> Vec<UnitId> {
    given.reference.structure.find(text, day(on))
}

#[test]
fn a_unit_keeps_its_id_through_names_codes_and_kinds() {
    let economic_zone = [
        new(7, "Đảng ủy Khu kinh tế Hải Phòng"),
        code(7, Some("KKT"), "2011-01-01"),
        reclassify(7, UnitKind::EconomicZone, "2022-01-01"),
        rename(7, "Đảng ủy Khu kinh tế", "2023-01-01"),
        code(7, None, "2024-01-01"),
    ];
    let structure = given().then(&change(economic_zone)).reference.structure;
    let on = |on: &str| {
        let on = day(on);
        (structure.name_on(unit(7), on), structure.code_on(unit(7), on), structure.kind_on(unit(7), on))
    };
    assert_eq!(on("2010-06-01"), (Some("Đảng ủy Khu kinh tế Hải Phòng"), None, Some(UnitKind::UrbanDistrict)));
    assert_eq!(on("2022-01-01"), (Some("Đảng ủy Khu kinh tế Hải Phòng"), Some("KKT"), Some(UnitKind::EconomicZone)));
    assert_eq!(on("2025-01-01"), (Some("Đảng ủy Khu kinh tế"), None, Some(UnitKind::EconomicZone)));
    assert_eq!(structure.name_on(unit(8), day("2022-01-01")), None);
}

#[test]
fn later_steps_see_the_earlier_ones() {
    let steps =
        [new(7, "Quận ủy mới"), rename(7, "Thành ủy mới", "2025-01-01"), join(1, Edge::LedBy, Some(7), "2025-01-01")];
    let structure = city().then(&change(steps)).reference.structure;
    assert_eq!(structure.parent_on(unit(1), Edge::LedBy, day("2025-01-01")), Some(unit(7)));
    let backwards = [rename(7, "Thành ủy mới", "2025-01-01"), new(7, "Quận ủy mới")];
    city().when(&change(backwards)).refuses_at("unit-unknown", "/changes/0/rename_unit/unit");
}

#[test]
fn a_step_that_cannot_be_refuses_the_whole_record_and_is_named() {
    let check = |step: StructureChange, slug: &str, field: &str| {
        city().when(&change([new(7, "Quận ủy mới"), step])).refuses_at(slug, &format!("/changes/1/{field}"));
    };
    check(new(2, "Quận ủy Lê Chân"), "unit-exists-already", "create_unit/unit");
    check(new(8, " "), "text-unfit", "create_unit/name");
    check(new(8, &"ủ".repeat(201)), "text-unfit", "create_unit/name");
    check(new(8, "Quận ủy\u{202e}"), "text-unfit", "create_unit/name");
    check(rename(2, "Quận ủy\nLê Chân", "2025-01-01"), "text-unfit", "rename_unit/name");
    check(rename(2, "Quận ủy", "2009-12-31"), "unit-not-yet", "rename_unit/from");
    check(rename(2, "Quận ủy", "2010-01-01"), "from-too-early", "rename_unit/from");
    check(code(2, Some("123456789012345678901"), "2025-01-01"), "text-unfit", "assign_code/code");
    check(code(99, None, "2025-01-01"), "unit-unknown", "assign_code/unit");
    check(reclassify(2, UnitKind::City, "2010-01-01"), "from-too-early", "reclassify_unit/from");
    check(join(2, Edge::Line, Some(99), "2025-01-01"), "unit-unknown", "set_parent/parent");
    check(join(2, Edge::Line, Some(1), "2009-01-01"), "unit-not-yet", "set_parent/from");
    check(end(99, "2025-01-01"), "unit-unknown", "end_unit/unit");
    check(end(7, "2010-01-01"), "from-too-early", "end_unit/from");
    given().when(&change([])).refuses_at("list-length-unfit", "/changes");
    given().when(&change(vec![end(1, "2025-01-01"); 501])).refuses_at("list-length-unfit", "/changes");
    given().then(&change([new(8, &"ủ".repeat(200))]));
}

#[test]
fn two_parents_of_one_kind_on_a_day_are_refused() {
    let again = join(2, Edge::Line, Some(3), "2010-01-01");
    city().when(&change([again])).refuses_at("from-too-early", "/changes/0/set_parent/from");
    let twice = [join(2, Edge::LedBy, Some(1), "2022-01-01"), join(2, Edge::LedBy, Some(3), "2022-01-01")];
    city().when(&change(twice)).refuses_at("from-too-early", "/changes/1/set_parent/from");
    city().then(&change([join(2, Edge::LedBy, Some(3), "2022-01-01")]));
}

#[test]
fn a_unit_never_stands_under_itself_not_even_later_or_along_both_kinds_of_edge() {
    let on_the_spot = join(1, Edge::Line, Some(21), "2022-01-01");
    city().when(&change([on_the_spot])).refuses_at("unit-under-itself", "/changes/0/set_parent/parent");
    city().when(&change([join(3, Edge::LedBy, Some(3), "2022-01-01")])).refuses("unit-under-itself");
    // 3 stands under 21 from 2024; whoever puts 2 under 3 from 2023 closes the circle only then.
    let later = [join(3, Edge::Line, Some(21), "2024-01-01"), join(2, Edge::Line, Some(3), "2023-01-01")];
    let Err(Refusal::UnitUnderItself { on, .. }) = city().when(&change(later)).0 else { panic!("accepted") };
    assert_eq!(on, day("2024-01-01"));
    city().when(&change([join(1, Edge::LedBy, Some(5), "2022-01-01")])).refuses("unit-under-itself");
}

#[test]
fn a_unit_ends_after_those_under_it_have_moved_or_ended() {
    let given = city();
    let has_ward = Refusal::UnitHasChildren {
        unit: unit(2),
        name: "Quận ủy Lê Chân".to_owned(),
        child: unit(5),
        child_name: "Quận đoàn Lê Chân".to_owned(),
        on: day("2025-07-01"),
        pointer: "/changes/0/end_unit/unit".to_owned(),
    };
    given.when(&change([end(2, "2025-07-01")])).refuses_with(&has_ward);
    let all = [end(5, "2025-07-01"), join(21, Edge::Line, Some(1), "2025-07-01"), end(2, "2025-07-01")];
    let structure = given.then(&change(all)).reference.structure;
    assert_eq!(structure.ended_on(unit(2)), Some(day("2025-07-01")));
    assert!(structure.exists_on(unit(2), day("2025-06-30")) && !structure.exists_on(unit(2), day("2025-07-01")));
    assert_eq!(structure.name_on(unit(2), day("2026-01-01")), Some("Quận ủy Lê Chân"));
    assert_eq!(structure.parent_on(unit(2), Edge::Line, day("2025-07-01")), None);
    assert_eq!(structure.parent_on(unit(21), Edge::Line, day("2025-06-30")), Some(unit(2)));
}

#[test]
fn nothing_happens_to_a_unit_that_has_ended_and_nobody_joins_it() {
    let given = city().then(&change([end(9, "2025-07-01")]));
    given.when(&change([end(9, "2025-08-01")])).refuses_at("unit-ended", "/changes/0/end_unit/unit");
    given.when(&change([rename(9, "Khác", "2025-07-01")])).refuses_at("unit-ended", "/changes/0/rename_unit/from");
    given
        .when(&change([join(2, Edge::LedBy, Some(9), "2025-01-01")]))
        .refuses_at("unit-ended", "/changes/0/set_parent/parent");
    given.then(&change([rename(9, "Khác", "2025-06-30")]));
}

#[test]
fn a_parent_is_there_before_its_child() {
    let late = StructureChange::CreateUnit(CreateUnit { from: day("2025-07-01"), ..create(8, "Xã mới", None) });
    let early = StructureChange::CreateUnit(create(10, "Chi bộ", Some(unit(8))));
    city().when(&change([late, early])).refuses_at("unit-not-yet", "/changes/1/create_unit/line");
}

#[test]
fn a_line_is_walked_upwards_and_what_stands_under_a_unit_includes_those_it_leads() {
    let structure = city().reference.structure;
    let on = day("2022-06-01");
    assert!(structure.is_at_or_under(unit(5), unit(2), on) && structure.is_at_or_under(unit(5), unit(1), on));
    assert!(structure.is_at_or_under_by(unit(21), unit(1), Edge::Line, on));
    assert!(!structure.is_at_or_under_by(unit(5), unit(2), Edge::Line, on));
    assert!(structure.is_at_or_under(unit(2), unit(2), on) && !structure.is_at_or_under(unit(1), unit(2), on));
    assert_eq!(structure.nearest_at_or_above(unit(21), on, |at| at == unit(1) || at == unit(2)), Some(unit(2)));
    assert_eq!(structure.nearest_at_or_above(unit(5), on, |at| at == unit(2)), None);
    assert_eq!(structure.under(unit(2), on), [unit(2), unit(5), unit(21)]);
    assert_eq!(structure.units().map(|u| u.id).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 9, 21].map(unit));
}

#[test]
fn a_name_is_stored_composed_and_found_under_either_spelling() {
    let decomposed: String = "  Quận ủy   Hải An".nfd().collect();
    let given = city().then(&change([new(7, &decomposed), new(8, "Huyện uỷ Thuỷ Nguyên"), new(10, "Cẩm Giang")]));
    assert_eq!(given.reference.structure.name_on(unit(7), day("2022-01-01")), Some("Quận ủy Hải An"));
    assert_eq!(found(&given, "QUẬN UỶ HẢI AN", "2022-01-01"), [unit(7)]);
    assert_eq!(found(&given, "Huyện ủy Thủy Nguyên", "2022-01-01"), [unit(8)]);
    assert_eq!(found(&given, "huyện ủy kiến thuỵ", "2022-01-01"), [unit(3)]);
    assert_eq!(found(&given, "Cẩm Giàng", "2022-01-01"), []);
}

#[test]
fn a_code_means_another_unit_on_another_day() {
    let steps = [
        StructureChange::CreateUnit(CreateUnit {
            code: Some("10525".to_owned()), ..create(7, "Phường Ái Quốc", None)
        }),
        end(7, "2025-07-01"),
        StructureChange::CreateUnit(CreateUnit {
            from: day("2025-07-01"),
            code: Some("10525".to_owned()),
            ..create(8, "Phường Nam Đồng", None)
        }),
    ];
    let given = given().then(&change(steps));
    assert_eq!(found(&given, "10525", "2025-06-30"), [unit(7)]);
    assert_eq!(found(&given, " 10525 ", "2025-07-01"), [unit(8)]);
    assert_eq!(found(&given, "Phường Ái Quốc", "2025-07-01"), []);
}

#[test]
fn a_clone_shares_everything_until_it_changes() {
    let before = city().reference.structure;
    let mut after = before.clone();
    assert!(Arc::ptr_eq(&before.units, &after.units));
    after.evolve(&Event {
        effective_on: day("2025-01-01"),
        body: EventBody::UnitRenamed { unit: unit(2), name: "Khác".to_owned() },
    });
    assert!(Arc::ptr_eq(&before.units[&unit(3)], &after.units[&unit(3)]));
    assert_eq!(before.name_on(unit(2), day("2025-01-01")), Some("Quận ủy Lê Chân"));
}

#[test]
fn a_fold_is_total_over_events_that_no_decision_would_give() {
    let mut structure = city().reference.structure;
    let before = structure.clone();
    let events = [
        EventBody::UnitRenamed { unit: unit(99), name: "Không có".to_owned() },
        EventBody::UnitEnded { unit: unit(99) },
        EventBody::UnitParentSet { unit: unit(99), edge: Edge::Line, parent: Some(unit(98)) },
        EventBody::QueryClosed,
    ];
    for body in events {
        structure.evolve(&Event { effective_on: day("2022-01-01"), body });
    }
    assert_eq!(structure, before);
    let circle = EventBody::UnitParentSet { unit: unit(1), edge: Edge::Line, parent: Some(unit(21)) };
    structure.evolve(&Event { effective_on: day("2022-01-01"), body: circle });
    assert!(!structure.is_at_or_under(unit(2), unit(9), day("2022-06-01")), "a walk ends even in a circle");
    assert_eq!(structure.nearest_at_or_above(unit(2), day("2022-06-01"), |_| false), None);
}

const DAYS: [&str; 5] = ["2010-01-01", "2015-01-01", "2020-01-01", "2022-07-01", "2025-07-01"];
const UNITS: [u128; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

fn random_step(dice: &mut Dice) -> StructureChange {
    let n = dice.pick(&UNITS);
    let parent = (dice.below(5) > 0).then(|| dice.pick(&UNITS));
    let from = dice.pick(&DAYS);
    match dice.below(10) {
        0 | 1 => StructureChange::CreateUnit(CreateUnit {
            line: parent.map(unit),
            led_by: (dice.below(3) == 0).then(|| unit(dice.pick(&UNITS))),
            from: day(from),
            ..create(n, "Đảng ủy", None)
        }),
        2 => end(n, from),
        3 => rename(n, "Đảng ủy khác", from),
        _ => join(n, dice.pick(Edge::ALL), parent, from),
    }
}

#[test]
fn no_series_of_accepted_changes_makes_a_circle_or_two_parents_of_one_kind_on_a_day() {
    let mut dice = Dice::seeded(28);
    let (mut accepted, mut refused) = (0_u32, 0_u32);
    for _ in 0..300 {
        let mut before = given().then(&change(UNITS[..6].iter().map(|n| new(*n, "Đảng ủy"))));
        let mut set = BTreeSet::new();
        for _ in 0..40 {
            let steps = change((0..=dice.below(2)).map(|_| random_step(&mut dice)));
            let Ok(events) = before.when(&steps).0 else {
                refused += 1;
                continue;
            };
            for event in &events {
                if let EventBody::UnitParentSet { unit, edge, .. } = event.body {
                    assert!(
                        set.insert((unit, edge, event.effective_on)),
                        "two parents of {unit} on one day: {event:?}"
                    );
                }
            }
            before = before.then(&steps);
            accepted += 1;
            assert_is_a_forest(&before.reference.structure);
        }
    }
    assert!(accepted > 1_000 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

#[track_caller]
fn assert_is_a_forest(structure: &Structure) {
    for on in DAYS.map(day) {
        for child in structure.units() {
            for parent in Edge::ALL.iter().filter_map(|edge| child.parent_on(*edge, on)) {
                assert!(structure.exists_on(parent, on), "{parent} is no parent of {} on {on}", child.id);
                assert!(!structure.is_at_or_under(parent, child.id, on), "{} stands under itself on {on}", child.id);
            }
        }
    }
}

#[test]
fn a_structure_folded_again_from_its_events_is_equal() {
    let mut dice = Dice::seeded(2_009);
    let mut before = given();
    let mut all = Vec::new();
    for _ in 0..400 {
        let step = change([random_step(&mut dice)]);
        if let Ok(events) = before.when(&step).0 {
            all.extend(events);
            before = before.then(&step);
        }
    }
    let mut again = Structure::default();
    all.iter().for_each(|event| again.evolve(event));
    assert_eq!(again, before.reference.structure);
}
