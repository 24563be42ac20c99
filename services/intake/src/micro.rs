//! Commands over NATS: a micro service (NATS ADR-32) with an endpoint for each command, which whoever may publish there finds by its
//! discovery and asks as they would over HTTP: the same headers, the same body, the same receipt or problem.

use std::{collections::HashMap, time::Duration};

use async_nats::{
    Client, HeaderMap as NatsHeaders, Subject,
    service::{NATS_SERVICE_ERROR, NATS_SERVICE_ERROR_CODE, Request, Service, ServiceExt, endpoint::Endpoint, error},
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use domain::{COMMANDS, CommandRow};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use journal::nats::NatsServers;
use kit::{Problem, Receipt, decode};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Intake,
    single::{bearer, key, precondition, too_large, trace},
    submit::Decoded,
};

/// Answers go to inboxes only, also to those that the server makes for who asks from another account. Whoever names another subject for their
/// answer would have intake publish where they themselves may not: on the ledger's own subjects, for one.
const INBOXES: [&str; 2] = ["_INBOX", "_R_."];
/// How long a stop waits for commands that are under way.
const DRAIN_MAX: Duration = Duration::from_secs(8);

/// Takes commands until `stop`, beside every other intake of the ledger: each command goes to one of them.
///
/// # Errors
/// When the service cannot be announced, its connection ends, or a stop leaves commands without an answer.
pub async fn serve_nats(
    intake: &Intake,
    servers: &NatsServers,
    stop: &CancellationToken,
) -> Result<(), async_nats::Error> {
    let name = format!("socai-{}", servers.names.ledger());
    let describing = servers.client.service_builder().description("Takes decisions into the ledger.");
    let service = describing.start(name, env!("CARGO_PKG_VERSION")).await?;
    let mut requests = stream::select_all(endpoints(&service, servers).await?);
    tracing::info!(ledger = servers.names.ledger(), "intake takes commands over NATS");
    let under_way = TaskTracker::new();
    let answer = |row, request| intake.clone().answer_message(servers.client.clone(), row, request);
    loop {
        tokio::select! {
            request = requests.next() => match request {
                Some((row, request)) => drop(under_way.spawn(answer(row, request))),
                None => return Err("the connection to NATS has ended".into()),
            },
            () = stop.cancelled() => break,
        }
    }
    // Without a connection nothing of this comes to an end by itself.
    let drained = tokio::time::timeout(DRAIN_MAX, async {
        service.stop().await?;
        // What has arrived by now is still answered: the endpoints end after it.
        while let Some((row, request)) = requests.next().await {
            under_way.spawn(answer(row, request));
        }
        under_way.close();
        under_way.wait().await;
        servers.client.flush().await?;
        Ok::<_, async_nats::Error>(())
    })
    .await;
    drained.unwrap_or_else(|_| Err("some commands were not answered before the stop".into()))
}

type Requests = BoxStream<'static, (&'static CommandRow, Request)>;

async fn endpoints(service: &Service, servers: &NatsServers) -> Result<Vec<Requests>, async_nats::Error> {
    let mut endpoints = Vec::new();
    for row in COMMANDS {
        let roles: Vec<_> = row.roles.iter().map(|role| role.word()).collect();
        let told = [("vi", row.vi.to_owned()), ("en", row.en.to_owned()), ("roles", roles.join(","))];
        let told: HashMap<_, _> = told.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        let endpoint: Endpoint =
            service.endpoint_builder().name(row.name).metadata(told).add(servers.names.command(row.name)).await?;
        endpoints.push(endpoint.map(move |request| (row, request)).boxed());
    }
    Ok(endpoints)
}

impl Intake {
    async fn answer_message(self, client: Client, row: &'static CommandRow, request: Request) {
        let reply = request.message.reply.clone();
        let Some(reply) = reply.filter(|reply| INBOXES.iter().any(|inbox| reply.starts_with(inbox))) else {
            metrics::counter!("socai_commands_without_inbox_total").increment(1);
            tracing::debug!(
                command = row.name,
                "a command over NATS that names no inbox for its answer was not looked at"
            );
            return;
        };
        let sent = match Box::pin(self.take_message(row, &request)).await {
            Ok(receipt) => {
                let (headers, body) = recorded(&receipt);
                request.respond_with_headers(Ok(body.into()), headers).await
            }
            Err(problem) => {
                let (headers, body) = refused(&problem);
                count_error(request, &problem).await;
                client.publish_with_headers(reply, headers, body.into()).await
            }
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "an answer could not be sent");
        }
    }

    async fn take_message(&self, row: &CommandRow, request: &Request) -> Result<Receipt, Problem> {
        let headers = request.message.headers.as_ref().map(as_of_http).unwrap_or_default();
        let identity = self.identify(bearer(&headers))?;
        let (key, precondition) = (key(&headers)?, precondition(&headers)?);
        let (data, limit) = (&request.message.payload, self.inner.config.command_max_bytes);
        if data.len() > limit {
            return Err(too_large(limit));
        }
        let command = Box::new(decode::command(row.name, data)?);
        self.execute(&identity, Decoded { key, command, precondition, trace: trace(&headers) }).await
    }
}

/// In the statistics of the service. The library counts the errors that it answers, and answers them without a body: so it is given nobody
/// to answer.
async fn count_error(mut request: Request, problem: &Problem) {
    request.message.reply = Some(Subject::from_static(""));
    let error = error::Error { status: problem.slug().to_owned(), code: problem.status.into() };
    let unsent = request.respond(Err(error)).await;
    debug_assert!(unsent.is_err(), "nothing is sent to a subject without a name");
}

/// The headers that HTTP knows as well; what cannot be one there is nobody's here.
fn as_of_http(headers: &NatsHeaders) -> HeaderMap {
    let all = headers.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    let http = |(name, value): (&async_nats::HeaderName, &async_nats::HeaderValue)| {
        let name: &str = name.as_ref();
        Some((name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value.as_str()).ok()?))
    };
    all.filter_map(http).collect()
}

fn recorded(receipt: &Receipt) -> (NatsHeaders, Vec<u8>) {
    let mut headers = NatsHeaders::new();
    headers.insert("Content-Type", "application/json");
    (headers, serde_json::to_vec(receipt).unwrap_or_default())
}

/// The code is what HTTP would answer.
fn refused(problem: &Problem) -> (NatsHeaders, Vec<u8>) {
    let mut headers = NatsHeaders::new();
    headers.insert("Content-Type", "application/problem+json");
    headers.insert(NATS_SERVICE_ERROR, problem.slug());
    headers.insert(NATS_SERVICE_ERROR_CODE, problem.status.to_string());
    if let Some(seconds) = problem.retry_after {
        headers.insert("Retry-After", seconds.to_string());
    }
    (headers, serde_json::to_vec(problem).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_those_of_http_whatever_their_case() {
        let mut nats = NatsHeaders::new();
        nats.insert("Authorization", "Bearer socai_x");
        nats.insert("IDEMPOTENCY-KEY", "0198c9c4-0000-7000-8000-000000000001");
        nats.insert("if-none-match", "*");
        let http = as_of_http(&nats);
        assert_eq!(bearer(&http), Some("socai_x"));
        assert!(key(&http).is_ok());
        assert_eq!(precondition(&http).unwrap(), Some(kit::Precondition::NewStream));
    }

    #[test]
    fn a_problem_is_told_as_services_tell_an_error_and_whole_in_the_body() {
        let problem = kit::execution::busy();
        let (headers, body) = refused(&problem);
        let told = |name: &str| headers.get(name).map(|value| value.as_str().to_owned());
        assert_eq!(told(NATS_SERVICE_ERROR), Some("unavailable".to_owned()));
        assert_eq!(told(NATS_SERVICE_ERROR_CODE), Some("503".to_owned()));
        assert_eq!(told("Retry-After"), Some("1".to_owned()));
        assert_eq!(serde_json::from_slice::<Problem>(&body).unwrap(), problem);
    }
}
