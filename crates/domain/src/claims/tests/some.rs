//! Figures of some units, of each of them, and of what is told in one breath.

use super::demonstration::{accused_all, check, never_accused};
use crate::claims::*;

#[test]
fn a_percentage_of_some_units_is_not_the_city_s() {
    never_accused(&[
        "Các đơn vị đạt 100% chỉ tiêu kết nạp đảng viên là Kiến An, Đồ Sơn, Dương Kinh.",
        "Nhiều đơn vị đạt 100% chỉ tiêu kết nạp đảng viên.",
        "Những đơn vị đạt 100% kế hoạch thành lập tổ chức đảng gồm Kiến An, Đồ Sơn.",
        "Các đơn vị hoàn thành vượt 40% chỉ tiêu kết nạp đảng viên gồm An Dương, Hải An, Thủy Nguyên.",
        "Một số quận, huyện đạt 150% kế hoạch kết nạp đảng viên.",
        "Hầu hết các đơn vị đạt trên 100% kế hoạch kết nạp đảng viên.",
        "Nhiều đơn vị kết nạp trên 30 đảng viên.",
        "Nhiều đơn vị làm tốt, đạt 150% kế hoạch kết nạp đảng viên.",
        "Các địa phương dẫn đầu kết nạp 116 đảng viên.",
        "Đa số đơn vị đạt 100% kế hoạch kết nạp đảng viên.",
        "Các quận, huyện đạt 100% chỉ tiêu thành lập tổ chức đảng gồm: Ngô Quyền, Hải An, Kiến An.",
        "Có nhiều đơn vị vượt 30% chỉ tiêu kết nạp đảng viên.",
        "Không ít doanh nghiệp đạt 100% kế hoạch thành lập tổ chức đảng.",
        "Đạt 100% chỉ tiêu kết nạp đảng viên có Kiến An, Đồ Sơn, Dương Kinh.",
        "Có 6 đơn vị đạt 100% chỉ tiêu kết nạp đảng viên; các đơn vị còn lại vượt từ 14% trở lên.",
        "Các đơn vị còn lại đạt 100% kế hoạch thành lập tổ chức đảng.",
        "Kiến An, Đồ Sơn, Dương Kinh đạt 100% chỉ tiêu kết nạp đảng viên.",
        "Đơn vị cao nhất đạt 166,7% kế hoạch thành lập tổ chức đảng, đơn vị thấp nhất đạt 100%.",
        "Tỷ lệ hoàn thành của các đơn vị đạt từ 100% đến 166,7% kế hoạch thành lập tổ chức đảng.",
        "Mỗi đơn vị đạt ít nhất 100% kế hoạch thành lập tổ chức đảng.",
        "100% đơn vị hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Nơi đạt 150% kế hoạch kết nạp đảng viên là Khu kinh tế.",
    ]);
    accused_all(&[
        "Công tác kết nạp đảng viên đạt 129,3% kế hoạch, nhiều đơn vị đạt 100%.",
        "Toàn thành phố đạt 113% kế hoạch thành lập tổ chức đảng.",
        "Kết quả kết nạp đảng viên của các đơn vị đạt 128,3% kế hoạch, tức 450/350.",
        "Cả năm đạt 100% kế hoạch kết nạp đảng viên.",
    ]);
}

#[test]
fn a_ratio_behind_a_name_is_that_unit_s_and_counts_no_units() {
    never_accused(&[
        "Kiến An (15/15), Đồ Sơn (10/10) hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Kiến An 15/15, Đồ Sơn 10/10 hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Quận Đồ Sơn (10/10) đạt chỉ tiêu kết nạp đảng viên.",
        "Quận ủy Kiến An 15/15 hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Về tổ chức đảng, Kiến An 2/2, Đồ Sơn 2/2 đạt chỉ tiêu.",
        "Dương Kinh 14/14, Kiến Thụy 14/14, Tiên Lãng 13/13 hoàn thành 100% chỉ tiêu kết nạp đảng viên.",
        "Các đơn vị: Kiến An (15/15), Đồ Sơn (10/10) và Dương Kinh (14/14) đạt chỉ tiêu kết nạp đảng viên.",
        "Huyện ủy Cát Hải (1/2) chưa hoàn thành chỉ tiêu thành lập tổ chức đoàn.",
        "Huyện đoàn Cát Hải (1/2) chưa hoàn thành chỉ tiêu thành lập tổ chức đoàn.",
        "Hải Phòng có 16/16 đơn vị hoàn thành chỉ tiêu kết nạp đảng viên.",
    ]);
    accused_all(&[
        "Kiến An (15/16), Đồ Sơn (10/10) hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Quận Đồ Sơn (9/10) chưa đạt chỉ tiêu kết nạp đảng viên.",
        "Về kết nạp đảng viên, 15/16 hoàn thành chỉ tiêu.",
        "Dương Kinh 13/14, Kiến Thụy 14/14, Tiên Lãng 13/13 hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Huyện đoàn Cát Hải (2/2) hoàn thành chỉ tiêu thành lập tổ chức đoàn.",
        "Hải Phòng có 15/16 đơn vị hoàn thành chỉ tiêu kết nạp đảng viên.",
    ]);
}

#[test]
fn the_bodies_of_the_young_are_named_in_one_breath() {
    never_accused(&[
        "Kết quả: tổ chức đảng 47/42; công đoàn 174/141; đoàn, hội 48/41; đảng viên 449/350.",
        "Công đoàn: 174/141 tổ chức (123,4%); đoàn, hội: 48/41 tổ chức (117,07%).",
        "Tổ chức đảng đạt 111,9%, công đoàn đạt 123,4%, đoàn, hội đạt 117,1%.",
        "Công đoàn đạt 174/141, đoàn và hội đạt 48/41.",
        "Công đoàn đạt 174/141, Đoàn - Hội đạt 48/41.",
        "Đoàn, hội thành lập 48/41 tổ chức.",
        "Công đoàn cơ sở vượt 23,4%, đoàn, hội vượt 17,1% kế hoạch.",
        "Về tổ chức đoàn, hội đạt 48/41; về đoàn, hội viên đạt 1.071/444.",
        "Chỉ tiêu công đoàn 141, đoàn, hội 41; kết quả công đoàn 174, đoàn, hội 48.",
    ]);
    accused_all(&[
        "Kết quả: tổ chức đảng 47/42; công đoàn 174/141; đoàn, hội 47/41; đảng viên 449/350.",
        "Tổ chức đảng đạt 111,9%, công đoàn đạt 123,4%, đoàn, hội đạt 123,4%.",
        "Đoàn, hội đạt 47/41 tổ chức, công đoàn đạt 174/141.",
    ]);
}

#[test]
fn what_stands_between_the_met_and_the_exceeded_is_their_result() {
    never_accused(&[
        "16/16 đảng bộ đã hoàn thành và vượt chỉ tiêu thành lập tổ chức đảng (47/42), trong đó có 4/16 đảng bộ vượt.",
        "Về tổ chức đảng, 16/16 hoàn thành; đảng viên đạt 449/350, trong đó 10/16 đơn vị vượt.",
        "16/16 đơn vị hoàn thành chỉ tiêu thành lập tổ chức đảng, kết nạp đảng viên đạt 449/350, trong đó 10/16 đơn vị vượt.",
        "15/16 đơn vị hoàn thành chỉ tiêu thành lập tổ chức đoàn, hội (48/41=117,07%), trong đó 5 đơn vị vượt.",
    ]);
    accused_all(&[
        "16/16 đảng bộ đã hoàn thành và vượt chỉ tiêu thành lập tổ chức đảng (47/42), trong đó có 6/16 đảng bộ vượt.",
        "16/16 đảng bộ đã hoàn thành và vượt chỉ tiêu thành lập tổ chức đảng với 47/42 tổ chức, trong đó 6/16 đảng bộ vượt.",
        "16/16 đơn vị hoàn thành chỉ tiêu thành lập tổ chức đảng, đạt 47/42, trong đó 7/16 đơn vị vượt.",
    ]);
}

#[test]
fn a_surplus_of_five_in_brackets_has_no_room_for_six() {
    let arithmetic =
        |text: &str| judge(read(text).claims, None).iter().map(|one| one.arithmetic.word()).collect::<Vec<_>>();
    for between in ["(47/42)", "với 47/42 tổ chức", "(47/42=111,9%)", ", đạt 47/42,"] {
        let text = |exceeded: u32| {
            format!(
                "16/16 đảng bộ đã hoàn thành và vượt chỉ tiêu thành lập tổ chức đảng {between}, trong đó có {exceeded}/16 đảng bộ vượt."
            )
        };
        assert!(arithmetic(&text(6)).contains(&"cannot follow"), "{between}");
        assert!(!arithmetic(&text(5)).contains(&"cannot follow"), "{between}");
    }
    // Between them stands the result of something else.
    let other = "Về tổ chức đảng, 16/16 đơn vị hoàn thành; đảng viên đạt 449/350, trong đó 10/16 đơn vị vượt.";
    assert!(!arithmetic(other).contains(&"cannot follow"));
}

#[test]
fn in_a_list_of_units_their_members_need_no_verb() {
    check("Lê Chân: 36 đảng viên; Hồng Bàng: 33 đảng viên.", &[("Lê Chân", "equal"), ("Hồng Bàng", "equal")]);
    // They may have had so many before.
    check(
        "Lê Chân: 3.600 đảng viên; Hồng Bàng: 3.300 đảng viên.",
        &[("Lê Chân", "not in the data"), ("Hồng Bàng", "not in the data")],
    );
}
