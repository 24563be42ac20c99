//! `GET …/tallies/{measure}/{committee}/records`: the records that make a number, with a running sum (law 13).

use axum::{extract::State, response::Response};
use domain::{
    LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, UnitId,
    fold::{Lens, LinePage, line_page},
};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, etag, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{
    key,
    page::limit_of,
    tagged,
    tallies::{self, asked, keep_of},
    unchanged,
};
use crate::{Portal, answers::PeriodOf, scope::not_seen};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    valid: Option<LocalDate>,
    known: Option<String>,
    lens: Option<String>,
    min_position: Option<Position>,
    after: Option<u64>,
    limit: Option<usize>,
}

/// Lines of a number.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct NumberAnswer {
    programme: ProgrammeKey,
    period: PeriodKey,
    measure: MeasureKey,
    committee: UnitId,
    valid: LocalDate,
    known_position: Position,
    lens: Lens,
    /// The day by which targets are due, and ceremonies held.
    judged_on: LocalDate,
    /// Only when `known` was given: whether the same question gets the same answer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
    #[serde(flatten)]
    page: LinePage,
}

#[utoipa::path(
    get, path = "/v1/programmes/{programme}/periods/{period}/tallies/{measure}/{committee}/records", tag = "tallies",
    params(
        ("programme" = String, Path), ("period" = String, Path), ("measure" = String, Path), ("committee" = uuid::Uuid, Path),
        ("valid" = Option<LocalDate>, Query), ("known" = Option<String>, Query, description = "Pin the pages to `known_position` of the first"),
        ("lens" = Option<String>, Query), ("min_position" = Option<u64>, Query),
        ("after" = Option<u64>, Query, description = "Lines after this one"), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses((status = 200, body = NumberAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem), (status = 404, body = Problem))
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
    let question = tallies::Params {
        valid: params.valid,
        known: params.known,
        lens: params.lens,
        min_position: params.min_position,
    };
    let asked = asked(&portal, of, &question).await?;
    let scope = portal.scope(&caller.identity.actor);
    let point = portal.resolve(&asked).await?;
    // Whoever is shown a number is shown its records.
    if !scope.covers(&portal.reference().structure, committee, portal.today()) {
        return Err(not_seen());
    }
    let keep = keep_of(&asked, &point, &scope);
    let after = params.after.unwrap_or(0);
    let whole = tallies::tag(&portal, &point, &scope).await?;
    let tag = etag(&[whole.as_str(), measure.as_str(), &committee.to_string(), &after.to_string(), &limit.to_string()]);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let page = line_page(portal.lines(&point, &measure, committee)?, after, limit);
    let answer = NumberAnswer {
        programme: point.query.programme.clone(),
        period: point.query.period.clone(),
        measure,
        committee,
        valid: point.query.valid,
        known_position: point.position(),
        lens: point.lens,
        judged_on: point.query.judged_on,
        settled: point.settled,
        page,
    };
    tagged(&tag, keep, &answer)
}
