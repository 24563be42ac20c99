//! Lists and details as of a day and a position: what was known then, and what had taken effect by then.

use reqwest::StatusCode;
use serde_json::{Value, json};
use socai::demonstration::Demonstration;
use socai_tests::Node;

use crate::support::{Browser, Events, caught_up};

/// The last position before the first command of 2023 that takes something back or comes late.
const REVIEWED: u64 = 1_276;

/// A command of the demonstration's later part, with its position.
fn line(command: &str, wanted: impl Fn(&Value) -> bool) -> (u64, Value) {
    let lines = (1..).zip(Demonstration::Sequel.lines());
    let mut lines = lines.map(|(position, line)| (position, serde_json::from_str::<Value>(line).unwrap()));
    lines.find(|(_, line)| line["command"] == command && wanted(line)).unwrap()
}

async fn begun() -> Node {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    caught_up(&node).await;
    node
}

async fn ids(node: &Node, asked: &str) -> Vec<Value> {
    let (mut ids, mut after) = (Vec::new(), json!(0));
    loop {
        let page = node.json(&format!("/v1/organisations?{asked}&limit=300&after={after}"), "auditor").await;
        ids.extend(page["organisations"].as_array().unwrap().iter().map(|one| one["stream"].clone()));
        match &page["next_after"] {
            Value::Null => return ids,
            next => after = next.clone(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_holds_what_was_known_at_the_position_and_had_taken_effect_by_the_day() {
    let node = begun().await;
    let (position, late) = line("found-organisation", |line| line["data"]["late"] == true);
    let stream = json!(format!("organisation/{}", late["key"].as_str().unwrap()));
    let day = "valid=2022-12-31";
    let (before, known) = (
        ids(&node, &format!("{day}&known={}", position - 1)).await,
        ids(&node, &format!("{day}&known={position}")).await,
    );
    assert!(!before.contains(&stream) && known.contains(&stream));
    assert_eq!(known.len(), before.len() + 1);
    assert_eq!(
        ids(&node, "valid=2022-12-19").await.iter().filter(|one| **one == stream).count(),
        0,
        "its day is the 20th"
    );
    assert_eq!(ids(&node, "valid=2022-12-20").await.iter().filter(|one| **one == stream).count(), 1);
    let instant = ids(&node, &format!("{day}&known=2023-01-03T06:00:00Z")).await;
    assert_eq!(instant, ids(&node, &format!("{day}&known={REVIEWED}")).await);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_detail_tells_how_it_stood_with_the_records_known_then() {
    let node = begun().await;
    for (scope, stands_before_its_day) in [("from_start", false), ("from_date", true)] {
        let (position, line) = line("revoke-admission", |line| line["data"]["scope"] == scope);
        let path = format!("/v1/admissions/{}", line["data"]["admission"].as_str().unwrap());
        let then = node.json(&format!("{path}?known={REVIEWED}"), "auditor").await;
        assert_eq!((&then["state"], &then["as_of"]["known_position"]), (&json!("standing"), &json!(REVIEWED)));
        assert!(then["records"].as_array().unwrap().iter().all(|record| record["position"].as_u64() <= Some(REVIEWED)));
        let now = node.json(&path, "auditor").await;
        assert_eq!(now["state"], "revoked");
        assert_eq!(now["records"].as_array().unwrap().last().unwrap()["position"], position);
        let earlier = node.json(&format!("{path}?valid=2022-12-31"), "auditor").await;
        assert_eq!(earlier["state"] == "standing", stands_before_its_day, "{scope}: {}", earlier["state"]);
        let unborn = node.get(&format!("{path}?valid=2022-01-04"), "auditor").send().await.unwrap();
        assert_eq!(unborn.status(), StatusCode::NOT_FOUND);
    }
    let (corrected, batch) = line("correct-batch", |_| true);
    let path = format!("/v1/batches/{}", batch["data"]["batch"].as_str().unwrap());
    let size = |known: u64| {
        let path = format!("{path}?known={known}");
        let node = &node;
        async move { node.json(&path, "auditor").await["n"].as_u64().unwrap() }
    };
    assert_eq!(size(corrected).await + 1, size(corrected - 1).await);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_a_position_is_kept_for_ever_and_its_bytes_stay() {
    let node = begun().await;
    let (_, late) = line("found-organisation", |line| line["data"]["late"] == true);
    let paths = [
        format!("/v1/organisations?known={REVIEWED}&valid=2022-12-31&limit=7"),
        format!("/v1/organisations/{}?known=2000", late["key"].as_str().unwrap()),
        format!("/v1/committees?known={REVIEWED}&valid=2022-12-31"),
        format!("/v1/programmes?known={REVIEWED}"),
        format!("/v1/trail?known={REVIEWED}&limit=7"),
        format!(
            "/v1/trail?known={REVIEWED}&committee={}&limit=7",
            socai_tests::unit("Quận ủy Lê Chân").as_str().unwrap()
        ),
        format!(
            "/v1/programmes/nq28/periods/2022/tallies/restated?known={REVIEWED}&to=2025-08-28&structure_known=2200"
        ),
        "/v1/organisations?known=nq28/2022/closing-1&limit=7".to_owned(),
    ];
    let mut answers = Vec::new();
    for path in &paths {
        let answer = node.get(path, "auditor").send().await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let (tag, keep) = (header("etag"), header("cache-control"));
        assert!(keep.contains("immutable"), "{path}: {keep}");
        let again = node.get(path, "auditor").header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        answers.push((tag, answer.text().await.unwrap()));
    }
    let later = json!({ "unit": socai_tests::sequel_unit("Đảng ủy phường Lê Chân"), "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 5,
        "document": { "number": "981", "symbol": "QĐ/ĐU", "issuer": "Đảng ủy phường Lê Chân", "date": "2025-08-20" } });
    let posted = node.post("found-organisation", "clerk", &later).send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::CREATED, "{}", posted.text().await.unwrap());
    caught_up(&node).await;
    for (path, (tag, text)) in paths.iter().zip(answers) {
        let answer = node.get(path, "auditor").send().await.unwrap();
        assert_eq!(answer.headers()["etag"].to_str().unwrap(), tag, "{path}");
        assert_eq!(answer.text().await.unwrap(), text, "{path}");
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_units_of_then_are_those_that_were_known_then() {
    let node = begun().await;
    let names = |answer: Value| {
        let units = answer["committees"].as_array().unwrap().clone();
        units.iter().map(|unit| unit["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let then =
        names(node.json(&format!("/v1/committees?valid=2022-12-31&known={REVIEWED}&limit=200"), "auditor").await);
    let now = names(node.json("/v1/committees?valid=2022-12-31&limit=200", "auditor").await);
    assert_eq!(
        (then.len(), now.len()),
        (then.len(), then.len() + 13),
        "thirteen wards were recorded in 2023, with an earlier first day"
    );
    let before =
        names(node.json("/v1/committees?valid=2025-07-01&known=2025-06-24T00:00:00Z&limit=200", "auditor").await);
    assert!(before.contains(&"Quận ủy Lê Chân".to_owned()), "nobody knew yet that it would end");
    for wrong in ["known=2030-01-01T00:00:00Z", "known=2020-01-01T00:00:00Z", "known=closing-1", "known=soon"] {
        for path in ["/v1/committees", "/v1/organisations"] {
            let answer = node.get(&format!("{path}?{wrong}"), "auditor").send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}?{wrong}");
        }
    }
    for path in ["/v1/organisations", "/v1/trail", "/v1/programmes"] {
        let status =
            async |known: &str| node.get(&format!("{path}?known={known}"), "auditor").send().await.unwrap().status();
        assert_eq!(status("99999").await, StatusCode::PRECONDITION_FAILED, "{path}");
        for wrong in ["0", "nq28/2022/closing-7", "nq28/1999/closing-1", "nq28/2022/end"] {
            assert_eq!(status(wrong).await, StatusCode::BAD_REQUEST, "{path}?known={wrong}");
        }
    }
    node.stop().await;
}

/// The trail of a unit is that of what was under it then, in what the ledger knew.
#[tokio::test(flavor = "multi_thread")]
async fn a_closing_is_a_moment_for_everything_by_its_whole_name() {
    let node = begun().await;
    let programmes = node.json("/v1/programmes", "auditor").await;
    let closings = |programmes: &Value| {
        let periods = programmes["programmes"][0]["periods"].as_array().unwrap().clone();
        let period = periods.into_iter().find(|period| period["period"] == "2022").unwrap();
        period["closings"].as_array().unwrap().clone()
    };
    let closing = closings(&programmes)[0]["position"].clone();
    let before = node.json(&format!("/v1/programmes?known={}", closing.as_u64().unwrap() - 1), "auditor").await;
    assert!(closings(&before).is_empty(), "{before}");
    for (path, place) in [
        ("/v1/trail?limit=3", "/known"),
        ("/v1/organisations?limit=3", "/as_of/known_position"),
        ("/v1/committees?limit=3", "/as_of/known_position"),
        ("/v1/programmes?", "/as_of/known_position"),
    ] {
        let answer = node.json(&format!("{path}&known=nq28/2022/closing-1"), "auditor").await;
        assert_eq!(answer.pointer(place), Some(&closing), "{path}");
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_lists_take_the_same_two_axes() {
    let node = begun().await;
    let leader = Browser::new(&node, "leader");
    let then = leader.get(&format!("/committees?valid=2022-12-31&known={REVIEWED}&q=Lê+Chân")).await.text;
    assert!(then.contains("Quận ủy Lê Chân") && !then.contains("Đảng ủy phường Lê Chân"), "{then}");
    let now = leader.get("/committees?q=Lê+Chân").await.text;
    assert!(!now.contains("Quận ủy Lê Chân") && now.contains("Đảng ủy phường Lê Chân"), "{now}");
    let none = leader.get("/organisations?valid=2022-01-05").await;
    assert!(none.status == 200 && none.text.contains("Chưa có tổ chức nào"), "{}", none.text);
    assert_eq!(leader.get("/organisations?valid=yesterday").await.status, 400);
    assert_eq!(leader.get("/committees?known=closing-1").await.status, 400);
    let district = socai_tests::unit("Quận ủy Lê Chân");
    let page = format!("/committees/{}", district.as_str().unwrap());
    let then = leader.get(&format!("{page}?valid=2022-12-31&known={REVIEWED}")).await.text;
    assert!(then.contains(&format!("đã ghi đến vị trí {REVIEWED}")), "{then}");
    assert!(then.contains("<td>2022</td>") && !then.contains("<td>2025</td>"), "{then}");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_about_a_period_that_has_not_begun_can_be_asked_for_again_at_every_position() {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    let tip = caught_up(&node).await;
    let (programme, period) = ("nq28".parse().unwrap(), "2023".parse().unwrap());
    let (mut reference, mut facts, mut asked) = (domain::Reference::default(), domain::fold::Facts::default(), 0);
    for stored in node.journal().read(domain::Position::START, usize::try_from(tip).unwrap(), &[]).await.unwrap() {
        let record = wire::decode(&stored.body).unwrap();
        for event in &record.events {
            reference.apply(stored.position, event);
            facts.fold(stored.position, record.stream, event);
        }
        let Some(opened) = reference.period(&programme, &period) else { continue };
        let judged_on = record.recorded_at.local_date();
        if judged_on >= opened.first_day {
            break;
        }
        let (known, first_day) = (stored.position, opened.first_day);
        let path = "/v1/programmes/nq28/periods/2023/tallies";
        for of in ["", "/restated", "/party_org/{unit}/records"] {
            let of = of.replace("{unit}", socai_tests::unit("Quận ủy Lê Chân").as_str().unwrap());
            let first = node.get(&format!("{path}{of}?known={known}"), "auditor").send().await.unwrap();
            let again = format!("{path}{of}?known={known}&valid={first_day}");
            let again = node.get(&again, "auditor").send().await.unwrap();
            assert_eq!(first.headers()["etag"], again.headers()["etag"], "{of} at {known}");
            let (first, again) = (first.text().await.unwrap(), again.text().await.unwrap());
            assert_eq!(first, again, "{of} at {known}");
        }
        let answer = node.json(&format!("{path}?known={known}"), "auditor").await;
        assert_eq!(answer["as_of"]["valid"], first_day.to_string(), "at {known}");
        let (programme, period) = (programme.clone(), period.clone());
        let of_its_day = domain::fold::TallyQuery { programme, period, valid: judged_on, judged_on, known: None };
        let stopped = domain::fold::tally(&reference, &facts, &of_its_day).unwrap();
        assert_eq!(answer["measures"], serde_json::to_value(&stopped.measures).unwrap(), "at {known}");
        asked += 1;
    }
    assert!(asked > 10, "{asked} positions");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_that_was_opened_before_it_begins_is_shown_and_told_live_as_of_its_first_day() {
    let node = begun().await;
    let (_, mut opening) = line("open-period", |line| line["data"]["period"] == "2025");
    let opening = opening["data"].as_object_mut().unwrap();
    for (field, value) in [("period", "2026"), ("first_day", "2026-01-01"), ("last_day", "2026-12-31")] {
        opening.insert(field.to_owned(), json!(value));
    }
    opening["document"]["number"] = json!("105");
    let posted = node.post("open-period", "admin", &json!(opening)).send().await.unwrap();
    assert_eq!(posted.status(), StatusCode::CREATED, "{}", posted.text().await.unwrap());
    caught_up(&node).await;
    let path = "/v1/programmes/nq28/periods/2026/tallies";
    for of in ["", "/restated"] {
        let answer = node.json(&format!("{path}{of}"), "auditor").await;
        assert_eq!(answer["as_of"]["valid"], "2026-01-01", "{of}");
    }
    let changes = node.get(&format!("{path}/changes"), "auditor");
    let mut events = Events::asked(changes, None).await.unwrap().unwrap();
    assert_eq!(events.next().await.data["as_of"]["valid"], "2026-01-01");
    let auditor = Browser::new(&node, "auditor");
    for lens in ["", "&lens=restated"] {
        let page = auditor.get(&format!("/?period=2026{lens}")).await;
        assert!(page.status == 200 && page.text.contains("01/01/2026"), "{}", page.text);
    }
    drop(events);
    node.stop().await;
}

/// Of a list by its whole name, of a period by either.
#[tokio::test(flavor = "multi_thread")]
async fn a_closing_goes_by_either_name_where_a_period_is_asked_about_and_by_the_whole_one_elsewhere() {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    caught_up(&node).await;
    let of = |year: &str| format!("/v1/programmes/nq28/periods/{year}/tallies");
    let committee = socai_tests::unit("Quận ủy Lê Chân");
    let committee = committee.as_str().unwrap();
    let both = [
        ("known", of("2022")),
        ("known", format!("{}/restated", of("2022"))),
        ("structure_known", format!("{}/restated", of("2022"))),
        ("known", format!("{}/party_org/{committee}/records", of("2022"))),
        ("from", format!("{}/diff", of("2022"))),
        ("to", format!("{}/diff", of("2022"))),
    ];
    for (name, path) in &both {
        let own = node.json(&format!("{path}?{name}=closing-1"), "auditor").await;
        assert_eq!(node.json(&format!("{path}?{name}=nq28/2022/closing-1"), "auditor").await, own, "{path} {name}");
    }
    let told = async |path: &str, pointer: &str| {
        let answer = node.get(path, "auditor").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{path}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{path}");
        problem["errors"][0].to_string()
    };
    for (name, path) in both.iter().filter(|(name, _)| *name != "structure_known") {
        let other = told(&format!("{path}?{name}=nq28/2023/closing-1"), &format!("/{name}")).await;
        assert!(other.contains("nq28/2022"), "{other}");
        told(&format!("{path}?{name}=nq28/2022/1276"), &format!("/{name}")).await;
    }
    // The structure as a later year was closed.
    let later = node.json(&format!("{}/restated?structure_known=nq28/2023/closing-1", of("2022")), "auditor").await;
    let own = node.json(&format!("{}/restated?structure_known=closing-1", of("2022")), "auditor").await;
    assert!(later["structure_position"].as_u64() > own["structure_position"].as_u64(), "{later}");
    for path in ["/v1/organisations", "/v1/trail", "/v1/committees", "/v1/publications"] {
        let bare = told(&format!("{path}?known=closing-1"), "/known").await;
        assert!(bare.contains("nq28/2022/closing-1") && bare.contains("nq28/2023/closing-1"), "{bare}");
    }
    node.stop().await;
}
