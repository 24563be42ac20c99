//! The one thread that writes. It takes what has queued and commits it as one transaction, so that 64 callers cost one fsync.

use std::{sync::Arc, thread, time::Duration};

use domain::{Position, StreamId};
use points::Point;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
};

use super::{
    last::LastPositions,
    queue::{Outcomes, Queued},
    recent::Recent,
    schema::{self, Writing},
};
use crate::{Append, AppendError, Sealed, Stored, seals};

/// A transaction that holds so many appends takes no further call.
const GROUP_FULL: usize = 512;
/// A transaction of this many calls shows that many callers are there at once: before the next one the writer waits for `GATHER`.
const CROWD: usize = 9;
/// About as long as the disk takes. A caller who is alone never waits, and of a crowd, each commit takes twice as many.
const GATHER: Duration = Duration::from_micros(150);
/// Streams whose last position is kept in memory, twice over: about 6 MiB.
const LAST_POSITIONS: usize = 64 * 1024;

pub(super) struct Committer {
    connection: Writing,
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

impl Outcome {
    fn of(self, Append { stream, expected, .. }: Append) -> Result<Position, AppendError> {
        match self {
            Self::At(position) => Ok(position),
            Self::Conflict(actual) => Err(AppendError::Conflict { stream, expected, actual }),
            Self::Sealed(sealed) => Err(sealed.into()),
        }
    }
}

enum Failure {
    /// The transaction was given up: nothing was appended.
    Before(rusqlite::Error),
    /// The commit itself failed: whether its pages reached the disk is not known.
    AtCommit(rusqlite::Error),
}

fn answer((reply, outcomes): (oneshot::Sender<Outcomes>, Outcomes)) {
    // A caller that has gone away needs no answer.
    let _ = reply.send(outcomes);
}

/// What has queued by now, until a transaction is full.
fn take(queued: &mut mpsc::Receiver<Queued>, group: &mut Vec<Queued>) {
    let mut appends: usize = group.iter().map(|queued| queued.appends.len()).sum();
    while appends < GROUP_FULL
        && let Ok(next) = queued.try_recv()
    {
        appends += next.appends.len();
        group.push(next);
    }
}

impl Committer {
    pub(super) fn new(
        connection: Writing,
        recent: Arc<Recent>,
        tip: watch::Sender<Position>,
        sealed: Option<Sealed>,
    ) -> Self {
        let (last, runtime) = (LastPositions::new(LAST_POSITIONS), Handle::try_current().ok());
        Self { connection, last, known_tip: None, sealed, recent, tip, runtime }
    }

    /// Until nobody can queue anything any more.
    pub(super) fn run(mut self, mut queued: mpsc::Receiver<Queued>) {
        let mut group = Vec::with_capacity(GROUP_FULL);
        let mut crowd = false;
        while let Some(first) = queued.blocking_recv() {
            if crowd {
                // For those who have just been answered and come back with their next.
                thread::sleep(GATHER);
            }
            group.push(first);
            take(&mut queued, &mut group);
            crowd = group.len() >= CROWD;
            self.commit(&mut group);
        }
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
        let mut outcomes = written.outcomes.into_iter();
        let answers = group.drain(..).map(|Queued { appends, reply, .. }| {
            (reply, appends.into_iter().zip(&mut outcomes).map(|(append, outcome)| outcome.of(append)).collect())
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
        let appends: usize = group.iter().map(|queued| queued.appends.len()).sum();
        tracing::error!(%error, appends, unknown, "the journal failed to commit");
        let outcome = |Append { stream, .. }| {
            let source = Box::new(error.clone());
            Err(if unknown { AppendError::OutcomeUnknown { stream, source } } else { AppendError::Unavailable(source) })
        };
        for Queued { appends, reply, .. } in group.drain(..) {
            answer((reply, appends.into_iter().map(outcome).collect()));
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
    let mut written = Written {
        outcomes: Vec::with_capacity(GROUP_FULL),
        records: Vec::with_capacity(GROUP_FULL),
        tip: None,
        sealed,
    };
    for Append { stream, expected, body } in group.iter().flat_map(|queued| &queued.appends) {
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
    use tokio::sync::Semaphore;

    use super::*;
    use crate::sqlite::queue::Appends;

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
                    (Queued { appends: Appends::from_elem(append, 1), reply, _bytes }, replied)
                })
                .unzip();
            self.committer.commit(&mut appends);
            replies.into_iter().flat_map(|mut replied| replied.try_recv().unwrap()).collect()
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
