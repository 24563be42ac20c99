//! A journal that knows of a record which nobody can read yet.

use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    Actor, Command, CommandId, Kind, Position, Role, StreamId, SubjectId, Timestamp, UnitId, ledger::OpenLedger,
};
use futures::stream::BoxStream;
use uuid::Uuid;

use super::*;
use crate::{AppendError, Durability, Followed, Journal, LedgerClock, Stored};

/// As a stream whose leader has taken an append and has no majority for it.
struct Pending;

#[async_trait]
impl Journal for Pending {
    async fn append(&self, stream: &StreamId, expected: Option<Position>, _: Bytes) -> Result<Position, AppendError> {
        Err(AppendError::Conflict { stream: *stream, expected, actual: Some(Position(1)) })
    }

    async fn load(&self, _: &StreamId, _: Position, _: usize) -> Result<Vec<Stored>, ReadError> {
        Ok(Vec::new())
    }

    async fn read(&self, _: Position, _: usize, _: &[Kind]) -> Result<Vec<Stored>, ReadError> {
        Ok(Vec::new())
    }

    fn follow(&self, _: Position, _: &[Kind]) -> BoxStream<'static, Result<Followed, ReadError>> {
        Box::pin(futures::stream::pending())
    }

    async fn tip(&self) -> Result<Position, ReadError> {
        Ok(Position::START)
    }

    fn durability(&self) -> Durability {
        Durability::Buffered
    }
}

/// Nobody else writes there: what is under way may be this command, sent by an earlier call.
#[tokio::test(start_paused = true)]
async fn a_conflict_with_what_nobody_can_read_leaves_the_outcome_unknown() {
    let live = Arc::new(Live::new(LedgerClock::scripted(Arc::new(|| Timestamp(1_641_171_600_000_000)))));
    let executor = Executor::new(ExecutorConfig::default(), Arc::new(Pending), live);
    let actor = Actor { subject: SubjectId(Uuid::nil()), office: UnitId(Uuid::nil()), role: Role::Admin };
    let open = Command::OpenLedger(OpenLedger { name: "unseen".into(), demonstration: false });
    let answer = executor.execute(Submission::new(CommandId(Uuid::from_u128(1)), actor, open)).await;
    assert!(matches!(answer, Err(ExecuteError::OutcomeUnknown { .. })), "{answer:?}");
}
