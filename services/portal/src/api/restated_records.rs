//! `GET …/tallies/restated/{measure}/{committee}/records`: the records that make a count under the units of a later day (law 13).

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};
use domain::{
    LocalDate, MeasureKey, Position, UnitId,
    fold::{AsOf, Lens, LinePage, RestatedCount, line_page},
};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, etag, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{
    Keep, key,
    page::limit_of,
    restated::{Under, question},
    tagged,
    tallies::{self, asked, keep_of},
    unchanged,
};
use crate::{
    Portal,
    answers::PeriodOf,
    scope::{Scope, not_seen},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    valid: Option<LocalDate>,
    known: Option<String>,
    to: Option<LocalDate>,
    structure_known: Option<String>,
    #[serde(default)]
    unallocated: bool,
    min_position: Option<Position>,
    after: Option<u64>,
    limit: Option<usize>,
}

/// Lines of a restated count.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RestatedRecordsAnswer {
    measure: MeasureKey,
    committee: UnitId,
    as_of: AsOf,
    restated_to: LocalDate,
    /// Up to where the structure is known.
    structure_position: Position,
    /// Of the unit that was credited then, and nothing says where they are.
    unallocated: bool,
    #[serde(flatten)]
    page: LinePage,
}

#[utoipa::path(
    get, path = "/v1/programmes/{programme}/periods/{period}/tallies/restated/{measure}/{committee}/records", tag = "tallies",
    params(
        ("programme" = String, Path), ("period" = String, Path), ("measure" = String, Path),
        ("committee" = uuid::Uuid, Path, description = "A unit of `to`; with `unallocated` a unit that was credited then"),
        ("valid" = Option<LocalDate>, Query), ("known" = Option<String>, Query, description = "Pin the pages to `known_position` of the first"),
        ("to" = Option<LocalDate>, Query), ("structure_known" = Option<String>, Query, description = "Pin the pages to `structure_position` of the first"),
        ("unallocated" = Option<bool>, Query, description = "What was left of this unit, because nothing says where it is"),
        ("min_position" = Option<u64>, Query), ("after" = Option<u64>, Query, description = "Lines after this one"), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses((status = 200, body = RestatedRecordsAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem), (status = 404, body = Problem))
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams((programme, period, measure, committee)): PathParams<(String, String, String, UnitId)>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = PeriodOf { programme: key(&programme)?, period: key(&period)? };
    let measure: MeasureKey = key(&measure)?;
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let question = question(params.valid, params.known, params.min_position);
    let asked = asked(&portal, of, &question).await?;
    let point = portal.resolve(&asked).await?;
    let scope = portal.scope(&caller.identity.actor);
    let under = Under::asked(&portal, &point, params.to, None, params.structure_known.as_deref()).await?;
    seen(&portal, &scope, committee)?;
    let keep = if under.settled == Some(true) { keep_of(&asked, &point, &scope) } else { Keep::Revalidate };
    let (after, placed) = (params.after.unwrap_or(0), !params.unallocated);
    let whole = tallies::tag(&portal, &point, &scope).await?;
    let under_tag = under.tag(&portal).await?;
    let parts = [measure.to_string(), format!("{committee} {placed} {after} {limit} {under_tag}")];
    let tag = etag(&["restated-records", whole.as_str(), &parts[0], &parts[1]]);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let units = BTreeSet::from([committee]);
    let count = RestatedCount { structure: &under.reference.structure, to: under.to, units: &units, placed };
    let page = line_page(portal.restated_lines(&point, &measure, count)?, after, limit);
    let as_of = AsOf {
        valid: point.query.valid,
        known_position: point.position(),
        known_at: portal.recorded_at(point.position()).await?,
        lens: Lens::Restated,
    };
    let (restated_to, structure_position) = (under.to, under.reference.position);
    let unallocated = params.unallocated;
    tagged(
        &tag,
        keep,
        &RestatedRecordsAnswer { measure, committee, as_of, restated_to, structure_position, unallocated, page },
    )
}

/// Whoever is shown a count is shown its records: as it is now.
pub(crate) fn seen(portal: &Portal, scope: &Scope, committee: UnitId) -> Result<(), Problem> {
    let here = portal.reference();
    if scope.covers(&here.structure, committee, portal.today()) { Ok(()) } else { Err(not_seen()) }
}
