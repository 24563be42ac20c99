//! Sentences that speak of something else than the whole of a measure in its period, in words that no list has; and those that do speak of it.

use unicode_normalization::UnicodeNormalization;

use super::fair::city;
use crate::claims::*;

/// Each claim that is accused, with what it is accused of.
fn accused(text: &str) -> Vec<String> {
    let wrong = |judged: &Judged| {
        let ledger = judged.ledger.as_ref().unwrap();
        let finding = if judged.arithmetic.is_wrong() { &judged.arithmetic } else { ledger };
        judged
            .is_wrong()
            .then(|| format!("{}: {} {}", &text[judged.claim.span.clone()], finding.word(), finding.detail()))
    };
    judge(read(text).claims, Some(&city())).iter().filter_map(wrong).collect()
}

#[track_caller]
fn never_accused(texts: &[&str]) {
    let found: Vec<_> = texts
        .iter()
        .flat_map(|text| [(*text).to_owned(), text.nfd().collect()])
        .map(|text| (accused(&text), text))
        .filter(|(accused, _)| !accused.is_empty())
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[track_caller]
fn accused_all(texts: &[&str]) {
    let missed: Vec<_> = texts.iter().filter(|text| accused(text).is_empty()).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn those_that_met_and_those_that_exceeded_may_be_told_apart() {
    never_accused(&[
        "Có 6/16 đơn vị đạt chỉ tiêu và 10/16 đơn vị vượt chỉ tiêu kết nạp đảng viên.",
        "Có 6 đơn vị đạt 100% chỉ tiêu, 10 đơn vị vượt chỉ tiêu kết nạp đảng viên.",
        "Về đảng viên: 6/16 đơn vị hoàn thành, 10/16 đơn vị hoàn thành vượt mức.",
        "12 đơn vị đạt 100% kế hoạch và 4 đơn vị vượt kế hoạch về thành lập tổ chức đảng.",
        "Về thành lập tổ chức thanh niên, 10 đơn vị hoàn thành, 5 đơn vị vượt kế hoạch, 1 đơn vị chưa hoàn thành.",
        "16 đơn vị hoàn thành chỉ tiêu thành lập tổ chức đảng, gồm 12 đơn vị đạt 100% và 4 đơn vị đạt trên 100%.",
    ]);
    accused_all(&[
        "Có 6/16 đơn vị đạt chỉ tiêu và 11/16 đơn vị vượt chỉ tiêu kết nạp đảng viên.",
        "Có 7 đơn vị đạt 100% chỉ tiêu, 10 đơn vị vượt chỉ tiêu kết nạp đảng viên.",
        "16/16 đơn vị hoàn thành chỉ tiêu thành lập tổ chức đảng, trong đó 6 đơn vị vượt.",
        "Thành lập tổ chức đảng đạt 47/42; 16/16 đơn vị hoàn thành, 6 đơn vị vượt.",
    ]);
}

#[test]
fn a_percentage_behind_a_ratio_may_be_of_another_base() {
    never_accused(&[
        "Thành lập 47/42 tổ chức đảng, bằng 123,7% so với năm 2021.",
        "Thành lập 47/42 tổ chức đảng, bằng 123,7% cùng kỳ.",
        "Thành lập 47/42 tổ chức đảng, đạt 123,7% so với cùng kỳ năm trước.",
        "Kết nạp 449/350 đảng viên, bằng 116% năm 2021.",
        "Kết nạp 449/350 đảng viên, chiếm 12,3% tổng số đảng viên mới.",
        "Đến nay đã kết nạp 1.203/1.750 đảng viên, đạt 68,7% chỉ tiêu nhiệm kỳ.",
        "Thu ngân sách đạt 106,9% dự toán; thành lập tổ chức đảng đạt 111,9% kế hoạch.",
        "Tăng trưởng kinh tế đạt 12,32%, kết nạp đảng viên đạt 128,3% kế hoạch.",
        "Giải ngân vốn đầu tư công đạt 95,3% kế hoạch; kết nạp 449 đảng viên.",
        "Kết nạp 449 đảng viên; giải ngân đạt 95,3% kế hoạch.",
        "Tỷ lệ hộ nghèo còn 0,8%, đạt 100% kế hoạch; thành lập 47/42 tổ chức đảng.",
        "GRDP tăng 12,3%, thu ngân sách đạt 113% kế hoạch, thành lập 47 tổ chức đảng.",
        "25% số đơn vị vượt chỉ tiêu thành lập tổ chức đảng (4/16).",
        "Tỷ lệ đảng viên nữ chiếm 52,5% số đảng viên kết nạp (171/326).",
        "Kết quả thành lập tổ chức đảng, công đoàn, đoàn thanh niên lần lượt đạt 111,9%, 123,4% và 117,07% kế hoạch.",
        "Liên đoàn Lao động thành phố phát triển 12.560 đoàn viên, đạt 104,7% kế hoạch.",
        "Đơn vị thấp nhất đạt 50% kế hoạch thành lập tổ chức thanh niên.",
        "Chi bộ đạt 100% chỉ tiêu.",
    ]);
    accused_all(&[
        "Thành lập 47/42 tổ chức đảng, bằng 123,7% kế hoạch.",
        "Thành lập 47/42 tổ chức đảng, đạt 113%.",
        "Kết nạp đảng viên đạt 129,3% kế hoạch.",
        "Công tác thành lập tổ chức đảng đạt 113% chỉ tiêu.",
    ]);
}

#[test]
fn a_list_may_name_some_of_the_parts_only_or_count_some_twice() {
    never_accused(&[
        "Toàn thành phố kết nạp 449 đảng viên, gồm: Khối Doanh nghiệp 71, Khu kinh tế 60, còn lại là các quận, huyện.",
        "Toàn thành phố kết nạp 449 đảng viên: nhiều nhất là Khối Doanh nghiệp 71, Khu kinh tế 60, Lê Chân 36.",
        "Toàn thành phố kết nạp 449 đảng viên, gồm: Khối Doanh nghiệp 71, Khu kinh tế 60, Lê Chân 36…",
        "Toàn thành phố kết nạp 449 đảng viên, gồm: Khối Doanh nghiệp 71, Khu kinh tế 60, Lê Chân 36, v.v.",
        "Thành lập 47 tổ chức đảng gồm 2 tổ chức của Thủy Nguyên, 4 tổ chức của Lê Chân và các đơn vị khác.",
        "Toàn thành phố thành lập 47 tổ chức đảng: Lê Chân 4, Thủy Nguyên 2, …, Ngô Quyền 3, các đơn vị còn lại 2.",
        "Kết nạp 449 đảng viên, gồm 171 nữ, 165 công nhân, 6 chủ doanh nghiệp tư nhân.",
        "Trong 449 đảng viên mới gồm 171 nữ, 165 công nhân và 6 chủ doanh nghiệp.",
        "Thành lập mới 283 tổ chức đảng, đoàn thể, gồm 47 tổ chức đảng, 188 công đoàn, 48 tổ chức thanh niên.",
        "Năm 2022, toàn Đảng bộ thành phố kết nạp 3.650 đảng viên mới, trong đó 449 đảng viên trong các doanh nghiệp ngoài nhà nước.",
    ]);
    accused_all(&[
        "Thành lập 47 tổ chức đảng, gồm: Hồng Bàng 5, Ngô Quyền 3, Lê Chân 4.",
        "Thành lập 188 tổ chức công đoàn, gồm 174 tổ chức ở quận, huyện và Khu kinh tế và 15 của công đoàn ngành.",
        "Kết nạp 449 đảng viên, gồm 171 nữ, 166 công nhân.",
    ]);
}

#[test]
fn plans_go_on_in_a_list_until_a_result_is_told() {
    never_accused(&[
        "Thành ủy giao chỉ tiêu năm 2022: thành lập 42 tổ chức đảng, 141 tổ chức công đoàn, 41 tổ chức đoàn, hội thanh niên; kết nạp 350 đảng viên, 444 đoàn viên, hội viên.",
        "Chỉ tiêu năm 2022: kết nạp 350 đảng viên; thành lập 42 tổ chức đảng.",
        "Kế hoạch năm 2022: thành lập 42 tổ chức đảng, kết nạp 350 đảng viên.",
        "Chỉ tiêu năm 2022 là kết nạp 350 đảng viên, thành lập 42 tổ chức đảng, 141 công đoàn.",
        "Thành ủy giao các đơn vị thành lập 42 tổ chức đảng, kết nạp 350 đảng viên.",
        "Kết nạp 449 trên tổng số 350 đảng viên theo kế hoạch.",
        "Thành lập 47 trên 42 tổ chức đảng theo kế hoạch.",
    ]);
    accused_all(&[
        "Chỉ tiêu năm 2022 kết nạp 350 đảng viên, kết quả kết nạp 440 đảng viên.",
        "Thành ủy giao thành lập 42 tổ chức đảng, đã thành lập 46 tổ chức đảng.",
    ]);
}

#[test]
fn whoever_was_spoken_of_before_may_still_be_meant() {
    never_accused(&[
        "Năm 2022, quận Lê Chân được giao thành lập 3 tổ chức đảng, kết nạp 30 đảng viên; kết quả đã thành lập 4 tổ chức đảng, kết nạp 36 đảng viên.",
        "Quận ủy Hải An là đơn vị tiêu biểu. Năm 2022, quận kết nạp 34 đảng viên, vượt 41,7% chỉ tiêu.",
        "Huyện ủy An Lão tập trung khảo sát 120 doanh nghiệp. Kết quả, đã thành lập 2 tổ chức đảng, kết nạp 18 đảng viên.",
        "Tại quận Lê Chân, công tác này được quan tâm; năm 2022 đã thành lập 4 tổ chức đảng.",
        "Đảng ủy Khu kinh tế quản lý 450 doanh nghiệp. Năm qua, Đảng ủy đã thành lập 5 tổ chức đảng, kết nạp 60 đảng viên.",
        "Chi bộ số 3 kết nạp 5 đảng viên.",
        "Đảng bộ phường 5 kết nạp 12 đảng viên.",
        "Đại học Hàng hải kết nạp 120 đảng viên.",
        "Huế kết nạp 900 đảng viên.",
        "Các hội, đoàn thể kết nạp 5.600 đoàn viên, hội viên.",
        "Khối quận có 4/7 đơn vị vượt chỉ tiêu kết nạp đảng viên; khối huyện có 4/7 đơn vị vượt; 2/2 đảng ủy trực thuộc vượt.",
        "Công đoàn Lê Chân kết nạp 35 đảng viên.",
        "Quận đoàn Lê Chân kết nạp 35 đảng viên.",
    ]);
    accused_all(&[
        "Quận ủy Lê Chân là đơn vị tiêu biểu. Toàn thành phố kết nạp 440 đảng viên.",
        "Trong đó, Lê Chân 4, Hồng Bàng 5. Năm 2022, thành phố kết nạp 440 đảng viên.",
        "Năm 2022, Đảng bộ thành phố đã kết nạp 440 đảng viên.",
        "Các cấp ủy đã tập trung chỉ đạo, thành lập 46 tổ chức đảng.",
    ]);
    let of = |text: &str| judge(read(text).claims, Some(&city()))[0].ledger.as_ref().unwrap().word();
    assert_eq!(of("Công đoàn Lê Chân kết nạp 36 đảng viên."), "not in the data", "a union admits none");
    assert_eq!(of("Quận ủy Lê Chân kết nạp 36 đảng viên."), "equal");
}

#[test]
fn another_year_and_several_years_are_no_year() {
    never_accused(&[
        "Cùng kỳ năm 2021 kết nạp 387 đảng viên.",
        "So với năm 2021 (kết nạp 387 đảng viên), năm 2022 tăng 62 đảng viên.",
        "Cùng kỳ năm trước, thành phố kết nạp 387 đảng viên, đạt 110,6% kế hoạch.",
        "Năm trước, thành phố chỉ thành lập được 38 tổ chức đảng.",
        "Năm trước có 13/16 đơn vị hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Cùng kỳ năm 2021 có 13/16 đơn vị hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Chỉ tiêu năm tới là thành lập 45 tổ chức đảng.",
        "Mục tiêu năm sau kết nạp 400 đảng viên.",
        "Thời gian tới, thành phố phấn đấu kết nạp 500 đảng viên.",
        "Nửa đầu năm 2022, kết nạp 224 đảng viên.",
        "Trong 11 tháng năm 2022, kết nạp 401 đảng viên.",
        "Trong hai năm, thành phố kết nạp 836 đảng viên.",
        "Ba năm liên tiếp thành phố kết nạp trên 1.200 đảng viên.",
        "Kể từ khi có Nghị quyết 28, thành phố kết nạp 640 đảng viên.",
    ]);
    let of = |text: &str| judge(read(text).claims, Some(&city())).pop().unwrap().ledger.unwrap().word();
    assert_eq!(of("Kết nạp 449/350 đảng viên, bằng 116% năm 2021."), "equal");
    assert_eq!(
        of("Đạt 68,7% chỉ tiêu nhiệm kỳ. Năm nay kết nạp 449 đảng viên."),
        "equal",
        "the plan's time is no time of what follows"
    );
    accused_all(&[
        "So với năm 2021, thành phố kết nạp 440 đảng viên.",
        "Trong 12 tháng năm 2022, kết nạp 440 đảng viên.",
        "Năm 2022, cùng với kết quả của năm trước, thành phố kết nạp 440 đảng viên.",
    ]);
}

#[test]
fn what_is_assessed_is_no_measure() {
    never_accused(&[
        "Có 1.120/1.245 tổ chức đảng hoàn thành tốt nhiệm vụ, trong đó 240 tổ chức hoàn thành xuất sắc.",
        "Trong 1.245 tổ chức cơ sở đảng, có 249 tổ chức hoàn thành xuất sắc nhiệm vụ.",
        "Có 15/17 chỉ tiêu hoàn thành, trong đó 9 chỉ tiêu vượt kế hoạch.",
        "Đại hội đề ra 20 chỉ tiêu, đến nay có 12 chỉ tiêu hoàn thành và vượt.",
        "Kết nạp lại 3 đảng viên.",
    ]);
    accused_all(&["4/5 chỉ tiêu hoàn thành và vượt kế hoạch, 1/5 chỉ tiêu chưa hoàn thành, trong đó 5 chỉ tiêu vượt."]);
}

#[test]
fn no_number_is_swallowed_as_a_day_or_an_ordinal() {
    for (text, numbers) in [
        ("Số tổ chức đảng thành lập đạt từ 3/2 đến 5/3 chỉ tiêu ở các đơn vị.", vec!["3/2", "5/3"]),
        ("Thành lập tổ chức đảng: các đơn vị đạt từ 2/2 đến 5/3.", vec!["2/2", "5/3"]),
        ("Tỷ lệ đơn vị hoàn thành tăng từ 10/12 lên 16/16.", vec!["10/12", "16/16"]),
        ("Số 449 đảng viên được kết nạp là kết quả cao nhất từ trước đến nay.", vec!["449"]),
        ("Thành phố đã trao quyết định 5 tổ chức đảng.", vec!["5"]),
        ("Đã có được 47 năm nay.", vec!["47"]),
    ] {
        let reading = read(text);
        let told: Vec<&str> = reading.claims.iter().map(|claim| &text[claim.span.clone()]).collect();
        let unread: Vec<&str> = reading.unread.iter().map(|unread| unread.text.as_str()).collect();
        for number in numbers {
            assert!(
                told.iter().chain(&unread).any(|said| said.contains(number)),
                "{text}: {number} {told:?} {unread:?}"
            );
        }
        assert!(accused(text).is_empty(), "{text}: {:?}", accused(text));
    }
}
