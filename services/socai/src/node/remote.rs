//! Commands of a portal that has no intake in its process: over HTTP, to one that has.

use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use kit::{CommandPort, CommandRequest, Precondition, Problem, Receipt, problem};

/// Longer than an intake's own patience with an append whose outcome is unknown.
const TIMEOUT: Duration = Duration::from_secs(20);

/// An intake somewhere else.
pub(super) struct RemoteIntake {
    http: reqwest::Client,
    base: String,
}

impl RemoteIntake {
    /// `base` such as `http://127.0.0.1:8081`.
    pub(super) fn new(base: &str) -> anyhow::Result<Self> {
        let http =
            reqwest::Client::builder().timeout(TIMEOUT).build().context("failed to set up HTTP to the intake")?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned() })
    }

    async fn exchange(&self, bearer: &str, request: CommandRequest) -> Result<(bool, bytes::Bytes), reqwest::Error> {
        let mut post = self
            .http
            .post(format!("{}/v1/commands/{}", self.base, request.name))
            .bearer_auth(bearer)
            .header("idempotency-key", format!("\"{}\"", request.key))
            .header("content-type", "application/json")
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
