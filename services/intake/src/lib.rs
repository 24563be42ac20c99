//! Takes commands: over HTTP one by one or as a stream of lines, over NATS as a micro service, and in the process through `CommandPort`.

mod answers;
mod lines;
mod micro;
mod single;
mod stream;
mod submit;

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering},
};

use axum::{Router, routing::post};
use journal::Executor;
use kit::{Identify, Problem, execution};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

pub use micro::serve_nats;

/// Limits of intake; over each comes a clear refusal.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Largest body of one command, in bytes; also of one line.
    pub command_max_bytes: usize,
    /// Most lines of one stream.
    pub lines_max: usize,
    /// Most commands of one stream of lines that are under way at once.
    pub lines_in_flight: usize,
    /// Most lines of all streams together that are executed at once; more wait for their turn, and their clients with them.
    pub lines_executing: usize,
    /// Most single commands of the whole process that are under way at once; more are answered 503.
    pub in_flight: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            command_max_bytes: 64 * 1_024,
            lines_max: 10_000,
            lines_in_flight: 512,
            lines_executing: 2_048,
            in_flight: 2_048,
        }
    }
}

/// The role that decides and appends.
#[derive(Clone)]
pub struct Intake {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    executor: Arc<Executor>,
    identities: Arc<dyn Identify>,
    /// Of single commands.
    under_way: Semaphore,
    lines: Semaphore,
    /// Found once: looking a counter up costs as much as counting a hundred times.
    recorded: OnceLock<metrics::Counter>,
    /// Set once everything that the ledger held at start is folded.
    ready: AtomicBool,
}

impl Intake {
    pub fn new(config: Config, executor: Arc<Executor>, identities: Arc<dyn Identify>) -> Self {
        let (under_way, lines) = (Semaphore::new(config.in_flight), Semaphore::new(config.lines_executing));
        let (recorded, ready) = (OnceLock::new(), false.into());
        Self { inner: Arc::new(Inner { config, executor, identities, under_way, lines, recorded, ready }) }
    }

    /// `POST /v1/commands` and `POST /v1/commands/{name}`.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/commands/{name}", post(single::post))
            .route("/v1/commands", post(stream::post))
            .with_state(self.clone())
    }

    /// Whether commands are taken.
    pub fn is_ready(&self) -> bool {
        self.inner.ready.load(Ordering::Acquire)
    }

    /// Takes commands from now on, once the process has seen the whole ledger as it was when this was called. Until then they are
    /// answered 503.
    ///
    /// # Errors
    /// When the ledger cannot be read to its end. Then commands are told why they are not taken.
    pub async fn open(&self) -> Result<(), journal::ReadError> {
        let executor = &self.inner.executor;
        let tip = executor.journal().tip().await?;
        if !executor.live().reached(tip).await {
            let why = executor.live().progress().borrow().clone();
            return Err(journal::ReadError::Unavailable(format!("following the ledger has stopped: {why:?}").into()));
        }
        self.inner.ready.store(true, Ordering::Release);
        tracing::info!(position = %tip, "intake takes commands");
        Ok(())
    }

    /// Waits for the stop; then commands are answered 503.
    pub async fn run(self, stop: CancellationToken) {
        stop.cancelled().await;
        self.inner.ready.store(false, Ordering::Release);
    }

    /// Why commands are not taken.
    fn not_ready(&self) -> Problem {
        match self.inner.executor.live().stamp() {
            Err(why) => execution::not_now(&why),
            Ok(_) => execution::not_ready(),
        }
    }
}
