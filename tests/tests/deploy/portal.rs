//! A portal as its own user of the database, which may not make what is missing.

use std::time::Duration;

use serde_json::Value;
use socai::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};
use socai_tests::Node;
use testkit::nats::NatsServer;

use super::database::Database;

const PATIENCE: Duration = Duration::from_secs(60);

async fn readiness(node: &Node) -> (u16, Value) {
    let answer = node.http.get(format!("{}/readyz", node.url)).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn detail(told: &Value, check: &str) -> String {
    let found = told["checks"].as_array().unwrap().iter().find(|one| one["name"] == check);
    found.unwrap_or_else(|| panic!("no check {check} in {told}"))["detail"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_waits_for_the_tables_of_others_and_is_not_ready_before() {
    let (nats, database) = (NatsServer::start().await, Database::with_roles().await);
    let role = |role: Role, user: &str| Settings {
        roles: vec![role],
        journal: nats.url("haiphong"),
        views: database.url(user),
        ..Settings::default()
    };
    let intake = Node::start(Settings { demo: Some(Demonstration::Review), ..role(Role::Intake, "portal") }).await;
    let portal = Node::start(Settings { intake_url: intake.url.clone(), ..role(Role::Portal, "portal") }).await;
    let (status, told) = readiness(&portal).await;
    assert_eq!(status, 503, "{told}");
    for view in ["tally", "trail"] {
        let detail = detail(&told, &format!("view.{view}"));
        assert!(detail.contains(&format!("the tables of the view `{view}` are not there yet")), "{detail}");
    }

    let tally = Node::start(role(Role::Tally, "tally")).await;
    let (status, told) = readiness(&portal).await;
    assert_eq!(status, 503, "{told}");
    let audit = Node::start(role(Role::Audit, "audit")).await;
    let ready = async {
        while readiness(&portal).await.0 != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ready).await.expect("the portal becomes ready");
    let path = format!("{}/v1/programmes/nq28/periods/2022/tallies", portal.url);
    let asked = portal.http.get(path).bearer_auth(intake.token("leader")).send().await.unwrap();
    let tallies: Value = asked.json().await.unwrap();
    assert_eq!(tallies["measures"].as_array().map(Vec::len), Some(5), "{tallies}");
    for node in [portal, audit, tally, intake] {
        node.stop().await;
    }
}
