//! Following a journal of this process: read what is there, then wait to be told that there is more.

use async_stream::try_stream;
use domain::Position;
use futures::stream::BoxStream;
use tokio::{sync::watch, task::JoinError};
use tokio_util::task::AbortOnDropHandle;

use crate::{Followed, ReadError, Stored};

/// Records a follower takes at once; it holds at most twice as many, with the largest bodies 128 MiB.
pub(crate) const TAIL_BATCH: usize = 1_024;

/// Follows from `after` on. `read` gives at most `TAIL_BATCH` records after a position; `tip` moves after a commit, never before.
pub(crate) fn tail<Read, Batch>(
    mut after: Position,
    filtered: bool,
    mut tip: watch::Receiver<Position>,
    read: Read,
) -> BoxStream<'static, Result<Followed, ReadError>>
where
    Read: Fn(Position) -> Batch + Send + 'static,
    Batch: Future<Output = Result<Vec<Stored>, ReadError>> + Send + 'static,
{
    Box::pin(try_stream! {
        let mut ahead = None;
        loop {
            // What is seen of the tip comes before what is read, never after.
            let (committed, batch) = match ahead.take() {
                Some((committed, reading)) => (committed, ended(reading.await)?),
                None => {
                    let committed = *tip.borrow_and_update();
                    (committed, read(after).await?)
                }
            };
            let more = batch.len() == TAIL_BATCH;
            let read_some = !batch.is_empty();
            if more && let Some(last) = batch.last() {
                // The next ones are read while these are being taken; by a task, for a read that nobody polls would keep its reader.
                let committed = *tip.borrow_and_update();
                ahead = Some((committed, AbortOnDropHandle::new(tokio::spawn(read(last.position)))));
            }
            for stored in batch {
                if !filtered && stored.position != after.next() {
                    Err(ReadError::Hole { expected: after.next(), found: stored.position })?;
                }
                after = stored.position;
                yield Followed::Record(stored);
            }
            if more {
                continue;
            }
            if !filtered && after < committed {
                // Before a page that cannot be read the last records come alone; whoever reads on is told.
                if read_some {
                    continue;
                }
                Err(ReadError::Hole { expected: after.next(), found: committed })?;
            }
            if filtered && after < committed {
                after = committed;
                yield Followed::UpTo(committed);
            }
            tip.changed().await.map_err(|closed| ReadError::Unavailable(closed.into()))?;
        }
    })
}

fn ended(read: Result<Result<Vec<Stored>, ReadError>, JoinError>) -> Result<Vec<Stored>, ReadError> {
    read.unwrap_or_else(|panic| Err(ReadError::Unavailable(panic.into())))
}
