//! Commands from forms: decided without recording for the preview, sent through the command port to be recorded.

use domain::{Command, CommandId, Event, Position, Refusal, StreamId, paper::Paper};
use journal::ExecuteError;
use kit::{CommandRequest, Problem, Receipt, decode, execution, http::Caller};

use crate::{
    Portal,
    answers::read_problem,
    case::{Case, records_of},
    effects::Effects,
};

/// A command that was decided without being recorded.
pub(crate) struct Previewed {
    pub(crate) command: Command,
    pub(crate) events: Vec<Event>,
    pub(crate) effects: Effects,
}

impl Portal {
    /// What a command would record and change, had it been sent now.
    pub(crate) async fn preview(
        &self,
        caller: &Caller,
        key: CommandId,
        name: &str,
        data: &[u8],
    ) -> Result<Previewed, Problem> {
        let command = decode::command(name, data)?;
        let decided = self.deps.executor.preview(caller.identity.actor, key, &command).await;
        let events = decided.map_err(|error| execution::of_execution(&error))?;
        self.check_paper(&command).await?;
        let effects = self.would_change(command.stream(key), &events, &self.scope(&caller.identity.actor))?;
        Ok(Previewed { command, events, effects })
    }

    /// Where the same command is recorded under the same key, by the caller's own office. `None` while nothing is.
    ///
    /// # Errors
    /// The key has recorded something else.
    pub(crate) async fn recorded_by(
        &self,
        caller: &Caller,
        key: CommandId,
        name: &str,
        data: &[u8],
    ) -> Result<Option<Position>, Problem> {
        let command = decode::command(name, data)?;
        let stream = command.stream(key);
        let records = records_of(self.deps.journal.as_ref(), &stream).await.map_err(|error| read_problem(&error))?;
        let office = caller.identity.actor.office;
        let past = records.into_iter().find(|(_, record)| record.command == key && record.actor.office == office);
        let Some((position, record)) = past else { return Ok(None) };
        match wire::command_digest(&command) {
            Ok(digest) if digest == record.command_digest => Ok(Some(position)),
            _ => Err(execution::of_execution(&ExecuteError::KeyReused { position })),
        }
    }

    /// Refuses a paper that is recorded already, as recording would; nothing stays reserved.
    async fn check_paper(&self, command: &Command) -> Result<(), Problem> {
        let Some(paper) = Paper::of_command(command) else { return Ok(()) };
        let reserved = self.deps.live.papers().reserve(paper, command.distinct_from()).await;
        reserved.map(drop).map_err(|taken| Problem::from(&Refusal::from(taken)))
    }

    pub(crate) async fn submit(&self, bearer: &str, request: CommandRequest) -> Result<Receipt, Problem> {
        self.deps.commands.submit(bearer, request).await
    }

    /// A case as it stands, whoever asks: what is made of it is decided by the ledger.
    pub(crate) async fn case_of(&self, stream: StreamId) -> Result<Option<Case>, Problem> {
        let records = records_of(self.deps.journal.as_ref(), &stream).await.map_err(|error| read_problem(&error))?;
        Ok(Case::of(&records))
    }
}
