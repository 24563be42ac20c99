//! Records, cases, the trail and the directory.

use serde_json::{Value, json};
use socai_tests::Node;

use crate::support::{Browser, caught_up, founding};

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_history_lead_to_the_tip_without_a_hole() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let (mut after, mut positions) = (0, Vec::new());
    while after < tip {
        let page = node.json(&format!("/v1/records?after={after}&limit=500"), "auditor").await;
        positions.extend(page["records"].as_array().unwrap().iter().map(|record| record["position"].as_u64().unwrap()));
        assert!(page["next_after"].as_u64().unwrap() > after);
        after = page["next_after"].as_u64().unwrap();
        assert_eq!(page["tip"], tip);
    }
    assert_eq!(positions, (1..=tip).collect::<Vec<_>>());

    let end = node.json(&format!("/v1/records?after={tip}"), "auditor").await;
    assert_eq!(end, json!({ "records": [], "next_after": tip, "tip": tip }));
    for beyond in [tip + 1, u64::MAX] {
        let refused = node.get(&format!("/v1/records?after={beyond}"), "auditor").send().await.unwrap();
        let problem: Value = refused.json().await.unwrap();
        assert_eq!(
            (&problem["type"], &problem["status"], &problem["position"]),
            (&json!("/problems/position-unknown"), &json!(412), &json!(tip))
        );
    }

    let sparse = node.json("/v1/records?kind=rules&limit=10", "auditor").await;
    assert_eq!((sparse["records"].as_array().unwrap().len(), &sparse["next_after"]), (1, &tip.into()));
    let one = node.json("/v1/records/1", "auditor").await;
    assert_eq!(one["command"], "open-ledger");
    let lines =
        node.get("/v1/records?limit=3", "auditor").header("accept", "application/x-ndjson").send().await.unwrap();
    assert_eq!(lines.headers()["content-type"], "application/x-ndjson");
    let lines: Vec<Value> =
        lines.text().await.unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[3]["next_after"]), (4, &3.into()));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_seen_is_linked_from_nowhere() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    while node.json("/v1/trail?limit=1", "auditor").await["known"].as_u64().unwrap() < tip {
        tokio::task::yield_now().await;
    }
    let lc = socai_tests::unit("Quận ủy Lê Chân");
    let grants = node.json("/v1/records?kind=access&limit=1000", "auditor").await;
    let grants = grants["records"].as_array().unwrap();
    let own: Vec<_> = grants.iter().filter(|grant| grant["actor"]["office"] == lc).collect();
    assert!(!own.is_empty(), "the demonstration grants Lê Chân access");
    for grant in own {
        let path = format!("/v1/trail?stream={}", grant["stream"].as_str().unwrap());
        let rows = async |who: &str| node.json(&path, who).await["rows"].as_array().unwrap().len();
        assert_eq!((rows("auditor").await, rows("clerk").await), (1, 0));
        let record = format!("/v1/records/{}", grant["position"]);
        assert_eq!(node.get(&record, "clerk").send().await.unwrap().status(), 404);
    }
    let (city, clerk) = (Browser::new(&node, "auditor"), Browser::new(&node, "clerk"));
    assert!(city.get("/today").await.text.contains("ấp quyền truy cập"));
    for page in ["/today", "/trail"] {
        let page = clerk.get(page).await;
        assert_eq!(page.status, 200);
        assert!(!page.text.contains("ấp quyền truy cập"), "{}", page.text);
    }

    let (own, above) = (socai_tests::unit("Quận ủy Lê Chân"), socai_tests::unit("Thành ủy Hải Phòng"));
    let (own, above) = (own.as_str().unwrap().to_owned(), above.as_str().unwrap().to_owned());
    let link = format!("href=\"/committees/{above}\"");
    let page = clerk.get(&format!("/committees/{own}")).await;
    assert!(page.text.contains("Thành ủy Hải Phòng") && !page.text.contains(&link), "{}", page.text);
    assert!(city.get(&format!("/committees/{own}")).await.text.contains(&link));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_is_offered_to_ask_a_unit_of_the_own_office() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let (own, above) = (socai_tests::unit("Quận ủy Lê Chân"), socai_tests::unit("Thành ủy Hải Phòng"));
    let token = kit::new_token();
    let hash: String = kit::token_hash(&token).iter().map(|byte| format!("{byte:02x}")).collect();
    let grant = json!({ "token_sha256": hash, "subject": uuid::Uuid::now_v7(), "office": own, "role": "auditor" });
    assert_eq!(node.post("grant-access", "admin", &grant).send().await.unwrap().status(), 201);
    let targets = node.json("/v1/records?kind=target&limit=1000", "auditor").await;
    let targets = targets["records"].as_array().unwrap();
    let of_own = |record: &&Value| record["events"].to_string().contains(own.as_str().unwrap());
    let assigned = targets.iter().find(of_own).expect("a target of Lê Chân");
    assert_eq!(assigned["actor"]["office"], above);

    let page = format!("/records/{}", assigned["position"]);
    let offers = |page: &str, owner: &Value| page.contains(&format!("owner={}", owner.as_str().unwrap()));
    let district = Browser::bearing(&node, &token).get(&page).await.text;
    assert!(offers(&district, &own) && !offers(&district, &above), "{district}");
    let city = Browser::new(&node, "auditor").get(&page).await.text;
    assert!(offers(&city, &above), "{city}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_told_with_all_its_records_and_its_last_position() {
    let node = Node::demonstration().await;
    let posted = node.post("found-organisation", "clerk", &founding("931")).send().await.unwrap();
    let receipt: Value = posted.json().await.unwrap();
    let id = receipt["stream"].as_str().unwrap().strip_prefix("organisation/").unwrap().to_owned();
    let dissolution = json!({
        "organisation": id, "reason": "host_ended",
        "document": { "number": "932", "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-31" }
    });
    assert_eq!(node.post("dissolve-organisation", "clerk", &dissolution).send().await.unwrap().status(), 201);
    let case = node.json(&format!("/v1/organisations/{id}"), "clerk").await;
    assert_eq!(
        (&case["state"], &case["ended_on"], &case["version"]),
        (&"dissolved".into(), &"2022-12-31".into(), &2.into())
    );
    assert_eq!(case["records"].as_array().unwrap().len(), 2);
    assert_eq!(case["stream_position"], case["records"][1]["position"]);
    assert_eq!(node.get(&format!("/v1/organisations/{id}"), "youth-clerk").send().await.unwrap().status(), 404);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_followed_a_decision_is_corrected_by_itself() {
    let node = Node::demonstration().await;
    let paper = |number: &str, date: &str| json!({ "number": number, "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": date });
    let post = async |command: &str, data: Value| -> (u16, Value) {
        let answer = node.post(command, "clerk", &data).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let id_of = |receipt: &Value| receipt["stream"].as_str().unwrap().split('/').nth(1).unwrap().to_owned();

    let (_, receipt) = post("found-organisation", founding("941")).await;
    let organisation = id_of(&receipt);
    let dissolution =
        json!({ "organisation": organisation, "reason": "host_ended", "document": paper("942", "2022-12-31") });
    post("dissolve-organisation", dissolution).await;
    let correct = |right: Value| json!({ "organisation": organisation, "reason": "wrong_date", "dissolution": right });
    assert_eq!(post("correct-organisation", correct(json!({ "on": "2022-12-30" }))).await.0, 201);
    let case = node.json(&format!("/v1/organisations/{organisation}"), "clerk").await;
    assert_eq!((&case["state"], &case["ended_on"]), (&"dissolved".into(), &"2022-12-30".into()));
    assert_eq!(post("correct-organisation", correct(json!("did_not_happen"))).await.0, 201);
    let case = node.json(&format!("/v1/organisations/{organisation}"), "clerk").await;
    assert_eq!((&case["state"], &case["ended_on"]), (&"standing".into(), &Value::Null));
    let (status, problem) = post("correct-organisation", correct(json!("did_not_happen"))).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &"/dissolution".into()));
    assert!(problem["type"].as_str().unwrap().ends_with("nothing-to-correct"), "{problem}");

    let batch = json!({
        "unit": socai_tests::unit("Quận ủy Lê Chân"), "membership": "party", "host_kind": "private_enterprise", "count": 3,
        "document": paper("943", "2022-12-01"),
    });
    let (_, receipt) = post("admit-batch", batch).await;
    let batch = id_of(&receipt);
    post("hold-batch-ceremony", json!({ "batch": batch, "held_on": "2022-12-05", "received": 2 })).await;
    let right = json!({
        "batch": batch, "reason": "wrong_date", "ceremony": { "recorded_on": "2022-12-05", "right": { "on": "2022-12-06" } },
    });
    assert_eq!(post("correct-batch", right).await.0, 201);
    let case = node.json(&format!("/v1/batches/{batch}"), "clerk").await;
    assert_eq!((&case["held_on"], &case["received"]), (&"2022-12-06".into(), &2.into()), "{case}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_of_a_committee_is_paged_while_records_arrive() {
    let node = Node::demonstration().await;
    let committee = socai_tests::unit("Quận ủy Lê Chân");
    let committee = committee.as_str().unwrap();
    let tip = node.journal().tip().await.unwrap().0;
    let mut first = node.json(&format!("/v1/trail?committee={committee}&limit=20"), "auditor").await;
    while first["known"].as_u64().unwrap() < tip {
        tokio::task::yield_now().await;
        first = node.json(&format!("/v1/trail?committee={committee}&limit=20"), "auditor").await;
    }
    node.post("found-organisation", "clerk", &founding("941")).send().await.unwrap();
    let (mut rows, mut page) = (first["rows"].as_array().unwrap().clone(), first.clone());
    while let Some(after) = page["next_after"].as_str() {
        let path = format!("/v1/trail?committee={committee}&limit=20&known={}&after={after}", first["known"]);
        page = node.json(&path, "auditor").await;
        rows.extend(page["rows"].as_array().unwrap().clone());
    }
    let places: Vec<_> =
        rows.iter().map(|row| (row["position"].as_u64().unwrap(), row["index"].as_u64().unwrap())).collect();
    assert!(places.is_sorted() && places.iter().all(|(position, _)| *position <= tip));
    assert!(places.windows(2).all(|pair| pair[0] != pair[1]));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_directory_answers_auditors_and_is_kept_by_administrators() {
    let node = Node::demonstration().await;
    let record = node.json("/v1/records/1", "auditor").await;
    let path = format!("/v1/directory/{}", record["actor"]["subject"].as_str().unwrap());
    let entry = json!({ "entries": [
        { "person": "Người thử nghiệm", "office": socai_tests::unit("Thành ủy Hải Phòng"), "from": "2022-01-01" }
    ] });
    assert_eq!(node.get(&path, "auditor").send().await.unwrap().status(), 404);
    let put =
        |token: &str| node.http.put(format!("{}{path}", node.url)).bearer_auth(node.token(token)).json(&entry).send();
    assert_eq!(put("auditor").await.unwrap().status(), 403);
    assert_eq!(put("admin").await.unwrap().status(), 204);
    assert_eq!(node.json(&path, "auditor").await, entry);
    assert_eq!(node.get(&path, "clerk").send().await.unwrap().status(), 403);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn organisations_are_listed_page_by_page_each_office_its_own() {
    let node = Node::demonstration().await;
    let tip = node.journal().tip().await.unwrap().0;
    while node.json("/v1/trail?limit=1", "auditor").await["known"].as_u64().unwrap() < tip {
        tokio::task::yield_now().await;
    }
    let records = node.json("/v1/records?kind=organisation&limit=1000", "auditor").await;
    let begun = records["records"].as_array().unwrap().iter().filter(|record| record["version"] == 1).count();
    let (mut listed, mut after) = (Vec::new(), 0);
    loop {
        let page = node.json(&format!("/v1/organisations?after={after}&limit=100"), "auditor").await;
        listed.extend(page["organisations"].as_array().unwrap().clone());
        let Some(next) = page["next_after"].as_u64() else { break };
        after = next;
    }
    assert_eq!(listed.len(), begun);
    assert!(listed.iter().all(|case| case["state"] == "standing"));

    let own = node.json("/v1/organisations?limit=1000", "youth-clerk").await;
    let office = socai_tests::unit("Quận đoàn Lê Chân");
    let wanted: Vec<_> = listed.iter().filter(|case| case["unit"] == office).collect();
    assert_eq!(own["organisations"].as_array().unwrap().iter().collect::<Vec<_>>(), wanted);
    node.stop().await;
}

/// Each as `/openapi.json` names it for the command, with what is left out when it is none.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_caller_says_of_its_own_request_stands_in_the_record() {
    let node = Node::demonstration().await;
    let document = node.json("/openapi.json", "auditor").await;
    let parameters = document["paths"]["/v1/commands/found-organisation"]["post"]["parameters"].as_array().unwrap();
    let (id, parent) = (uuid::Uuid::from_u128(7).to_string(), format!("00-{}-{}-01", "a".repeat(32), "b".repeat(16)));
    for (number, [correlation, causation, trace], taken) in
        [("H1", [id.as_str(), id.as_str(), parent.as_str()], true), ("H2", ["7", "seven", "00-short"], false)]
    {
        let sent = [("Correlation-Id", correlation), ("Causation-Id", causation), ("traceparent", trace)];
        let mut post = node.post("found-organisation", "clerk", &founding(number));
        for (name, value) in sent {
            assert!(parameters.iter().any(|told| told["name"] == name && told["in"] == "header"), "{name}");
            post = post.header(name, value);
        }
        let receipt: Value = post.send().await.unwrap().json().await.unwrap();
        let record = node.json(&format!("/v1/records/{}", receipt["position"]), "auditor").await;
        for (field, value) in [("correlation_id", correlation), ("causation_id", causation), ("trace_parent", trace)] {
            assert_eq!(record[field].as_str(), taken.then_some(value), "{number} {field}");
        }
    }
    node.stop().await;
}
