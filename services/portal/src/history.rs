//! Which history of the ledger an answer is of. A ledger that was restored and went on has other records at the same positions, so tags and ids
//! name the record that stands at theirs.

use domain::Position;
use journal::Noted;
use kit::Problem;
use wire::RecordName;

use crate::{Portal, answers::read_problem, standing::record_unreadable};

impl Portal {
    /// When the record at a position was recorded, and which one it is; `None` for the place before the first record. The journal is asked once
    /// at most: whatever was answered goes on without it.
    pub(crate) async fn noted(&self, position: Position) -> Result<Option<Noted>, Problem> {
        let Some(before) = position.0.checked_sub(1) else { return Ok(None) };
        if let Some(known) = self.deps.live.noted(position).or_else(|| self.instants.of(position)) {
            return Ok(Some(known));
        }
        let found = self.deps.journal.read(Position(before), 1, &[]).await.map_err(|error| read_problem(&error))?;
        let Some(stored) = found.first().filter(|stored| stored.position == position) else { return Ok(None) };
        let peeked = wire::peek(&stored.body).map_err(|error| {
            tracing::error!(%position, %error, "a record cannot be read");
            record_unreadable(position)
        })?;
        let noted = Noted::from(peeked);
        self.instants.note(position, noted);
        Ok(Some(noted))
    }

    /// Tells the record at a position from those of other histories.
    pub(crate) async fn name_of(&self, position: Position) -> Result<RecordName, Problem> {
        Ok(self.noted(position).await?.map(|noted| noted.name).unwrap_or_default())
    }

    /// A position, as a part of a tag.
    pub(crate) async fn placed(&self, position: Position) -> Result<String, Problem> {
        Ok(format!("{position} {}", self.name_of(position).await?))
    }
}
