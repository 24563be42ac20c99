//! The one loop: take what is ready, fold it, commit rows and checkpoint together, say how far it is.

mod halt;
mod reached;
mod read_ahead;
mod session;

use std::time::Duration;

use domain::Position;
use journal::SharedJournal;
use points::Point;
use tokio::time::{Instant, interval_at, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};
use uuid::Uuid;

pub use halt::Halt;
pub use reached::{Behind, Reached, State, Status};
pub use session::{Applied, Session};

use reached::Progress;
pub(crate) use read_ahead::ReadAhead;

use crate::{Store, View};

/// An owner that has not moved the checkpoint for so long, although the journal goes on, is taken to be gone.
const LEASE: Duration = Duration::from_secs(5);
/// How often one that waits in reserve looks at the checkpoint.
const RESERVE_POLL: Duration = Duration::from_millis(200);
/// Rest after a small batch, so that under load the next one is larger: a transaction and a tally cost the same for one record as for
/// a hundred. The first record after a silence is folded at once.
const REST: Duration = Duration::from_millis(10);
/// A batch of so many records is not small.
const REST_BELOW: usize = 1_024;
/// How often the one that writes looks whether it still is the one, which only a commit would tell it otherwise, and whether the view has moved
/// to another generation, which a rebuild does that took longer than the lease.
const POINTER_EVERY: Duration = Duration::from_secs(5);
const RETRY_MIN: Duration = Duration::from_millis(50);
const RETRY_MAX: Duration = Duration::from_secs(5);

/// Keeps one view at the tip of one journal.
///
/// Several followers of one view are safe: the checkpoint lets one of them write, the others wait in reserve and read along.
/// The one that starts last takes over at once.
pub struct Follower<V> {
    store: Store,
    journal: SharedJournal,
    view: V,
    owner: String,
    /// Whether it takes over without asking: once, when it starts.
    claims: bool,
    lease: Duration,
    look_every: Duration,
    progress: Progress,
    /// Number of the generation that was followed last.
    generation: Option<u32>,
}

/// What a session ended with, when nothing went wrong.
enum Ended {
    Stop,
    ByAnother,
}

impl<V: View> Follower<V> {
    pub fn new(store: Store, journal: SharedJournal, view: V) -> Self {
        let progress = Progress::new(view.schema().name);
        Self {
            store,
            journal,
            view,
            owner: new_owner(),
            claims: true,
            lease: LEASE,
            look_every: POINTER_EVERY,
            progress,
            generation: None,
        }
    }

    /// How long the owner may be silent, while the journal goes on, before one in reserve takes over. It only saves work: the
    /// checkpoint alone decides who writes.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// How often the one that writes looks whether it still is, when nothing is to be written; and one that has stopped, whether the view was
    /// rebuilt.
    #[must_use]
    pub fn with_look_every(self, look_every: Duration) -> Self {
        Self { look_every, ..self }
    }

    /// A handle on how far the view is; good for as long as anyone holds it.
    pub fn reached(&self) -> Reached {
        self.progress.reached()
    }

    /// Follows until `stop`. Waits for a database or a journal that cannot be reached; a record that cannot be read, or a ledger
    /// that is not the one folded so far, stops the view at that position until it was rebuilt or the process is started again.
    pub async fn run(mut self, stop: CancellationToken) {
        let name = self.view.schema().name;
        let mut retry = RETRY_MIN;
        while !stop.is_cancelled() {
            let before = self.progress.position();
            match self.follow(&stop).await {
                Ok(Ended::Stop) => break,
                Ok(Ended::ByAnother) => retry = RETRY_MIN,
                Err(halt) if halt.is_final() => {
                    error!(view.name = name, error = &halt as &dyn std::error::Error, "view stopped");
                    self.progress.stopped(&halt);
                    if stop.run_until_cancelled(self.rebuilt()).await.is_some() {
                        info!(view.name = name, "view was rebuilt, following it again");
                        self.progress.starting();
                    }
                }
                Err(halt) => {
                    if self.progress.position() > before {
                        retry = RETRY_MIN;
                    }
                    warn!(view.name = name, error = &halt as &dyn std::error::Error, retry.after = ?retry, "view waits");
                    self.progress.waiting(&halt);
                    let _ = stop.run_until_cancelled(sleep(retry)).await;
                    retry = (retry * 2).min(RETRY_MAX);
                }
            }
        }
        info!(view.name = name, position = %self.progress.position(), "view follows no more");
    }

    /// Waits until another generation is in use than the one that was followed last.
    async fn rebuilt(&self) {
        loop {
            sleep(self.look_every).await;
            match self.store.pointer(self.view.schema()).await {
                Ok(number) if number != self.generation => return,
                Ok(_) => {}
                Err(error) => {
                    warn!(error = &error as &dyn std::error::Error, "a stopped view cannot look for a rebuild")
                }
            }
        }
    }

    async fn follow(&mut self, stop: &CancellationToken) -> Result<Ended, Halt> {
        let generation = self.store.current(self.view.schema()).await?;
        self.generation = Some(generation.number());
        let mut session = Session::on(generation, &self.journal).await?;
        session.load(&mut self.view).await?;
        self.progress.at(session.position());
        if self.claims {
            // Loading takes its time, in which a busy owner goes on: it is stopped first, and what it wrote until then is read.
            if !session.take_over(&self.owner).await? {
                return Ok(Ended::ByAnother);
            }
            self.claims = false;
            session.load(&mut self.view).await?;
            self.progress.at(session.position());
            if !session.is_owned_by(&self.owner) {
                return Ok(Ended::ByAnother);
            }
        } else {
            let free = session.is_free_for(&self.owner);
            if !free && self.wait_in_reserve(&mut session, stop).await?.is_none() {
                return Ok(if stop.is_cancelled() { Ended::Stop } else { Ended::ByAnother });
            }
            if !session.claim(&self.owner).await? {
                return Ok(Ended::ByAnother);
            }
        }
        // A rebuild may have ended between the look at the pointer and this: then these are the old rows, which it has removed, made anew and empty.
        if self.store.pointer(self.view.schema()).await? != Some(session.generation().number()) {
            session.release().await?;
            return Ok(Ended::ByAnother);
        }
        Point::LeadTaken.pass();
        self.progress.following();
        let tip = self.journal.tip().await?;
        let mut ahead = ReadAhead::start(&self.journal, session.position(), tip, self.view.batch_max());
        let mut look = interval_at(Instant::now() + self.look_every, self.look_every);
        loop {
            let batch = tokio::select! {
                batch = ahead.next() => match batch {
                    Ok(batch) => batch,
                    Err(halt) => {
                        if halt.is_final() {
                            // A later version in reserve may be able to read on, and need not wait until this one seems gone.
                            session.release().await?;
                        }
                        return Err(halt);
                    }
                },
                () = stop.cancelled() => {
                    session.release().await?;
                    return Ok(Ended::Stop);
                }
                _ = look.tick() => {
                    let here = self.store.pointer(self.view.schema()).await? == Some(session.generation().number());
                    if here && session.still_owned_by(&self.owner).await? {
                        continue;
                    }
                    return Ok(Ended::ByAnother);
                }
            };
            match session.apply(&mut self.view, &batch).await? {
                Applied::To(position) => self.progress.at(position),
                Applied::ByAnother => return Ok(Ended::ByAnother),
            }
            if batch.len() < REST_BELOW {
                let _ = stop.run_until_cancelled(sleep(REST)).await;
            }
        }
    }

    /// Reads along until the owner seems gone. `None` when the view moved to another generation, or on `stop`.
    async fn wait_in_reserve(&mut self, session: &mut Session, stop: &CancellationToken) -> Result<Option<()>, Halt> {
        self.progress.in_reserve();
        let mut moved_at = Instant::now();
        while stop.run_until_cancelled(sleep(RESERVE_POLL)).await.is_some() {
            if self.store.pointer(self.view.schema()).await? != Some(session.generation().number()) {
                return Ok(None);
            }
            if session.refresh().await? {
                session.load(&mut self.view).await?;
                self.progress.at(session.position());
                moved_at = Instant::now();
            }
            let late = moved_at.elapsed() > self.lease && self.journal.tip().await? > session.position();
            if late || session.is_free_for(&self.owner) {
                return Ok(Some(()));
            }
        }
        Ok(None)
    }
}

/// Who writes; the process number is for people.
fn new_owner() -> String {
    format!("{}-{}", std::process::id(), Uuid::now_v7())
}

/// Folds up to exactly `last`, in a session that was claimed and a view that was loaded; `on_progress` hears each position.
///
/// # Errors
/// As a follower's, and when somebody else took over meanwhile.
pub async fn fold_to<V: View>(
    session: &mut Session,
    view: &mut V,
    journal: &SharedJournal,
    last: Position,
    on_progress: &mut (dyn FnMut(Position) + Send),
) -> Result<(), Halt> {
    let mut ahead = ReadAhead::start(journal, session.position(), last, view.batch_max());
    while session.position() < last {
        let mut batch = ahead.next().await?;
        batch.truncate(batch.iter().take_while(|decoded| decoded.position <= last).count());
        if session.apply(view, &batch).await? == Applied::ByAnother {
            return Err(Halt::Unavailable(anyhow::anyhow!("somebody else took over the rows meanwhile")));
        }
        on_progress(session.position());
    }
    Ok(())
}
