//! What the file holds: one table, in the order of positions, and how a stream's records are found in it.

use std::path::Path;

use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use uuid::Uuid;

use crate::{OpenError, ReadError, Sealed, Stored, copy::Place};

/// "socl" in the header of the file says whose it is.
const APPLICATION_ID: i64 = 0x736f_636c;
const FORMAT: i64 = 1;

/// Pages of 4 KiB in the log before a commit also checkpoints: 16 MiB.
const CHECKPOINT_PAGES: i64 = 4_096;

const SCHEMA: &str = "
    create table record (
        position integer primary key,
        kind integer not null,
        id blob not null,
        body blob not null
    ) strict;
    -- Every index entry ends in the position, so this one also orders a stream.
    create index record_of_stream on record (kind, id);
";

pub(super) fn open_writer(path: &Path) -> Result<Connection, OpenError> {
    let failed = |error| OpenError::failed(path.display(), error);
    let mut connection = Connection::open(path).map_err(failed)?;
    prepare(&mut connection).map_err(failed)?;
    let format = create_if_new(&mut connection).map_err(failed)?;
    ours(format, path).map(|()| connection)
}

/// Whether there is a ledger in the file that this version reads.
pub(super) fn check_format(path: &Path) -> Result<(), OpenError> {
    if !path.exists() {
        return Err(OpenError::Absent { at: path.display().to_string() });
    }
    let read = || {
        let connection = open_reader(path)?;
        Ok((
            connection.pragma_query_value(None, "application_id", |row| row.get(0))?,
            connection.pragma_query_value(None, "user_version", |row| row.get(0))?,
        ))
    };
    ours(read().map_err(|error: rusqlite::Error| OpenError::failed(path.display(), error))?, path)
}

/// Application id and format.
fn ours(format: (i64, i64), path: &Path) -> Result<(), OpenError> {
    let what = match format {
        (APPLICATION_ID, FORMAT) => return Ok(()),
        (APPLICATION_ID, format) => format!("its format is {format}, and this version reads {FORMAT}"),
        (id, _) => format!("it is a database of something else (application id {id})"),
    };
    Err(OpenError::Foreign { at: path.display().to_string(), what })
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // macOS: past the drive's own cache as well. Elsewhere it does nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "cache_size", -16 * 1024)
}

/// Gives an empty file its tables. Returns application id and format as they then are.
fn create_if_new(connection: &mut Connection) -> rusqlite::Result<(i64, i64)> {
    let tx = connection.transaction()?;
    let tables: i64 = tx.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        tx.execute_batch(SCHEMA)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", FORMAT)?;
    }
    let id = tx.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let format = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    tx.commit()?;
    Ok((id, format))
}

pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
}

pub(super) fn tip(connection: &Connection) -> rusqlite::Result<Position> {
    let sql = "select coalesce(max(position), 0) from record";
    connection.prepare_cached(sql)?.query_row([], |row| position(row, 0))
}

/// A copy remembers that it is one in a table of one row; a ledger's own file has none.
const COPY: &str = "create table if not exists copy (finished_at integer)";

/// Makes an empty file, or one that is a copy already, a place for a copy. `false` when it holds a ledger of its own.
pub(super) fn begin_copy(connection: &mut Connection) -> rusqlite::Result<bool> {
    let tx = connection.transaction()?;
    if place(&tx)? == Place::Own {
        if tip(&tx)? != Position::START {
            return Ok(false);
        }
        tx.execute_batch(COPY)?;
        tx.execute("insert into copy values (null)", [])?;
    }
    tx.commit()?;
    Ok(true)
}

pub(super) fn finish_copy(connection: &Connection, at: Position) -> rusqlite::Result<()> {
    connection.execute("update copy set finished_at = $1", [number(at.0)]).map(|_| ())
}

pub(super) fn place(connection: &Connection) -> rusqlite::Result<Place> {
    let sql = "select count(*) from sqlite_schema where type = 'table' and name = 'copy'";
    let tables: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Place::Own);
    }
    let finished: Option<i64> = connection.query_row("select finished_at from copy", [], |row| row.get(0))?;
    Ok(Place::Copy(finished.map(|at| Position(at.cast_unsigned()))))
}

/// Why nothing can be appended, if nothing can.
pub(super) fn sealed(connection: &Connection) -> rusqlite::Result<Option<Sealed>> {
    let sql = "select position, kind, id, body from record order by position desc limit 1";
    let last = connection.query_row(sql, [], stored).optional()?;
    // A last record that cannot be read is no seal; whoever reads it is told.
    let last = last.and_then(Result::ok);
    let at = last.as_ref().map_or(Position::START, |stored| stored.position);
    Ok(place(connection)?.sealed(at, last.is_some_and(|stored| stored.seals())))
}

pub(super) fn position(row: &Row<'_>, column: usize) -> rusqlite::Result<Position> {
    let number: i64 = row.get(column)?;
    Ok(Position(number.cast_unsigned()))
}

/// A position or a limit as SQLite counts, in 63 bits; beyond them there is nothing.
pub(super) fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A row of `position, kind, id, body` as the record that it is.
pub(super) fn stored(row: &Row<'_>) -> rusqlite::Result<Result<Stored, ReadError>> {
    let position = position(row, 0)?;
    let damaged = |what: String| ReadError::Damaged { position, what };
    let code: i64 = row.get(1)?;
    let Some(kind) = kind_of(code) else {
        return Ok(Err(damaged(format!("no kind of stream has the number {code}"))));
    };
    let Ok(id) = Uuid::from_slice(row.get_ref(2)?.as_blob()?) else {
        return Ok(Err(damaged("its stream's id is not 16 bytes".to_owned())));
    };
    let body = Bytes::copy_from_slice(row.get_ref(3)?.as_blob()?);
    Ok(Ok(Stored { position, stream: StreamId::new(kind, id), body }))
}

/// The number that stands for a kind in the file. Never changes; a new kind takes the next.
pub(super) const fn code_of(kind: Kind) -> i64 {
    match kind {
        Kind::Ledger => 0,
        Kind::Structure => 1,
        Kind::Rules => 2,
        Kind::Programme => 3,
        Kind::Period => 4,
        Kind::Target => 5,
        Kind::Organisation => 6,
        Kind::Admission => 7,
        Kind::Batch => 8,
        Kind::Query => 9,
        Kind::Access => 10,
        Kind::Publication => 11,
    }
}

fn kind_of(code: i64) -> Option<Kind> {
    const BY_CODE: [Kind; 12] = [
        Kind::Ledger,
        Kind::Structure,
        Kind::Rules,
        Kind::Programme,
        Kind::Period,
        Kind::Target,
        Kind::Organisation,
        Kind::Admission,
        Kind::Batch,
        Kind::Query,
        Kind::Access,
        Kind::Publication,
    ];
    usize::try_from(code).ok().and_then(|index| BY_CODE.get(index)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_number_of_its_own_and_is_found_by_it() {
        for kind in Kind::ALL {
            assert_eq!(kind_of(code_of(kind)), Some(kind));
        }
        assert_eq!(kind_of(-1), None);
        assert_eq!(kind_of(12), None);
    }
}
