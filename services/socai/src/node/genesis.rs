//! Which ledger this is, and so which clock it runs on: the machine's, or that of a demonstration.

use std::sync::Arc;

use anyhow::{Context, bail};
use domain::{EventBody, Kind, Position, Record, Timestamp};
use futures::StreamExt;
use journal::{Followed, LedgerClock, SharedJournal};
use kit::{Clock, ScriptedClock, SystemClock};
use tokio_util::sync::CancellationToken;

use crate::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};

/// What the ledger needs before its roles can start.
pub(super) enum Genesis {
    /// It runs.
    Open,
    /// It is empty, and this process opens it.
    Begin,
    /// It is empty or was interrupted while loading, and this process loads the demonstration.
    Demonstrate(Demonstration),
}

/// A ledger's time, and what it needs to begin.
pub(super) struct Ledger {
    pub(super) genesis: Genesis,
    /// Which of ours it holds, or is to hold.
    pub(super) demonstration: Option<Demonstration>,
    pub(super) clock: Option<Arc<ScriptedClock>>,
}

impl Ledger {
    /// Also one that was made elsewhere: only demonstrations have a scripted clock.
    pub(super) const fn is_demonstration(&self) -> bool {
        self.clock.is_some()
    }

    /// Looks at what the journal holds. A process without intake waits for another one to open the ledger.
    pub(super) async fn of(
        journal: &SharedJournal,
        settings: &Settings,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let tip = journal.tip().await.context("failed to ask the journal for its last position")?;
        if tip == Position::START {
            let examined = journal.examine().await.context("failed to ask what the journal is")?;
            if settings.plays(Role::Intake) && examined.sealed.is_none() {
                settings.demo.map_or(Ok(()), |demo| settings.check_demonstration(demo))?;
                return Ok(Self::empty(settings.demo));
            }
            first_record(journal, stop).await?;
        }
        let first = read(journal, Position::START).await?;
        settings.check_ledger(&first)?;
        let Some(demonstration) = demonstration_of(&first) else {
            if settings.demo.is_some() {
                bail!(
                    "the demonstration loads into an empty ledger only, and this one holds {tip} records; give --data another folder"
                );
            }
            return Ok(Self { genesis: Genesis::Open, demonstration: None, clock: None });
        };
        if let Some(wanted) = settings.demo.filter(|wanted| Some(*wanted) != demonstration) {
            let held = demonstration.map_or_else(|| "of somebody else".to_owned(), |held| held.to_string());
            bail!(
                "this ledger holds the demonstration {held}, not {wanted}; give --data another folder, or leave out --demo"
            );
        }
        let tip = journal.tip().await.context("failed to ask the journal for its last position")?;
        // One that this version cannot read stops whoever follows, and is told of there; the clock then runs on from what can be read.
        let last = read(journal, Position(tip.0 - 1)).await.map_or(first.recorded_at, |last| last.recorded_at);
        let interrupted = demonstration.filter(|demo| settings.plays(Role::Intake) && tip.0 < demo.records());
        let clock = ScriptedClock::new(last);
        if interrupted.is_none() {
            clock.release();
        }
        let genesis = interrupted.map_or(Genesis::Open, Genesis::Demonstrate);
        Ok(Self { genesis, demonstration, clock: Some(Arc::new(clock)) })
    }

    fn empty(demo: Option<Demonstration>) -> Self {
        let clock = demo.map(|_| Arc::new(ScriptedClock::new(Timestamp(0))));
        Self { genesis: demo.map_or(Genesis::Begin, Genesis::Demonstrate), demonstration: demo, clock }
    }

    /// The ledger's time, for whoever stamps and judges.
    pub(super) fn clock(&self, settings: &Settings) -> LedgerClock {
        match self.clock.clone() {
            Some(scripted) => LedgerClock::scripted(Arc::new(move || scripted.now())),
            None => LedgerClock::checked(Arc::new(|| SystemClock.now()), settings.clock_confirmed),
        }
    }
}

/// Which demonstration a ledger is, if its first record says that it is one; none of ours if it was made elsewhere.
fn demonstration_of(first: &Record) -> Option<Option<Demonstration>> {
    first.events.iter().find_map(|event| match &event.body {
        EventBody::LedgerOpened { name, demonstration: true, .. } => Some(Demonstration::named(name)),
        _ => None,
    })
}

async fn first_record(journal: &SharedJournal, stop: &CancellationToken) -> anyhow::Result<()> {
    tracing::warn!(
        "the ledger is empty; waiting for a process with the role intake to open it, or for what is copied to it"
    );
    let mut records = journal.follow(Position::START, &[Kind::Ledger]);
    loop {
        let next = tokio::select! {
            next = records.next() => next,
            () = stop.cancelled() => bail!("stopped before the ledger was opened"),
        };
        match next.context("the journal ended")?? {
            Followed::Record(_) => return Ok(()),
            Followed::UpTo(_) => {}
        }
    }
}

async fn read(journal: &SharedJournal, after: Position) -> anyhow::Result<Record> {
    let found = journal
        .read(after, 1, &[])
        .await
        .with_context(|| format!("failed to read the record after position {after}"))?;
    let stored = found.first().with_context(|| format!("there is no record after position {after}"))?;
    wire::decode(&stored.body).with_context(|| format!("failed to decode the record at position {}", stored.position))
}
