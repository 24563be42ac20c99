//! The 2022 review through the real intake: the figures of the article, and the same answers from SQLite and from JetStream with PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use domain::{
    Position,
    percent::{Ratio, rules_that_give},
};
use serde_json::Value;
use socai::{demonstration::Demonstration, settings::Settings};
use socai_tests::{Node, check_figures, expected};
use testkit::{
    nats::{NatsServer, NatsSettings},
    postgres::Postgres,
};

/// The last position of the script: what follows are tokens of this very start.
fn last() -> u64 {
    expected()["records"].as_u64().expect("records")
}

fn tallies_at_the_end(period: &str) -> String {
    format!("/v1/programmes/nq28/periods/{period}/tallies?known={0}&min_position={0}", last())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demonstration_gives_exactly_the_figures_of_the_review() {
    let node = Node::demonstration().await;
    let tallies = node.json(&tallies_at_the_end("2022"), "auditor").await;
    check_figures(&tallies);
    let next = node.json(&tallies_at_the_end("2023"), "auditor").await;
    let measures = next["measures"].as_array().unwrap();
    assert!(measures.iter().all(|measure| measure["actual"] == 0 && measure["plan"].as_u64() > Some(0)), "{next}");
    assert!(
        measures.iter().all(|measure| measure["units"]["missed"] == 0 && measure["units"]["not_reported"] == 0),
        "{next}"
    );
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_recorded_after_new_year_was_not_known_on_the_last_day_of_the_year() {
    let node = Node::demonstration().await;
    let after = node.json(&tallies_at_the_end("2022"), "auditor").await;
    let script = socai_tests::script();
    let on_the_day = script.lines().filter(|line| !line.starts_with("{\"at\":\"2023")).count();
    let then = node.json(&format!("/v1/programmes/nq28/periods/2022/tallies?known={on_the_day}"), "auditor").await;
    let total = |tallies: &Value| {
        tallies["measures"].as_array().unwrap().iter().map(|m| m["total"].as_u64().unwrap()).sum::<u64>()
    };
    assert!(total(&then) < total(&after), "{} then, {} after", total(&then), total(&after));
    // The day of the last record that was known.
    assert_eq!(then["judged_on"], "2022-12-26");
    node.stop().await;
}

#[test]
fn each_printed_percentage_is_found_among_the_named_rules_and_one_of_them_by_truncation_only() {
    let expected = expected();
    let rules = |measure: &str| {
        let figures = &expected["measures"][measure];
        let ratio = Ratio::new(figures["actual"].as_i64().unwrap(), figures["plan"].as_u64().unwrap()).unwrap();
        let printed = expected["printed"][measure].as_str().unwrap();
        let found = rules_that_give(printed, ratio);
        found.into_iter().map(|rule| rule.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(rules("party_org"), ["half-up/1", "truncated/1"]);
    assert_eq!(rules("union_org"), ["half-up/1", "truncated/1"]);
    assert_eq!(rules("youth_org"), ["half-up/2", "truncated/2"]);
    assert_eq!(rules("party_member"), ["half-up/1"]);
    assert_eq!(rules("youth_member"), ["truncated/2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_and_jetstream_with_postgresql_give_the_same_bytes() {
    let (nats, postgres) = (NatsServer::start_with(NatsSettings::default()).await, Postgres::start());
    let stack = Settings {
        journal: nats.url("haiphong"),
        views: postgres.database().await,
        demo: Some(Demonstration::Review),
        ..Settings::default()
    };
    let (embedded, stack) = (Node::demonstration().await, Node::start(stack).await);
    assert_eq!(bodies(&embedded).await, bodies(&stack).await);
    let until = last();
    let mut paths = vec![tallies_at_the_end("2022"), tallies_at_the_end("2023")];
    for known in [100, 500, 900] {
        paths.push(format!("/v1/programmes/nq28/periods/2022/tallies?known={known}"));
    }
    paths.push(format!("/v1/records/{until}"));
    for path in paths {
        assert_eq!(text(&embedded, &path).await, text(&stack, &path).await, "{path}");
    }
    let (one, other) = (whole_trail(&embedded, until).await, whole_trail(&stack, until).await);
    assert!(one.len() > usize::try_from(until).unwrap());
    assert_eq!(one, other);
    embedded.stop().await;
    stack.stop().await;
}

/// Position, stream and bytes of every record of the script.
async fn bodies(node: &Node) -> Vec<(Position, String, Vec<u8>)> {
    let limit = usize::try_from(last()).unwrap();
    let stored = node.journal().read(Position::START, limit, &[]).await.unwrap();
    stored.into_iter().map(|stored| (stored.position, stored.stream.to_string(), stored.body.to_vec())).collect()
}

async fn text(node: &Node, path: &str) -> String {
    let answer = node.get(path, "auditor").send().await.unwrap();
    assert!(answer.status().is_success(), "{path} was answered {}", answer.status());
    answer.text().await.unwrap()
}

/// The rows of every page, as they came.
async fn whole_trail(node: &Node, known: u64) -> Vec<Value> {
    let (mut rows, mut after) = (Vec::new(), String::new());
    loop {
        let page = node.json(&format!("/v1/trail?known={known}&limit=500{after}"), "auditor").await;
        rows.extend(page["rows"].as_array().unwrap().iter().cloned());
        match page["next_after"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return rows,
        }
    }
}
