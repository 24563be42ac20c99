//! A new place for each run: an empty file, an empty database, an empty server.

use anyhow::{Context, Result};
use tempfile::TempDir;
use testkit::{
    nats::{NatsServer, NatsSettings},
    postgres::Postgres,
};

use crate::stores::{Backend, Measured};

/// Servers that outlive a run.
pub(crate) struct Servers {
    postgres: Option<Postgres>,
}

impl Servers {
    pub(crate) fn none_yet() -> Self {
        Self { postgres: None }
    }

    /// Where `store` finds nothing.
    pub(crate) async fn place(&mut self, store: &Measured) -> Result<Place> {
        Ok(match store.backend {
            Backend::Sqlite => {
                let folder = tempfile::tempdir()?;
                let file = folder.path().join("events.db").to_str().context("paths are text")?.to_owned();
                let name = if store.is_ours() { format!("sqlite:{file}") } else { file };
                Place { name, _folder: Some(folder), _nats: None }
            }
            Backend::Postgres => {
                let server = self.postgres.get_or_insert_with(Postgres::start_durable);
                Place { name: server.database().await, _folder: None, _nats: None }
            }
            Backend::Buffered => nats(store, false).await,
            Backend::SyncAlways => nats(store, true).await,
        })
    }
}

async fn nats(store: &Measured, sync_always: bool) -> Place {
    let server = NatsServer::start_with(NatsSettings { sync_always, ..NatsSettings::default() }).await;
    let name = match (store.is_ours(), sync_always) {
        (true, _) => server.url("peers"),
        (false, true) => format!("nats://{}?fsync", server.address()),
        (false, false) => format!("nats://{}", server.address()),
    };
    Place { name, _folder: None, _nats: Some(server) }
}

/// Goes when it is dropped.
pub(crate) struct Place {
    pub(crate) name: String,
    _folder: Option<TempDir>,
    _nats: Option<NatsServer>,
}
