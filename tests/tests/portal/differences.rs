//! The difference of two answers about a period: pieces that sum to whatever is another number, each with its records.

use serde_json::{Value, json};
use socai_tests::Node;

use crate::{
    closings::{closed_2022, paper, period, recorded, with},
    support::{PERIOD, caught_up, founding},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_difference_of_two_answers_is_explained_by_records_that_sum_to_it() {
    let (node, closing) = closed_2022().await;
    let late = with(founding("955"), json!({ "late": true }));
    let founded = recorded(&node, "found-organisation", "clerk", &late).await;
    let receipt = node.json(&format!("/v1/records/{founded}"), "auditor").await;
    let organisation = receipt["stream"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let right =
        json!({ "organisation": organisation, "reason": "wrong_date", "effective_on": "2022-12-29", "late": true });
    let corrected = recorded(&node, "correct-organisation", "clerk", &right).await;
    let tip = caught_up(&node).await;

    let diff = node.json(&format!("{PERIOD}/tallies/diff"), "auditor").await;
    assert_eq!((&diff["from"]["known_position"], &diff["to"]["known_position"]), (&json!(closing), &json!(tip)));
    let of = |measure: &str| {
        let measures = diff["measures"].as_array().unwrap();
        measures.iter().find(|one| one["measure"] == measure).unwrap().clone()
    };
    let party_org = of("party_org");
    assert_eq!(party_org["actual"], json!({ "from": 47, "to": 48 }));
    let [cell] = &party_org["cells"].as_array().unwrap()[..] else { panic!("one cell: {party_org}") };
    assert_eq!(cell["committee"], socai_tests::unit("Quận ủy Lê Chân"));
    assert_eq!(
        cell["pieces"],
        json!([
            { "why": "late", "n": 1, "records": 1, "positions": [founded] },
            { "why": "corrected", "n": 0, "records": 1, "positions": [corrected] },
        ])
    );
    assert_eq!(of("youth_org")["cells"], json!([]));

    let clerk = node.json(&format!("{PERIOD}/tallies/diff?from=closing-1&to={founded}"), "clerk").await;
    let sum: i64 = clerk["measures"][0]["cells"][0]["pieces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|piece| piece["n"].as_i64().unwrap())
        .sum();
    let total = &clerk["measures"][0]["total"];
    assert_eq!(sum, total["to"].as_i64().unwrap() - total["from"].as_i64().unwrap());
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_the_plan_with_its_unit_is_explained_in_the_whole_and_leads_to_its_paper() {
    let (node, closing) = closed_2022().await;
    let unit = socai_tests::unit("Quận ủy Lê Chân");
    let target = json!({
        "measure": "party_org", "holder": unit, "assigner": socai_tests::unit("Thành ủy Hải Phòng"), "effective_on": "2022-12-30",
    });
    let withdrawn = recorded(&node, "withdraw-target", "supervisor", &with(with(period(), paper("7")), target)).await;
    caught_up(&node).await;
    let diff = async |query: &str| {
        let diff = node.json(&format!("{PERIOD}/tallies/diff?{query}"), "auditor").await;
        diff["measures"].as_array().unwrap().iter().find(|one| one["measure"] == "party_org").unwrap().clone()
    };
    let away = diff("").await;
    assert_eq!((&away["actual"], &away["plan"]), (&json!({ "from": 47, "to": 43 }), &json!({ "from": 42, "to": 39 })));
    assert_eq!(away["pieces"], json!([{ "why": "plan_changed", "n": -4 }]));
    let changed = json!({
        "from": { "exactly": 3 }, "to": null, "plan": -3, "actual": -4, "with_plan": -1, "positions": [withdrawn],
    });
    let [cell] = &away["cells"].as_array().unwrap()[..] else { panic!("one cell: {away}") };
    assert_eq!((&cell["plan_changed"], &cell["actual"]), (&changed, &json!({ "from": 4, "to": 4 })));
    assert_eq!(cell["pieces"], json!([]));
    // Known on both sides, and in effect on one.
    let by_day = diff(&format!("from={withdrawn}&from_valid=2022-12-29&to={withdrawn}")).await;
    assert_eq!(by_day["cells"][0]["plan_changed"]["positions"], json!([withdrawn]));
    let back = diff(&format!("from={withdrawn}&to={closing}")).await;
    assert_eq!(back["pieces"], json!([{ "why": "plan_changed", "n": 4 }]));
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_closing_a_difference_needs_to_know_from_when() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let answer = node.get(&format!("{PERIOD}/tallies/diff"), "auditor").send().await.unwrap();
    let (status, problem) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
    assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &json!("/from")));
    for (query, name) in [
        ("from=0&to=1", "from"),
        ("from=closing-1", "from"),
        ("from=yesterday", "from"),
        ("from=1000&to=0", "to"),
        ("from=1000&to=2199-01-01T00:00:00Z", "to"),
        ("from=1000&from_valid=2021-12-31", "from_valid"),
        ("from=1000&to_valid=2021-12-31", "to_valid"),
    ] {
        let answer = node.get(&format!("{PERIOD}/tallies/diff?{query}"), "auditor").send().await.unwrap();
        let (status, problem) = (answer.status().as_u16(), answer.json::<Value>().await.unwrap());
        let pointer = json!(format!("/{name}"));
        assert_eq!((status, &problem["errors"][0]["pointer"]), (400, &pointer), "{query}: {problem}");
        for (detail, begins) in [("detail", "Tham số"), ("detail_en", "Parameter")] {
            let detail = problem[detail].as_str().unwrap();
            assert!(detail.starts_with(&format!("{begins} `{name}`: ")), "{query}: {detail}");
        }
    }
    let from_the_middle = node.json(&format!("{PERIOD}/tallies/diff?from=2022-06-30T17:00:00Z"), "auditor").await;
    let measure = &from_the_middle["measures"][0];
    let sum: i64 = measure["cells"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|cell| cell["pieces"].as_array().unwrap())
        .map(|piece| piece["n"].as_i64().unwrap())
        .sum();
    assert_eq!(sum, measure["total"]["to"].as_i64().unwrap() - measure["total"]["from"].as_i64().unwrap());
    node.stop().await;
}
