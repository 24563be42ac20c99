//! ANSWER. Pages, JSON and live updates of what the ledger says; forms that ask it to record.

mod answers;
mod api;
mod asked;
mod assets;
mod case;
mod cases;
mod columns;
mod directory;
mod effects;
mod grpc;
mod history;
mod live;
mod moment;
mod pages;
mod ports;
mod posting;
mod problems;
mod publications;
mod references;
mod scope;
mod standing;
mod times;
mod words;

use std::{sync::Arc, time::Duration};

use axum::{Router, extract::FromRef};
use domain::{LocalDate, Reference};
use journal::{Executor, Instants, Live, SharedJournal};
use kit::{CommandPort, Identity, http::SharedIdentify};
use tokio_util::sync::CancellationToken;

pub use asked::{Known, NotKnown};
pub use directory::{Directory, DirectoryError, Entry, Person};
pub use grpc::GRPC_SERVICES;
pub use ports::{TallySource, TrailFilter, TrailPage, TrailPlace, TrailSource, ViewStopped};
pub use problems::{ProblemType, problem_types};

/// Limits of the portal.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// How long a query waits for `min_position`.
    pub min_position_wait: Duration,
    /// Most records, rows or lines of one page of JSON.
    pub page_max: usize,
    /// Most live subscribers; more are answered 503.
    pub subscribers_max: usize,
    /// Most followers of the ledger; more are answered 503. Each may hold two batches of records.
    pub followers_max: usize,
    /// Messages that a live subscriber may lag behind before it is dropped.
    pub subscriber_backlog: usize,
    /// Between two `position` events.
    pub heartbeat: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            min_position_wait: Duration::from_secs(5),
            page_max: 1_000,
            subscribers_max: 2_000,
            followers_max: 64,
            subscriber_backlog: 64,
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// What the portal is made of.
pub struct Deps {
    pub live: Arc<Live>,
    pub identify: SharedIdentify,
    pub journal: SharedJournal,
    /// Decides without recording, for previews.
    pub executor: Arc<Executor>,
    pub commands: Arc<dyn CommandPort>,
    pub tallies: Arc<dyn TallySource>,
    pub trail: Arc<dyn TrailSource>,
    pub directory: Directory,
}

/// The role that answers.
#[derive(Clone)]
pub struct Portal {
    config: Config,
    deps: Arc<Deps>,
    times: Arc<times::Times>,
    /// Of positions that were asked about, and are not among the last.
    instants: Arc<Instants>,
    hub: Arc<live::Hub>,
    references: Arc<references::References>,
}

impl FromRef<Portal> for SharedIdentify {
    fn from_ref(portal: &Portal) -> Self {
        portal.deps.identify.clone()
    }
}

impl Portal {
    pub fn new(config: Config, deps: Deps) -> Self {
        let hub = Arc::new(live::Hub::new(config));
        let (times, instants, references) = (Arc::default(), Arc::default(), Arc::default());
        Self { config, deps: Arc::new(deps), times, instants, hub, references }
    }

    /// `/v1/…` but for commands, the pages and what they need, and the services of gRPC. `/healthz` and its like are the process's own.
    pub fn router(&self) -> Router {
        Router::new().merge(api::routes()).merge(pages::routes()).with_state(self.clone()).merge(grpc::routes(self))
    }

    /// What a browser is shown where there is nothing.
    pub fn nowhere(&self) -> Router {
        Router::new().fallback(pages::nowhere).with_state(self.clone())
    }

    /// Keeps live subscribers up to date until stopped.
    ///
    /// # Errors
    /// None yet: what cannot be computed is logged and tried again at the next position.
    pub async fn run(self, stop: CancellationToken) -> anyhow::Result<()> {
        live::run(self, stop).await;
        Ok(())
    }

    fn reference(&self) -> Arc<Reference> {
        self.deps.live.reference()
    }

    /// The ledger's own day.
    fn today(&self) -> LocalDate {
        self.deps.live.now().local_date()
    }

    fn identify(&self, bearer: &str) -> Option<Identity> {
        self.deps.identify.identify(bearer)
    }
}
