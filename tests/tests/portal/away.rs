//! A journal that does not answer: what a portal has in memory is answered all the same, byte for byte, and what it has not says so.

use socai::{demonstration::Demonstration, settings::Settings};
use socai_tests::Node;
use testkit::nats::NatsServer;

use crate::support::{Browser, Events, PERIOD, caught_up};

/// The tag and the body.
async fn answer(node: &Node, path: &str, token: &str) -> (String, String) {
    let answer = node.get(path, token).send().await.unwrap();
    let (status, tag) = (answer.status().as_u16(), answer.headers().get("etag").cloned());
    let text = answer.text().await.unwrap();
    assert_eq!(status, 200, "{path}: {text}");
    (tag.map(|tag| tag.to_str().unwrap().to_owned()).unwrap_or_default(), text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_answered_again_while_the_journal_is_away() {
    let nats = NatsServer::start().await;
    let demo = Some(Demonstration::Sequel);
    let node = Node::start(Settings { demo, journal: nats.url("hp"), ..Settings::default() }).await;
    let tip = caught_up(&node).await;
    let asked = [
        format!("{PERIOD}/tallies?lens=as-known"),
        "/v1/programmes".to_owned(),
        "/v1/committees".to_owned(),
        format!("{PERIOD}/tallies"),
        format!("{PERIOD}/tallies?known={}", tip - 3),
        format!("{PERIOD}/tallies?known=closing-1"),
        format!("{PERIOD}/tallies?known=2022-12-31T17:00:00Z"),
        format!("{PERIOD}/tallies?known=2022-12-31T17:00:00Z&since=2022-10-01"),
        format!("{PERIOD}/tallies/restated"),
    ];
    let browser = Browser::new(&node, "leader");
    let page = browser.get("/?lens=as-known").await;
    assert_eq!(page.status, 200);
    let mut before = Vec::new();
    for path in &asked {
        before.push((path, answer(&node, path, "leader").await));
    }
    let snapshot = Events::open(&node, "leader", None).await.next().await;

    nats.kill();
    assert!(node.journal().tip().await.is_err(), "the journal is away");
    for (path, answered) in before {
        assert_eq!(answer(&node, path, "leader").await, answered, "{path}");
    }
    let again = browser.get("/?lens=as-known").await;
    assert_eq!((again.status, again.text), (page.status, page.text));
    let later = Events::open(&node, "leader", None).await.next().await;
    assert_eq!(later.data, snapshot.data);

    // What is not known here is not made up: nobody is told that a position is unknown, which the journal may have. Records are in the journal alone.
    let unknown = [format!("{PERIOD}/tallies?min_position={}", tip + 1), format!("/v1/committees?known={}", tip + 1)];
    let records = [format!("{PERIOD}/tallies/diff?from=closing-1&to={tip}"), format!("/v1/records/{tip}")];
    for path in unknown.into_iter().chain(records) {
        let refused = node.get(&path, "leader").send().await.unwrap();
        assert_eq!(refused.status().as_u16(), 503, "{path}: {}", refused.text().await.unwrap());
    }
}
