//! Where appends wait for a commit, and their callers for an answer.

use std::{fs::File, io, sync::Arc, thread, time::Duration};

use domain::{Position, StreamId};
use smallvec::SmallVec;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::{recent::Recent, schema::Writing, writer::Committer};
use crate::{Append, AppendError, Sealed};

/// Most calls that wait for a commit; over it callers are told to come back.
const QUEUE_MAX_CALLS: usize = 8_192;
/// Most bytes of bodies that wait for a commit.
const QUEUE_MAX_BYTES: usize = 16 << 20;
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// What one caller appends together: most often one.
pub(super) type Appends = SmallVec<[Append; 1]>;
/// One for each append, in their order.
pub(super) type Outcomes = SmallVec<[Result<Position, AppendError>; 1]>;

/// What one call appends, in one transaction.
pub(super) struct Queued {
    pub(super) appends: Appends,
    pub(super) reply: oneshot::Sender<Outcomes>,
    pub(super) _bytes: OwnedSemaphorePermit,
}

/// Why a call could not be queued. Nothing of it was.
#[derive(Clone, Copy)]
enum NotQueued {
    Full,
    Closed,
}

impl From<NotQueued> for AppendError {
    fn from(why: NotQueued) -> Self {
        match why {
            NotQueued::Full => Self::Busy { retry_after: RETRY_AFTER },
            NotQueued::Closed => Self::Unavailable("the journal's writer has ended".into()),
        }
    }
}

pub(super) struct Writer {
    /// `None` only while dropping.
    queue: Option<mpsc::Sender<Queued>>,
    bytes: Arc<Semaphore>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. It holds `lock` as long as it writes.
    pub(super) fn start(
        connection: Writing,
        lock: File,
        recent: Arc<Recent>,
        tip: watch::Sender<Position>,
        sealed: Option<Sealed>,
    ) -> io::Result<Self> {
        let (queue, queued) = mpsc::channel(QUEUE_MAX_CALLS);
        let committer = Committer::new(connection, recent, tip, sealed);
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || {
            committer.run(queued);
            drop(lock);
        })?;
        Ok(Self { queue: Some(queue), bytes: Arc::new(Semaphore::new(QUEUE_MAX_BYTES)), thread: Some(thread) })
    }

    /// Has one commit take all of these, each as if it were alone; an outcome for each.
    pub(super) async fn append(&self, appends: Appends) -> Outcomes {
        let streams: SmallVec<[StreamId; 1]> = appends.iter().map(|append| append.stream).collect();
        let replied = match self.queue(appends) {
            Ok(replied) => replied.await,
            Err(why) => return streams.iter().map(|_| Err(why.into())).collect(),
        };
        let unknown = |stream: &StreamId| {
            Err(AppendError::OutcomeUnknown { stream: *stream, source: "the journal's writer has ended".into() })
        };
        replied.unwrap_or_else(|_gone| streams.iter().map(unknown).collect())
    }

    fn queue(&self, appends: Appends) -> Result<oneshot::Receiver<Outcomes>, NotQueued> {
        // What is larger than the whole queue is taken when that is empty.
        let bytes = appends.iter().map(|append| append.body.len()).sum::<usize>().min(QUEUE_MAX_BYTES);
        let weight = u32::try_from(bytes).map_err(|_| NotQueued::Full)?;
        let bytes = self.bytes.clone().try_acquire_many_owned(weight).map_err(|_| NotQueued::Full)?;
        let (reply, replied) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or(NotQueued::Closed)?;
        queue.try_send(Queued { appends, reply, _bytes: bytes }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => NotQueued::Full,
            mpsc::error::TrySendError::Closed(_) => NotQueued::Closed,
        })?;
        Ok(replied)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the journal's writer had panicked");
        }
    }
}
