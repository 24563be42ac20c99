//! Texts and the verdicts on them, with the figures of the 2022 review.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::days;
use crate::claims::*;

/// The review's figures (DOMAIN §1.1, §1.2); what it does not print of unions and youth members is invented.
fn review() -> Ledger {
    let row = |measure: &str, actual, plan, total, [with_plan, met, exceeded]: [u32; 3]| LedgerFigures {
        measure: measure.to_owned(),
        actual,
        plan,
        total,
        with_plan,
        met,
        exceeded,
        missed: with_plan - met,
        of_which: BTreeMap::new(),
        cells: Vec::new(),
    };
    let measures = vec![
        row("party_org", 47, 42, 47, [16, 16, 4]),
        row("union_org", 174, 141, 188, [15, 15, 6]),
        row("youth_org", 48, 41, 48, [16, 15, 5]),
        row("party_member", 449, 350, 449, [16, 16, 10]),
        row("youth_member", 1_071, 444, 1_071, [16, 16, 12]),
    ];
    Ledger { year: Some(2022), days: days(), whole: Some("Thành ủy Hải Phòng".to_owned()), measures }
}

/// The verdict by arithmetic and the one by the review, with their details.
fn verdicts(text: &str) -> Vec<(String, String)> {
    let reading = read(text);
    assert_eq!(reading.unread, [], "{text}");
    let line = |finding: &Finding| format!("{} {}", finding.word(), finding.detail()).trim_end().to_owned();
    let judged = judge(reading.claims, Some(&review()));
    judged.iter().map(|judged| (line(&judged.arithmetic), line(judged.ledger.as_ref().unwrap()))).collect()
}

#[track_caller]
fn check_verdicts(text: &str, expected: &[(&str, &str)]) {
    let found = verdicts(text);
    let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn a_percentage_that_half_up_prints_is_equal_and_the_rules_are_named() {
    check_verdicts(
        "Tổ chức đảng đạt 47/42=111,9%.",
        &[("equal half-up/1 or truncated/1", "equal half-up/1 or truncated/1")],
    );
    check_verdicts("Đảng viên đạt 449/350=128,3%.", &[("equal half-up/1", "equal half-up/1")]);
    check_verdicts(
        "Tổ chức đoàn đạt 48/41=117,07%.",
        &[("equal half-up/2 or truncated/2", "equal half-up/2 or truncated/2")],
    );
}

#[test]
fn a_percentage_that_only_another_rule_prints_differs_by_rounding() {
    let rounding = "rounding differs only truncated/2; half-up prints 241,22";
    check_verdicts("Đoàn viên đạt 241,21% kế hoạch (1.071/444).", &[(rounding, rounding)]);
    check_verdicts("Đoàn viên đạt 241,21% kế hoạch.", &[("unchecked", rounding)]);
    check_verdicts(
        "Kết nạp 57/51 đảng viên, vượt 11,7% kế hoạch.",
        &[(
            "rounding differs only truncated/1; half-up prints 11,8",
            "differs actual printed 57, in the ledger 449 (-392); plan printed 51, in the ledger 350 (-299)",
        )],
    );
}

#[test]
fn a_percentage_that_no_rule_prints_cannot_follow() {
    check_verdicts(
        "Công đoàn đạt 2.610/2.819=90,2%.",
        &[(
            "cannot follow 2610/2819 is 92,6 %, not 90,2 %, by no rule of rounding",
            "differs actual printed 2.610, in the ledger 174 (+2436); plan printed 2.819, in the ledger 141 (+2678)",
        )],
    );
    check_verdicts(
        "Tổ chức đảng đạt 47/42=112,9%.",
        &[(
            "cannot follow 47/42 is 111,9 %, not 112,9 %, by no rule of rounding",
            "differs percentage printed 112,9, in the ledger 111,9",
        )],
    );
    check_verdicts(
        "Tổ chức đảng đạt 47/0.",
        &[("cannot follow there is no percentage of a plan of 0", "differs plan printed 0, in the ledger 42 (-42)")],
    );
}

#[test]
fn a_qualified_percentage_holds_on_its_side() {
    check_verdicts("Tổ chức đảng đạt 47/42, vượt hơn 11% kế hoạch.", &[("holds", "holds")]);
    check_verdicts("Tổ chức đảng đạt gần 112% kế hoạch.", &[("unchecked", "holds")]);
    check_verdicts(
        "Tổ chức đảng đạt gần 111% kế hoạch.",
        &[("unchecked", "differs percentage printed gần 111, in the ledger 112")],
    );
}

#[test]
fn six_that_exceed_need_a_surplus_of_six_or_somebody_who_missed() {
    let text = |met: u32, exceeded: u32| {
        format!(
            "Tổ chức đảng đạt 47/42. Có {met}/16 đảng bộ hoàn thành và vượt chỉ tiêu, trong đó {exceeded}/16 đảng bộ vượt."
        )
    };
    let units = |met, exceeded| verdicts(&text(met, exceeded))[1].clone();
    assert_eq!(units(16, 4), ("consistent".to_owned(), "equal".to_owned()));
    assert_eq!(
        units(16, 6).0,
        "cannot follow 47/42 leaves no room for that: whatever each unit had, it would not sum to it"
    );
    assert_eq!(
        units(15, 6),
        (
            "consistent".to_owned(),
            "differs met printed 15, in the ledger 16 (-1); exceeded printed 6, in the ledger 4 (+2)".to_owned()
        )
    );
}

#[test]
fn a_part_is_never_more_than_its_whole() {
    let arithmetic = |text: &str| verdicts(text)[0].0.clone();
    assert_eq!(
        arithmetic("Có 14/16 đảng bộ hoàn thành, trong đó 15/16 đảng bộ vượt."),
        "cannot follow a part of 15 is more than its whole of 14"
    );
    assert_eq!(
        arithmetic("Có 17/16 đảng bộ hoàn thành chỉ tiêu."),
        "cannot follow a part of 17 is more than its whole of 16"
    );
    assert_eq!(
        arithmetic("Có 16/16 đảng bộ hoàn thành, trong đó 4/15 đảng bộ vượt."),
        "cannot follow the same units are counted as 16 and as 15"
    );
    assert_eq!(
        arithmetic("Có 14/16 đảng bộ hoàn thành, còn 3 đơn vị chưa hoàn thành."),
        "cannot follow 14 met and 3 missed are more than 16"
    );
    assert_eq!(
        arithmetic("Kết nạp 5 đảng viên, trong đó có 6 chủ doanh nghiệp."),
        "cannot follow a part of 6 is more than its whole of 5"
    );
    assert_eq!(arithmetic("Có 15/16 đơn vị (93,8%) hoàn thành chỉ tiêu."), "equal half-up/1");
}

#[test]
fn all_measures_that_exceed_do_not_contradict_one_unit_that_missed() {
    check_verdicts(
        "Tổ chức đoàn đạt 48/41=117,07%; 15/16 đơn vị hoàn thành. Cả 5 chỉ tiêu đều vượt kế hoạch.",
        &[
            ("equal half-up/2 or truncated/2", "equal half-up/2 or truncated/2"),
            ("consistent", "equal"),
            ("consistent", "equal"),
        ],
    );
}

#[test]
fn a_single_unit_is_not_held_against_the_whole() {
    check_verdicts(
        "Quận ủy Lê Chân thành lập 4/3 tổ chức đảng, đạt 133,3%.",
        &[("equal half-up/1 or truncated/1", "not in the data no unit “Quận ủy Lê Chân”")],
    );
    check_verdicts(
        "Huyện ủy Tiên Lãng thành lập 4/3 tổ chức đảng, đạt 143,3%.",
        &[(
            "cannot follow 4/3 is 133,3 %, not 143,3 %, by no rule of rounding",
            "not in the data no unit “Huyện ủy Tiên Lãng”",
        )],
    );
}

#[test]
fn a_figure_of_another_time_is_not_held_against_the_period() {
    check_verdicts("Năm 2023, phấn đấu kết nạp 380 đảng viên.", &[("unchecked", "not in the data")]);
    check_verdicts("Quý III/2022, kết nạp được hơn 300 đảng viên.", &[("unchecked", "not in the data")]);
    check_verdicts("Năm 2021 có khó khăn. Đã kết nạp 300 đảng viên.", &[("unchecked", "not in the data")]);
    check_verdicts("Năm 2022, toàn thành phố kết nạp 449 đảng viên.", &[("unchecked", "equal")]);
}

#[test]
fn what_exceeded_met_exactly_and_missed_is_at_most_n() {
    let text = |missed: u32| {
        format!(
            "Có 4/16 đảng bộ vượt chỉ tiêu tổ chức đảng, 12/16 đảng bộ hoàn thành, {missed}/16 đảng bộ chưa hoàn thành."
        )
    };
    check_verdicts(&text(0), &[("consistent", "equal")]);
    assert_eq!(verdicts(&text(1))[0].0, "cannot follow 16 met and 1 missed are more than 16");
}

#[test]
fn parts_are_summed_against_the_headline() {
    let list = |total: &str| format!("Giao chỉ tiêu cho Tam Kỳ 950, Hội An 600, Núi Thành 400, tổng cộng {total}.");
    assert_eq!(verdicts(&list("1.950"))[0].0, "equal");
    assert_eq!(verdicts(&list("1.905"))[0].0, "cannot follow the parts sum to 1950, the headline says 1905 (-45)");
}

#[test]
fn a_count_is_that_of_the_plan_or_of_all() {
    check_verdicts("Đã thành lập 188 công đoàn cơ sở.", &[("unchecked", "equal")]);
    check_verdicts("Đã thành lập 174 công đoàn cơ sở.", &[("unchecked", "equal")]);
    check_verdicts(
        "Đã thành lập 180 công đoàn cơ sở.",
        &[("unchecked", "differs total printed 180, in the ledger 188 (-8)")],
    );
    check_verdicts(
        "Kết nạp gần 450 đảng viên, trong đó có 6 chủ doanh nghiệp.",
        &[("unchecked", "whole fits, parts not compared")],
    );
    check_verdicts("Phấn đấu kết nạp 350 đảng viên.", &[("unchecked", "equal")]);
    check_verdicts("Phát triển 90 đoàn viên công đoàn.", &[("unchecked", "not in the data")]);
}

proptest! {
    #![proptest_config(crate::properties::config())]

    #[test]
    fn what_a_rule_prints_never_cannot_follow(actual in 0..5_000_u32, plan in 1..5_000_u32, decimals in 0..5_u8, truncated in any::<bool>()) {
        use crate::percent::{PercentRule, Ratio, Rounding, printed};
        let rounding = if truncated { Rounding::Truncated } else { Rounding::HalfUp };
        let percent = printed(Ratio::new(actual.into(), plan.into()).unwrap(), PercentRule { rounding, decimals });
        let text = format!("Đảng viên đạt {}/{}={percent}%.", crate::vi::count(actual.into()), crate::vi::count(plan.into()));
        let judged = judge(read(&text).claims, None);
        let expected = if truncated { ["equal", "rounding differs"].as_slice() } else { &["equal"] };
        prop_assert_eq!(judged.len(), 1, "{}", text);
        prop_assert!(expected.contains(&judged[0].arithmetic.word()), "{} {:?}", text, judged[0].arithmetic);
    }

    #[test]
    fn a_sign_of_a_figure_is_read_or_told(words in prop::collection::vec(prop::sample::select(vec![
        "47/42", "=", "111,9%", "(", ")", "đạt", "kế hoạch", "tổ chức đảng", "16/16", "đảng bộ", "hoàn thành", "vượt", ",", ";", ".", "trong đó", "4",
        "kết nạp", "1.071", "1,071", "đảng viên", "gần", "Lê Chân", "%", "3/1/2023", "tổng cộng", "-", "+", "từ", "đến", "trên", "\n", "\n\n", "và",
    ]), 0..25), spaced in any::<bool>()) {
        let text = words.join(if spaced { " " } else { "\u{a0}" });
        let reading = read(&text);
        let spans: Vec<_> = reading.claims.iter().map(|claim| &claim.span).chain(reading.unread.iter().map(|unread| &unread.span)).collect();
        for (at, _) in text.match_indices('%').chain(text.match_indices("7/4")).chain(text.match_indices("6/1")) {
            prop_assert!(spans.iter().any(|span| span.contains(&at)), "{text:?} at {at}: {reading:#?}");
        }
        judge(reading.claims, Some(&review()));
    }

    #[test]
    fn any_text_is_read_without_failing(text in "\\PC{0,60}[0-9/%=.,()đạt ]{0,20}\\PC{0,20}") {
        let reading = read(&text);
        for claim in reading.claims {
            prop_assert!(text.get(claim.span).is_some());
        }
    }
}
