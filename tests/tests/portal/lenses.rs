//! The review of 2022 in three lenses, as the demonstration shows it: as reported, as known by now, and under the units of 2025.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use socai::demonstration::Demonstration;
use socai_tests::{Node, check_figures};

use crate::support::{Browser, PERIOD, caught_up};

fn expected() -> Value {
    let text = std::fs::read_to_string(socai_tests::data("replay_2025/expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Each measure's `actual/plan`.
fn wholes(tally: &Value) -> BTreeMap<String, String> {
    let measures = tally["measures"].as_array().unwrap().iter();
    measures
        .map(|one| (one["measure"].as_str().unwrap().to_owned(), format!("{}/{}", one["actual"], one["plan"])))
        .collect()
}

fn cell<'a>(tally: &'a Value, measure: &str, committee: &str) -> &'a Value {
    let of = |list: &'a Value| list.as_array().into_iter().flatten();
    let measure = of(&tally["measures"]).find(|one| one["measure"] == measure).unwrap();
    of(&measure["cells"]).find(|cell| cell["name"] == committee).unwrap_or(&Value::Null)
}

fn sum(cells: &Value) -> i64 {
    cells.as_array().unwrap().iter().map(|cell| cell["actual"].as_i64().unwrap()).sum()
}

async fn begun() -> Node {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    caught_up(&node).await;
    node
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_reported_stands_beside_what_is_known_since() {
    let (node, expected) = (begun().await, expected());
    let usual = node.json(&format!("{PERIOD}/tallies"), "leader").await;
    check_figures(&usual);
    assert_eq!(
        (&usual["as_of"]["lens"], &usual["as_of"]["known_position"]),
        (&json!("as-reported"), &expected["closing_2022"])
    );
    assert_eq!(json!(wholes(&usual)), expected["reported"]);
    assert_eq!(json!(wholes(&usual["known_since"])), expected["known_since"]);
    let late = &expected["late_committee"];
    let name = late["name"].as_str().unwrap();
    let of = |tally: &Value| {
        let cell = cell(tally, "party_org", name);
        json!(format!("{}/{}", cell["actual"], cell["plan"]))
    };
    assert_eq!((of(&usual), of(&usual["known_since"])), (late["reported"].clone(), late["known"].clone()));
    let reported = cell(&usual, "party_org", name)["report"].clone();
    let now = node.json(&format!("{PERIOD}/tallies?lens=as-known"), "leader").await;
    assert_eq!(reported["outdated_by"], 0, "{reported}");
    assert_eq!(cell(&now, "party_org", name)["report"]["outdated_by"], 1);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_the_two_differ_is_told_by_pieces_that_sum_to_the_difference() {
    let node = begun().await;
    let diff = node.json(&format!("{PERIOD}/tallies/diff"), "leader").await;
    let mut causes = BTreeMap::new();
    for measure in diff["measures"].as_array().unwrap() {
        for cell in measure["cells"].as_array().unwrap() {
            let pieces = cell["pieces"].as_array().unwrap();
            let sum: i64 = pieces.iter().map(|piece| piece["n"].as_i64().unwrap()).sum();
            assert_eq!(
                sum,
                cell["actual"]["to"].as_i64().unwrap() - cell["actual"]["from"].as_i64().unwrap(),
                "{cell}"
            );
            for piece in pieces {
                *causes.entry(piece["why"].as_str().unwrap().to_owned()).or_insert(0) += piece["n"].as_i64().unwrap();
            }
        }
    }
    assert_eq!(
        causes,
        BTreeMap::from([("corrected".to_owned(), -2), ("late".to_owned(), 1), ("revoked".to_owned(), -1)])
    );
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_the_units_of_2025_totals_stay_and_what_cannot_be_placed_stands_apart() {
    let node = begun().await;
    for (year, all_placed) in [("2022", false), ("2023", false), ("2025", true)] {
        let of = format!("/v1/programmes/nq28/periods/{year}/tallies");
        let restated = node.json(&format!("{of}/restated"), "leader").await;
        let known = node.json(&format!("{of}?lens=as-known"), "leader").await;
        assert_eq!(restated["plan"], "no comparable target");
        let mut unallocated = 0;
        for (measure, then) in
            restated["measures"].as_array().unwrap().iter().zip(known["measures"].as_array().unwrap())
        {
            assert_eq!((&measure["measure"], &measure["total"]), (&then["measure"], &then["total"]));
            assert_eq!(measure["total"], sum(&measure["cells"]) + sum(&measure["unallocated"]), "{measure}");
            assert_eq!(measure["with_plan_then"], then["units"]["with_plan"]);
            unallocated += sum(&measure["unallocated"]);
        }
        assert_eq!(unallocated == 0, all_placed, "{year}: {unallocated}");
    }
    // The places of 2023 are wards, so of the districts that were split everything is placed, also of their youth bodies.
    let restated = node.json("/v1/programmes/nq28/periods/2023/tallies/restated", "leader").await;
    let left: Vec<_> = restated["measures"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["unallocated"].as_array().unwrap())
        .collect();
    assert!(left.iter().all(|cell| cell["name"] == "Đảng ủy Khối Doanh nghiệp thành phố"), "{left:?}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_under_other_units_leads_to_the_records_that_make_it() {
    let node = begun().await;
    let path = format!("{PERIOD}/tallies/restated");
    let restated = node.json(&path, "leader").await;
    let pin = format!(
        "known={}&structure_known={}&to={}",
        restated["as_of"]["known_position"],
        restated["structure_position"],
        restated["restated_to"].as_str().unwrap()
    );
    for measure in restated["measures"].as_array().unwrap() {
        for (part, unallocated) in [("cells", false), ("unallocated", true)] {
            for cell in measure[part].as_array().unwrap() {
                let (key, unit) = (measure["measure"].as_str().unwrap(), cell["committee"].as_str().unwrap());
                let of = format!("{path}/{key}/{unit}/records?{pin}&unallocated={unallocated}&limit=1000");
                let records = node.json(&of, "leader").await;
                assert_eq!(records["sum"], cell["actual"], "{of}");
                assert_eq!(records["lines"].as_array().unwrap().len() as u64, records["count"], "{of}");
            }
        }
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_divides_what_cannot_be_placed_and_marks_it_as_an_estimate() {
    let node = begun().await;
    let path = format!("{PERIOD}/tallies/restated");
    let known = node.json(&path, "leader").await;
    let divided = node.json(&format!("{path}?key=population"), "leader").await;
    assert_eq!((&known["key"], &divided["key"]), (&Value::Null, &json!("population")));
    for (known, divided) in known["measures"].as_array().unwrap().iter().zip(divided["measures"].as_array().unwrap()) {
        assert_eq!((&known["cells"], &known["total"]), (&divided["cells"], &divided["total"]), "what is known stays");
        let parts = ["cells", "estimated", "unallocated"].map(|part| divided.get(part).map_or(0, sum));
        assert_eq!(divided["total"], parts.iter().sum::<i64>(), "{divided}");
        assert!(known.get("estimated").is_none());
    }
    // Of Lê Chân's four cells 96 : 88 : 21 thousand; An Dương and the bloc have no weights.
    let party = &divided["measures"][0];
    let left: Vec<_> =
        party["unallocated"].as_array().unwrap().iter().map(|cell| cell["name"].as_str().unwrap()).collect();
    assert_eq!(left, ["Huyện ủy An Dương", "Đảng ủy Khối Doanh nghiệp thành phố"]);
    let named = |name: &str| {
        party["estimated"]
            .as_array()
            .unwrap()
            .iter()
            .find(|cell| cell["name"] == name)
            .map(|cell| cell["actual"].clone())
    };
    assert_eq!(named("Đảng ủy phường Lê Chân"), Some(json!(2)));
    assert_eq!(named("Đảng ủy phường An Biên"), Some(json!(2)));
    let unknown = node.get(&format!("{path}?key=enterprises"), "leader").send().await.unwrap();
    assert_eq!(unknown.status(), 400);
    let text = unknown.text().await.unwrap();
    assert!(text.contains("population"), "{text}");
    let page = Browser::new(&node, "leader").get("/?period=2022&lens=restated&key=population").await.text;
    assert!(page.contains("Ước tính, không phải số đã biết") && page.contains("≈ 2"), "{page}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_show_the_three_lenses_and_lead_from_one_to_the_other() {
    let node = begun().await;
    let leader = Browser::new(&node, "leader");
    let reported = leader.get("/?period=2022").await.text;
    assert!(reported.contains("Biết thêm sau khi khóa kỳ") && reported.contains("48/42"), "{reported}");
    for lens in ["as-reported", "as-known", "restated"] {
        assert!(reported.contains(&format!("lens={lens}")), "{lens}");
    }
    let restated = leader.get("/?period=2022&lens=restated").await;
    assert_eq!(restated.status, 200, "{}", restated.text);
    for shown in [
        "Đảng ủy phường Ngô Quyền",
        "Chưa phân bổ được",
        "không có chỉ tiêu so sánh được",
        "Số đơn vị nhận chỉ tiêu khi đó",
        "28/08/2025",
    ] {
        assert!(restated.text.contains(shown), "{shown}: {}", restated.text);
    }
    let behind = restated.text.split("href=\"/restated/").nth(1).unwrap().split('"').next().unwrap();
    let records = leader.get(&format!("/restated/{}", behind.replace("&amp;", "&").replace("&#38;", "&"))).await;
    assert_eq!(records.status, 200, "{}", records.text);
    assert!(records.text.contains("/records/") && records.text.contains("cộng dồn"), "{}", records.text);
    let then = leader.get("/?period=2022&lens=restated&to=2023-01-01").await.text;
    assert!(then.contains("Quận ủy Lê Chân") && !then.contains("Chưa phân bổ được"), "{then}");
    let early = leader.get("/?period=2022&lens=restated&to=2021-01-01").await;
    assert_eq!(early.status, 400);
    let unread = leader.get("/?period=2022&lens=restated&to=tomorrow").await;
    assert_eq!(unread.status, 400);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_means_another_unit_on_another_day() {
    let node = begun().await;
    for (day, name) in [("2025-06-30", "Quận ủy Lê Chân"), ("2025-07-01", "Đảng ủy phường Lê Chân")] {
        let found = node.json(&format!("/v1/committees?code=305-DU&valid={day}"), "leader").await;
        let names: Vec<_> =
            found["committees"].as_array().unwrap().iter().map(|unit| unit["name"].as_str().unwrap()).collect();
        assert_eq!(names, [name], "{day}");
    }
    node.stop().await;
}
