//! eventsourced on PostgreSQL.

use std::{num::NonZeroU64, pin::pin};

use anyhow::Result;
use async_trait::async_trait;
use eventsourced::{binarize::serde_json as json, event_log::EventLog};
use eventsourced_postgres::{PostgresEventLog, PostgresEventLogConfig};
use futures::StreamExt;
use peers_scheme::{Founded, Opening, Store, Uuid, founded};
use url::Url;

use crate::pools;

const KIND: &str = "organisation";

/// The crate's pool has ten connections, whatever is asked for.
pub(crate) async fn postgres(opening: &Opening) -> Result<EventSourced<PostgresEventLog<Uuid>>> {
    drop(pools::postgres(&Opening { pool: 1, ..opening.clone() }).await?);
    let url = Url::parse(&opening.place)?;
    let config = PostgresEventLogConfig {
        host: url.host_str().unwrap_or("127.0.0.1").to_owned(),
        port: url.port().unwrap_or(5432),
        user: url.username().to_owned(),
        password: url.password().unwrap_or("none").to_owned(),
        dbname: url.path().trim_start_matches('/').to_owned(),
        sslmode: "disable".to_owned(),
        setup: true,
        ..PostgresEventLogConfig::default()
    };
    Ok(EventSourced { log: PostgresEventLog::new(config).await?, durability: pools::FSYNC })
}

pub(crate) struct EventSourced<L> {
    log: L,
    durability: &'static str,
}

#[async_trait]
impl<L> Store for EventSourced<L>
where
    L: EventLog<Id = Uuid> + Sync,
{
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        // Appending takes the log by exclusive reference; a clone shares its connections.
        let mut log = self.log.clone();
        let after = after.and_then(NonZeroU64::new);
        Ok(log.persist(KIND, &stream, after, &founded(), &json::to_bytes).await?.get())
    }

    async fn read_all(&self, expected: u64) -> Result<u64> {
        let events = self.log.events_by_type::<Founded, _, _>(KIND, NonZeroU64::MIN, json::from_bytes).await?;
        // The stream goes on into the future.
        let mut events = pin!(events.take(usize::try_from(expected)?));
        let mut read = 0;
        while let Some(event) = events.next().await {
            event?;
            read += 1;
        }
        Ok(read)
    }

    fn durability(&self) -> String {
        self.durability.to_owned()
    }
}
