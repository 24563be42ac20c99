//! The customary columns beside the figures: in a span, and the same period last year.

use domain::{Position, Record, Timestamp, What};
use serde_json::{Value, json};
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

/// The demonstration a year later: its clock runs on from the last record, which is of the second day of 2024.
async fn a_year_later() -> Node {
    let mut node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let position = node.post("found-organisation", "clerk", &founding("990")).send().await.unwrap();
    let position = position.json::<Value>().await.unwrap()["position"].as_u64().unwrap();
    assert_eq!(position, tip + 1);
    let stored = node.journal().read(Position(tip), 1, &[]).await.unwrap().remove(0);
    let like: Record = wire::decode(&stored.body).unwrap();
    // Of 2023, recorded on 2 January 2024; the one before it was of 2022 and came after the day that is looked back to.
    let stream = domain::StreamId::new(domain::Kind::Organisation, uuid::Uuid::now_v7());
    let recorded_at: Timestamp = "2024-01-02T03:00:00Z".parse().unwrap();
    let mut record = Record { stream, version: 1, recorded_at, ..like };
    record.command = domain::CommandId(uuid::Uuid::now_v7());
    for event in &mut record.events {
        event.effective_on = "2023-05-04".parse().unwrap();
        let domain::EventBody::OrganisationFounded { counted, .. } = &mut event.body else { panic!("a founding") };
        assert_eq!(counted.countable.what, What::Founded);
        counted.effective_on = event.effective_on;
    }
    node.journal().append(&stream, None, wire::encode(&record).unwrap()).await.unwrap();
    node.restart().await;
    caught_up(&node).await;
    node
}

#[tokio::test(flavor = "multi_thread")]
async fn last_year_is_what_was_known_on_the_same_day_and_what_is_known_by_now() {
    let node = a_year_later().await;
    let tip = node.journal().tip().await.unwrap().0;
    let path = format!("/v1/programmes/nq28/periods/2023/tallies?compare=last-year&since=2023-05-01&known={tip}");
    let answer = node.get(&path, "auditor").send().await.unwrap();
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"), "a settled position, twice");
    let tally: Value = answer.json().await.unwrap();
    let last_year = &tally["last_year"];
    assert_eq!((&last_year["period"], &last_year["valid"]), (&json!("2022"), &json!("2022-12-31")));
    let then = &last_year["as_known_then"];
    assert_eq!((&then["on"], &last_year["structure_changed_on"]), (&json!("2023-01-02"), &json!([])));
    let known_then = then["position"].as_u64().unwrap();
    assert!(known_then < tip - 1, "the founding that came later in 2023 was not known then");

    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let at = |known: u64| format!("{PERIOD}/tallies?valid=2022-12-31&known={known}");
    let (then, now) = (node.json(&at(known_then), "auditor").await, node.json(&at(tip), "auditor").await);
    let beside = &cell(&tally, "party_org", &unit)["last_year"];
    assert_eq!(beside["as_known_then"]["actual"], cell(&then, "party_org", &unit)["actual"]);
    assert_eq!(beside["as_known_now"]["actual"], cell(&now, "party_org", &unit)["actual"]);
    assert_eq!(
        beside,
        &json!({
            "as_known_then": { "actual": 4, "difference": -3, "percent": "−75,0", "percent_rule": "half-up/1" },
            "as_known_now": { "actual": 5, "difference": -4, "percent": "−80,0", "percent_rule": "half-up/1" },
        })
    );
    let whole = &measure(&tally, "party_org")["last_year"];
    assert_eq!(whole["total"]["as_known_then"]["actual"], 47);
    assert_eq!(whole["total"]["as_known_now"]["actual"], 48);
    assert_eq!(whole["with_plan_then"], 16);

    let page = Browser::new(&node, "auditor").get("/?period=2023&compare=last-year&since=2023-05-01").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("−75,0 %") && page.text.contains("−80,0 %"), "{}", page.text);
    assert!(page.text.contains("Trong kỳ, từ 01/05/2023") && page.text.contains("kỳ 2022"), "{}", page.text);
    assert!(page.text.len() < 100_000, "{} bytes", page.text.len());

    // An office sees its own; the whole beside it is that of its own too.
    let own = node.json("/v1/programmes/nq28/periods/2023/tallies?compare=last-year", "clerk").await;
    assert_eq!(measure(&own, "party_org")["last_year"]["total"]["as_known_now"]["actual"], 5);
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
    node.stop().await;
}
