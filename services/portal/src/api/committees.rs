//! `GET /v1/committees`: units on a day, in official order.

use axum::{extract::State, response::Response};
use domain::{Edge, LocalDate, UnitId, UnitKind, structure::Structure, text::comparison_key};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, QueryParams, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{page::limit_of, tagged, unchanged, wrong_parameter};
use crate::{Portal, moment::MomentShown, scope::Scope};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The day; today unless given.
    valid: Option<LocalDate>,
    /// The same.
    on: Option<LocalDate>,
    known: Option<String>,
    /// The official code on that day; codes are reused, so on another day it may be another unit's.
    code: Option<String>,
    /// A part of a name in either spelling, or a whole code.
    q: Option<String>,
    /// Only this unit and what is under it.
    under: Option<UnitId>,
    after: Option<UnitId>,
    limit: Option<usize>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CommitteesAnswer {
    on: LocalDate,
    as_of: MomentShown,
    committees: Vec<CommitteeShown>,
    /// Ask for those after this one; null when this page is the last.
    next_after: Option<UnitId>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct CommitteeShown {
    pub(crate) committee: UnitId,
    pub(crate) code: Option<String>,
    pub(crate) name: String,
    pub(crate) kind: Option<UnitKind>,
    /// Parent in its own hierarchy.
    pub(crate) line: Option<UnitId>,
    /// The Party committee that leads it.
    pub(crate) led_by: Option<UnitId>,
    pub(crate) first_day: LocalDate,
    /// First day without it.
    pub(crate) ended_on: Option<LocalDate>,
}

#[utoipa::path(
    get, path = "/v1/committees", tag = "committees",
    params(
        ("valid" = Option<LocalDate>, Query, description = "The day; today unless given"),
        ("on" = Option<LocalDate>, Query, description = "The same as `valid`"),
        ("known" = Option<String>, Query, description = "The structure as known at a position, or at an instant in RFC 3339; everything unless given"),
        ("code" = Option<String>, Query, description = "Official code on that day, which is reused"), ("q" = Option<String>, Query, description = "Part of a name in either spelling, or a code"),
        ("under" = Option<uuid::Uuid>, Query), ("after" = Option<uuid::Uuid>, Query), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = CommitteesAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn list(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    if params.valid.is_some() && params.on.is_some_and(|on| params.valid != Some(on)) {
        return Err(wrong_parameter("on", "khác với valid", "it differs from valid"));
    }
    let moment = portal.moment(params.valid.or(params.on), params.known.as_deref()).await?;
    let known = portal.reference_at(moment.known).await?;
    let moment = moment.of_reference(&known);
    let on = moment.valid;
    let scope = portal.scope(&caller.identity.actor);
    let parts = [params.q.as_deref(), params.code.as_deref()].map(|text| format!("{text:?}"));
    let places = [params.under, params.after].map(|unit| format!("{unit:?}"));
    let limit_tag = limit.to_string();
    let parts = ["committees", &parts[0], &parts[1], &places[0], &places[1], &limit_tag];
    let tag = moment.tag(&portal, &scope, &parts).await?;
    let keep = moment.keep(&scope);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let wanted = Wanted { q: params.q.as_deref(), code: params.code.as_deref(), under: params.under };
    let mut found = portal.committees(&known.structure, &scope, on, wanted);
    if let Some(after) = params.after {
        let place = found.iter().position(|unit| unit.committee == after);
        let place = place.ok_or_else(|| wrong_parameter("after", "không có đơn vị này", "there is no such unit"))?;
        found.drain(..=place);
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next_after = found.last().map(|unit| unit.committee).filter(|_| more);
    tagged(&tag, keep, &CommitteesAnswer { on, as_of: moment.shown(), committees: found, next_after })
}

/// Which units; what is `None` does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// A part of a name in either spelling, or a whole code.
    pub(crate) q: Option<&'a str>,
    pub(crate) code: Option<&'a str>,
    /// It and what is under it.
    pub(crate) under: Option<UnitId>,
}

impl Portal {
    /// Units that exist on a day in a structure, in official order, of those that somebody sees today.
    pub(crate) fn committees(
        &self,
        structure: &Structure,
        scope: &Scope,
        on: LocalDate,
        asked: Wanted<'_>,
    ) -> Vec<CommitteeShown> {
        let now = self.reference();
        let wanted = asked.q.map(str::trim).filter(|q| !q.is_empty());
        let key = wanted.map(comparison_key);
        let code = asked.code.map(str::trim);
        structure
            .units()
            .filter(|unit| unit.exists_on(on))
            .filter(|unit| code.is_none_or(|code| unit.code_on(on) == Some(code)))
            .filter(|unit| asked.under.is_none_or(|top| structure.is_at_or_under(unit.id, top, on)))
            .filter(|unit| scope.covers(&now.structure, unit.id, self.today()))
            .filter(|unit| {
                let by_code = wanted.is_some_and(|q| unit.code_on(on) == Some(q));
                by_code || key.as_deref().is_none_or(|key| comparison_key(unit.name_on(on)).contains(key))
            })
            .map(|unit| CommitteeShown {
                committee: unit.id,
                code: unit.code_on(on).map(str::to_owned),
                name: unit.name_on(on).to_owned(),
                kind: unit.kind_on(on),
                line: unit.parent_on(Edge::Line, on),
                led_by: unit.parent_on(Edge::LedBy, on),
                first_day: unit.first_day,
                ended_on: unit.ended_on,
            })
            .collect()
    }
}
