//! The one thread that writes. It takes what has queued and commits it as one transaction, so that 64 callers cost one fsync.

use std::{fs::File, io, sync::Arc, thread, time::Duration};

use bytes::Bytes;
use domain::{Position, StreamId};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::{last::LastPositions, recent::Recent, schema};
use crate::{AppendError, Stored};

/// Most appends that wait for a commit; over it callers are told to come back.
const QUEUE_MAX_RECORDS: usize = 8_192;
/// Most bytes of bodies that wait for a commit.
const QUEUE_MAX_BYTES: usize = 16 << 20;
/// Most appends that one transaction takes.
const GROUP_MAX: usize = 512;
/// Streams whose last position is kept in memory, twice over: about 6 MiB.
const LAST_POSITIONS: usize = 64 * 1024;
const RETRY_AFTER: Duration = Duration::from_millis(200);

struct Append {
    stream: StreamId,
    expected: Option<Position>,
    body: Bytes,
    reply: oneshot::Sender<Result<Position, AppendError>>,
    _bytes: OwnedSemaphorePermit,
}

pub(super) struct Writer {
    /// `None` only while dropping.
    queue: Option<mpsc::Sender<Append>>,
    bytes: Arc<Semaphore>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. It holds `lock` as long as it writes.
    pub(super) fn start(
        connection: Connection,
        lock: File,
        recent: Arc<Recent>,
        tip: watch::Sender<Position>,
    ) -> io::Result<Self> {
        let (queue, queued) = mpsc::channel(QUEUE_MAX_RECORDS);
        let committer = Committer { connection, last: LastPositions::new(LAST_POSITIONS), recent, tip };
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || {
            committer.run(queued);
            drop(lock);
        })?;
        Ok(Self { queue: Some(queue), bytes: Arc::new(Semaphore::new(QUEUE_MAX_BYTES)), thread: Some(thread) })
    }

    pub(super) async fn append(
        &self,
        stream: StreamId,
        expected: Option<Position>,
        body: Bytes,
    ) -> Result<Position, AppendError> {
        let busy = || AppendError::Busy { retry_after: RETRY_AFTER };
        let weight = u32::try_from(body.len()).map_err(|_| busy())?;
        let bytes = self.bytes.clone().try_acquire_many_owned(weight).map_err(|_| busy())?;
        let (reply, replied) = oneshot::channel();
        let append = Append { stream, expected, body, reply, _bytes: bytes };
        let queue = self.queue.as_ref().ok_or_else(|| AppendError::Unavailable("the journal is closed".into()))?;
        queue.try_send(append).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => busy(),
            mpsc::error::TrySendError::Closed(_) => AppendError::Unavailable("the journal's writer has ended".into()),
        })?;
        replied.await.map_err(|gone| AppendError::OutcomeUnknown { stream, source: gone.into() })?
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

struct Committer {
    connection: Connection,
    last: LastPositions,
    recent: Arc<Recent>,
    tip: watch::Sender<Position>,
}

/// What one transaction did: an outcome for each append, and the records it wrote.
struct Written {
    outcomes: Vec<Outcome>,
    records: Vec<Stored>,
}

enum Outcome {
    At(Position),
    Conflict(Option<Position>),
}

enum Failure {
    /// The transaction was given up: nothing was appended.
    Before(rusqlite::Error),
    /// The commit itself failed: whether its pages reached the disk is not known.
    AtCommit(rusqlite::Error),
}

impl Committer {
    fn run(mut self, mut queued: mpsc::Receiver<Append>) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        while queued.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
            match self.write(&group) {
                Ok(written) => self.announce(&mut group, written),
                Err(failure) => self.give_up(&mut group, failure),
            }
        }
    }

    fn write(&mut self, group: &[Append]) -> Result<Written, Failure> {
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Failure::Before)?;
        let written = insert(&tx, &mut self.last, group).map_err(Failure::Before)?;
        tx.commit().map_err(Failure::AtCommit)?;
        Ok(written)
    }

    /// Readers first, callers last: whoever has an acknowledgement finds the record.
    fn announce(&mut self, group: &mut Vec<Append>, written: Written) {
        if let Some(newest) = written.records.last() {
            let tip = newest.position;
            self.recent.push(written.records);
            self.tip.send_replace(tip);
        }
        for (append, outcome) in group.drain(..).zip(written.outcomes) {
            let Append { stream, expected, reply, .. } = append;
            let answer = match outcome {
                Outcome::At(position) => Ok(position),
                Outcome::Conflict(actual) => Err(AppendError::Conflict { stream, expected, actual }),
            };
            // A caller that has gone away needs no answer.
            let _ = reply.send(answer);
        }
    }

    fn give_up(&mut self, group: &mut Vec<Append>, failure: Failure) {
        self.last.forget();
        let (error, unknown) = match failure {
            Failure::Before(error) => (Arc::new(error), false),
            Failure::AtCommit(error) => (Arc::new(error), true),
        };
        tracing::error!(%error, appends = group.len(), unknown, "the journal failed to commit");
        for Append { stream, reply, .. } in group.drain(..) {
            let source = Box::new(error.clone());
            let answer =
                if unknown { AppendError::OutcomeUnknown { stream, source } } else { AppendError::Unavailable(source) };
            // A caller that has gone away needs no answer.
            let _ = reply.send(Err(answer));
        }
    }
}

fn insert(tx: &Transaction<'_>, last: &mut LastPositions, group: &[Append]) -> rusqlite::Result<Written> {
    let mut statement = tx.prepare_cached("insert into record (position, kind, id, body) values ($1, $2, $3, $4)")?;
    let mut tip = schema::tip(tx)?;
    let mut written = Written { outcomes: Vec::with_capacity(group.len()), records: Vec::with_capacity(group.len()) };
    for Append { stream, expected, body, .. } in group {
        let actual = last_position(tx, last, stream)?;
        if actual != *expected {
            written.outcomes.push(Outcome::Conflict(actual));
            continue;
        }
        tip = tip.next();
        statement.execute(params![
            schema::number(tip.0),
            schema::code_of(stream.kind),
            stream.id.as_bytes(),
            body.as_ref()
        ])?;
        last.set(*stream, tip);
        written.outcomes.push(Outcome::At(tip));
        written.records.push(Stored { position: tip, stream: *stream, body: body.clone() });
    }
    Ok(written)
}

fn last_position(
    tx: &Transaction<'_>,
    last: &mut LastPositions,
    stream: &StreamId,
) -> rusqlite::Result<Option<Position>> {
    if let Some(position) = last.get(stream) {
        return Ok(Some(position));
    }
    const SQL: &str = "select position from record where kind = $1 and id = $2 order by position desc limit 1";
    let mut statement = tx.prepare_cached(SQL)?;
    let found = statement
        .query_row(params![schema::code_of(stream.kind), stream.id.as_bytes()], |row| schema::position(row, 0));
    found.optional()
}
