//! What the portal asks of the rest of the process, beside the journal: facts in memory, the trail, and lists.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::{
    Event, Kind, LocalDate, MeasureKey, Position, Reference, StreamId, SubjectId, UnitId,
    fold::{
        CellChange, Differences, Line, PeriodTally, RestatedCount, RestatedMeasure, Spans, State, TallyQuery,
        TallyRefusal, TrailRow,
    },
    structure::Structure,
};
use tokio::sync::watch;

/// Why a view goes no further, whatever is waited for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the view `{view}` stopped at position {at}: {why}")]
pub struct ViewStopped {
    pub view: &'static str,
    pub at: Position,
    pub why: String,
    /// Its rows are of another ledger, so nothing may be answered from them.
    pub foreign: bool,
}

/// All facts of the ledger in memory, kept up by a follower; asked through the pure functions of `domain::fold`.
pub trait TallySource: Send + Sync + 'static {
    /// Changes whenever the same records give other facts.
    fn fold_version(&self) -> u32;

    /// Everything up to it is in.
    fn position(&self) -> Position;

    /// Set while they do not go on, or are not of this ledger.
    fn stopped(&self) -> Option<ViewStopped>;

    /// Told of every move of `position`.
    fn positions(&self) -> watch::Receiver<Position>;

    fn tally(&self, reference: &Reference, query: &TallyQuery) -> Result<PeriodTally, TallyRefusal>;

    /// What took effect from a day on, in the rows of the tally of the query.
    fn in_span(&self, reference: &Reference, query: &TallyQuery, since: LocalDate) -> Result<Spans, TallyRefusal>;

    fn lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        holder: UnitId,
    ) -> Result<Vec<Line>, TallyRefusal>;

    /// All that differs between two states of a period.
    fn differences(&self, from: State<'_>, to: State<'_>) -> Result<Differences, TallyRefusal>;

    /// The counts of `then`, the tally of the query, under the units of a day in a structure as known by now.
    fn restated(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        then: &PeriodTally,
        to: (&Structure, LocalDate),
    ) -> Result<Vec<RestatedMeasure>, TallyRefusal>;

    /// The facts behind a count of `restated`.
    fn restated_lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        of: RestatedCount<'_>,
    ) -> Result<Vec<Line>, TallyRefusal>;

    fn what_if(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        stream: StreamId,
        events: &[Event],
    ) -> Result<Vec<CellChange>, TallyRefusal>;
}

/// What is looked for in the trail; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct TrailFilter {
    /// Nothing behind it, so that pages agree while new records arrive.
    pub known: Position,
    /// Concerns one of these units.
    pub units: Option<BTreeSet<UnitId>>,
    pub stream: Option<StreamId>,
    /// Nothing on streams of this kind.
    pub without: Option<Kind>,
    pub actor: Option<SubjectId>,
    /// First and last day on which it takes effect.
    pub from: Option<LocalDate>,
    pub to: Option<LocalDate>,
    /// The local day on which it was recorded.
    pub recorded_on: Option<LocalDate>,
    /// Number of the document, and its symbol where it is asked for, too.
    pub document: Option<(String, Option<String>)>,
}

/// Where a page of the trail is cut: position and index in the record.
pub type TrailPlace = (Position, u32);

/// From where, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailPage {
    /// In the order of the ledger; from its beginning when there is no place.
    After(Option<TrailPlace>),
    /// The latest first.
    Before(Option<TrailPlace>),
}

/// The audit trail, kept up by a follower.
#[async_trait]
pub trait TrailSource: Send + Sync + 'static {
    /// Set while it does not go on, as far as this process knows. An error of what is asked below may be a [`ViewStopped`] as well.
    fn stopped(&self) -> Option<ViewStopped>;

    /// Everything up to it is in.
    async fn position(&self) -> anyhow::Result<Position>;

    /// At most `limit` rows, and where the next page begins; none when this is the last.
    async fn trail(
        &self,
        filter: &TrailFilter,
        page: TrailPage,
        limit: usize,
    ) -> anyhow::Result<(Vec<TrailRow>, Option<TrailPlace>)>;

    /// Streams of a kind in the order in which they began, at most `limit` of those that began after a position, not behind `known`, and are now
    /// credited to one of `units` (all if none are given); and the place after which the next page begins.
    async fn cases(
        &self,
        kind: Kind,
        units: Option<BTreeSet<UnitId>>,
        known: Position,
        after: Position,
        limit: usize,
    ) -> anyhow::Result<(Vec<StreamId>, Option<Position>)>;
}
