//! Reads and decodes in a task of its own while the last batch is being written.

use bytes::Bytes;
use domain::{Position, Record};
use futures::StreamExt;
use journal::{BoxError, Followed, ReadError, SharedJournal, Stored};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::Halt;
use crate::Decoded;

/// Records decoded between two looks at anything else the thread has to do.
const CHUNK_MAX: usize = 512;

type Chunk = Result<Vec<Decoded>, Halt>;

pub(crate) struct ReadAhead {
    chunks: mpsc::Receiver<Chunk>,
    batch_max: usize,
    /// Up to here the journal went when the reading began: batches of the past are filled, those of the present are not waited for.
    past: Position,
    /// Of the next batch, so far.
    gathered: Vec<Decoded>,
    /// What ended the reading, found while a batch was already in hand.
    ended: Option<Halt>,
    _task: AbortOnDropHandle<()>,
}

impl ReadAhead {
    /// Reads from `after` on; holds at most one batch ahead. Up to `past` it fills its batches.
    pub(crate) fn start(journal: &SharedJournal, after: Position, past: Position, batch_max: usize) -> Self {
        let (sender, chunks) = mpsc::channel((batch_max / CHUNK_MAX).max(1));
        let task = tokio::spawn(read(journal.clone(), after, sender));
        Self { chunks, batch_max, past, gathered: Vec::new(), ended: None, _task: AbortOnDropHandle::new(task) }
    }

    /// All that is ready, at least one record, at most a batch. Safe to cancel.
    pub(crate) async fn next(&mut self) -> Result<Vec<Decoded>, Halt> {
        while self.ended.is_none() && self.gathered.len() + CHUNK_MAX <= self.batch_max.max(CHUNK_MAX) {
            let chunk = match self.gathered.last().map(|decoded| decoded.position) {
                Some(last) if last >= self.past => match self.chunks.try_recv() {
                    Ok(chunk) => chunk,
                    Err(_) => break,
                },
                _ => self.chunks.recv().await.unwrap_or_else(|| Err(gone())),
            };
            match chunk {
                Ok(mut chunk) => self.gathered.append(&mut chunk),
                Err(halt) => self.ended = Some(halt),
            }
        }
        match self.ended.take_if(|_| self.gathered.is_empty()) {
            Some(halt) => Err(halt),
            None => Ok(std::mem::take(&mut self.gathered)),
        }
    }
}

fn gone() -> Halt {
    Halt::Unavailable(anyhow::anyhow!("the journal's reader is gone"))
}

async fn read(journal: SharedJournal, mut after: Position, sender: mpsc::Sender<Chunk>) {
    let mut ready = journal.follow(after, &[]).ready_chunks(CHUNK_MAX);
    while let Some(followed) = ready.next().await {
        let (decoded, halt) = decode_all(followed, &mut after);
        if !decoded.is_empty() && sender.send(Ok(decoded)).await.is_err() {
            return;
        }
        if let Some(halt) = halt {
            // Nobody hears it: then nobody follows any more.
            drop(sender.send(Err(halt)).await);
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// What can be decoded, and what stands after it.
fn decode_all(followed: Vec<Result<Followed, ReadError>>, after: &mut Position) -> (Vec<Decoded>, Option<Halt>) {
    let mut decoded = Vec::with_capacity(followed.len());
    for next in followed {
        match next {
            Ok(Followed::UpTo(_)) => {}
            Ok(Followed::Record(stored)) => match decode(stored, after.next()) {
                Ok(record) => {
                    *after = record.position;
                    decoded.push(record);
                }
                Err(halt) => return (decoded, Some(halt)),
            },
            Err(error) => return (decoded, Some(error.into())),
        }
    }
    (decoded, None)
}

fn decode(stored: Stored, expected: Position) -> Result<Decoded, Halt> {
    let Stored { position, stream, body } = stored;
    if position != expected {
        return Err(ReadError::Hole { expected, found: position }.into());
    }
    let poison = |source: BoxError| Halt::Poison { position, source };
    let record = record(&body).map_err(poison)?;
    if record.stream != stream {
        return Err(poison(format!("it says that it belongs to `{}`, and lies in `{stream}`", record.stream).into()));
    }
    Ok(Decoded { position, record, body })
}

fn record(body: &Bytes) -> Result<Record, BoxError> {
    Ok(wire::decode(body)?)
}
