//! `GET /v1/organisations/{id}`, `/v1/admissions/{id}`, `/v1/batches/{id}`: one case as of (valid, known), with the records known then.

use axum::{extract::State, response::Response};
use domain::{Kind, LocalDate, StreamId};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, not_modified},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::RecordJson;

use super::{tagged, unchanged};
use crate::{Portal, case::Case, moment::MomentShown, scope::not_seen};

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// How it stands on this day; today, or the day of `known`, unless given
    valid: Option<LocalDate>,
    /// A position, or an instant in RFC 3339; everything unless given
    known: Option<String>,
}

/// A case, and the history that made it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CaseAnswer {
    id: Uuid,
    as_of: MomentShown,
    #[serde(flatten)]
    case: Case,
    records: Vec<RecordJson>,
}

#[utoipa::path(
    get, path = "/v1/organisations/{id}", tag = "cases",
    params(("id" = Uuid, Path), Params, ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before")),
    responses(
        (status = 200, body = CaseAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 404, body = Problem, description = "Also where it was not known yet, or had not begun"),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn organisation(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<Uuid>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    detail(&portal, &caller, (&params, &headers), StreamId::new(Kind::Organisation, id)).await
}

#[utoipa::path(
    get, path = "/v1/admissions/{id}", tag = "cases",
    params(("id" = Uuid, Path), Params, ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before")),
    responses(
        (status = 200, body = CaseAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 404, body = Problem, description = "Also where it was not known yet, or had not begun"),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn admission(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<Uuid>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    detail(&portal, &caller, (&params, &headers), StreamId::new(Kind::Admission, id)).await
}

#[utoipa::path(
    get, path = "/v1/batches/{id}", tag = "cases",
    params(("id" = Uuid, Path), Params, ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before")),
    responses(
        (status = 200, body = CaseAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 404, body = Problem, description = "Also where it was not known yet, or had not begun"),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn batch(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<Uuid>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    detail(&portal, &caller, (&params, &headers), StreamId::new(Kind::Batch, id)).await
}

async fn detail(
    portal: &Portal,
    caller: &Caller,
    (params, headers): (&Params, &HeaderMap),
    stream: StreamId,
) -> Result<Response, Problem> {
    let moment = portal.moment(params.valid, params.known.as_deref()).await?;
    let scope = portal.scope(&caller.identity.actor);
    let mut records = portal.case_records(&scope, &stream).await?.ok_or_else(not_seen)?;
    records.retain(|(position, _)| *position <= moment.known);
    let case = Case::on(&records, moment.valid).ok_or_else(not_seen)?;
    let (tag, keep) = (moment.tag(portal, &scope, &[&stream.to_string()]).await?, moment.keep(&scope));
    if not_modified(headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let records = records.into_iter().map(|(position, record)| RecordJson::new(position, record)).collect();
    tagged(&tag, keep, &CaseAnswer { id: stream.id, as_of: moment.shown(), case, records })
}
