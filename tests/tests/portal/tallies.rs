//! The five results, their axes, and the records behind each number.

use serde_json::Value;
use socai::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};
use socai_tests::{Node, check_figures};

use crate::support::{PERIOD, caught_up, founding};

#[tokio::test(flavor = "multi_thread")]
async fn the_review_of_2022_is_told_to_the_last_cell() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let tally = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    check_figures(&tally);
    assert_eq!(tally["as_of"]["valid"], "2022-12-31");
    assert_eq!(tally["as_of"]["lens"], "as-known");
    assert!(tally["as_of"]["known_at"].is_string());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_is_the_sum_of_its_records() {
    let node = Node::demonstration().await;
    let known = caught_up(&node).await;
    let tally = node.json(&format!("{PERIOD}/tallies?known={known}"), "auditor").await;
    for measure in tally["measures"].as_array().unwrap() {
        for cell in measure["cells"].as_array().unwrap() {
            let (key, unit) = (measure["measure"].as_str().unwrap(), cell["committee"].as_str().unwrap());
            let path = format!("{PERIOD}/tallies/{key}/{unit}/records?known={known}&limit=1000");
            let lines = node.json(&path, "auditor").await;
            assert_eq!(lines["sum"], cell["actual"], "{key} of {}", cell["name"]);
            if let Some(last) = lines["lines"].as_array().unwrap().last() {
                assert_eq!(last["sum"], lines["sum"]);
            }
        }
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_answers_the_same_for_ever_and_now_does_not() {
    let node = Node::demonstration().await;
    let known = caught_up(&node).await;
    let path = format!("{PERIOD}/tallies?known={known}");
    let first = node.get(&path, "auditor").send().await.unwrap();
    assert!(first.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let tag = first.headers()["etag"].clone();
    let before = first.bytes().await.unwrap();

    let posted = node.post("found-organisation", "clerk", &founding("901")).send().await.unwrap();
    assert_eq!(posted.status(), 201);
    let position = posted.json::<Value>().await.unwrap()["position"].as_u64().unwrap();
    let now = node.json(&format!("{PERIOD}/tallies?min_position={position}"), "auditor").await;
    assert_eq!(now["measures"][0]["actual"], 48);
    assert_eq!(node.get(&path, "auditor").send().await.unwrap().bytes().await.unwrap(), before);
    let again = node.get(&path, "auditor").header("if-none-match", tag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_is_a_position_and_says_whether_it_is_settled() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let early = node.json(&format!("{PERIOD}/tallies?known=2022-06-30T17:00:00Z"), "auditor").await;
    assert_eq!(early["settled"], true);
    assert_eq!(early["judged_on"], "2022-07-01");
    let position = early["as_of"]["known_position"].as_u64().unwrap();
    assert!((1..tip).contains(&position));
    assert!(early["measures"][0]["actual"].as_i64().unwrap() < 47);
    let last = node.json(&format!("{PERIOD}/tallies?known={tip}"), "auditor").await;
    let moment = last["as_of"]["known_at"].as_str().unwrap();
    let late = node.json(&format!("{PERIOD}/tallies?known={moment}"), "auditor").await;
    assert_eq!((&late["settled"], &late["as_of"]["known_position"]), (&false.into(), &tip.into()));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_with_its_own_problem() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let beyond = tip + 1_000;
    for (path, status, slug) in [
        (format!("{PERIOD}/tallies?min_position={beyond}"), 412, "position-unknown"),
        (format!("{PERIOD}/tallies?known={beyond}"), 412, "position-unknown"),
        (format!("{PERIOD}/tallies?known=yesterday"), 400, "invalid-query"),
        (format!("{PERIOD}/tallies?lens=restated"), 400, "invalid-query"),
        (format!("{PERIOD}/tallies?valid=2022-02-30"), 400, "invalid-query"),
        (format!("{PERIOD}/tallies?vaild=2022-02-03"), 400, "invalid-query"),
        ("/v1/programmes/nq28/periods/1999/tallies".to_owned(), 404, "not-found"),
        ("/v1/programmes/nq99/periods/2022/tallies".to_owned(), 404, "not-found"),
    ] {
        let answer = node.get(&path, "auditor").send().await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["type"], format!("/problems/{slug}"), "{path}");
        assert!(!problem["detail"].as_str().unwrap().is_empty() && !problem["detail_en"].as_str().unwrap().is_empty());
    }
    let stranger = node.http.get(format!("{}{PERIOD}/tallies", node.url)).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tallies_that_stay_behind_say_where_they_are() {
    // Nobody folds the tallies here.
    let settings =
        Settings { demo: Some(Demonstration::Review), roles: vec![Role::Intake, Role::Portal], ..Settings::default() };
    let node = Node::start(settings).await;
    let tip = node.journal().tip().await.unwrap();
    let answer = node.get(&format!("{PERIOD}/tallies?min_position={tip}"), "auditor").send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "1");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!((&problem["type"], &problem["position"]), (&"/problems/view-behind".into(), &0.into()));
    assert!(problem["detail_en"].as_str().unwrap().contains(&tip.to_string()));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_sees_its_own_units_and_their_sum() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let tally = node.json(&format!("{PERIOD}/tallies"), "clerk").await;
    let names: Vec<_> =
        tally["measures"].as_array().unwrap().iter().flat_map(|m| m["cells"].as_array().unwrap()).collect();
    assert!(names.iter().all(|cell| cell["name"].as_str().unwrap().contains("Lê Chân")));
    assert_eq!((&tally["measures"][0]["actual"], &tally["measures"][0]["plan"]), (&4.into(), &3.into()));
    let sister = socai_tests::unit("Quận ủy Hồng Bàng");
    let path = format!("{PERIOD}/tallies/party_org/{}/records", sister.as_str().unwrap());
    assert_eq!(node.get(&path, "clerk").send().await.unwrap().status(), 404);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn as_of_every_position_the_answer_is_that_of_a_fold_stopped_there() {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    let tip = caught_up(&node).await;
    let (mut reference, mut facts) = (domain::Reference::default(), domain::fold::Facts::default());
    let mut answered = 0;
    for stored in node.journal().read(domain::Position::START, usize::try_from(tip).unwrap(), &[]).await.unwrap() {
        let record = wire::decode(&stored.body).unwrap();
        for event in &record.events {
            reference.apply(stored.position, event);
            facts.fold(stored.position, record.stream, event);
        }
        let judged_on = record.recorded_at.local_date();
        // The year that was reviewed, and that of the record.
        let mut years = vec![2022, judged_on.year()];
        years.dedup();
        for year in years {
            let valid = format!("{year}-12-31");
            let path = format!("/v1/programmes/nq28/periods/{year}/tallies?valid={valid}&known={}", stored.position);
            let answer = node.get(&path, "auditor").send().await.unwrap();
            let query = domain::fold::TallyQuery {
                programme: "nq28".parse().unwrap(),
                period: year.to_string().parse().unwrap(),
                valid: valid.parse().unwrap(),
                judged_on,
                known: None,
            };
            match domain::fold::tally(&reference, &facts, &query) {
                Err(_) => assert_eq!(answer.status(), 404, "{path}"),
                Ok(stopped) => {
                    let answer: Value = answer.json().await.unwrap();
                    assert_eq!(answer["measures"], serde_json::to_value(&stopped.measures).unwrap(), "{path}");
                    assert_eq!(answer["as_of"]["known_position"], stored.position.0);
                    answered += 1;
                }
            }
        }
    }
    // The first records are of the ledger, its units, its rules and its programme.
    assert!(answered > tip - 20, "{answered} of {tip}");
    node.stop().await;
}
