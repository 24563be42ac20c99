//! `socai check-claims` against the demonstration.

use std::path::Path;

use serde_json::Value;

use crate::{
    process::{Process, socai},
    subcommands::ask,
};

/// The review's figures in other words; the last two claims are not so.
const TEXT: &str = "\
Kết quả năm 2022. Toàn thành phố thành lập được 47/42 tổ chức đảng, đạt 111,9% kế hoạch; 16/16 đảng bộ hoàn thành và vượt chỉ tiêu, \
trong đó 4/16 đảng bộ vượt.\n\
Khối công đoàn: 174/141=123,4% kế hoạch. Tổ chức đoàn, hội thanh niên: 48/41 (117,07%).\n\
Đảng viên mới: 449/350=128,3%. Đoàn viên, hội viên thanh niên đạt 241,21% kế hoạch\n(1.071/444), tăng 12% so với cùng kỳ.\n\n\
Có nơi viết: tổ chức đảng đạt 47/42, trong đó 16/16 đơn vị hoàn thành, 6/16 đơn vị vượt. Đã kết nạp 452 đảng viên.\n";

fn check(node: &Process, data: &Path, arguments: &[&str], text: &str) -> (Option<i32>, Vec<u8>, String) {
    let checked = ask(node, data, "leader", &[["check-claims", "-"].as_slice(), arguments].concat(), text);
    (checked.status.code(), checked.stdout, String::from_utf8(checked.stderr).unwrap())
}

/// Claim, verdict by arithmetic, verdict by the ledger.
fn verdicts(answer: &Value, text: &str) -> Vec<[String; 3]> {
    let word = |finding: &Value| finding["finding"].as_str().unwrap_or_default().to_owned();
    let line = |claim: &Value| {
        let place = |end: &str| usize::try_from(claim["span"][end].as_u64().unwrap()).unwrap();
        let printed = text[place("start")..place("end")].split_whitespace().collect::<Vec<_>>().join(" ");
        [printed, word(&claim["arithmetic"]), word(&claim["ledger"])]
    };
    answer["claims"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn the_claims_of_a_text_are_held_against_the_tallies() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let (code, printed, told) = check(&node, folder.path(), &["--output", "json"], TEXT);
    assert_eq!(code, Some(6), "{told}");
    assert!(told.contains("2 of 9 claims cannot follow or differ"), "{told}");
    let answer: Value = serde_json::from_slice(&printed).unwrap();
    let expected = [
        ["47/42 tổ chức đảng, đạt 111,9%", "equal", "equal"],
        ["16/16 đảng bộ hoàn thành và vượt chỉ tiêu, trong đó 4/16 đảng bộ vượt", "consistent", "equal"],
        ["174/141=123,4%", "equal", "equal"],
        ["48/41 (117,07%", "equal", "equal"],
        ["449/350=128,3%", "equal", "equal"],
        ["241,21% kế hoạch (1.071/444", "rounding_differs", "rounding_differs"],
        ["47/42", "unchecked", "equal"],
        ["16/16 đơn vị hoàn thành, 6/16 đơn vị vượt", "cannot_follow", "differs"],
        ["452 đảng viên", "unchecked", "differs"],
    ];
    assert_eq!(verdicts(&answer, TEXT), expected.map(|line| line.map(str::to_owned)));
    assert_eq!(answer["claims"][5]["ledger"]["rules"][0], "truncated/2");
    assert_eq!(answer["claims"][8]["ledger"]["differences"][0]["by"], 3);
    assert_eq!((&answer["unread"][0]["text"], &answer["demonstration"]), (&"12%".into(), &true.into()));
}

#[test]
fn a_text_that_only_rounds_otherwise_ends_well_and_is_printed_with_its_sentences() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let text = "Đoàn viên đạt 241,21% kế hoạch (1.071/444).";
    let (code, printed, told) = check(&node, folder.path(), &[], text);
    let printed = String::from_utf8(printed).unwrap();
    assert_eq!(code, Some(0), "{told}");
    for part in ["SỐ LIỆU MINH HỌA", "rounding differs: only truncated/2; half-up prints 241,22", text] {
        assert!(printed.contains(part), "{part} in {printed}");
    }
    let early = ["--known", "1", "--output", "json"];
    let (code, printed, _) = check(&node, folder.path(), &early, text);
    assert_ne!(code, Some(0), "nothing was known at the first position: {}", String::from_utf8_lossy(&printed));
}

#[test]
fn claims_of_another_time_than_was_asked_about_are_told_with_what_to_ask() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo"]);
    let other_year = "Năm 2023, thành lập 57/51 tổ chức đảng.";
    let (code, _, told) = check(&node, folder.path(), &[], other_year);
    assert_eq!(code, Some(1), "{told}");
    for part in
        ["asked about, compared with nothing: 1", "of 2023: ask with --period 2023", "no claim in - is of the time"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    let (_, _, told) = check(&node, folder.path(), &["--period", "2023"], other_year);
    assert!(!told.contains("another time"), "{told}");
    let other_day =
        "Cả năm 2022 thành lập 47/42 tổ chức đảng.\n\nTính đến 30/6/2022, toàn thành phố kết nạp 200 đảng viên.";
    let (code, _, told) = check(&node, folder.path(), &[], other_day);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("up to 2022-06-30: ask with --valid 2022-06-30"), "{told}");
    let (_, _, told) = check(&node, folder.path(), &["--offline"], other_year);
    assert!(!told.contains("another time"), "{told}");
}

#[test]
fn without_a_node_the_arithmetic_is_checked_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text.txt");
    let ended = |text: &[u8], arguments: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let name = file.display().to_string();
        let mut command = socai(&[["check-claims", &name].as_slice(), arguments].concat());
        let output = command.env("SOCAI_URL", "http://127.0.0.1:1").output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let right = "Tổ chức đảng đạt 47/42=111,9%.".as_bytes();
    assert_eq!(ended(right, &["--offline"]).0, Some(0));
    assert_eq!(ended("Tổ chức đảng đạt 47/42=119,1%.".as_bytes(), &["--offline"]).0, Some(6));
    let (code, told) = ended(right, &[]);
    assert_eq!(code, Some(5), "{told}");
    assert!(told.contains("--offline checks the arithmetic only"), "{told}");
    for (text, why) in
        [("Không có số.".as_bytes(), "no claims are found"), (b"\xb5\xfe", "byte 0 (line 1) is not UTF-8")]
    {
        let (code, told) = ended(text, &["--offline"]);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains(why), "{told}");
    }
    let tcvn3 = b"S\xe8 li\xd6u:\nth\xb5nh l\xcbp 47/42";
    let (_, told) = ended(tcvn3, &["--offline"]);
    assert!(told.contains("byte 1 (line 1) is not UTF-8, it looks like TCVN3"), "{told}");
    // Somebody has saved it as UTF-8 without converting it: the sentence is told, and nothing of it is checked.
    let shown: String = tcvn3.iter().copied().map(char::from).collect();
    let (code, told) = ended(format!("{shown}.\n\nTổ chức đảng đạt 47/42=111,9%.").as_bytes(), &["--offline"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("1 figures are not read"), "{told}");
    let missing = socai(&["check-claims", "no-such-file.txt", "--offline"]).output().unwrap();
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8(missing.stderr).unwrap().contains("failed to read no-such-file.txt"));
}

#[test]
fn the_figures_of_single_units_are_held_against_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo"]);
    let text = "Kết quả thành lập tổ chức đảng: Lê Chân 4/3, Hồng Bàng 4/3, Khu kinh tế 5/4. \
                Thành lập công đoàn cơ sở: quận Lê Chân 19/12, quận Cẩm Giàng 5/4.";
    let (code, printed, told) = check(&node, folder.path(), &["--output", "json"], text);
    assert_eq!(code, Some(6), "{told}");
    let answer: Value = serde_json::from_slice(&printed).unwrap();
    let expected = [
        ["4/3", "unchecked", "equal"],
        ["4/3", "unchecked", "differs"],
        ["5/4", "unchecked", "equal"],
        ["19/12", "unchecked", "equal"],
        ["5/4", "unchecked", "not_in_data"],
    ];
    assert_eq!(verdicts(&answer, text), expected.map(|line| line.map(str::to_owned)));
    let units: Vec<_> =
        answer["claims"].as_array().unwrap().iter().map(|claim| claim["unit"].as_str().unwrap()).collect();
    assert_eq!(units, ["Lê Chân", "Hồng Bàng", "Khu kinh tế", "quận Lê Chân", "quận Cẩm Giàng"]);
}

#[test]
fn the_city_is_known_by_the_name_of_its_committee_and_another_city_is_not_held_against_it() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let text = "TP. Hồ Chí Minh kết nạp 9.000 đảng viên. Cả nước thành lập 1.200 tổ chức đảng. Hải Phòng kết nạp 449 đảng viên.";
    let (code, printed, told) = check(&node, folder.path(), &["--output", "json"], text);
    assert_eq!(code, Some(0), "{told}");
    let answer: Value = serde_json::from_slice(&printed).unwrap();
    let found: Vec<_> = verdicts(&answer, text).into_iter().map(|[_, _, ledger]| ledger).collect();
    assert_eq!(found, ["not_in_data", "not_in_data", "equal"]);
    assert_eq!(answer["claims"][0]["ledger"]["unit"], "TP. Hồ Chí Minh");
    let (_, table, _) = check(&node, folder.path(), &[], text);
    let table = String::from_utf8(table).unwrap();
    assert!(table.contains("not in the data: no unit “TP. Hồ Chí Minh”"), "{table}");
    let (wrong, ..) = check(&node, folder.path(), &[], "TP. Hải Phòng kết nạp 448 đảng viên.");
    assert_eq!(wrong, Some(6));
    let district = ask(
        &node,
        folder.path(),
        "clerk",
        &["check-claims", "-"],
        "Quận Lê Chân kết nạp 36 đảng viên. Hải Phòng kết nạp 449 đảng viên.",
    );
    assert_eq!(district.status.code(), Some(0), "{district:?}");
}
