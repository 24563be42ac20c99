//! What an intake on NATS does beside HTTP.

use std::time::Duration;

use intake::{Intake, serve_nats};
use journal::{Options, nats::NatsServers};
use tokio_util::sync::CancellationToken;

const RETRY: Duration = Duration::from_secs(2);

/// Takes commands over NATS until `stop`. HTTP does not depend on it: what fails is tried again.
pub(super) async fn take_commands(intake: Intake, url: String, stop: CancellationToken) {
    loop {
        let taking = async {
            let servers = NatsServers::connect(&url, &Options::default()).await?;
            anyhow::Ok(serve_nats(&intake, &servers, &stop).await.map_err(anyhow::Error::from_boxed)?)
        };
        let ended = taking.await;
        if stop.is_cancelled() {
            return;
        }
        let why = ended.err().map_or_else(|| "the service ended".to_owned(), |error| format!("{error:#}"));
        tracing::warn!(error = why, "commands are not taken over NATS at the moment");
        let _ = stop.run_until_cancelled(tokio::time::sleep(RETRY)).await;
    }
}
