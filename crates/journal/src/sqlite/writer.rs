//! The one thread that writes. It takes what has queued and commits it as one transaction, so that 64 callers cost one fsync.

use std::{fs::File, io, sync::Arc, thread, time::Duration};

use domain::{Position, StreamId};
use points::Point;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch},
};

use super::{last::LastPositions, recent::Recent, schema};
use crate::{Append, AppendError, Sealed, Stored, seals};

/// Most appends that wait for a commit; over it callers are told to come back.
const QUEUE_MAX_RECORDS: usize = 8_192;
/// Most bytes of bodies that wait for a commit.
const QUEUE_MAX_BYTES: usize = 16 << 20;
/// Most appends that one transaction takes.
const GROUP_MAX: usize = 512;
/// A transaction of this many shows that many callers are there at once: before the next one the writer waits for `GATHER`.
const CROWD: usize = 9;
/// About as long as the disk takes. A caller who is alone never waits, and of a crowd, each commit takes twice as many.
const GATHER: Duration = Duration::from_micros(150);
/// Streams whose last position is kept in memory, twice over: about 6 MiB.
const LAST_POSITIONS: usize = 64 * 1024;
const RETRY_AFTER: Duration = Duration::from_millis(200);

type Reply = oneshot::Sender<Result<Position, AppendError>>;

struct Queued {
    append: Append,
    reply: Reply,
    _bytes: OwnedSemaphorePermit,
}

/// An append that is on its way to the disk.
pub(super) struct Underway {
    stream: StreamId,
    replied: oneshot::Receiver<Result<Position, AppendError>>,
}

impl Underway {
    pub(super) async fn outcome(self) -> Result<Position, AppendError> {
        let Self { stream, replied } = self;
        replied.await.map_err(|gone| AppendError::OutcomeUnknown { stream, source: gone.into() })?
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
        connection: Connection,
        lock: File,
        recent: Arc<Recent>,
        tip: watch::Sender<Position>,
        sealed: Option<Sealed>,
    ) -> io::Result<Self> {
        let (queue, queued) = mpsc::channel(QUEUE_MAX_RECORDS);
        let (last, runtime) = (LastPositions::new(LAST_POSITIONS), Handle::try_current().ok());
        let committer = Committer { connection, last, known_tip: None, sealed, recent, tip, runtime };
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || {
            committer.run(queued);
            drop(lock);
        })?;
        Ok(Self { queue: Some(queue), bytes: Arc::new(Semaphore::new(QUEUE_MAX_BYTES)), thread: Some(thread) })
    }

    /// Queues an append for the next commit.
    pub(super) fn append(&self, append: Append) -> Result<Underway, AppendError> {
        let busy = || AppendError::Busy { retry_after: RETRY_AFTER };
        let weight = u32::try_from(append.body.len()).map_err(|_| busy())?;
        let bytes = self.bytes.clone().try_acquire_many_owned(weight).map_err(|_| busy())?;
        let stream = append.stream;
        let (reply, replied) = oneshot::channel();
        let queue = self.queue.as_ref().ok_or_else(|| AppendError::Unavailable("the journal is closed".into()))?;
        queue.try_send(Queued { append, reply, _bytes: bytes }).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => busy(),
            mpsc::error::TrySendError::Closed(_) => AppendError::Unavailable("the journal's writer has ended".into()),
        })?;
        Ok(Underway { stream, replied })
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
    /// As of the last commit; `None` before the first, and after a failure. Nobody else writes: the lock says so.
    known_tip: Option<Position>,
    /// Why nothing can be appended any more.
    sealed: Option<Sealed>,
    recent: Arc<Recent>,
    tip: watch::Sender<Position>,
    /// Of the callers, who are answered there.
    runtime: Option<Handle>,
}

/// What one transaction did: an outcome for each append, and the records it wrote.
struct Written {
    outcomes: Vec<Outcome>,
    records: Vec<Stored>,
    /// Behind them.
    tip: Option<Position>,
    sealed: Option<Sealed>,
}

enum Outcome {
    At(Position),
    Conflict(Option<Position>),
    Sealed(Sealed),
}

enum Failure {
    /// The transaction was given up: nothing was appended.
    Before(rusqlite::Error),
    /// The commit itself failed: whether its pages reached the disk is not known.
    AtCommit(rusqlite::Error),
}

fn answer((reply, answer): (Reply, Result<Position, AppendError>)) {
    // A caller that has gone away needs no answer.
    let _ = reply.send(answer);
}

/// Waits for those who have just been answered and come back with their next.
fn gather(queued: &mut mpsc::Receiver<Queued>, group: &mut Vec<Queued>) {
    thread::sleep(GATHER);
    while group.len() < GROUP_MAX
        && let Ok(next) = queued.try_recv()
    {
        group.push(next);
    }
}

impl Committer {
    fn run(mut self, mut queued: mpsc::Receiver<Queued>) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        let mut previous = 0;
        while queued.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
            if previous >= CROWD {
                gather(&mut queued, &mut group);
            }
            previous = group.len();
            self.commit(&mut group);
        }
        schema::rest(&self.connection);
    }

    /// One transaction for the whole group, and an answer to each of it.
    fn commit(&mut self, group: &mut Vec<Queued>) {
        match self.write(group) {
            Ok(written) => self.announce(group, written),
            Err(failure) => self.give_up(group, failure),
        }
    }

    fn write(&mut self, group: &[Queued]) -> Result<Written, Failure> {
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Failure::Before)?;
        let written =
            insert(&tx, &mut self.last, self.known_tip.take(), self.sealed, group).map_err(Failure::Before)?;
        tx.commit().map_err(Failure::AtCommit)?;
        Point::GroupCommitted.pass();
        self.known_tip = written.tip;
        self.sealed = written.sealed;
        Ok(written)
    }

    /// Readers first, callers last: whoever has an acknowledgement finds the record.
    fn announce(&mut self, group: &mut Vec<Queued>, written: Written) {
        if let Some(newest) = written.records.last() {
            let tip = newest.position;
            self.recent.push(written.records);
            self.tip.send_replace(tip);
        }
        let crowd = group.len() >= CROWD;
        let answers = group.drain(..).zip(written.outcomes).map(|(queued, outcome)| {
            let Queued { append: Append { stream, expected, .. }, reply, .. } = queued;
            let answer = match outcome {
                Outcome::At(position) => Ok(position),
                Outcome::Conflict(actual) => Err(AppendError::Conflict { stream, expected, actual }),
                Outcome::Sealed(sealed) => Err(sealed.into()),
            };
            (reply, answer)
        });
        match &self.runtime {
            // Woken from here, each of a crowd would cost its runtime a lock and perhaps the wake of a thread; woken from within, none.
            Some(runtime) if crowd => {
                let answers: Vec<_> = answers.collect();
                runtime.spawn(async move { answers.into_iter().for_each(answer) });
            }
            _ => answers.for_each(answer),
        }
    }

    fn give_up(&mut self, group: &mut Vec<Queued>, failure: Failure) {
        self.last.forget();
        let (error, unknown) = match failure {
            Failure::Before(error) => (Arc::new(error), false),
            Failure::AtCommit(error) => (Arc::new(error), true),
        };
        tracing::error!(%error, appends = group.len(), unknown, "the journal failed to commit");
        for Queued { append: Append { stream, .. }, reply, .. } in group.drain(..) {
            let source = Box::new(error.clone());
            let answer =
                if unknown { AppendError::OutcomeUnknown { stream, source } } else { AppendError::Unavailable(source) };
            // A caller that has gone away needs no answer.
            let _ = reply.send(Err(answer));
        }
    }
}

fn insert(
    tx: &Transaction<'_>,
    last: &mut LastPositions,
    known_tip: Option<Position>,
    sealed: Option<Sealed>,
    group: &[Queued],
) -> rusqlite::Result<Written> {
    let mut statement = tx.prepare_cached("insert into record (position, kind, id, body) values ($1, $2, $3, $4)")?;
    let mut tip = known_tip.map_or_else(|| schema::tip(tx), Ok)?;
    let (outcomes, records) = (Vec::with_capacity(group.len()), Vec::with_capacity(group.len()));
    let mut written = Written { outcomes, records, tip: None, sealed };
    for Queued { append: Append { stream, expected, body }, .. } in group {
        if let Some(sealed) = written.sealed {
            written.outcomes.push(Outcome::Sealed(sealed));
            continue;
        }
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
        if seals(stream, body) {
            written.sealed = Some(Sealed::Moved);
        }
        written.outcomes.push(Outcome::At(tip));
        written.records.push(Stored { position: tip, stream: *stream, body: body.clone() });
    }
    written.tip = Some(tip);
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use domain::Kind;

    use super::*;

    struct Bench {
        committer: Committer,
        _folder: tempfile::TempDir,
    }

    fn bench() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let connection = schema::open_writer(&folder.path().join("ledger.db")).unwrap();
        let recent = Arc::new(Recent::after(Position::START));
        let (tip, _) = watch::channel(Position::START);
        let committer = Committer {
            connection,
            last: LastPositions::new(8),
            known_tip: None,
            sealed: None,
            recent,
            tip,
            runtime: None,
        };
        Bench { committer, _folder: folder }
    }

    impl Bench {
        /// Commits one group of new streams; each is a name and a body.
        fn commit(&mut self, group: &[(&str, &'static [u8])]) -> Vec<Result<Position, AppendError>> {
            let bytes = Arc::new(Semaphore::new(1));
            let (mut appends, replies): (Vec<_>, Vec<_>) = group
                .iter()
                .map(|(name, body)| {
                    let (reply, replied) = oneshot::channel();
                    let _bytes = bytes.clone().try_acquire_many_owned(0).unwrap();
                    let stream = StreamId::of_key(Kind::Organisation, name);
                    let append = Append { stream, expected: None, body: Bytes::from_static(body) };
                    (Queued { append, reply, _bytes }, replied)
                })
                .unzip();
            self.committer.commit(&mut appends);
            replies.into_iter().map(|mut replied| replied.try_recv().unwrap()).collect()
        }

        fn tip(&self) -> Position {
            assert_eq!(schema::tip(&self.committer.connection).unwrap(), *self.committer.tip.borrow());
            *self.committer.tip.borrow()
        }
    }

    #[test]
    fn a_full_disk_refuses_the_whole_group_and_positions_go_on_where_they_were() {
        let mut bench = bench();
        bench.commit(&[("a", b"1")]);
        let pages: i64 = bench.committer.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        bench.committer.connection.pragma_update(None, "max_page_count", pages + 1).unwrap();
        let refused = bench.commit(&[("b", b"small"), ("c", &[7; 60_000])]);
        assert!(refused.iter().all(|answer| matches!(answer, Err(AppendError::Unavailable(_)))), "{refused:?}");
        assert_eq!(bench.tip(), Position(1));

        bench.committer.connection.pragma_update(None, "max_page_count", 1_000_000).unwrap();
        let again = bench.commit(&[("b", b"small"), ("a", b"stale"), ("c", &[7; 60_000])]);
        assert!(matches!(
            again[..],
            [Ok(Position(2)), Err(AppendError::Conflict { actual: Some(Position(1)), .. }), Ok(Position(3))]
        ));
        assert_eq!(bench.tip(), Position(3));
    }

    #[test]
    fn a_commit_that_fails_leaves_the_outcome_unknown_and_the_same_append_can_be_sent_again() {
        let mut bench = bench();
        // A deferred constraint fails when the transaction commits, not before.
        let poison = "pragma foreign_keys = on;
            create table orphan (parent references record (position) deferrable initially deferred);
            create trigger poison after insert on record when new.body = x'ff' begin insert into orphan values (-1); end;";
        bench.committer.connection.execute_batch(poison).unwrap();
        bench.commit(&[("a", b"1")]);
        let unknown = bench.commit(&[("b", b"2"), ("c", b"\xff")]);
        assert!(unknown.iter().all(|answer| matches!(answer, Err(AppendError::OutcomeUnknown { .. }))), "{unknown:?}");
        assert_eq!(bench.tip(), Position(1));
        let again = bench.commit(&[("b", b"2")]);
        assert!(matches!(again[..], [Ok(Position(2))]), "{again:?}");
        assert_eq!(bench.tip(), Position(2));
    }
}
