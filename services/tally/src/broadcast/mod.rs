//! The last value of every cell on NATS, so that any client of it gets what stands and then what changes, by NATS alone.
//!
//! Laws: a value is of a committed position; an older value never goes over a newer one, whoever sends it and whenever, since each subject is
//! guarded by the sequence that was last seen there; `position` is told after all cells up to it. Several processes may do this at once, but
//! never two fold versions in turns: whoever tells goes on, and one that folds otherwise waits until nothing is told any more.

mod shown;
mod value;

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use domain::{
    PeriodKey, Position, ProgrammeKey, Reference,
    fold::{PeriodTally, TallyQuery},
};
use journal::{
    Live, Options, SharedJournal,
    nats::{Names, NatsServers},
};
use sha2::{Digest, Sha256};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use views::{Reached, State};

use self::{
    shown::{Failed, Shown},
    value::UpTo,
};
use crate::{FOLD_VERSION, SharedIndex};

/// Between two rounds at least; and a round's own time three times over, so that this never takes more than a quarter of a processor.
const REST: Duration = Duration::from_millis(50);
/// While nothing is recorded: a new day may change what is due, and the stream may have been lost.
const LOOK_EVERY: Duration = Duration::from_secs(30);
const RETRY: Duration = Duration::from_secs(2);
const RETRY_AFTER_CONFLICT: Duration = Duration::from_millis(500);
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Another fold version tells no more when it has not come so far in this time; it looks twice meanwhile, also while nothing is recorded.
const SILENCE: Duration = LOOK_EVERY.saturating_mul(2);

/// How telling goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellsTold {
    /// Another process tells, or there is nothing to tell yet.
    NotHere,
    UpTo(Position),
    /// It is tried again.
    Failing {
        why: String,
    },
}

/// Tells what the index knows to the ledger's NATS servers.
pub struct Broadcast {
    index: SharedIndex,
    /// Of the view: one that is in reserve tells nothing.
    reached: Reached,
    live: Arc<Live>,
    journal: SharedJournal,
    fold_version: u32,
    silence: Duration,
    going: watch::Sender<CellsTold>,
}

/// A position that is committed, and the reference data as of it.
struct Point {
    position: Position,
    reference: Arc<Reference>,
}

type Tallies = BTreeMap<(ProgrammeKey, PeriodKey), PeriodTally>;

impl Broadcast {
    pub fn new(index: SharedIndex, reached: Reached, live: Arc<Live>, journal: SharedJournal) -> Self {
        let going = watch::Sender::new(CellsTold::NotHere);
        Self { index, reached, live, journal, fold_version: FOLD_VERSION, silence: SILENCE, going }
    }

    /// How telling goes, at any time.
    pub fn going(&self) -> watch::Receiver<CellsTold> {
        self.going.subscribe()
    }

    /// As a program of another fold version tells, and with another patience for those of a third.
    #[must_use]
    pub fn of_version(self, fold_version: u32, silence: Duration) -> Self {
        Self { fold_version, silence, ..self }
    }

    /// Until `stop`, at the servers that the URL names. What fails is tried again; the tally itself does not depend on it.
    pub async fn run(self, url: String, stop: CancellationToken) {
        // It ends by the stop only.
        let _stopped = stop.run_until_cancelled(Box::pin(self.tell_for_ever(&url))).await;
    }

    async fn tell_for_ever(&self, url: &str) {
        let mut servers = None;
        loop {
            let ended = self.tell(url, &mut servers).await.err();
            sleep(match ended {
                Some(Failed::Overtaken) => RETRY_AFTER_CONFLICT,
                Some(Failed::Behind) | None => {
                    self.going.send_replace(CellsTold::NotHere);
                    RETRY
                }
                Some(Failed::Told(why)) => {
                    let why = format!("{why:#}");
                    tracing::warn!(error = why, "cells are not told on NATS at the moment");
                    self.going.send_replace(CellsTold::Failing { why });
                    RETRY
                }
            })
            .await;
        }
    }

    /// Ends only by failing. The connection outlives that.
    async fn tell(&self, url: &str, servers: &mut Option<NatsServers>) -> Result<(), Failed> {
        let servers = match servers {
            Some(connected) => connected,
            None => servers.insert(NatsServers::connect(url, &Options::default()).await.map_err(Failed::told)?),
        };
        // Whoever writes the rows tells; the guard holds as well when two believe that they do.
        let mut status = self.reached.subscribe();
        status.wait_for(|now| now.state == State::Following).await.map_err(Failed::told)?;
        let mut shown = self.alone(Shown::read(servers).await?, servers).await?;
        self.come_to(&shown, &servers.names).await?;
        let (mut told, mut moves) = (Tallies::new(), self.index.positions());
        loop {
            moves.mark_unchanged();
            let begun = Instant::now();
            told = self.round(&servers.names, &mut shown, told).await?;
            sleep(REST.max(begun.elapsed() * 3)).await;
            if timeout(LOOK_EVERY, moves.changed()).await.is_err() {
                shown.is_as_left().await?;
            }
            if self.reached.status().state != State::Following {
                return Err(Failed::Behind);
            }
        }
    }

    /// Waits until nobody tells what another fold version gives.
    async fn alone(&self, shown: Shown, servers: &NatsServers) -> Result<Shown, Failed> {
        let other = |shown: &Shown| {
            let told = shown.get(&servers.names.cells_position()).and_then(UpTo::parse);
            told.filter(|told| told.fold_version != self.fold_version)
        };
        if other(&shown).is_none() {
            return Ok(shown);
        }
        let (position, day) = (self.index.position(), self.live.now().local_date());
        sleep(self.silence).await;
        let shown = Shown::read(servers).await?;
        match other(&shown) {
            // Told by somebody who is there, of this ledger.
            Some(told)
                if told.position >= position
                    && told.judged_on >= day
                    && self.sha256_at(told.position).await? == Some(told.sha256) =>
            {
                Err(Failed::Behind)
            }
            _ => Ok(shown),
        }
    }

    /// Waits until this process knows as much as was told already. What was told of a ledger that is not this one is told anew.
    async fn come_to(&self, shown: &Shown, names: &Names) -> Result<(), Failed> {
        let Some(told) = shown.get(&names.cells_position()).and_then(UpTo::parse) else { return Ok(()) };
        let found = self.sha256_at(told.position).await?;
        // Absence may be a server's that has not caught up: only a ledger that this process has seen to its end lacks it.
        if found.is_none() && self.journal.tip().await.map_err(Failed::told)? > self.index.position() {
            return Err(Failed::Behind);
        }
        if found != Some(told.sha256) {
            tracing::warn!(position = %told.position, "the cells on NATS are of another ledger; they are told anew");
            return Ok(());
        }
        match self.index.reached(told.position, WAIT_MAX).await {
            Ok(()) => Ok(()),
            Err(_) => Err(Failed::Behind),
        }
    }

    /// Tells what differs from what is shown, then up to where that is.
    async fn round(&self, names: &Names, shown: &mut Shown, told: Tallies) -> Result<Tallies, Failed> {
        let point = self.point().await?;
        if point.position == Position::START {
            return Ok(told);
        }
        let now = self.tallies(&point);
        let mut values: BTreeMap<String, Bytes> = BTreeMap::new();
        if told.is_empty() {
            // What another process told and is no more; everything else follows.
            let there = |subject: &&str| {
                *subject != names.cells_position() && !shown.get(subject).is_some_and(value::is_nothing)
            };
            let cells = shown.subjects().into_iter().filter(there);
            values.extend(cells.map(|subject| (subject.to_owned(), value::nothing(point.position))));
        }
        values
            .extend(now.iter().flat_map(|(of, tally)| value::changed((names, self.fold_version), told.get(of), tally)));
        shown.tell(values).await?;
        points::Point::CellsTold.pass();
        let sha256 = self.sha256_at(point.position).await?.ok_or(Failed::Behind)?;
        let up_to = UpTo {
            position: point.position,
            fold_version: self.fold_version,
            judged_on: self.live.now().local_date(),
            sha256,
        };
        shown.tell([(names.cells_position(), up_to.bytes())]).await?;
        self.going.send_replace(CellsTold::UpTo(point.position));
        Ok(now)
    }

    /// The last committed position to which the reference data is known as it was.
    async fn point(&self) -> Result<Point, Failed> {
        loop {
            let position = self.index.position();
            if !self.live.reached(position).await {
                return Err(Failed::Behind);
            }
            let reference = self.live.reference();
            if reference.position <= position {
                return Ok(Point { position, reference });
            }
            // Reference data that is younger: the index comes to it in a moment.
            self.index.reached(reference.position, WAIT_MAX).await.map_err(|_| Failed::Behind)?;
        }
    }

    fn tallies(&self, point: &Point) -> Tallies {
        let today = self.live.now().local_date();
        let mut all = Tallies::new();
        for ((programme, period), opened) in point.reference.periods.iter() {
            let Some(opened) = opened.opened() else { continue };
            let query = TallyQuery {
                programme: programme.clone(),
                period: period.clone(),
                valid: opened.nearest(today),
                judged_on: today,
                known: Some(point.position),
            };
            // A period of a programme that is not established yet has no cells.
            if let Ok(tally) = self.index.tally(&point.reference, &query) {
                all.insert((programme.clone(), period.clone()), tally);
            }
        }
        all
    }

    async fn sha256_at(&self, position: Position) -> Result<Option<[u8; 32]>, Failed> {
        let before = Position(position.0.saturating_sub(1));
        let found = self.journal.read(before, 1, &[]).await.map_err(Failed::told)?;
        Ok(found.first().filter(|stored| stored.position == position).map(|stored| Sha256::digest(&stored.body).into()))
    }
}
