//! All facts in memory, shared between the one who folds and those who ask.

use std::{sync::Arc, time::Duration};

use domain::{
    Event, LocalDate, MeasureKey, Position, Reference, StreamId, UnitId,
    fold::{
        self, CellChange, Differences, Facts, Line, PeriodTally, RestatedCount, RestatedMeasure, Spans, State,
        TallyQuery, TallyRefusal,
    },
    structure::Structure,
};
use parking_lot::RwLock;
use tokio::{sync::watch, time::timeout};
use views::{Behind, Foreign};

use crate::view::FOLD_VERSION;

/// Facts up to a position. What is folded but not committed yet lies behind that position and is in no answer.
pub struct Index {
    facts: RwLock<Facts>,
    position: watch::Sender<Position>,
    /// Set while the rows that it is read from are of another ledger.
    foreign: RwLock<Option<Foreign>>,
}

pub type SharedIndex = Arc<Index>;

impl Default for Index {
    fn default() -> Self {
        Self { facts: RwLock::default(), position: watch::Sender::new(Position::START), foreign: RwLock::default() }
    }
}

impl Index {
    /// Changes whenever the same records give other facts.
    pub fn fold_version(&self) -> u32 {
        FOLD_VERSION
    }

    /// Everything up to it is in, and committed.
    pub fn position(&self) -> Position {
        *self.position.borrow()
    }

    /// Why nothing should be answered from it: the rows that it is read from are of another ledger.
    pub fn foreign(&self) -> Option<Foreign> {
        self.foreign.read().clone()
    }

    /// Told of every move of `position`, or of the last of several.
    pub fn positions(&self) -> watch::Receiver<Position> {
        self.position.subscribe()
    }

    /// Returns when everything up to `position` is in.
    ///
    /// # Errors
    /// With the position reached, when that did not happen within `at_most`.
    pub async fn reached(&self, position: Position, at_most: Duration) -> Result<(), Behind> {
        let mut moves = self.positions();
        // Whether the time ran out or not, the position says it.
        drop(timeout(at_most, moves.wait_for(|reached| *reached >= position)).await);
        let reached = self.position();
        if reached >= position { Ok(()) } else { Err(Behind { reached }) }
    }

    /// Asks the facts directly; a question should name a `known` that is no later than `position`.
    pub fn with<R>(&self, ask: impl FnOnce(&Facts) -> R) -> R {
        ask(&self.facts.read())
    }

    /// [`fold::tally`]; with `known: None` as of `position`.
    ///
    /// # Errors
    /// When the reference knows no such programme or period.
    pub fn tally(&self, reference: &Reference, query: &TallyQuery) -> Result<PeriodTally, TallyRefusal> {
        self.with(|facts| fold::tally(reference, facts, &self.pinned(query)))
    }

    /// [`fold::in_span`]: what took effect from a day on.
    ///
    /// # Errors
    /// As `tally`.
    pub fn in_span(&self, reference: &Reference, query: &TallyQuery, since: LocalDate) -> Result<Spans, TallyRefusal> {
        self.with(|facts| fold::in_span(reference, facts, &self.pinned(query), since))
    }

    /// [`fold::lines`]: the facts behind one number.
    ///
    /// # Errors
    /// As `tally`, and when the programme has no such measure.
    pub fn lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        holder: UnitId,
    ) -> Result<Vec<Line>, TallyRefusal> {
        self.with(|facts| fold::lines(reference, facts, &self.pinned(query), measure, holder))
    }

    /// [`fold::Differences`]: all that differs between two states, each of which says what it knows.
    ///
    /// # Errors
    /// As `tally`, for either state.
    pub fn differences(&self, from: State<'_>, to: State<'_>) -> Result<Differences, TallyRefusal> {
        self.with(|facts| Differences::between(facts, from, to))
    }

    /// [`fold::restated_tally`]: the counts of `then` under the units of a day, in a structure as known by now.
    ///
    /// # Errors
    /// As `tally`.
    pub fn restated(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        then: &PeriodTally,
        to: (&Structure, LocalDate),
    ) -> Result<Vec<RestatedMeasure>, TallyRefusal> {
        self.with(|facts| fold::restated_tally(reference, facts, &self.pinned(query), then, to))
    }

    /// [`fold::restated_lines`]: the facts behind one count under the units of a day.
    ///
    /// # Errors
    /// As `lines`.
    pub fn restated_lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        of: RestatedCount<'_>,
    ) -> Result<Vec<Line>, TallyRefusal> {
        self.with(|facts| fold::restated_lines(reference, facts, &self.pinned(query), measure, of))
    }

    /// [`fold::what_if`]: the cells that events would change.
    ///
    /// # Errors
    /// As `tally`.
    pub fn what_if(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        stream: StreamId,
        events: &[Event],
    ) -> Result<Vec<CellChange>, TallyRefusal> {
        self.with(|facts| fold::what_if(reference, facts, &self.pinned(query), stream, events))
    }

    fn pinned(&self, query: &TallyQuery) -> TallyQuery {
        TallyQuery { known: query.known.or_else(|| Some(self.position())), ..query.clone() }
    }

    /// For the one who folds.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Facts) -> R) -> R {
        change(&mut self.facts.write())
    }

    /// For the one who reads along.
    pub(crate) fn note_foreign(&self, foreign: Option<Foreign>) {
        if *self.foreign.read() != foreign {
            *self.foreign.write() = foreign;
        }
    }

    /// For the one who folds, when what lies up to `position` is committed.
    pub(crate) fn publish(&self, position: Position) {
        self.position.send_replace(position);
    }
}
