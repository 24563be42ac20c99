//! Claims of single units, against their own cells.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::days;
use crate::claims::*;

fn ledger(cells: &[(&str, i64, Option<u32>)]) -> Ledger {
    let cells = cells.iter().map(|(name, actual, plan)| UnitFigures {
        name: (*name).to_owned(),
        actual: *actual,
        plan: *plan,
        of_which: BTreeMap::new(),
    });
    let party_org = LedgerFigures {
        measure: "party_org".to_owned(),
        actual: 47,
        plan: 42,
        total: 47,
        with_plan: 16,
        met: 16,
        exceeded: 4,
        missed: 0,
        of_which: BTreeMap::new(),
        cells: cells.collect(),
    };
    Ledger {
        year: Some(2022), days: days(), whole: Some("Thành ủy Hải Phòng".to_owned()), measures: vec![party_org]
    }
}

const REVIEW: &[(&str, i64, Option<u32>)] = &[
    ("Quận ủy Lê Chân", 4, Some(3)),
    ("Huyện ủy Thủy Nguyên", 2, Some(3)),
    ("Quận ủy Kiến An", 2, None),
    ("Đảng ủy Khu kinh tế Hải Phòng", 5, Some(5)),
    ("Quận ủy Cẩm Giàng", 1, Some(1)),
];

fn found(text: &str, cells: &[(&str, i64, Option<u32>)]) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {}", finding.word(), finding.detail()).trim_end().to_owned();
    judge(read(text).claims, Some(&ledger(cells))).iter().map(|judged| line(judged.ledger.as_ref().unwrap())).collect()
}

#[test]
fn a_unit_is_compared_with_its_own_cell_however_it_is_named() {
    for name in ["Quận ủy Lê Chân", "quận Lê Chân", "Đảng bộ quận Lê Chân", "QUẬN UỶ LÊ CHÂN"]
    {
        let text = format!("Trong đó, {name} thành lập 4/3 tổ chức đảng.");
        assert_eq!(found(&text, REVIEW), ["equal"], "{name}");
        assert_eq!(found(&text.nfd().collect::<String>(), REVIEW), ["equal"], "{name}");
    }
    let listed = "Kết quả thành lập tổ chức đảng: Lê Chân 4/3, Thuỷ Nguyên 3/3, Khu kinh tế 5/5, Kiến An 2/2.";
    let plan = "differs plan printed 2, in the ledger 0 (-2)";
    assert_eq!(
        found(listed, REVIEW),
        ["equal", "differs actual printed 3, in the ledger 2 (+1)", "equal", plan.replace("-2", "+2").as_str()]
    );
}

#[test]
fn another_tone_or_another_kind_of_area_is_another_unit() {
    assert_eq!(
        found("Trong đó, quận Cẩm Giang thành lập 1/1 tổ chức đảng.", REVIEW),
        ["not in the data no unit “quận Cẩm Giang”"]
    );
    assert_eq!(
        found("Trong đó, huyện Lê Chân thành lập 4/3 tổ chức đảng.", REVIEW),
        ["not in the data no unit “huyện Lê Chân”"]
    );
    assert_eq!(
        found("Trong đó, Quận ủy Dương Kinh thành lập 4/3 tổ chức đảng.", REVIEW),
        ["not in the data no unit “Quận ủy Dương Kinh”"]
    );
}

#[test]
fn a_name_that_several_bear_is_said_to_be_ambiguous() {
    let twice = [("Quận ủy An Dương", 3, Some(3)), ("Phường An Dương", 1, Some(1))];
    let bare = "Kết quả thành lập tổ chức đảng: An Dương 3/3, Lê Chân 4/3.";
    assert_eq!(
        found(bare, &twice),
        ["ambiguous Quận ủy An Dương or Phường An Dương", "not in the data no unit “Lê Chân”"]
    );
    assert_eq!(found("Trong đó, quận An Dương thành lập 3/3 tổ chức đảng.", &twice), ["equal"]);
    assert_eq!(found("Trong đó, phường An Dương thành lập 3/3 tổ chức đảng.", &twice).len(), 1);
}

#[test]
fn the_percentage_and_the_count_of_a_unit_are_its_own() {
    let text = "Trong đó, Quận ủy Lê Chân thành lập 4/3 tổ chức đảng, đạt 133,3% kế hoạch.";
    assert_eq!(found(text, REVIEW), ["equal half-up/1 or truncated/1"]);
    assert_eq!(
        found("Trong đó, Quận ủy Lê Chân thành lập 5 tổ chức đảng.", REVIEW),
        ["differs total printed 5, in the ledger 4 (+1)"]
    );
    assert_eq!(found("Quý IV, Quận ủy Lê Chân thành lập 4 tổ chức đảng.", REVIEW), ["not in the data"]);
}
