//! Rows in, steps or bad rows out; and what the steps come to in a real structure.

use super::*;
use crate::{
    Extent,
    scenario::{Given, day, given, unit},
    structure::lineage_tests::change,
};

const DATE: &str = "2025-07-01";

/// Six wards of the day before, with codes, under a city.
fn known() -> Vec<KnownUnit> {
    let names = ["An Biên", "Dư Hàng", "Thuỷ Triều", "Lam Sơn", "Kênh Dương", "Trần Hưng Đạo"];
    let ward = |(n, name): (u128, &&str)| KnownUnit {
        unit: unit(n),
        code: Some(format!("100{n}")),
        name: format!("Phường {name}"),
        kind: UnitKind::Ward,
    };
    (1..).zip(&names).map(ward).collect()
}

/// The ledger that knows them.
fn ledger() -> Given {
    let create = |known: KnownUnit| {
        StructureChange::CreateUnit(crate::structure::CreateUnit {
            unit: known.unit,
            kind: known.kind,
            name: known.name,
            code: known.code,
            from: day("2010-01-01"),
            line: None,
            led_by: None,
            display_order: 1,
        })
    };
    given().then(&change(known().into_iter().map(create)))
}

/// `old code | old name | new code | new name | kind`, one a line, from line 2 on.
fn rows(text: &str) -> Vec<Row> {
    let row = |(line, text): (u64, &str)| {
        let mut cells = text.split('|').map(|cell| cell.trim().to_owned());
        let mut next = || cells.next().unwrap_or_default();
        Row { line, old_code: next(), old_name: next(), new_code: next(), new_name: next(), kind: next(), extent: None }
    };
    (2..).zip(text.lines().map(str::trim).filter(|line| !line.is_empty())).map(row).collect()
}

fn planned(text: &str, aside: &[u64]) -> Result<Plan, Vec<String>> {
    let (known, set_aside) = (known(), aside.iter().copied().collect());
    let crosswalk = Crosswalk { from: day(DATE), known: &known, there: &[], line: None, set_aside: &set_aside };
    let said = |bad: Vec<BadRow>| bad.iter().map(|bad| format!("{}: {}", bad.line, bad.fault)).collect();
    crosswalk.plan(&rows(text)).map_err(said)
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
    let structure = ledger().then(&change(plan.steps.into_iter().map(|step| step.change))).reference.structure;
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
    let (known, aside) = (known(), BTreeSet::new());
    let crosswalk = Crosswalk { from: day(DATE), known: &known, there: &[], line: None, set_aside: &aside };
    let with = |extent: &str| {
        let mut rows = rows("1001 | An Biên | 2001 | Phường Mới | Nhập toàn bộ");
        rows[0].extent = Some(extent.to_owned());
        crosswalk.plan(&rows).is_ok()
    };
    assert!(with("toàn bộ") && with("Whole") && with(" "));
    assert!(!with("một phần") && !with("ít"));
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
    let StructureChange::CreateUnit(created) = &plan.steps[0].change else { panic!("{plan:?}") };
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
fn every_known_word_is_read_and_the_nearest_is_told_of_others() {
    for word in KINDS {
        assert!(ChangeKind::read(word).is_ok(), "{word}");
    }
    assert_eq!(ChangeKind::read("NHẬP  TOÀN BỘ"), ChangeKind::read("merged wholly"));
    assert_eq!(ChangeKind::read("mot phan dien tich, toan bo dan so"), Err("một phần diện tích, toàn bộ dân số"));
    assert_eq!(ChangeKind::read("rename"), Err("renamed"));
}

#[test]
fn a_later_list_of_the_same_day_takes_the_units_that_the_first_one_made() {
    let aside = BTreeSet::new();
    let text = "1001 | An Biên | 2001 | Phường Mới | Nhập toàn bộ";
    let planned = |known: &[KnownUnit], made: &str| {
        let unit = unit_of_code("2001", day(DATE));
        let made = KnownUnit { unit, name: made.to_owned(), ..known[0].clone() };
        let crosswalk = Crosswalk { from: day(DATE), known, there: &[made], line: None, set_aside: &aside };
        crosswalk.plan(&rows(text)).map(|plan| plan.steps.len())
    };
    let known = known();
    assert_eq!(planned(&known, "Phường Mới"), Ok(2), "an end and a succession");
    let fault = Fault::MadeAlready { code: "2001".to_owned(), known: "Phường Khác".to_owned() };
    assert_eq!(planned(&known, "Phường Khác"), Err(vec![BadRow { line: 2, fault }]));
}
