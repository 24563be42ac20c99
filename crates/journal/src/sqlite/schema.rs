//! What the file holds: one table, in the order of positions, and how a stream's records are found in it.

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    time::Duration,
};

use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Row, config::DbConfig};
use uuid::Uuid;

use crate::{OpenError, ReadError, Sealed, Stored, copy::Place};

/// "socl" in the header of the file says whose it is.
const APPLICATION_ID: i64 = 0x736f_636c;
const FORMAT: i64 = 1;

/// Pages of 4 KiB in the log before a commit also checkpoints: 16 MiB.
const CHECKPOINT_PAGES: i64 = 4_096;

/// How long a stop waits for those who still read.
const REST_PATIENCE: Duration = Duration::from_secs(1);

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

/// Begins a ledger in a file in which nothing is yet. What holds something else is not changed.
pub(super) fn open_writer(path: &Path) -> Result<Writing, OpenError> {
    let failed = |error| OpenError::failed(path.display(), error);
    let log = has_log(path);
    let mut connection = Connection::open(path).map_err(failed)?;
    // Before the file keeps a log beside it: whoever dies here leaves a whole ledger or nothing.
    let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).map_err(failed)?;
    if pages == 0 {
        create(&mut connection).map_err(failed)?;
    }
    ours(&connection, path)?;
    if !log && in_use(&connection).map_err(failed)? {
        return Err(OpenError::Foreign { at: path.display().to_string(), what: WITHOUT_LOG.to_owned() });
    }
    prepare(&connection).map_err(failed)?;
    use_it(&connection).map_err(failed)?;
    Ok(Writing(connection))
}

/// The one connection that writes. Dropped, it moves everything from the log into the file, so that the file alone is the ledger.
pub(super) struct Writing(Connection);

impl Deref for Writing {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Writing {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        rest(&self.0);
    }
}

const WITHOUT_LOG: &str = "it was taken away while it was in use, without the `-wal` beside it, which has the newest records; bring both together. \
     If there is no such file any more, because another program opened the ledger and moved it in, copy this one to a new place: \
     socai copy --take-over";

/// Says in the file itself, and not only in the log beside it, that the newest records are in the log.
fn use_it(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("create table if not exists in_use (since integer not null) strict")?;
    connection.execute("insert into in_use values (unixepoch())", [])?;
    connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()))
}

/// Whether whoever wrote to the file did not end its work.
fn in_use(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "select count(*) from sqlite_schema where type = 'table' and name = 'in_use'";
    let tables: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(tables > 0 && connection.query_row("select count(*) from in_use", [], |row| row.get::<_, i64>(0))? > 0)
}

/// Whether there is a ledger in the file that this version reads.
pub(super) fn check_format(path: &Path) -> Result<(), OpenError> {
    if !path.exists() {
        return Err(OpenError::Absent { at: path.display().to_string() });
    }
    let failed = |error| OpenError::failed(path.display(), error);
    let log = has_log(path);
    let connection = open_reader(path).map_err(failed)?;
    ours(&connection, path)?;
    if !log && in_use(&connection).map_err(failed)? {
        if tip(&connection).map_err(failed)? == Position::START {
            return Err(OpenError::Foreign { at: path.display().to_string(), what: WITHOUT_LOG.to_owned() });
        }
        tracing::warn!(ledger = %path.display(), "the file was taken away while it was in use, without the `-wal` beside it: its newest records are not here");
    }
    Ok(())
}

/// By application id and format.
fn ours(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let number = |name: &str| -> rusqlite::Result<i64> { connection.pragma_query_value(None, name, |row| row.get(0)) };
    let read = || Ok((number("application_id")?, number("user_version")?, tables(connection)?));
    let what = match read().map_err(|error: rusqlite::Error| OpenError::failed(path.display(), error))? {
        (APPLICATION_ID, FORMAT, _) => return Ok(()),
        (APPLICATION_ID, format, _) => format!("its format is {format}, and this version reads {FORMAT}"),
        (0, _, 0) => "it is empty, as a ledger is whose file was taken away without the `-wal` beside it, which has the newest records; \
                      bring both together, or remove it to begin anew"
            .to_owned(),
        (id, ..) => format!("it is a database of something else (application id {id})"),
    };
    Err(OpenError::Foreign { at: path.display().to_string(), what })
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    // macOS: past the drive's own cache as well. Elsewhere it does nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "cache_size", -16 * 1024)
}

/// Gives an empty file its tables.
fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let tx = connection.transaction()?;
    tx.execute_batch(SCHEMA)?;
    tx.pragma_update(None, "application_id", APPLICATION_ID)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()
}

fn tables(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
}

/// Not while somebody reads: then it stays in both.
fn rest(connection: &Connection) {
    let ended = connection.busy_timeout(REST_PATIENCE).and_then(|()| connection.execute("delete from in_use", []));
    if let Err(error) = ended {
        tracing::warn!(%error, "the ledger's file cannot be written at the end; the newest records stay in the log beside it");
        // The file still says that its log belongs to it, so that has to stay.
        let kept = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        if let Err(error) = kept {
            tracing::error!(%error, "the log beside the ledger's file may be moved in");
        }
        return;
    }
    let moved = connection.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get::<_, i64>(0));
    if !matches!(moved, Ok(0)) {
        tracing::info!(?moved, "the newest records stay in the log beside the ledger's file");
    }
}

/// Where nothing can be written, not even what readers write beside the file, and there is no log, the file is read as it is.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    match tables(&connection) {
        Err(error) if may_not_write(&error) && !has_log(path) => {
            let escaped = path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            Connection::open_with_flags(format!("file:{escaped}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)
        }
        Err(error) => Err(error),
        Ok(_) => Ok(connection),
    }
}

fn may_not_write(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen))
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    Path::new(&log).metadata().is_ok_and(|log| log.len() > 0)
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
