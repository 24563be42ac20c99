//! What stands around every page: whose ledger it is, who looks, where else to go, and in which language.

use axum::{
    Form,
    extract::{FromRef, FromRequest, FromRequestParts, Request, rejection::FormRejection},
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{COMMANDS, Role};
use http::{HeaderValue, StatusCode, Uri, header, request::Parts};
use journal::NotNow;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, SharedIdentify, bearer},
    problem::{INTERNAL, INVALID_BODY, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE},
};
use serde::de::DeserializeOwned;

use crate::{Portal, assets, words::Words};

/// A page of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    Results,
    Entry,
    Today,
    Organisations,
    Trail,
    Committees,
    Queries,
    Elsewhere,
}

/// The frame of one page.
pub(crate) struct Frame {
    pub(crate) w: Words,
    pub(crate) title: String,
    pub(crate) ledger: String,
    pub(crate) demonstration: bool,
    /// Name of the visitor's office; none when nobody is signed in.
    pub(crate) office: Option<String>,
    pub(crate) role: &'static str,
    pub(crate) other_language: String,
    pub(crate) style: &'static str,
    pub(crate) icon: &'static str,
    /// Why nothing is recorded here any more, or not yet.
    pub(crate) rests: Option<Resting>,
    here: Here,
    may_post: bool,
    may_ask: bool,
}

/// A ledger that takes no records where it lies.
pub(crate) struct Resting {
    /// Where it was sealed; none while it is still being copied here.
    pub(crate) sealed_at: Option<u64>,
    /// Where it goes on, as an address of the web or in words.
    pub(crate) successor: String,
}

impl Resting {
    fn of(portal: &Portal) -> Option<Self> {
        match portal.deps.live.rests()? {
            // What seals a ledger is the last of its records of reference data.
            NotNow::Moved { successor } => Some(Self { sealed_at: Some(portal.reference().position.0), successor }),
            NotNow::Unfinished => Some(Self { sealed_at: None, successor: String::new() }),
            _ => None,
        }
    }

    pub(crate) fn link(&self) -> Option<&str> {
        Some(self.successor.as_str()).filter(|to| to.starts_with("https://") || to.starts_with("http://"))
    }
}

pub(crate) struct MenuItem {
    pub(crate) href: &'static str,
    pub(crate) name: &'static str,
    pub(crate) current: bool,
}

impl Frame {
    pub(crate) const fn may_ask(&self) -> bool {
        self.may_ask
    }

    pub(crate) fn menu(&self) -> Vec<MenuItem> {
        let w = self.w;
        let all = [
            (Here::Results, "/", w.t("Kết quả", "Results")),
            (Here::Entry, "/forms", w.t("Nhập quyết định", "Record a decision")),
            (Here::Today, "/today", w.t("Hôm nay", "Today")),
            (Here::Organisations, "/organisations", w.t("Tổ chức", "Organisations")),
            (Here::Trail, "/trail", w.t("Nhật ký", "Trail")),
            (Here::Committees, "/committees", w.t("Đơn vị", "Committees")),
            (Here::Queries, "/queries", w.t("Yêu cầu làm rõ", "Queries")),
        ];
        all.into_iter()
            .filter(|(here, ..)| self.may_post || *here != Here::Entry)
            .map(|(here, href, name)| MenuItem { href, name, current: here == self.here })
            .collect()
    }
}

/// Somebody who looks at a page, signed in or not.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) words: Words,
    pub(crate) caller: Option<Caller>,
    uri: Uri,
    lang_asked: bool,
}

impl Visitor {
    pub(crate) fn frame(&self, portal: &Portal, here: Here, title: impl Into<String>) -> Frame {
        let reference = portal.reference();
        let today = portal.today();
        let identity = self.caller.as_ref().map(|caller| &caller.identity);
        let office = identity.map(|identity| {
            let office = identity.actor.office;
            reference.structure.name_on(office, today).map_or_else(|| office.to_string(), str::to_owned)
        });
        let role = identity.map(|identity| identity.actor.role);
        Frame {
            w: self.words,
            title: title.into(),
            ledger: reference.ledger.name().to_owned(),
            demonstration: reference.ledger.demonstration(),
            office,
            role: role.map_or("", |role| self.words.t(role.vi(), role.en())),
            other_language: other_language(&self.uri, self.words),
            style: &assets::STYLE,
            icon: &assets::ICON,
            rests: Resting::of(portal),
            here,
            may_post: role.is_some_and(may_post),
            may_ask: role == Some(Role::Auditor),
        }
    }

    pub(crate) fn signed_in(self, caller: Caller) -> SignedIn {
        SignedIn { visitor: Self { caller: Some(caller.clone()), ..self }, caller }
    }

    /// A rendered page, remembering the language when the address asked for one.
    pub(crate) fn show(&self, page: &impl askama::Template) -> Response {
        self.show_as(StatusCode::OK, page)
    }

    pub(crate) fn show_as(&self, status: StatusCode, page: &impl askama::Template) -> Response {
        let html = match page.render() {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "page rendering failed");
                return Problem::new(INTERNAL, "Không dựng được trang.", "The page cannot be shown.").into_response();
            }
        };
        let mut response = (status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        if let Some(value) = self.language_cookie() {
            headers.append(header::SET_COOKIE, value);
        }
        response
    }

    fn language_cookie(&self) -> Option<HeaderValue> {
        let line =
            format!("{}={}; Path=/; SameSite=Lax; Max-Age=31536000", crate::words::LANG_COOKIE, self.words.code());
        self.lang_asked.then(|| HeaderValue::from_str(&line).ok()).flatten()
    }
}

/// Everything a page needs is ours; no inline script or style runs.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

fn may_post(role: Role) -> bool {
    COMMANDS.iter().any(|row| row.roles.contains(&role) && super::forms::has_form(row.name))
}

/// The same address with the other language.
fn other_language(uri: &Uri, words: Words) -> String {
    let kept = uri.query().into_iter().flat_map(|query| query.split('&')).filter(|pair| !pair.starts_with("lang="));
    let other = format!("lang={}", words.t("en", "vi"));
    let query: Vec<&str> = kept.filter(|pair| !pair.is_empty()).chain([other.as_str()]).collect();
    format!("{}?{}", uri.path(), query.join("&"))
}

impl<S> FromRequestParts<S> for Visitor
where
    S: Send + Sync,
    SharedIdentify: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let asked =
            parts.uri.query().into_iter().flat_map(|query| query.split('&')).find_map(|p| p.strip_prefix("lang="));
        let words = Words::of(asked, &parts.headers);
        let caller = bearer(&parts.headers).and_then(|bearer| {
            let identity = SharedIdentify::from_ref(state).identify(&bearer)?;
            Some(Caller { bearer, identity })
        });
        Ok(Self { words, caller, lang_asked: asked.is_some(), uri: parts.uri.clone() })
    }
}

/// Somebody who is signed in. Anybody else is sent to the sign-in page and comes back afterwards.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) visitor: Visitor,
    pub(crate) caller: Caller,
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    SharedIdentify: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Ok(visitor) = Visitor::from_request_parts(parts, state).await;
        match visitor.caller.clone() {
            Some(caller) => Ok(Self { visitor, caller }),
            None => {
                Err(Redirect::to(&format!("/sign-in?next={}", super::encoded(&parts.uri.to_string()))).into_response())
            }
        }
    }
}

/// Segments of a page's address, else the page that says what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InPath<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Portal> for InPath<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        match PathParams::from_request_parts(parts, portal).await {
            Ok(PathParams(read)) => Ok(Self(read)),
            Err(problem) => Err(refused(parts, portal, &problem).await),
        }
    }
}

/// The query of a page's address, likewise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InQuery<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Portal> for InQuery<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        match QueryParams::from_request_parts(parts, portal).await {
            Ok(QueryParams(read)) => Ok(Self(read)),
            Err(problem) => Err(refused(parts, portal, &problem).await),
        }
    }
}

/// What a form sends; what is none is answered with a page that says so.
pub(crate) struct InForm<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequest<Portal> for InForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, portal: &Portal) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let read = Form::from_request(Request::from_parts(parts.clone(), body), portal).await;
        match read {
            Ok(Form(read)) => Ok(Self(read)),
            Err(rejection) => Err(refused(&mut parts, portal, &no_form(&rejection)).await),
        }
    }
}

fn no_form(rejection: &FormRejection) -> Problem {
    let (kind, vi, en) = match rejection.status() {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            UNSUPPORTED_MEDIA_TYPE,
            "Trang này chỉ nhận biểu mẫu (`application/x-www-form-urlencoded`); chương trình thì gửi JSON tới /v1/commands.",
            "This page takes forms only (`application/x-www-form-urlencoded`); a program sends JSON to /v1/commands.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            TOO_LARGE,
            "Biểu mẫu gửi lên quá lớn; rút ngắn nội dung rồi gửi lại.",
            "The form is too large; make it shorter and send it again.",
        ),
        _ => (
            INVALID_BODY,
            "Biểu mẫu gửi lên không đọc được; hãy mở lại biểu mẫu rồi gửi lại.",
            "What the form sent cannot be read; open the form again and send it once more.",
        ),
    };
    Problem::new(kind, vi, en)
}

async fn refused(parts: &mut Parts, portal: &Portal, problem: &Problem) -> Response {
    let Ok(visitor) = Visitor::from_request_parts(parts, portal).await;
    super::problem_page(portal, &visitor, problem)
}

#[cfg(test)]
mod tests {
    use domain::Lang;

    use super::*;

    #[test]
    fn the_language_link_keeps_the_rest_of_the_address() {
        let check = |uri: &str, want: &str| {
            assert_eq!(other_language(&uri.parse().unwrap(), Words(Lang::Vi)), want);
        };
        check("/", "/?lang=en");
        check("/trail?actor=x&lang=vi&from=2022-01-01", "/trail?actor=x&from=2022-01-01&lang=en");
    }
}
