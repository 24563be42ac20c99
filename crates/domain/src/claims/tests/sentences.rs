//! Sentences in many wordings, each with what is read out of it.

use unicode_normalization::UnicodeNormalization;

use crate::{claims::*, vi::Legacy};

/// A claim in short: its topic, and its parts as printed.
fn short(claim: &Claim) -> String {
    let topic = claim.topic.map_or("?", Topic::key);
    let unit = claim.unit.as_ref().map(|unit| format!("[{unit}] ")).unwrap_or_default();
    format!("{topic} {unit}{}", said(&claim.statement))
}

fn said(statement: &Statement) -> String {
    match statement {
        Statement::Ratio { actual, plan, percent } => {
            format!(
                "{}/{}{}",
                actual.text,
                plan.text,
                percent.as_ref().map(|p| format!("={}", percent_of(p))).unwrap_or_default()
            )
        }
        Statement::Percent(percent) => percent_of(percent),
        Statement::Units(units) => {
            let part = |word: &str, out_of: &Option<OutOf>| {
                out_of.as_ref().map(|out_of| {
                    let n = out_of.n.as_ref().map(|n| format!("/{}", n.text)).unwrap_or_default();
                    let percent = out_of.percent.as_ref().map(|p| format!("={}", percent_of(p))).unwrap_or_default();
                    format!("{word} {}{n}{percent}", out_of.k.text)
                })
            };
            let parts = [
                part("met", &units.met),
                part("exceeded", &units.exceeded),
                part("exact", &units.exact),
                part("missed", &units.missed),
            ];
            let level = if units.level == Level::Measures { "measures: " } else { "" };
            format!("{level}{}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
        }
        Statement::Count { role, count, of_which, .. } => {
            let role = if *role == Role::Planned { "planned" } else { "done" };
            format!(
                "{role} {}{}",
                count.text,
                of_which.as_ref().map(|part| format!(", of which {}", part.text)).unwrap_or_default()
            )
        }
        Statement::Sum { total, parts, coverage, .. } => {
            let parts: Vec<String> =
                parts.iter().map(|part| format!("{} {}", part.name, part.count.text).trim().to_owned()).collect();
            let sign = if *coverage == Coverage::All { "=" } else { "<" };
            format!("{} {sign} {}", parts.join(" + "), total.text)
        }
    }
}

fn percent_of(percent: &Percent) -> String {
    let base = match percent.base {
        Base::OfPlan => " of plan",
        Base::OverPlan => " over plan",
        Base::Unstated => "",
    };
    format!("{}%{base}", percent.text)
}

#[track_caller]
fn check(text: &str, claims: &[&str]) {
    let decomposed: String = text.nfd().collect();
    for text in [text, decomposed.as_str()] {
        let reading = read(text);
        let found: Vec<String> = reading.claims.iter().map(|claim| short(claim).nfc().collect()).collect();
        assert_eq!(found, claims, "{text}\n{:#?}", reading.unread);
        assert_eq!(reading.unread, [], "{text}");
        for claim in &reading.claims {
            assert!(claim.span.end <= text.len() && text.is_char_boundary(claim.span.start), "{claim:?}");
        }
    }
}

#[track_caller]
fn check_unread(text: &str, unread: &[(&str, WhyUnread)]) {
    let reading = read(text);
    let found: Vec<_> = reading.unread.iter().map(|unread| (unread.text.as_str(), unread.why)).collect();
    assert_eq!(found, unread, "{text}\n{:#?}", reading.claims);
}

#[test]
fn a_ratio_with_its_percentage_is_read_in_every_order() {
    check("Cả năm thành lập tổ chức đảng được 47/42=111,9% kế hoạch.", &["party_org 47/42=111,9% of plan"]);
    check("Kết nạp đảng viên: 449/350 = 128,3%.", &["party_member 449/350=128,3%"]);
    check("Phát triển đoàn viên đạt 241,21% kế hoạch (1.071/444).", &["youth_member 1.071/444=241,21% of plan"]);
    check("Về công đoàn, đến nay đạt 123,4% kế hoạch năm 2022 (đạt 174/141).", &["union_org 174/141=123,4% of plan"]);
    check(
        "Toàn thành phố thành lập 48/41 tổ chức đoàn, hội thanh niên, đạt 117,07% so với kế hoạch.",
        &["youth_org 48/41=117,07% of plan"],
    );
    check("Kết nạp được 449/350 đảng viên (128,3%).", &["party_member 449/350=128,3%"]);
    check("Tổ chức Đảng – 47/42 (111,9%)", &["party_org 47/42=111,9%"]);
    check("Đảng viên mới đạt 128,3% kế hoạch, tương ứng 449/350.", &["party_member 449/350=128,3% of plan"]);
    check("Tổ chức công đoàn thành lập mới 174/kế hoạch 141, đạt 123,4%.", &["union_org 174/141=123,4%"]);
    check("Kết nạp 57/51 đảng viên, vượt hơn 11,7% kế hoạch.", &["party_member 57/51=hơn 11,7% over plan"]);
    check("Đạt 95 phần trăm kế hoạch về đoàn viên.", &["youth_member 95% of plan"]);
}

#[test]
fn several_measures_in_one_sentence_keep_their_own_figures() {
    check(
        "Thành lập 47/42 tổ chức đảng, đạt 111,9%; 174/141 công đoàn cơ sở, đạt 123,4%; phát triển đoàn viên, hội viên đạt 241,21% (1.071/444).",
        &["party_org 47/42=111,9%", "union_org 174/141=123,4%", "youth_member 1.071/444=241,21%"],
    );
    check(
        "Năm qua kết nạp 449/350 đảng viên, phát triển đoàn viên đạt 241,21% kế hoạch.",
        &["party_member 449/350", "youth_member 241,21% of plan"],
    );
    check(
        "Tổ chức đảng đạt 47/42, đoàn viên đạt 241,2% (1071/444).",
        &["party_org 47/42", "youth_member 1071/444=241,2%"],
    );
}

#[test]
fn units_that_met_and_exceeded_are_one_claim() {
    check(
        "Có 16/16 đảng bộ trực thuộc đã hoàn thành và vượt chỉ tiêu thành lập tổ chức đảng, trong đó có 4/16 đảng bộ vượt.",
        &["party_org met 16/16, exceeded 4/16"],
    );
    check(
        "15/16 đơn vị hoàn thành chỉ tiêu thành lập tổ chức đoàn, hội thanh niên, trong đó 5 đơn vị vượt chỉ tiêu.",
        &["youth_org met 15/16, exceeded 5"],
    );
    check("Về công đoàn, đã có 6 đơn vị vượt chỉ tiêu.", &["union_org exceeded 6"]);
    check("16/16 hoàn thành, trong đó 4 vượt.", &["? met 16/16, exceeded 4"]);
    check("Cả 16 đảng bộ đều hoàn thành chỉ tiêu kết nạp đảng viên.", &["party_member met 16/16"]);
    check("13 trên 16 quận, huyện đạt và vượt kế hoạch, còn 3 đơn vị chưa hoàn thành.", &["? met 13/16, missed 3"]);
    check("15/16 đơn vị (93,75%) hoàn thành chỉ tiêu.", &["? met 15/16=93,75%"]);
    check("Có 16/16 đảng bộ hoàn thành chỉ tiêu. Trong đó, 4 đảng bộ vượt.", &["? met 16/16, exceeded 4"]);
    check(
        "Đã có 3/16 huyện ủy, quận ủy hoàn thành vượt mức chỉ tiêu phát triển đảng viên.",
        &["party_member exceeded 3/16"],
    );
    check("5/5 chỉ tiêu đều vượt kế hoạch.", &["? measures: exceeded 5/5"]);
}

#[test]
fn what_met_beside_what_exceeded_leaves_it_out() {
    check(
        "Có 11/15 chỉ tiêu vượt kế hoạch, 3/15 chỉ tiêu đạt kế hoạch và 1/15 chỉ tiêu chưa đạt.",
        &["? measures: exceeded 11/15, exact 3/15, missed 1/15"],
    );
}

#[test]
fn a_figure_of_one_unit_names_it() {
    check("Quận ủy Lê Chân thành lập 4/3 tổ chức đảng, đạt 133,3%.", &["party_org [Quận ủy Lê Chân] 4/3=133,3%"]);
    check(
        "Huyện Tiên Lãng kết nạp 25 đảng viên; toàn thành phố kết nạp 449 đảng viên.",
        &["party_member [Huyện Tiên Lãng] done 25", "party_member done 449"],
    );
    check(
        "Về công đoàn có kết quả tốt, trong đó Hồng Bàng đạt 150%, Lê Chân đạt 133,3% kế hoạch.",
        &["union_org [Hồng Bàng] 150%", "union_org [Lê Chân] 133,3% of plan"],
    );
}

#[test]
fn units_that_reach_a_hundred_percent_have_met() {
    check(
        "Có 08 đảng bộ vượt chỉ tiêu, 05 đảng bộ hoàn thành 100% chỉ tiêu, 03 đảng bộ chưa hoàn thành.",
        &["? exceeded 08, exact 05, missed 03"],
    );
    check(
        "Trong năm có 12/16 đơn vị đạt từ 100% kế hoạch trở lên, trong đó 4 đơn vị vượt.",
        &["? met 12/16, exceeded 4"],
    );
}

#[test]
fn a_result_and_its_plan_may_each_have_a_noun() {
    check("Kết nạp 100 đảng viên/chỉ tiêu 90 đảng viên (đạt 111,1%).", &["party_member 100/90=111,1%"]);
    check("Phát triển được 120 công đoàn cơ sở/100 CĐCS, đạt 120%.", &["union_org 120/100=120%"]);
    check(
        "Công đoàn: kết nạp 15.230/14.000 đoàn viên, vượt 8,79% kế hoạch.",
        &["union_member 15.230/14.000=8,79% over plan"],
    );
}

#[test]
fn a_part_of_a_ratio_is_a_part_of_its_actual() {
    check(
        "Kết nạp đảng viên đạt 449/350=128,3%, trong đó có 6 chủ doanh nghiệp tư nhân.",
        &["party_member 449/350=128,3%", "party_member done 449, of which 6"],
    );
}

#[test]
fn a_ratio_and_its_units_stand_side_by_side() {
    check(
        "Toàn thành phố kết nạp 449/350 đảng viên = 128,3% kế hoạch; 16/16 đảng bộ hoàn thành và vượt chỉ tiêu, trong đó 10/16 đảng bộ vượt.",
        &["party_member 449/350=128,3% of plan", "party_member met 16/16, exceeded 10/16"],
    );
}

#[test]
fn what_was_founded_or_admitted_is_counted() {
    check("Công đoàn các cấp đã thành lập 188 công đoàn cơ sở.", &["union_org done 188"]);
    check(
        "Các cấp kết nạp gần 450 đảng viên, trong đó có 6 chủ doanh nghiệp.",
        &["party_member done gần 450, of which 6"],
    );
    check("Phấn đấu kết nạp từ 190 đến 200 đảng viên.", &["party_member planned từ 190 đến 200"]);
    check("Đã kết nạp 2.200 đảng viên trở lên.", &["party_member done 2.200 … trở lên"]);
    check(
        "Trong năm có 1 071 đoàn viên được kết nạp.".replace("1 071", "1\u{a0}071").as_str(),
        &["youth_member done 1\u{a0}071"],
    );
    check(
        "Đã thành lập mới ít nhất 25 chi bộ và kết nạp khoảng 40 đảng viên.",
        &["party_org done ít nhất 25", "party_member done khoảng 40"],
    );
}

#[test]
fn parts_and_their_whole_are_a_sum() {
    check(
        "Chỉ tiêu giao các địa phương: Tam Kỳ 150, Hội An 120, Núi Thành 200, tổng cộng 470.",
        &["? Tam Kỳ 150 + Hội An 120 + Núi Thành 200 = 470"],
    );
    check(
        "Đã thành lập 19 tổ chức đảng, gồm: Lê Chân 12 tổ chức, Hải An (4), Đồ Sơn: 3.",
        &["party_org done 19", "party_org Lê Chân 12 + Hải An 4 + Đồ Sơn 3 = 19"],
    );
    check(
        "Đã thành lập 19 tổ chức đảng, trong đó Lê Chân 12 và Hải An 4.",
        &["party_org done 19", "party_org Lê Chân 12 + Hải An 4 < 19"],
    );
    check("Ba loại hình: 178 + 81 + 52 = 311 tổ chức.", &["? 178 + 81 + 52 = 311"]);
}

#[test]
fn spelling_breaks_and_spaces_make_no_difference() {
    check(
        "Đảng uỷ các cấp thành lập tổ chức\nđảng đạt 47/42\n= 111,9%\nkế hoạch.",
        &["party_org 47/42=111,9% of plan"],
    );
    check("KẾT NẠP ĐẢNG VIÊN: 449 / 350 = 128,3 % KẾ HOẠCH", &["party_member 449/350=128,3% of plan"]);
    check("Đoàn\u{a0}viên: 1\u{a0}071/444\u{a0}=\u{a0}241,21%", &["youth_member 1\u{a0}071/444=241,21%"]);
    check("TP. Hải Phòng kết nạp 449/350 đảng viên — đạt 128,3%.", &["party_member [TP. Hải Phòng] 449/350=128,3%"]);
}

#[test]
fn dates_and_numbers_of_documents_are_no_claims() {
    for text in [
        "Hội nghị ngày 3/1/2023 và 03/01/2023 bàn về Nghị quyết số 28-NQ/TU.",
        "Theo Nghị định 06/2024/NĐ-CP, tính đến 30/6, quý I/2022 và tháng 6/2022.",
        "Sáng 3/1, hội nghị tổng kết nhiệm kỳ 2020-2025.",
    ] {
        check(text, &[]);
    }
}

#[test]
fn a_figure_that_is_not_understood_is_told_with_its_sentence() {
    use crate::vi::NoFigure::*;
    check_unread(
        "Đoàn viên đạt 1,071/444=241,21%.",
        &[("1,071/444", WhyUnread::Figure(Ambiguous)), ("241,21%", WhyUnread::PercentOfOther)],
    );
    let tcvn3 = "Thµnh lËp 47/42=111,9% kÕ ho¹ch";
    check_unread(&format!("{tcvn3}."), &[(&format!("{tcvn3}."), WhyUnread::NotUnicode(Legacy::Tcvn3))]);
    check_unread("Kết nạp 1,071 đoàn viên.", &[("1,071", WhyUnread::Figure(Ambiguous))]);
    check_unread("Tăng 12,5% so với cùng kỳ.", &[("12,5%", WhyUnread::PercentOfOther)]);
    check_unread("Tỷ lệ này là %.", &[("%", WhyUnread::NoNumber)]);
    check_unread("Đạt 50-60% kế hoạch.", &[("50-60%", WhyUnread::PercentRange)]);
    check_unread("Có 2/3 số đơn vị vượt chỉ tiêu.", &[("2/3", WhyUnread::Share)]);
    check_unread("Tỷ lệ đảng viên hoàn thành tốt nhiệm vụ chiếm 85,6%.", &[("85,6%", WhyUnread::PercentOfOther)]);
    check_unread("Có 12 đơn vị đạt 90% kế hoạch.", &[("12", WhyUnread::Number), ("90%", WhyUnread::PercentOfOther)]);
    check_unread("Khảo sát tại 5/16 đơn vị.", &[("5/16", WhyUnread::Share)]);
    check_unread("Mục 47/42/9 của bảng.", &[("47/42/9", WhyUnread::ThreeParts)]);
    check_unread("Phát triển đoàn viên 1 071/444.", &[("1 071/444", WhyUnread::SpacedThousands)]);
    check_unread("Kết nạp 1 071 đoàn viên.", &[("1 071", WhyUnread::SpacedThousands)]);
}

#[test]
fn a_sentence_and_its_bytes_lead_back_to_the_text() {
    let text = "Mở đầu. Kết nạp đảng viên đạt 449/350=128,3%. Hết.";
    let reading = read(text);
    let claim = &reading.claims[0];
    assert_eq!(&text[claim.span.clone()], "449/350=128,3%");
    assert_eq!(claim.sentence, "Kết nạp đảng viên đạt 449/350=128,3%.");
    let Statement::Ratio { actual, percent: Some(percent), .. } = &claim.statement else { panic!("{claim:?}") };
    assert_eq!((&text[actual.span.clone()], &text[percent.span.clone()]), ("449", "128,3"));
    let softened = "Kết nạp gần 450 đảng viên.";
    assert_eq!(&softened[read(softened).claims[0].span.clone()], "gần 450 đảng viên");
}

#[test]
fn each_unit_of_a_list_makes_a_claim_of_its_own() {
    let listed = ["party_org [Lê Chân] 4/3", "party_org [Hồng Bàng] 5/4", "party_org [Kiến An] 2/2"];
    for text in [
        "Kết quả thành lập tổ chức đảng: Lê Chân 4/3, Hồng Bàng 5/4, Kiến An 2/2.",
        "Thành lập tổ chức đảng của các đơn vị: Lê Chân (4/3), Hồng Bàng (5/4) và Kiến An (2/2).",
        "Về tổ chức đảng: Lê Chân: 4/3; Hồng Bàng: 5/4; Kiến An: 2/2.",
    ] {
        let reading = read(text);
        assert_eq!(reading.unread, [], "{text}");
        assert_eq!(reading.claims.iter().map(short).collect::<Vec<_>>(), listed, "{text}");
    }
    let carried = read("Toàn thành phố thành lập 47/42 tổ chức đảng. Lê Chân 4/3, Khu kinh tế 5/4.");
    let short: Vec<String> = carried.claims.iter().map(short).collect();
    assert_eq!(short, ["party_org 47/42", "party_org [Lê Chân] 4/3", "party_org [Khu kinh tế] 5/4"]);
}

#[test]
fn passages_are_read_one_after_the_other_with_what_was_named_before() {
    let passages = ["Năm 2021 thành lập 40/42 tổ chức đảng.", "Lê Chân 4/3, Hồng Bàng 5/4."];
    let readings = read_passages(&passages);
    let of = |i: usize| readings[i].claims.iter().map(short).collect::<Vec<_>>();
    assert_eq!(of(0), ["party_org 40/42"]);
    assert_eq!(of(1), ["party_org [Lê Chân] 4/3", "party_org [Hồng Bàng] 5/4"]);
    assert_eq!(readings[1].claims[0].period.year, Some(2021));
    assert_eq!(&passages[1][readings[1].claims[1].span.clone()], "5/4");
}
