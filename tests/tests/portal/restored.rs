//! A ledger restored from a backup that lacks its last records, beside views that have counted them: nothing is answered from those rows until
//! they were rebuilt, whatever is recorded meanwhile; and nothing of the lost history passes for the one that goes on.

use std::time::Duration;

use domain::Position;
use journal::SharedJournal;
use serde_json::{Value, json};
use socai::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};
use socai_tests::{Event, Node};
use testkit::{nats::NatsServer, postgres::Postgres};
use views::Store;

use crate::support::{Events, PERIOD, founding};

const PATIENCE: Duration = Duration::from_secs(60);
/// Records that the backup lacks.
const LOST: u64 = 12;

/// The processes of one deployment, one a role.
struct Stack {
    intake: Node,
    tally: Node,
    audit: Node,
    portal: Node,
}

impl Stack {
    async fn start(nats: &NatsServer, views: &str, intake: Node) -> Self {
        let role = |role: Role| Settings {
            roles: vec![role],
            journal: nats.url("haiphong"),
            views: views.to_owned(),
            ..Settings::default()
        };
        let (tally, audit) = (Node::start(role(Role::Tally)).await, Node::start(role(Role::Audit)).await);
        let portal = Node::start(Settings { intake_url: intake.url.clone(), ..role(Role::Portal) }).await;
        Self { intake, tally, audit, portal }
    }

    async fn found(&self, number: &str) -> u64 {
        let posted = self.intake.post("found-organisation", "clerk", &founding(number)).send().await.unwrap();
        posted.json::<Value>().await.unwrap()["position"].as_u64().unwrap()
    }

    fn asked(&self, path: &str) -> reqwest::RequestBuilder {
        self.portal.http.get(format!("{}{path}", self.portal.url)).bearer_auth(self.intake.token("auditor"))
    }

    async fn answer(&self, path: &str) -> (u16, Value) {
        answer(self.asked(path)).await
    }

    async fn next_event(&self, last: Option<&str>) -> Event {
        let asked = self.asked(&format!("{PERIOD}/tallies/changes"));
        Events::asked(asked, last).await.unwrap().unwrap().any().await.unwrap()
    }

    /// Status, and what `/readyz` says of each view.
    async fn ready(&self) -> (u16, String) {
        let (status, told) = answer(self.portal.http.get(format!("{}/readyz", self.portal.url))).await;
        (status, told["checks"].to_string())
    }

    async fn stop(self) -> Node {
        for node in [self.portal, self.audit, self.tally] {
            node.stop().await;
        }
        self.intake
    }
}

async fn answer(asked: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = asked.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// Until what is told holds.
async fn until<T: std::fmt::Debug>(told: impl AsyncFn() -> T, holds: impl Fn(&T) -> bool) -> T {
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    let mut last = None;
    let held = async {
        loop {
            looks.tick().await;
            let now = told().await;
            if holds(&now) {
                return now;
            }
            last = Some(now);
        }
    };
    tokio::time::timeout(PATIENCE, held).await.unwrap_or_else(|_| panic!("in the end it said {last:?}"))
}

/// The first records of a ledger, byte for byte, in another place.
async fn restore(from: &SharedJournal, to: &str, up_to: u64) {
    let to = journal::open(to, journal::Options::default()).await.unwrap();
    let mut last = std::collections::HashMap::new();
    for stored in from.read(Position::START, usize::try_from(up_to).unwrap(), &[]).await.unwrap() {
        let at = to.append(&stored.stream, last.get(&stored.stream).copied(), stored.body).await.unwrap();
        assert_eq!(at, stored.position);
        last.insert(stored.stream, at);
    }
    assert_eq!(last.values().max(), Some(&Position(up_to)));
}

fn tallies(known: u64) -> String {
    format!("{PERIOD}/tallies?known={known}")
}

/// What a reader of the lost history still holds.
struct Held {
    tag: String,
    id: String,
}

async fn held(stack: &Stack, position: u64) -> Held {
    let (status, _) = stack.answer(&format!("{PERIOD}/tallies?min_position={position}")).await;
    assert_eq!(status, 200);
    let told = stack.asked(&tallies(position)).send().await.unwrap();
    let tag = told.headers()["etag"].to_str().unwrap().to_owned();
    Held { tag, id: stack.next_event(None).await.id }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_of_lost_records_are_in_no_answer_and_a_rebuild_brings_everything_back_by_itself() {
    let (nats, postgres) = (NatsServer::start().await, Postgres::start());
    let views = postgres.database().await;
    let settings = Settings {
        roles: vec![Role::Intake],
        journal: nats.url("haiphong"),
        views: views.clone(),
        ..Settings::default()
    };
    let intake = Node::start(Settings { demo: Some(Demonstration::Review), ..settings.clone() }).await;
    let lost = Box::pin(Stack::start(&nats, &views, intake)).await;
    let backup = lost.intake.journal().tip().await.unwrap().0;
    for n in 1..=LOST {
        assert_eq!(lost.found(&format!("L{n}")).await, backup + n);
    }
    let held = held(&lost, backup + LOST).await;
    until(async || lost.answer("/v1/trail?document=L12").await, |(_, told)| found_rows(told) == Some(1)).await;
    let intake = lost.stop().await;

    let restored = NatsServer::start().await;
    restore(intake.journal(), &restored.url("haiphong"), backup).await;
    let (_, old) = intake.stop_and_keep().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for token in ["leader", "clerk", "union-clerk", "youth-clerk", "supervisor", "auditor", "admin"] {
        let file = format!("data/{token}.token");
        std::fs::copy(old.path().join(&file), folder.path().join(&file)).unwrap();
    }
    let intake = Node::start_in(folder, Settings { journal: restored.url("haiphong"), ..settings }).await;
    let stack = Box::pin(Stack::start(&restored, &views, intake)).await;

    // Shorter than the rows, then as long, then longer.
    is_refused(&stack, backup + LOST).await;
    for n in 1..=2 * LOST {
        assert_eq!(stack.found(&format!("N{n}")).await, backup + n);
    }
    is_refused(&stack, backup + LOST).await;

    let (journal, store) = (stack.intake.journal().clone(), Store::open(&views).await.unwrap());
    let rebuilt = tally::rebuild(&store, &journal, &mut |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.compared_at, rebuilt.position), (None, Position(backup + 2 * LOST)));
    audit::rebuild(&store, &journal, &mut |_, _| {}).await.unwrap();
    goes_on(&stack, backup, &held).await;
    stack.stop().await.stop().await;
}

/// Nothing is told but what happened, where, and what to do.
async fn is_refused(stack: &Stack, rows: u64) {
    let (_, checks) = until(
        async || stack.ready().await,
        |(status, checks)| {
            *status == 503 && ["tally", "trail"].iter().all(|view| checks.contains(&format!("socai rebuild {view}")))
        },
    )
    .await;
    assert_eq!(checks.matches(&format!("position {rows} of another ledger")).count(), 2, "{checks}");
    for path in [
        format!("{PERIOD}/tallies"),
        tallies(rows - 1),
        format!("{PERIOD}/tallies?min_position={}", rows - LOST),
        format!("{PERIOD}/tallies/changes"),
        format!("{PERIOD}/tallies/diff?from={}&to={}", rows - LOST, rows - LOST),
        "/v1/trail".to_owned(),
        "/v1/organisations".to_owned(),
    ] {
        let (status, problem) = stack.answer(&path).await;
        assert_eq!((status, &problem["type"]), (503, &json!("/problems/view-stopped")), "{path}: {problem}");
        assert_eq!(problem["position"], rows, "{path}: {problem}");
        assert!(problem["detail_en"].as_str().unwrap().contains("socai rebuild"), "{problem}");
    }
}

/// Followers and portal find the new rows, and what is recorded next is counted.
async fn goes_on(stack: &Stack, backup: u64, held: &Held) {
    let tip = stack.found("after").await;
    let counted = format!("{PERIOD}/tallies?min_position={tip}");
    let (_, told) = until(async || stack.answer(&counted).await, |(status, _)| *status == 200).await;
    let (of_backup, before) = stack.answer(&tallies(backup)).await;
    assert_eq!(of_backup, 200);
    let actual = |told: &Value| told["measures"][0]["actual"].as_u64().unwrap();
    assert_eq!(actual(&told), actual(&before) + 2 * LOST + 1);
    until(async || stack.ready().await, |(status, _)| *status == 200).await;
    for (document, rows) in [("after", 1), ("N1", 1), ("L1", 0)] {
        let trail = format!("/v1/trail?document={document}");
        until(async || stack.answer(&trail).await, |(_, told)| found_rows(told) == Some(rows)).await;
    }

    // The same position, of another history.
    let again = stack.asked(&tallies(backup + LOST)).header("if-none-match", &held.tag).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 200, "{} is the tag of lost records", held.tag);
    let told = stack.next_event(Some(&held.id)).await;
    assert_eq!((told.name.as_str(), told.position()), ("snapshot", tip), "{} was told of lost records", held.id);
    // And the same of this one.
    let tag = again.headers()["etag"].clone();
    let unchanged = stack.asked(&tallies(backup + LOST)).header("if-none-match", tag).send().await.unwrap();
    assert_eq!(unchanged.status().as_u16(), 304);
    let (id, next) = (told.id, stack.found("last").await);
    let resumed = until(async || stack.next_event(Some(&id)).await, |told| told.name == "cells").await;
    assert_eq!((resumed.position(), &resumed.data["from"]), (next, &json!(tip)));
}

/// In one process the follower itself has stopped, and the portal beside it says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_folds_and_answers_says_that_its_views_have_stopped_until_they_are_rebuilt() {
    let nats = NatsServer::start().await;
    let settings = Settings { demo: Some(Demonstration::Review), journal: nats.url("hp"), ..Settings::default() };
    let node = Node::start(settings).await;
    let backup = node.journal().tip().await.unwrap().0;
    for number in ["L1", "L2"] {
        assert_eq!(node.post("found-organisation", "clerk", &founding(number)).send().await.unwrap().status(), 201);
    }
    let all = format!("{PERIOD}/tallies?min_position={}", backup + 2);
    let lost = node.json(&all, "auditor").await;
    until(async || answer(node.get("/v1/trail?document=L2", "auditor")).await, |(_, told)| found_rows(told) == Some(1))
        .await;
    let restored = NatsServer::start().await;
    restore(node.journal(), &restored.url("hp"), backup).await;
    let (settings, folder) = node.stop_and_keep().await;
    std::fs::remove_file(folder.path().join("data/last-seen.json")).unwrap();

    let node = Node::start_in(folder, Settings { journal: restored.url("hp"), ..settings }).await;
    for path in [format!("{PERIOD}/tallies"), "/v1/trail".to_owned()] {
        let (status, problem) = answer(node.get(&path, "auditor")).await;
        assert_eq!((status, &problem["type"]), (503, &json!("/problems/view-stopped")), "{path}: {problem}");
        assert_eq!(problem["position"], backup + 2, "{path}: {problem}");
    }
    let (status, told) = answer(node.http.get(format!("{}/readyz", node.url))).await;
    let checks = told["checks"].to_string();
    assert!(
        status == 503 && checks.contains("`socai rebuild tally`") && checks.contains("`socai rebuild trail`"),
        "{checks}"
    );

    let store = Store::open(&node.settings.views_url()).await.unwrap();
    tally::rebuild(&store, node.journal(), &mut |_, _| {}).await.unwrap();
    audit::rebuild(&store, node.journal(), &mut |_, _| {}).await.unwrap();
    assert_eq!(node.post("found-organisation", "clerk", &founding("N1")).send().await.unwrap().status(), 201);
    let (_, told) = until(
        async || answer(node.get(&format!("{PERIOD}/tallies?min_position={}", backup + 1), "auditor")).await,
        |(status, _)| *status == 200,
    )
    .await;
    assert_eq!(told["measures"][0]["actual"].as_u64().unwrap() + 1, lost["measures"][0]["actual"].as_u64().unwrap());
    until(async || answer(node.get("/v1/trail?document=N1", "auditor")).await, |(_, told)| found_rows(told) == Some(1))
        .await;
    let ready =
        until(async || answer(node.http.get(format!("{}/readyz", node.url))).await, |(status, _)| *status == 200).await;
    assert!(ready.1["checks"].to_string().contains("view.tally"), "{ready:?}");
    node.stop().await;
}

fn found_rows(trail: &Value) -> Option<usize> {
    trail["rows"].as_array().map(Vec::len)
}
