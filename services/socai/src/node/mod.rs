//! Wires a node: opens the backends, brings the ledger to its beginning, starts the roles in order, and stops them by one token.

mod access;
mod beside;
mod demo;
mod genesis;
mod last_seen;
mod owner;
mod ready;
mod remote;
mod serve;
mod sources;
mod telemetry;
mod token_file;

use std::{io, net::SocketAddr, sync::Arc};

use anyhow::Context;
use journal::{ExamineError, Executor, ExecutorConfig, Live, NotNow, SharedJournal, Watchdog};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

pub use access::Issued;
pub(crate) use last_seen::{LAST_SEEN, LastSeen};
pub use owner::Owner;
pub use serve::DRAIN_MAX;

use self::{
    genesis::{Genesis, Ledger},
    serve::{Backends, Roles},
};
use crate::{
    demonstration::Demonstration,
    settings::{Role, Settings},
};

/// A running node. Dropping it does not stop it; `stop` does, and `wait` waits for its end.
pub struct Node {
    pub address: SocketAddr,
    /// Tokens that this start has made or found again; the only time that they are shown.
    pub issued: Vec<Issued>,
    /// Its figures are for show.
    pub is_demonstration: bool,
    /// Which of ours it holds.
    pub demonstration: Option<Demonstration>,
    /// Why commands are refused, if they are.
    pub refusing: Option<NotNow>,
    pub journal: SharedJournal,
    stop: CancellationToken,
    parts: JoinSet<anyhow::Result<&'static str>>,
    _owner: Option<Owner>,
}

impl Node {
    /// Starts what the settings say. HTTP answers when this returns.
    ///
    /// # Errors
    /// A backend that cannot be opened, an address that cannot be taken, or a ledger that does not fit the settings.
    pub async fn start(settings: &Settings, stop: CancellationToken) -> anyhow::Result<Self> {
        let owner = needs_folder(settings).then(|| Owner::take(&settings.data)).transpose()?;
        let listener = listen(&settings.listen).await?;
        let address = listener.local_addr().context("failed to read the address that was taken")?;
        let journal = open_journal(settings).await?;
        let ledger = Ledger::of(&journal, settings, &stop).await?;
        let live = Arc::new(Live::new(ledger.clock(settings)));
        let mut parts = JoinSet::new();
        watch(&mut parts, &live, &journal, owner.as_ref(), &stop).await?;
        spawn_live(&mut parts, &live, &journal, &stop);
        let executor = Arc::new(Executor::new(ExecutorConfig::default(), journal.clone(), live.clone()));
        let issued = match &owner {
            Some(owner) if settings.plays(Role::Intake) => begin(&executor, &ledger, owner, settings).await?,
            _ => Vec::new(),
        };
        let backends = Backends { journal: journal.clone(), live: live.clone(), executor };
        Roles::new(settings, backends, &mut parts, stop.clone()).start(listener).await?;
        let (refusing, demonstration) = (live.stamp().err(), ledger.demonstration);
        let is_demonstration = ledger.is_demonstration();
        Ok(Self { address, issued, is_demonstration, demonstration, refusing, journal, stop, parts, _owner: owner })
    }

    /// Waits until every part has ended. The first that fails stops the others.
    ///
    /// # Errors
    /// Why the first part failed.
    pub async fn wait(mut self) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        while let Some(ended) = self.parts.join_next().await {
            let ended = ended.context("a part of the node has panicked").and_then(|result| result);
            match ended {
                Ok(name) if !self.stop.is_cancelled() => {
                    outcome = outcome.and(Err(anyhow::anyhow!("{name} has ended by itself")));
                }
                Ok(_) => {}
                Err(error) => outcome = outcome.and(Err(error)),
            }
            self.stop.cancel();
        }
        outcome
    }

    /// Stops every part, and waits for their end.
    ///
    /// # Errors
    /// Why a part failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.wait().await
    }
}

/// Whatever writes to the folder needs it for itself: embedded backends, and intake, which keeps the first token there.
fn needs_folder(settings: &Settings) -> bool {
    let embedded = |url: String| url.starts_with("sqlite:");
    embedded(settings.journal_url()) || embedded(settings.views_url()) || settings.plays(Role::Intake)
}

async fn listen(address: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let what = match error.kind() {
            io::ErrorKind::AddrInUse => "; the port is in use: `socai doctor` knows more",
            _ => "",
        };
        anyhow::Error::from(error).context(format!("failed to listen on {address}{what}"))
    })
}

/// Opens the journal that the settings name.
///
/// # Errors
/// When it cannot be opened; the cause says what to do.
pub(crate) async fn open_journal(settings: &Settings) -> anyhow::Result<SharedJournal> {
    journal::open(&settings.journal_url(), journal::Options::default()).await.context("failed to open the journal")
}

/// Opens the journal that the settings name to read only, also while a node owns it.
///
/// # Errors
/// When it is not there or cannot be opened.
pub(crate) async fn open_to_read(settings: &Settings) -> anyhow::Result<SharedJournal> {
    let options = journal::Options { to_read: true, ..journal::Options::default() };
    journal::open(&settings.journal_url(), options).await.context("failed to open the journal")
}

/// Looks whether the ledger is the one that this folder has seen, and goes on looking while the node runs.
async fn watch(
    parts: &mut JoinSet<anyhow::Result<&'static str>>,
    live: &Arc<Live>,
    journal: &SharedJournal,
    owner: Option<&Owner>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut last_seen = owner.map(|owner| LastSeen::read(owner.last_seen_file())).transpose()?;
    let seen = last_seen.as_ref().and_then(LastSeen::seen);
    let went_to = last_seen.as_ref().map(LastSeen::went_to).unwrap_or_default();
    let mut watchdog = Watchdog::new(journal.clone(), live.clone(), seen).that_went_to(went_to);
    if let Err(error) = watchdog.look().await {
        let what = match (&error, &last_seen) {
            (ExamineError::Unavailable(_), _) => {
                "the ledger cannot be examined; start again when the journal answers".to_owned()
            }
            (ExamineError::Lost { .. }, Some(last_seen)) if seen.is_some() => format!(
                "the ledger does not fit what this data folder has seen; if a backup was restored on purpose, remove {}",
                last_seen.file().display()
            ),
            _ => "the ledger cannot be relied upon".to_owned(),
        };
        return Err(anyhow::Error::from(error).context(what));
    }
    let stop = stop.clone();
    parts.spawn(async move {
        let keep = |keep| last_seen.iter_mut().for_each(|last_seen| last_seen.keep(keep));
        watchdog.run(stop, keep).await.context("the ledger cannot be relied upon").map(|()| "watching the ledger")
    });
    Ok(())
}

fn spawn_live(
    parts: &mut JoinSet<anyhow::Result<&'static str>>,
    live: &Arc<Live>,
    journal: &SharedJournal,
    stop: &CancellationToken,
) {
    let (live, journal, stop) = (live.clone(), journal.clone(), stop.clone());
    parts.spawn(async move {
        live.run(journal, stop).await.context("following the ledger failed").map(|()| "following the ledger")
    });
}

/// Brings an empty ledger to its beginning, and hands out the first tokens.
async fn begin(
    executor: &Executor,
    ledger: &Ledger,
    owner: &Owner,
    settings: &Settings,
) -> anyhow::Result<Vec<Issued>> {
    let live = executor.live();
    let tip = executor.journal().tip().await.context("failed to ask the journal for its last position")?;
    if !live.reached(tip).await {
        return Ok(Vec::new());
    }
    if matches!(live.stamp(), Err(NotNow::Moved { .. } | NotNow::Unfinished)) {
        return Ok(Vec::new());
    }
    match (&ledger.genesis, &ledger.clock) {
        (Genesis::Begin, _) => access::open_ledger(executor, &settings.ledger_to_begin()).await?,
        (Genesis::Demonstrate(demo), Some(clock)) => {
            demo::load(*demo, executor, clock).await?;
            clock.release();
        }
        _ => {}
    }
    access::ensure(executor, owner, ledger.demonstration).await
}
