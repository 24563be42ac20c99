//! esrc on JetStream: a message with the subject's last sequence as its guard.

use std::pin::pin;

use anyhow::Result;
use async_nats::jetstream;
use async_trait::async_trait;
use esrc::{
    envelope::Envelope,
    event::{Event, Publish, Replay, Sequence},
    nats::NatsStore,
    version::{DeserializeVersion, SerializeVersion},
};
use futures::StreamExt;
use peers_scheme::{Founded, Opening, Store, Uuid, founded};
use serde::{Deserialize, Serialize};

use crate::pools;

/// `place` is `nats://host:port`, with `?fsync` for a server that syncs always.
pub(crate) async fn open(opening: &Opening) -> Result<Esrc> {
    let (address, durability) = server(&opening.place);
    let context = jetstream::new(async_nats::connect(address).await?);
    Ok(Esrc { store: NatsStore::try_new(context, "peers").await?, durability })
}

#[derive(Serialize, Deserialize, Event, SerializeVersion, DeserializeVersion)]
struct Organisation(Founded);

/// A server's address, and what it does before it acknowledges.
fn server(place: &str) -> (String, &'static str) {
    match place.split_once('?') {
        Some((address, "fsync")) => (address.to_owned(), pools::FSYNC),
        _ => (place.to_owned(), "buffered"),
    }
}

pub(crate) struct Esrc {
    store: NatsStore,
    durability: &'static str,
}

#[async_trait]
impl Store for Esrc {
    async fn append(&self, stream: Uuid, after: Option<u64>) -> Result<u64> {
        // Appending takes the store by exclusive reference; a clone shares its connection.
        let mut store = self.store.clone();
        let after = Sequence::from(after.unwrap_or(0));
        Ok(store.publish(stream, after, Organisation(founded())).await?.into())
    }

    async fn read_all(&self, _expected: u64) -> Result<u64> {
        let mut events = pin!(self.store.replay::<Organisation>(Sequence::new()).await?);
        let mut read = 0;
        while let Some(event) = events.next().await {
            event?.deserialize::<Organisation>()?;
            read += 1;
        }
        Ok(read)
    }

    fn durability(&self) -> String {
        self.durability.to_owned()
    }
}
