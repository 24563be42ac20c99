//! Hands the portal what the other roles know: its ports, kept by the tally's index and the trail's reader.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use audit::{AuditReader, Direction, Place, ReadError, SubjectQuery, TrailQuery};
use domain::{
    Event, Kind, LocalDate, MeasureKey, Position, Reference, StreamId, UnitId,
    fold::{
        CellChange, Differences, Line, PeriodTally, RestatedCount, RestatedMeasure, Spans, State, TallyQuery,
        TallyRefusal, TrailRow,
    },
    structure::Structure,
};
use portal::{TallySource, TrailFilter, TrailPage, TrailPlace, TrailSource, ViewStopped};
use tally::SharedIndex;
use tokio::sync::watch;
use views::{Foreign, Reached, State as Doing};

/// Facts in memory, whoever keeps them up.
pub(super) struct Tallies {
    pub(super) index: SharedIndex,
    /// Where this process folds them.
    pub(super) reached: Option<Reached>,
}

/// Why a view that is folded here goes no further.
fn stopped(reached: &Reached) -> Option<ViewStopped> {
    match reached.status().state {
        Doing::Stopped { at, why, foreign } => Some(ViewStopped { view: reached.name(), at, why, foreign }),
        _ => None,
    }
}

fn of_another_ledger(foreign: Foreign) -> ViewStopped {
    ViewStopped { view: foreign.view, at: foreign.position, why: foreign.to_string(), foreign: true }
}

impl TallySource for Tallies {
    fn fold_version(&self) -> u32 {
        self.index.fold_version()
    }

    fn position(&self) -> Position {
        self.index.position()
    }

    fn stopped(&self) -> Option<ViewStopped> {
        self.index.foreign().map(of_another_ledger).or_else(|| self.reached.as_ref().and_then(stopped))
    }

    fn positions(&self) -> watch::Receiver<Position> {
        self.index.positions()
    }

    fn tally(&self, reference: &Reference, query: &TallyQuery) -> Result<PeriodTally, TallyRefusal> {
        self.index.tally(reference, query)
    }

    fn in_span(&self, reference: &Reference, query: &TallyQuery, since: LocalDate) -> Result<Spans, TallyRefusal> {
        self.index.in_span(reference, query, since)
    }

    fn lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        holder: UnitId,
    ) -> Result<Vec<Line>, TallyRefusal> {
        self.index.lines(reference, query, measure, holder)
    }

    fn differences(&self, from: State<'_>, to: State<'_>) -> Result<Differences, TallyRefusal> {
        self.index.differences(from, to)
    }

    fn restated(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        then: &PeriodTally,
        to: (&Structure, LocalDate),
    ) -> Result<Vec<RestatedMeasure>, TallyRefusal> {
        self.index.restated(reference, query, then, to)
    }

    fn restated_lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        of: RestatedCount<'_>,
    ) -> Result<Vec<Line>, TallyRefusal> {
        self.index.restated_lines(reference, query, measure, of)
    }

    fn what_if(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        stream: StreamId,
        events: &[Event],
    ) -> Result<Vec<CellChange>, TallyRefusal> {
        self.index.what_if(reference, query, stream, events)
    }
}

/// Rows of the trail, whoever keeps them up.
pub(super) struct Trail {
    pub(super) reader: Arc<AuditReader>,
    /// Where this process folds them.
    pub(super) reached: Option<Reached>,
}

/// The portal has an answer of its own to rows of another ledger.
fn told(error: ReadError) -> anyhow::Error {
    match error {
        ReadError::Foreign(foreign) => of_another_ledger(foreign).into(),
        error => error.into(),
    }
}

#[async_trait]
impl TrailSource for Trail {
    fn stopped(&self) -> Option<ViewStopped> {
        self.reached.as_ref().and_then(stopped)
    }

    async fn position(&self) -> anyhow::Result<Position> {
        self.reader.position().await.map_err(told)
    }

    async fn trail(
        &self,
        filter: &TrailFilter,
        page: TrailPage,
        limit: usize,
    ) -> anyhow::Result<(Vec<TrailRow>, Option<TrailPlace>)> {
        let place = |(position, index): TrailPlace| Place { position, index };
        let query = TrailQuery {
            page: match page {
                TrailPage::After(after) => Direction::After(after.map_or(Place::START, place)),
                TrailPage::Before(before) => Direction::Before(before.map_or(Place::END, place)),
            },
            limit,
            units: filter.units.clone(),
            stream: filter.stream,
            without: filter.without,
            actor: filter.actor,
            document_number: filter.document.as_ref().map(|(number, _)| number.clone()),
            document_symbol: filter.document.as_ref().and_then(|(_, symbol)| symbol.clone()),
            from: filter.from,
            to: filter.to,
            recorded_on: filter.recorded_on,
            ..TrailQuery::all(filter.known)
        };
        let found = self.reader.trail(&query).await.map_err(told)?;
        Ok((found.rows, found.next.map(|next| (next.position, next.index))))
    }

    async fn cases(
        &self,
        kind: Kind,
        units: Option<BTreeSet<UnitId>>,
        known: Position,
        after: Position,
        limit: usize,
    ) -> anyhow::Result<(Vec<StreamId>, Option<Position>)> {
        let query = SubjectQuery { kind, known, after, limit, units, standing: None };
        let found = self.reader.subjects(&query).await.map_err(told)?;
        Ok((found.rows.into_iter().map(|row| row.stream).collect(), found.next))
    }
}
