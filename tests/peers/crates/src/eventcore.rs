//! eventcore-sqlite and eventcore-postgres: writes with an expected version for each stream.

use anyhow::{Result, anyhow};
use async_trait::async_trait;
use eventcore_postgres::PostgresEventStore;
use eventcore_sqlite::{SqliteEventStore, rusqlite::Connection};
use eventcore_types::{
    BatchSize, Event, EventFilter, EventPage, EventReader, EventStore, StreamId, StreamVersion, StreamWrites,
};
use peers_scheme::{Founded, Opening, Store, Uuid, founded};
use serde::{Deserialize, Serialize};

use crate::pools;

const PAGE: usize = 1_000;

/// One connection behind a lock: the crate holds no more.
pub(crate) async fn sqlite(opening: &Opening) -> Result<EventCore<SqliteEventStore>> {
    let connection = Connection::open(&opening.place)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    let store = SqliteEventStore::from_connection(connection);
    store.migrate().await?;
    Ok(EventCore(store))
}

pub(crate) async fn postgres(opening: &Opening) -> Result<EventCore<PostgresEventStore>> {
    let store = PostgresEventStore::from_pool(pools::postgres(opening).await?);
    store.migrate().await;
    Ok(EventCore(store))
}

pub(crate) struct EventCore<S>(S);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct OrganisationFounded {
    stream: StreamId,
    #[serde(flatten)]
    founded: Founded,
}

impl Event for OrganisationFounded {
    fn stream_id(&self) -> &StreamId {
        &self.stream
    }

    fn event_type_name() -> &'static str {
        "organisation-founded"
    }
}

#[async_trait]
impl<S> Store for EventCore<S>
where
    S: EventStore + EventReader + Send + 'static,
    S::Error: std::fmt::Display,
{
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        let version = usize::try_from(after.unwrap_or(0))?;
        let stream = StreamId::try_new(stream.to_string())?;
        let writes = StreamWrites::new()
            .register_stream(stream.clone(), StreamVersion::new(version))?
            .append(OrganisationFounded { stream, founded: founded() })?;
        self.0.append_events(writes).await?;
        Ok(u64::try_from(version)? + 1)
    }

    async fn read_all(&self, _expected: u64) -> Result<u64> {
        let mut read = 0;
        let mut page = EventPage::first(BatchSize::new(PAGE));
        loop {
            let events = self.0.read_events::<OrganisationFounded>(EventFilter::all(), page).await;
            let events = events.map_err(|error| anyhow!("failed to read a page: {error}"))?;
            let Some((_, last)) = events.last() else { return Ok(read) };
            page = EventPage::after(*last, BatchSize::new(PAGE));
            read += u64::try_from(events.len())?;
        }
    }

    fn durability(&self) -> String {
        pools::FSYNC.to_owned()
    }
}
