//! A file that a ledger is copied into: a transaction a batch, at the positions of the source.

use std::{fs::File, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use domain::Position;
use parking_lot::Mutex;
use rusqlite::{Connection, TransactionBehavior, params};

use super::{
    FileId, own,
    readers::Readers,
    schema::{self, Writing},
};
use crate::{AppendError, BoxError, CopyError, CopyInto, OpenError, ReadError, Stored, copy::Place};

/// A copy in one file, held by this process. Dropped, it is one file: an archive.
pub struct SqliteCopy {
    writer: Arc<Mutex<Writing>>,
    readers: Readers,
    file: FileId,
    _lock: File,
}

impl SqliteCopy {
    /// Opens a copy, or begins one where there is nothing yet. The folder must exist.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let path = path.into();
        let at = path.display().to_string();
        let opening = tokio::task::spawn_blocking(move || {
            let failed = |error: rusqlite::Error| OpenError::failed(path.display(), error);
            let lock = own(&path)?;
            let mut connection = schema::open_writer(&path)?;
            if !schema::begin_copy(&mut connection).map_err(failed)? {
                return Err(OpenError::Taken { at: path.display().to_string() });
            }
            let readers = Readers::open(&path).map_err(failed)?;
            let file = FileId::of(&path).map_err(|error| OpenError::failed(path.display(), error))?;
            Ok(Self { writer: Arc::new(Mutex::new(connection)), readers, file, _lock: lock })
        });
        opening.await.map_err(|panic| OpenError::failed(at, panic))?
    }

    async fn write<F>(&self, work: F) -> Result<(), CopyError>
    where
        F: FnOnce(&mut Connection) -> Result<(), CopyError> + Send + 'static,
    {
        let writer = self.writer.clone();
        tokio::task::spawn_blocking(move || work(&mut writer.lock())).await.map_err(failed)?
    }
}

#[async_trait]
impl CopyInto for SqliteCopy {
    async fn tip(&self) -> Result<Position, ReadError> {
        self.readers.tip().await
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.readers.read(after, limit, &[]).await
    }

    async fn finished(&self) -> Result<Option<Position>, CopyError> {
        match schema::place(&self.writer.lock()).map_err(failed)? {
            Place::Copy(finished) => Ok(finished),
            Place::Own => Ok(None),
        }
    }

    async fn put(&self, records: Vec<Stored>) -> Result<(), CopyError> {
        self.write(move |connection| put(connection, &records)).await
    }

    fn place_id(&self) -> Option<String> {
        Some(self.file.to_string())
    }

    async fn finish(&self, at: Position) -> Result<(), CopyError> {
        self.write(move |connection| match schema::place(connection).map_err(failed)? {
            Place::Copy(Some(finished)) if finished != at => Err(CopyError::Finished { at: finished }),
            _ => schema::finish_copy(connection, at).map_err(failed),
        })
        .await
    }
}

fn put(connection: &mut Connection, records: &[Stored]) -> Result<(), CopyError> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    if let Place::Copy(Some(at)) = schema::place(&tx).map_err(failed)? {
        return Err(CopyError::Finished { at });
    }
    let mut tip = schema::tip(&tx).map_err(failed)?;
    {
        const SQL: &str = "insert into record (position, kind, id, body) values ($1, $2, $3, $4)";
        let mut statement = tx.prepare_cached(SQL).map_err(failed)?;
        for Stored { position, stream, body } in records {
            if *position != tip.next() {
                return Err(CopyError::Displaced { position: *position });
            }
            let (kind, id) = (schema::code_of(stream.kind), stream.id.as_bytes());
            statement.execute(params![schema::number(position.0), kind, id, body.as_ref()]).map_err(failed)?;
            tip = *position;
        }
    }
    tx.commit().map_err(failed)
}

fn failed(error: impl Into<BoxError>) -> CopyError {
    CopyError::Append(AppendError::Unavailable(error.into()))
}
