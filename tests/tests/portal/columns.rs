//! The customary columns beside the figures: in a span, and the same period last year.

use serde_json::{Value, json};
use socai::demonstration::Demonstration;
use socai_tests::Node;

use crate::support::{Browser, PERIOD, caught_up, founding};

fn measure<'a>(tally: &'a Value, name: &str) -> &'a Value {
    tally["measures"].as_array().unwrap().iter().find(|one| one["measure"] == name).unwrap()
}

fn cell<'a>(tally: &'a Value, name: &str, committee: &Value) -> &'a Value {
    let cells = measure(tally, name)["cells"].as_array().unwrap();
    cells.iter().find(|cell| cell["committee"] == *committee).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_span_stands_beside_what_has_accumulated_and_is_the_sum_of_its_records() {
    let node = Node::demonstration().await;
    let known = caught_up(&node).await;
    let plain = node.get(&format!("{PERIOD}/tallies?known={known}"), "auditor").send().await.unwrap();
    let tag = plain.headers()["etag"].clone();
    let plain = plain.text().await.unwrap();
    assert!(
        !plain.contains("in_span") && !plain.contains("last_year") && !plain.contains("\"since\""),
        "only when asked"
    );

    let path = format!("{PERIOD}/tallies?known={known}&since=2022-10-01");
    let answer = node.get(&path, "auditor").send().await.unwrap();
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let own_tag = answer.headers()["etag"].clone();
    assert_ne!(own_tag, tag);
    let stale = node.get(&path, "auditor").header("if-none-match", tag).send().await.unwrap();
    assert_eq!(stale.status(), 200, "the tag of other columns is of another answer");
    assert_eq!(node.get(&path, "auditor").header("if-none-match", own_tag).send().await.unwrap().status(), 304);
    let tally: Value = answer.json().await.unwrap();
    assert_eq!(tally["since"], "2022-10-01");
    for name in ["party_org", "union_org", "party_member"] {
        let of = measure(&tally, name);
        let mut sum = 0;
        for cell in of["cells"].as_array().unwrap() {
            let unit = cell["committee"].as_str().unwrap();
            let lines = format!("{PERIOD}/tallies/{name}/{unit}/records?known={known}&limit=1000");
            let lines = node.json(&lines, "auditor").await;
            let inside = lines["lines"].as_array().unwrap().iter();
            let inside = inside.filter(|line| line["effective_on"].as_str().unwrap() >= "2022-10-01");
            let counted: i64 = inside.map(|line| line["n"].as_i64().unwrap()).sum();
            assert_eq!(cell["in_span"], counted, "{name} of {}", cell["name"]);
            sum += counted;
        }
        assert!(0 < sum && sum < of["total"].as_i64().unwrap(), "{name}: {sum}");
        assert_eq!(of["in_span"]["total"], sum);
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_that_cannot_be_are_refused_and_a_first_year_has_nothing_beside_it() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    for (query, pointer) in [
        ("since=2021-12-31", "/since"),
        ("since=2022-07-01&valid=2022-06-30", "/since"),
        ("since=2023-01-01", "/since"),
        ("compare=last-month", "/compare"),
    ] {
        let answer = node.get(&format!("{PERIOD}/tallies?{query}"), "auditor").send().await.unwrap();
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(answer.json::<Value>().await.unwrap()["errors"][0]["pointer"], pointer, "{query}");
    }
    let first = node.json(&format!("{PERIOD}/tallies?compare=last-year"), "auditor").await;
    assert_eq!((&first["last_year"]["period"], &first["last_year"]["valid"]), (&Value::Null, &json!("2021-12-31")));
    let nothing = json!({ "as_known_then": null, "as_known_now": null });
    assert_eq!(measure(&first, "party_org")["last_year"]["actual"], nothing);
    assert_eq!(measure(&first, "party_org")["cells"][0]["last_year"], nothing);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_other_units_the_page_says_that_there_are_no_columns() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let auditor = Browser::new(&node, "auditor");
    let says_so = "Cột “trong kỳ” và “cùng kỳ năm trước” là của các đơn vị khi đó";
    for (query, said) in [("", false), ("&since=2022-10-01", true), ("&compare=last-year", true), ("&since=", false)] {
        let page = auditor.get(&format!("/?period=2022&lens=restated{query}")).await;
        assert_eq!((page.status, page.text.contains(says_so)), (200, said), "{query}");
    }
    assert_eq!(auditor.get("/?period=2022&lens=restated&compare=last-month").await.status, 400);
    node.stop().await;
}

/// The year 2023 was closed on 5 January 2024: beside it 2022 as known on 5 January 2023, two days after its own closing.
#[tokio::test(flavor = "multi_thread")]
async fn last_year_is_what_was_known_on_the_same_day_and_what_is_known_by_now() {
    const YEAR: &str = "/v1/programmes/nq28/periods/2023/tallies";
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    caught_up(&node).await;
    let tally = node.json(&format!("{YEAR}?compare=last-year"), "leader").await;
    assert_eq!((&tally["as_of"]["lens"], &tally["judged_on"]), (&json!("as-reported"), &json!("2024-01-05")));
    let last_year = &tally["last_year"];
    assert_eq!((&last_year["period"], &last_year["valid"]), (&json!("2022"), &json!("2022-12-31")));
    assert_eq!(last_year["as_known_then"]["on"], "2023-01-05");
    assert_eq!(last_year["as_known_now"], tally["as_of"]["known_position"]);
    assert_eq!(last_year["structure_changed_on"], json!([]));

    // Each count is that of the tally which anybody can ask for, and so leads to its records.
    let valid = last_year["valid"].as_str().unwrap();
    let at = |known: &Value| format!("{PERIOD}/tallies?lens=as-known&known={known}&valid={valid}");
    let then = node.json(&at(&last_year["as_known_then"]["position"]), "leader").await;
    let now = node.json(&at(&last_year["as_known_now"]), "leader").await;
    for (name, before, after) in [("party_org", 47, 48), ("party_member", 449, 448), ("youth_member", 1071, 1069)] {
        let of = measure(&tally, name);
        let whole = &of["last_year"]["actual"];
        assert_eq!(
            (&whole["as_known_then"]["actual"], &whole["as_known_now"]["actual"]),
            (&before.into(), &after.into())
        );
        assert_eq!(of["last_year"]["with_plan_then"], measure(&now, name)["units"]["with_plan"]);
        for one in of["cells"].as_array().unwrap() {
            let beside = |tally| cell(tally, name, &one["committee"])["actual"].clone();
            assert_eq!(one["last_year"]["as_known_then"]["actual"], beside(&then), "{name} of {}", one["name"]);
            assert_eq!(one["last_year"]["as_known_now"]["actual"], beside(&now), "{name} of {}", one["name"]);
        }
    }
    let an_lao = cell(&tally, "party_org", &socai_tests::unit("Huyện ủy An Lão"))["last_year"].clone();
    assert_eq!((&an_lao["as_known_then"]["actual"], &an_lao["as_known_now"]["actual"]), (&json!(2), &json!(3)));

    // A named closing is kept for ever, and so are its columns; 2025 has no year before it here.
    let frozen = node.get(&format!("{YEAR}?known=closing-1&compare=last-year"), "leader").send().await.unwrap();
    assert!(frozen.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let later = node.json("/v1/programmes/nq28/periods/2025/tallies?compare=last-year", "leader").await;
    assert_eq!(later["last_year"]["period"], Value::Null);

    let page = Browser::new(&node, "leader").get("/?period=2023&compare=last-year&since=2023-10-01").await;
    assert_eq!(page.status, 200);
    for part in ["Trong kỳ, từ 01/10/2023", "kỳ 2022, hiệu lực đến 31/12/2022", "hết ngày 05/01/2023", "Giao đầu"]
    {
        assert!(page.text.contains(part), "{part}: {}", page.text);
    }
    assert!(page.text.len() < 100_000, "{} bytes", page.text.len());

    // An office sees its own, and the whole beside it is that of its own too.
    let own = node.json(&format!("{YEAR}?compare=last-year"), "clerk").await;
    let own = measure(&own, "party_org");
    let sum: i64 = own["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["last_year"]["as_known_now"]["actual"].as_i64().unwrap())
        .sum();
    assert_eq!(own["last_year"]["total"]["as_known_now"]["actual"], sum);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_period_has_its_columns_as_reported() {
    let node = Node::demonstration().await;
    let body = json!({ "programme": "nq28", "period": "2022",
        "document": { "number": "1", "symbol": "TB/TU", "issuer": "Thành ủy Hải Phòng", "date": "2023-01-02" } });
    assert_eq!(node.post("close-period", "supervisor", &body).send().await.unwrap().status(), 201);
    let mut late = founding("991");
    late["late"] = json!(true);
    assert_eq!(node.post("found-organisation", "clerk", &late).send().await.unwrap().status(), 201);
    caught_up(&node).await;
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let of = |tally: &Value| (tally["as_of"]["lens"].clone(), cell(tally, "party_org", &unit)["in_span"].clone());
    let reported = node.json(&format!("{PERIOD}/tallies?since=2022-12-30"), "auditor").await;
    let known = node.json(&format!("{PERIOD}/tallies?since=2022-12-30&lens=as-known"), "auditor").await;
    assert_eq!(of(&reported).0, "as-reported");
    assert!(reported["known_since"].is_object());
    assert_eq!(of(&known).1.as_i64().unwrap(), of(&reported).1.as_i64().unwrap() + 1);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adjusted_plan_and_those_of_other_assigners_stand_beside_the_number() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let (holder, city) = (socai_tests::unit("Quận ủy Lê Chân"), socai_tests::unit("Thành ủy Hải Phòng"));
    let target = |assigner: &Value, value: u32, number: &str| {
        json!({ "programme": "nq28", "period": "2022", "measure": "party_org", "holder": holder, "assigner": assigner,
            "value": { "exactly": value },
            "document": { "number": number, "symbol": "KH/TU", "issuer": "Thành ủy", "date": "2022-12-30" } })
    };
    let post = async |command: &str, body: &Value| {
        let answer = node.post(command, "supervisor", body).send().await.unwrap();
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
    };
    post("adjust-target", &target(&city, 8, "801")).await;
    caught_up(&node).await;
    let browser = Browser::new(&node, "auditor");
    let page = browser.get("/?period=2022&compare=last-year").await;
    assert!(
        page.text.contains("Giao đầu") && page.text.contains("50,0 %") && page.text.contains("133,3 %"),
        "{}",
        page.text
    );
    let number = browser.get(&format!("/records/nq28/2022/party_org/{}", holder.as_str().unwrap())).await;
    assert!(number.text.contains("4/8") && number.text.contains("So với chỉ tiêu giao đầu 3"), "{}", number.text);
    assert!(number.text.contains("133,3 %"), "{}", number.text);

    let youth = socai_tests::unit("Quận đoàn Lê Chân");
    let own = json!({ "programme": "nq28", "period": "2022", "measure": "youth_org", "holder": youth, "assigner": holder,
        "value": { "exactly": 50 },
        "document": { "number": "802", "symbol": "KH/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30" } });
    post("assign-target", &own).await;
    caught_up(&node).await;
    let path = |unit: &Value| format!("/records/nq28/2022/youth_org/{}", unit.as_str().unwrap());
    let beside = browser.get(&path(&youth)).await;
    assert!(beside.text.contains("theo chỉ tiêu của Quận ủy Lê Chân: <strong>4/50</strong>"), "{}", beside.text);
    assert!(beside.text.contains("8,0 %") && beside.text.contains("chưa hoàn thành"), "{}", beside.text);
    node.stop().await;
}
