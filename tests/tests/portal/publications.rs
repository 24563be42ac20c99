//! What was printed, beside the ledger as it was known then and as it is known by now.

use reqwest::StatusCode;
use serde_json::{Value, json};
use socai::demonstration::Demonstration;
use socai_tests::Node;

use crate::support::{Browser, PERIOD, caught_up, founding, granted};

/// The title in the form that some keyboards and PDF files write.
const TITLE: &str = "Ke\u{302}\u{301}t qua\u{309}  năm 2022";

fn with(mut body: Value, fields: Value) -> Value {
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
}

/// Of the year, printed at a moment or on a day.
fn printed(printed: Value, sentences: &[&str]) -> Value {
    json!({
        "outlet": "Cổng thông tin mẫu", "title": TITLE, "printed": printed, "place": "https://example.org/ket-qua",
        "programme": "nq28", "period": "2022", "sentences": sentences,
    })
}

async fn posted(node: &Node, command: &str, token: &str, body: &Value) -> Value {
    let answer = node.post(command, token, body).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::CREATED, "{command}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// Posts it; its id.
async fn published(node: &Node, body: &Value) -> String {
    let receipt = posted(node, "publish", "supervisor", body).await;
    caught_up(node).await;
    receipt["stream"].as_str().unwrap().strip_prefix("publication/").unwrap().to_owned()
}

async fn refused(node: &Node, token: &str, body: &Value) -> (u16, String, Value) {
    let answer = node.post("publish", token, body).send().await.unwrap();
    let status = answer.status().as_u16();
    let problem: Value = answer.json().await.unwrap();
    (status, problem["type"].as_str().unwrap().to_owned(), problem["errors"][0]["pointer"].clone())
}

/// The demonstration, and the moment of its last record; then Lê Chân founds one more.
async fn one_more_than_printed() -> (Node, Value) {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let at = node.json(&format!("/v1/records/{tip}"), "auditor").await["recorded_at"].clone();
    posted(&node, "found-organisation", "clerk", &founding("951")).await;
    caught_up(&node).await;
    (node, at)
}

/// What is found of each claim of a sentence: arithmetic, then, now.
fn findings(answer: &Value, sentence: usize) -> Vec<[String; 3]> {
    let claims = answer["sentences"][sentence]["claims"].as_array().unwrap();
    let of = |claim: &Value, side: &str| claim[side]["finding"].as_str().unwrap().to_owned();
    claims.iter().map(|claim| ["arithmetic", "then", "now"].map(|side| of(claim, side))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_claim_stands_beside_what_was_known_when_it_was_printed_and_what_is_known_now() {
    let (node, at) = one_more_than_printed().await;
    let decomposed = "Kết nạp ga\u{302}\u{300}n 450  đảng viên.";
    let sentences = [
        "Thành lập 47/42 tổ chức đảng, đạt 111,9% kế hoạch.",
        "Kết quả tổ chức đảng: Lê Chân 4/3, Hồng Bàng 3/3, Đồ Xa 1/1.",
        "Phát triển đoàn viên, hội viên thanh niên đạt 241,21% kế hoạch (1.071/444).",
        "Có 16/16 đảng bộ hoàn thành và vượt chỉ tiêu thành lập tổ chức đảng, trong đó 6/16 đảng bộ vượt.",
        decomposed,
        "Tăng 20% so với năm 2021.",
    ];
    let id = published(&node, &printed(json!({ "at": at }), &sentences)).await;
    let path = format!("/v1/publications/{id}");
    let answer = node.json(&path, "auditor").await;

    let kept: Vec<_> =
        answer["sentences"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert_eq!(kept, sentences, "byte for byte");
    assert_eq!((&answer["title"], &answer["printed"]["at"]), (&json!(TITLE), &at));
    assert_eq!(findings(&answer, 0), [["equal", "equal", "differs"]]);
    let differences = &answer["sentences"][0]["claims"][0]["now"]["differences"];
    assert_eq!((&differences[0]["figure"], &differences[0]["by"]), (&json!("actual"), &json!(-1)));
    let unit = ["unchecked", "equal", "differs"];
    let not_there = ["unchecked", "not_in_data", "not_in_data"];
    assert_eq!(findings(&answer, 1), [unit, ["unchecked", "equal", "equal"], not_there]);
    assert_eq!(findings(&answer, 2), [["rounding_differs"; 3]]);
    assert_eq!(findings(&answer, 3)[0][0], "cannot_follow");
    assert_eq!(findings(&answer, 4), [["unchecked", "holds", "holds"]]);
    assert_eq!(answer["sentences"][5]["claims"], json!([]));
    assert_eq!(answer["sentences"][5]["unread"][0]["text"], "20%");

    let (then, now) = (&answer["then"]["as_of"], &answer["now"]["as_of"]);
    assert_eq!((&then["lens"], &now["lens"]), (&json!("as-known"), &json!("as-known")));
    assert!(then["known_position"].as_u64() < now["known_position"].as_u64());
    assert_eq!(
        (&answer["then"]["settled"], &answer["known_until"], &then["valid"]),
        (&json!(true), &at, &json!("2022-12-31"))
    );
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_position_gives_the_same_bytes_and_a_tag_also_after_a_restart() {
    let (mut node, at) = one_more_than_printed().await;
    let id = published(&node, &printed(json!({ "at": at }), &["Thành lập 47/42 tổ chức đảng."])).await;
    let pinned = caught_up(&node).await;
    posted(&node, "found-organisation", "clerk", &founding("952")).await;
    caught_up(&node).await;
    for path in [format!("/v1/publications/{id}?known={pinned}"), format!("/v1/publications?known={pinned}")] {
        let first = node.get(&path, "auditor").send().await.unwrap();
        let tag = first.headers()["etag"].to_str().unwrap().to_owned();
        // A later program may read more out of the sentences of one.
        let is_kept = first.headers()["cache-control"].to_str().unwrap().contains("immutable");
        assert_eq!(is_kept, !path.contains(&id), "{path}");
        let body = first.text().await.unwrap();
        posted(&node, "found-organisation", "clerk", &founding(&format!("96{}", path.len()))).await;
        caught_up(&node).await;
        node.restart().await;
        caught_up(&node).await;
        let again = node.get(&path, "auditor").send().await.unwrap();
        assert_eq!(again.text().await.unwrap(), body, "{path}");
        let kept = node.get(&path, "auditor").header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(kept.status(), StatusCode::NOT_MODIFIED, "{path}");
    }
    let before = node.get(&format!("/v1/publications/{id}?known=5"), "auditor").send().await.unwrap();
    assert_eq!(before.status(), StatusCode::NOT_FOUND, "it was recorded later");
    let listed = node.json("/v1/publications?known=5", "auditor").await;
    assert_eq!((&listed["publications"], &listed["known_position"]), (&json!([]), &json!(5)));
    for query in ["known=closing-1", "known=2199-01-01T00:00:00Z", "known=x"] {
        let answer = node.get(&format!("/v1/publications/{id}?{query}"), "auditor").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }
    for path in [format!("/v1/publications/{id}"), "/v1/publications".to_owned()] {
        let answer = node.get(&format!("{path}?min_position=99999"), "auditor").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::PRECONDITION_FAILED, "{path}");
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_closed_period_a_reader_of_that_day_saw_what_was_reported() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let paper = json!({ "number": "1", "symbol": "TB/TU", "issuer": "Thành ủy Hải Phòng", "date": "2023-01-02" });
    let close = json!({ "programme": "nq28", "period": "2022", "document": paper });
    let closing = posted(&node, "close-period", "supervisor", &close).await["position"].clone();
    posted(&node, "found-organisation", "clerk", &with(founding("951"), json!({ "late": true }))).await;
    caught_up(&node).await;
    let id = published(&node, &printed(json!({ "on": "2023-01-02" }), &["Thành lập 47/42 tổ chức đảng."])).await;
    let answer = node.json(&format!("/v1/publications/{id}"), "auditor").await;
    assert_eq!(findings(&answer, 0), [["unchecked", "equal", "differs"]]);
    let then = &answer["then"];
    assert_eq!((&then["as_of"]["lens"], &then["as_of"]["known_position"]), (&json!("as-reported"), &closing));
    assert_eq!((&then["closing"]["number"], &then["settled"]), (&json!(1), &json!(false)), "its day is not over");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_has_a_claim_that_only_rounds_otherwise_and_one_that_cannot_follow() {
    let node = Node::with_demonstration(Demonstration::Sequel).await;
    caught_up(&node).await;
    let listed = node.json("/v1/publications?programme=nq28&period=2022", "auditor").await;
    let id = |i: usize| format!("/v1/publications/{}", listed["publications"][i]["publication"].as_str().unwrap());
    let article = node.json(&id(0), "auditor").await;
    assert_eq!(findings(&article, 0), [["equal", "equal", "differs"], ["consistent", "equal", "differs"]]);
    assert_eq!(findings(&article, 1), [["rounding_differs", "rounding_differs", "differs"]]);
    let then = &article["then"];
    assert_eq!((&then["as_of"]["lens"], &then["closing"]["number"]), (&json!("as-reported"), &json!(1)));
    let digest = node.json(&id(1), "auditor").await;
    assert_eq!(findings(&digest, 0)[1][..2], ["cannot_follow", "differs"]);
    assert_eq!(findings(&digest, 1), [["unchecked", "equal", "equal"], ["unchecked", "differs", "differs"]]);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_printed_before_the_ledger_began_is_not_in_the_data_as_known_then() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let id = published(&node, &printed(json!({ "on": "2021-12-31" }), &["Thành lập 47/42 tổ chức đảng."])).await;
    let answer = node.json(&format!("/v1/publications/{id}"), "auditor").await;
    assert_eq!(findings(&answer, 0), [["unchecked", "not_in_data", "equal"]]);
    assert_eq!((&answer["then"]["absent"], &answer["then"]["as_of"]), (&json!("before_the_ledger"), &Value::Null));

    let mut nowhere = printed(json!({ "on": "2022-12-30" }), &["Thành lập 47/0 tổ chức đảng."]);
    nowhere.as_object_mut().unwrap().retain(|name, _| name != "programme" && name != "period");
    let id = published(&node, &nowhere).await;
    let answer = node.json(&format!("/v1/publications/{id}"), "auditor").await;
    assert_eq!(findings(&answer, 0), [["cannot_follow", "not_in_data", "not_in_data"]]);
    assert_eq!(answer["now"]["absent"], "no_period");
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_recorded_is_refused_with_its_place() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let claim = "Thành lập 47/42 tổ chức đảng.";
    let good = printed(json!({ "on": "2022-12-30" }), &[claim]);
    let check = async |token: &str, change: Value, expected: (u16, &str, Value)| {
        let (status, slug, pointer) = refused(&node, token, &with(good.clone(), change)).await;
        assert_eq!(
            (status, slug.as_str(), pointer),
            (expected.0, format!("/problems/{}", expected.1).as_str(), expected.2)
        );
    };
    check("clerk", json!({}), (403, "role-may-not", Value::Null)).await;
    check("auditor", json!({}), (403, "role-may-not", Value::Null)).await;
    let supervisor = "supervisor";
    check(supervisor, json!({ "sentences": [] }), (422, "list-length-unfit", json!("/sentences"))).await;
    check(supervisor, json!({ "sentences": ["x".repeat(2_049)] }), (422, "printed-text-unfit", json!("/sentences/0")))
        .await;
    check(
        supervisor,
        json!({ "sentences": [claim, "Hội nghị."] }),
        (422, "sentence-without-figure", json!("/sentences/1")),
    )
    .await;
    check(supervisor, json!({ "sentences": ["Ông Văn A nêu 47/42."] }), (422, "names-a-person", json!("/sentences/0")))
        .await;
    check(supervisor, json!({ "sentences": ["Họp lúc 8 giờ."] }), (422, "no-claim-read", json!("/sentences"))).await;
    check(supervisor, json!({ "printed": { "on": "2199-01-01" } }), (422, "printed-in-future", json!("/printed/on")))
        .await;
    check(supervisor, json!({ "programme": "nq99" }), (422, "programme-unknown", json!("/programme"))).await;
    check(supervisor, json!({ "period": "1999" }), (422, "period-unknown", json!("/period"))).await;
    check(supervisor, json!({ "period": null }), (422, "publication-period-unfit", json!("/period"))).await;
    let nowhere = json!({ "replaces": "018f0000-0000-7000-8000-000000000001" });
    check(supervisor, nowhere, (422, "replaced-unknown", json!("/replaces"))).await;
    check(supervisor, json!({ "printed": "2022-12-30" }), (400, "invalid-body", json!("/printed"))).await;
    check(supervisor, json!({ "author": "x" }), (400, "invalid-body", json!("/author"))).await;

    let request = node.post("publish", supervisor, &good);
    let (first, again) = (request.try_clone().unwrap().send().await.unwrap(), request.send().await.unwrap());
    assert_eq!((first.status(), again.status()), (StatusCode::CREATED, StatusCode::OK));
    assert_eq!(again.json::<Value>().await.unwrap()["replayed"], true);
    check(supervisor, json!({ "title": "kết quả năm 2022" }), (409, "publication-recorded", json!("/title"))).await;
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn editions_stand_beside_each_other_and_what_was_withdrawn_is_recorded_again() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let good = printed(json!({ "on": "2022-12-30" }), &["Thành lập 46/42 tổ chức đảng."]);
    let first = published(&node, &good).await;
    let corrected = json!({ "title": "Đính chính", "sentences": ["Thành lập 47/42 tổ chức đảng."], "replaces": first });
    let second = published(&node, &with(good.clone(), corrected)).await;
    let mut other = with(good.clone(), json!({ "title": "Nơi khác" }));
    other.as_object_mut().unwrap().retain(|name, _| name != "programme" && name != "period");
    let third = published(&node, &other).await;

    let answer = node.json(&format!("/v1/publications/{first}"), "auditor").await;
    assert_eq!((&answer["replaced_by"], &answer["withdrawn_at"]), (&json!([second]), &Value::Null));
    let ids = async |query: &str| {
        let page = node.json(&format!("/v1/publications?{query}"), "auditor").await;
        let ids: Vec<_> =
            page["publications"].as_array().unwrap().iter().map(|one| one["publication"].clone()).collect();
        (json!(ids), page["next_after"].clone())
    };
    assert_eq!(ids("").await, (json!([first, second, third]), Value::Null));
    assert_eq!(ids("programme=nq28&period=2022").await, (json!([first, second]), Value::Null));
    assert_eq!(ids("period=2023").await.0, json!([]));
    let (page, next) = ids("limit=2").await;
    assert_eq!(page, json!([first, second]));
    assert_eq!(ids(&format!("limit=2&after={next}")).await, (json!([third]), Value::Null));
    for query in ["programme=nq99", "period=1999", "limit=0", "after=x"] {
        let answer = node.get(&format!("/v1/publications?{query}"), "auditor").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{query}");
    }

    let withdraw = json!({ "publication": first, "reason": "typo" });
    let at = posted(&node, "withdraw-publication", "supervisor", &withdraw).await["position"].clone();
    caught_up(&node).await;
    let answer = node.json(&format!("/v1/publications/{first}"), "auditor").await;
    assert_eq!(answer["withdrawn_at"], at);
    let again = published(&node, &good).await;
    assert_eq!(again, first);
    let answer = node.json(&format!("/v1/publications/{first}"), "auditor").await;
    assert_eq!((&answer["withdrawn_at"], answer["position"].as_u64() > at.as_u64()), (&Value::Null, true));
    // Behind the withdrawal, and past what is about no period.
    assert_eq!(ids("").await, (json!([first, second, third, first]), Value::Null));
    assert_eq!(ids("programme=nq28").await, (json!([first, second, first]), Value::Null));

    let trail = node.json(&format!("/v1/trail?stream=publication/{first}"), "auditor").await;
    let rows = trail["rows"].as_array().unwrap();
    let told: Vec<_> =
        rows.iter().map(|row| (row["event"].as_str().unwrap(), row["late"].as_bool().unwrap())).collect();
    let expected = ["figures_published", "publication_withdrawn", "figures_published"].map(|event| (event, false));
    assert_eq!(told, expected);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_sees_its_own_publications_which_are_compared_with_its_own_figures() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    granted(&node, "district", &socai_tests::unit("Quận ủy Lê Chân"), "supervisor").await;
    let of_the_city =
        published(&node, &printed(json!({ "on": "2022-12-30" }), &["Thành lập 47/42 tổ chức đảng."])).await;
    let hidden = node.get(&format!("/v1/publications/{of_the_city}"), "district").send().await.unwrap();
    assert_eq!(hidden.status(), StatusCode::NOT_FOUND);
    assert_eq!(node.json("/v1/publications", "clerk").await["publications"], json!([]));

    let own =
        with(printed(json!({ "on": "2023-01-02" }), &["Thành lập 4/3 tổ chức đảng."]), json!({ "title": "Lê Chân" }));
    let receipt = posted(&node, "publish", "district", &own).await;
    caught_up(&node).await;
    let id = receipt["stream"].as_str().unwrap().strip_prefix("publication/").unwrap().to_owned();
    for token in ["district", "clerk", "auditor"] {
        let answer = node.json(&format!("/v1/publications/{id}"), token).await;
        assert_eq!(findings(&answer, 0), [["unchecked", "equal", "equal"]], "{token}");
    }
    let withdraw = json!({ "publication": of_the_city, "reason": "typo" });
    let answer = node.post("withdraw-publication", "district", &withdraw).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_is_posted_by_a_form_and_shown_sentence_by_sentence() {
    let (node, _) = one_more_than_printed().await;
    let supervisor = Browser::new(&node, "supervisor");
    let form = supervisor.get("/forms/publish").await;
    assert!(form.status == 200 && form.text.contains("<textarea"), "{}", form.text);
    let mut typed = vec![
        ("key", "018f0000-0000-7000-8000-00000000f00a"),
        ("outlet", "Cổng thông tin mẫu"),
        ("title", "Kết quả <năm> 2022"),
        ("printed.on", "30/12/2022"),
        ("programme", "nq28"),
        ("period", "2022"),
        ("sentences", "Thành lập 47/42 tổ chức đảng, đạt 111,9% kế hoạch.\r\nHội nghị.\r\n"),
        ("step", "preview"),
    ];
    let wrong = supervisor.post("/forms/publish", &typed).await;
    assert!(wrong.status == 422 && wrong.text.contains("id=\"sentences-wrong\""), "{}", wrong.text);
    assert!(wrong.text.contains("đạt 111,9% kế hoạch.") && wrong.text.contains("Hội nghị."), "what was typed stays");
    typed[6] = ("sentences", "Thành lập 47/42 tổ chức đảng, đạt 111,9% kế hoạch.\r\n");
    assert_eq!(supervisor.post("/forms/publish", &typed).await.status, 200);
    typed[7] = ("step", "confirm");
    let recorded = supervisor.post("/forms/publish", &typed).await;
    assert_eq!(recorded.status, 303, "{}", recorded.text);
    caught_up(&node).await;

    let list = supervisor.get("/publications?programme=nq28&period=2022").await;
    assert!(list.text.contains("Kết quả &#60;năm&#62; 2022"), "{}", list.text);
    let from = list.text.split("href=\"/publications/").nth(1).unwrap();
    let id = from.split('"').next().unwrap();
    let page = supervisor.get(&format!("/publications/{id}")).await;
    assert_eq!(page.status, 200);
    for expected in [
        "Thành lập 47/42 tổ chức đảng",
        "lệch",
        "thực hiện in 47, trong sổ 48 (−1)",
        "half-up/1",
        "/forms/withdraw-publication?publication=",
    ] {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    let english = Browser::new(&node, "auditor").get(&format!("/publications/{id}?lang=en")).await;
    assert!(english.text.contains("differs") && !english.text.contains("/forms/"), "{}", english.text);
    let results = supervisor.get("/?period=2022").await;
    assert!(results.text.contains("/publications?programme=nq28&amp;period=2022"));
    assert_eq!(Browser::new(&node, "clerk").get(&format!("/publications/{id}")).await.status, 404);
    assert_eq!(supervisor.get(&format!("/forms/withdraw-publication?publication={id}")).await.status, 200);
    let tallies = node.json(&format!("{PERIOD}/tallies"), "auditor").await;
    assert_eq!(tallies["measures"][0]["actual"], 48, "no figure of the ledger comes from it");
    node.stop().await;
}
