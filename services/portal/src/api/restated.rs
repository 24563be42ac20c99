//! `GET …/tallies/restated`: the counts of a period under the units of a later day.

use std::sync::Arc;

use axum::{extract::State, response::Response};
use domain::{
    AllocationName, LocalDate, PeriodKey, Position, ProgrammeKey, Reference,
    fold::{AsOf, Lens, RestatedMeasure},
};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, etag, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{Keep, called, key, tagged, tallies, unchanged, wrong_parameter};
use crate::{
    Portal,
    answers::{PeriodOf, Point},
    asked::Known,
    scope::Scope,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    valid: Option<LocalDate>,
    known: Option<String>,
    to: Option<LocalDate>,
    key: Option<String>,
    structure_known: Option<String>,
    min_position: Option<Position>,
}

/// Counts of then under the units of a later day. Plans are not restated: they were given to units of then.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RestatedAnswer {
    pub(crate) programme: ProgrammeKey,
    pub(crate) period: PeriodKey,
    pub(crate) as_of: AsOf,
    /// Only when `known` and `structure_known` were given: whether the same question gets the same answer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
    /// The day whose units these are.
    pub(crate) restated_to: LocalDate,
    /// What could not be placed is divided by it: those counts are estimates, and stand in `estimated`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<AllocationName>,
    /// Up to where the structure is known.
    structure_position: Position,
    fold_version: u32,
    /// SỐ LIỆU MINH HỌA: of a demonstration ledger, whose figures per unit are invented.
    demonstration: bool,
    /// Always `no comparable target`: k of n and percentages of then say nothing of these units.
    plan: &'static str,
    pub(crate) measures: Vec<RestatedMeasure>,
}

#[utoipa::path(
    get, path = "/v1/programmes/{programme}/periods/{period}/tallies/restated", tag = "tallies",
    params(
        ("programme" = String, Path), ("period" = String, Path),
        ("valid" = Option<LocalDate>, Query, description = "The day it holds on; unless given today, or the nearest day of the period"),
        ("known" = Option<String>, Query, description = "A position, an instant in RFC 3339, or `closing-1`, `cut-off-1`, …; everything unless given"),
        ("to" = Option<LocalDate>, Query, description = "The day whose units are wanted; today unless given"),
        ("key" = Option<String>, Query, description = "Divide what cannot be placed by this allocation key, such as `population`: an estimate"),
        ("structure_known" = Option<String>, Query, description = "The structure as known at this position, instant, `closing-1`, `cut-off-1`, … of the period, or such as `nq28/2025/closing-1`; as known by now unless given"),
        ("min_position" = Option<u64>, Query, description = "Wait up to 5 s until the answer includes this position"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = RestatedAnswer), (status = 304, description = "As the tag says"),
        (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem),
    )
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams((programme, period)): PathParams<(String, String)>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = PeriodOf { programme: key(&programme)?, period: key(&period)? };
    let question = question(params.valid, params.known, params.min_position);
    let asked = tallies::asked(&portal, of, &question).await?;
    let point = portal.resolve(&asked).await?;
    let scope = portal.scope(&caller.identity.actor);
    let under =
        Under::asked(&portal, &point, params.to, params.key.as_deref(), params.structure_known.as_deref()).await?;
    // The structure of a day is known better tomorrow.
    let keep = if under.settled == Some(true) { tallies::keep_of(&asked, &point, &scope) } else { Keep::Revalidate };
    let tag = tallies::tag(&portal, &point, &scope).await?;
    let tag = etag(&["restated", tag.as_str(), &under.tag(&portal).await?]);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    tagged(&tag, keep, &answer(&portal, &point, &scope, under).await?)
}

/// The question whose counts are restated: as known, also of a closed period.
pub(crate) fn question(
    valid: Option<LocalDate>,
    known: Option<String>,
    min_position: Option<Position>,
) -> tallies::Params {
    let lens = known.is_none().then(|| Lens::AsKnown.word().to_owned());
    tallies::Params { valid, known, lens, min_position }
}

/// Under which units, and how what cannot be placed is divided.
pub(crate) struct Under {
    pub(crate) to: LocalDate,
    key: Option<AllocationName>,
    /// Whose structure it is.
    pub(crate) reference: Arc<Reference>,
    /// Set when the structure is one known at a moment that was named.
    pub(crate) settled: Option<bool>,
}

impl Under {
    pub(crate) async fn asked(
        portal: &Portal,
        point: &Point,
        to: Option<LocalDate>,
        key: Option<&str>,
        known: Option<&str>,
    ) -> Result<Self, Problem> {
        let to = day_of(portal, point, to)?;
        let (reference, settled) = match known {
            None => (portal.reference(), None),
            Some(text) => {
                let named = |problem| called(problem, "known", "structure_known");
                // A closing's own name is that of the period asked about; its whole name may be another's, such as of a later year.
                let own = matches!(text.parse(), Ok(Known::Closing(_) | Known::CutOff(_)));
                let whole = format!("{}/{}/{text}", point.query.programme, point.query.period);
                let known = portal.moment_of(Some(if own { &whole } else { text })).map_err(named)?;
                let (position, settled) = portal.position_of(known, portal.reached()?).await.map_err(named)?;
                (portal.reference_at(position).await?, settled)
            }
        };
        let key = key_of(&reference, key)?;
        Ok(Self { to, key, reference, settled })
    }

    /// What of it decides an answer.
    pub(crate) async fn tag(&self, portal: &Portal) -> Result<String, Problem> {
        let structure = portal.placed(self.reference.position).await?;
        Ok(format!("{} {:?} {structure} {:?}", self.to, self.key, self.settled))
    }
}

/// The day whose units are wanted: today unless given, and never before that of the figures.
fn day_of(portal: &Portal, point: &Point, to: Option<LocalDate>) -> Result<LocalDate, Problem> {
    // Of a period that has not begun the figures are of its first day.
    let to = to.unwrap_or_else(|| portal.today().max(point.query.valid));
    if to >= point.query.valid {
        return Ok(to);
    }
    Err(wrong_parameter(
        "to",
        "phải là ngày không trước ngày của số liệu",
        "it has to be no earlier than the day of the figures",
    ))
}

/// The allocation key of this name, if something is weighed by it.
fn key_of(reference: &Reference, name: Option<&str>) -> Result<Option<AllocationName>, Problem> {
    let Some(name) = name else { return Ok(None) };
    let known = reference.structure.allocation_names();
    if let Some(found) = known.iter().find(|known| known.as_str() == name) {
        return Ok(Some((*found).clone()));
    }
    if known.is_empty() {
        return Err(wrong_parameter(
            "key",
            "chưa ghi tỷ trọng nào; tỷ trọng theo văn bản được ghi bằng bước weigh_successor của lệnh change-structure",
            "no weight is recorded yet; weights are recorded, by a paper, as weigh_successor in change-structure",
        ));
    }
    let list = known.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", ");
    Err(wrong_parameter(
        "key",
        &format!("chưa ghi tỷ trọng nào theo khóa này; có: {list}"),
        &format!("nothing is weighed by this key; there are: {list}"),
    ))
}

/// The counts at a point under the units of a day, as far as the caller sees them.
pub(crate) async fn answer(
    portal: &Portal,
    point: &Point,
    scope: &Scope,
    Under { to, key, reference: now, settled }: Under,
) -> Result<RestatedAnswer, Problem> {
    let mut then = portal.tally(point, scope)?;
    then.as_of.known_at = portal.recorded_at(point.position()).await?;
    then.as_of.lens = Lens::Restated;
    let mut measures = portal.restated(point, &then, (&now.structure, to))?;
    // Who sees what is as it is now, whatever is asked about.
    let here = portal.reference();
    let sees = |unit| scope.covers(&here.structure, unit, portal.today());
    // Before anything is divided: a part would tell of the whole.
    for measure in measures.iter_mut().filter(|_| *scope != Scope::All) {
        measure.cells.retain(|cell| sees(cell.committee));
        measure.unallocated.retain(|cell| sees(cell.committee));
    }
    if let Some(key) = &key {
        let weights = now.structure.allocation_key(key, to);
        measures = measures.into_iter().map(|one| one.estimated(&weights, (&now.structure, to))).collect();
    }
    for measure in measures.iter_mut().filter(|_| *scope != Scope::All) {
        measure.estimated.retain(|cell| sees(cell.committee));
        let seen = measure.cells.iter().chain(&measure.estimated).chain(&measure.unallocated);
        measure.total = seen.map(|cell| cell.actual).sum();
    }
    Ok(RestatedAnswer {
        programme: then.programme,
        period: then.period,
        as_of: then.as_of,
        settled: point.settled.and_then(|point| Some(point && settled?)),
        restated_to: to,
        key,
        structure_position: now.position,
        fold_version: portal.deps.tallies.fold_version(),
        demonstration: now.ledger.demonstration(),
        plan: "no comparable target",
        measures,
    })
}
