//! Rows of another fold version, beside this program's own: compared cell by cell before readers move over, and removed when nobody wants to
//! go back any more. Each version has its own rows and its own followers, so that programs of both run at once and nobody reads a mixture.

use std::time::Duration;

use domain::{MeasureKey, PeriodKey, Position, ProgrammeKey, UnitId};
use journal::SharedJournal;
use tokio::time::{Instant, sleep};
use views::{Checkpoint, Generation, Halt, Schema, Session, Store, fold_to};

use crate::view::{Cells, FOLD_VERSION, SCHEMA, TallyView, difference};

/// How long the other version may take to come to where this one is already.
const WAIT_MAX: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(100);
const COMPARER: &str = "comparison";

/// Cells of two fold versions, as of one position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub position: Position,
    /// Cells of both together.
    pub cells: usize,
    pub differences: Vec<CellDifference>,
}

/// A cell that the two versions count differently. Actual and plan, as printed; `–` where there is no cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellDifference {
    pub programme: ProgrammeKey,
    pub period: PeriodKey,
    pub measure: MeasureKey,
    pub unit: UnitId,
    pub other: String,
    pub own: String,
}

/// Builds this program's rows as far as those of `fold_version` go, or waits a while for those, and compares the cells of the two. Whoever
/// follows this program's rows meanwhile waits in reserve; nobody else is disturbed.
///
/// # Errors
/// When there are no rows of that version, or they stand still behind this program's; and as a follower's.
pub async fn compare_with(
    store: &Store,
    journal: &SharedJournal,
    fold_version: u32,
    on_progress: &mut (dyn FnMut(Position) + Send),
) -> Result<Compared, Halt> {
    let reader = store.reader();
    let other = reader.current(of_version(fold_version)).await?;
    let mut own = Session::open(store, journal, SCHEMA).await?;
    let mut view = TallyView::default();
    if !own.take_over(COMPARER).await? {
        return Err(Halt::Unavailable(anyhow::anyhow!(
            "somebody else took over the rows at the same moment; try again"
        )));
    }
    own.load(&mut view).await?;
    let (position, theirs) = snapshot_from(&other, own.position()).await?;
    fold_to(&mut own, &mut view, journal, position, on_progress).await?;
    let (_, ours) = snapshot(own.generation()).await?;
    own.release().await?;
    other.close().await;
    let (cells, differences) = difference(&theirs, &ours);
    Ok(Compared { position, cells, differences })
}

/// Removes the rows of another fold version. A program of that version that is started again makes them anew, from the ledger.
///
/// # Errors
/// When there are none, or the database does not answer.
///
/// # Panics
/// When the version is this program's own.
pub async fn forget(store: &Store, fold_version: u32) -> Result<(), Halt> {
    assert_ne!(fold_version, FOLD_VERSION, "a program does not remove its own rows");
    Ok(store.forget(of_version(fold_version)).await?)
}

fn of_version(fold_version: u32) -> Schema {
    Schema { fold_version, ..SCHEMA }
}

/// Once they are at `least`, or beyond.
async fn snapshot_from(generation: &Generation, least: Position) -> Result<(Position, Cells), Halt> {
    let begun = Instant::now();
    loop {
        let (position, cells) = snapshot(generation).await?;
        if position >= least {
            return Ok((position, cells));
        }
        if begun.elapsed() > WAIT_MAX {
            let version = generation.schema().fold_version;
            return Err(Halt::Unavailable(anyhow::anyhow!(
                "the rows of fold version {version} stand at position {position}, and those of this program at {least}; start a \
                 tally of the other version until it has come that far"
            )));
        }
        sleep(POLL).await;
    }
}

async fn snapshot(generation: &Generation) -> Result<(Position, Cells), Halt> {
    let mut tx = generation.snapshot().await?;
    let position = Checkpoint::read(&mut tx, generation.schema()).await?.position;
    let cells = Cells::load(&mut tx).await.map_err(Halt::Unavailable)?;
    tx.commit().await?;
    Ok((position, cells))
}
