//! Hands the portal what the other roles know: its ports, kept by the tally's index and the trail's reader.

use std::collections::BTreeSet;

use async_trait::async_trait;
use audit::{AuditReader, Direction, Place, SubjectQuery, TrailQuery};
use domain::{
    Event, Kind, LocalDate, MeasureKey, Position, Reference, StreamId, UnitId,
    fold::{
        CellChange, Differences, Line, PeriodTally, RestatedCount, RestatedMeasure, Spans, State, TallyQuery,
        TallyRefusal, TrailRow,
    },
    structure::Structure,
};
use portal::{TallySource, TrailFilter, TrailPage, TrailPlace, TrailSource};
use tally::SharedIndex;
use tokio::sync::watch;

/// Facts in memory, whoever keeps them up.
pub(super) struct Tallies(pub(super) SharedIndex);

impl TallySource for Tallies {
    fn fold_version(&self) -> u32 {
        self.0.fold_version()
    }

    fn position(&self) -> Position {
        self.0.position()
    }

    fn positions(&self) -> watch::Receiver<Position> {
        self.0.positions()
    }

    fn tally(&self, reference: &Reference, query: &TallyQuery) -> Result<PeriodTally, TallyRefusal> {
        self.0.tally(reference, query)
    }

    fn in_span(&self, reference: &Reference, query: &TallyQuery, since: LocalDate) -> Result<Spans, TallyRefusal> {
        self.0.in_span(reference, query, since)
    }

    fn lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        holder: UnitId,
    ) -> Result<Vec<Line>, TallyRefusal> {
        self.0.lines(reference, query, measure, holder)
    }

    fn differences(&self, from: State<'_>, to: State<'_>) -> Result<Differences, TallyRefusal> {
        self.0.differences(from, to)
    }

    fn restated(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        then: &PeriodTally,
        to: (&Structure, LocalDate),
    ) -> Result<Vec<RestatedMeasure>, TallyRefusal> {
        self.0.restated(reference, query, then, to)
    }

    fn restated_lines(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        measure: &MeasureKey,
        of: RestatedCount<'_>,
    ) -> Result<Vec<Line>, TallyRefusal> {
        self.0.restated_lines(reference, query, measure, of)
    }

    fn what_if(
        &self,
        reference: &Reference,
        query: &TallyQuery,
        stream: StreamId,
        events: &[Event],
    ) -> Result<Vec<CellChange>, TallyRefusal> {
        self.0.what_if(reference, query, stream, events)
    }
}

/// Rows of the trail, whoever keeps them up.
pub(super) struct Trail(pub(super) AuditReader);

#[async_trait]
impl TrailSource for Trail {
    async fn position(&self) -> anyhow::Result<Position> {
        Ok(self.0.position().await?)
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
        let found = self.0.trail(&query).await?;
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
        let found = self.0.subjects(&SubjectQuery { kind, known, after, limit, units, standing: None }).await?;
        Ok((found.rows.into_iter().map(|row| row.stream).collect(), found.next))
    }
}
