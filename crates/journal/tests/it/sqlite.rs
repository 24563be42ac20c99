//! What only the SQLite adapter has: a file with one owner, a bounded queue, a writer that fails and goes on.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::future::join_all;
use journal::{
    AppendError, Copier, Journal, OpenError, Options,
    sqlite::{Sqlite, SqliteCopy, SqliteReader},
};

fn stream(n: usize) -> StreamId {
    StreamId::of_key(Kind::Organisation, &n.to_string())
}

#[tokio::test]
async fn a_file_that_is_open_elsewhere_is_refused_until_it_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    let first = journal::open(&url, Options::default()).await.unwrap();
    first.append(&stream(1), None, Bytes::from_static(b"x")).await.unwrap();
    let second = journal::open(&url, Options::default()).await;
    assert!(matches!(second, Err(OpenError::Owned { .. })));
    drop(second);
    drop(first);
    let third = journal::open(&url, Options::default()).await.unwrap();
    assert_eq!(third.tip().await.unwrap(), Position(1));
}

#[tokio::test]
async fn a_file_of_something_else_or_of_a_later_format_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("create table t (x)").unwrap();
    let refused = Sqlite::open(&foreign).await.err().unwrap();
    assert!(matches!(refused, OpenError::Foreign { .. }), "{refused:?}");

    let before = std::fs::read(&foreign).unwrap();
    assert!(Sqlite::open(&foreign).await.is_err());
    assert_eq!(std::fs::read(&foreign).unwrap(), before, "not a byte of it was changed");

    let later = folder.path().join("later.db");
    drop(Sqlite::open(&later).await.unwrap());
    rusqlite::Connection::open(&later).unwrap().pragma_update(None, "user_version", 2).unwrap();
    let refused = Sqlite::open(&later).await.err().unwrap();
    assert!(refused.to_string().contains("its format is 2"), "{refused}");

    let text = folder.path().join("text.db");
    std::fs::write(&text, "no database at all, but long enough to look like one: ".repeat(100)).unwrap();
    assert!(Sqlite::open(&text).await.is_err());
    assert!(Sqlite::open(folder.path().join("no/such/folder/ledger.db")).await.is_err());
}

/// Of a ledger that was given back, and of a finished copying, the file alone is all: whoever takes it along has every record.
#[tokio::test]
async fn a_file_that_is_given_back_holds_everything_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, copied, alone] = ["ledger.db", "copied.db", "alone.db"].map(|name| folder.path().join(name));
    let journal = Sqlite::open(&ledger).await.unwrap();
    for n in 0..3 {
        journal.append(&stream(n), None, Bytes::from_static(b"x")).await.unwrap();
    }
    drop(journal);
    let source = SqliteReader::open(&ledger).await.unwrap();
    let copy = SqliteCopy::open(&copied).await.unwrap();
    Copier::new(&source, &copy).catch_up(|_| {}).await.unwrap();
    drop(copy);
    for file in [ledger, copied] {
        std::fs::copy(&file, &alone).unwrap();
        assert_eq!(SqliteReader::open(&alone).await.unwrap().tip().await.unwrap(), Position(3), "{}", file.display());
    }
}

/// It has the newest records in the log beside it, and was taken away without that.
#[tokio::test]
async fn a_file_without_its_log_is_not_taken_for_a_new_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, alone] = ["ledger.db", "alone.db"].map(|name| folder.path().join(name));
    // As after a kill, or while somebody writes.
    let journal = Sqlite::open(&ledger).await.unwrap();
    journal.append(&stream(1), None, Bytes::from_static(b"x")).await.unwrap();
    std::fs::copy(&ledger, &alone).unwrap();
    let refused = Sqlite::open(&alone).await.err().unwrap();
    assert!(refused.to_string().contains("-wal"), "{refused}");
    let refused = SqliteReader::open(&alone).await.err().unwrap();
    assert!(refused.to_string().contains("-wal"), "{refused}");
    // With it, or once its writer has ended, it is whole.
    let [both, ended] = ["both.db", "ended.db"].map(|name| folder.path().join(name));
    std::fs::copy(&ledger, &both).unwrap();
    std::fs::copy(folder.path().join("ledger.db-wal"), folder.path().join("both.db-wal")).unwrap();
    drop(journal);
    std::fs::copy(&ledger, &ended).unwrap();
    for whole in [both, ended] {
        assert_eq!(Sqlite::open(&whole).await.unwrap().tip().await.unwrap(), Position(1));
    }
}

/// What is in it can be read, for whoever has nothing else.
#[tokio::test]
async fn a_file_without_its_log_that_holds_older_records_is_read_and_takes_no_new_ones() {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, alone] = ["ledger.db", "alone.db"].map(|name| folder.path().join(name));
    let first = Sqlite::open(&ledger).await.unwrap();
    first.append(&stream(1), None, Bytes::from_static(b"x")).await.unwrap();
    drop(first);
    let again = Sqlite::open(&ledger).await.unwrap();
    again.append(&stream(2), None, Bytes::from_static(b"y")).await.unwrap();
    std::fs::copy(&ledger, &alone).unwrap();
    let refused = Sqlite::open(&alone).await.err().unwrap();
    assert!(refused.to_string().contains("-wal"), "{refused}");
    assert_eq!(SqliteReader::open(&alone).await.unwrap().tip().await.unwrap(), Position(1));
}

#[tokio::test]
async fn a_file_has_one_owner_however_its_path_is_spelled() {
    let folder = tempfile::tempdir().unwrap();
    let [ledger, link] = ["ledger.db", "link.db"].map(|name| folder.path().join(name));
    let owner = Sqlite::open(&ledger).await.unwrap();
    std::os::unix::fs::symlink(&ledger, &link).unwrap();
    for spelled in [link, folder.path().join("../").join(folder.path().file_name().unwrap()).join("ledger.db")] {
        assert!(matches!(Sqlite::open(&spelled).await, Err(OpenError::Owned { .. })), "{}", spelled.display());
    }
    drop(owner);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_says_busy_and_what_was_taken_is_stored() {
    const CALLERS: usize = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let journal = Arc::new(Sqlite::open(&path).await.unwrap());
    let mut blocker = rusqlite::Connection::open(&path).unwrap();
    let writing = blocker.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).unwrap();

    let (busy, mut told) = tokio::sync::mpsc::channel(CALLERS);
    let callers = (0..CALLERS).map(|n| {
        let (journal, busy) = (journal.clone(), busy.clone());
        tokio::spawn(async move {
            let outcome = journal.append(&stream(n), None, Bytes::from_static(b"x")).await;
            if matches!(outcome, Err(AppendError::Busy { retry_after }) if retry_after > Duration::ZERO) {
                busy.send(()).await.unwrap();
            }
            outcome.is_ok()
        })
    });
    let callers: Vec<_> = callers.collect();
    told.recv().await.unwrap();
    drop(writing);
    let stored = join_all(callers).await.into_iter().filter(|taken| *taken.as_ref().unwrap()).count();
    assert!((8_192..CALLERS).contains(&stored), "{stored}");
    assert_eq!(journal.tip().await.unwrap(), Position(stored as u64));
}

#[tokio::test]
async fn a_dropped_call_is_still_stored_before_the_file_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let journal = Sqlite::open(&path).await.unwrap();
    for n in 0..100 {
        let stream = stream(n);
        let mut call = journal.append(&stream, None, Bytes::from_static(b"x"));
        // Polled once: it is in the queue, and nobody waits for its answer.
        let _ = futures::poll!(&mut call);
    }
    drop(journal);
    assert_eq!(Sqlite::open(&path).await.unwrap().tip().await.unwrap(), Position(100));
}

#[tokio::test]
async fn a_lost_record_is_a_hole_for_followers_and_not_silence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let journal = Sqlite::open(&path).await.unwrap();
    for n in 0..5 {
        journal.append(&stream(n), None, Bytes::from_static(b"x")).await.unwrap();
    }
    drop(journal);
    rusqlite::Connection::open(&path).unwrap().execute("delete from record where position = 3", []).unwrap();
    let journal = Sqlite::open(&path).await.unwrap();
    let seen: Vec<_> = futures::StreamExt::collect(journal.follow(Position::START, &[])).await;
    assert_eq!(seen.len(), 3);
    assert!(matches!(seen[2], Err(journal::ReadError::Hole { expected: Position(3), found: Position(4) })));
}
