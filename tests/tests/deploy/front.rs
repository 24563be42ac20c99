//! `deploy/Caddyfile` before real nodes: changes come through at once, lines both ways at a time, and nobody is sent to who is not there; gRPC passes as HTTP/2.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use socai_tests::{Events, Node, PERIOD, unit};
use tonic::{Request, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};
use tonic_prost::ProstCodec;
use wire::proto::ledger::v1::{FollowRequest, FollowResponse, follow_response::Followed};

const PATIENCE: Duration = Duration::from_secs(30);

/// The proxy before two addresses, ended when dropped.
struct Front {
    child: Child,
    portals: String,
}

impl Drop for Front {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn address(node: &Node) -> &str {
    node.url.strip_prefix("http://").unwrap()
}

impl Front {
    async fn before(first: &str, second: &str) -> Self {
        let caddy = super::file(".tools/deploy/bin/caddy");
        assert!(caddy.is_file(), "there is no {}: run `make tools`", caddy.display());
        let (portals, intakes) = (free_port(), free_port());
        let child = Command::new(caddy)
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(super::file("deploy/Caddyfile"))
            .env("SOCAI_PORTALS", format!("{first} {second}"))
            .env("SOCAI_INTAKES", format!("{first} {second}"))
            .env("SOCAI_PORTALS_PORT", portals.to_string())
            .env("SOCAI_INTAKES_PORT", intakes.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("caddy runs");
        let front = Self { child, portals: format!("http://127.0.0.1:{portals}") };
        let http = kit::outgoing::plain().build().unwrap();
        for port in [portals, intakes] {
            let up = async {
                while !http
                    .get(format!("http://127.0.0.1:{port}/readyz"))
                    .send()
                    .await
                    .is_ok_and(|answer| answer.status() == 200)
                {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            };
            tokio::time::timeout(PATIENCE, up).await.expect("the proxy answers");
        }
        front
    }
}

fn founding(number: usize) -> Value {
    json!({
        "unit": unit("Quận ủy Lê Chân"), "kind": "party_cell_grassroots", "host_kind": "private_enterprise", "basis": "new", "members": 3,
        "document": { "number": format!("F{number}"), "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30" },
    })
}

fn line(number: usize) -> String {
    let key = uuid::Uuid::now_v7();
    format!("{}\n", json!({ "key": key, "command": "found-organisation", "data": founding(number) }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_come_through_as_they_happen_and_lines_are_answered_while_others_are_sent() {
    let node = Node::demonstration().await;
    // Nobody listens at the second address.
    let front = Front::before(address(&node), &format!("127.0.0.1:{}", free_port())).await;
    let watching =
        node.http.get(format!("{}{PERIOD}/tallies/changes", front.portals)).bearer_auth(node.token("leader"));
    let mut events = Events::asked(watching, None).await.unwrap().unwrap();
    assert_eq!(events.next().await.name, "snapshot");

    let (lines, body) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
    let body = reqwest::Body::wrap_stream(tokio_stream::wrappers::ReceiverStream::new(body));
    let post = node.http.post(format!("{}/v1/commands", front.portals)).bearer_auth(node.token("clerk"));
    let posting = tokio::spawn(post.header("content-type", "application/x-ndjson").body(body).send());
    lines.send(Ok(line(0))).await.unwrap();
    let mut answer =
        tokio::time::timeout(PATIENCE, posting).await.expect("an answer to the first line").unwrap().unwrap();
    for number in 1..=3 {
        let told =
            tokio::time::timeout(PATIENCE, answer.chunk()).await.expect("an answer before the next line").unwrap();
        assert!(String::from_utf8_lossy(&told.unwrap()).contains("\"status\":201"));
        assert_eq!(events.next().await.name, "cells");
        lines.send(Ok(line(number))).await.unwrap();
    }
    drop(lines);
    let mut rest = String::new();
    while let Some(chunk) = answer.chunk().await.unwrap() {
        rest += std::str::from_utf8(&chunk).unwrap();
    }
    assert!(rest.contains("\"accepted\":4") && rest.contains("\"refused\":0"), "{rest}");
    drop(front);
    node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_grpc_is_told_what_happens_as_it_happens() {
    let node = Node::demonstration().await;
    let front = Front::before(address(&node), &format!("127.0.0.1:{}", free_port())).await;
    let channel = Channel::from_shared(front.portals.clone()).unwrap().connect().await.unwrap();
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.unwrap();
    let after = node.journal().tip().await.unwrap().0;
    let mut request = Request::new(FollowRequest { after, ..FollowRequest::default() });
    request.metadata_mut().insert("authorization", format!("Bearer {}", node.token("auditor")).parse().unwrap());
    let follow = PathAndQuery::from_static("/socai.ledger.v1.LedgerService/Follow");
    let codec: ProstCodec<FollowRequest, FollowResponse> = ProstCodec::default();
    let answered = tokio::time::timeout(PATIENCE, grpc.server_streaming(request, follow, codec)).await;
    let mut told = answered.expect("an answer before anything happens").unwrap().into_inner();
    for n in 1..=3 {
        assert_eq!(node.post("found-organisation", "clerk", &founding(10 + n)).send().await.unwrap().status(), 201);
        let message = tokio::time::timeout(PATIENCE, told.message()).await.expect("a record in time").unwrap().unwrap();
        let Some(Followed::Record(record)) = message.followed else { panic!("{message:?}") };
        assert_eq!(record.position, after + n as u64);
    }
    drop((told, front));
    node.stop().await;
}
