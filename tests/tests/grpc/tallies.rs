//! Tallies: the numbers of HTTP, and its problems as codes.

use std::time::Duration;

use serde_json::Value;
use socai::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};
use socai_tests::{Node, PERIOD, check_figures};
use tonic::{Code, Status};
use tonic_types::StatusExt;
use wire::proto::tally::v1::{GetTalliesRequest, GetTalliesResponse, Lens, get_tallies_request::Known};

use crate::{
    client::{Client, caught_up, problem},
    json,
};

const GET: &str = "/socai.tally.v1.TallyService/GetTallies";

fn of_2022() -> GetTalliesRequest {
    GetTalliesRequest { programme: "nq28".into(), period: "2022".into(), ..GetTalliesRequest::default() }
}

async fn get(client: &mut Client, request: GetTalliesRequest) -> Result<GetTalliesResponse, Status> {
    client.ask(GET, request).await
}

/// As HTTP answers.
fn whole(answer: &GetTalliesResponse) -> Value {
    let mut object = json::tallies(answer.tallies.as_ref().unwrap());
    object["fold_version"] = answer.fold_version.into();
    object["demonstration"] = answer.demonstration.into();
    object.as_object_mut().unwrap().extend(answer.settled.map(|settled| ("settled".to_owned(), settled.into())));
    object
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_is_that_of_http_at_every_point_and_for_everybody() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let half_past = Known::KnownAtMicros(1_656_612_000_000_000);
    for (token, known, path) in [
        ("auditor", None, format!("{PERIOD}/tallies")),
        ("clerk", None, format!("{PERIOD}/tallies")),
        ("auditor", Some(Known::KnownPosition(tip / 2)), format!("{PERIOD}/tallies?known={}", tip / 2)),
        ("clerk", Some(Known::KnownPosition(tip)), format!("{PERIOD}/tallies?known={tip}")),
        ("auditor", Some(half_past), format!("{PERIOD}/tallies?known=2022-06-30T18:00:00Z")),
    ] {
        let mut client = Client::new(&node, token).await;
        let answer = get(&mut client, GetTalliesRequest { known, ..of_2022() }).await.unwrap();
        assert_eq!(whole(&answer), node.json(&path, token).await, "{token} {path}");
        if (token, known) == ("auditor", None) {
            check_figures(&whole(&answer));
        }
    }
    let mut client = Client::new(&node, "auditor").await;
    let valid = domain::LocalDate::new(2022, 6, 30).unwrap();
    let request = GetTalliesRequest { valid: Some(valid.to_days()), min_position: tip, ..of_2022() };
    let answer = get(&mut client, request).await.unwrap();
    assert_eq!(whole(&answer), node.json(&format!("{PERIOD}/tallies?valid={valid}"), "auditor").await);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_columns_of_a_report_are_those_of_http() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let first_of_october = domain::LocalDate::new(2022, 10, 1).unwrap().to_days();
    for (token, since, compare_last_year, query) in [
        ("auditor", Some(first_of_october), false, "since=2022-10-01"),
        ("clerk", None, true, "compare=last-year"),
        ("auditor", Some(first_of_october), true, "since=2022-10-01&compare=last-year"),
    ] {
        let mut client = Client::new(&node, token).await;
        let answer = get(&mut client, GetTalliesRequest { since, compare_last_year, ..of_2022() }).await.unwrap();
        let http = node.json(&format!("{PERIOD}/tallies?{query}"), token).await;
        assert_eq!(whole(&answer), http, "{token} {query}");
        assert_eq!(http["since"].is_string(), since.is_some());
        assert_eq!(http["last_year"].is_object(), compare_last_year);
    }
    let mut client = Client::new(&node, "auditor").await;
    for since in [i32::MAX, domain::LocalDate::new(2021, 12, 31).unwrap().to_days()] {
        let request = GetTalliesRequest { since: Some(since), ..of_2022() };
        let status = get(&mut client, request).await.unwrap_err();
        assert_eq!((status.code(), problem(&status)), (Code::InvalidArgument, "/problems/invalid-query"));
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_has_the_code_the_type_and_the_sentence_of_its_problem() {
    let node = Node::demonstration().await;
    let tip = caught_up(&node).await;
    let beyond = GetTalliesRequest { min_position: tip + 1_000, ..of_2022() };
    let known_beyond = GetTalliesRequest { known: Some(Known::KnownPosition(tip + 1)), ..of_2022() };
    let mut auditor = Client::new(&node, "auditor").await;
    for (request, code, kind) in [
        (beyond, Code::OutOfRange, "/problems/position-unknown"),
        (known_beyond, Code::OutOfRange, "/problems/position-unknown"),
        (GetTalliesRequest { period: "1999".into(), ..of_2022() }, Code::NotFound, "/problems/not-found"),
        (GetTalliesRequest { programme: String::new(), ..of_2022() }, Code::NotFound, "/problems/not-found"),
        (
            GetTalliesRequest { lens: Lens::Restated.into(), ..of_2022() },
            Code::InvalidArgument,
            "/problems/invalid-query",
        ),
        // Not answered as if no lens was given.
        (GetTalliesRequest { lens: 99, ..of_2022() }, Code::InvalidArgument, "/problems/invalid-query"),
        (GetTalliesRequest { lens: -1, ..of_2022() }, Code::InvalidArgument, "/problems/invalid-query"),
        (GetTalliesRequest { valid: Some(i32::MAX), ..of_2022() }, Code::InvalidArgument, "/problems/invalid-query"),
    ] {
        let status = get(&mut auditor, request).await.unwrap_err();
        assert_eq!((status.code(), problem(&status)), (code, kind), "{status:?}");
        assert!(status.message().ends_with('.'), "{status:?}");
        assert!(status.get_error_details().localized_message().is_some(), "{status:?}");
    }
    let position = get(&mut auditor, GetTalliesRequest { min_position: tip + 1_000, ..of_2022() }).await.unwrap_err();
    assert_eq!(position.get_error_details().error_info().unwrap().metadata["position"], tip.to_string());
    for mut nobody in [Client::stranger(&node).await, Client::stranger(&node).await.with_token("socai_wrong")] {
        let status = get(&mut nobody, of_2022()).await.unwrap_err();
        assert_eq!((status.code(), problem(&status)), (Code::Unauthenticated, "/problems/unauthenticated"));
    }
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tallies_that_stay_behind_say_when_to_ask_again() {
    // Nobody folds the tallies here.
    let settings =
        Settings { demo: Some(Demonstration::Review), roles: vec![Role::Intake, Role::Portal], ..Settings::default() };
    let node = Node::start(settings).await;
    let tip = node.journal().tip().await.unwrap().0;
    let mut auditor = Client::new(&node, "auditor").await;
    let status = get(&mut auditor, GetTalliesRequest { min_position: tip, ..of_2022() }).await.unwrap_err();
    assert_eq!((status.code(), problem(&status)), (Code::Unavailable, "/problems/view-behind"));
    let details = status.get_error_details();
    assert_eq!(details.retry_info().unwrap().retry_delay, Some(Duration::from_secs(1)));
    node.stop().await;
}
