//! The trail as a view: what is searched for in columns, what is shown derived again from the record's own bytes.

use async_trait::async_trait;
use domain::Position;
use sqlx::AnyConnection;
use views::{Decoded, Generation, Schema, Sink, View};

use crate::{subjects, trail};

/// `fold_version` grows whenever the same records would give other rows.
pub const SCHEMA: Schema = Schema { name: "trail", fold_version: 2, migrations: &[trail::TABLES, subjects::TABLE] };

/// Keeps nothing in memory.
#[derive(Clone, Copy, Debug, Default)]
pub struct TrailView;

#[async_trait]
impl View for TrailView {
    fn schema(&self) -> Schema {
        SCHEMA
    }

    async fn load(&mut self, _rows: &mut AnyConnection, _of: &Generation, _at: Position) -> anyhow::Result<()> {
        Ok(())
    }

    async fn apply(&mut self, rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()> {
        trail::write(rows, batch).await?;
        subjects::write(rows, batch).await
    }

    fn committed(&mut self, _at: Position) {}

    async fn dump(&self, rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
        trail::dump(rows, sink).await?;
        subjects::dump(rows, sink).await
    }
}
