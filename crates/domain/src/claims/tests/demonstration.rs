//! The figures of the demonstration, by which sentences of newspapers are judged.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::days;
use crate::{Trait, claims::*, fold::Stated};

type Row = (&'static str, [(i64, u32); 5]);

/// Organisations of the Party, of unions and of the young; members of the Party and of the young.
const DISTRICTS: [Row; 14] = [
    ("quận Hồng Bàng", [(3, 3), (16, 12), (3, 3), (33, 26), (78, 30)]),
    ("quận Ngô Quyền", [(3, 3), (12, 12), (3, 3), (32, 25), (71, 30)]),
    ("quận Lê Chân", [(4, 3), (19, 12), (4, 3), (36, 26), (80, 30)]),
    ("quận Hải An", [(3, 3), (18, 13), (5, 3), (34, 24), (85, 30)]),
    ("quận Kiến An", [(2, 2), (8, 8), (2, 2), (15, 15), (49, 22)]),
    ("quận Đồ Sơn", [(2, 2), (4, 4), (2, 2), (10, 10), (16, 16)]),
    ("quận Dương Kinh", [(2, 2), (7, 7), (2, 2), (14, 14), (44, 20)]),
    ("huyện Thủy Nguyên", [(5, 3), (22, 15), (5, 3), (45, 32), (126, 42)]),
    ("huyện An Dương", [(3, 3), (20, 14), (4, 3), (40, 28), (96, 36)]),
    ("huyện An Lão", [(2, 2), (8, 8), (2, 2), (18, 15), (52, 24)]),
    ("huyện Kiến Thụy", [(2, 2), (7, 7), (2, 2), (14, 14), (50, 24)]),
    ("huyện Tiên Lãng", [(2, 2), (6, 6), (2, 2), (13, 13), (46, 24)]),
    ("huyện Vĩnh Bảo", [(2, 2), (7, 7), (2, 2), (14, 14), (58, 26)]),
    ("huyện Cát Hải", [(2, 2), (4, 4), (1, 2), (14, 12), (27, 14)]),
];

const MEASURES: [&str; 5] = ["party_org", "union_org", "youth_org", "party_member", "youth_member"];

fn cell(name: String, (actual, plan): (i64, u32)) -> UnitFigures {
    UnitFigures { name, actual, plan: Some(plan), of_which: BTreeMap::new() }
}

fn capital(word: &str) -> String {
    word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect()
}

/// The committee or the body of a district that has such a measure.
fn body(measure: usize, district: &str) -> String {
    let (area, name) = district.split_once(' ').unwrap();
    match measure {
        1 => format!("Liên đoàn Lao động {district}"),
        2 | 4 => format!("{} đoàn {name}", capital(area)),
        _ => format!("{} ủy {name}", capital(area)),
    }
}

fn measure(of: usize) -> LedgerFigures {
    let mut cells: Vec<UnitFigures> =
        DISTRICTS.iter().map(|(district, figures)| cell(body(of, district), figures[of])).collect();
    let zone = [(5, 4), (16, 12), (3, 3), (46, 30), (80, 32)][of];
    let bloc = [(5, 4), (0, 0), (6, 4), (71, 52), (113, 44)][of];
    match of {
        1 => cells.push(cell("Công đoàn Khu kinh tế Hải Phòng".to_owned(), zone)),
        2 | 4 => cells.extend([
            cell("Đoàn Khu kinh tế Hải Phòng".to_owned(), zone),
            cell("Đoàn Khối Doanh nghiệp thành phố".to_owned(), bloc),
        ]),
        _ => cells.extend([
            cell("Đảng ủy Khu kinh tế Hải Phòng".to_owned(), zone),
            cell("Đảng ủy Khối Doanh nghiệp thành phố".to_owned(), bloc),
        ]),
    }
    let plan = |cell: &UnitFigures| i64::from(cell.plan.unwrap());
    let count =
        |is: &dyn Fn(&UnitFigures) -> bool| u32::try_from(cells.iter().filter(|cell| is(cell)).count()).unwrap();
    let actual = cells.iter().map(|cell| cell.actual).sum();
    let mut figures = LedgerFigures {
        measure: MEASURES[of].to_owned(),
        actual,
        plan: cells.iter().map(|cell| u64::from(cell.plan.unwrap())).sum(),
        // Unions of trades have no plan.
        total: if of == 1 { actual + 14 } else { actual },
        with_plan: count(&|_| true),
        met: count(&|cell| cell.actual >= plan(cell)),
        exceeded: count(&|cell| cell.actual > plan(cell)),
        missed: count(&|cell| cell.actual < plan(cell)),
        of_which: BTreeMap::new(),
        cells,
    };
    if of == 1 {
        let trades = [("Công Thương", 6), ("Xây dựng", 5), ("Giao thông vận tải", 3)];
        let trade = |(name, actual): (&str, i64)| UnitFigures {
            plan: None,
            ..cell(format!("Công đoàn ngành {name}"), (actual, 0))
        };
        figures.cells.extend(trades.map(trade));
    }
    if of == 3 {
        figures.of_which.insert(Trait::Worker, Stated { n: 335, stated: 449 });
    }
    figures
}

pub(super) fn demonstration() -> Ledger {
    let measures = (0..MEASURES.len()).map(measure).collect();
    Ledger { year: Some(2022), days: days(), whole: Some("Thành ủy Hải Phòng".to_owned()), measures }
}

/// Each claim that is accused, with what it is accused of.
fn accused(text: &str, ledger: Option<&Ledger>) -> Vec<String> {
    let line = |judged: &Judged| {
        let ledger = judged.ledger.as_ref().filter(|_| !judged.arithmetic.is_wrong());
        let finding = ledger.unwrap_or(&judged.arithmetic);
        format!("{}: {} {}", &text[judged.claim.span.clone()], finding.word(), finding.detail())
    };
    judge(read(text).claims, ledger).iter().filter(|judged| judged.is_wrong()).map(line).collect()
}

/// Neither against the figures nor, without any, by arithmetic.
#[track_caller]
pub(super) fn never_accused(texts: &[&str]) {
    let ledger = demonstration();
    let found: Vec<_> = texts
        .iter()
        .flat_map(|text| [(*text).to_owned(), text.nfd().collect()])
        .flat_map(|text| [Some(&ledger), None].map(|ledger| (accused(&text, ledger), ledger.is_some(), text.clone())))
        .filter(|(accused, ..)| !accused.is_empty())
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[track_caller]
pub(super) fn accused_all(texts: &[&str]) {
    let ledger = demonstration();
    let missed: Vec<_> = texts.iter().filter(|text| accused(text, Some(&ledger)).is_empty()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

/// The unit of each claim, and what is found of it.
#[track_caller]
pub(super) fn check(text: &str, expected: &[(&str, &str)]) {
    let judged = judge(read(text).claims, Some(&demonstration()));
    let found: Vec<_> = judged
        .iter()
        .map(|judged| (judged.claim.unit.as_deref().unwrap_or_default(), judged.ledger.as_ref().unwrap().word()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn its_wholes_are_those_of_the_review() {
    let whole = |figures: &LedgerFigures| (figures.actual, figures.plan, figures.met, figures.exceeded);
    let found: Vec<_> = demonstration().measures.iter().map(whole).collect();
    assert_eq!(found, [(47, 42, 16, 4), (174, 141, 15, 6), (48, 41, 15, 5), (449, 350, 16, 10), (1_071, 444, 16, 15)]);
}
