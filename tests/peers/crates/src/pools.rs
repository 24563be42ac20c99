//! Connections with the durability that all are measured at: on disk before the acknowledgement.

use std::time::Duration;

use anyhow::{Result, ensure};
use peers_scheme::Opening;
use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// How long a writer waits for another one's lock on the file.
const BUSY_PATIENCE: Duration = Duration::from_secs(30);

pub(crate) const FSYNC: &str = "fsync";

/// WAL, fully synchronous. Nothing is retired while it is measured.
pub(crate) async fn sqlite(opening: &Opening) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(&opening.place)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_PATIENCE);
    Ok(SqlitePoolOptions::new()
        .max_connections(opening.pool)
        .min_connections(opening.pool)
        .test_before_acquire(false)
        .connect_with(options)
        .await?)
}

/// A pool on a server that syncs; a server that does not is refused.
pub(crate) async fn postgres(opening: &Opening) -> Result<PgPool> {
    let pool = PgPoolOptions::new()
        .max_connections(opening.pool)
        .min_connections(opening.pool)
        .test_before_acquire(false)
        .connect(&opening.place)
        .await?;
    for setting in ["fsync", "synchronous_commit"] {
        let value: String = sqlx::query_scalar(&format!("show {setting}")).fetch_one(&pool).await?;
        ensure!(value == "on", "{setting} is {value}");
    }
    Ok(pool)
}
