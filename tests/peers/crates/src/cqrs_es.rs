//! cqrs-es with sqlite-es and postgres-es: the repository persists serialized events.

use std::fmt;

use anyhow::Result;
use async_trait::async_trait;
use cqrs_es::{
    Aggregate, DomainEvent,
    event_sink::EventSink,
    persist::{PersistedEventRepository, SerializedEvent},
};
use peers_scheme::{Founded, Opening, Store, Uuid, founded};
use postgres_es::PostgresEventRepository;
use serde::{Deserialize, Serialize};
use sqlite_es::SqliteEventRepository;

use crate::pools;

/// As in the migrations of both crates.
const SQLITE_SCHEMA: &str = "create table if not exists events (
    aggregate_type text not null, aggregate_id text not null, sequence integer check (sequence >= 0) not null,
    event_type text not null, event_version text not null, payload text not null, metadata text not null,
    primary key (aggregate_type, aggregate_id, sequence)) strict";
const POSTGRES_SCHEMA: &str = "create table if not exists events (
    aggregate_type text not null, aggregate_id text not null, sequence bigint check (sequence >= 0) not null,
    event_type text not null, event_version text not null, payload json not null, metadata json not null,
    primary key (aggregate_type, aggregate_id, sequence))";

pub(crate) async fn sqlite(opening: &Opening) -> Result<Repository<SqliteEventRepository>> {
    let pool = pools::sqlite(opening).await?;
    sqlx::query(SQLITE_SCHEMA).execute(&pool).await?;
    Ok(Repository(SqliteEventRepository::new(pool).with_streaming_channel_size(1_000)))
}

pub(crate) async fn postgres(opening: &Opening) -> Result<Repository<PostgresEventRepository>> {
    let pool = pools::postgres(opening).await?;
    sqlx::query(POSTGRES_SCHEMA).execute(&pool).await?;
    Ok(Repository(PostgresEventRepository::new(pool).with_streaming_channel_size(1_000)))
}

pub(crate) struct Repository<R>(R);

#[async_trait]
impl<R: PersistedEventRepository + 'static> Store for Repository<R> {
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        let sequence = after.unwrap_or(0) + 1;
        let event = SerializedEvent::new(
            stream.to_string(),
            usize::try_from(sequence)?,
            Organisation::TYPE.to_owned(),
            "founded".to_owned(),
            "1".to_owned(),
            serde_json::to_value(founded())?,
            serde_json::json!({}),
        );
        self.0.persist::<Organisation>(&[event], None).await?;
        Ok(sequence)
    }

    async fn read_all(&self, _expected: u64) -> Result<u64> {
        let mut events = self.0.stream_all_events::<Organisation>().await?;
        let mut read = 0;
        while let Some(event) = events.next::<Organisation>(&[]).await {
            event?;
            read += 1;
        }
        Ok(read)
    }

    fn durability(&self) -> String {
        pools::FSYNC.to_owned()
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Organisation;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Event(Founded);

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        "founded".to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

/// Commands refuse nothing here.
#[derive(Debug)]
struct Never;

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("never")
    }
}

impl std::error::Error for Never {}

impl Aggregate for Organisation {
    const TYPE: &'static str = "organisation";
    type Command = ();
    type Event = Event;
    type Error = Never;
    type Services = ();

    async fn handle(&mut self, (): (), (): &(), _sink: &EventSink<Self>) -> Result<(), Never> {
        Ok(())
    }

    fn apply(&mut self, _event: Event) {}
}
