//! `GET /v1/organisations` and `/v1/queries`: cases in the order in which they began.

use axum::{extract::State, response::Response};
use domain::Position;
use kit::{
    Problem,
    http::{Caller, QueryParams},
};
use serde::{Deserialize, Serialize};

use super::{fresh, page::limit_of};
use crate::{Portal, case::Case, cases::QueryCase};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    after: Option<Position>,
    limit: Option<usize>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OrganisationsAnswer {
    organisations: Vec<Case>,
    /// Ask for those that began after this position; null at the end. A page may be short, or empty, before the end.
    next_after: Option<Position>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct QueriesAnswer {
    queries: Vec<QueryCase>,
    /// As for organisations.
    next_after: Option<Position>,
}

#[utoipa::path(
    get, path = "/v1/organisations", tag = "cases",
    params(("after" = Option<u64>, Query, description = "Those that began after this position"), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = OrganisationsAnswer), (status = 400, body = Problem))
)]
pub(crate) async fn organisations(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let page = portal.organisations(&scope, params.after.unwrap_or_default(), limit).await?;
    Ok(fresh(&OrganisationsAnswer { organisations: page.found, next_after: page.next_after }))
}

#[utoipa::path(
    get, path = "/v1/queries", tag = "cases",
    params(("after" = Option<u64>, Query), ("limit" = Option<usize>, Query)),
    responses((status = 200, body = QueriesAnswer), (status = 400, body = Problem))
)]
pub(crate) async fn queries(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let page = portal.queries(&scope, params.after.unwrap_or_default(), limit).await?;
    Ok(fresh(&QueriesAnswer { queries: page.found, next_after: page.next_after }))
}
