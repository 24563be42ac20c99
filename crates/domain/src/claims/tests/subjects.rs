//! Who is not in the ledger is never held against the city, and the city is known by the name that the ledger has for it.

use super::fair::city;
use crate::claims::*;

/// What is found of each claim against a ledger of the committee of this name.
fn found(text: &str, whole: &str) -> Vec<String> {
    let ledger = Ledger { whole: Some(whole.to_owned()), ..city() };
    let judged = judge(read(text).claims, Some(&ledger));
    let line = |judged: &Judged| {
        let ledger = judged.ledger.as_ref().unwrap();
        let finding = if judged.arithmetic.is_wrong() { &judged.arithmetic } else { ledger };
        format!("{} {}", finding.word(), finding.detail()).trim_end().to_owned()
    };
    judged.iter().map(line).collect()
}

const CITY: &str = "Thành ủy Hải Phòng";

#[test]
fn whoever_the_ledger_does_not_know_is_named_and_not_compared() {
    for (text, unit) in [
        ("TP. Hồ Chí Minh kết nạp 9.000 đảng viên.", "TP. Hồ Chí Minh"),
        ("TP Hồ Chí Minh kết nạp 9.000 đảng viên.", "TP Hồ Chí Minh"),
        ("Thành phố Hồ Chí Minh kết nạp 9.000 đảng viên.", "Thành phố Hồ Chí Minh"),
        ("Năm 2022, thành phố Hà Nội kết nạp 9.000 đảng viên.", "thành phố Hà Nội"),
        ("Tỉnh Quảng Ninh phát triển 812 đảng viên.", "Tỉnh Quảng Ninh"),
        ("Trong khi đó, tỉnh Quảng Ninh phát triển 812 đảng viên.", "tỉnh Quảng Ninh"),
        ("Đảng bộ tỉnh Nghệ An thành lập 120/100 tổ chức đảng, đạt 120% kế hoạch.", "tỉnh Nghệ An"),
        ("Tỉnh ủy Quảng Ninh kết nạp 812 đảng viên.", "Tỉnh ủy Quảng Ninh"),
        ("Thành ủy Hà Nội đã kết nạp 9.000 đảng viên.", "Thành ủy Hà Nội"),
        ("Tỉnh đoàn Hải Dương phát triển 2.000 đoàn viên, hội viên thanh niên.", "Tỉnh đoàn Hải Dương"),
        ("Liên đoàn Lao động tỉnh Hải Dương thành lập 90 công đoàn cơ sở.", "tỉnh Hải Dương"),
        ("Đoàn Thanh niên tỉnh Hải Dương thành lập 30 tổ chức đoàn.", "tỉnh Hải Dương"),
        ("Hà Nội kết nạp 9.000 đảng viên.", "Hà Nội"),
        ("Hà Nội, trong năm 2022, đã kết nạp 9.000 đảng viên.", "Hà Nội"),
        ("Hà Nội đạt 47/42 tổ chức đảng.", "Hà Nội"),
        ("Tại Hà Nội, kết nạp 9.000 đảng viên.", "Hà Nội"),
        ("Kết nạp 9.000 đảng viên tại Hà Nội.", "Hà Nội"),
        ("Quận ủy Ba Đình kết nạp 50 đảng viên.", "Quận ủy Ba Đình"),
        ("Đặc khu Vân Đồn kết nạp 50 đảng viên.", "Đặc khu Vân Đồn"),
        ("Thị xã Đông Triều kết nạp 50 đảng viên.", "Thị xã Đông Triều"),
        ("Phường Bến Nghé kết nạp 5 đảng viên.", "Phường Bến Nghé"),
        ("Khu kinh tế Vân Phong thành lập 5/4 tổ chức đảng.", "Khu kinh tế Vân Phong"),
        ("TP. Hồ Chí Minh có 22/22 đảng bộ hoàn thành chỉ tiêu kết nạp đảng viên.", "TP. Hồ Chí Minh"),
        ("Trong khi Hà Nội kết nạp 9.000 đảng viên, có nhiều kết quả.", "Hà Nội"),
        ("Ở Nghệ An, 812 đảng viên được kết nạp.", "Nghệ An"),
        ("TP.HCM kết nạp 9.000 đảng viên.", "TP.HCM"),
        ("TPHCM kết nạp 9.000 đảng viên.", "TPHCM"),
        ("Thành phố Huế kết nạp 500 đảng viên.", "Thành phố Huế"),
        ("TỈNH QUẢNG NINH KẾT NẠP 812 ĐẢNG VIÊN.", "TỈNH QUẢNG NINH"),
        ("THÀNH PHỐ HỒ CHÍ MINH KẾT NẠP 9.000 ĐẢNG VIÊN.", "THÀNH PHỐ HỒ CHÍ MINH"),
        ("Toàn tỉnh kết nạp 812 đảng viên.", "Toàn tỉnh"),
        ("Đảng bộ tỉnh thành lập 120/100 tổ chức đảng.", "Đảng bộ tỉnh"),
        ("Việt Nam kết nạp 200.000 đảng viên.", "Việt Nam"),
        ("Hà Nội có 5/5 chỉ tiêu hoàn thành và vượt kế hoạch.", "Hà Nội"),
    ] {
        let finding = format!("not in the data no unit “{unit}”");
        let found = found(text, CITY);
        assert!(!found.is_empty() && found.iter().all(|one| *one == finding), "{text} {found:?}");
    }
    let two = "Hà Nội thành lập 100 tổ chức đảng, kết nạp 9.000 đảng viên.";
    assert_eq!(found(two, CITY), ["not in the data no unit “Hà Nội”"; 2]);
}

#[test]
fn the_nation_is_more_than_any_ledger_has() {
    for text in [
        "Cả nước thành lập 1.200 tổ chức đảng.",
        "Cả nước đạt 47.000/42.000 tổ chức đảng.",
        "Trong năm, cả nước kết nạp 200.000 đảng viên.",
        "Trung ương giao kết nạp 200.000 đảng viên.",
        "Các tỉnh, thành phố kết nạp 90.000 đảng viên.",
        "Công đoàn Việt Nam thành lập 2.000 công đoàn cơ sở.",
        "Quân khu 3 kết nạp 500 đảng viên.",
        "Toàn quốc có 63/63 đảng bộ hoàn thành chỉ tiêu kết nạp đảng viên.",
        "Cả nước kết nạp 200.000 đảng viên, trong đó: Hà Nội 9.000, Nghệ An 8.000.",
    ] {
        let found = found(text, CITY);
        assert!(!found.is_empty() && found.iter().all(|one| one.starts_with("not in the data")), "{text} {found:?}");
    }
}

#[test]
fn the_city_is_known_by_every_form_of_the_name_that_its_committee_has() {
    for (whole, names) in [
        (
            CITY,
            [
                "Hải Phòng",
                "TP. Hải Phòng",
                "TP Hải Phòng",
                "Thành phố Hải Phòng",
                "Thành ủy Hải Phòng",
                "Đảng bộ thành phố Hải Phòng",
                "Toàn thành phố Hải Phòng",
                "Toàn thành phố",
                "Đảng bộ thành phố",
            ],
        ),
        (
            "Tỉnh ủy Hải Dương",
            [
                "Hải Dương",
                "Tỉnh Hải Dương",
                "Tỉnh ủy Hải Dương",
                "Đảng bộ tỉnh Hải Dương",
                "Toàn tỉnh Hải Dương",
                "Toàn tỉnh",
                "Đảng bộ tỉnh",
                "Toàn đảng bộ tỉnh",
                "Cả tỉnh",
            ],
        ),
    ] {
        for name in names {
            for text in [
                format!("{name} kết nạp 448 đảng viên."),
                format!("Năm 2022, {name} đã kết nạp 448 đảng viên."),
                format!("{name} đạt 448/350 đảng viên, trong đó có nhiều công nhân."),
            ] {
                let found = found(&text, whole);
                let told = found.iter().any(|one| one.starts_with("differs") && one.contains("printed 448"));
                assert!(told, "{whole}: {text} {found:?}");
            }
            assert_eq!(found(&format!("{name} kết nạp 449 đảng viên."), whole), ["equal"], "{whole}: {name}");
        }
    }
    assert_eq!(found("Kết nạp 449 đảng viên tại Hải Phòng.", CITY), ["equal"]);
    assert_eq!(found("Hải Phòng kết nạp 449 đảng viên.", "Tỉnh ủy Hải Dương"), ["not in the data no unit “Hải Phòng”"]);
    assert_eq!(
        found("TP. Hải Dương kết nạp 449 đảng viên.", "Tỉnh ủy Hải Dương"),
        ["not in the data no unit “TP. Hải Dương”"]
    );
}

#[test]
fn an_office_that_sees_its_own_is_the_whole_of_its_figures() {
    let own = "Quận ủy Đồ Sơn";
    assert_eq!(found("Quận Đồ Sơn kết nạp 449 đảng viên.", own), ["equal"]);
    assert_eq!(found("Hải Phòng kết nạp 448 đảng viên.", own), ["not in the data no unit “Hải Phòng”"]);
    assert_eq!(found("Phường Đồ Sơn kết nạp 448 đảng viên.", own), ["not in the data no unit “Phường Đồ Sơn”"]);
}

#[test]
fn a_part_of_the_city_s_own_count_is_no_total_of_it() {
    let text = "Thành phố Hải Phòng kết nạp 449 đảng viên, trong đó kết nạp 30 đảng viên mới.";
    assert!(found(text, CITY).iter().all(|one| !one.starts_with("differs")), "{:?}", found(text, CITY));
}

#[test]
fn units_are_held_against_the_whole_of_whoever_has_them() {
    let ours = "Hải Phòng đạt 47/42 tổ chức đảng.";
    let theirs = "TP. Hồ Chí Minh có 22/22 đảng bộ hoàn thành chỉ tiêu thành lập tổ chức đảng, 21 đảng bộ vượt.";
    assert_eq!(found(&format!("{ours} {theirs}"), CITY), ["equal", "not in the data no unit “TP. Hồ Chí Minh”"]);
    let six = "16/16 đảng bộ hoàn thành chỉ tiêu thành lập tổ chức đảng, trong đó 6 đảng bộ vượt.";
    assert!(found(&format!("{ours} {six}"), CITY)[1].starts_with("cannot follow"));
    assert!(found(&format!("Hà Nội đạt 100/42 tổ chức đảng. {six}"), CITY)[1].starts_with("differs"));
    let offline = |text: &str| judge(read(text).claims, None).iter().map(Judged::is_wrong).collect::<Vec<_>>();
    assert_eq!(offline(&format!("{ours} {six}")), [false, true]);
    assert_eq!(offline(&format!("{ours} {theirs}")), [false, false]);
}

#[test]
fn a_body_of_the_city_is_met_by_its_whole_name_and_the_city_by_the_rest() {
    let mut ledger = Ledger { whole: Some(CITY.to_owned()), ..city() };
    let cell = |name: &str, actual| UnitFigures {
        name: name.to_owned(),
        actual,
        plan: None,
        of_which: std::collections::BTreeMap::new(),
    };
    ledger.measures[4].cells.push(cell("Thành đoàn Hải Phòng", 20));
    let word = |text: &str| judge(read(text).claims, Some(&ledger))[0].ledger.as_ref().unwrap().word();
    for (name, n) in [("Thành đoàn Hải Phòng", "20"), ("Hải Phòng", "1.071"), ("TP. Hải Phòng", "1.071")] {
        assert_eq!(word(&format!("{name} phát triển {n} đoàn viên, hội viên thanh niên.")), "equal", "{name}");
        assert_eq!(
            word(&format!("Năm 2022, {name} phát triển {n} đoàn viên, hội viên thanh niên.")),
            "equal",
            "{name}"
        );
    }
}
