//! One process a role, as `make run-nats` has it: a portal without intake passes commands on, and its answers move.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use serde_json::{Value, json};
use socai::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};
use socai_tests::{Node, unit};
use testkit::{nats::NatsServer, postgres::Postgres};

fn founding(number: &str) -> Value {
    json!({
        "unit": unit("Quận ủy Lê Chân"), "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 3,
        "document": { "number": number, "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30" },
    })
}

/// As a browser without scripts does it: the form, the page that shows what will change, the receipt's address.
async fn through_the_form(portal: &Node, token: &str, number: &str) -> (String, String) {
    let browser = kit::outgoing::plain().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let form = format!("{}/forms/found-organisation", portal.url);
    let cookie = format!("socai_token={token}");
    let page = browser.get(&form).header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    let key = page
        .split("name=\"key\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("the form carries a key");
    let unit = unit("Quận ủy Lê Chân");
    let typed = |step: &str| {
        let fields = [
            ("key", key),
            ("unit", unit.as_str().unwrap()),
            ("kind", "party_cell_grassroots"),
            ("host_kind", "cooperative"),
            ("basis", "new"),
            ("members", "4"),
            ("document.number", number),
            ("document.symbol", "QĐ/QU"),
            ("document.issuer", "Quận ủy Lê Chân"),
            ("document.date", "2022-12-30"),
            ("step", step),
        ];
        browser.post(&form).header("cookie", &cookie).form(&fields)
    };
    let preview = typed("preview").send().await.unwrap();
    assert_eq!(preview.status(), 200);
    let preview = preview.text().await.unwrap();
    let recorded = typed("confirm").send().await.unwrap();
    assert_eq!(recorded.status(), 303, "{}", recorded.text().await.unwrap());
    (preview, recorded.headers()["location"].to_str().unwrap().to_owned())
}

/// The number of rows by this document, once the trail's own process has come to it.
async fn in_the_trail(portal: &Node, token: &str, document: &str) -> usize {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    loop {
        looks.tick().await;
        let asked = portal.http.get(format!("{}/v1/trail?document={document}", portal.url)).bearer_auth(token);
        let trail: Value = asked.send().await.unwrap().json().await.unwrap();
        match trail["rows"].as_array().map(Vec::len) {
            Some(0) => {}
            Some(rows) => return rows,
            None => panic!("{trail}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_without_intake_passes_commands_on_and_its_tallies_move() {
    let (nats, postgres) = (NatsServer::start().await, Postgres::start());
    let views = postgres.database().await;
    let role = |role: Role| Settings {
        roles: vec![role],
        journal: nats.url("haiphong"),
        views: views.clone(),
        ..Settings::default()
    };
    let intake = Node::start(Settings { demo: Some(Demonstration::Review), ..role(Role::Intake) }).await;
    let (tally, audit) = (Node::start(role(Role::Tally)).await, Node::start(role(Role::Audit)).await);
    let portal = Node::start(Settings { intake_url: intake.url.clone(), ..role(Role::Portal) }).await;
    let clerk = intake.token("clerk");

    let one = portal.http.post(format!("{}/v1/commands/found-organisation", portal.url)).bearer_auth(&clerk);
    let answer =
        one.header("idempotency-key", uuid::Uuid::now_v7().to_string()).json(&founding("S1")).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let receipt: Value = answer.json().await.unwrap();
    assert_eq!(location, format!("/v1/records/{}", receipt["position"]));

    let line = json!({ "key": uuid::Uuid::now_v7(), "command": "found-organisation", "data": founding("S2") });
    let lines = portal.http.post(format!("{}/v1/commands", portal.url)).bearer_auth(&clerk);
    let answer = lines.header("content-type", "application/x-ndjson").body(format!("{line}\n")).send().await.unwrap();
    let text = answer.text().await.unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((last["accepted"].clone(), last["refused"].clone()), (json!(1), json!(0)), "{text}");

    let position = receipt["position"].as_u64().unwrap() + 1;
    let path = format!("{}/v1/programmes/nq28/periods/2022/tallies?min_position={position}", portal.url);
    let tallies: Value =
        portal.http.get(path).bearer_auth(intake.token("leader")).send().await.unwrap().json().await.unwrap();
    assert_eq!(tallies["measures"][0]["actual"], 49, "{tallies}");
    let (preview, receipt) = through_the_form(&portal, &clerk, "S4").await;
    assert!(preview.contains("6/3") && preview.contains("7/3"), "{preview}");
    assert_eq!(receipt, format!("/receipts/{}", position + 1));

    let found =
        tokio::time::timeout(Duration::from_secs(10), in_the_trail(&portal, &intake.token("auditor"), "S2")).await;
    assert_eq!(found.expect("the trail comes to the record"), 1);

    intake.stop().await;
    let refused = portal.http.post(format!("{}/v1/commands/found-organisation", portal.url)).bearer_auth(&clerk);
    let refused =
        refused.header("idempotency-key", uuid::Uuid::now_v7().to_string()).json(&founding("S3")).send().await.unwrap();
    assert_eq!(refused.status(), 503);
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "/problems/unavailable");
    for node in [portal, audit, tally] {
        node.stop().await;
    }
}
