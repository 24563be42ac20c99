//! A journal in memory, for tests: the port with nothing around it.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::stream::BoxStream;
use parking_lot::RwLock;
use tokio::sync::watch;

use crate::{
    AppendError, BODY_MAX_BYTES, CopyError, CopyInto, Durability, ExamineError, Examined, Followed, Journal, READ_MAX,
    ReadError, Sealed, Stored,
    copy::Place,
    tail::{TAIL_BATCH, tail},
};

/// A ledger that lives as long as its last handle; clones are handles on the same ledger.
#[derive(Clone)]
pub struct Memory {
    ledger: Arc<RwLock<Ledger>>,
    tip: watch::Sender<Position>,
}

#[derive(Default)]
struct Ledger {
    /// Position `p` is at index `p - 1`.
    records: Vec<Stored>,
    /// Indices of each stream's records, ascending.
    streams: HashMap<StreamId, Vec<usize>>,
    place: Place,
}

impl Default for Memory {
    fn default() -> Self {
        Self { ledger: Arc::default(), tip: watch::Sender::new(Position::START) }
    }
}

#[async_trait]
impl Journal for Memory {
    async fn append(
        &self,
        stream: &StreamId,
        expected: Option<Position>,
        body: Bytes,
    ) -> Result<Position, AppendError> {
        if body.len() > BODY_MAX_BYTES {
            return Err(AppendError::TooLarge { bytes: body.len(), limit: BODY_MAX_BYTES });
        }
        let mut ledger = self.ledger.write();
        let position = ledger.append(*stream, expected, body)?;
        self.tip.send_replace(position);
        Ok(position)
    }

    async fn load(&self, stream: &StreamId, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        Ok(self.ledger.read().load(stream, after, limit.min(READ_MAX)))
    }

    async fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        Ok(self.ledger.read().read(after, limit.min(READ_MAX), kinds))
    }

    fn follow(&self, after: Position, kinds: &[Kind]) -> BoxStream<'static, Result<Followed, ReadError>> {
        let (ledger, kinds) = (self.ledger.clone(), kinds.to_vec());
        tail(after, !kinds.is_empty(), self.tip.subscribe(), move |after| {
            let batch = ledger.read().read(after, TAIL_BATCH, &kinds);
            async { Ok(batch) }
        })
    }

    async fn tip(&self) -> Result<Position, ReadError> {
        Ok(*self.tip.borrow())
    }

    fn durability(&self) -> Durability {
        Durability::Memory
    }

    async fn examine(&self) -> Result<Examined, ExamineError> {
        let ledger = self.ledger.read();
        Ok(Examined { tip: ledger.tip(), time: None, sealed: ledger.sealed() })
    }
}

/// A ledger in memory that another one is copied into.
pub struct MemoryCopy(Memory);

impl MemoryCopy {
    /// `None` when it holds a ledger of its own.
    pub fn begin(memory: Memory) -> Option<Self> {
        let mut ledger = memory.ledger.write();
        if ledger.place == Place::Own {
            if !ledger.records.is_empty() {
                return None;
            }
            ledger.place = Place::Copy(None);
        }
        drop(ledger);
        Some(Self(memory))
    }
}

#[async_trait]
impl CopyInto for MemoryCopy {
    async fn tip(&self) -> Result<Position, ReadError> {
        Ok(self.0.ledger.read().tip())
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        Ok(self.0.ledger.read().read(after, limit, &[]))
    }

    async fn finished(&self) -> Result<Option<Position>, CopyError> {
        match self.0.ledger.read().place {
            Place::Copy(finished) => Ok(finished),
            Place::Own => Ok(None),
        }
    }

    async fn put(&self, records: Vec<Stored>) -> Result<(), CopyError> {
        let mut ledger = self.0.ledger.write();
        if let Place::Copy(Some(at)) = ledger.place {
            return Err(CopyError::Finished { at });
        }
        for stored in records {
            if stored.position != ledger.tip().next() {
                return Err(CopyError::Displaced { position: stored.position });
            }
            ledger.push(stored);
        }
        self.0.tip.send_replace(ledger.tip());
        Ok(())
    }

    async fn finish(&self, at: Position) -> Result<(), CopyError> {
        let mut ledger = self.0.ledger.write();
        match ledger.place {
            Place::Copy(Some(finished)) if finished != at => return Err(CopyError::Finished { at: finished }),
            _ => ledger.place = Place::Copy(Some(at)),
        }
        Ok(())
    }
}

impl Ledger {
    fn append(&mut self, stream: StreamId, expected: Option<Position>, body: Bytes) -> Result<Position, AppendError> {
        if let Some(sealed) = self.sealed() {
            return Err(sealed.into());
        }
        let of_stream = self.streams.get(&stream);
        let actual = of_stream.and_then(|of_stream| of_stream.last()).map(|&index| self.records[index].position);
        if actual != expected {
            return Err(AppendError::Conflict { stream, expected, actual });
        }
        let position = self.tip().next();
        self.push(Stored { position, stream, body });
        Ok(position)
    }

    fn push(&mut self, stored: Stored) {
        self.streams.entry(stored.stream).or_default().push(self.records.len());
        self.records.push(stored);
    }

    fn tip(&self) -> Position {
        Position(self.records.len() as u64)
    }

    fn sealed(&self) -> Option<Sealed> {
        self.place.sealed(self.tip(), self.records.last().is_some_and(Stored::seals))
    }

    fn load(&self, stream: &StreamId, after: Position, limit: usize) -> Vec<Stored> {
        let of_stream = self.streams.get(stream).into_iter().flatten();
        of_stream
            .map(|&index| &self.records[index])
            .filter(|stored| stored.position > after)
            .take(limit)
            .cloned()
            .collect()
    }

    fn read(&self, after: Position, limit: usize, kinds: &[Kind]) -> Vec<Stored> {
        let from = usize::try_from(after.0).map_or(self.records.len(), |index| index.min(self.records.len()));
        self.records[from..]
            .iter()
            .filter(|stored| kinds.is_empty() || kinds.contains(&stored.stream.kind))
            .take(limit)
            .cloned()
            .collect()
    }
}
