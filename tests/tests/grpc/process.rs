//! What a process says of itself: whether it serves, and what.

use std::collections::BTreeSet;

use futures::StreamExt;
use serde_json::json;
use socai::settings::{Role, Settings};
use socai_tests::Node;
use tonic::Code;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};
use wire::proto::{
    ledger::v1::{FollowRequest, FollowResponse},
    tally::v1::{WatchTalliesRequest, WatchTalliesResponse},
};

use crate::client::{Client, Told, caught_up, problem};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const TALLY: &str = "socai.tally.v1.TallyService";
const LEDGER: &str = "socai.ledger.v1.LedgerService";
const OWN: [&str; 3] =
    ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];

fn of(service: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: service.to_owned() }
}

async fn serving(client: &mut Client, service: &str) -> Result<ServingStatus, Code> {
    let answer: Result<HealthCheckResponse, _> = client.ask(CHECK, of(service)).await;
    answer.map(|answer| answer.status()).map_err(|status| status.code())
}

async fn readyz(node: &Node) -> u16 {
    node.http.get(format!("{}/readyz", node.url)).send().await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_serves_exactly_when_it_is_ready() {
    let node = Node::empty().await;
    let mut stranger = Client::stranger(&node).await;
    let mut told: Told<HealthCheckResponse> = stranger.open("/grpc.health.v1.Health/Watch", of(TALLY)).await.unwrap();
    while told.next().await.status() != ServingStatus::Serving {}
    assert_eq!(readyz(&node).await, 200);
    for service in ["", TALLY, LEDGER] {
        assert_eq!(serving(&mut stranger, service).await, Ok(ServingStatus::Serving), "{service}");
    }
    assert_eq!(serving(&mut stranger, "socai.proof.v1.ProofService").await, Err(Code::NotFound));

    let seal = json!({ "successor": "https://so-cai.example" });
    assert_eq!(node.post("seal-ledger", "admin", &seal).send().await.unwrap().status(), 201);
    assert_eq!(told.next().await.status(), ServingStatus::NotServing);
    assert_eq!(readyz(&node).await, 503);
    assert_eq!(serving(&mut stranger, LEDGER).await, Ok(ServingStatus::NotServing));
    drop(told);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_every_stream_with_its_reason() {
    let node = Node::demonstration().await;
    caught_up(&node).await;
    let mut auditor = Client::new(&node, "auditor").await;
    let mut health: Told<HealthCheckResponse> = auditor.open("/grpc.health.v1.Health/Watch", of("")).await.unwrap();
    assert_eq!(health.next().await.status(), ServingStatus::Serving);
    let request = WatchTalliesRequest { programme: "nq28".into(), period: "2022".into(), last_id: String::new() };
    let mut watches: Told<WatchTalliesResponse> =
        auditor.open("/socai.tally.v1.TallyService/WatchTallies", request).await.unwrap();
    let mut follows: Told<FollowResponse> =
        auditor.open("/socai.ledger.v1.LedgerService/Follow", FollowRequest::default()).await.unwrap();
    let begun = tokio::time::Instant::now();
    let ((), watched, followed) = tokio::join!(node.stop(), watches.end(), follows.end());
    for status in [watched.unwrap(), followed.unwrap()] {
        assert_eq!((status.code(), problem(&status)), (Code::Unavailable, "/problems/unavailable"), "{status:?}");
    }
    assert_eq!(health.next().await.status(), ServingStatus::NotServing);
    assert_eq!(health.any().await.err().map(|end| end.is_none()), Some(true));
    // Nobody had to be cut off.
    assert!(begun.elapsed() < std::time::Duration::from_secs(6), "{:?}", begun.elapsed());
}

/// The names of the services, and of the files behind one of them.
async fn reflected(node: &Node, symbol: &str) -> (BTreeSet<String>, usize) {
    let channel = tonic::transport::Channel::from_shared(node.url.clone()).unwrap().connect().await.unwrap();
    let ask = |request| ServerReflectionRequest { host: String::new(), message_request: Some(request) };
    let asked = [
        ask(MessageRequest::ListServices(String::new())),
        ask(MessageRequest::FileContainingSymbol(symbol.to_owned())),
    ];
    let mut client = ServerReflectionClient::new(channel);
    let answers = client.server_reflection_info(futures::stream::iter(asked)).await.unwrap().into_inner();
    let answers: Vec<_> = answers.map(|answer| answer.unwrap().message_response.unwrap()).collect().await;
    let [MessageResponse::ListServicesResponse(listed), files] = answers.as_slice() else { panic!("{answers:?}") };
    let files =
        if let MessageResponse::FileDescriptorResponse(files) = files { files.file_descriptor_proto.len() } else { 0 };
    (listed.service.iter().map(|service| service.name.clone()).collect(), files)
}

#[tokio::test(flavor = "multi_thread")]
async fn reflection_lists_what_this_process_serves() {
    let names = |more: &[&str]| OWN.iter().chain(more).map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let node = Node::empty().await;
    assert_eq!(reflected(&node, LEDGER).await, (names(&[TALLY, LEDGER]), 1));
    node.stop().await;

    let intake = Node::start(Settings { roles: vec![Role::Intake], ..Settings::default() }).await;
    assert_eq!(reflected(&intake, "grpc.health.v1.Health").await, (names(&[]), 1));
    let mut stranger = Client::stranger(&intake).await;
    assert_eq!(serving(&mut stranger, "").await, Ok(ServingStatus::Serving));
    assert_eq!(serving(&mut stranger, TALLY).await, Err(Code::NotFound));
    let nowhere = stranger.open::<_, FollowResponse>("/socai.ledger.v1.LedgerService/Follow", FollowRequest::default());
    assert_eq!(nowhere.await.err().unwrap().code(), Code::Unimplemented);
    intake.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_port_answers_http_1_and_http_2_with_the_same_pages() {
    let node = Node::empty().await;
    for (builder, version) in [
        (kit::outgoing::plain().http1_only(), reqwest::Version::HTTP_11),
        (kit::outgoing::plain().http2_prior_knowledge(), reqwest::Version::HTTP_2),
    ] {
        let answer = builder.build().unwrap().get(format!("{}/healthz", node.url)).send().await.unwrap();
        assert_eq!((answer.version(), answer.text().await.unwrap().as_str()), (version, "ok\n"));
    }
    node.stop().await;
}
