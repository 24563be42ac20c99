//! A bridge for aggregates written against the crate `eventually`: its event store, over any journal.

use ::eventually::store::{self, EventStore, EventStream, Expected, Persisted, Select};
use async_stream::try_stream;
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream::BoxStream};

use crate::{AppendError, BoxError, READ_MAX, ReadError, SharedJournal, Stored};

/// Times that an append which expects nothing in particular gives way to another.
const ANY_TRIES: usize = 16;

/// How the events of one kind of aggregate lie in a journal.
pub trait Mapping: Send + Sync + 'static {
    type Id: Eq + Clone + Send + Sync + 'static;
    type Event: Send + Sync + 'static;
    const KIND: Kind;

    fn stream(&self, id: &Self::Id) -> StreamId;

    fn id(&self, stream: StreamId) -> Self::Id;

    /// One record: all events of one decision, the `version`th of the stream, counted from 1.
    fn encode(&self, stream: StreamId, version: u32, events: &[Self::Event]) -> Result<Bytes, BoxError>;

    /// The version and the events of one record.
    fn decode(&self, stored: &Stored) -> Result<(u32, Vec<Self::Event>), BoxError>;
}

/// An [`EventStore`] whose versions are those of the records in a stream: what is appended together is one record, has one
/// version, and is read together. Nothing is ever removed.
#[derive(Clone)]
pub struct JournalStore<M> {
    journal: SharedJournal,
    mapping: M,
}

type Event<M> = Persisted<<M as Mapping>::Id, <M as Mapping>::Event>;

impl<M: Mapping> JournalStore<M> {
    pub fn new(journal: SharedJournal, mapping: M) -> Self {
        Self { journal, mapping }
    }

    async fn append_as(&self, id: &M::Id, expected: Expected, events: &[M::Event]) -> Result<u32, StoreError> {
        let stream = self.mapping.stream(id);
        let last = self.last(stream).await?;
        if let Expected::Exact(version) = expected
            && version != last.version
        {
            return Err(StoreError::Conflict { stream, expected: version, actual: Some(last.version) });
        }
        let version = last.version.checked_add(1).ok_or(StoreError::TooMany { stream })?;
        let body =
            self.mapping.encode(stream, version, events).map_err(|source| StoreError::Encode { stream, source })?;
        self.append_after(stream, expected, last, body).await
    }

    async fn append_after(
        &self,
        stream: StreamId,
        expected: Expected,
        last: Last,
        body: Bytes,
    ) -> Result<u32, StoreError> {
        match self.journal.append(&stream, last.position, body).await {
            Ok(_) => Ok(last.version + 1),
            Err(AppendError::Conflict { .. }) => {
                let expected = if let Expected::Exact(version) = expected { version } else { last.version };
                Err(StoreError::Conflict { stream, expected, actual: None })
            }
            Err(error) => Err(StoreError::Append(error)),
        }
    }

    /// Where the stream ends. Every record of it is read, and its version checked.
    async fn last(&self, stream: StreamId) -> Result<Last, StoreError> {
        let mut last = Last::default();
        let mut records = std::pin::pin!(self.records(stream));
        while let Some(stored) = records.next().await {
            let stored = stored?;
            last = Last { version: self.events(&stored)?.0, position: Some(stored.position) };
        }
        Ok(last)
    }

    fn records(&self, stream: StreamId) -> BoxStream<'_, Result<Stored, StoreError>> {
        pages(Position::START, move |after| async move { self.journal.load(&stream, after, READ_MAX).await })
    }

    fn events(&self, stored: &Stored) -> Result<(u32, Vec<M::Event>), StoreError> {
        let decoded = self.mapping.decode(stored);
        decoded.map_err(|source| StoreError::Decode { position: stored.position, source })
    }

    fn persisted(&self, stored: &Stored) -> Result<Vec<Event<M>>, StoreError> {
        let (version, events) = self.events(stored)?;
        let id = self.mapping.id(stored.stream);
        let sequence = u32::try_from(stored.position.0).map_err(|_| StoreError::TooMany { stream: stored.stream })?;
        let persisted = |event| Persisted::from(id.clone(), event).version(version).sequence_number(sequence);
        Ok(events.into_iter().map(persisted).collect())
    }

    /// The events of these records, those that are `wanted`.
    fn select<'a>(
        &'a self,
        records: BoxStream<'a, Result<Stored, StoreError>>,
        wanted: impl Fn(&Event<M>) -> bool + Send + 'a,
    ) -> EventStream<'a, Self> {
        let events = records.map(|stored| self.persisted(&stored?));
        let events = events.map_ok(|events| futures::stream::iter(events.into_iter().map(Ok))).try_flatten();
        events.try_filter(move |event| std::future::ready(wanted(event))).boxed()
    }
}

#[derive(Clone, Copy, Default)]
struct Last {
    /// 0 before the first record.
    version: u32,
    position: Option<Position>,
}

/// Every record that `read` gives after a position, page by page.
fn pages<'a, Read, Page>(mut after: Position, read: Read) -> BoxStream<'a, Result<Stored, StoreError>>
where
    Read: Fn(Position) -> Page + Send + 'a,
    Page: Future<Output = Result<Vec<Stored>, ReadError>> + Send,
{
    Box::pin(try_stream! {
        loop {
            let page = read(after).await.map_err(StoreError::Read)?;
            let full = page.len() == READ_MAX;
            for stored in page {
                after = stored.position;
                yield stored;
            }
            if !full {
                break;
            }
        }
    })
}

impl<M: Mapping> EventStore for JournalStore<M> {
    type SourceId = M::Id;
    type Event = M::Event;
    type Error = StoreError;

    fn append(
        &mut self,
        id: M::Id,
        version: Expected,
        events: Vec<M::Event>,
    ) -> BoxFuture<'_, Result<u32, StoreError>> {
        async move {
            let mut tries = 1;
            loop {
                match self.append_as(&id, version, &events).await {
                    Err(StoreError::Conflict { .. }) if version == Expected::Any && tries < ANY_TRIES => tries += 1,
                    outcome => return outcome,
                }
            }
        }
        .boxed()
    }

    fn stream(&self, id: M::Id, select: Select) -> BoxFuture<'_, Result<EventStream<'_, Self>, StoreError>> {
        let records = self.records(self.mapping.stream(&id));
        let from = first(select);
        let wanted = move |event: &Event<M>| ::eventually::versioning::Versioned::version(event) >= from;
        std::future::ready(Ok(self.select(records, wanted))).boxed()
    }

    /// `Select::From` counts positions here, the sequence over the whole ledger.
    fn stream_all(&self, select: Select) -> BoxFuture<'_, Result<EventStream<'_, Self>, StoreError>> {
        let from = first(select);
        let after = Position(u64::from(from.saturating_sub(1)));
        let records = pages(after, move |after| async move { self.journal.read(after, READ_MAX, &[M::KIND]).await });
        std::future::ready(Ok(self.select(records, |_| true))).boxed()
    }

    fn remove(&mut self, id: M::Id) -> BoxFuture<'_, Result<(), StoreError>> {
        std::future::ready(Err(StoreError::Kept { stream: self.mapping.stream(&id) })).boxed()
    }
}

fn first(select: Select) -> u32 {
    match select {
        Select::All => 0,
        Select::From(first) => first,
    }
}

/// Why the store did not do as it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// `actual` is `None` when another append came between.
    #[error("stream `{stream}` is not at version {expected}")]
    Conflict { stream: StreamId, expected: u32, actual: Option<u32> },
    #[error("a ledger keeps what it has: `{stream}` was not removed")]
    Kept { stream: StreamId },
    #[error("`{stream}` has more records than this store can count")]
    TooMany { stream: StreamId },
    #[error("failed to append to the journal")]
    Append(#[source] AppendError),
    #[error("failed to read the journal")]
    Read(#[source] ReadError),
    #[error("failed to encode events of `{stream}`")]
    Encode {
        stream: StreamId,
        #[source]
        source: BoxError,
    },
    #[error("failed to decode the record at position {position}")]
    Decode {
        position: Position,
        #[source]
        source: BoxError,
    },
}

impl store::AppendError for StoreError {
    fn is_conflict_error(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}
