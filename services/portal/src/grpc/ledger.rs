//! `LedgerService`: the records as they are stored, from the past into the present.

use std::pin::Pin;

use async_stream::try_stream;
use bytes::Bytes;
use domain::{Kind, Position};
use futures::{Stream, StreamExt, stream::BoxStream};
use journal::{Followed, ReadError, Stored};
use kit::{
    Problem,
    grpc::{caller, status},
    http::{Caller, not_valid},
};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, async_trait};
use wire::proto::{
    ledger::v1::{FollowRequest, FollowResponse, FollowedRecord, follow_response},
    record::v1::Record,
};

use super::{stopping, stubs::ledger::ledger_service_server::LedgerService};
use crate::{
    Portal,
    answers::{beyond, decoded, read_problem},
    api::wrong_parameter,
    live::{Counted, Holder},
    scope::Scope,
};

pub(super) struct Ledger(pub(super) Portal);

#[async_trait]
impl LedgerService for Ledger {
    type FollowStream = Pin<Box<dyn Stream<Item = Result<FollowResponse, Status>> + Send>>;

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Self::FollowStream>, Status> {
        let caller = caller(&request, self.0.deps.identify.as_ref())?;
        let follower = Follower::begin(&self.0, caller, request.into_inner()).await;
        Ok(Response::new(Box::pin(follower.map_err(|problem| status(&problem))?.told())))
    }
}

/// Who follows the ledger. Records are read as fast as they are taken; nothing waits for a slow one but its own place.
struct Follower {
    portal: Portal,
    caller: Caller,
    scope: Scope,
    decode: bool,
    records: BoxStream<'static, Result<Followed, ReadError>>,
    /// Everything up to it has been looked at.
    seen: Position,
    /// What the follower knows of that.
    told: Position,
    beat: Interval,
    stop: CancellationToken,
    _counted: Counted,
}

/// Most records that are passed over without a word, since they belong to other offices.
const SILENT_MAX: u64 = 1_000;

enum Next {
    Stop,
    /// A moment at which it is also checked that the follower may still look.
    Beat,
    Followed(Option<Result<Followed, ReadError>>),
    /// Nothing more at once.
    Quiet,
}

impl Follower {
    async fn begin(portal: &Portal, caller: Caller, request: FollowRequest) -> Result<Self, Problem> {
        let kinds = kinds(&request.kinds)?;
        let after = Position(request.after);
        let journal = &portal.deps.journal;
        let tip = journal.tip().await.map_err(|error| read_problem(&error))?;
        if after > tip {
            return Err(beyond(after, tip));
        }
        let stop = portal.hub.closed();
        if stop.is_cancelled() {
            return Err(stopping());
        }
        let counted = portal.hub.count_in(Holder::Follower)?;
        let every = portal.config.heartbeat;
        let mut beat = interval_at(Instant::now() + every, every);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        Ok(Self {
            scope: portal.scope(&caller.identity.actor),
            decode: request.decode,
            records: journal.follow(after, &kinds),
            seen: after,
            told: after,
            beat,
            stop,
            portal: portal.clone(),
            caller,
            _counted: counted,
        })
    }

    /// All that the follower is sent, until it may not look any more or the portal stops.
    fn told(mut self) -> impl Stream<Item = Result<FollowResponse, Status>> {
        try_stream! {
            loop {
                let next = self.next().await;
                let message = self.message(next).await.map_err(|problem| status(&problem))?;
                if let Some(message) = message {
                    self.told = self.seen;
                    yield message;
                }
            }
        }
    }

    async fn next(&mut self) -> Next {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Next::Stop,
            _ = self.beat.tick() => Next::Beat,
            followed = self.records.next() => Next::Followed(followed),
            () = std::future::ready(()), if self.told < self.seen => Next::Quiet,
        }
    }

    async fn message(&mut self, next: Next) -> Result<Option<FollowResponse>, Problem> {
        match next {
            Next::Stop | Next::Followed(None) => return Err(stopping()),
            Next::Beat => {
                let identity = self.portal.identify(&self.caller.bearer).ok_or_else(not_valid)?;
                self.scope = self.portal.scope(&identity.actor);
            }
            Next::Followed(Some(followed)) => match followed.map_err(|error| read_problem(&error))? {
                Followed::Record(stored) => {
                    self.portal.identify(&self.caller.bearer).ok_or_else(not_valid)?;
                    self.seen = stored.position;
                    if self.may_see(&stored).await? {
                        return self.record(stored).map(Some);
                    }
                    if self.seen.0 - self.told.0 < SILENT_MAX {
                        return Ok(None);
                    }
                }
                Followed::UpTo(position) => self.seen = self.seen.max(position),
            },
            Next::Quiet => {}
        }
        Ok(Some(FollowResponse { followed: Some(follow_response::Followed::UpTo(self.seen.0)) }))
    }

    /// As `GET /v1/records` shows it or not, judged by the structure up to the record at least.
    async fn may_see(&mut self, stored: &Stored) -> Result<bool, Problem> {
        if self.scope == Scope::All {
            return Ok(true);
        }
        let record = decoded(stored).map_err(|error| read_problem(&error))?;
        let reached = self.portal.deps.live.reached(stored.position);
        if tokio::time::timeout(self.portal.config.min_position_wait, reached).await != Ok(true) {
            return Err(self.portal.not_followed(stored.position));
        }
        Ok(self.scope.sees(&self.portal.reference().structure, &record, self.portal.today()))
    }

    fn record(&self, stored: Stored) -> Result<FollowResponse, Problem> {
        let record = FollowedRecord {
            position: stored.position.0,
            stream_kind: wire::kind_number(stored.stream.kind),
            stream_id: Bytes::copy_from_slice(stored.stream.id.as_bytes()),
            decoded: if self.decode { Some(readable(&stored)?) } else { None },
            body: stored.body,
        };
        Ok(FollowResponse { followed: Some(follow_response::Followed::Record(record)) })
    }
}

/// The message in the body, unless this version does not know all of it.
fn readable(stored: &Stored) -> Result<Record, Problem> {
    decoded(stored).map_err(|error| read_problem(&error))?;
    <Record as prost::Message>::decode(stored.body.clone())
        .map_err(|error| read_problem(&ReadError::Damaged { position: stored.position, what: error.to_string() }))
}

fn kinds(numbers: &[i32]) -> Result<Vec<Kind>, Problem> {
    let wrong = || {
        wrong_parameter("kinds", "có loại mà phiên bản này không biết", "this version does not know one of the kinds")
    };
    numbers.iter().map(|number| wire::kind_from_number(*number).ok_or_else(wrong)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_by_their_numbers() {
        assert_eq!(kinds(&[2, 11]).unwrap(), [Kind::Structure, Kind::Access]);
        for unknown in [0, 99] {
            let problem = kinds(&[1, unknown]).unwrap_err();
            assert_eq!((problem.slug(), problem.errors[0].pointer.as_str()), ("invalid-query", "/kinds"));
        }
    }
}
