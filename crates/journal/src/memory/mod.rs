//! A journal in memory, for tests: the port with nothing around it.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::stream::BoxStream;
use parking_lot::RwLock;
use tokio::sync::watch;

use crate::{
    AppendError, BODY_MAX_BYTES, Durability, Followed, Journal, READ_MAX, ReadError, Stored,
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
}

impl Ledger {
    fn append(&mut self, stream: StreamId, expected: Option<Position>, body: Bytes) -> Result<Position, AppendError> {
        let of_stream = self.streams.entry(stream).or_default();
        let actual = of_stream.last().map(|&index| self.records[index].position);
        if actual != expected {
            return Err(AppendError::Conflict { stream, expected, actual });
        }
        let index = self.records.len();
        let position = Position(index as u64 + 1);
        of_stream.push(index);
        self.records.push(Stored { position, stream, body });
        Ok(position)
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
