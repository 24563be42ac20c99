//! One set of a view's tables, and the snapshots that readers take of it.

use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, Executor, Row, Transaction};

use super::{Backend, Checkpoint, StoreError, checkpoint};
use crate::Schema;

/// The tables of one view, fold version and generation. Clones share one pool.
#[derive(Clone, Debug)]
pub struct Generation {
    schema: Schema,
    number: u32,
    pool: AnyPool,
    postgres: bool,
}

impl Generation {
    /// Makes the tables that are not there yet, all in one transaction.
    pub(super) async fn prepare(
        schema: Schema,
        number: u32,
        pool: AnyPool,
        backend: &Backend,
    ) -> Result<Self, StoreError> {
        let generation = Self::found(schema, number, pool, backend);
        let cannot = StoreError::sql(format!("make the tables of `{}`", schema.name));
        generation.migrate(backend).await.map_err(cannot)?;
        Ok(generation)
    }

    /// Tables that are there.
    pub(super) fn found(schema: Schema, number: u32, pool: AnyPool, backend: &Backend) -> Self {
        Self { schema, number, pool, postgres: backend.is_postgres() }
    }

    pub fn schema(&self) -> Schema {
        self.schema
    }

    /// From 1; a rebuild makes the next.
    pub fn number(&self) -> u32 {
        self.number
    }

    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    pub fn is_postgres(&self) -> bool {
        self.postgres
    }

    /// A transaction that writes. On SQLite its first statement must write, as a checkpoint's compare-and-set does.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        self.pool.begin().await
    }

    /// A transaction that reads, all of it as of one commit.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn snapshot(&self) -> Result<Transaction<'static, Any>, sqlx::Error> {
        let begin = if self.postgres { "begin isolation level repeatable read, read only" } else { "begin" };
        self.pool.begin_with(begin).await
    }

    /// # Errors
    /// When the database does not answer.
    pub async fn checkpoint(&self) -> Result<Checkpoint, sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        Checkpoint::read(&mut connection, self.schema).await
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn migrate(&self, backend: &Backend) -> Result<(), sqlx::Error> {
        // Serialises those who start at once: `begin immediate` on SQLite, a lock of the transaction on PostgreSQL.
        let mut tx = self.pool.begin_with(if self.postgres { "begin" } else { "begin immediate" }).await?;
        if self.postgres {
            tx.execute("select pg_advisory_xact_lock(7310847)").await?;
        }
        tx.execute("create table if not exists migration (number bigint primary key)").await?;
        let done = sqlx::query("select count(*) from migration").fetch_one(&mut *tx).await?.try_get::<i64, _>(0)?;
        if done == 0 {
            tx.execute(AssertSqlSafe(backend.speak(checkpoint::TABLE))).await?;
            Checkpoint::create(&mut tx, self.schema).await?;
            note(&mut tx, 0).await?;
        }
        let done = usize::try_from(done).unwrap_or(0).saturating_sub(1);
        for (number, sql) in (1_i64..).zip(self.schema.migrations).skip(done) {
            sqlx::raw_sql(AssertSqlSafe(backend.speak(sql))).execute(&mut *tx).await?;
            note(&mut tx, number).await?;
        }
        tx.commit().await
    }
}

async fn note(tx: &mut AnyConnection, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query("insert into migration (number) values ($1)").bind(number).execute(tx).await.map(|_| ())
}
