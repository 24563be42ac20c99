//! Connections that only read, each used by one query at a time, on the threads for blocking work.

use std::{path::Path, sync::Arc};

use domain::{Kind, Position, StreamId};
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode, Params, params};
use tokio::sync::Semaphore;

use super::schema::{self, number};
use crate::{BoxError, ReadError, Sealed, Stored};

const READERS: usize = 4;
/// Kinds that make up most of a ledger.
const MANY: [Kind; 3] = [Kind::Organisation, Kind::Admission, Kind::Batch];

pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    /// As many permits as there are idle connections.
    free: Semaphore,
}

impl Readers {
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let connections = (0..READERS).map(|_| schema::open_reader(path)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(connections)), free: Semaphore::new(READERS) })
    }

    pub(super) async fn load(&self, stream: StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        const SQL: &str = "select position, kind, id, body from record
            where kind = $1 and id = $2 and position > $3 order by position limit $4";
        self.run(move |connection| {
            let kind = schema::code_of(stream.kind);
            query(connection, SQL, params![kind, stream.id.as_bytes(), number(after.0), number(limit as u64)], after)
        })
        .await
    }

    pub(super) async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        let sql = select_of_kinds(kinds);
        self.run(move |connection| query(connection, &sql, params![number(after.0), number(limit as u64)], after)).await
    }

    pub(super) async fn tip(&self) -> Result<Position, ReadError> {
        self.run(|connection| schema::tip(connection).map_err(unavailable)).await
    }

    pub(super) async fn sealed(&self) -> Result<Option<Sealed>, ReadError> {
        self.run(|connection| schema::sealed(connection).map_err(unavailable)).await
    }

    async fn run<F, T>(&self, work: F) -> Result<T, ReadError>
    where
        F: FnOnce(&Connection) -> Result<T, ReadError> + Send + 'static,
        T: Send + 'static,
    {
        let _permit = self.free.acquire().await.map_err(unavailable)?;
        let idle = self.idle.clone();
        let answered = tokio::task::spawn_blocking(move || {
            let connection = idle.lock().pop().ok_or_else(|| unavailable("no connection is idle"))?;
            let answer = work(&connection);
            idle.lock().push(connection);
            answer
        });
        answered.await.map_err(unavailable)?
    }
}

/// What is read before a damaged page is answered; the damage is met by whoever goes on behind it.
fn query(connection: &Connection, sql: &str, params: impl Params, after: Position) -> Result<Vec<Stored>, ReadError> {
    let mut statement = connection.prepare_cached(sql).map_err(unavailable)?;
    let mut rows = statement.query(params).map_err(unavailable)?;
    let mut records: Vec<Stored> = Vec::new();
    loop {
        let read = rows.next().and_then(|row| row.map(schema::stored).transpose());
        match read {
            Ok(None) => return Ok(records),
            Ok(Some(record)) => records.push(record?),
            Err(error) if is_damage(&error) && !records.is_empty() => return Ok(records),
            Err(error) if is_damage(&error) => {
                let what = format!("{error}; put a copy of the ledger in the place of this file");
                return Err(ReadError::Damaged { position: after.next(), what });
            }
            Err(error) => return Err(unavailable(error)),
        }
    }
}

/// Trying again does not help.
fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn select_of_kinds(kinds: &[Kind]) -> String {
    format!(
        "select position, kind, id, body from record where position > $1 {} order by position limit $2",
        of_kinds(kinds)
    )
}

/// Rare kinds are found by the index and sorted; once a kind of many records is asked for, walking the table in its order is
/// cheaper, and the plus keeps SQLite from sorting all of them for each page.
fn of_kinds(kinds: &[Kind]) -> String {
    if kinds.is_empty() {
        return String::new();
    }
    let many = kinds.iter().any(|kind| MANY.contains(kind));
    let codes: Vec<_> = kinds.iter().map(|kind| schema::code_of(*kind).to_string()).collect();
    format!("and {}kind in ({})", if many { "+" } else { "" }, codes.join(", "))
}

fn unavailable(error: impl Into<BoxError>) -> ReadError {
    ReadError::Unavailable(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_a_kind_with_many_records_is_read_without_sorting_them() {
        let folder = tempfile::tempdir().unwrap();
        let connection = schema::open_writer(&folder.path().join("ledger.db")).unwrap();
        let plan = |kinds: &[Kind]| -> String {
            let sql = format!("explain query plan {}", select_of_kinds(kinds));
            let mut statement = connection.prepare(&sql).unwrap();
            let steps = statement.query_map([1, 2], |row| row.get::<_, String>(3)).unwrap();
            steps.collect::<Result<Vec<_>, _>>().unwrap().join("; ")
        };
        let in_order = "SEARCH record USING INTEGER PRIMARY KEY (rowid>?)";
        assert_eq!(plan(&[]), in_order);
        assert_eq!(plan(&[Kind::Organisation]), in_order);
        assert_eq!(plan(&[Kind::Target, Kind::Batch]), in_order);
        assert!(plan(&Kind::REFERENCE).starts_with("SEARCH record USING INDEX record_of_stream (kind=?)"));
    }
}
