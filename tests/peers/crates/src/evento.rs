//! evento on SQLite and PostgreSQL: its executor's write, one event. `commit` would write a snapshot as well, in a second transaction.

use std::{
    collections::HashSet,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::Result;
use async_trait::async_trait;
use evento::{
    Event, Executor, Postgres, RoutingKey, Sqlite,
    cursor::Args,
    migrator::{Migrate, Plan},
};
use peers_scheme::{Opening, Store, Uuid, bytes, founded};
use ulid::Ulid;

use crate::pools;

const KIND: &str = "organisation";
const PAGE: u16 = 1_000;

pub(crate) async fn sqlite(opening: &Opening) -> Result<Evento<Sqlite>> {
    let pool = pools::sqlite(opening).await?;
    let migrator = evento::sql_migrator::new::<sqlx::Sqlite>()?;
    migrator.run(&mut *pool.acquire().await?, &Plan::apply_all()).await?;
    Ok(Evento(pool.into()))
}

pub(crate) async fn postgres(opening: &Opening) -> Result<Evento<Postgres>> {
    let pool = pools::postgres(opening).await?;
    let migrator = evento::sql_migrator::new::<sqlx::Postgres>()?;
    migrator.run(&mut *pool.acquire().await?, &Plan::apply_all()).await?;
    Ok(Evento(pool.into()))
}

pub(crate) struct Evento<E>(E);

#[async_trait]
impl<E: Executor> Store for Evento<E> {
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        let version = after.unwrap_or(0) + 1;
        #[expect(clippy::disallowed_methods, reason = "the peer's events carry the machine's time")]
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let event = Event {
            id: Ulid::new(),
            // A column of 26 characters: the same bits as a ULID.
            aggregator_id: Ulid(stream.as_u128()).to_string(),
            aggregator_type: KIND.to_owned(),
            version: i32::try_from(version)?,
            name: "founded".to_owned(),
            routing_key: None,
            data: bytes(&founded()),
            metadata: vec![1],
            timestamp: now.as_secs(),
            timestamp_subsec: now.subsec_millis(),
        };
        self.0.write(vec![event]).await?;
        Ok(version)
    }

    async fn read_all(&self, _expected: u64) -> Result<u64> {
        let (mut read, mut after) = (0, None);
        loop {
            let kinds = HashSet::from([KIND.to_owned()]);
            let page = self.0.read(kinds, RoutingKey::All, Args::forward(PAGE, after)).await?;
            read += u64::try_from(page.edges.len())?;
            if !page.page_info.has_next_page {
                return Ok(read);
            }
            after = page.page_info.end_cursor;
        }
    }

    fn durability(&self) -> String {
        pools::FSYNC.to_owned()
    }
}
