//! Builds a view anew beside the one in use, compares the two at one position, and moves the pointer.

use std::collections::BTreeMap;

use domain::Position;
use journal::SharedJournal;
use points::Point;
use sha2::{Digest, Sha256};

use crate::{
    Generation, Halt, Store, View,
    follower::{Session, fold_to},
};

/// Records by which the new generation may be behind when the old one is told to stand still.
const CLOSE: u64 = 1_000;
const REBUILDER: &str = "rebuild";

/// What came of a rebuild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Last position folded.
    pub position: Position,
    /// Number of the generation now in use.
    pub generation: u32,
    /// Position at which old and new were compared; `None` when the old one was of another ledger.
    pub compared_at: Option<Position>,
    /// None: the rows were equal, byte for byte, and the old ones are gone. Otherwise the old ones are kept beside, to be looked at.
    pub differences: Vec<Difference>,
}

/// A table whose rows are not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub table: String,
    pub rows_before: usize,
    pub rows_now: usize,
    /// Number, from 0, of the first row that differs, in the order of the dump.
    pub first: usize,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { table, rows_before, rows_now, first } = self;
        write!(
            f,
            "table `{table}`: {rows_before} rows before, {rows_now} now, the first that differs is number {first}"
        )
    }
}

/// Rebuilds the view from position 1. `make` gives an empty one; `on_progress` hears position and tip.
///
/// Whoever follows the view meanwhile goes on undisturbed until the last moment, and then finds the new generation.
///
/// # Errors
/// As a follower's: a record that cannot be read, or a journal or database that does not answer. The current generation stays.
pub async fn rebuild<V: View>(
    store: &Store,
    journal: &SharedJournal,
    make: impl Fn() -> V,
    on_progress: &mut (dyn FnMut(Position, Position) + Send),
) -> Result<Rebuilt, Halt> {
    let mut view = make();
    let current = store.current(view.schema()).await?;
    let mut old = Session::unverified(current.clone()).await?;
    let same_ledger = comparable(&old, journal).await?;
    let mut new = Session::on(store.beside(view.schema(), &current).await?, journal).await?;
    new.load(&mut view).await?;
    taken(new.claim(REBUILDER).await?)?;

    let mut compared_at = None;
    let mut differences = Vec::new();
    if same_ledger {
        stand_still(&mut old, &mut new, &mut view, journal, on_progress).await?;
        compared_at = Some(new.position());
        differences = Dump::of(&current, &view).await?.differences(&Dump::of(new.generation(), &view).await?);
    }
    let tip = journal.tip().await?;
    fold(&mut new, &mut view, journal, tip, on_progress).await?;
    Point::RebuildCompared.pass();
    store.switch_to(new.generation()).await?;
    Point::RebuildSwitched.pass();
    new.release().await?;
    if differences.is_empty() {
        store.remove(current).await?;
    }
    Ok(Rebuilt { position: new.position(), generation: new.generation().number(), compared_at, differences })
}

async fn comparable(old: &Session, journal: &SharedJournal) -> Result<bool, Halt> {
    match old.verify(journal).await {
        Ok(()) => Ok(true),
        Err(Halt::Replaced { .. }) => Ok(false),
        Err(halt) => Err(halt),
    }
}

/// Comes close to the old one, takes its checkpoint, and folds up to exactly there.
async fn stand_still<V: View>(
    old: &mut Session,
    new: &mut Session,
    view: &mut V,
    journal: &SharedJournal,
    on_progress: &mut (dyn FnMut(Position, Position) + Send),
) -> Result<(), Halt> {
    loop {
        old.refresh().await?;
        if old.position().0.saturating_sub(new.position().0) > CLOSE {
            fold(new, view, journal, old.position(), on_progress).await?;
        } else if old.take_over(REBUILDER).await? {
            return fold(new, view, journal, old.position(), on_progress).await;
        }
    }
}

async fn fold<V: View>(
    new: &mut Session,
    view: &mut V,
    journal: &SharedJournal,
    last: Position,
    on_progress: &mut (dyn FnMut(Position, Position) + Send),
) -> Result<(), Halt> {
    fold_to(new, view, journal, last, &mut |position| on_progress(position, last)).await
}

fn taken(ours: bool) -> Result<(), Halt> {
    if ours { Ok(()) } else { Err(Halt::Unavailable(anyhow::anyhow!("another rebuild of this view is running"))) }
}

/// Every row of a generation, as hashes in the order of its dump.
#[derive(Debug, PartialEq, Eq)]
pub struct Dump {
    tables: BTreeMap<String, Vec<[u8; 32]>>,
}

impl Dump {
    /// # Errors
    /// When the database does not answer.
    pub async fn of<V: View>(generation: &Generation, view: &V) -> Result<Self, Halt> {
        let mut tables = BTreeMap::<String, Vec<[u8; 32]>>::new();
        let mut tx = generation.snapshot().await?;
        let mut sink = |table: &str, row: &[u8]| {
            let hash = Sha256::digest(row).into();
            match tables.get_mut(table) {
                Some(rows) => rows.push(hash),
                None => drop(tables.insert(table.to_owned(), vec![hash])),
            }
        };
        view.dump(&mut tx, &mut sink).await.map_err(Halt::Unavailable)?;
        tx.commit().await?;
        Ok(Self { tables })
    }

    /// Rows in all tables.
    pub fn rows(&self) -> usize {
        self.tables.values().map(Vec::len).sum()
    }

    fn differences(&self, now: &Self) -> Vec<Difference> {
        let names: std::collections::BTreeSet<&String> = self.tables.keys().chain(now.tables.keys()).collect();
        let none = Vec::new();
        let rows = |dump: &'_ Self, name: &String| dump.tables.get(name).unwrap_or(&none).clone();
        names
            .into_iter()
            .filter_map(|name| {
                let (before, after) = (rows(self, name), rows(now, name));
                let first = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
                (before != after).then(|| Difference {
                    table: name.clone(),
                    rows_before: before.len(),
                    rows_now: after.len(),
                    first,
                })
            })
            .collect()
    }
}
