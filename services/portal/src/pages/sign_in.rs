//! Signing in: a link with a token, or a form to paste one, sets a cookie that no script can read.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use kit::http::{check_origin, expired_cookie, token_cookie};
use serde::Deserialize;

use super::{
    frame::{Frame, Here, InForm, InQuery, Visitor},
    problem_page,
};
use crate::{Portal, words::Words};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    w: Words,
    next: String,
    carried: Option<Carried>,
    wrong: Option<&'static str>,
}

/// A form that was sent without being signed in: where it goes, and what it holds.
pub(super) struct Carried {
    pub(super) action: String,
    pub(super) fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    token: Option<String>,
    next: Option<String>,
}

/// `GET /sign-in`, with `?token=…` from the link that `make run` prints.
pub(crate) async fn get(
    State(portal): State<Portal>,
    visitor: Visitor,
    headers: HeaderMap,
    InQuery(asked): InQuery<Asked>,
) -> Response {
    let next = local(asked.next);
    match asked.token {
        Some(token) => enter(&portal, &visitor, &headers, &token, next),
        None => visitor.show(&page(&portal, &visitor, next, None)),
    }
}

/// `POST /sign-in`.
pub(crate) async fn post(
    State(portal): State<Portal>,
    visitor: Visitor,
    headers: HeaderMap,
    InForm(asked): InForm<Asked>,
) -> Response {
    if let Err(problem) = check_origin(&headers) {
        return problem_page(&portal, &visitor, &problem);
    }
    let token = asked.token.unwrap_or_default();
    enter(&portal, &visitor, &headers, token.trim(), local(asked.next))
}

/// `POST /sign-out`.
pub(crate) async fn sign_out(headers: HeaderMap) -> Response {
    if let Err(problem) = check_origin(&headers) {
        return problem.into_response();
    }
    with_cookie(&expired_cookie(is_secure(&headers)), "/sign-in")
}

fn enter(portal: &Portal, visitor: &Visitor, headers: &HeaderMap, token: &str, next: String) -> Response {
    if portal.identify(token).is_some() {
        return with_cookie(&token_cookie(token, is_secure(headers)), &next);
    }
    visitor.show_as(StatusCode::UNAUTHORIZED, &page(portal, visitor, next, Some(wrong(visitor.words))))
}

/// In the place of a form, whose fields stay in the page until somebody has signed in.
pub(super) fn carrying(portal: &Portal, visitor: &Visitor, carried: Carried, was_wrong: bool) -> Response {
    let wrong = was_wrong.then(|| wrong(visitor.words));
    let page = SignInPage { carried: Some(carried), ..page(portal, visitor, "/".to_owned(), wrong) };
    unkept(visitor.show_as(StatusCode::UNAUTHORIZED, &page))
}

/// An answer to whoever has signed in with the request that it answers.
pub(super) fn entered(response: Response, headers: &HeaderMap, token: &str) -> Response {
    unkept(and_cookie(response, &token_cookie(token, is_secure(headers))))
}

fn wrong(w: Words) -> &'static str {
    w.t(
        "Mã không đúng, đã bị thu hồi hoặc đã hết hạn. Hãy kiểm tra lại hoặc xin mã mới.",
        "The token is unknown, revoked or past its last day. Check it, or ask for a new one.",
    )
}

fn page(portal: &Portal, visitor: &Visitor, next: String, wrong: Option<&'static str>) -> SignInPage {
    let w = visitor.words;
    let frame = visitor.frame(portal, Here::Elsewhere, w.t("Đăng nhập", "Sign in"));
    SignInPage { frame, w, next, carried: None, wrong }
}

fn with_cookie(line: &str, next: &str) -> Response {
    unkept(and_cookie(Redirect::to(next).into_response(), line))
}

fn and_cookie(mut response: Response, line: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Only an address of this site: one slash, and no backslash, which browsers read as a slash.
fn local(next: Option<String>) -> String {
    let ours = |next: &String| next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    next.filter(ours).unwrap_or_else(|| "/".to_owned())
}

/// Behind a proxy that ends TLS.
fn is_secure(headers: &HeaderMap) -> bool {
    let proto = HeaderName::from_static("x-forwarded-proto");
    headers.get(proto).is_some_and(|value| value.as_bytes() == b"https")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_this_site() {
        let check = |next: &str, want: &str| assert_eq!(local(Some(next.to_owned())), want);
        check("/trail?x=1", "/trail?x=1");
        check("//evil.example", "/");
        check("/\\evil.example", "/");
        check("https://evil.example", "/");
        assert_eq!(local(None), "/");
    }
}
