//! `GET /v1/organisations/{id}`, `/v1/admissions/{id}`, `/v1/batches/{id}`: one case with all its records.

use axum::{extract::State, response::Response};
use domain::{Kind, StreamId};
use kit::{
    Problem,
    http::{Caller, PathParams},
};
use serde::Serialize;
use uuid::Uuid;
use wire::RecordJson;

use super::fresh;
use crate::{
    Portal,
    answers::read_problem,
    case::{Case, records_of},
    scope::not_seen,
};

/// A case, and the history that made it.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct CaseAnswer {
    id: Uuid,
    #[serde(flatten)]
    case: Case,
    records: Vec<RecordJson>,
}

#[utoipa::path(
    get, path = "/v1/organisations/{id}", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Problem))
)]
pub(crate) async fn organisation(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response, Problem> {
    detail(&portal, &caller, StreamId::new(Kind::Organisation, id)).await
}

#[utoipa::path(
    get, path = "/v1/admissions/{id}", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Problem))
)]
pub(crate) async fn admission(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response, Problem> {
    detail(&portal, &caller, StreamId::new(Kind::Admission, id)).await
}

#[utoipa::path(
    get, path = "/v1/batches/{id}", tag = "cases", params(("id" = Uuid, Path)),
    responses((status = 200, body = CaseAnswer), (status = 404, body = Problem))
)]
pub(crate) async fn batch(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response, Problem> {
    detail(&portal, &caller, StreamId::new(Kind::Batch, id)).await
}

async fn detail(portal: &Portal, caller: &Caller, stream: StreamId) -> Result<Response, Problem> {
    let records = records_of(portal.deps.journal.as_ref(), &stream).await.map_err(|error| read_problem(&error))?;
    let scope = portal.scope(&caller.identity.actor);
    let case = Case::of(&records).ok_or_else(not_seen)?;
    if !scope.covers(&portal.reference().structure, case.unit, portal.today()) {
        return Err(not_seen());
    }
    let records = records.into_iter().map(|(position, record)| RecordJson::new(position, record)).collect();
    Ok(fresh(&CaseAnswer { id: stream.id, case, records }))
}
