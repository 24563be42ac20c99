//! Who goes along with a unit that passes wholly, under whom the new units stand, and codes that pass over on one day.

use super::{
    tests::{DATE, planned_in, recorded, ward},
    *,
};
use crate::{
    Edge,
    programme::samples::create,
    scenario::{Dice, Given, day, given, unit},
    structure::{
        AssignCode, CreateUnit, EndUnit, SetParent,
        lineage_tests::{change, end, wholly},
    },
};

/// Under the city's committee (50) and its youth union (60): wards 1 and 2, and 3 under another district (51); youth bodies 11 and 12 are led
/// by wards 1 and 2.
fn city() -> Given {
    let youth = |n: u128, led_by| {
        let name = format!("Đoàn phường {n}");
        StructureChange::CreateUnit(CreateUnit { led_by: Some(unit(led_by)), ..create(n, &name, Some(unit(60))) })
    };
    given().then(&change([
        StructureChange::CreateUnit(create(50, "Thành ủy", None)),
        StructureChange::CreateUnit(create(51, "Quận ủy Lê Chân", Some(unit(50)))),
        StructureChange::CreateUnit(create(60, "Thành đoàn", None)),
        ward(1, "Một", Some(50)),
        ward(2, "Hai", Some(50)),
        ward(3, "Ba", Some(51)),
        youth(11, 1),
        youth(12, 2),
    ]))
}

fn imported(given: &Given, text: &str) -> (Plan, Structure) {
    let plan = planned_in(given, text, &[]).unwrap();
    let after = given.clone().then(&recorded(&plan)).reference.structure;
    (plan, after)
}

fn new(code: &str) -> UnitId {
    unit_of_code(code, day(DATE))
}

#[test]
fn those_under_a_unit_that_passes_wholly_go_with_it_and_new_units_stand_where_the_old_ones_stood() {
    let text = "
        1001 | Phường Một | 1001 | Phường Mới | Nhập toàn bộ
        1002 | Phường Hai | 1001 | Phường Mới | Nhập toàn bộ
    ";
    let (plan, after) = imported(&city(), text);
    let on = day(DATE);
    assert_eq!([11, 12].map(|n| after.parent_on(unit(n), Edge::LedBy, on)), [Some(new("1001")); 2]);
    assert_eq!([11, 12].map(|n| after.parent_on(unit(n), Edge::Line, on)), [Some(unit(60)); 2], "its own line stays");
    assert_eq!(after.parent_on(new("1001"), Edge::Line, on), Some(unit(50)));
    assert_eq!(after.parent_on(new("1001"), Edge::LedBy, on), None, "nobody led the old ones");
    assert_eq!(after.find("1001", on), [new("1001")], "the code comes once its old unit has ended");
    assert_eq!(plan.orphans, []);
    let moves = plan.steps.iter().filter(|step| matches!(step.change, StructureChange::SetParent(_)));
    assert_eq!(moves.map(|step| step.line).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn a_district_and_its_wards_pass_in_one_list_whatever_row_comes_first() {
    let text = "
        1005 | Quận Năm  | 2005 | Phường Năm | Nhập toàn bộ
        1006 | Phường Sáu | 2006 | Phường Sáu mới | Nhập toàn bộ
        1007 | Phường Bảy | 2005 | Phường Năm | Nhập toàn bộ
    ";
    let district = StructureChange::CreateUnit(CreateUnit {
        code: Some("1005".into()),
        ..create(5, "Quận Năm", Some(unit(50)))
    });
    let given = city().then(&change([district, ward(6, "Sáu", Some(5)), ward(7, "Bảy", Some(5))]));
    let reversed: Vec<_> = text.lines().rev().collect();
    for text in [text.to_owned(), reversed.join("\n")] {
        let (plan, after) = imported(&given, &text);
        let above = |code: &str| after.parent_on(new(code), Edge::Line, day(DATE));
        assert_eq!((above("2006"), above("2005")), (Some(new("2005")), Some(unit(50))));
        assert_eq!(plan.orphans, []);
    }
}

#[test]
fn a_unit_that_is_divided_leaves_nobody_behind_until_they_are_placed() {
    let text = "
        1001 | Phường Một | 2001 | Phường Mới | Tách ra
        1001 | Phường Một | 2002 | Phường Khác | Tách ra
    ";
    let said = "2: “Phường Một” is divided, and the list does not say where “Đoàn phường 11” under it go: \
                give each its new superior from 2025-07-01 on by change-structure (set_parent), or end it, before this import";
    assert_eq!(planned_in(&city(), text, &[]).map(|plan| plan.steps), Err(vec![said.to_owned()]));
    let placed = SetParent { unit: unit(11), edge: Edge::LedBy, parent: Some(unit(2)), from: day(DATE) };
    imported(&city().then(&change([StructureChange::SetParent(placed)])), text);
    let ended = EndUnit { unit: unit(11), from: day(DATE) };
    imported(&city().then(&change([StructureChange::EndUnit(ended)])), text);
}

#[test]
fn a_new_unit_of_parts_with_different_superiors_is_told_and_may_be_given_one() {
    let text = "
        1002 | Phường Hai | 2001 | Phường Mới | Nhập toàn bộ
        1003 | Phường Ba  | 2001 | Phường Mới | Nhập toàn bộ
    ";
    let given = city();
    let (plan, after) = imported(&given, text);
    let told: Vec<_> = plan.orphans.iter().map(|orphan| format!("line {}: {orphan}", orphan.line)).collect();
    let said = "line 2: “Phường Mới” gets no superior in its own line: those that it is made of stood under “Thành ủy”, “Quận ủy Lê Chân”, \
                and no one unit is there in their place; name one with --line ID, or give it one afterwards by change-structure (set_parent)";
    assert_eq!(told, [said]);
    assert_eq!(after.parent_on(new("2001"), Edge::Line, day(DATE)), None);

    let (structure, none) = (&given.reference.structure, BTreeSet::new());
    let [line, led_by] = [51, 50].map(|n| Some(unit(n)));
    let named = Crosswalk { from: day(DATE), structure, line, led_by, set_aside: &none };
    let plan = named.plan(&tests::rows(text)).unwrap();
    let after = given.then(&recorded(&plan)).reference.structure;
    assert_eq!(
        Edge::ALL.iter().map(|edge| after.parent_on(new("2001"), *edge, day(DATE))).collect::<Vec<_>>(),
        [line, led_by]
    );
    assert_eq!(plan.orphans, []);
}

#[test]
fn the_superior_of_a_new_unit_is_who_has_wholly_what_the_old_superior_had() {
    let given = city().then(&change([
        StructureChange::EndUnit(EndUnit { unit: unit(3), from: day("2025-06-01") }),
        ward(4, "Bốn", Some(51)),
        StructureChange::CreateUnit(CreateUnit {
            code: Some("1051".into()),
            from: day(DATE),
            ..create(52, "Phường Lê Chân", Some(unit(50)))
        }),
    ]));
    let text = "1004 | Phường Bốn | 2004 | Phường Bốn mới | Nhập toàn bộ";
    let (_, stays) = imported(&given, text);
    assert_eq!(stays.parent_on(new("2004"), Edge::Line, day(DATE)), Some(unit(51)));
    // Ends are often recorded before anybody says who comes after whom.
    let passed = [end(4, DATE), end(51, DATE), wholly(51, 52, DATE)];
    let (_, after) = imported(&given.then(&change(passed)), text);
    assert_eq!(after.parent_on(new("2004"), Edge::Line, day(DATE)), Some(unit(52)));
}

#[test]
fn a_code_that_a_unit_keeps_is_named_with_its_row() {
    let held = "2: the new code 1003 is that of “Phường Ba” from 2025-07-01 on, which the list does not end: \
                end it or give it another code first, or correct the new code";
    let text = "1001 | Phường Một | 1003 | Phường Mới | Nhập toàn bộ";
    assert_eq!(planned_in(&city(), text, &[]).map(|plan| plan.steps), Err(vec![held.to_owned()]));
    let recoded = AssignCode { unit: unit(3), code: Some("3333".into()), from: day(DATE) };
    let (_, after) = imported(&city().then(&change([StructureChange::AssignCode(recoded)])), text);
    assert_eq!(after.find("1003", day(DATE)), [new("1003")]);
}

#[test]
fn two_units_that_stay_have_two_codes() {
    let text = "
        1001 | Phường Một | 2001 | Phường Mới | Đổi tên
        1002 | Phường Hai | 2001 | Phường Mới | Đổi tên
    ";
    let said = "3: by line 2 another unit stays under the new code 2001";
    assert_eq!(planned_in(&city(), text, &[]).map(|plan| plan.steps), Err(vec![said.to_owned()]));
}

#[test]
fn units_that_stay_pass_their_codes_on_and_round() {
    let on = day(DATE);
    let (_, after) = imported(
        &city(),
        "
        1001 | Phường Một | 1002 | Phường Một | Đổi tên
        1002 | Phường Hai | 1003 | Phường Hai | Đổi tên
        1003 | Phường Ba  | 9999 | Phường Ba  | Đổi tên
        ",
    );
    assert_eq!(["1002", "1003", "9999"].map(|code| after.find(code, on)), [1, 2, 3].map(|n| vec![unit(n)]));
    let (plan, after) = imported(
        &city(),
        "
        1001 | Phường Một | 1002 | Phường Một | Đổi tên
        1002 | Phường Hai | 1003 | Phường Hai | Đổi tên
        1003 | Phường Ba  | 1001 | Phường Ba  | Đổi tên
        ",
    );
    assert_eq!(["1002", "1003", "1001"].map(|code| after.find(code, on)), [1, 2, 3].map(|n| vec![unit(n)]));
    assert_eq!(plan.steps.len(), 4, "one gives its code up first");
}

const UNITS: [u128; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

/// Under a city (50) two districts (7 and 8), under each wards (1 to 6), each with a youth body (11 to 16) that some unit leads.
fn random_city(dice: &mut Dice) -> Given {
    let coded = |n: u128, under| ward(n, &n.to_string(), Some(under));
    let mut changes = vec![
        StructureChange::CreateUnit(create(50, "Thành ủy", None)),
        StructureChange::CreateUnit(create(60, "Thành đoàn", None)),
        coded(7, 50),
        coded(8, 50),
    ];
    changes.extend((1..=6).map(|n| coded(n, dice.pick(&[7, 8, 50]))));
    changes.extend((11..=16).map(|n| {
        let led_by = Some(unit(dice.pick(&UNITS)));
        StructureChange::CreateUnit(CreateUnit { led_by, ..create(n, &format!("Đoàn {n}"), Some(unit(60))) })
    }));
    given().then(&change(changes))
}

fn random_row(dice: &mut Dice) -> String {
    let kinds = ["Nhập toàn bộ", "Nhập toàn bộ", "Nhập một phần", "Tách ra", "Đổi tên", "Giữ nguyên"];
    let old = dice.pick(&UNITS);
    let (new, kind) = (if dice.below(2) == 0 { dice.pick(&UNITS) } else { 9 }, dice.pick(&kinds));
    let name = if kind == "Giữ nguyên" { old.to_string() } else { dice.pick(&["9", "mới", "khác"]).to_owned() };
    let new = if kind == "Giữ nguyên" { old } else { new };
    format!("100{old} | Phường {old} | 100{new} | Phường {name} | {kind}")
}

/// A list with which nothing is wrong is recorded a step a record, but for what only the lineage forbids; then nobody stands under a unit that
/// has ended, and the list says nothing new.
#[test]
fn a_sound_list_is_recorded_wherever_its_records_are_cut() {
    let mut dice = Dice::seeded(57);
    let (mut whole, mut moved, mut refused) = (0, 0, 0);
    for _ in 0..2_000 {
        let mut given = random_city(&mut dice);
        let list: Vec<_> = (0..=dice.below(5)).map(|_| random_row(&mut dice)).collect();
        let text = list.join("\n");
        let Ok(plan) = planned_in(&given, &text, &[]) else { continue };
        let mut all = true;
        for step in &plan.steps {
            let record = change([step.change.clone()]);
            if let Err(refusal) = given.when(&record).0 {
                let of_lineage = ["succession-circle", "unit-succeeds-itself", "unit-under-itself"];
                assert!(
                    of_lineage.contains(&refusal.slug()),
                    "{refusal:?} of {step:?} in {list:#?}\n{:#?}",
                    plan.steps
                );
                (all, refused) = (false, refused + 1);
                break;
            }
            given = given.then(&record);
            moved += usize::from(matches!(step.change, StructureChange::SetParent(_)));
        }
        if all {
            whole += 1;
            let after = &given.reference.structure;
            for unit in after.units().filter(|unit| unit.exists_on(day(DATE))) {
                let above = Edge::ALL.iter().filter_map(|edge| unit.parent_on(*edge, day(DATE)));
                assert!(above.into_iter().all(|above| after.exists_on(above, day(DATE))), "{list:#?}");
            }
            assert_eq!(planned_in(&given, &text, &[]).map(|plan| plan.steps), Ok(vec![]), "{list:#?}");
        }
    }
    println!("{whole} lists recorded with {moved} moves, {refused} refused by the lineage");
    assert!(whole > 200 && moved > 50, "{whole} {moved}");
}
