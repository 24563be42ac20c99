//! A client without generated code: it names methods by their paths, so that a renamed method fails here.

use std::time::Duration;

use prost::Message;
use serde_json::{Value, json};
use socai_tests::{Node, PERIOD};
use tonic::{Request, Status, Streaming, client::Grpc, codegen::http::uri::PathAndQuery, transport::Channel};
use tonic_prost::ProstCodec;

/// Longer than a heartbeat and a look at what is ready.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Client {
    grpc: Grpc<Channel>,
    token: Option<String>,
}

impl Client {
    /// Whoever has this token of the node.
    pub(crate) async fn new(node: &Node, token: &str) -> Self {
        Self { token: Some(node.token(token)), ..Self::stranger(node).await }
    }

    pub(crate) async fn stranger(node: &Node) -> Self {
        let channel = Channel::from_shared(node.url.clone()).unwrap().connect().await.unwrap();
        Self { grpc: Grpc::new(channel), token: None }
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    pub(crate) async fn ask<Q, A>(&mut self, method: &'static str, question: Q) -> Result<A, Status>
    where
        Q: Message + Send + Sync + 'static,
        A: Message + Default + Send + Sync + 'static,
    {
        let request = self.request(question);
        self.grpc.ready().await.unwrap();
        let codec: ProstCodec<Q, A> = ProstCodec::default();
        self.grpc.unary(request, PathAndQuery::from_static(method), codec).await.map(tonic::Response::into_inner)
    }

    pub(crate) async fn open<Q, A>(&mut self, method: &'static str, question: Q) -> Result<Told<A>, Status>
    where
        Q: Message + Send + Sync + 'static,
        A: Message + Default + Send + Sync + 'static,
    {
        let request = self.request(question);
        self.grpc.ready().await.unwrap();
        let codec: ProstCodec<Q, A> = ProstCodec::default();
        let answer = self.grpc.server_streaming(request, PathAndQuery::from_static(method), codec).await?;
        Ok(Told(answer.into_inner()))
    }

    fn request<Q>(&self, question: Q) -> Request<Q> {
        let mut request = Request::new(question);
        if let Some(token) = &self.token {
            request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        }
        request
    }
}

/// An open stream.
pub(crate) struct Told<A>(Streaming<A>);

impl<A> Told<A> {
    pub(crate) async fn next(&mut self) -> A {
        self.any().await.unwrap_or_else(|end| panic!("the stream ended: {end:?}"))
    }

    /// The next message, or how the stream ends.
    pub(crate) async fn any(&mut self) -> Result<A, Option<Status>> {
        let next = tokio::time::timeout(PATIENCE, self.0.message()).await.expect("a message in time");
        next.map_err(Some)?.ok_or(None)
    }

    /// How the stream ends, whatever is still said before.
    pub(crate) async fn end(&mut self) -> Option<Status> {
        loop {
            if let Err(end) = self.any().await {
                return end;
            }
        }
    }
}

/// The problem that a status tells of.
pub(crate) fn problem(status: &Status) -> &str {
    status.metadata().get("problem-type").unwrap().to_str().unwrap()
}

/// Waits until the tallies include everything recorded so far.
pub(crate) async fn caught_up(node: &Node) -> u64 {
    let tip = node.journal().tip().await.unwrap().0;
    node.json(&format!("{PERIOD}/tallies?min_position={tip}"), "auditor").await;
    tip
}

/// Posts a founding by the Party committee of Lê Chân.
pub(crate) async fn found(node: &Node, number: &str) -> u64 {
    let founding = json!({
        "unit": socai_tests::unit("Quận ủy Lê Chân"), "kind": "party_cell_grassroots", "host_kind": "private_enterprise",
        "basis": "new", "members": 5,
        "document": { "number": number, "symbol": "QĐ/QU", "issuer": "Quận ủy Lê Chân", "date": "2022-12-30" }
    });
    let posted = node.post("found-organisation", "clerk", &founding).send().await.unwrap();
    assert_eq!(posted.status(), 201);
    posted.json::<Value>().await.unwrap()["position"].as_u64().unwrap()
}

/// A new token, and the id under which it is revoked.
pub(crate) async fn visitor(node: &Node) -> (String, String) {
    let token = kit::new_token();
    let grant = json!({
        "token_sha256": kit::token_hash(&token).map(|byte| format!("{byte:02x}")).concat(), "subject": uuid::Uuid::now_v7(),
        "office": socai_tests::unit("Quận ủy Lê Chân"), "role": "viewer",
    });
    let granted: Value = node.post("grant-access", "admin", &grant).send().await.unwrap().json().await.unwrap();
    (token, granted["stream"].as_str().unwrap().trim_start_matches("access/").to_owned())
}
