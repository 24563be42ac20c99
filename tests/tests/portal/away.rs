//! A journal that does not answer: what a portal has in memory is answered all the same, byte for byte, and what it has not says so.

use std::time::Duration;

use socai::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};
use socai_tests::Node;
use testkit::{
    nats::NatsServer,
    proxy::{Proxy, Weather},
};

use crate::support::{Browser, Events, PERIOD, caught_up, founding};

/// Longer than a portal takes to read the rows that another process has written.
const LOOKS: usize = 20;
const LOOK_EVERY: Duration = Duration::from_millis(100);

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

/// The database has rows of a record that the portal has not heard of, and will not as long as its way to the journal is cut.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_is_cut_off_from_the_journal_answers_as_of_what_it_has_followed() {
    let (nats, folder) = (NatsServer::start().await, tempfile::tempdir().unwrap());
    let views = format!("sqlite:{}", folder.path().join("views").display());
    let proxy = Proxy::before(&nats.address()).await.unwrap();
    let settings = Settings { journal: nats.url("hp"), views, ..Settings::default() };
    let first = Node::start(Settings { demo: Some(Demonstration::Review), ..settings.clone() }).await;
    let tip = caught_up(&first).await;
    let journal = format!("nats://{}/hp", proxy.address());
    let alone = Settings { roles: vec![Role::Portal], journal, intake_url: first.url.clone(), ..settings };
    let portal = Node::start(alone).await;
    let token = first.token("leader");
    let asked = async |path: &str| {
        let answer = portal.http.get(format!("{}{path}", portal.url)).bearer_auth(&token).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let tallies = format!("{PERIOD}/tallies");
    let (status, before) = asked(&format!("{tallies}?min_position={tip}")).await;
    assert_eq!(status, 200, "{before}");

    proxy.set(Weather::Away);
    let posted = first.post("found-organisation", "clerk", &founding("C1")).send().await.unwrap();
    assert_eq!(posted.status().as_u16(), 201);
    assert_eq!(caught_up(&first).await, tip + 1, "its rows are written");
    let mut looks = tokio::time::interval(LOOK_EVERY);
    for _ in 0..LOOKS {
        looks.tick().await;
        assert_eq!(asked(&tallies).await, (200, before.clone()));
    }
    let (status, told) = asked(&format!("{tallies}?min_position={}", tip + 1)).await;
    assert_eq!(status, 503, "what somebody has seen elsewhere is not left out: {told}");
    // Who watched elsewhere is not told what was before it, as if the ledger had gone back.
    let seen_elsewhere = Events::open(&first, "leader", None).await.next().await;
    assert_eq!(seen_elsewhere.position(), tip + 1);
    let watching = async || {
        let request = portal.http.get(format!("{}{tallies}/changes", portal.url)).bearer_auth(&token);
        Events::asked(request, Some(&seen_elsewhere.id)).await.unwrap()
    };
    assert_eq!(watching().await.err().map(|status| status.as_u16()), Some(503));

    proxy.set(Weather::Clear);
    let there = async {
        while asked(&format!("{tallies}?min_position={}", tip + 1)).await.0 != 200 {
            looks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), there).await.expect("it goes on where it was");
    let event = watching().await.expect("it has seen as much").any().await.expect("it is told where it is");
    assert_eq!((event.name.as_str(), event.position()), ("position", tip + 1), "nothing is told again");
}
