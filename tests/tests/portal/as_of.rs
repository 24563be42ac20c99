//! Queries, publications and the trail as of a position: what was raised, printed or withdrawn later is not seen yet.

use reqwest::StatusCode;
use serde_json::{Value, json};
use socai_tests::Node;

use crate::support::{Browser, caught_up, founding};

/// Posts it; what the receipt says of its position and its stream's id.
async fn posted(node: &Node, command: &str, token: &str, body: &Value) -> (u64, String) {
    let answer = node.post(command, token, body).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, StatusCode::CREATED, "{command}: {text}");
    caught_up(node).await;
    let receipt: Value = serde_json::from_str(&text).unwrap();
    let id = receipt["stream"].as_str().unwrap().split_once('/').unwrap().1.to_owned();
    (receipt["position"].as_u64().unwrap(), id)
}

async fn closed(node: &Node) {
    let paper = json!({ "number": "1", "symbol": "TB/TU", "issuer": "Thành ủy Hải Phòng", "date": "2023-01-02" });
    posted(node, "close-period", "supervisor", &json!({ "programme": "nq28", "period": "2022", "document": paper }))
        .await;
}

/// Raised, then the period is closed, then answered and closed: the positions of raising, answering and closing.
async fn asked_and_answered(node: &Node) -> [u64; 3] {
    let raise = json!({ "about": 1_000, "owner": socai_tests::unit("Quận ủy Lê Chân"), "question": "date_doubtful" });
    let (raised, query) = posted(node, "raise-query", "auditor", &raise).await;
    closed(node).await;
    let (answered, _) = posted(node, "answer-query", "clerk", &json!({ "query": query, "answer": "confirmed" })).await;
    let (ended, _) = posted(node, "close-query", "auditor", &json!({ "query": query })).await;
    [raised, answered, ended]
}

fn printed(title: &str) -> Value {
    json!({
        "outlet": "Cổng thông tin mẫu", "title": title, "printed": { "on": "2022-12-30" }, "programme": "nq28", "period": "2022",
        "sentences": ["Thành lập 47/42 tổ chức đảng."],
    })
}

/// One of Lê Chân's, an edition that replaces it, a founding, and the withdrawal of the first: their ids, and the positions of all.
async fn printed_and_withdrawn(node: &Node) -> ([String; 2], [u64; 4]) {
    let (first_at, first) = posted(node, "publish", "supervisor", &printed("Kết quả")).await;
    closed(node).await;
    let mut edition = printed("Đính chính");
    edition["replaces"] = json!(first);
    let (edition_at, second) = posted(node, "publish", "supervisor", &edition).await;
    let mut late = founding("951");
    late["late"] = json!(true);
    let (founded_at, _) = posted(node, "found-organisation", "clerk", &late).await;
    let withdraw = json!({ "publication": first, "reason": "typo" });
    let (withdrawn_at, _) = posted(node, "withdraw-publication", "supervisor", &withdraw).await;
    ([first, second], [first_at, edition_at, founded_at, withdrawn_at])
}

/// The same question gets the same bytes and tag, and may be kept, whatever is recorded afterwards.
async fn stays(node: &Node, paths: &[String], later: impl AsyncFn()) {
    let mut answers = Vec::new();
    for path in paths {
        let answer = node.get(path, "auditor").send().await.unwrap();
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        answers.push((tag, answer.text().await.unwrap()));
    }
    later().await;
    for (path, (tag, body)) in paths.iter().zip(answers) {
        let again = node.get(path, "auditor").header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(node.get(path, "auditor").send().await.unwrap().text().await.unwrap(), body, "{path}");
    }
}

async fn kept(node: &Node, path: &str) -> String {
    let answer = node.get(path, "auditor").send().await.unwrap();
    answer.headers()["cache-control"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_stands_as_it_stood_at_the_position() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let [raised, answered, ended] = asked_and_answered(&node).await;
    let asked = async |known: &str| node.json(&format!("/v1/queries?known={known}"), "auditor").await;
    for (known, answer, closed, last) in [
        (raised, Value::Null, false, raised),
        (answered - 1, Value::Null, false, raised),
        (answered, json!("confirmed"), false, answered),
        (ended, json!("confirmed"), true, ended),
    ] {
        let then = asked(&known.to_string()).await;
        assert_eq!(then["as_of"], json!({ "known_position": known, "settled": true }));
        let query = &then["queries"][0];
        assert_eq!(
            (&query["answer"], &query["closed"], &query["stream_position"]),
            (&answer, &json!(closed), &json!(last)),
            "at {known}"
        );
    }
    assert_eq!(asked(&(raised - 1).to_string()).await["queries"], json!([]));
    let by_name = asked("nq28/2022/closing-1").await;
    assert_eq!(by_name, asked(&(raised + 1).to_string()).await);
    assert_eq!(node.json("/v1/queries", "auditor").await["as_of"], json!({ "known_position": ended }));
    for (wrong, status) in [("closing-1", 400), ("soon", 400), ("0", 400), ("nq28/2022/closing-9", 400), ("99999", 412)]
    {
        let answer = node.get(&format!("/v1/queries?known={wrong}"), "auditor").send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{wrong}");
    }

    let path = format!("/v1/queries?known={answered}");
    assert!(kept(&node, &path).await.contains("immutable"));
    assert!(!kept(&node, "/v1/queries").await.contains("immutable"));
    stays(&node, &[path], async || {
        let raise =
            json!({ "about": 126, "owner": socai_tests::unit("Quận ủy Lê Chân"), "question": "figure_doubtful" });
        posted(&node, "raise-query", "auditor", &raise).await;
    })
    .await;
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_is_seen_with_what_was_recorded_of_it_by_then() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let ([first, second], [first_at, edition_at, founded_at, withdrawn_at]) = printed_and_withdrawn(&node).await;
    let listed = async |known: &str| {
        let page = node.json(&format!("/v1/publications?known={known}"), "auditor").await;
        let ids: Vec<_> =
            page["publications"].as_array().unwrap().iter().map(|one| one["publication"].clone()).collect();
        (json!(ids), page["as_of"].clone())
    };
    let as_of = |known: u64| json!({ "known_position": known, "settled": true });
    assert_eq!(listed(&first_at.to_string()).await, (json!([first]), as_of(first_at)));
    assert_eq!(listed("nq28/2022/closing-1").await, (json!([first]), as_of(first_at + 1)));
    assert_eq!(listed(&edition_at.to_string()).await, (json!([first, second]), as_of(edition_at)));

    let detail = async |known: u64| node.json(&format!("/v1/publications/{first}?known={known}"), "auditor").await;
    let mut sides = Vec::new();
    for (known, replaced_by, withdrawn, found) in [
        (first_at, json!([]), Value::Null, "equal"),
        (edition_at, json!([second]), Value::Null, "equal"),
        (founded_at, json!([second]), Value::Null, "differs"),
        (withdrawn_at, json!([second]), json!(withdrawn_at), "differs"),
    ] {
        let then = detail(known).await;
        assert_eq!((&then["replaced_by"], &then["withdrawn_at"]), (&replaced_by, &withdrawn), "at {known}");
        assert_eq!((&then["as_of"], &then["now"]["as_of"]["known_position"]), (&as_of(known), &json!(known)));
        let claim = &then["sentences"][0]["claims"][0];
        assert_eq!((&claim["then"]["finding"], &claim["now"]["finding"]), (&json!("equal"), &json!(found)));
        sides.push(then["then"].clone());
    }
    assert!(sides.windows(2).all(|pair| pair[0] == pair[1]), "what its writer could know does not depend on it");

    let paths = [
        format!("/v1/publications?known={edition_at}"),
        format!("/v1/publications/{first}?known={edition_at}"),
        format!("/v1/publications/{first}?known=nq28/2022/closing-1"),
    ];
    stays(&node, &paths, async || {
        posted(&node, "publish", "supervisor", &printed("Nơi khác")).await;
    })
    .await;
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_queries_publications_and_the_trail_show_the_same_moment() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let ([first, second], [first_at, edition_at, ..]) = printed_and_withdrawn(&node).await;
    let supervisor = Browser::new(&node, "supervisor");
    let list = supervisor.get(&format!("/publications?programme=nq28&period=2022&known={first_at}")).await.text;
    assert!(list.contains(&format!("/publications/{first}?known={first_at}")) && !list.contains(&second), "{list}");
    assert!(!list.contains("/forms/publish"), "nothing is recorded in the past: {list}");
    let then = supervisor.get(&format!("/publications/{first}?known={edition_at}")).await.text;
    assert!(then.contains(&format!("/publications/{second}?known={edition_at}")), "{then}");
    assert!(then.contains("Với sổ tại mốc đã chọn") && !then.contains("đã rút ở vị trí"), "{then}");
    assert!(!then.contains("/forms/"), "{then}");
    let now = supervisor.get(&format!("/publications/{first}")).await.text;
    assert!(now.contains("Với sổ nay") && now.contains("đã rút ở vị trí"), "{now}");
    assert_eq!(supervisor.get(&format!("/publications/{second}?known={first_at}")).await.status, 404);
    let by_name = supervisor.get("/publications?known=nq28/2022/closing-1").await.text;
    assert!(by_name.contains("?known=nq28/2022/closing-1") && !by_name.contains(&second), "{by_name}");

    let raise = json!({ "about": 1_000, "owner": socai_tests::unit("Quận ủy Lê Chân"), "question": "date_doubtful" });
    let (raised, query) = posted(&node, "raise-query", "auditor", &raise).await;
    let clerk = Browser::new(&node, "clerk");
    let answer = format!("/forms/answer-query?query={query}");
    assert!(clerk.get("/queries").await.text.contains(&answer));
    let then = clerk.get(&format!("/queries?known={raised}")).await.text;
    assert!(then.contains("Như đã ghi đến vị trí") && !then.contains(&answer), "{then}");
    assert!(clerk.get(&format!("/queries?known={}", raised - 1)).await.text.contains("Chưa có yêu cầu nào"));

    let auditor = Browser::new(&node, "auditor");
    let trail = auditor.get(&format!("/trail?stream=publication/{first}&known={edition_at}")).await.text;
    assert!(trail.contains("Đăng số liệu") && !trail.contains("Rút số liệu đã đăng"), "{trail}");
    for path in ["/queries", "/publications", "/trail", &format!("/publications/{first}")] {
        for (wrong, status) in [("closing-1", 400), ("x", 400), ("99999", 412)] {
            assert_eq!(auditor.get(&format!("{path}?known={wrong}")).await.status, status, "{path} {wrong}");
        }
    }
    node.stop().await;
}
