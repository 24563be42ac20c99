//! What was reported stays as it was; what comes later stands beside it.

use domain::Position;
use reqwest::StatusCode;
use serde_json::{Value, json};
use socai_tests::Node;

use crate::support::{Browser, PERIOD, caught_up, encoded, founding};

/// The whole of a measure of 2022 as `actual/plan`.
fn whole(tally: &Value, measure: &str) -> String {
    let measures = tally["measures"].as_array().unwrap();
    let found = measures.iter().find(|one| one["measure"] == measure).unwrap_or_else(|| panic!("no {measure}"));
    format!("{}/{}", found["actual"], found["plan"])
}

pub(crate) fn period() -> Value {
    json!({ "programme": "nq28", "period": "2022" })
}

pub(crate) fn with(mut body: Value, fields: Value) -> Value {
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

pub(crate) fn paper(number: &str) -> Value {
    json!({ "document": { "number": number, "symbol": "TB/TU", "issuer": "Thành ủy Hải Phòng", "date": "2023-01-02" } })
}

/// Posts it; its position.
pub(crate) async fn recorded(node: &Node, command: &str, token: &str, body: &Value) -> u64 {
    let answer = node.post(command, token, body).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::CREATED, "{command}: {text}");
    serde_json::from_str::<Value>(&text).unwrap()["position"].as_u64().unwrap()
}

async fn refused(node: &Node, command: &str, token: &str, body: &Value) -> (u16, String, Value) {
    let answer = node.post(command, token, body).send().await.unwrap();
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await.unwrap();
    (status, problem["type"].as_str().unwrap().to_owned(), problem["errors"][0]["pointer"].clone())
}

pub(crate) async fn closed_2022() -> (Node, u64) {
    let node = Node::demonstration().await;
    let position = recorded(&node, "close-period", "supervisor", &with(period(), paper("1"))).await;
    caught_up(&node).await;
    (node, position)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_period_is_answered_as_reported_with_what_is_known_since_beside_it() {
    let (node, closing) = closed_2022().await;
    let path = format!("{PERIOD}/tallies?known=closing-1");
    let frozen = node.get(&path, "auditor").send().await.unwrap();
    let tag = frozen.headers()["etag"].to_str().unwrap().to_owned();
    assert!(frozen.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let frozen = frozen.text().await.unwrap();

    let refusal = refused(&node, "found-organisation", "clerk", &founding("951")).await;
    assert_eq!(refusal, (422, "/problems/period-closed".to_owned(), json!("/late")));
    let late = with(founding("951"), json!({ "late": true }));
    let position = recorded(&node, "found-organisation", "clerk", &late).await;
    caught_up(&node).await;

    let usual = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    assert_eq!((whole(&usual, "party_org"), &usual["as_of"]["lens"]), ("47/42".to_owned(), &json!("as-reported")));
    assert_eq!((&usual["provisional"], &usual["closing"]["number"]), (&json!(false), &json!(1)));
    assert_eq!(usual["as_of"]["known_position"], closing);
    let since = &usual["known_since"];
    assert_eq!((whole(since, "party_org"), &since["as_of"]["known_position"]), ("48/42".to_owned(), &json!(position)));
    assert_eq!(since["measures"].as_array().unwrap().len(), 1, "only what differs");

    let trail = node.json(&format!("/v1/trail?document=951&known={position}"), "auditor").await;
    let rows = trail["rows"].as_array().unwrap();
    assert_eq!(
        rows.iter().map(|row| (&row["position"], &row["late"])).collect::<Vec<_>>(),
        [(&json!(position), &json!(true))]
    );
    // As pages print it.
    let symbol = late["document"]["symbol"].as_str().unwrap();
    for (symbol, found) in [(symbol, &trail["rows"]), ("XX", &json!([]))] {
        let printed = encoded(&format!("951-{symbol}"));
        let trail = node.json(&format!("/v1/trail?document={printed}&known={position}"), "auditor").await;
        assert_eq!(&trail["rows"], found, "{symbol}");
    }
    let in_time = node.json("/v1/trail?limit=500&known=2022-12-31T17:00:00Z", "auditor").await;
    assert!(in_time["rows"].as_array().unwrap().iter().all(|row| row["late"] == false));
    assert!(in_time["known"].as_u64().unwrap() < closing);

    let known = node.json(&format!("{PERIOD}/tallies?lens=as-known"), "auditor").await;
    assert_eq!((whole(&known, "party_org"), &known["known_since"]), ("48/42".to_owned(), &Value::Null));

    let again = node.get(&path, "auditor").send().await.unwrap();
    assert_eq!(again.headers()["etag"], tag.as_str());
    assert_eq!(again.text().await.unwrap(), frozen, "the same bytes for ever");
    let kept = node.get(&path, "auditor").header("if-none-match", &tag).send().await.unwrap();
    assert_eq!(kept.status(), StatusCode::NOT_MODIFIED);

    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let lines = format!("{PERIOD}/tallies/party_org/{}/records", unit.as_str().unwrap());
    let behind = node.json(&format!("{lines}?lens=as-known"), "auditor").await;
    let is_late = |line: &&Value| line["late"] == true;
    let late: Vec<_> = behind["lines"].as_array().unwrap().iter().filter(is_late).collect();
    assert_eq!(late.iter().map(|line| &line["position"]).collect::<Vec<_>>(), [&json!(position)]);
    assert_eq!(node.json(&lines, "auditor").await["count"].as_u64().unwrap() + 1, behind["count"].as_u64().unwrap());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_closing_cannot_answer_is_refused() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    for query in [
        "known=closing-1",
        "known=cut-off-1",
        "lens=as-reported",
        "lens=as-known&known=closing-0",
        "known=closing-x",
        "known=2009-01-01T00:00:00Z",
        "known=2199-01-01T00:00:00Z",
    ] {
        let answer = node.get(&format!("{PERIOD}/tallies?{query}"), "auditor").send().await.unwrap();
        let status = answer.status().as_u16();
        let problem: Value = answer.json().await.unwrap();
        let pointer = if query == "lens=as-reported" { "/lens" } else { "/known" };
        assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &json!(pointer)), "{query}: {problem}");
    }
    let position = recorded(
        &node,
        "cut-off-period",
        "supervisor",
        &with(with(period(), paper("2")), json!({ "valid": "2022-12-15" })),
    )
    .await;
    caught_up(&node).await;
    let cut_off = node.json(&format!("{PERIOD}/tallies?known=cut-off-1"), "auditor").await;
    assert_eq!(
        (&cut_off["as_of"]["valid"], &cut_off["as_of"]["known_position"]),
        (&json!("2022-12-15"), &json!(position))
    );
    assert_eq!((&cut_off["provisional"], &cut_off["settled"]), (&json!(true), &json!(true)));
    let answer =
        node.get(&format!("{PERIOD}/tallies?known=cut-off-1&lens=as-reported"), "auditor").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_is_reopened_by_two_people_and_closed_again() {
    let (node, _) = closed_2022().await;
    let until = json!({ "until": "2023-02-28", "reason": "late_reports" });
    let request = with(with(period(), paper("3")), until.clone());
    recorded(&node, "request-reopening", "supervisor", &request).await;
    let alone = refused(&node, "reopen-period", "supervisor", &with(period(), until.clone())).await;
    assert_eq!((alone.0, alone.1.as_str()), (403, "/problems/same-person"));

    second_supervisor(&node).await;
    recorded(&node, "reopen-period", "second", &with(period(), until)).await;
    recorded(&node, "found-organisation", "clerk", &founding("952")).await;
    let tip = caught_up(&node).await;
    let open = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    assert_eq!((whole(&open, "party_org"), &open["provisional"]), ("48/42".to_owned(), &json!(true)));
    assert_eq!(open["reopened"], json!({ "closing": 1, "until": "2023-02-28" }));

    recorded(&node, "close-period", "second", &with(period(), paper("4"))).await;
    caught_up(&node).await;
    let of_closing = |number| format!("{PERIOD}/tallies?known=closing-{number}");
    assert_eq!(whole(&node.json(&of_closing(1), "auditor").await, "party_org"), "47/42");
    let second = node.json(&of_closing(2), "auditor").await;
    assert_eq!(
        (whole(&second, "party_org"), &second["as_of"]["known_position"]),
        ("48/42".to_owned(), &json!(tip + 1))
    );
    let programmes = node.json("/v1/programmes", "auditor").await;
    let again = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    assert_eq!(again.get("reopened"), None);
    let shown = &programmes["programmes"][0]["periods"][0];
    assert_eq!((shown["closings"].as_array().unwrap().len(), &shown["closed"]), (2, &json!(true)), "{shown}");
    node.stop().await;
}

/// A decision of the same kind by the same paper's number, recorded at an instant, as another intake would have appended it.
async fn recorded_on(node: &Node, like: u64, number: &str, at: &str) -> u64 {
    let found = node.journal().read(Position(like - 1), 1, &[]).await.unwrap();
    let mut record = wire::decode(&found[0].body).unwrap();
    record.stream.id = uuid::Uuid::now_v7();
    record.command = domain::CommandId(uuid::Uuid::now_v7());
    record.recorded_at = at.parse().unwrap();
    record.document.as_mut().unwrap().number = number.to_owned();
    node.journal().append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap().0
}

/// A reopening of 2022 up to the end of January, then a decision on its last day and two after it.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_when_a_reopening_has_run_out_is_late_in_every_answer() {
    let (node, _) = closed_2022().await;
    let until = json!({ "until": "2023-01-31", "reason": "late_reports" });
    let request = with(with(period(), paper("3")), until.clone());
    recorded(&node, "request-reopening", "supervisor", &request).await;
    second_supervisor(&node).await;
    recorded(&node, "reopen-period", "second", &with(period(), until)).await;
    let first = recorded(&node, "found-organisation", "clerk", &founding("961")).await;
    let last = recorded_on(&node, first, "962", "2023-01-31T16:59:59Z").await;
    let late = recorded_on(&node, first, "963", "2023-01-31T17:00:00Z").await;
    caught_up(&node).await;
    let (_, slug, pointer) = refused(&node, "found-organisation", "clerk", &founding("964")).await;
    assert_eq!((slug.as_str(), &pointer), ("/problems/period-closed", &json!("/late")));
    let acknowledged =
        recorded(&node, "found-organisation", "clerk", &with(founding("964"), json!({ "late": true }))).await;
    let tip = caught_up(&node).await;

    let usual = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    assert_eq!((&usual["as_of"]["lens"], &usual["closing"]["number"]), (&json!("as-reported"), &json!(1)), "{usual}");
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let behind = node
        .json(&format!("{PERIOD}/tallies/party_org/{}/records?known={tip}", unit.as_str().unwrap()), "auditor")
        .await;
    let told = |rows: &Value| {
        let row_of = |position| rows.as_array().unwrap().iter().find(|row| row["position"] == position).unwrap();
        [first, last, late, acknowledged].map(|position| row_of(position)["late"] == true)
    };
    assert_eq!(told(&behind["lines"]), [false, false, true, true]);
    let trail = node.json(&format!("/v1/trail?limit=20&after={}.0", first - 1), "auditor").await;
    assert_eq!(told(&trail["rows"]), [false, false, true, true]);
    let diff = node.json(&format!("{PERIOD}/tallies/diff?from=closing-1&to={tip}"), "auditor").await;
    let measure = diff["measures"].as_array().unwrap().iter().find(|one| one["measure"] == "party_org").unwrap();
    let pieces = measure["cells"][0]["pieces"].as_array().unwrap().iter();
    let pieces: Vec<_> =
        pieces.map(|piece| (piece["why"].as_str().unwrap(), &piece["n"], &piece["positions"])).collect();
    assert_eq!(
        pieces,
        [("founded", &json!(2), &json!([first, last])), ("late", &json!(2), &json!([late, acknowledged]))]
    );
    let page = Browser::new(&node, "auditor").get("/trail").await.text;
    assert_eq!(page.matches(">muộn</span>").count(), 2, "{page}");
    node.stop().await;
}

/// Somebody else at the same office, whose token is `second`.
async fn second_supervisor(node: &Node) {
    let token = kit::new_token();
    let grant = json!({
        "token_sha256": hex::encode(kit::token_hash(&token)), "subject": uuid::Uuid::now_v7(),
        "office": socai_tests::unit("Thành ủy Hải Phòng"), "role": "supervisor",
    });
    recorded(node, "grant-access", "admin", &grant).await;
    std::fs::write(node.settings.data.join("second.token"), token).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_says_how_far_it_reaches_and_is_outdated_by_what_follows() {
    let node = Node::demonstration().await;
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let report = json!({ "unit": unit, "up_to": "2022-12-31" });
    recorded(&node, "submit-report", "clerk", &with(period(), report)).await;
    let approval = json!({ "unit": unit, "number": 1 });
    recorded(&node, "approve-report", "supervisor", &with(period(), approval)).await;
    recorded(&node, "found-organisation", "clerk", &founding("953")).await;
    caught_up(&node).await;
    let tally = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    let cells = tally["measures"][0]["cells"].as_array().unwrap();
    let of = |unit: &Value| cells.iter().find(|cell| cell["committee"] == *unit).unwrap();
    let shown = &of(&unit)["report"];
    assert_eq!(
        (&shown["up_to"], &shown["approved"], &shown["outdated_by"]),
        (&json!("2022-12-31"), &json!(true), &json!(1))
    );
    assert_eq!(of(&socai_tests::unit("Quận ủy Hải An"))["report"], Value::Null, "silence is no report");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nil_report_of_a_unit_that_has_recorded_something_is_marked_wherever_it_is_read() {
    let node = Node::demonstration().await;
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let report = json!({ "unit": unit, "up_to": "2022-12-31", "nil": true });
    recorded(&node, "submit-report", "clerk", &with(period(), report)).await;
    caught_up(&node).await;
    let tally = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    let cells = tally["measures"][0]["cells"].as_array().unwrap();
    let cell = cells.iter().find(|cell| cell["committee"] == unit).unwrap();
    assert_eq!((&cell["report"]["nil"], &cell["report"]["contradicted_by"]), (&json!(true), &cell["actual"]));
    assert_eq!(cell["actual"], 4);
    let auditor = Browser::new(&node, "auditor");
    let page = auditor.get("/?period=2022").await.text;
    assert!(page.contains("Quận ủy Lê Chân: đã báo cáo không phát sinh, nhưng sổ đã ghi 4"), "{page}");
    let number = auditor.get(&format!("/records/nq28/2022/party_org/{}", unit.as_str().unwrap())).await.text;
    assert!(number.contains("Đơn vị đã báo cáo không phát sinh, nhưng sổ đã ghi 4."), "{number}");
    let other = socai_tests::unit("Quận ủy Hải An");
    let number = auditor.get(&format!("/records/nq28/2022/party_org/{}", other.as_str().unwrap())).await.text;
    assert!(!number.contains("không phát sinh"), "{number}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_show_both_and_a_form_asks_whether_it_is_late() {
    let (node, _) = closed_2022().await;
    let clerk = Browser::new(&node, "clerk");
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let typed = [
        ("key", "018f0000-0000-7000-8000-00000000f0c1"),
        ("unit", unit.as_str().unwrap()),
        ("kind", "party_cell_grassroots"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "5"),
        ("document.number", "954"),
        ("document.symbol", "QĐ/QU"),
        ("document.issuer", "Quận ủy Lê Chân"),
        ("document.date", "2022-12-30"),
        ("step", "confirm"),
    ];
    let asked = clerk.post("/forms/found-organisation", &typed).await;
    assert_eq!(asked.status, 422);
    assert!(asked.text.contains("name=\"late\"") && asked.text.contains("value=\"954\""), "{}", asked.text);
    let late: Vec<_> = typed.into_iter().chain([("late", "true")]).collect();
    let recorded = clerk.post("/forms/found-organisation", &late).await;
    assert_eq!(recorded.status, 303, "{}", recorded.text);
    caught_up(&node).await;

    let auditor = Browser::new(&node, "auditor");
    let page = auditor.get("/?period=2022").await;
    for shown in ["như đã báo cáo", "Biết thêm sau khi khóa kỳ", "<td>47/42</td><td>48/42</td>", "lens=as-known"]
    {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    assert!(!page.text.contains("data-changes"), "what was reported does not move");
    let number = |lens: &str| format!("/records/nq28/2022/party_org/{}?lens={lens}", unit.as_str().unwrap());
    assert!(auditor.get(&number("as-known")).await.text.contains("954-QĐ/QU"));
    assert!(!auditor.get(&number("as-reported")).await.text.contains("954-QĐ/QU"));
    let known = auditor.get("/?period=2022&lens=as-known").await;
    assert!(
        known.text.contains(&number("as-known").replace('&', "&amp;")),
        "a number leads to the records that make it"
    );
    assert!(known.text.contains("như hiện biết") && !known.text.contains("Biết thêm sau khi khóa kỳ"));
    node.stop().await;
}

/// Lê Chân's target of Party organisations, 4 of 3, is withdrawn; later one of 2 is assigned again by another paper.
#[tokio::test(flavor = "multi_thread")]
async fn counts_are_restated_and_what_was_split_stays_beside_with_the_same_total() {
    let (node, _) = closed_2022().await;
    let (le_chan, new) = (socai_tests::unit("Quận ủy Lê Chân"), uuid::Uuid::now_v7());
    let changes = json!([
        { "create_unit": {
            "unit": new, "kind": "ward", "name": "Đảng ủy phường thử", "code": "99999", "from": "2025-07-01",
            "line": socai_tests::unit("Thành ủy Hải Phòng"), "display_order": 900,
        } },
        { "succeed": { "unit": le_chan, "successor": new, "from": "2025-07-01", "how": "split_from", "extent": "part" } },
    ]);
    recorded(&node, "change-structure", "admin", &with(paper("5"), json!({ "changes": changes }))).await;
    let tip = caught_up(&node).await;
    let then = node.json(&format!("{PERIOD}/tallies?known=closing-1"), "auditor").await;
    let path = format!("{PERIOD}/tallies/restated?known=closing-1&to=2025-07-02");
    let restated = node.json(&path, "auditor").await;
    assert_eq!((&restated["as_of"]["lens"], &restated["structure_position"]), (&json!("restated"), &json!(tip)));
    assert_eq!(restated["plan"], "no comparable target");
    for (measure, then) in restated["measures"].as_array().unwrap().iter().zip(then["measures"].as_array().unwrap()) {
        let of = |name: &str| {
            measure[name].as_array().unwrap().iter().map(|cell| cell["actual"].as_i64().unwrap()).sum::<i64>()
        };
        assert_eq!(of("cells") + of("unallocated"), then["total"].as_i64().unwrap());
        assert_eq!((&measure["total"], &measure["with_plan_then"]), (&then["total"], &then["units"]["with_plan"]));
    }
    let [unallocated] = &restated["measures"][0]["unallocated"].as_array().unwrap()[..] else { panic!("{restated}") };
    assert_eq!((&unallocated["committee"], &unallocated["actual"]), (&le_chan, &json!(4)));
    let keyed = node.get(&format!("{PERIOD}/tallies/restated?key=population"), "auditor").send().await.unwrap();
    let problem = keyed.json::<Value>().await.unwrap();
    assert!(problem.to_string().contains("weigh_successor"), "{problem}");
    for (query, pointer) in [("to=2021-01-01", "/to"), ("structure_known=0", "/structure_known")] {
        let refused = node.get(&format!("{PERIOD}/tallies/restated?{query}"), "auditor").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(refused.json::<Value>().await.unwrap()["errors"][0]["pointer"], pointer, "{query}");
    }
    node.stop().await;
}
