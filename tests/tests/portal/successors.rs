//! Who posts, corrects and sees what a unit that has ended decided: its legal successor, or those above it.

use reqwest::StatusCode;
use serde_json::{Value, json};
use socai::demonstration::Demonstration;
use socai_tests::{Node, sequel_unit, unit};
use uuid::Uuid;

use crate::support::{Browser, PERIOD, caught_up};

/// The demonstration of 2025, on the last days of August.
async fn begun() -> Node {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    caught_up(&node).await;
    node
}

/// A new token of an office.
async fn granted(node: &Node, office: &Value, role: &str) -> String {
    let token = kit::new_token();
    let hash = kit::token_hash(&token).map(|byte| format!("{byte:02x}")).concat();
    let grant = json!({ "token_sha256": hash, "subject": Uuid::now_v7(), "office": office, "role": role });
    assert_eq!(node.post("grant-access", "admin", &grant).send().await.unwrap().status(), 201);
    token
}

async fn posted(node: &Node, token: &str, command: &str, body: &Value) -> (StatusCode, Value) {
    let request = node.http.post(format!("{}/v1/commands/{command}", node.url)).bearer_auth(token);
    let request = request.header("idempotency-key", Uuid::now_v7().to_string()).json(body);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// The id of the organisation that was founded.
async fn recorded(node: &Node, token: &str, command: &str, body: &Value) -> Value {
    let (status, receipt) = posted(node, token, command, body).await;
    assert_eq!(status, 201, "{receipt}");
    caught_up(node).await;
    json!(receipt["stream"].as_str().unwrap().split_once('/').unwrap().1)
}

async fn refused(node: &Node, token: &str, command: &str, body: &Value) -> (String, String) {
    let (status, problem) = posted(node, token, command, body).await;
    assert_eq!(status, 403, "{problem}");
    let slug = problem["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    (slug, problem["detail"].as_str().unwrap().to_owned())
}

async fn seen(node: &Node, token: &str, path: &str) -> Value {
    let answer = node.http.get(format!("{}{path}", node.url)).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

fn paper(number: &str, date: &str) -> Value {
    json!({ "number": number, "symbol": "QĐ/HU", "issuer": "Huyện ủy An Lão", "date": date })
}

fn founding(of: &Value, number: &str) -> Value {
    json!({ "unit": of, "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 5, "late": true,
            "document": paper(number, "2022-12-21") })
}

fn with(mut body: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(more);
    body
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_district_decided_its_successor_posts_corrects_dissolves_and_sees() {
    let node = begun().await;
    let (old, new) = (unit("Huyện ủy An Lão"), sequel_unit("Đảng ủy xã An Lão"));
    let token = granted(&node, &new, "office").await;
    let organisation = recorded(&node, &token, "found-organisation", &founding(&old, "901")).await;
    for (number, named) in [("902", &old), ("903", &new)] {
        let named = with(founding(&old, number), json!({ "on_behalf_of": named }));
        recorded(&node, &token, "found-organisation", &named).await;
    }
    let (status, late) = posted(
        &node,
        &token,
        "found-organisation",
        &with(founding(&old, "904"), json!({ "effective_on": "2025-07-01" })),
    )
    .await;
    assert_eq!((status.as_u16(), &late["type"]), (422, &json!("/problems/unit-ended")));

    let right =
        json!({ "organisation": organisation, "reason": "wrong_date", "effective_on": "2022-12-20", "late": true });
    recorded(&node, &token, "correct-organisation", &right).await;
    let before =
        json!({ "organisation": organisation, "reason": "host_ended", "document": paper("905", "2025-06-30") });
    recorded(&node, &token, "dissolve-organisation", &before).await;
    let other = recorded(&node, &token, "found-organisation", &founding(&old, "906")).await;
    let after = json!({ "organisation": other, "reason": "host_ended", "document": paper("907", "2025-08-01") });
    recorded(&node, &token, "dissolve-organisation", &after).await;
    for (organisation, credited) in [(&organisation, &old), (&other, &new)] {
        let id = organisation.as_str().unwrap();
        let case = seen(&node, &token, &format!("/v1/organisations/{id}")).await;
        let dissolution = case["records"].as_array().unwrap().last().unwrap();
        let text = dissolution.to_string();
        assert!(text.contains(&format!("\"unit\":{credited}")), "{text}");
        assert_eq!((&case["state"], &case["unit"]), (&json!("dissolved"), &old));
    }

    let tally = seen(&node, &token, &format!("{PERIOD}/tallies?lens=as-known")).await;
    let cells = tally["measures"][0]["cells"].as_array().unwrap();
    assert_eq!(
        cells.iter().map(|cell| &cell["committee"]).collect::<Vec<_>>(),
        [&old],
        "what the district did, and no more"
    );
    let listed = seen(&node, &token, "/v1/organisations").await;
    assert!(
        listed["organisations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["stream"] == format!("organisation/{}", other.as_str().unwrap())),
        "{listed}"
    );
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_of_a_unit_that_has_ended_is_told_who_posts_now() {
    let node = begun().await;
    let old = unit("Huyện ủy An Lão");
    let token = granted(&node, &old, "office").await;
    let (slug, detail) = refused(&node, &token, "found-organisation", &founding(&old, "901")).await;
    assert_eq!(slug, "office-ended");
    assert!(detail.contains("01/07/2025") && detail.contains("Đảng ủy xã An Lão"), "{detail}");
    // It still sees what it had.
    let tally = seen(&node, &token, &format!("{PERIOD}/tallies")).await;
    assert_eq!(tally["measures"][0]["cells"].as_array().unwrap().len(), 1);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_district_that_was_divided_no_part_posts_and_the_city_does() {
    let node = begun().await;
    let (old, part) = (unit("Quận ủy Lê Chân"), sequel_unit("Đảng ủy phường Lê Chân"));
    let of_a_part = granted(&node, &part, "office").await;
    let (slug, detail) = refused(&node, &of_a_part, "found-organisation", &founding(&old, "901")).await;
    assert_eq!(slug, "not-your-unit");
    assert!(detail.contains("đã chia ra"), "{detail}");
    let cells = seen(&node, &of_a_part, &format!("{PERIOD}/tallies")).await["measures"][0]["cells"].clone();
    assert_eq!(cells, json!([]), "a part of what was divided is not told the whole");
    let of_the_city = granted(&node, &unit("Thành ủy Hải Phòng"), "office").await;
    let named = with(founding(&old, "901"), json!({ "on_behalf_of": old }));
    recorded(&node, &of_the_city, "found-organisation", &named).await;
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_offers_what_has_ended_and_is_the_office_s_own_by_now() {
    let node = begun().await;
    let (old, new) = (unit("Huyện ủy An Lão"), sequel_unit("Đảng ủy xã An Lão"));
    let browser = Browser::bearing(&node, &granted(&node, &new, "office").await);
    let form = browser.get("/forms/found-organisation").await.text;
    assert!(form.contains("Huyện ủy An Lão (đến hết ngày 30/06/2025)"), "{form}");
    assert!(!form.contains("Huyện ủy Kiến Thụy"));
    let key = form.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields = [
        ("key", key),
        ("unit", old.as_str().unwrap()),
        ("kind", "party_cell_grassroots"),
        ("host_kind", "private_enterprise"),
        ("basis", "new"),
        ("members", "5"),
        ("document.number", "901"),
        ("document.symbol", "QĐ/HU"),
        ("document.issuer", "Huyện ủy An Lão"),
        ("document.date", "21/12/2022"),
        ("late", "on"),
        ("step", "confirm"),
    ];
    let confirmed = browser.post("/forms/found-organisation", &fields).await;
    assert_eq!(confirmed.status, 303, "{}", confirmed.text);
    let receipt = browser.get(&confirmed.location).await;
    assert_eq!(receipt.status, 200, "who posted it sees it");
    assert!(browser.get("/today").await.text.contains("Huyện ủy An Lão"));
    node.stop().await;
}

/// The period was closed long before there was a successor: it sees what was reported as it was, whatever was known of the structure then.
#[tokio::test(flavor = "multi_thread")]
async fn a_successor_sees_a_closed_year_as_the_whole_of_the_city_sees_it() {
    let node = begun().await;
    let (old, new) = (unit("Huyện ủy An Lão"), sequel_unit("Đảng ủy xã An Lão"));
    let (token, of_the_root) = (granted(&node, &new, "office").await, node.token("auditor"));
    caught_up(&node).await;
    let year = |n: u32| format!("/v1/programmes/nq28/periods/{n}/tallies");
    let of_2022 = year(2022);
    let cells = async |token: &str, path: &str| -> Vec<Value> {
        let answer = seen(&node, token, path).await;
        let measures = answer["measures"].as_array().unwrap().clone();
        let of_old =
            |measure: Value| measure["cells"].as_array().unwrap().iter().find(|cell| cell["committee"] == old).cloned();
        measures.into_iter().filter_map(of_old).collect()
    };
    for path in [&of_2022, &format!("{of_2022}?known=closing-1"), &format!("{}?compare=last-year", year(2023))] {
        let (own, all) = (cells(&token, path).await, cells(&of_the_root, path).await);
        assert!(!own.is_empty(), "{path}");
        assert_eq!(own, all, "{path}");
    }
    let reported = seen(&node, &token, &of_2022).await;
    assert_eq!(reported["as_of"]["lens"], "as-reported");
    let of_all = seen(&node, &of_the_root, &of_2022).await;
    let since = |answer: &Value| {
        let changes = answer["known_since"]["measures"].as_array().unwrap().clone();
        let cells = changes.into_iter().flat_map(|measure| measure["cells"].as_array().unwrap().clone());
        cells.filter(|cell| cell["committee"] == old).collect::<Vec<_>>()
    };
    assert_eq!(since(&reported), since(&of_all));
    assert!(!since(&reported).is_empty());
    let lines = format!("{of_2022}/party_org/{}/records?known=closing-1", old.as_str().unwrap());
    assert_eq!(seen(&node, &token, &lines).await["lines"], seen(&node, &of_the_root, &lines).await["lines"]);
}
