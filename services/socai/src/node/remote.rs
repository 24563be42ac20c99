//! Commands of a portal that has no intake in its process: over HTTP, to one that has. Forms use the port, other callers are passed through.

use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use kit::{CommandPort, CommandRequest, Precondition, Problem, Receipt, problem};

/// Longer than an intake's own patience with an append whose outcome is unknown.
const PATIENCE: Duration = Duration::from_secs(20);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// Headers that travel with a command to the intake, and back with its answer.
const PASSED: &[&str] = &[
    "authorization",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "content-type",
    "content-encoding",
    "accept",
    "traceparent",
    "x-request-id",
    "correlation-id",
    "causation-id",
    "location",
    "retry-after",
    "www-authenticate",
    "cache-control",
];

/// An intake somewhere else.
#[derive(Clone)]
pub(super) struct RemoteIntake {
    http: reqwest::Client,
    base: String,
    patience: Duration,
}

impl RemoteIntake {
    /// `base` such as `http://127.0.0.1:8081`.
    pub(super) fn new(base: &str) -> anyhow::Result<Self> {
        let http = kit::outgoing::to(base)
            .connect_timeout(CONNECT_TIMEOUT)
            .build()
            .context("failed to set up HTTP to the intake")?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), patience: PATIENCE })
    }

    /// `POST /v1/commands` and `POST /v1/commands/{name}`, so that callers need to know one address only.
    pub(super) fn router(&self) -> Router {
        Router::new()
            .route("/v1/commands", post(pass))
            .route("/v1/commands/{name}", post(pass))
            .with_state(self.clone())
    }

    async fn exchange(&self, bearer: &str, request: CommandRequest) -> Result<(bool, bytes::Bytes), reqwest::Error> {
        let mut post = self
            .http
            .post(format!("{}/v1/commands/{}", self.base, request.name))
            .bearer_auth(bearer)
            .header("idempotency-key", format!("\"{}\"", request.key))
            .header("content-type", "application/json")
            .timeout(self.patience)
            .body(request.data);
        post = match request.precondition {
            Some(Precondition::LastPosition(position)) => post.header("if-match", format!("\"{position}\"")),
            Some(Precondition::NewStream) => post.header("if-none-match", "*"),
            None => post,
        };
        let response = post.send().await?;
        Ok((response.status().is_success(), response.bytes().await?))
    }
}

#[async_trait]
impl CommandPort for RemoteIntake {
    async fn submit(&self, bearer: &str, request: CommandRequest) -> Result<Receipt, Problem> {
        match self.exchange(bearer, request).await {
            Ok((true, body)) => serde_json::from_slice(&body).map_err(|error| outcome_unknown(&error)),
            Ok((false, body)) => match serde_json::from_slice::<Problem>(&body) {
                Ok(problem) => Err(problem),
                Err(error) => Err(outcome_unknown(&error)),
            },
            Err(error) if error.is_connect() => Err(unreachable(&error)),
            Err(error) => Err(outcome_unknown(&error)),
        }
    }
}

/// Passes a request through as it streams, and its answer back.
async fn pass(State(intake): State<RemoteIntake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let url = format!("{}{}", intake.base, parts.uri.path());
    let mut sent =
        intake.http.post(url).headers(passed(&parts.headers)).body(reqwest::Body::wrap_stream(body.into_data_stream()));
    // Lines may take as long as their sender does.
    let lines = parts.headers.get(CONTENT_TYPE).is_some_and(|of| of.as_bytes().starts_with(b"application/x-ndjson"));
    if !lines {
        sent = sent.timeout(intake.patience);
    }
    match sent.send().await {
        Ok(answer) => {
            let (status, headers) = (answer.status(), passed(answer.headers()));
            (status, headers, Body::from_stream(answer.bytes_stream())).into_response()
        }
        Err(error) if error.is_connect() => unreachable(&error).into_response(),
        Err(error) => outcome_unknown(&error).into_response(),
    }
}

/// Each as often as it was sent: the intake refuses what it would have to choose from.
fn passed(headers: &HeaderMap) -> HeaderMap {
    let named = headers.iter().filter(|(name, _)| PASSED.contains(&name.as_str()));
    named.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn unreachable(error: &reqwest::Error) -> Problem {
    tracing::warn!(%error, "the intake cannot be reached");
    Problem::new(
        problem::UNAVAILABLE,
        "Bộ phận tiếp nhận chưa trả lời, chưa có gì được ghi. Hãy gửi lại sau ít giây.",
        "The intake does not answer and nothing was recorded. Send it again in a few seconds.",
    )
    .retry_after(Duration::from_secs(2))
}

fn outcome_unknown(error: &dyn std::error::Error) -> Problem {
    tracing::warn!(%error, "the intake's answer was lost");
    Problem::new(
        problem::OUTCOME_UNKNOWN,
        "Chưa biết đã ghi hay chưa. Hãy gửi lại đúng nội dung này với cùng mã, sổ sẽ không ghi hai lần.",
        "It is not known whether it was recorded. Send the same content again with the same key; it is never recorded twice.",
    )
    .retry_after(Duration::from_secs(2))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use domain::CommandId;
    use tokio::net::TcpListener;

    use super::*;

    /// Takes connections and says nothing; its address.
    async fn silent() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok(taken) = listener.accept().await {
                held.push(taken);
            }
        });
        address
    }

    #[test]
    fn what_the_intake_would_refuse_is_not_mended_on_the_way() {
        let sent = [("idempotency-key", "a"), ("idempotency-key", "b"), ("content-encoding", "gzip"), ("cookie", "c")];
        let sent = sent.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let passed = passed(&HeaderMap::from_iter(sent));
        assert_eq!(passed.get_all("idempotency-key").iter().count(), 2);
        assert!(passed.contains_key("content-encoding") && !passed.contains_key("cookie"), "{passed:?}");
    }

    /// Whether by a form or from another program.
    #[tokio::test]
    async fn an_intake_that_says_nothing_is_not_waited_for_without_end() {
        let mut intake = RemoteIntake::new(&silent().await).unwrap();
        intake.patience = Duration::from_millis(50);
        let data = bytes::Bytes::from_static(b"{}");
        let name = "found-organisation".to_owned();
        let request = CommandRequest { name, key: CommandId(uuid::Uuid::now_v7()), data, precondition: None };
        let by_form = intake.submit("token", request).await.unwrap_err();
        assert!(by_form.r#type.ends_with(problem::OUTCOME_UNKNOWN.slug), "{by_form:?}");

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let portal = format!("http://{}/v1/commands/found-organisation", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, intake.router()).into_future());
        let passed = kit::outgoing::plain().build().unwrap().post(portal).body("{}").send().await.unwrap();
        assert_eq!((passed.status().as_u16(), passed.headers()["retry-after"].as_bytes()), (503, &b"2"[..]));
        assert!(passed.text().await.unwrap().contains("outcome-unknown"));
    }
}
