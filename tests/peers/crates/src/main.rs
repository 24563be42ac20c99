//! Event stores from crates.io on SQLite, PostgreSQL and JetStream, each by its own way of appending one event.

mod cqrs_es;
mod esrc_nats;
mod esrs_pg;
mod eventcore;
mod evento;
mod eventsourced;
mod pools;

use std::sync::Arc;

use anyhow::{Result, bail};
use peers_scheme::{Opening, Store};

fn main() -> Result<()> {
    peers_scheme::main(open)
}

async fn open(opening: Opening) -> Result<Arc<dyn Store>> {
    Ok(match opening.store.as_str() {
        "sqlite-es" => Arc::new(cqrs_es::sqlite(&opening).await?),
        "postgres-es" => Arc::new(cqrs_es::postgres(&opening).await?),
        "eventcore-sqlite" => Arc::new(eventcore::sqlite(&opening).await?),
        "eventcore-postgres" => Arc::new(eventcore::postgres(&opening).await?),
        "evento-sqlite" => Arc::new(evento::sqlite(&opening).await?),
        "evento-postgres" => Arc::new(evento::postgres(&opening).await?),
        "esrs" => Arc::new(esrs_pg::open(&opening).await?),
        "eventsourced-postgres" => Arc::new(eventsourced::postgres(&opening).await?),
        "esrc" => Arc::new(esrc_nats::open(&opening).await?),
        other => bail!("`{other}` is no store of this binary"),
    })
}
