//! What must hold before this process serves, as `/readyz` tells it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use intake::Intake;
use journal::{Live, Progress, SharedJournal};
use kit::http::{Check, CheckResult};
use tokio::time::timeout;
use views::{Reached, State};

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

/// The time by which records are stamped is believed, and nothing is feared for the ledger.
pub(super) struct MayRecord(pub(super) Arc<Live>);

#[async_trait]
impl Check for MayRecord {
    async fn check(&self) -> CheckResult {
        match self.0.stamp() {
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
            State::Stopped { at, why } => result(&name, false, format!("stopped at position {at}: {why}")),
        }
    }
}
