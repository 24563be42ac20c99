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
    tally::text,
};

/// Rows asked for at once.
const PAGE: usize = 200;

const GIVE_A_TOKEN: &str = "give --token-file FILE, or set SOCAI_TOKEN_FILE to the file or SOCAI_TOKEN to the token";

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
        check_address(&server.url)?;
        let http = kit::outgoing::to(&server.url).connect_timeout(CONNECT_TIMEOUT).build();
        Ok(Self {
            http: http.map_err(|error| unreachable(&server.url, error))?,
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
        self.try_send(request).await?.map_err(|problem| self.failure(problem))
    }

    /// Who has shown no token is told how to.
    fn failure(&self, problem: Problem) -> Failure {
        let unsigned = problem.status == 401 && self.token.is_none();
        let mut failure = Failure::from(problem);
        if unsigned {
            failure.why = anyhow::anyhow!("{:#}\nno token was sent: {GIVE_A_TOKEN}", failure.why);
        }
        failure
    }

    /// Sends it; a problem is an answer, and a node that cannot be reached the failure.
    pub(super) async fn try_send(&self, request: RequestBuilder) -> Result<Result<Response, Problem>, Failure> {
        let sent = request.send().await;
        let response = sent.map_err(|error| unreachable(&self.base, error))?;
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
        self.read(self.send(request).await?).await
    }

    pub(super) async fn read(&self, answer: Response) -> Result<Value, Failure> {
        answer.json().await.map_err(unavailable)
    }

    /// All pages of a list, or those that hold the first `most` rows, as one answer. `pinned` says which parts of the first page, by their
    /// pointers, later pages are asked with, so that all are of one moment.
    pub(super) async fn pages(
        &self,
        path: &str,
        rows: &str,
        mut query: Vec<(&'static str, String)>,
        pinned: &[(&'static str, &str)],
        most: Option<usize>,
    ) -> Result<Value, Failure> {
        let mut whole: Option<Value> = None;
        let mut after = Value::Null;
        loop {
            let have = whole.as_ref().and_then(|whole| whole[rows].as_array()).map_or(0, Vec::len);
            let mut asked = query.clone();
            asked.push(("limit", most.map_or(PAGE, |most| PAGE.min(most - have)).to_string()));
            asked.extend((!after.is_null()).then(|| ("after", text(&after))));
            let mut page = self.json(self.get(path).query(&asked)).await?;
            let found = page[rows].take().as_array_mut().map(std::mem::take).unwrap_or_default();
            after = page["next_after"].take();
            let answer = match &mut whole {
                Some(answer) => answer,
                None => {
                    let given = |name: &str| query.iter().any(|(given, _)| *given == name);
                    let pins = pinned.iter().filter(|(name, _)| !given(name));
                    let pins = pins.filter_map(|(name, at)| Some((*name, text(page.pointer(at)?)))).collect::<Vec<_>>();
                    query.extend(pins);
                    page[rows] = Value::Array(Vec::new());
                    whole.insert(page)
                }
            };
            answer["next_after"] = after.clone();
            let all = answer[rows].as_array_mut().map(|all| {
                all.extend(found);
                all.len()
            });
            if after.is_null() || most.is_some_and(|most| all >= Some(most)) {
                return Ok(whole.unwrap_or_default());
            }
        }
    }
}

fn check_address(url: &str) -> Result<(), Failure> {
    match url.split_once("://") {
        Some(("http" | "https", _)) => Ok(()),
        _ => Err(Failure::usage(format!("{url} is no address of a node: write http://host:port or https://host"))),
    }
}

fn token_in(path: &Path) -> Result<String, Failure> {
    let read = read_file(path).map_err(|failure| Failure {
        why: failure.why.context(format!("there is no token at {}: {GIVE_A_TOKEN}", path.display())),
        ..failure
    });
    let token = String::from_utf8(read?);
    let token = token.with_context(|| format!("{} holds no token", path.display())).map_err(Failure::usage_of)?;
    let token = token.trim();
    if token.contains(char::is_whitespace) {
        return Err(Failure::usage(format!("{} holds more than one token: keep one in a file", path.display())));
    }
    Ok(token.to_owned())
}

/// Nobody there, or nobody whom this machine trusts to be there.
fn unreachable(base: &str, error: reqwest::Error) -> Failure {
    let error = anyhow::Error::from(error);
    let certificate = error.chain().any(|cause| cause.to_string().to_lowercase().contains("certificate"));
    unavailable(error.context(if certificate {
        format!("no authority that this machine trusts vouches for {base}: name the file with the certificate of the right one by SSL_CERT_FILE")
    } else {
        format!("no node answers at {base} (is `socai run` running there?)")
    }))
}

fn unavailable(why: impl Into<anyhow::Error>) -> Failure {
    Failure::new(Exit::Unavailable, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_cannot_be_asked_is_refused_before_it_is() {
        for url in ["http://127.0.0.1:8080", "https://so-cai.example"] {
            assert!(check_address(url).is_ok());
        }
        for (url, told) in
            [("ftp://so-cai.example", "no address"), ("localhost:8080", "http://host:port"), ("", "no address")]
        {
            let refused = check_address(url).unwrap_err();
            assert_eq!(refused.exit, Exit::Usage);
            assert!(refused.why.to_string().contains(told), "{}", refused.why);
        }
    }
}
