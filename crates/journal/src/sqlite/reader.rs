//! A ledger's file, only read, also while another process writes to it.

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::stream::BoxStream;
use tokio::sync::watch;

use super::{FileId, readers::Readers, schema};
use crate::{
    AppendError, Durability, ExamineError, Examined, Followed, Journal, OpenError, READ_MAX, ReadError, Stored,
    tail::{TAIL_BATCH, tail},
};

/// How often a follower looks for more: nobody wakes it from another process.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Appends nothing, and keeps nobody from appending.
pub struct SqliteReader {
    readers: Arc<Readers>,
    file: FileId,
}

impl SqliteReader {
    /// The file must exist.
    pub async fn open(path: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let path = path.into();
        let at = path.display().to_string();
        let opening = tokio::task::spawn_blocking(move || {
            schema::check_format(&path)?;
            let readers = Readers::open(&path).map_err(|error| OpenError::failed(path.display(), error))?;
            let file = FileId::of(&path).map_err(|error| OpenError::failed(path.display(), error))?;
            Ok(Self { readers: Arc::new(readers), file })
        });
        opening.await.map_err(|panic| OpenError::failed(at, panic))?
    }
}

#[async_trait]
impl Journal for SqliteReader {
    async fn append(&self, _: &StreamId, _: Option<Position>, _: Bytes) -> Result<Position, AppendError> {
        Err(AppendError::Unavailable("the journal was opened to read".into()))
    }

    fn place_id(&self) -> Option<String> {
        Some(self.file.to_string())
    }

    async fn load(&self, stream: &StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        self.readers.load(*stream, after, limit.min(READ_MAX)).await
    }

    async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        self.readers.read(after, limit.min(READ_MAX), kinds).await
    }

    fn follow(&self, after: Position, kinds: &[Kind]) -> BoxStream<'static, Result<Followed, ReadError>> {
        let (readers, kinds) = (self.readers.clone(), Arc::<[Kind]>::from(kinds));
        let (moved, tip) = watch::channel(after);
        let looked_at = readers.clone();
        tokio::spawn(async move {
            // Ends when nobody follows any more.
            while !moved.is_closed() {
                if let Ok(tip) = looked_at.tip().await {
                    moved.send_if_modified(|known| std::mem::replace(known, tip) != tip);
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        });
        tail(after, !kinds.is_empty(), tip, move |after| {
            let (readers, kinds) = (readers.clone(), kinds.clone());
            async move { readers.read(after, TAIL_BATCH, &kinds).await }
        })
    }

    async fn tip(&self) -> Result<Position, ReadError> {
        self.readers.tip().await
    }

    fn durability(&self) -> Durability {
        Durability::Fsync
    }

    async fn examine(&self) -> Result<Examined, ExamineError> {
        // Whether it is sealed comes first: what is sealed does not grow any more.
        let sealed = self.readers.sealed().await?;
        Ok(Examined { tip: self.tip().await?, time: None, sealed })
    }
}
