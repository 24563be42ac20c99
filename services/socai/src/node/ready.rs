//! What must hold before this process serves, as `/readyz` tells it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use audit::{AuditReader, ReadError};
use domain::Position;
use intake::Intake;
use journal::{Live, Progress, SharedJournal};
use kit::http::{Check, CheckResult};
use tally::{CellsTold, SharedIndex};
use tokio::{
    sync::{Mutex, watch},
    time::timeout,
};
use views::{Foreign, Reached, Schema, State, StoreReader};

const TIMEOUT: Duration = Duration::from_secs(1);

fn result(name: &str, ready: bool, detail: impl Into<String>) -> CheckResult {
    CheckResult { name: name.to_owned(), ready, detail: detail.into() }
}

/// The journal answers, and what its acknowledgements mean.
pub(super) struct JournalAnswers(pub(super) SharedJournal);

#[async_trait]
impl Check for JournalAnswers {
    async fn check(&self) -> CheckResult {
        match timeout(TIMEOUT, self.0.tip()).await {
            Ok(Ok(tip)) => result("journal", true, format!("{tip} records, durability {}", self.0.durability())),
            Ok(Err(error)) => result("journal", false, error.to_string()),
            Err(_) => result("journal", false, "does not answer within a second"),
        }
    }
}

/// For who only reads: what was ready once stays so, and says what is wrong by now. What was read before is still answered, and the others
/// that a balancer could turn to are no better off.
pub(super) struct StillAnswers<C> {
    of: C,
    was_ready: AtomicBool,
}

impl<C> StillAnswers<C> {
    pub(super) const fn once_ready(of: C) -> Self {
        Self { of, was_ready: AtomicBool::new(false) }
    }
}

#[async_trait]
impl<C: Check> Check for StillAnswers<C> {
    async fn check(&self) -> CheckResult {
        let found = self.of.check().await;
        if found.ready {
            self.was_ready.store(true, Ordering::Release);
        } else if self.was_ready.load(Ordering::Acquire) {
            return result(&found.name, true, format!("{}; what was read before is still answered", found.detail));
        }
        found
    }
}

/// The process follows the ledger to where a record stops it, if one does; for who only reads.
pub(super) struct FollowedAsFar(pub(super) Arc<Live>);

#[async_trait]
impl Check for FollowedAsFar {
    async fn check(&self) -> CheckResult {
        let found = Follows(self.0.clone()).check().await;
        if found.ready {
            return found;
        }
        result(&found.name, true, format!("{}; what came before is still answered", found.detail))
    }
}

/// The process follows the ledger.
pub(super) struct Follows(pub(super) Arc<Live>);

#[async_trait]
impl Check for Follows {
    async fn check(&self) -> CheckResult {
        match &*self.0.progress().borrow() {
            Progress::Following(position) => result("ledger", true, format!("followed to position {position}")),
            Progress::Stopped { position, why } => {
                result("ledger", false, format!("stopped behind position {position}: {why}"))
            }
        }
    }
}

/// Clocks of several machines are not better than this.
const CLOCK_BEHIND_MAX: Duration = Duration::from_secs(2);

/// The time by which records are stamped is believed, and nothing is feared for the ledger.
pub(super) struct MayRecord(pub(super) Arc<Live>);

#[async_trait]
impl Check for MayRecord {
    async fn check(&self) -> CheckResult {
        match self.0.stamp() {
            Ok(_) if self.0.clock_behind() > CLOCK_BEHIND_MAX => {
                let behind = self.0.clock_behind().as_secs();
                let told = format!(
                    "this machine's clock is {behind} s behind the last record, whose time is stamped until it has caught up; set it if it is wrong"
                );
                result("recording", true, told)
            }
            Ok(_) => result("recording", true, "the clock is believed, and the ledger is what it was"),
            Err(why) => result("recording", false, why.to_string()),
        }
    }
}

/// Intake takes commands.
pub(super) struct TakesCommands(pub(super) Intake);

#[async_trait]
impl Check for TakesCommands {
    async fn check(&self) -> CheckResult {
        let ready = self.0.is_ready();
        result("intake", ready, if ready { "takes commands" } else { "has not read the whole ledger yet" })
    }
}

/// A view of this process has not stopped.
pub(super) struct ViewFollows(pub(super) Reached);

#[async_trait]
impl Check for ViewFollows {
    async fn check(&self) -> CheckResult {
        let (name, status) = (format!("view.{}", self.0.name()), self.0.status());
        let at = status.position;
        match status.state {
            State::Following => result(&name, true, format!("at position {at}")),
            State::InReserve => result(&name, true, format!("at position {at}, in reserve: another process writes it")),
            State::Starting => result(&name, false, "is starting"),
            State::Waiting { why } => result(&name, false, format!("at position {at}, waiting: {why}")),
            State::Stopped { at, why, foreign: false } => {
                result(&name, false, format!("stopped at position {at}: {why}"))
            }
            State::Stopped { at, why, foreign: true } => {
                let rebuild = format!("`socai rebuild {}` makes its rows anew, and then it goes on", self.0.name());
                result(&name, false, format!("stopped at position {at}: {why}; {rebuild}"))
            }
        }
    }
}

/// Whether cells are told on NATS. Whoever asks this process is answered all the same, so it stays ready and says what is wrong.
pub(super) struct TellsCells(pub(super) watch::Receiver<CellsTold>);

#[async_trait]
impl Check for TellsCells {
    async fn check(&self) -> CheckResult {
        let told = match &*self.0.borrow() {
            CellsTold::NotHere => "another process tells them, or nobody yet".to_owned(),
            CellsTold::UpTo(position) => format!("told up to position {position}"),
            CellsTold::Failing { why } => format!("not told at the moment, tried again: {why}"),
        };
        result("cells", true, told)
    }
}

/// The rows of a view that other processes fold are there, are of this ledger, and were read once. A database that goes away later is no reason
/// to send nobody here any more: what is in memory is still answered.
pub(super) struct ViewIsRead {
    reader: StoreReader,
    schema: Schema,
    read: ReadInto,
    /// How far the rows were when they were first seen.
    wanted: Mutex<Option<Position>>,
    was_read: AtomicBool,
}

/// Who reads the rows.
enum ReadInto {
    Memory(SharedIndex),
    /// Each question anew.
    Answers(Arc<AuditReader>),
}

impl ReadInto {
    async fn foreign(&self) -> Option<Foreign> {
        match self {
            Self::Memory(index) => index.foreign(),
            Self::Answers(reader) => match timeout(TIMEOUT, reader.position()).await {
                Ok(Err(ReadError::Foreign(foreign))) => Some(foreign),
                _ => None,
            },
        }
    }
}

impl ViewIsRead {
    pub(super) fn into(index: SharedIndex, reader: StoreReader, schema: Schema) -> Self {
        Self::of(ReadInto::Memory(index), reader, schema)
    }

    pub(super) fn by_each_question(trail: Arc<AuditReader>, reader: StoreReader, schema: Schema) -> Self {
        Self::of(ReadInto::Answers(trail), reader, schema)
    }

    fn of(read: ReadInto, reader: StoreReader, schema: Schema) -> Self {
        Self { reader, schema, read, wanted: Mutex::default(), was_read: AtomicBool::new(false) }
    }

    async fn look(&self) -> anyhow::Result<Position> {
        if let Some(wanted) = *self.wanted.lock().await {
            return Ok(wanted);
        }
        let generation = self.reader.current(self.schema).await?;
        let found = generation.checkpoint().await;
        generation.close().await;
        let position = found?.position;
        Ok(*self.wanted.lock().await.get_or_insert(position))
    }
}

#[async_trait]
impl Check for ViewIsRead {
    async fn check(&self) -> CheckResult {
        let name = format!("view.{}", self.schema.name);
        if let Some(foreign) = self.read.foreign().await {
            // Those that a rebuild makes may end earlier.
            self.wanted.lock().await.take();
            return result(&name, false, foreign.to_string());
        }
        let wanted = match timeout(TIMEOUT, self.look()).await {
            Ok(Ok(wanted)) => wanted,
            Ok(Err(error)) => return result(&name, false, format!("{error:#}")),
            Err(_) => return result(&name, false, "the database does not answer within a second"),
        };
        let at = match &self.read {
            ReadInto::Memory(index) => index.position(),
            ReadInto::Answers(_) => wanted,
        };
        if at >= wanted {
            self.was_read.store(true, Ordering::Relaxed);
        }
        let ready = self.was_read.load(Ordering::Relaxed);
        let detail = if ready { "is read".to_owned() } else { format!("read to position {at} of {wanted}") };
        result(&name, ready, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Switch(Arc<AtomicBool>);

    #[async_trait]
    impl Check for Switch {
        async fn check(&self) -> CheckResult {
            let ready = self.0.load(Ordering::Acquire);
            result("journal", ready, if ready { "7 records" } else { "does not answer" })
        }
    }

    #[tokio::test]
    async fn who_only_reads_stays_ready_and_says_what_is_wrong() {
        let up = Arc::new(AtomicBool::new(false));
        let check = StillAnswers::once_ready(Switch(up.clone()));
        assert!(!check.check().await.ready, "nothing was read yet");
        up.store(true, Ordering::Release);
        assert!(check.check().await.ready);
        up.store(false, Ordering::Release);
        let found = check.check().await;
        assert!(found.ready && found.detail.starts_with("does not answer"), "{}", found.detail);
    }
}
