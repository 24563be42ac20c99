//! Starts the roles in order: intake, tally, audit, portal; and one HTTP server for what they answer.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use audit::AuditReader;
use axum::Router;
use domain::Position;
use intake::Intake;
use journal::{Executor, Live, SharedJournal, nats::NatsServers};
use kit::{
    CommandPort,
    grpc::{health, reflection},
    http::{Check, Limits, health_routes, serve, watched},
};
use portal::{Deps, Directory, Portal};
use tally::{Broadcast, Tally, TallyReader};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use views::{Reached, Store, StoreReader};

use super::{
    beside,
    ready::{
        FollowedAsFar, Follows, JournalAnswers, MayRecord, StillAnswers, TakesCommands, TellsCells, ViewFollows,
        ViewIsRead,
    },
    remote::RemoteIntake,
    sources::{Tallies, Trail},
    telemetry,
};
use crate::settings::{Role, Settings};

/// What the roles of one process share.
pub(super) struct Backends {
    pub(super) journal: SharedJournal,
    pub(super) live: Arc<Live>,
    pub(super) executor: Arc<Executor>,
}

/// How long a start waits for its views.
const CATCH_UP_MAX: Duration = Duration::from_secs(20);
/// How often an intake that could not read the whole ledger tries again.
const OPEN_AGAIN_EVERY: Duration = Duration::from_secs(1);

/// How long a stop waits for those who are being answered; whoever stops a process gives it more.
pub const DRAIN_MAX: Duration = Duration::from_secs(8);

type Part = anyhow::Result<&'static str>;

/// A process in the making.
pub(super) struct Roles<'a> {
    settings: &'a Settings,
    backends: Backends,
    parts: &'a mut JoinSet<Part>,
    stop: CancellationToken,
    router: Router,
    checks: Vec<Arc<dyn Check>>,
    /// Services of gRPC that this process has, beside health and reflection.
    services: Vec<&'static str>,
    /// What a browser is shown where there is nothing.
    nowhere: Option<Router>,
    /// Views that this process folds.
    folded: Vec<Reached>,
}

impl<'a> Roles<'a> {
    pub(super) fn new(
        settings: &'a Settings,
        backends: Backends,
        parts: &'a mut JoinSet<Part>,
        stop: CancellationToken,
    ) -> Self {
        let (journal, live) = (JournalAnswers(backends.journal.clone()), backends.live.clone());
        let only_reads = ![Role::Intake, Role::Tally, Role::Audit].into_iter().any(|role| settings.plays(role));
        let checks: Vec<Arc<dyn Check>> = match only_reads {
            true => vec![Arc::new(StillAnswers::once_ready(journal)), Arc::new(FollowedAsFar(live))],
            false => vec![Arc::new(journal), Arc::new(Follows(live))],
        };
        Self {
            settings,
            backends,
            parts,
            stop,
            router: Router::new(),
            checks,
            services: Vec::new(),
            nowhere: None,
            folded: Vec::new(),
        }
    }

    /// Starts every role of the settings, then HTTP.
    pub(super) async fn start(mut self, listener: TcpListener) -> anyhow::Result<()> {
        let intake = if self.settings.plays(Role::Intake) { Some(self.intake().await?) } else { None };
        let folds = self.settings.plays(Role::Tally) || self.settings.plays(Role::Audit);
        if folds || self.settings.plays(Role::Portal) {
            self.views(folds, intake).await?;
        }
        let tip = self.backends.journal.tip().await.context("failed to ask the journal for its last position")?;
        // Who asks earlier would be told that their token is unknown.
        if !self.backends.live.reached(tip).await {
            tracing::error!("answering with what was followed before a record that cannot be read");
        }
        let folded = std::mem::take(&mut self.folded);
        self.serve(listener)?;
        catch_up(&folded, tip).await;
        Ok(())
    }

    async fn intake(&mut self) -> anyhow::Result<Intake> {
        let executor = &self.backends.executor;
        let intake = Intake::new(intake::Config::default(), executor.clone(), executor.live().clone());
        self.router = std::mem::take(&mut self.router).merge(intake.router());
        self.checks.push(Arc::new(TakesCommands(intake.clone())));
        self.checks.push(Arc::new(MayRecord(executor.live().clone())));
        let opened = intake.open().await.inspect_err(|error| tracing::error!(%error, "no commands are taken yet"));
        let (running, stop) = (intake.clone(), self.stop.clone());
        self.spawn("intake", async move {
            if opened.is_err() {
                stop.run_until_cancelled(open_at_last(&running)).await;
            }
            running.run(stop).await;
        });
        if let Some(url) = self.settings.commands_url() {
            self.spawn("commands over NATS", beside::take_commands(intake.clone(), url, self.stop.clone()));
        }
        Ok(intake)
    }

    /// Who folds makes the tables that are missing; who only reads needs no right to.
    async fn views(&mut self, folds: bool, intake: Option<Intake>) -> anyhow::Result<()> {
        let url = self.settings.views_url();
        let store = if folds { Some(Store::open(&url).await.context("failed to open the views")?) } else { None };
        let reader = match &store {
            Some(store) => store.reader(),
            None => StoreReader::open(&url).await.context("failed to open the views")?,
        };
        let to_fold = |role| store.as_ref().filter(|_| self.settings.plays(role));
        let (tally, trail) = (to_fold(Role::Tally), to_fold(Role::Audit));
        let tallies = tally.map(|store| self.tally(store));
        let reached = trail.map(|store| self.audit(store));
        if self.settings.plays(Role::Portal) {
            let tallies = tallies.unwrap_or_else(|| self.read_tally(&reader));
            let trail = self.read_trail(&reader, reached);
            self.portal(tallies, trail, intake).await?;
        }
        Ok(())
    }

    /// The facts in memory, folded here.
    fn tally(&mut self, store: &Store) -> Tallies {
        let tally = Tally::new(store.clone(), self.backends.journal.clone());
        let (index, stop) = (tally.index(), self.stop.clone());
        let reached = tally.reached();
        self.folds(reached.clone());
        self.spawn("tally", async move { tally.run(stop).await });
        let (url, Backends { journal, live, .. }) = (self.settings.journal_url(), &self.backends);
        if NatsServers::are_named_by(&url) {
            let broadcast = Broadcast::new(index.clone(), reached.clone(), live.clone(), journal.clone());
            self.checks.push(Arc::new(TellsCells(broadcast.going())));
            self.spawn("cells on NATS", broadcast.run(url, self.stop.clone()));
        }
        Tallies { index, reached: Some(reached) }
    }

    /// The facts in memory, read along from the rows that another process writes.
    fn read_tally(&mut self, reader: &StoreReader) -> Tallies {
        let tally = TallyReader::new(reader.clone(), self.backends.journal.clone());
        let (index, stop) = (tally.index(), self.stop.clone());
        self.checks.push(Arc::new(ViewIsRead::into(index.clone(), reader.clone(), tally::SCHEMA)));
        self.spawn("tally reader", async move { tally.run(stop).await });
        Tallies { index, reached: None }
    }

    /// The rows of the trail, read by each question.
    fn read_trail(&mut self, reader: &StoreReader, reached: Option<Reached>) -> Trail {
        let trail = Arc::new(AuditReader::new(reader.clone(), self.backends.journal.clone()));
        if reached.is_none() {
            self.checks.push(Arc::new(ViewIsRead::by_each_question(trail.clone(), reader.clone(), audit::SCHEMA)));
        }
        Trail { reader: trail, reached }
    }

    fn audit(&mut self, store: &Store) -> Reached {
        let trail = audit::Trail::new(store.clone(), self.backends.journal.clone());
        let (reached, stop) = (trail.reached(), self.stop.clone());
        self.folds(reached.clone());
        self.spawn("audit", async move { trail.run(stop).await });
        reached
    }

    async fn portal(&mut self, tallies: Tallies, trail: Trail, intake: Option<Intake>) -> anyhow::Result<()> {
        let commands: Arc<dyn CommandPort> = match intake {
            Some(intake) => Arc::new(intake),
            None => {
                let remote = RemoteIntake::new(&self.settings.intake_url)?;
                self.router = std::mem::take(&mut self.router).merge(remote.router());
                Arc::new(remote)
            }
        };
        let deps = Deps {
            live: self.backends.live.clone(),
            identify: self.backends.live.clone(),
            journal: self.backends.journal.clone(),
            executor: self.backends.executor.clone(),
            commands,
            tallies: Arc::new(tallies),
            trail: Arc::new(trail),
            directory: Directory::open(&self.settings.directory_url())
                .await
                .context("failed to open the directory of persons")?,
        };
        let portal = Portal::new(portal::Config::default(), deps);
        self.router = std::mem::take(&mut self.router).merge(portal.router());
        self.nowhere = Some(portal.nowhere());
        self.services.extend(portal::GRPC_SERVICES);
        let stop = self.stop.clone();
        self.parts.spawn(async move { portal.run(stop).await.context("the portal failed").map(|()| "portal") });
        Ok(())
    }

    fn folds(&mut self, view: Reached) {
        self.checks.push(Arc::new(ViewFollows(view.clone())));
        self.folded.push(view);
    }

    fn spawn(&mut self, name: &'static str, part: impl Future<Output = ()> + Send + 'static) {
        self.parts.spawn(async move {
            part.await;
            Ok(name)
        });
    }

    /// HTTP and gRPC, at one address.
    fn serve(self, listener: TcpListener) -> anyhow::Result<()> {
        let stop = self.stop;
        let router = self
            .router
            .merge(health(&self.services, &self.checks, stop.clone()))
            .merge(reflection(&self.services, wire::proto::FILE_DESCRIPTOR_SET)?)
            .merge(health_routes(self.checks, telemetry::metrics()));
        self.parts.spawn(async move {
            let limits = Limits { drain: DRAIN_MAX, ..Limits::default() };
            if !serve(listener, watched(router, self.nowhere), stop, limits).await {
                tracing::warn!("stopping although somebody is still being answered");
            }
            Ok("HTTP")
        });
        Ok(())
    }
}

/// Waits a while for the views: who hears that the node has started finds them at the end of the ledger. Whatever does not need them is answered
/// meanwhile; a view that needs longer, or something that cannot go on, does not hold up the others, and `/readyz` tells of it.
async fn catch_up(folded: &[Reached], tip: Position) {
    for view in folded {
        if let Err(behind) = view.wait_for(tip, CATCH_UP_MAX).await {
            tracing::warn!(view = view.name(), %behind, "started before the view has come to the end");
        }
    }
}

/// Tries until the journal answers and everything in it was followed.
async fn open_at_last(intake: &Intake) {
    loop {
        tokio::time::sleep(OPEN_AGAIN_EVERY).await;
        match intake.open().await {
            Ok(()) => return,
            Err(error) => tracing::debug!(%error, "no commands are taken yet"),
        }
    }
}
