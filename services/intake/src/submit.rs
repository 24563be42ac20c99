//! One command from whoever sent it: identified, decoded, executed, receipted.

use async_trait::async_trait;
use domain::{Command, CommandId};
use journal::{ExecuteError, Recorded, Submission};
use kit::{CommandPort, CommandRequest, Identity, Precondition, Problem, Receipt, decode, execution, problem};
use uuid::Uuid;

use crate::Intake;

/// What a caller may say of the context of a command.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    pub(crate) correlation: Option<Uuid>,
    pub(crate) causation: Option<Uuid>,
    pub(crate) parent: Option<String>,
}

/// A command that has been decoded.
pub(crate) struct Decoded {
    pub(crate) key: CommandId,
    pub(crate) command: Box<Command>,
    pub(crate) precondition: Option<Precondition>,
    pub(crate) trace: Trace,
}

impl Intake {
    pub(crate) fn identify(&self, bearer: Option<&str>) -> Result<Identity, Problem> {
        bearer.and_then(|token| self.inner.identities.identify(token)).ok_or_else(unauthenticated)
    }

    /// A command of its own: refused at once when too many are under way.
    pub(crate) async fn execute(&self, identity: &Identity, decoded: Decoded) -> Result<Receipt, Problem> {
        let Ok(_permit) = self.inner.under_way.try_acquire() else { return Err(execution::busy()) };
        self.record(identity, decoded).await
    }

    /// Lines of many that do not wait for each other: they wait until they may, and their client with them. An outcome for each.
    pub(crate) async fn execute_lines(
        &self,
        identity: &Identity,
        lines: Vec<Decoded>,
    ) -> Vec<Result<Receipt, Problem>> {
        let refused = |problem: Problem| lines.iter().map(|_| Err(problem.clone())).collect();
        // Never more than there are at all.
        let permits = u32::try_from(lines.len().min(self.inner.config.lines_executing)).unwrap_or(u32::MAX);
        let Ok(_permits) = self.inner.lines.acquire_many(permits).await else { return refused(execution::busy()) };
        if !self.is_ready() {
            return refused(self.not_ready());
        }
        let keys: Vec<_> = lines.iter().map(|decoded| decoded.key).collect();
        let submissions = lines.into_iter().map(|decoded| submission(identity, decoded)).collect();
        let recorded = self.inner.executor.execute_all(submissions).await;
        keys.into_iter().zip(recorded).map(|(key, recorded)| self.answer(key, recorded)).collect()
    }

    async fn record(&self, identity: &Identity, decoded: Decoded) -> Result<Receipt, Problem> {
        if !self.is_ready() {
            return Err(self.not_ready());
        }
        let key = decoded.key;
        self.answer(key, self.inner.executor.execute(submission(identity, decoded)).await)
    }

    fn answer(&self, key: CommandId, recorded: Result<Recorded, ExecuteError>) -> Result<Receipt, Problem> {
        let recorded = recorded.map_err(|error| execution::of_execution(&error))?;
        self.inner.recorded.get_or_init(|| metrics::counter!("socai_commands_recorded_total")).increment(1);
        Ok(receipt(key, recorded, self.inner.executor.journal().durability().to_string()))
    }
}

fn submission(identity: &Identity, decoded: Decoded) -> Submission {
    Submission {
        key: decoded.key,
        actor: identity.actor,
        command: decoded.command,
        precondition: decoded.precondition.map(into_journal),
        correlation: decoded.trace.correlation,
        causation: decoded.trace.causation,
        trace_parent: decoded.trace.parent,
    }
}

#[async_trait]
impl CommandPort for Intake {
    async fn submit(&self, bearer: &str, request: CommandRequest) -> Result<Receipt, Problem> {
        let identity = self.identify(Some(bearer))?;
        let command = Box::new(decode::command(&request.name, &request.data)?);
        let decoded =
            Decoded { key: request.key, command, precondition: request.precondition, trace: Trace::default() };
        self.execute(&identity, decoded).await
    }
}

fn receipt(key: CommandId, recorded: Recorded, durability: String) -> Receipt {
    let Recorded { stream, version, position, recorded_at, replayed } = recorded;
    Receipt { command_id: key, stream, version, position, recorded_at, durability, replayed }
}

fn into_journal(precondition: Precondition) -> journal::executor::Precondition {
    match precondition {
        Precondition::LastPosition(position) => journal::executor::Precondition::LastPosition(position),
        Precondition::NewStream => journal::executor::Precondition::NewStream,
    }
}

fn unauthenticated() -> Problem {
    Problem::new(
        problem::UNAUTHENTICATED,
        "Thiếu mã truy cập, hoặc mã không đúng, đã thu hồi hay hết hạn; gửi `Authorization: Bearer …`.",
        "The token is missing, wrong, revoked or expired; send `Authorization: Bearer …`.",
    )
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, sync::Arc};

    use domain::*;
    use futures::FutureExt;
    use journal::{Executor, ExecutorConfig, LedgerClock, Live, memory::Memory};

    use super::*;
    use crate::Config;

    /// One that is still starting, so that whoever gets past the limits is told so.
    fn starting(config: Config) -> Intake {
        let live = Arc::new(Live::new(LedgerClock::scripted(Arc::new(|| Timestamp(0)))));
        let executor = Executor::new(ExecutorConfig::default(), Arc::new(Memory::default()), live.clone());
        Intake::new(config, Arc::new(executor), live)
    }

    fn nobody() -> Identity {
        let actor = Actor { subject: SubjectId(Uuid::nil()), office: UnitId(Uuid::nil()), role: Role::Office };
        Identity { access: AccessId(Uuid::nil()), actor, until: None }
    }

    fn opening() -> Decoded {
        let command = Command::OpenLedger(ledger::OpenLedger { name: "test".into(), demonstration: false });
        Decoded { key: CommandId(Uuid::nil()), command: Box::new(command), precondition: None, trace: Trace::default() }
    }

    #[tokio::test]
    async fn one_command_too_many_is_refused_and_one_line_too_many_waits() {
        let intake = starting(Config { in_flight: 1, lines_executing: 1, ..Config::default() });
        let who = nobody();
        let busy = (intake.inner.under_way.acquire().await.unwrap(), intake.inner.lines.acquire().await.unwrap());
        let refused = intake.execute(&who, opening()).await.unwrap_err();
        assert_eq!(refused.detail_en, execution::busy().detail_en);
        let mut lines = pin!(intake.execute_lines(&who, vec![opening(), opening()]));
        assert!(lines.as_mut().now_or_never().is_none(), "a line did not wait");
        drop(busy.1);
        let answers = lines.await;
        assert_eq!(answers.len(), 2);
        for answer in answers {
            assert_eq!(answer.unwrap_err().detail_en, execution::not_ready().detail_en);
        }
    }
}
