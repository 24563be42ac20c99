//! How anything but intake sends a command: through this port, to an executor in the process or to an intake over HTTP.

use async_trait::async_trait;
use domain::{CommandId, Position, StreamId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Problem;

/// One command as a caller sends it.
#[derive(Clone, Debug)]
pub struct CommandRequest {
    /// Its name in the table, such as `found-organisation`.
    pub name: String,
    pub key: CommandId,
    /// The body, JSON.
    pub data: bytes::Bytes,
    pub precondition: Option<Precondition>,
}

/// `If-Match` and `If-None-Match`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The stream's last position must be this one.
    LastPosition(Position),
    /// The stream must not exist.
    NewStream,
}

/// What the caller gets for a recorded command, now and whenever it is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Receipt {
    pub command_id: CommandId,
    #[schema(value_type = String)]
    pub stream: StreamId,
    pub version: u64,
    pub position: Position,
    pub recorded_at: Timestamp,
    /// What the record had survived when it was acknowledged, such as `fsync`.
    pub durability: String,
    /// Whether this command had been recorded before.
    pub replayed: bool,
}

/// Sends commands. The bearer token travels with each.
#[async_trait]
pub trait CommandPort: Send + Sync + 'static {
    async fn submit(&self, bearer: &str, request: CommandRequest) -> Result<Receipt, Problem>;
}
