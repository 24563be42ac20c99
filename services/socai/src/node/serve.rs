//! Starts the roles in order: intake, tally, audit, portal; and one HTTP server for what they answer.

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use journal::{Executor, Live, SharedJournal};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::settings::{Role, Settings};

/// What the roles of one process share.
pub(super) struct Backends {
    pub(super) journal: SharedJournal,
    pub(super) live: Arc<Live>,
    pub(super) executor: Arc<Executor>,
    pub(super) demonstration: bool,
}

type Parts = JoinSet<anyhow::Result<&'static str>>;

pub(super) async fn start_roles(
    parts: &mut Parts,
    settings: &Settings,
    backends: &Backends,
    listener: TcpListener,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let mut router = Router::new();
    if settings.plays(Role::Intake) {
        let intake = super::intake(&backends.executor);
        router = router.merge(intake.router());
        let stop = stop.clone();
        parts.spawn(async move { intake.run(stop).await.context("intake failed").map(|()| "intake") });
    }
    let stop = stop.clone();
    parts.spawn(async move {
        let served =
            axum::serve(listener, kit::http::watched(router)).with_graceful_shutdown(stop.cancelled_owned()).await;
        served.context("HTTP failed").map(|()| "HTTP")
    });
    Ok(())
}
