//! The connection, and what was under way when it broke.

use std::sync::Arc;

use async_nats::{Client, ConnectOptions, Event, ServerAddr, ServerError, connection::State};
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::OpenError;

/// One connection that comes back by itself.
#[derive(Clone)]
pub(super) struct Link {
    pub(super) client: Client,
    /// How often the connection broke.
    breaks: watch::Receiver<u64>,
    /// What the server denied this user last, in its words.
    denied: Arc<Mutex<Option<String>>>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    /// Nothing was sent: a client that is not connected would keep it and send it later, after the caller has been told
    /// otherwise.
    #[error("not connected to NATS")]
    Before,
    /// What was sent may have arrived; its answer will not.
    #[error("the connection to NATS broke")]
    Meanwhile,
}

impl Link {
    pub(super) async fn connect(
        options: ConnectOptions,
        servers: Vec<ServerAddr>,
    ) -> Result<Self, async_nats::ConnectError> {
        let (broke, breaks) = watch::channel(0);
        let denied = Arc::<Mutex<_>>::default();
        let noted = denied.clone();
        let options = options.event_callback(move |event| {
            match &event {
                Event::ServerError(ServerError::Other(told))
                    if told.to_lowercase().contains("permissions violation") =>
                {
                    tracing::warn!(%event, "the connection to NATS");
                    *noted.lock() = Some(told.clone());
                }
                Event::Disconnected => broke.send_modify(|breaks| *breaks += 1),
                Event::Connected => tracing::info!("connected to NATS"),
                event => tracing::warn!(%event, "the connection to NATS"),
            }
            std::future::ready(())
        });
        Ok(Self { client: options.connect(servers).await?, breaks, denied })
    }

    /// What failed for want of an answer may have been denied: then it says so. A denial explains one failure, and none that comes later.
    pub(super) fn explained(&self, failed: OpenError) -> OpenError {
        match (&failed, self.denied.lock().take()) {
            (OpenError::Failed { at, .. } | OpenError::NotMade { at, .. }, Some(denied)) => {
                OpenError::Forbidden { at: at.clone(), denied, source: failed.into() }
            }
            _ => failed,
        }
    }

    /// Does what needs an answer, and gives up at once when the connection breaks: answers do not outlive it.
    pub(super) async fn answered<T>(&self, asking: impl Future<Output = T>) -> Result<T, Lost> {
        let mut breaks = self.breaks.clone();
        breaks.mark_unchanged();
        if self.client.connection_state() != State::Connected {
            return Err(Lost::Before);
        }
        tokio::select! {
            biased;
            answer = asking => Ok(answer),
            // An error says that the client has ended, which no answer outlives either.
            _ = breaks.changed() => Err(Lost::Meanwhile),
        }
    }
}
