//! The JSON surface (DESIGN §8). Everything under `/v1` needs a token, and shows what its bearer's office may see.

mod asyncapi;
mod changes;
mod command_headers;
mod committees;
mod details;
mod diff;
mod directory;
mod failures;
mod lineage;
mod lists;
mod numbers;
pub(crate) mod openapi;
pub(crate) mod page;
mod programmes;
pub(crate) mod publications;
mod records;
pub(crate) mod restated;
pub(crate) mod restated_records;
pub(crate) mod tallies;
pub(crate) mod trail;

pub(crate) use committees::Wanted;

use std::str::FromStr;

use axum::{
    Router,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use kit::{
    Problem,
    http::ETag,
    problem::{self, INVALID_QUERY},
};
use serde::Serialize;

use crate::Portal;

pub(crate) fn routes() -> Router<Portal> {
    const PERIOD: &str = "/v1/programmes/{programme}/periods/{period}";
    Router::new()
        .route("/v1/records", get(records::list))
        .route("/v1/records/{position}", get(records::get))
        .route("/v1/programmes", get(programmes::list))
        .route(&format!("{PERIOD}/tallies"), get(tallies::get))
        .route(&format!("{PERIOD}/tallies/changes"), get(changes::get))
        .route(&format!("{PERIOD}/tallies/diff"), get(diff::get))
        .route(&format!("{PERIOD}/tallies/restated"), get(restated::get))
        .route(&format!("{PERIOD}/tallies/restated/{{measure}}/{{committee}}/records"), get(restated_records::get))
        .route(&format!("{PERIOD}/tallies/{{measure}}/{{committee}}/records"), get(numbers::get))
        .route("/v1/trail", get(trail::get))
        .route("/v1/committees", get(committees::list))
        .route("/v1/committees/{id}/lineage", get(lineage::get))
        .route("/v1/organisations", get(lists::organisations))
        .route("/v1/organisations/{id}", get(details::organisation))
        .route("/v1/admissions/{id}", get(details::admission))
        .route("/v1/batches/{id}", get(details::batch))
        .route("/v1/queries", get(lists::queries))
        .route("/v1/publications", get(publications::list))
        .route("/v1/publications/{id}", get(publications::get))
        .route("/v1/grants", get(lists::grants))
        .route("/v1/directory/{subject}", get(directory::get).put(directory::put))
        .route("/openapi.json", get(openapi::get))
        .route("/asyncapi.json", get(asyncapi::get))
}

/// A key in a path; 404 when it can be none.
pub(crate) fn key<K: FromStr>(text: &str) -> Result<K, Problem> {
    text.parse().map_err(|_| {
        if text.is_empty() {
            return Problem::new(
                problem::NOT_FOUND,
                "Địa chỉ thiếu một tên: chỗ đó để trống.",
                "A name is missing: it is empty.",
            );
        }
        let shown: String = text.chars().take(64).collect();
        Problem::new(problem::NOT_FOUND, format!("Không có `{shown}`."), format!("There is no `{shown}`."))
    })
}

/// A parameter of the query that cannot be read.
pub(crate) fn wrong_parameter(name: &str, vi: &str, en: &str) -> Problem {
    Problem::new(INVALID_QUERY, format!("Tham số `{name}`: {vi}."), format!("Parameter `{name}`: {en}."))
        .at(format!("/{name}"), vi)
}

/// The problem of a parameter, under the name that the parameter has in this request.
pub(crate) fn called(mut problem: Problem, name: &str, here: &str) -> Problem {
    let (pointer, quoted, said) = (format!("/{name}"), format!("`{name}`"), format!("`{here}`"));
    let mut renamed = false;
    for error in problem.errors.iter_mut().filter(|error| error.pointer == pointer) {
        error.pointer = format!("/{here}");
        renamed = true;
    }
    if renamed {
        problem.detail = problem.detail.replacen(&quoted, &said, 1);
        problem.detail_en = problem.detail_en.replacen(&quoted, &said, 1);
    }
    problem
}

/// How long an answer may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Ask again each time, with the tag.
    Revalidate,
    /// It reproduces for ever: an explicit, settled position.
    Long,
}

/// JSON with its tag.
pub(crate) fn tagged(tag: &ETag, keep: Keep, value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|error| {
        tracing::error!(%error, "an answer could not be written");
        Problem::new(problem::INTERNAL, "Máy chủ gặp lỗi.", "The server failed.")
    })?;
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    tag_headers(&mut response, tag, keep);
    Ok(response)
}

pub(crate) fn unchanged(tag: &ETag, keep: Keep) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    tag_headers(&mut response, tag, keep);
    response
}

fn tag_headers(response: &mut Response, tag: &ETag, keep: Keep) {
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag.header());
    headers.insert(header::CACHE_CONTROL, keep.header());
    headers.insert(header::VARY, HeaderValue::from_static("Authorization, Cookie, Accept"));
}

impl Keep {
    const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Revalidate => "private, no-cache",
            Self::Long => "private, max-age=31536000, immutable",
        })
    }
}

/// JSON that is never kept.
pub(crate) fn fresh(value: &impl Serialize) -> Response {
    (UNKEPT, axum::Json(value)).into_response()
}

pub(crate) const UNKEPT: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "private, no-cache")];
