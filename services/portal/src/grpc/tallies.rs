//! `TallyService`: the tally of a period, once or live.

use std::{pin::Pin, str::FromStr};

use async_stream::try_stream;
use domain::{LocalDate, Position, Timestamp, fold};
use futures::Stream;
use kit::{
    Problem,
    grpc::{caller, status},
    http::{Caller, not_valid},
    problem::NOT_FOUND,
};
use tokio::sync::broadcast::error::RecvError;
use tonic::{Request, Response, Status, async_trait};
use wire::proto::tally::v1::{
    GetTalliesRequest, GetTalliesResponse, Lens, WatchTalliesRequest, WatchTalliesResponse,
    get_tallies_request::Known as AskedKnown,
};

use super::{stopping, stubs::tally::tally_service_server::TallyService};
use crate::{
    Portal,
    answers::PeriodOf,
    api::{
        key,
        tallies::{included, restated_elsewhere},
        wrong_parameter,
    },
    asked::{Asked, Known},
    columns::Columns,
    live::{Message, Subscription, Topic},
};

pub(super) struct Tallies(pub(super) Portal);

#[async_trait]
impl TallyService for Tallies {
    type WatchTalliesStream = Pin<Box<dyn Stream<Item = Result<WatchTalliesResponse, Status>> + Send>>;

    async fn get_tallies(&self, request: Request<GetTalliesRequest>) -> Result<Response<GetTalliesResponse>, Status> {
        let caller = caller(&request, self.0.deps.identify.as_ref())?;
        let answer = get(&self.0, &caller, request.into_inner()).await;
        answer.map(Response::new).map_err(|problem| status(&problem))
    }

    async fn watch_tallies(
        &self,
        request: Request<WatchTalliesRequest>,
    ) -> Result<Response<Self::WatchTalliesStream>, Status> {
        let caller = caller(&request, self.0.deps.identify.as_ref())?;
        let subscription = watch(&self.0, &caller, request.into_inner()).await.map_err(|problem| status(&problem))?;
        let portal = self.0.clone();
        Ok(Response::new(Box::pin(told(subscription, move || portal.identify(&caller.bearer).is_some()))))
    }
}

async fn get(portal: &Portal, caller: &Caller, request: GetTalliesRequest) -> Result<GetTalliesResponse, Problem> {
    let min_position = Some(Position(request.min_position));
    let columns = Columns { since: day("since", request.since)?, last_year: request.compare_last_year };
    let asked = asked(request)?;
    included(portal, asked.known, min_position).await?;
    let point = portal.resolve(&asked).await?;
    let columns = portal.resolve_columns(&point, columns).await?;
    let scope = portal.scope(&caller.identity.actor);
    let mut tally = portal.tally(&point, &scope)?;
    portal.put_columns(&mut tally, &point, &columns, &scope)?;
    tally.as_of.known_at = portal.recorded_at(point.position()).await?;
    let known_since = portal.known_since(&point, &scope).await?;
    Ok(GetTalliesResponse {
        tallies: Some(wire::tallies(&tally)),
        settled: point.settled,
        fold_version: portal.deps.tallies.fold_version(),
        demonstration: point.reference.ledger.demonstration(),
        known_since: known_since.as_ref().map(wire::changed_cells),
    })
}

fn asked(request: GetTalliesRequest) -> Result<Asked, Problem> {
    let lens = match Lens::try_from(request.lens) {
        Ok(Lens::Unspecified) => None,
        Ok(Lens::AsKnown) => Some(fold::Lens::AsKnown),
        Ok(Lens::AsReported) => Some(fold::Lens::AsReported),
        Ok(Lens::Restated) => return Err(restated_elsewhere()),
        Err(_) => return Err(lens_unknown()),
    };
    let known = match request.known {
        None => Known::Now,
        Some(AskedKnown::KnownPosition(position)) => Known::At(Position(position)),
        Some(AskedKnown::KnownAtMicros(micros)) => Known::AtTime(Timestamp(micros)),
        Some(AskedKnown::KnownClosing(number)) => Known::Closing(number),
        Some(AskedKnown::KnownCutOff(number)) => Known::CutOff(number),
    };
    Ok(Asked {
        of: PeriodOf { programme: named("programme", &request.programme)?, period: named("period", &request.period)? },
        valid: day("valid", request.valid)?,
        known,
        lens,
    })
}

/// A field that has to be there.
fn named<K: FromStr>(name: &str, text: &str) -> Result<K, Problem> {
    if text.is_empty() {
        let (vi, en) = (format!("Trường `{name}` để trống."), format!("The field `{name}` is empty."));
        return Err(Problem::new(NOT_FOUND, vi, en));
    }
    key(text)
}

/// Not taken for none: another answer would be given than was asked for.
fn lens_unknown() -> Problem {
    wrong_parameter("lens", "phiên bản này không biết góc nhìn đó", "this version does not know this lens")
}

fn day(name: &str, days: Option<i32>) -> Result<Option<LocalDate>, Problem> {
    let not_a_day = || wrong_parameter(name, "không phải một ngày từ 1900 đến 2199", "it is no day from 1900 to 2199");
    days.map(|days| LocalDate::from_days(days).ok_or_else(not_a_day)).transpose()
}

async fn watch(portal: &Portal, caller: &Caller, request: WatchTalliesRequest) -> Result<Subscription, Problem> {
    let of = PeriodOf { programme: named("programme", &request.programme)?, period: named("period", &request.period)? };
    let topic = Topic { of, scope: portal.scope(&caller.identity.actor) };
    portal.subscribe(topic, request.last_id.parse().ok()).await
}

/// What a subscriber is sent, until it lags too far behind, may not look any more, or the portal stops.
fn told(
    mut subscription: Subscription,
    may_look: impl Fn() -> bool + Send + 'static,
) -> impl Stream<Item = Result<WatchTalliesResponse, Status>> {
    try_stream! {
        if let Some(first) = subscription.first.take() {
            yield first.message();
        }
        let why = loop {
            match subscription.messages.recv().await {
                Ok(_) if !may_look() => break status(&not_valid()),
                Ok(Message::Changed(event) | Message::Heartbeat(event)) => yield event.message(),
                Err(RecvError::Lagged(_)) => break Status::aborted("You were too far behind; watch again with the last id."),
                Err(RecvError::Closed) => break status(&stopping()),
            }
        };
        Err(why)?;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::{StreamExt, executor::block_on};
    use tokio::sync::broadcast;
    use tonic::Code;
    use wire::RecordName;

    use super::*;
    use crate::live::{Event, EventId};

    /// A heartbeat at this position.
    fn at(position: u64) -> Arc<Event> {
        let judged_on = LocalDate::new(2023, 1, 3).unwrap();
        Event::position(EventId { fold_version: 1, judged_on, position: Position(position), record: RecordName(0xaa) })
    }

    /// The ids and the code of all that is sent, when this has been told meanwhile and then the portal stops.
    fn sent(backlog: usize, messages: Vec<Message>, may_look: bool) -> (Vec<String>, Code) {
        let (sender, receiver) = broadcast::channel(backlog);
        let subscription = Subscription::uncounted(at(1), receiver);
        for message in messages {
            sender.send(message).unwrap();
        }
        drop(sender);
        let mut all: Vec<_> = block_on(told(subscription, move || may_look).collect());
        let end = all.pop().unwrap().unwrap_err();
        (all.into_iter().map(|message| message.unwrap().id).collect(), end.code())
    }

    #[test]
    fn a_stream_ends_with_the_reason_that_the_server_sent_events_end_with() {
        let heard = || vec![Message::Changed(at(2)), Message::Heartbeat(at(3))];
        let ids = |last: u64| (1..=last).map(|n| format!("1.20230103-{n}-00000000000000aa")).collect::<Vec<_>>();
        assert_eq!(sent(4, heard(), true), (ids(3), Code::Unavailable));
        assert_eq!(sent(4, heard(), false), (ids(1), Code::Unauthenticated));
        let five = (0..5).map(|_| Message::Changed(at(2))).collect();
        assert_eq!(sent(4, five, true), (ids(1), Code::Aborted));
    }
}
