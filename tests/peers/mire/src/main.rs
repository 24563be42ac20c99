//! mire's embedded store on SQLite, fully synchronous by its own default.

use std::sync::Arc;

use anyhow::{Result, ensure};
use async_trait::async_trait;
use mire::{EmbeddedOptions, Event, EventData, EventStore, ExpectedVersion};
use peers_scheme::{Founded, Opening, Store, Uuid, founded};
use serde::{Deserialize, Serialize};

const CATEGORY: &str = "organisation";
const PAGE: i64 = 1_000;

fn main() -> Result<()> {
    peers_scheme::main(open)
}

async fn open(opening: Opening) -> Result<Arc<dyn Store>> {
    ensure!(opening.store == "mire-sqlite", "`{}` is no store of this binary", opening.store);
    let options = EmbeddedOptions { max_connections: opening.pool, ..EmbeddedOptions::default() };
    let store = EventStore::open_with(&opening.place, options).await?;
    store.migrate().await?;
    Ok(Arc::new(Mire(store)))
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct OrganisationFounded(Founded);

impl EventData for OrganisationFounded {
    fn event_type(&self) -> &'static str {
        "organisation-founded"
    }
}

struct Mire(EventStore);

#[async_trait]
impl Store for Mire {
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        let expected = match after {
            None => ExpectedVersion::NoStream,
            Some(version) => ExpectedVersion::Exact(i64::try_from(version)?),
        };
        let stream = format!("{CATEGORY}-{stream}");
        let event = Event::new(OrganisationFounded(founded()));
        Ok(u64::try_from(self.0.append(&stream, CATEGORY, expected, &[event]).await?)?)
    }

    async fn read_all(&self, _expected: u64) -> Result<u64> {
        let (mut read, mut transaction, mut position) = (0, 0, 0);
        loop {
            let events = self.0.read_all_after(transaction, position, PAGE).await?;
            let Some(last) = events.last() else { return Ok(read) };
            (transaction, position) = (last.transaction_id, last.global_position);
            read += u64::try_from(events.len())?;
        }
    }

    fn durability(&self) -> String {
        "fsync".to_owned()
    }
}
