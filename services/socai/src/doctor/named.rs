//! Whether the ledger that lies there is the one that the settings name.

use domain::Position;
use journal::SharedJournal;

use super::Finding;
use crate::settings::{Settings, ledger_name::name_of};

/// Nothing where there is no record yet, or none that can be read.
pub(super) async fn finding(settings: &Settings, journal: &SharedJournal) -> Option<Finding> {
    let found = journal.read(Position::START, 1, &[]).await.ok()?;
    let first = wire::decode(&found.first()?.body).ok()?;
    Some(match settings.check_ledger(&first) {
        Ok(()) => Finding::well("ledger", name_of(&first)?),
        Err(other) => Finding::wrong("ledger", other.to_string()),
    })
}
