//! The tally: facts in memory that answer every question about counts, and the rows they are kept in.

mod broadcast;
mod index;
mod older;
mod reader;
mod view;

use domain::Position;
use journal::SharedJournal;
use tokio_util::sync::CancellationToken;
use views::{Follower, Halt, Reached, Rebuilt, Store};

pub use broadcast::{Broadcast, CellsTold};
pub use index::{Index, SharedIndex};
pub use older::{CellDifference, Compared, compare_with, forget};
pub use reader::TallyReader;
pub use view::{FOLD_VERSION, SCHEMA, TallyView};

/// The service that keeps the tally at the tip of the ledger.
pub struct Tally {
    follower: Follower<TallyView>,
    index: SharedIndex,
}

impl Tally {
    pub fn new(store: Store, journal: SharedJournal) -> Self {
        let index = SharedIndex::default();
        Self { follower: Follower::new(store, journal, TallyView::of(index.clone())), index }
    }

    /// The facts in memory, for whoever answers questions in this process.
    pub fn index(&self) -> SharedIndex {
        self.index.clone()
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

/// Builds the tally anew beside the one in use, compares, and switches; `on_progress` hears position and last position.
///
/// # Errors
/// As [`views::rebuild`].
pub async fn rebuild(
    store: &Store,
    journal: &SharedJournal,
    on_progress: &mut (dyn FnMut(Position, Position) + Send),
) -> Result<Rebuilt, Halt> {
    views::rebuild(store, journal, TallyView::default, on_progress).await
}
