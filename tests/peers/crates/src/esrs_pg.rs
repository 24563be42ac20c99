//! esrs on PostgreSQL: the store persists the events of an aggregate's state.

use anyhow::Result;
use async_trait::async_trait;
use esrs::{
    Aggregate, AggregateState,
    store::{
        EventStore, StoreEvent,
        postgres::{PgStore, PgStoreBuilder},
    },
};
use futures::StreamExt;
use peers_scheme::{Founded, Opening, Store, Uuid, founded};
use sqlx::PgPool;

use crate::pools;

pub(crate) async fn open(opening: &Opening) -> Result<Esrs> {
    let pool = pools::postgres(opening).await?;
    Ok(Esrs { store: PgStoreBuilder::new(pool.clone()).try_build().await?, pool })
}

/// Nothing refuses here.
#[derive(Debug, thiserror::Error)]
#[error("never")]
pub(crate) struct Never;

pub(crate) struct Organisation;

impl Aggregate for Organisation {
    const NAME: &'static str = "organisation";
    type State = ();
    type Command = ();
    type Event = Founded;
    type Error = Never;

    fn handle_command((): &(), (): ()) -> Result<Vec<Founded>, Never> {
        Ok(Vec::new())
    }

    fn apply_event((): (), _event: Founded) {}
}

pub(crate) struct Esrs {
    store: PgStore<Organisation>,
    pool: PgPool,
}

#[async_trait]
impl Store for Esrs {
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        let mut state = AggregateState::with_id(stream);
        if let Some(after) = after {
            // A state's version comes from its events only.
            let last = StoreEvent {
                id: stream,
                aggregate_id: stream,
                payload: (),
                occurred_on: Default::default(),
                sequence_number: i32::try_from(after)?,
                version: None,
            };
            state = state.apply_store_events(vec![last], |(), ()| ());
        }
        let appended = self.store.persist(&mut state, vec![founded()]).await?;
        Ok(u64::try_from(*appended[0].sequence_number())?)
    }

    async fn read_all(&self, _expected: u64) -> Result<u64> {
        let mut events = self.store.stream_events(&self.pool);
        let mut read = 0;
        while let Some(event) = events.next().await {
            event?;
            read += 1;
        }
        Ok(read)
    }

    fn durability(&self) -> String {
        pools::FSYNC.to_owned()
    }
}
