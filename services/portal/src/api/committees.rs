//! `GET /v1/committees`: units on a day, in official order.

use axum::{extract::State, response::Response};
use domain::{Edge, LocalDate, UnitId, UnitKind, text::comparison_key};
use kit::{
    Problem,
    http::{Caller, QueryParams},
};
use serde::{Deserialize, Serialize};

use super::{fresh, page::limit_of, wrong_parameter};
use crate::{Portal, scope::Scope};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The day; today unless given.
    valid: Option<LocalDate>,
    /// The same.
    on: Option<LocalDate>,
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
        ("code" = Option<String>, Query, description = "Official code on that day, which is reused"), ("q" = Option<String>, Query, description = "Part of a name in either spelling, or a code"),
        ("under" = Option<uuid::Uuid>, Query), ("after" = Option<uuid::Uuid>, Query), ("limit" = Option<usize>, Query),
    ),
    responses((status = 200, body = CommitteesAnswer), (status = 400, body = Problem))
)]
pub(crate) async fn list(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    if params.valid.is_some() && params.on.is_some_and(|on| params.valid != Some(on)) {
        return Err(wrong_parameter("on", "khác với valid", "it differs from valid"));
    }
    let on = params.valid.or(params.on).unwrap_or_else(|| portal.today());
    let scope = portal.scope(&caller.identity.actor);
    let wanted = Wanted { q: params.q.as_deref(), code: params.code.as_deref(), under: params.under };
    let mut found = portal.committees(&scope, on, wanted);
    if let Some(after) = params.after {
        let place = found.iter().position(|unit| unit.committee == after);
        let place = place.ok_or_else(|| wrong_parameter("after", "không có đơn vị này", "there is no such unit"))?;
        found.drain(..=place);
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next_after = found.last().map(|unit| unit.committee).filter(|_| more);
    Ok(fresh(&CommitteesAnswer { on, committees: found, next_after }))
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
    /// Units that exist on a day, in official order.
    pub(crate) fn committees(&self, scope: &Scope, on: LocalDate, asked: Wanted<'_>) -> Vec<CommitteeShown> {
        let reference = self.reference();
        let structure = &reference.structure;
        let wanted = asked.q.map(str::trim).filter(|q| !q.is_empty());
        let key = wanted.map(comparison_key);
        let code = asked.code.map(str::trim);
        structure
            .units()
            .filter(|unit| unit.exists_on(on))
            .filter(|unit| code.is_none_or(|code| unit.code_on(on) == Some(code)))
            .filter(|unit| asked.under.is_none_or(|top| structure.is_at_or_under(unit.id, top, on)))
            .filter(|unit| scope.covers(structure, unit.id, self.today()))
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
