//! Rows in, steps or bad rows out; and what the steps come to in a real structure.

use super::*;
use crate::{
    Extent, UnitKind,
    programme::samples::create,
    scenario::{Dice, Given, day, given, unit},
    structure::{ChangeStructure, CreateUnit, lineage_tests::change},
};

pub(super) const DATE: &str = "2025-07-01";

/// Six wards with codes since 2010.
pub(super) fn ledger() -> Given {
    let names = ["An Biên", "Dư Hàng", "Thuỷ Triều", "Lam Sơn", "Kênh Dương", "Trần Hưng Đạo"];
    given().then(&change((1..).zip(names).map(|(n, name)| ward(n, name, None))))
}

/// A ward with the code `100` and its number.
pub(super) fn ward(n: u128, name: &str, line: Option<u128>) -> StructureChange {
    StructureChange::CreateUnit(CreateUnit {
        kind: UnitKind::Ward,
        code: Some(format!("100{n}")),
        ..create(n, &format!("Phường {name}"), line.map(unit))
    })
}

/// `old code | old name | new code | new name | kind`, one a line, from line 2 on.
pub(super) fn rows(text: &str) -> Vec<Row> {
    let row = |(line, text): (u64, &str)| {
        let mut cells = text.split('|').map(|cell| cell.trim().to_owned());
        let mut next = || cells.next().unwrap_or_default();
        Row {
            line,
            old_code: next(),
            old_name: next(),
            new_code: next(),
            new_name: next(),
            kind: next(),
            ..Row::default()
        }
    };
    (2..).zip(text.lines().map(str::trim).filter(|line| !line.is_empty())).map(row).collect()
}

pub(super) fn planned_in(given: &Given, text: &str, aside: &[u64]) -> Result<Plan, Vec<String>> {
    let (structure, set_aside) = (&given.reference.structure, aside.iter().copied().collect());
    let crosswalk = Crosswalk { from: day(DATE), structure, line: None, led_by: None, set_aside: &set_aside };
    let said = |bad: Vec<BadRow>| bad.iter().map(|bad| format!("{}: {}", bad.line, bad.fault)).collect();
    crosswalk.plan(&rows(text)).map_err(said)
}

pub(super) fn planned(text: &str, aside: &[u64]) -> Result<Plan, Vec<String>> {
    planned_in(&ledger(), text, aside)
}

/// The plan as one record.
pub(super) fn recorded(plan: &Plan) -> ChangeStructure {
    change(plan.steps.iter().map(|step| step.change.clone()))
}

#[track_caller]
fn refused<const N: usize>(text: &str, expected: [&str; N]) {
    assert_eq!(planned(text, &[]).map(|plan| plan.steps.len()), Err(expected.map(str::to_owned).to_vec()));
}

const GOOD: &str = "
    1001 | Phường An Biên       | 1001 | Phường Lê Chân  | Nhập toàn bộ
    1002 | Phường Dư Hàng       | 1001 | Phường Lê Chân  | Nhập một phần
    1002 | Phường Dư Hàng       | 1006 | Phường Mới      | một phần diện tích , toàn bộ dân số
    1003 | Phường Thủy Triều    | 1006 | Phường Mới      | merged wholly
    1004 | Lam Sơn              | 1004 | Phường Lam Sơn  | Giữ nguyên
    1004 | Lam Sơn              | 1006 | Phường Mới      | Nhập một phần diện tích
    1005 | phường kênh dương    | 1007 | Phường Vĩnh Niệm | Đổi tên
    1006 | Phường Trần Hưng Đạo | 1007 | Phường Vĩnh Niệm | Nhập toàn bộ
";

#[test]
fn a_list_becomes_new_units_names_ends_and_successions_that_the_ledger_takes() {
    let plan = planned(GOOD, &[]).unwrap();
    let count = |of: fn(&StructureChange) -> bool| plan.steps.iter().filter(|step| of(&step.change)).count();
    assert_eq!(count(|step| matches!(step, StructureChange::CreateUnit(_))), 2);
    assert_eq!(count(|step| matches!(step, StructureChange::RenameUnit(_) | StructureChange::AssignCode(_))), 2);
    assert_eq!(count(|step| matches!(step, StructureChange::EndUnit(_))), 4);
    assert_eq!(count(|step| matches!(step, StructureChange::Succeed(_))), 6);
    let structure = ledger().then(&recorded(&plan)).reference.structure;
    let (le_chan, moi) = (unit_of_code("1001", day(DATE)), unit_of_code("1006", day(DATE)));
    let on = day(DATE);
    assert_eq!(structure.find("1001", on.yesterday()), [unit(1)]);
    assert_eq!(structure.find("1001", on), [le_chan]);
    assert_eq!(structure.find("1007", on), [unit(5)], "renamed, and the same unit");
    let made_of = |unit| structure.what_it_is_made_of(unit, on, on.yesterday()).units.into_iter().collect::<Vec<_>>();
    assert_eq!(made_of(le_chan), [(unit(1), Extent::Whole), (unit(2), Extent::Part)]);
    assert_eq!(made_of(moi), [(unit(2), Extent::Part), (unit(3), Extent::Whole), (unit(4), Extent::Part)]);
    assert_eq!(made_of(unit(5)), [(unit(5), Extent::Whole), (unit(6), Extent::Whole)]);
    assert!(structure.exists_on(unit(4), on) && !structure.exists_on(unit(2), on));
}

#[test]
fn the_same_list_gives_the_same_steps() {
    assert_eq!(planned(GOOD, &[]), planned(GOOD, &[]));
}

#[test]
fn every_bad_row_is_named_by_its_line() {
    refused(
        "
        1001 | Phường An Biên | 2001 | Phường Mới | Nhâp một phần
        9999 | Phường Lạ      | 2001 | Phường Mới | Nhập toàn bộ
             | Phường An Biên | 2001 | Phường Mới | Nhập toàn bộ
        1002 | Phường Dư Hàng |      | Phường Mới | Nhập toàn bộ
        1003 | Phường Lam Sơn | 2001 | Phường Mới | Nhập toàn bộ
        1004 | Phường Lam Sơn | 2001 | Phường Mới | Nhập toàn bộ
        1004 | Phường Lam Sơn | 2001 | Phường Mới | Nhập toàn bộ
        1004 | Phường Lam Sơn | 2002 | Phường Hai | Nhập một phần
        1005 | Kênh Dương     | 2002 | Phường Ba  | Nhập một phần
        ",
        [
            "2: “Nhâp một phần” is no known kind of change; the nearest is “Nhập một phần”",
            "3: no unit has the code 9999 on 2025-06-30",
            "4: there is no old code",
            "5: there is no new code",
            "6: the code 1003 is that of “Phường Thuỷ Triều” on 2025-06-30",
            "8: it says the same as line 7",
            "9: one of this line and line 7 takes the whole unit",
            "10: the new code 2002 is that of “Phường Hai” in line 9",
        ],
    );
}

#[test]
fn text_in_an_older_encoding_is_told_by_its_column() {
    refused(
        "
        1001 | Phường An Biên    | 2001 | Ph\u{ad}êng Míi | Nhập toàn bộ
        1002 | Ph\u{ad}êng D\u{ad} Hµng | 2002 | Phường Hai | Nhập toàn bộ
        1003 | Phường Thuỷ Triều | 2003 | PhÆ°á»\u{9d}ng Ba | Nhập toàn bộ
        1004 | Lam Sơn           | 2004 | Phường Bốn | Nhaäp toaøn boä
        ",
        [
            "2: the new name looks like TCVN3 (ABC, fonts .Vn…), not like Unicode; convert it and save the file as UTF-8",
            "3: the old name looks like TCVN3 (ABC, fonts .Vn…), not like Unicode; convert it and save the file as UTF-8",
            "4: the new name looks like UTF-8 read as Windows-1252, not like Unicode; convert it and save the file as UTF-8",
            "5: the kind of change looks like VNI (fonts VNI-…), not like Unicode; convert it and save the file as UTF-8",
        ],
    );
}

#[test]
fn a_row_of_too_many_or_too_few_fields_is_told_what_to_do_and_can_be_set_aside() {
    let (given, mut list) = (ledger(), rows("1001 | An Biên | 2001 | Phường Mới | Nhập toàn bộ\n1002|a\n1003|b"));
    for (row, fields) in list[1..].iter_mut().zip([6, 4]) {
        row.misfit = Some(Misfit { fields, columns: 5 });
    }
    let planned = |aside: &[u64]| {
        let (structure, set_aside) = (&given.reference.structure, aside.iter().copied().collect());
        let crosswalk = Crosswalk { from: day(DATE), structure, line: None, led_by: None, set_aside: &set_aside };
        crosswalk.plan(&list).map(|plan| plan.steps.len())
    };
    let told: Vec<_> = planned(&[]).unwrap_err().iter().map(|bad| format!("{}: {}", bad.line, bad.fault)).collect();
    assert_eq!(
        told,
        [
            "3: it has 6 fields where the header has 5: put a value with the separator in it between double quotes",
            "4: it has 4 fields where the header has 5: leave a field empty, not out",
        ]
    );
    assert_eq!(planned(&[3, 4]), Ok(3));
}

#[test]
fn a_unit_that_stays_as_it_is_has_no_other_code_or_name() {
    let what = "“Đổi tên” (renamed) is for the same unit under another name or code, “Nhập toàn bộ” for one that passes to another";
    let told = [
        "2: it is said to stay unchanged, and has another code, “2001”",
        "3: it is said to stay unchanged, and has another name, “Phường Dư Hàng Mới”",
        "4: it is said to stay unchanged, and has another code, “2003” and another name, “Phường Ba”",
    ];
    let told: Vec<_> = told.iter().map(|told| format!("{told}: {what}")).collect();
    let said = planned(
        "
        1001 | An Biên        | 2001 | Phường An Biên     | Giữ nguyên
        1002 | Dư Hàng        | 1002 | Phường Dư Hàng Mới | unchanged
        1003 | Thuỷ Triều     | 2003 | Phường Ba          | Giữ nguyên
        1004 | Phường Lam Sơn | 1004 | Lam Sơn            | Giữ nguyên
        1003 | Thuỷ Triều     | 1003 | phường thủy  triều | Giữ nguyên
        ",
        &[],
    );
    assert_eq!(said.map(|plan| plan.steps.len()), Err(told));
    assert_eq!(planned("1004 | Phường Lam Sơn | 1004 | Lam Sơn | Giữ nguyên", &[]).unwrap().steps, []);
    assert_eq!(planned("1001 | An Biên | 2001 | Phường An Biên | Đổi tên", &[]).unwrap().steps.len(), 1, "a code");
}

#[test]
fn a_unit_that_stays_does_not_pass_wholly() {
    refused(
        "
        1001 | An Biên | 1001 | Phường An Biên | Giữ nguyên
        1001 | An Biên | 2001 | Phường Mới     | Nhập toàn bộ
        ",
        ["3: by line 2 the unit stays, so it cannot pass wholly, or stay twice"],
    );
}

#[test]
fn a_column_of_its_own_says_the_same_as_the_kind_of_change() {
    let (given, set_aside) = (ledger(), BTreeSet::new());
    let structure = &given.reference.structure;
    let crosswalk = Crosswalk { from: day(DATE), structure, line: None, led_by: None, set_aside: &set_aside };
    let how = |kind: &str, extent: &str| {
        let mut rows = rows(&format!("1001 | An Biên | 2001 | Phường Mới | {kind}"));
        rows[0].extent = Some(extent.to_owned());
        let steps = crosswalk.plan(&rows).ok()?.steps;
        steps
            .iter()
            .find_map(|step| if let StructureChange::Succeed(step) = &step.change { Some(step.extent) } else { None })
    };
    let whole = Some(Extent::Whole);
    assert_eq!(["toàn bộ", "Toàn bộ.", "Whole", " "].map(|extent| how("Nhập toàn bộ", extent)), [whole; 4]);
    assert_eq!(["một phần", "ít"].map(|extent| how("Nhập toàn bộ", extent)), [None; 2]);
    assert_eq!(["toàn bộ", "", "một phần"].map(|extent| how("Sáp nhập", extent)), [whole, whole, Some(Extent::Part)]);
}

#[test]
fn rows_are_set_aside_by_their_line_and_all_rows_of_an_old_unit_together() {
    let text = "
        1001 | An Biên | 2001 | Phường Mới | Nhập toàn bộ
        1002 | Dư Hàng | 2001 | Phường Mới | Nhập một phần
        1002 | Dư Hàng | 2002 | Phường Hai | Nhập một phan
    ";
    let said = "3: line 4 of the same old unit is set aside; set this one aside as well";
    assert_eq!(planned(text, &[4]).map(|_| ()), Err(vec![said.to_owned()]));
    assert_eq!(planned(text, &[3, 4]).unwrap().steps.len(), 3);
    assert_eq!(missing_lines(&rows(text), &[3, 77].into()), [77]);
}

#[test]
fn decomposed_characters_are_composed_and_named() {
    let text = "1001 | Phươ\u{300}ng An Biên | 2001 | Phường Mơ\u{301}i | Nhập toàn bộ";
    let plan = planned(text, &[]).unwrap();
    let notes: Vec<_> = plan.notes.iter().map(|note| (note.line, note.column, note.taken.as_str())).collect();
    assert_eq!(notes, [(2, "old name", "Phường An Biên"), (2, "new name", "Phường Mới")]);
    let StructureChange::CreateUnit(created) = &plan.steps[1].change else { panic!("{plan:?}") };
    assert_eq!((created.name.as_str(), created.kind), ("Phường Mới", UnitKind::Ward));
    assert_eq!(planned("1001 |  Phường  An Biên | 2001 | Phường Mới | Nhập toàn bộ", &[]).unwrap().notes, []);
}

#[test]
fn what_merges_into_a_unit_that_goes_on_makes_no_new_one() {
    let plan = planned("1001 | An Biên | 1002 | Phường Dư Hàng | Nhập toàn bộ", &[]).unwrap();
    assert_eq!(plan.steps.len(), 2, "an end and a succession");
    let one_part = planned("1001 | An Biên | 2001 | Phường Mới | Nhập một phần", &[]).unwrap();
    assert!(one_part.steps.iter().all(|step| !matches!(step.change, StructureChange::EndUnit(_))), "the rest goes on");
}

#[test]
fn all_of_the_people_go_one_way() {
    refused(
        "1002 | Dư Hàng | 2001 | Phường Mới | một phần diện tích, toàn bộ dân số
         1002 | Dư Hàng | 2002 | Phường Hai | Nhập một phần diện tích
         1002 | Dư Hàng | 2003 | Phường Ba  | part of the area, all of the population",
        ["4: one of this line and line 2 takes all of the population, which the other takes as well"],
    );
}

#[test]
fn every_known_word_is_read_and_the_nearest_is_told_of_others_if_any_is_near() {
    for word in KINDS {
        assert!(ChangeKind::read(word).is_ok() && ChangeKind::read(&format!(" {word}. ")).is_ok(), "{word}");
    }
    assert_eq!(ChangeKind::read("NHẬP  TOÀN BỘ"), ChangeKind::read("merged wholly"));
    for (said, known) in
        [("sáp nhập", "Nhập toàn bộ"), ("HỢP NHẤT", "merged"), ("chia", "Tách ra"), ("Tách.", "split off")]
    {
        assert_eq!(ChangeKind::read(said), ChangeKind::read(known), "{said}");
    }
    let near = "một phần diện tích, toàn bộ dân số";
    assert_eq!(ChangeKind::read("mot phan dien tich, toan bo dan so"), Err(Some(near)));
    assert_eq!(ChangeKind::read("rename"), Err(Some("renamed")));
    assert_eq!(["Giải thể", "x", "", "chuyển đi nơi khác"].map(ChangeKind::read), [const { Err(None) }; 4]);
}

#[test]
fn a_later_list_of_the_same_day_takes_the_units_that_the_first_one_made() {
    let given = ledger().then(&recorded(&planned("1001 | An Biên | 2001 | Phường Mới | Nhập toàn bộ", &[]).unwrap()));
    let later = |name: &str| planned_in(&given, &format!("1002 | Dư Hàng | 2001 | {name} | Nhập toàn bộ"), &[]);
    assert_eq!(later("Phường Mới").unwrap().steps.len(), 2, "an end and a succession");
    let said = "2: the new code 2001 is that of “Phường Mới” by an earlier list of the same day";
    assert_eq!(later("Phường Khác"), Err(vec![said.to_owned()]));
}

#[test]
fn what_is_recorded_is_not_asked_for_again_wherever_it_was_cut() {
    let whole = planned(GOOD, &[]).unwrap();
    assert!(whole.recorded.is_empty(), "{:?}", whole.recorded);
    for cut in 0..=whole.steps.len() {
        let begun = change(whole.steps[..cut].iter().map(|step| step.change.clone()));
        let given = if cut == 0 { ledger() } else { ledger().then(&begun) };
        let rest = planned_in(&given, GOOD, &[]).unwrap();
        assert_eq!(rest.steps, whole.steps[cut..], "after {cut} steps");
        if cut == whole.steps.len() {
            assert_eq!(rest.recorded, [2, 3, 4, 5, 7, 8, 9].into(), "all but the row that asks for nothing");
        }
    }
}

#[test]
fn an_exact_double_and_a_misspelt_row_beside_the_right_one_are_set_aside_alone() {
    let text = "
        1001 | An Biên | 2001 | Phường Mới | Nhâp toàn bộ
        1001 | An Biên | 2001 | Phường Mới | Nhập toàn bộ
        1001 | An Biên | 2001 | Phường Mới | Nhập toàn bộ
        1002 | Dư Hàng | 2001 | Phường Mới | Nhập một phần
        1002 | Dư Hàng | 2001 | Phường Mới | Tách ra
    ";
    let said = planned(text, &[2]).unwrap_err();
    assert_eq!(said, ["4: it says the same as line 3", "6: line 5 says otherwise of the same two units"]);
    assert_eq!(planned(text, &[2, 4, 6]).unwrap().steps.len(), 4);
}

/// What the command says to set aside is enough, whatever is wrong.
#[test]
fn the_lines_that_are_told_to_be_set_aside_leave_a_list_that_is_imported() {
    let mut dice = Dice::seeded(204);
    let (mut helped, mut empty) = (0, 0);
    let kinds = ["Nhập toàn bộ", "Nhập một phần", "Tách ra", "Đổi tên", "Giữ nguyên", "Nhâp", ""];
    for _ in 0..400 {
        let list: Vec<_> = (0..=dice.below(8))
            .map(|_| {
                let (old, new) = (1 + dice.below(7), dice.below(8));
                format!(
                    "100{old} | {} | 100{new} | Phường {new} | {}",
                    dice.pick(&["An Biên", "Dư Hàng", "Lam Sơn"]),
                    dice.pick(&kinds)
                )
            })
            .collect();
        let (rows, given, none) = (rows(&list.join("\n")), ledger(), BTreeSet::new());
        let structure = &given.reference.structure;
        let crosswalk = Crosswalk { from: day(DATE), structure, line: None, led_by: None, set_aside: &none };
        let Err(bad) = crosswalk.plan(&rows) else { continue };
        let aside = crosswalk.lines_to_set_aside(&rows, &bad);
        assert!(bad.iter().all(|bad| aside.contains(&bad.line)));
        let rest = Crosswalk { set_aside: &aside, ..crosswalk }.plan(&rows);
        assert!(rest.is_ok(), "{aside:?} of {list:#?}: {rest:?}");
        *(if aside.len() == rows.len() { &mut empty } else { &mut helped }) += 1;
    }
    assert!(helped > 30 && empty > 30, "{helped} {empty}");
}
