//! `GET /v1/organisations`, `/v1/queries` and `/v1/grants`: cases in the order in which they began.

use axum::{extract::State, response::Response};
use domain::{LocalDate, Position, Role};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, QueryParams, not_modified},
    problem::FORBIDDEN,
};
use serde::{Deserialize, Serialize};

use super::{page::limit_of, tagged, unchanged};
use crate::{
    Portal,
    case::Case,
    cases::{GrantCase, QueryCase},
    moment::{KnownShown, MomentShown},
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    valid: Option<LocalDate>,
    known: Option<String>,
    after: Option<Position>,
    limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KnownParams {
    known: Option<String>,
    after: Option<Position>,
    limit: Option<usize>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct OrganisationsAnswer {
    as_of: MomentShown,
    organisations: Vec<Case>,
    /// Ask for those that began after this position; null at the end. A page may be short, or empty, before the end.
    next_after: Option<Position>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct QueriesAnswer {
    as_of: KnownShown,
    /// As they stood then.
    queries: Vec<QueryCase>,
    /// As for organisations.
    next_after: Option<Position>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct GrantsAnswer {
    as_of: KnownShown,
    /// Also those that have ended or were taken back.
    grants: Vec<GrantCase>,
    /// As for organisations.
    next_after: Option<Position>,
}

#[utoipa::path(
    get, path = "/v1/organisations", tag = "cases",
    params(
        ("valid" = Option<LocalDate>, Query, description = "How they stand on this day; today, or the day of `known`, unless given"),
        ("known" = Option<String>, Query, description = "A position, or an instant in RFC 3339; everything unless given"),
        ("after" = Option<u64>, Query, description = "Those that began after this position"), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = OrganisationsAnswer), (status = 304, description = "As the tag says"),
        (status = 400, body = Problem), (status = 412, body = Problem, description = "`position-unknown`"),
        (status = 503, body = Problem, description = "`view-behind`, with the position reached"),
    )
)]
pub(crate) async fn organisations(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let moment = portal.listed_moment(params.valid, params.known.as_deref()).await?;
    let after = params.after.unwrap_or_default();
    let tag = moment.tag(&portal, &scope, &["organisations", &after.to_string(), &limit.to_string()]).await?;
    let keep = moment.keep(&scope);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let page = portal.organisations(&scope, &moment, after, limit).await?;
    let answer = OrganisationsAnswer { as_of: moment.shown(), organisations: page.found, next_after: page.next_after };
    tagged(&tag, keep, &answer)
}

#[utoipa::path(
    get, path = "/v1/queries", tag = "cases",
    params(
        ("known" = Option<String>, Query, description = "As they stood at a position, an instant in RFC 3339, or such as `nq28/2022/closing-1`; now unless given"),
        ("after" = Option<u64>, Query, description = "Those raised after this position"), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = QueriesAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn queries(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<KnownParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let moment = portal.moment(None, params.known.as_deref()).await?;
    let after = params.after.unwrap_or_default();
    let tag = moment.tag(&portal, &scope, &["queries", &after.to_string(), &limit.to_string()]).await?;
    let keep = moment.keep(&scope);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let page = portal.queries(&scope, (after, moment.known), limit).await?;
    let answer = QueriesAnswer { as_of: moment.known_shown(), queries: page.found, next_after: page.next_after };
    tagged(&tag, keep, &answer)
}

#[utoipa::path(
    get, path = "/v1/grants", tag = "directory",
    params(
        ("known" = Option<String>, Query, description = "As they stood at a position, an instant in RFC 3339, or such as `nq28/2022/closing-1`; now unless given"),
        ("after" = Option<u64>, Query, description = "Those granted after this position"), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = GrantsAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 403, body = Problem, description = "For auditors and administrators, each of the own unit and those under it"),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn grants(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<KnownParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if !matches!(caller.identity.actor.role, Role::Auditor | Role::Admin) {
        return Err(Problem::new(
            FORBIDDEN,
            "Danh sách cấp quyền chỉ dành cho kiểm tra và quản trị.",
            "The list of grants is for auditors and administrators.",
        ));
    }
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let moment = portal.moment(None, params.known.as_deref()).await?;
    let after = params.after.unwrap_or_default();
    let tag = moment.tag(&portal, &scope, &["grants", &after.to_string(), &limit.to_string()]).await?;
    let keep = moment.keep(&scope);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let page = portal.grants(&scope, (after, moment.known), limit).await?;
    let answer = GrantsAnswer { as_of: moment.known_shown(), grants: page.found, next_after: page.next_after };
    tagged(&tag, keep, &answer)
}
