//! `GET /v1/programmes`: programmes, their measures and periods.

use axum::{extract::State, response::Response};
use domain::{
    HostKind, LocalDate, PeriodKey, ProgrammeKey, UnitId,
    period::{Closing, CutOff},
    programme::MeasureDefinition,
};
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
    /// In order; `known=closing-1` asks for what the first of them froze.
    closings: Vec<Closing>,
    /// In order; `known=cut-off-1` asks for what the first of them named.
    cut_offs: Vec<CutOff>,
    /// The period is closed today.
    closed: bool,
    /// Last day of a reopening, used up or not, of the last closing.
    #[serde(skip_serializing_if = "Option::is_none")]
    reopened_until: Option<LocalDate>,
    /// The last day of a reopening that somebody has asked for and nobody else has allowed yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    reopening_requested_until: Option<LocalDate>,
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
                closings: opened.standing.closings().to_vec(),
                cut_offs: opened.standing.cut_offs().to_vec(),
                closed: opened.standing.closed_on(today).is_some(),
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
        });
    fresh(&ProgrammesAnswer { programmes: shown.collect() })
}
