//! The audit trail: who decided what, effective when, recorded when, by which document; and how every case stands now.

mod reader;
mod subjects;
mod trail;
mod view;

use domain::Position;
use journal::SharedJournal;
use tokio_util::sync::CancellationToken;
use views::{Follower, Halt, Reached, Rebuilt, Store};

pub use reader::{AuditReader, ReadError};
pub use subjects::{Standing, SubjectPage, SubjectQuery, SubjectRow};
pub use trail::{Direction, PAGE_MAX, Place, TrailPage, TrailQuery, UNITS_MAX};
pub use view::{SCHEMA, TrailView};

/// The service that keeps the trail at the tip of the ledger.
pub struct Trail {
    follower: Follower<TrailView>,
}

impl Trail {
    pub fn new(store: Store, journal: SharedJournal) -> Self {
        Self { follower: Follower::new(store, journal, TrailView) }
    }

    /// How far the rows are committed.
    pub fn reached(&self) -> Reached {
        self.follower.reached()
    }

    /// Follows until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        self.follower.run(stop).await;
    }
}

/// Builds the trail anew beside the one in use, compares, and switches; `on_progress` hears position and last position.
///
/// # Errors
/// As [`views::rebuild`].
pub async fn rebuild(
    store: &Store,
    journal: &SharedJournal,
    on_progress: &mut (dyn FnMut(Position, Position) + Send),
) -> Result<Rebuilt, Halt> {
    views::rebuild(store, journal, || TrailView, on_progress).await
}
