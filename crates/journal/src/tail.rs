//! Following a journal of this process: read what is there, then wait to be told that there is more.

use std::task::Poll;

use async_stream::try_stream;
use domain::Position;
use futures::{
    future::{Either, ready},
    poll,
    stream::BoxStream,
};
use tokio::sync::watch;

use crate::{Followed, ReadError, Stored};

/// Records a follower takes at once; with the largest bodies this is 64 MiB.
pub(crate) const TAIL_BATCH: usize = 1_024;

/// Follows from `after` on. `read` gives at most `TAIL_BATCH` records after a position; `tip` moves after a commit, never before.
pub(crate) fn tail<Read, Batch>(
    mut after: Position,
    filtered: bool,
    mut tip: watch::Receiver<Position>,
    read: Read,
) -> BoxStream<'static, Result<Followed, ReadError>>
where
    Read: Fn(Position) -> Batch + Send + Sync + 'static,
    Batch: Future<Output = Result<Vec<Stored>, ReadError>> + Send,
{
    Box::pin(try_stream! {
        let mut ahead = None;
        loop {
            // What is seen of the tip comes before what is read, never after.
            let begin = |tip: &mut watch::Receiver<Position>, after| {
                let committed = *tip.borrow_and_update();
                (committed, Box::pin(read(after)))
            };
            let (committed, batch) = match ahead.take() {
                Some(ahead) => ahead,
                None => {
                    let (committed, reading) = begin(&mut tip, after);
                    (committed, Either::Left(reading))
                }
            };
            let batch = batch.await?;
            let more = batch.len() == TAIL_BATCH;
            if more && let Some(last) = batch.last() {
                // The next ones are read while these are being taken.
                let (committed, mut reading) = begin(&mut tip, last.position);
                let reading = match poll!(&mut reading) {
                    Poll::Pending => Either::Left(reading),
                    Poll::Ready(batch) => Either::Right(ready(batch)),
                };
                ahead = Some((committed, reading));
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
            if filtered && after < committed {
                after = committed;
                yield Followed::UpTo(committed);
            }
            tip.changed().await.map_err(|closed| ReadError::Unavailable(closed.into()))?;
        }
    })
}
