//! `GET /v1/programmes`: programmes, their measures and periods.

use axum::{extract::State, response::Response};
use domain::{HostKind, LocalDate, PeriodKey, ProgrammeKey, UnitId, programme::MeasureDefinition};
use kit::{Problem, http::Caller};
use serde::Serialize;

use super::fresh;
use crate::Portal;

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ProgrammesAnswer {
    programmes: Vec<ProgrammeShown>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct ProgrammeShown {
    programme: ProgrammeKey,
    name: String,
    name_en: String,
    issuer: Option<UnitId>,
    host_kinds: Vec<HostKind>,
    /// The versions in force today.
    measures: Vec<MeasureDefinition>,
    periods: Vec<PeriodShown>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PeriodShown {
    period: PeriodKey,
    first_day: LocalDate,
    last_day: LocalDate,
    reports_required: bool,
}

#[utoipa::path(get, path = "/v1/programmes", tag = "programmes", responses((status = 200, body = ProgrammesAnswer), (status = 401, body = Problem)))]
pub(crate) async fn list(State(portal): State<Portal>, _: Caller) -> Response {
    let reference = portal.reference();
    let today = portal.today();
    let shown =
        reference.programmes.iter().filter(|(_, programme)| programme.is_established()).map(|(key, programme)| {
            let measures = programme.measures().filter_map(|measure| programme.measure_on(measure, today).cloned());
            let periods = reference.periods_of(key).map(|(period, opened)| PeriodShown {
                period: period.clone(),
                first_day: opened.first_day,
                last_day: opened.last_day,
                reports_required: opened.reports_required,
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
        });
    fresh(&ProgrammesAnswer { programmes: shown.collect() })
}
