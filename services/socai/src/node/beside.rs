//! What an intake on NATS does beside HTTP.

use std::time::Duration;

use intake::{Intake, serve_nats};
use journal::{Options, nats::NatsServers};
use tokio_util::sync::CancellationToken;

const RETRY: Duration = Duration::from_secs(2);

/// Takes commands over NATS until `stop`. HTTP does not depend on it: what fails is tried again.
pub(super) async fn take_commands(intake: Intake, url: String, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = Box::pin(take(&intake, &url, &stop)).await {
            tracing::warn!(error = format!("{error:#}"), "commands are not taken over NATS at the moment");
            // Whether it slept or was stopped, the loop sees.
            let _slept = stop.run_until_cancelled(tokio::time::sleep(RETRY)).await;
        }
    }
}

async fn take(intake: &Intake, url: &str, stop: &CancellationToken) -> anyhow::Result<()> {
    let options = Options::default();
    let connecting = Box::pin(NatsServers::connect(url, &options));
    let Some(servers) = stop.run_until_cancelled(connecting).await else { return Ok(()) };
    serve_nats(intake, &servers?, stop).await.map_err(anyhow::Error::from_boxed)
}
