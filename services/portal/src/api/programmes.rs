//! `GET /v1/programmes`: programmes, their measures and periods.

use axum::{extract::State, response::Response};
use domain::{
    HostKind, LocalDate, PeriodKey, ProgrammeKey, Reference, UnitId,
    period::{Closing, CutOff},
    programme::{MeasureDefinition, Programme},
};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, QueryParams, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{tagged, unchanged};
use crate::{Portal, moment::MomentShown};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    valid: Option<LocalDate>,
    known: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ProgrammesAnswer {
    as_of: MomentShown,
    programmes: Vec<ProgrammeShown>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ProgrammeShown {
    programme: ProgrammeKey,
    name: String,
    name_en: String,
    issuer: Option<UnitId>,
    host_kinds: Vec<HostKind>,
    /// The versions in force on the day.
    measures: Vec<MeasureDefinition>,
    periods: Vec<PeriodShown>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PeriodShown {
    period: PeriodKey,
    first_day: LocalDate,
    last_day: LocalDate,
    reports_required: bool,
    /// In order; `known=closing-1` asks for what the first of them froze.
    closings: Vec<Closing>,
    /// In order; `known=cut-off-1` asks for what the first of them named.
    cut_offs: Vec<CutOff>,
    /// The period is closed on the day.
    closed: bool,
    /// Last day of a reopening, used up or not, of the last closing.
    #[serde(skip_serializing_if = "Option::is_none")]
    reopened_until: Option<LocalDate>,
    /// The last day of a reopening that somebody has asked for and nobody else has allowed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    reopening_requested_until: Option<LocalDate>,
}

#[utoipa::path(
    get, path = "/v1/programmes", tag = "programmes",
    params(
        ("valid" = Option<LocalDate>, Query, description = "The day whose measures are wanted; today unless given"),
        ("known" = Option<String>, Query, description = "A position, an instant in RFC 3339, or such as `nq28/2022/closing-1`; everything unless given"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses((status = 200, body = ProgrammesAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem), (status = 401, body = Problem))
)]
pub(crate) async fn list(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let moment = portal.moment(params.valid, params.known.as_deref()).await?;
    let reference = portal.reference_at(moment.known).await?;
    let moment = moment.of_reference(&reference);
    let scope = portal.scope(&caller.identity.actor);
    let (keep, tag) = (moment.keep(&scope), moment.tag(&portal, &scope, &["programmes"]).await?);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let established = reference.programmes.iter().filter(|(_, programme)| programme.is_established());
    let programmes = established.map(|(key, programme)| shown(&reference, key, programme, moment.valid)).collect();
    tagged(&tag, keep, &ProgrammesAnswer { as_of: moment.shown(), programmes })
}

fn shown(reference: &Reference, key: &ProgrammeKey, programme: &Programme, on: LocalDate) -> ProgrammeShown {
    let measures = programme.measures().filter_map(|measure| programme.measure_on(measure, on).cloned());
    let periods = reference.periods_of(key).map(|(period, opened)| PeriodShown {
        period: period.clone(),
        first_day: opened.first_day,
        last_day: opened.last_day,
        reports_required: opened.reports_required,
        closings: opened.standing.closings().to_vec(),
        cut_offs: opened.standing.cut_offs().to_vec(),
        closed: opened.standing.closed_on(on).is_some(),
        reopened_until: opened.standing.reopened().map(|reopening| reopening.until),
        reopening_requested_until: opened.standing.requested().map(|request| request.until),
    });
    ProgrammeShown {
        programme: key.clone(),
        name: programme.name(domain::Lang::Vi).to_owned(),
        name_en: programme.name(domain::Lang::En).to_owned(),
        issuer: programme.issuer(),
        host_kinds: programme.host_kinds().to_vec(),
        measures: measures.collect(),
        periods: periods.collect(),
    }
}
