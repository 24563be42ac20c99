//! Live changes: a snapshot, then what each position changed; resumed by id on any portal.

use serde_json::{Value, json};
use socai_tests::Node;
use uuid::Uuid;

use crate::support::{Events, PERIOD, caught_up, founding, recorded};

async fn found(node: &Node, number: &str) -> u64 {
    let posted = node.post("found-organisation", "clerk", &founding(number)).send().await.unwrap();
    assert_eq!(posted.status(), 201);
    posted.json::<Value>().await.unwrap()["position"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_record_moves_its_cell_for_everybody_who_watches() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let mut all = Events::open(&node, "auditor", None).await;
    let mut own = Events::open(&node, "clerk", None).await;
    let snapshot = all.next().await;
    assert_eq!((snapshot.name.as_str(), snapshot.data["as_of"]["known_position"].as_u64()), ("snapshot", Some(tip)));
    socai_tests::check_figures(&snapshot.data);
    assert_eq!(own.next().await.name, "snapshot");

    let position = found(&node, "911").await;
    for events in [&mut all, &mut own] {
        let cells = events.next().await;
        assert_eq!(cells.name, "cells");
        assert_eq!(cells.position(), position, "{}", cells.id);
        assert_eq!(cells.data["from"], tip);
        let measures = cells.data["measures"].as_array().unwrap();
        assert_eq!(measures.len(), 1);
        let changed = measures[0]["cells"].as_array().unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!((&changed[0]["actual"], &changed[0]["plan"]), (&5.into(), &3.into()));
    }
    drop((all, own));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_break_one_message_tells_all_that_was_missed() {
    let mut node = Node::demonstration().await;
    caught_up(&node).await;
    let mut events = Events::open(&node, "auditor", None).await;
    let last = events.next().await.id;
    drop(events);
    found(&node, "921").await;
    found(&node, "922").await;
    let tip = caught_up(&node).await;
    // Another portal on the same ledger.
    node.restart().await;
    caught_up(&node).await;

    let mut resumed = Events::open(&node, "auditor", Some(&last)).await;
    let cells = resumed.next().await;
    assert_eq!(cells.name, "cells");
    assert_eq!(cells.position(), tip);
    assert_eq!(cells.data["measures"][0]["cells"][0]["actual"], 6);

    let [generation, position, record] = last.split('-').collect::<Vec<_>>().try_into().unwrap();
    let other = cells.id.split('-').nth(2).unwrap();
    for wrong in [
        format!("9{generation}-{position}-{record}"),
        format!("{generation}-{}-{record}", tip + 5),
        // As another history of the ledger has it, and as ids were before they named the record.
        format!("{generation}-{position}-{other}"),
        format!("{generation}-{position}"),
        "nonsense".to_owned(),
    ] {
        let mut anew = Events::open(&node, "auditor", Some(&wrong)).await;
        assert_eq!(anew.next().await.name, "snapshot", "{wrong}");
    }
    drop(resumed);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_ends_the_streams_that_it_opened() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let token = kit::new_token();
    std::fs::write(node.settings.data.join("visitor.token"), &token).unwrap();
    let grant = json!({
        "token_sha256": kit::token_hash(&token).map(|byte| format!("{byte:02x}")).concat(), "subject": Uuid::now_v7(),
        "office": socai_tests::unit("Quận ủy Lê Chân"), "role": "viewer",
    });
    let granted: Value = node.post("grant-access", "admin", &grant).send().await.unwrap().json().await.unwrap();
    let access = granted["stream"].as_str().unwrap().trim_start_matches("access/");
    let mut stays = Events::open(&node, "auditor", None).await;
    let mut ends = Events::open(&node, "visitor", None).await;
    assert_eq!((stays.next().await.name, ends.next().await.name), ("snapshot".to_owned(), "snapshot".to_owned()));

    let revoked = node.post("revoke-access", "admin", &json!({ "access": access })).send().await.unwrap();
    assert_eq!(revoked.status(), 201);
    // At the next heartbeat, 15 s at most.
    ends.end().await;
    assert_eq!(node.get(&format!("{PERIOD}/tallies/changes"), "visitor").send().await.unwrap().status(), 401);
    found(&node, "931").await;
    assert_eq!(stays.next().await.name, "cells");
    drop(stays);
    node.stop().await;
}

/// The year is over and a new version of a measure holds, as every January: what is live is what the tally answers, with the names of the year.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_live_of_a_year_that_is_over_is_what_the_tally_answers() {
    let node = Node::demonstration().await;
    let programmes = node.json("/v1/programmes?valid=2022-12-31", "auditor").await;
    let mut measure = programmes["programmes"][0]["measures"][0].clone();
    let version = measure.as_object_mut().unwrap();
    for (name, value) in
        [("name_vi", json!("Tên của năm sau")), ("noun_vi", json!("người")), ("from", json!("2023-01-01"))]
    {
        version.insert(name.to_owned(), value);
    }
    let paper = json!({ "number": "77", "symbol": "QĐ/TU", "issuer": "Thành ủy Hải Phòng", "date": "2022-12-30" });
    let body = json!({ "programme": "nq28", "measure": measure, "document": paper });
    recorded(&node, "define-measure", "admin", &body).await;
    caught_up(&node).await;
    let tally = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    let snapshot = Events::open(&node, "auditor", None).await.next().await;
    assert_eq!(tally["measures"][0]["name"], "Thành lập tổ chức đảng");
    for field in ["as_of", "measures"] {
        assert_eq!(snapshot.data[field], tally[field], "{field}");
    }
    node.stop().await;
}
