//! `GET /v1/trail`: who did what, when, by which document.

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};
use domain::{LocalDate, Position, Reference, SubjectId, UnitId, fold::TrailRow};
use kit::{
    Problem,
    http::{Caller, QueryParams},
    problem::UNAVAILABLE,
};
use serde::{Deserialize, Serialize};

use super::{fresh, page::limit_of, records::stream, tallies::moment_of, wrong_parameter};
use crate::{
    Portal, TrailFilter, TrailPage, TrailPlace,
    asked::Known,
    scope::{Scope, not_seen},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    pub(crate) committee: Option<UnitId>,
    pub(crate) stream: Option<String>,
    pub(crate) actor: Option<SubjectId>,
    pub(crate) from: Option<LocalDate>,
    pub(crate) to: Option<LocalDate>,
    pub(crate) recorded_on: Option<LocalDate>,
    pub(crate) document: Option<String>,
    pub(crate) known: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<usize>,
}

/// A row, and what follows from the rest of the ledger.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TrailRowShown {
    #[serde(flatten)]
    row: TrailRow,
    /// It takes effect in a period, of whatever programme, that was closed when it was recorded, and not reopened.
    late: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TrailAnswer {
    rows: Vec<TrailRowShown>,
    /// Pass it on as `known`, so that later pages see no newer record.
    known: Position,
    /// `position.index` of the last row; ask for what comes after it. Null when this page is the last.
    next_after: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/trail", tag = "trail",
    params(
        ("committee" = Option<uuid::Uuid>, Query, description = "This unit and everything under it"),
        ("stream" = Option<String>, Query, description = "`kind/uuid`"), ("actor" = Option<uuid::Uuid>, Query),
        ("from" = Option<LocalDate>, Query, description = "Takes effect on this day or later"),
        ("to" = Option<LocalDate>, Query, description = "Takes effect on this day or earlier"),
        ("recorded_on" = Option<LocalDate>, Query, description = "Recorded on this local day"),
        ("document" = Option<String>, Query, description = "Number of the document"),
        ("known" = Option<String>, Query, description = "Nothing recorded after this position, or instant in RFC 3339"),
        ("after" = Option<String>, Query, description = "`next_after` of the page before"), ("limit" = Option<usize>, Query),
    ),
    responses((status = 200, body = TrailAnswer), (status = 400, body = Problem))
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let filter = portal.trail_filter(&params, &scope).await?;
    let page = TrailPage::After(place(params.after.as_deref())?);
    let (rows, next) = portal.trail_rows(&filter, page, limit).await?;
    let next_after = next.map(|(position, index)| format!("{position}.{index}"));
    let reference = portal.reference_at(rows.last().map_or(Position::START, |row| row.position)).await?;
    let shown = |row: TrailRow| TrailRowShown { late: is_late(&reference, &row), row };
    Ok(fresh(&TrailAnswer { rows: rows.into_iter().map(shown).collect(), known: filter.known, next_after }))
}

/// Order decides, so an answer for a position never changes: a later closing makes nothing late that came before it.
pub(crate) fn is_late(reference: &Reference, row: &TrailRow) -> bool {
    reference.is_late(row.position, row.corrects.iter().chain(&row.adds).map(|count| count.effective_on))
}

/// `position.index`.
pub(crate) fn place(text: Option<&str>) -> Result<Option<TrailPlace>, Problem> {
    let wrong = || wrong_parameter("after", "dùng next_after của trang trước", "take next_after of the page before");
    let Some(text) = text else { return Ok(None) };
    let (position, index) = text.split_once('.').ok_or_else(wrong)?;
    let place = position.parse().ok().zip(index.parse().ok());
    place.map(Some).ok_or_else(wrong)
}

impl Portal {
    /// The filter that a caller asks for, within what the caller sees.
    pub(crate) async fn trail_filter(&self, params: &Params, scope: &Scope) -> Result<TrailFilter, Problem> {
        let (reference, today) = (self.reference(), self.today());
        let structure = &reference.structure;
        if params.committee.is_some_and(|unit| !scope.covers(structure, unit, today)) {
            return Err(not_seen());
        }
        let top = match (params.committee, scope) {
            (Some(unit), _) => Some(Scope::Under(unit)),
            (None, Scope::Under(office)) => Some(Scope::Under(*office)),
            (None, Scope::All) => None,
        };
        let document = params.document.as_deref().map(str::trim).filter(|text| !text.is_empty());
        Ok(TrailFilter {
            units: top.and_then(|top| self.units_of(&top)),
            stream: stream(params.stream.as_deref().filter(|text| !text.is_empty()))?,
            actor: params.actor,
            from: params.from,
            to: params.to,
            recorded_on: params.recorded_on,
            document: document.map(str::to_owned),
            known: match moment_of(params.known.as_deref())? {
                // One that is still to come is pinned all the same: its pages fill up.
                Known::At(position) => position,
                known => {
                    let reached = self.deps.trail.position().await.map_err(|error| unreadable(&error))?;
                    self.position_of(known, reached).await?.0
                }
            },
        })
    }

    /// The units of a scope; none for all of them.
    pub(crate) fn units_of(&self, scope: &Scope) -> Option<BTreeSet<UnitId>> {
        let (reference, today) = (self.reference(), self.today());
        let structure = &reference.structure;
        let seen =
            || structure.units().map(|unit| unit.id).filter(|unit| scope.covers(structure, *unit, today)).collect();
        (*scope != Scope::All).then(seen)
    }

    pub(crate) async fn trail_rows(
        &self,
        filter: &TrailFilter,
        page: TrailPage,
        limit: usize,
    ) -> Result<(Vec<TrailRow>, Option<TrailPlace>), Problem> {
        self.deps.trail.trail(filter, page, limit).await.map_err(|error| unreadable(&error))
    }
}

pub(crate) fn unreadable(error: &anyhow::Error) -> Problem {
    tracing::error!(error = format!("{error:#}"), "the trail cannot be read");
    Problem::new(UNAVAILABLE, "Nhật ký tạm thời không đọc được.", "The trail cannot be read at the moment.")
        .retry_after(std::time::Duration::from_secs(2))
}
