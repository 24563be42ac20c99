//! What a view is: rows that a pure fold of the ledger makes, and whatever it keeps in memory beside them.

use async_trait::async_trait;
use bytes::Bytes;
use domain::{Position, Record};
use sqlx::AnyConnection;

/// A record as a view gets it: decoded, with its place and the bytes it came from.
#[derive(Clone, Debug)]
pub struct Decoded {
    pub position: Position,
    pub record: Record,
    pub body: Bytes,
}

/// The tables of one version of a view.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// Part of a file's or a schema's name: lower-case letters only.
    pub name: &'static str,
    /// Grows whenever the same records would give other rows.
    pub fold_version: u32,
    /// Statements in order, in the SQL that SQLite and PostgreSQL share; `{bytes}` stands for the type of a byte string.
    pub migrations: &'static [&'static str],
}

/// Takes the parts of a dump in order: the name of a table, and one of its rows in a canonical encoding.
pub type Sink<'a> = &'a mut (dyn FnMut(&str, &[u8]) + Send);

/// A fold of the ledger into rows.
///
/// The rows at a position MUST be a function of the records up to it: not of batches, clocks, or restarts.
#[async_trait]
pub trait View: Send + Sync + 'static {
    fn schema(&self) -> Schema;

    /// Most records folded in one transaction.
    fn batch_max(&self) -> usize {
        8_192
    }

    /// Reads what the view keeps in memory from rows whose checkpoint is `at`. Called at the start, and whenever memory and rows
    /// may differ: after a failed transaction, or when another owner has written.
    async fn load(
        &mut self,
        rows: &mut AnyConnection,
        generation: &crate::Generation,
        at: Position,
    ) -> anyhow::Result<()>;

    /// Writes the rows of the next records, in the transaction that has moved the checkpoint to the last of them. What readers
    /// see in memory MUST NOT change before `committed`.
    async fn apply(&mut self, rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()>;

    /// The transaction of the last `apply` is durable.
    fn committed(&mut self, at: Position);

    /// Every row, in an order and encoding that depend on the records alone: how two generations are compared.
    async fn dump(&self, rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()>;
}
