//! The tally as a view: facts and reference data as they are recorded, and the current cells that follow from them.

mod cells;
mod facts;
mod reference;

use async_trait::async_trait;
use domain::{Position, Reference, fold::Mark};
use sqlx::AnyConnection;
use views::{Decoded, Generation, Schema, Sink, View};

use crate::SharedIndex;
pub(crate) use cells::{Cells, difference};
pub(crate) use facts::refresh;

/// Grows whenever the same records would give other facts, cells or answers. 2: what a unit did after its end is restated from its last day, and
/// what comes after the last day of a reopening is late.
pub const FOLD_VERSION: u32 = 2;

pub const SCHEMA: Schema =
    Schema { name: "tally", fold_version: FOLD_VERSION, migrations: &[facts::TABLES, reference::TABLE, cells::TABLES] };

/// Keeps the rows of the tally, and the index beside them.
#[derive(Default)]
pub struct TallyView {
    index: SharedIndex,
    /// Generation and checkpoint that the index was read from or has been folded to.
    loaded: Option<(u32, Position)>,
    /// Where the facts of the last committed batch end.
    committed: Option<Mark>,
    reference: Reference,
    cells: Cells,
}

impl TallyView {
    pub fn of(index: SharedIndex) -> Self {
        Self { index, ..Self::default() }
    }
}

#[async_trait]
impl View for TallyView {
    fn schema(&self) -> Schema {
        SCHEMA
    }

    /// Large, because a transaction costs a tally of every period, whatever it holds.
    fn batch_max(&self) -> usize {
        16_384
    }

    async fn load(&mut self, rows: &mut AnyConnection, of: &Generation, at: Position) -> anyhow::Result<()> {
        if let Some(mark) = &self.committed {
            self.index.change(|facts| facts.rewind(mark));
        }
        let known = self.loaded.filter(|(generation, loaded)| *generation == of.number() && *loaded <= at);
        refresh(&self.index, rows, known.map_or(Position::START, |(_, loaded)| loaded), at).await?;
        self.reference = reference::load(rows).await?;
        self.cells = Cells::load(rows).await?;
        self.loaded = Some((of.number(), at));
        self.committed = Some(self.index.with(domain::fold::Facts::mark));
        Ok(())
    }

    async fn apply(&mut self, rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()> {
        let Some(last) = batch.last().map(|decoded| decoded.position) else { return Ok(()) };
        let before = self.index.with(|facts| facts.partitions().collect());
        let touched = self.index.change(|facts| facts::fold(facts, batch));
        let added = self.index.with(|facts| facts::added(facts, &before));
        facts::write(rows, &added).await?;

        let fresh = reference::fold(&mut self.reference, batch);
        reference::write(rows, &fresh).await?;

        let changed =
            self.index.with(|facts| self.cells.recompute(&self.reference, facts, last, &touched, !fresh.is_empty()));
        cells::write(rows, last, &changed).await
    }

    fn committed(&mut self, at: Position) {
        self.committed = Some(self.index.with(domain::fold::Facts::mark));
        if let Some((_, loaded)) = &mut self.loaded {
            *loaded = at;
        }
        self.index.publish(at);
    }

    async fn dump(&self, rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
        facts::dump(rows, sink).await?;
        reference::dump(rows, sink).await?;
        cells::dump(rows, sink).await
    }
}
