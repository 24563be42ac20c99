//! Asks a running node over HTTP.

use std::{path::Path, time::Duration};

use anyhow::Context;
use domain::{LocalDate, PeriodKey, ProgrammeKey};
use kit::Problem;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

use super::{
    args::ServerArgs,
    exit::{Exit, Failure},
    files::read_file,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A node and the token to show it.
pub(super) struct Client {
    http: reqwest::Client,
    base: String,
    token: Option<String>,
}

impl Client {
    /// The token comes from the file, else from `SOCAI_TOKEN`; a node may answer some things without one.
    pub(super) fn new(server: &ServerArgs) -> Result<Self, Failure> {
        let token = match &server.token_file {
            Some(path) => Some(token_in(path)?),
            None => std::env::var("SOCAI_TOKEN").ok(),
        };
        let http = reqwest::Client::builder().connect_timeout(CONNECT_TIMEOUT).build();
        Ok(Self {
            http: http.context("failed to set up HTTP")?,
            base: server.url.trim_end_matches('/').to_owned(),
            token,
        })
    }

    pub(super) fn get(&self, path: &str) -> RequestBuilder {
        self.signed(self.http.get(format!("{}{path}", self.base)))
    }

    pub(super) fn post(&self, path: &str) -> RequestBuilder {
        self.signed(self.http.post(format!("{}{path}", self.base)))
    }

    fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends it; a problem, or a node that cannot be reached, is the failure.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, Failure> {
        self.try_send(request).await?.map_err(Failure::from)
    }

    /// Sends it; a problem is an answer, and a node that cannot be reached the failure.
    pub(super) async fn try_send(&self, request: RequestBuilder) -> Result<Result<Response, Problem>, Failure> {
        let sent = request.send().await;
        let unreachable = || format!("no node answers at {} (is `socai run` running there?)", self.base);
        let response = sent.map_err(anyhow::Error::from).with_context(unreachable).map_err(unavailable)?;
        let status = response.status();
        if status.is_success() {
            return Ok(Ok(response));
        }
        let body = response.bytes().await.map_err(unavailable)?;
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => Ok(Err(problem)),
            Err(_) => {
                Err(Failure::new(Exit::Failure, anyhow::anyhow!("{} answered {status} and no problem", self.base)))
            }
        }
    }

    /// The tallies of a programme in a period.
    pub(super) async fn tallies(
        &self,
        (programme, period): (&ProgrammeKey, &PeriodKey),
        valid: Option<LocalDate>,
        known: Option<&str>,
        lens: Option<&str>,
        columns: &[(&'static str, String)],
    ) -> Result<Value, Failure> {
        let mut query: Vec<(&str, String)> = columns.to_vec();
        query.extend(valid.map(|day| ("valid", day.to_string())));
        query.extend(known.map(|known| ("known", known.to_owned())));
        query.extend(lens.map(|lens| ("lens", lens.to_owned())));
        let path = format!("/v1/programmes/{programme}/periods/{period}/tallies");
        self.json(self.get(&path).query(&query)).await
    }

    /// The counts of a period under the units of a day, today unless given.
    pub(super) async fn restated(
        &self,
        (programme, period): (&ProgrammeKey, &PeriodKey),
        valid: Option<LocalDate>,
        known: Option<&str>,
        to: Option<LocalDate>,
        key: Option<&str>,
    ) -> Result<Value, Failure> {
        let mut query: Vec<(&str, String)> = Vec::new();
        query.extend(valid.map(|day| ("valid", day.to_string())));
        query.extend(known.map(|known| ("known", known.to_owned())));
        query.extend(to.map(|day| ("to", day.to_string())));
        query.extend(key.map(|key| ("key", key.to_owned())));
        let path = format!("/v1/programmes/{programme}/periods/{period}/tallies/restated");
        self.json(self.get(&path).query(&query)).await
    }

    pub(super) async fn json(&self, request: RequestBuilder) -> Result<Value, Failure> {
        self.send(request).await?.json().await.map_err(unavailable)
    }
}

fn token_in(path: &Path) -> Result<String, Failure> {
    let token = String::from_utf8(read_file(path)?);
    let token = token.with_context(|| format!("{} holds no token", path.display())).map_err(Failure::usage_of)?;
    Ok(token.trim().to_owned())
}

fn unavailable(why: impl Into<anyhow::Error>) -> Failure {
    Failure::new(Exit::Unavailable, why)
}
