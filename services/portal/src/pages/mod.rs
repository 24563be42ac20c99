//! Pages, rendered on the server and readable without scripts. Vietnamese first, English second.

mod committees;
mod docs;
mod forms;
mod frame;
mod moves;
mod number;
mod organisations;
mod problems;
mod publications;
mod queries;
mod receipt;
mod record;
mod restated_number;
mod results;
mod shown;
mod sign_in;
mod today;
pub(crate) mod told_apart;
mod trail;

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use domain::LocalDate;
use http::StatusCode;
use kit::{Problem, http::nothing_here};

use self::frame::{Frame, Here, Visitor};
use crate::{Portal, api::wrong_parameter, assets, words::Words};

pub(crate) fn routes() -> Router<Portal> {
    Router::new()
        .route("/", get(results::get))
        .route("/records/{programme}/{period}/{measure}/{committee}", get(number::get))
        .route("/restated/{programme}/{period}/{measure}/{committee}", get(restated_number::get))
        .route("/records/{position}", get(record::get))
        .route("/receipts/{position}", get(receipt::get))
        .route("/forms", get(forms::index))
        .route("/forms/{command}", get(forms::get).post(forms::post))
        .route("/today", get(today::get))
        .route("/organisations", get(organisations::get))
        .route("/trail", get(trail::get))
        .route("/committees", get(committees::list))
        .route("/committees/{id}", get(committees::get))
        .route("/queries", get(queries::get))
        .route("/publications", get(publications::list))
        .route("/publications/{id}", get(publications::get))
        .route("/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/problems", get(problems::list))
        .route("/problems/{slug}", get(problems::get))
        .route("/assets/{hash}/{name}", get(assets::get))
        .merge(docs::routes())
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    w: Words,
    title: String,
    detail: String,
    page: String,
}

/// A problem where a page was asked for.
pub(crate) fn problem_page(portal: &Portal, visitor: &Visitor, problem: &Problem) -> Response {
    let w = visitor.words;
    let title = problems::title(w, problem);
    let page = ProblemPage {
        frame: visitor.frame(portal, Here::Elsewhere, title.clone()),
        w,
        title,
        detail: w.t(&problem.detail, &problem.detail_en).to_owned(),
        page: problem.r#type.clone(),
    };
    visitor.show_as(StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &page)
}

/// The page for an address at which there is nothing.
pub(crate) async fn nowhere(State(portal): State<Portal>, visitor: Visitor) -> Response {
    problem_page(&portal, &visitor, &nothing_here())
}

/// Text as a value in an address (RFC 3986 §2.1).
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// What the fields of a page's form ask for; none where they are empty.
pub(crate) fn day_and_known<'a>(valid: &str, known: &'a str) -> Result<(Option<LocalDate>, Option<&'a str>), Problem> {
    let (valid, known) = (valid.trim(), known.trim());
    let day = (!valid.is_empty()).then(|| day_field("valid", valid)).transpose()?;
    Ok((day, Some(known).filter(|known| !known.is_empty())))
}

/// A day in an address, with what may be written there where it is none.
pub(crate) fn day_field(name: &str, text: &str) -> Result<LocalDate, Problem> {
    text.parse().map_err(|_| {
        wrong_parameter(
            name,
            "không phải một ngày có thật; viết YYYY-MM-DD, từ 1900-01-01 đến 2199-12-31",
            "this is no day; write YYYY-MM-DD, a day that exists between 1900-01-01 and 2199-12-31",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_inside_an_address_keeps_its_own_query() {
        assert_eq!(encoded("/trail?q=Lê&x=1"), "/trail%3Fq%3DL%C3%AA%26x%3D1");
    }
}
