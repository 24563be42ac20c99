//! Fair sentences, which are never accused, and wrong figures, which never pass in silence.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::days;
use crate::{Trait, claims::*, fold::Stated};

/// A city: its districts, a zone and a bloc, with figures that are invented but for the sums.
pub(super) fn city() -> Ledger {
    let cell = |(name, actual, plan): &(&str, i64, Option<u32>)| UnitFigures {
        name: (*name).to_owned(),
        actual: *actual,
        plan: *plan,
        of_which: BTreeMap::new(),
    };
    let row = |measure: &str, [actual, plan, total]: [i64; 3], units: [u32; 3], cells: &[(&str, i64, Option<u32>)]| {
        LedgerFigures {
            measure: measure.to_owned(),
            actual,
            plan: plan.try_into().unwrap(),
            total,
            with_plan: units[0],
            met: units[1],
            exceeded: units[2],
            missed: units[0] - units[1],
            of_which: BTreeMap::new(),
            cells: cells.iter().map(cell).collect(),
        }
    };
    let party = |figures: [(i64, u32); 6]| {
        let [a, b, c, d, e, f] = figures.map(|(actual, plan)| (actual, Some(plan)));
        vec![
            ("Quận ủy Hồng Bàng", a.0, a.1),
            ("Quận ủy Ngô Quyền", b.0, b.1),
            ("Quận ủy Lê Chân", c.0, c.1),
            ("Huyện ủy Thủy Nguyên", d.0, d.1),
            ("Đảng ủy Khu kinh tế Hải Phòng", e.0, e.1),
            ("Đảng ủy Khối Doanh nghiệp thành phố", f.0, f.1),
        ]
    };
    let org = party([(5, 4), (3, 3), (4, 3), (2, 2), (5, 4), (5, 4)]);
    let member = party([(33, 25), (30, 25), (36, 30), (28, 20), (60, 50), (71, 60)]);
    let union = [
        ("Liên đoàn Lao động quận Lê Chân", 12, Some(10)),
        ("Công đoàn Khu kinh tế Hải Phòng", 20, Some(18)),
        ("Công đoàn ngành Xây dựng", 4, None),
    ];
    let youth = [("Quận đoàn Lê Chân", 4, Some(3)), ("Đoàn Khối Doanh nghiệp thành phố", 6, Some(5))];
    let mut measures = vec![
        row("party_org", [47, 42, 47], [16, 16, 4], &org),
        row("union_org", [174, 141, 188], [15, 15, 6], &union),
        row("youth_org", [48, 41, 48], [16, 15, 5], &youth),
        row("party_member", [449, 350, 449], [16, 16, 10], &member),
        row("youth_member", [1_071, 444, 1_071], [16, 16, 12], &youth),
    ];
    measures[3].of_which = [
        (Trait::Women, Stated { n: 171, stated: 326 }),
        (Trait::PrivateBusinessOwner, Stated { n: 6, stated: 12 }),
        (Trait::Worker, Stated { n: 165, stated: 449 }),
    ]
    .into();
    Ledger { year: Some(2022), days: days(), whole: Some("Thành ủy Hải Phòng".to_owned()), measures }
}

/// What is found of each claim, by the ledger or where that does not accuse it by arithmetic, then what is not read.
fn told(text: &str) -> (Vec<String>, Vec<String>) {
    let reading = read(text);
    let unread = reading.unread.iter().map(|unread| unread.text.nfc().collect()).collect();
    let line = |judged: &Judged| {
        let ledger = judged.ledger.as_ref().unwrap();
        let finding = if judged.arithmetic.is_wrong() { &judged.arithmetic } else { ledger };
        let claim = &text[judged.claim.span.clone()];
        format!("{claim}: {} {}", finding.word(), finding.detail()).trim_end().nfc().collect()
    };
    (judge(reading.claims, Some(&city())).iter().map(line).collect(), unread)
}

#[track_caller]
pub(super) fn check(text: &str, claims: &[&str], unread: &[&str]) {
    let decomposed: String = text.nfd().collect();
    for text in [text, decomposed.as_str()] {
        let (found, not_read) = told(text);
        assert_eq!(found, claims, "{text}");
        assert_eq!(not_read, unread, "{text}");
    }
}

#[test]
fn a_difference_a_multiple_and_an_average_are_no_totals() {
    let year = "449 đảng viên: equal";
    check("Năm 2022 kết nạp 449 đảng viên, tăng 49 đảng viên so với năm 2021.", &[year], &["49"]);
    check("Năm 2022 kết nạp 449 đảng viên, giảm 20 đảng viên so với năm 2021.", &[year], &["20"]);
    check("Kết nạp nhiều hơn 49 đảng viên so với năm trước.", &[], &["49"]);
    check("Bình quân mỗi quận kết nạp 28 đảng viên.", &[], &["28"]);
    check("Mỗi quận thành lập 3 tổ chức đảng.", &[], &["3"]);
    check("Vượt chỉ tiêu thành lập 5 tổ chức đảng.", &[], &["5"]);
    check("Hằng năm kết nạp 90 đảng viên.", &[], &["90"]);
    check("Thành lập 47 tổ chức đảng, vượt 7 tổ chức so với chỉ tiêu.", &["47 tổ chức đảng: equal"], &["7"]);
    check(
        "Phát triển 1.071 đoàn viên, hội viên thanh niên, gấp 2,4 lần kế hoạch (440).",
        &["1.071 đoàn viên: equal", "440: differs plan printed 440, in the ledger 444 (-4)"],
        &["2,4"],
    );
    check("Kết nạp hơn 440 đảng viên.", &["hơn 440 đảng viên: holds"], &[]);
}

#[test]
fn another_time_than_the_year_is_not_held_against_it() {
    for text in [
        "Tính đến 15/12/2022, thành lập 46/42 tổ chức đảng, đạt 109,5%.",
        "Đến hết ngày 30 tháng 6 năm 2022, kết nạp 200 đảng viên.",
        "Tính đến 15/12/2022 có nhiều kết quả. Kết nạp 400 đảng viên.",
        "Từ 1/7 đến 31/12/2022, kết nạp 200 đảng viên.",
        "Riêng tháng 12 kết nạp 30 đảng viên.",
        "Sáu tháng đầu năm kết nạp 200 đảng viên.",
        "Đợt 3/2 kết nạp 45 đảng viên.",
        "Sáng 3/2, Quận ủy Lê Chân kết nạp 12 đảng viên.",
        "Thành lập 46 tổ chức đảng, tính đến 15/12/2022.",
        "Kết nạp 25 đảng viên trong ngày 3/2.",
        "Trong 5 năm qua, toàn thành phố kết nạp 12.500 đảng viên.",
        "Trong 5 năm qua có nhiều kết quả. Kết nạp 12.500 đảng viên.",
        "Giai đoạn 2020-2025, kết nạp 1.900 đảng viên.",
        "Đến năm 2025, phấn đấu kết nạp 2.000 đảng viên.",
    ] {
        let (found, unread) = told(text);
        assert!(found.iter().all(|line| line.contains(": not in the data")) && found.len() == 1, "{text} {found:?}");
        assert!(unread.is_empty(), "{text} {unread:?}");
    }
    check("Tính đến 31/12/2022, kết nạp 449 đảng viên.", &["449 đảng viên: equal"], &[]);
    check("Tính đến 3/1/2023, năm 2022 kết nạp 449 đảng viên.", &["449 đảng viên: equal"], &[]);
    let differs = "448 đảng viên: differs total printed 448, in the ledger 449 (-1)";
    check("Hội nghị ngày 3/1/2023 cho biết đã kết nạp 448 đảng viên.", &[differs], &[]);
}

#[test]
fn figures_counted_up_to_a_day_are_held_against_a_ledger_of_that_day() {
    let text = "Tính đến 15/12/2022, thành lập 46/42 tổ chức đảng.";
    let on = |day: i8| {
        let days = crate::LocalDate::new(2022, 12, day).zip(crate::LocalDate::new(2022, 12, 31));
        let judged = judge(read(text).claims, Some(&Ledger { days, ..city() }));
        judged[0].ledger.as_ref().unwrap().word()
    };
    assert_eq!((on(15), on(14), on(31)), ("differs", "not in the data", "not in the data"));
}

#[test]
fn what_is_said_of_a_part_is_not_held_against_the_whole() {
    for (text, unread) in [
        ("Thành lập 34 tổ chức đảng trong doanh nghiệp tư nhân.", vec![]),
        ("Doanh nghiệp FDI thành lập 12 công đoàn cơ sở.", vec![]),
        ("Các quận thành lập 21 tổ chức đảng, các huyện 18.", vec!["18"]),
        ("Các quận, huyện thành lập 37/34 tổ chức đảng.", vec![]),
        ("Thành lập 34 chi bộ và 13 đảng bộ cơ sở.", vec![]),
        ("Kết nạp 900 đoàn viên và 171 hội viên thanh niên.", vec![]),
        ("Công ty May Lê Chân thành lập 1 tổ chức đảng.", vec![]),
        ("Chi bộ Hoa Mai kết nạp 3 đảng viên.", vec![]),
        ("7/7 quận hoàn thành chỉ tiêu thành lập tổ chức đảng.", vec![]),
        ("Quận ủy Lê Chân và Hồng Bàng thành lập 8 tổ chức đảng.", vec![]),
        ("Lê Chân, Hồng Bàng thành lập 8 tổ chức đảng.", vec![]),
        ("Huyện ủy Thủy Nguyên và Đảng ủy Khu kinh tế thành lập 8/7 tổ chức đảng.", vec![]),
    ] {
        let (found, not_read) = told(text);
        assert!(found.iter().all(|line| line.contains(": not in the data")), "{text} {found:?}");
        assert_eq!(not_read, unread, "{text}");
    }
    check("Các quận, huyện và Khu kinh tế thành lập 174/141 tổ chức công đoàn.", &["174/141: equal"], &[]);
}

#[test]
fn what_others_do_is_not_held_against_the_whole_or_their_district() {
    for text in [
        "Quận đoàn Lê Chân thành lập 3 chi đoàn.",
        "Đảng ủy phường An Biên, quận Lê Chân kết nạp 5 đảng viên.",
        "Chi bộ phường An Biên thuộc Quận ủy Lê Chân kết nạp 5 đảng viên.",
        "Sở Công Thương kết nạp 6 đảng viên.",
        "Ban Quản lý Khu kinh tế thành lập 2 tổ chức đảng.",
        "Tỉnh Quảng Ninh kết nạp 600 đảng viên.",
        "Cả nước kết nạp 200.000 đảng viên.",
        "Kết nạp 120 đảng viên trong các doanh nghiệp ngoài nhà nước.",
        "Ngày 15/11/2022, Đảng ủy Khu kinh tế công bố quyết định thành lập 2 chi bộ.",
        "Lần này kết nạp 45 đảng viên.",
        "Thành lập 12 công đoàn cơ sở trong ngành Xây dựng.",
    ] {
        let (found, unread) = told(text);
        assert!(found.iter().all(|line| line.contains(": not in the data")) && found.len() == 1, "{text} {found:?}");
        assert!(unread.is_empty(), "{text} {unread:?}");
    }
    for (text, number) in [
        ("Cả 3 đơn vị này thành lập 12 tổ chức đảng.", vec!["3"]),
        ("Đã có 45 tổ chức đảng được thành lập ở 12 quận, huyện.", vec!["12"]),
        ("Hai đơn vị dẫn đầu kết nạp 69 đảng viên.", vec!["Hai đơn vị"]),
    ] {
        let (found, unread) = told(text);
        assert!(found.iter().all(|line| line.contains(": not in the data")), "{text} {found:?}");
        assert_eq!(unread, number, "{text}");
    }
    check("Một chi bộ mới thành lập với 5 đảng viên.", &[], &["5"]);
    check(
        "Thành lập 48 tổ chức cơ sở đảng.",
        &["48 tổ chức cơ sở đảng: differs total printed 48, in the ledger 47 (+1)"],
        &[],
    );
}

#[test]
fn what_is_counted_by_people_or_organisations_is_of_what_was_named() {
    check(
        "Kết nạp đảng viên: 449 đồng chí, đạt 128,2% kế hoạch.",
        &["449 đồng chí: equal", "128,2%: rounding differs only truncated/1; half-up prints 128,3"],
        &[],
    );
    check(
        "Giao chỉ tiêu thành lập 42 tổ chức đảng; kết quả thành lập được 46 tổ chức.",
        &["42 tổ chức đảng: equal", "46 tổ chức: differs total printed 46, in the ledger 47 (-1)"],
        &[],
    );
    check(
        "Thành lập được 47 tổ chức đảng, đạt 111,9% chỉ tiêu, tăng 5 tổ chức.",
        &["47 tổ chức đảng: equal", "111,9%: equal half-up/1 or truncated/1"],
        &["5"],
    );
}

#[test]
fn rates_of_others_and_how_far_measures_came_are_told() {
    check("Tỷ lệ doanh nghiệp có tổ chức đảng đạt 5,2%.", &[], &["5,2%"]);
    check(
        "5/5 chỉ tiêu hoàn thành và vượt kế hoạch, 3/5 chỉ tiêu vượt trên 20%.",
        &["5/5 chỉ tiêu hoàn thành và vượt: equal"],
        &["3/5", "20%"],
    );
    check(
        "16/16 đảng bộ hoàn thành chỉ tiêu kết nạp đảng viên, trong đó 10 đảng bộ vượt, 6 đảng bộ đạt 100%.",
        &["16/16 đảng bộ hoàn thành chỉ tiêu kết nạp đảng viên, trong đó 10 đảng bộ vượt, 6 đảng bộ đạt 100%: equal"],
        &[],
    );
}

#[test]
fn a_percentage_is_of_what_its_own_clause_names() {
    check(
        "Thành lập 47 tổ chức đảng; kết nạp 449 quần chúng ưu tú vào Đảng, đạt 128,3%.",
        &["47 tổ chức đảng: equal", "449 quần chúng ưu tú vào Đảng: equal", "128,3%: equal half-up/1"],
        &[],
    );
    check(
        "Thành lập 47 tổ chức đảng, kết nạp 449 người, đạt 128,3%.",
        &["47 tổ chức đảng: equal", "128,3%: not in the data"],
        &["449"],
    );
}

#[test]
fn where_a_part_is_says_nothing_of_its_whole() {
    check(
        "Thành lập 47 tổ chức đảng (trong đó có 12 tổ chức ở Khu kinh tế).",
        &["47 tổ chức đảng (trong đó có 12: whole fits, parts not compared"],
        &[],
    );
}

#[test]
fn a_unit_is_known_by_the_name_that_the_ledger_has_for_it() {
    for (text, claim) in [
        ("Đảng ủy Khu kinh tế thành lập 5/4 chi bộ.", "5/4"),
        ("Khu kinh tế thành lập 5/4 tổ chức đảng.", "5/4"),
        ("ĐẢNG ỦY KHU KINH TẾ HẢI PHÒNG THÀNH LẬP 5/4 TỔ CHỨC ĐẢNG.", "5/4"),
        ("Kết quả tổ chức đảng: Đảng ủy Khối Doanh nghiệp 5/4.", "5/4"),
        ("Công đoàn Khu kinh tế thành lập 20/18 công đoàn cơ sở.", "20/18"),
        ("Đoàn Khối Doanh nghiệp thành phố thành lập 6/5 tổ chức đoàn.", "6/5"),
        ("Khối doanh nghiệp thành phố kết nạp 71 đảng viên.", "71 đảng viên"),
        ("Công đoàn ngành Xây dựng thành lập 4 công đoàn cơ sở.", "4 công đoàn cơ sở"),
        ("Kết nạp 36 đảng viên tại quận Lê Chân.", "36 đảng viên"),
        ("Thành lập 4 tổ chức đảng ở Lê Chân.", "4 tổ chức đảng"),
        ("Tại Hải Phòng, Quận ủy Lê Chân thành lập 4/3 tổ chức đảng.", "4/3"),
    ] {
        check(text, &[format!("{claim}: equal").as_str()], &[]);
    }
    let differs = "72 đảng viên: differs total printed 72, in the ledger 71 (+1)";
    check("Khối doanh nghiệp thành phố kết nạp 72 đảng viên.", &[differs], &[]);
}

#[test]
fn a_plan_and_a_result_are_read_by_their_labels() {
    let org = "differs plan printed 52, in the ledger 41 (+11)";
    check(
        "Thành lập 48 tổ chức đoàn, hội (chỉ tiêu là 52).",
        &["48 tổ chức đoàn: equal", format!("52: {org}").as_str()],
        &[],
    );
    check("Thành lập tổ chức đảng: kế hoạch 42, thực hiện 47.", &["42: equal", "47: equal"], &[]);
    check(
        "Thành lập tổ chức đảng: kế hoạch năm 2022: 42, thực hiện 46.",
        &["42: equal", "46: differs total printed 46, in the ledger 47 (-1)"],
        &[],
    );
    check("Thực hiện 12 nhiệm vụ theo Kế hoạch 35.", &[], &["12", "35"]);
}

#[test]
fn parts_without_a_name_are_summed_where_they_are_said_to_be_the_whole() {
    let text = |part: u32| {
        format!(
            "Thành lập 188 tổ chức công đoàn, gồm 174 tổ chức ở quận, huyện và Khu kinh tế và {part} của công đoàn ngành."
        )
    };
    let (found, unread) = told(&text(15));
    assert!(found[1].ends_with("cannot follow the parts sum to 189, the headline says 188 (-1)"), "{found:?}");
    assert!(unread.is_empty());
    assert!(told(&text(14)).0[1].ends_with("whole fits, parts not compared"));
    check(
        "Thành lập 47 tổ chức đảng, gồm 34 chi bộ, 13 đảng bộ cơ sở, ở 30 doanh nghiệp.",
        &["47 tổ chức đảng: equal"],
        &["34", "13", "30"],
    );
}

#[test]
fn what_is_said_in_words_is_told() {
    check("Thành lập bốn mươi bảy tổ chức đảng.", &[], &["bốn mươi bảy tổ chức đảng"]);
    check("Có hai đơn vị chưa hoàn thành chỉ tiêu.", &[], &["hai đơn vị"]);
    check("Thành lập tổ chức đảng đạt 47/42, tất cả đơn vị đều vượt.", &["47/42: equal"], &["tất cả đơn vị đều vượt"]);
    check("Không có đơn vị nào chưa hoàn thành chỉ tiêu.", &[], &["Không có đơn vị nào chưa hoàn thành"]);
}

#[test]
fn a_share_without_a_noun_goes_on_with_the_one_before() {
    check(
        "Thành lập tổ chức đảng 47/42, 16/16 hoàn thành, 6 vượt.",
        &[
            "47/42: equal",
            "16/16 hoàn thành, 6 vượt: cannot follow 47/42 leaves no room for that: whatever each unit had, it would not sum to it",
        ],
        &[],
    );
}

#[test]
fn an_of_which_is_held_against_what_is_stated() {
    let with = |part: &str| told(&format!("Kết nạp 449 đảng viên, trong đó có {part}.")).0.remove(0);
    assert!(with("7 chủ doanh nghiệp tư nhân").ends_with(": whole fits, parts not compared"));
    assert!(with("206 nữ").ends_with(": whole fits, parts not compared"));
    assert!(with("171 nữ").ends_with(": equal"));
    assert!(with("150 nữ").ends_with(": differs of which printed 150, in the ledger 171 (-21)"));
    assert!(with("300 nữ").ends_with(": differs of which printed 300, in the ledger 294 (+6)"));
    assert!(with("166 công nhân").ends_with(": differs of which printed 166, in the ledger 165 (+1)"));
    check("Kết nạp 180 đảng viên nữ.", &["180 đảng viên: not in the data"], &[]);
    check(
        "Kết nạp 449 đảng viên (trong đó nữ 171, công nhân 164).",
        &[
            "449 đảng viên: equal",
            "nữ 171: equal",
            "công nhân 164: differs of which printed 164, in the ledger 165 (-1)",
        ],
        &[],
    );
}

#[test]
fn the_parts_of_a_sum_are_held_against_their_units() {
    let part = |n: u32| {
        told(&format!("Thành lập 47 tổ chức đảng, trong đó: Hồng Bàng {n}, Ngô Quyền 3, Lê Chân 4.")).0.remove(1)
    };
    assert!(part(9).ends_with(": differs actual printed Hồng Bàng 9, in the ledger 5 (+4)"), "{}", part(9));
    assert!(part(5).ends_with(": equal"), "{}", part(5));
    check(
        "Trong 42 tổ chức đảng theo kế hoạch, Hồng Bàng 5, Lê Chân 4, Ngô Quyền 3, cộng lại là 13.",
        &[
            "Hồng Bàng 5, Lê Chân 4, Ngô Quyền 3, cộng lại là 13: cannot follow the parts sum to 12, the headline says 13 (+1)",
        ],
        &["42"],
    );
}

#[test]
fn the_next_of_a_list_needs_no_verb() {
    check(
        "Quận Lê Chân kết nạp 36 đảng viên, Hồng Bàng 34 đảng viên.",
        &["36 đảng viên: equal", "34 đảng viên: differs total printed 34, in the ledger 33 (+1)"],
        &[],
    );
}

#[test]
fn numbers_that_count_nothing_are_neither_read_nor_told() {
    let text = "Nghị quyết 28-NQ/TU ngày 3/2/2020, Quyết định số 12, khóa 16, lần thứ 17, giai đoạn 2020-2025, tháng 6, 5 năm qua.";
    check(text, &[], &[]);
    check("1. Thành lập 47 tổ chức đảng.", &["47 tổ chức đảng: equal"], &[]);
    check("Tổng số 188 công đoàn cơ sở được thành lập.", &["188 công đoàn cơ sở: equal"], &[]);
    check("Hỗ trợ 12 tỷ đồng cho 30 doanh nghiệp.", &[], &["12", "30"]);
}
