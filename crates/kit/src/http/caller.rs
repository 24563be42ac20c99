//! Who calls: a bearer token in `Authorization` (RFC 6750), or in a browser's cookie.

use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::{HeaderMap, HeaderValue, header, request::Parts};

use crate::{Identify, Identity, Problem, problem::UNAUTHENTICATED};

pub type SharedIdentify = Arc<dyn Identify>;

/// The cookie that carries a browser's token.
pub const COOKIE_NAME: &str = "socai_token";

/// How long a browser keeps the cookie, in seconds: 12 hours, a working day.
const COOKIE_MAX_AGE_SECONDS: u32 = 12 * 3_600;

/// The signed-in caller. Extracting it answers 401 when there is none.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The token itself: it travels with each command. Never logged.
    pub bearer: String,
    pub identity: Identity,
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    SharedIdentify: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Self::of(bearer(&parts.headers), SharedIdentify::from_ref(state).as_ref())
    }
}

impl Caller {
    /// By the header alone, whatever cookies came with it.
    ///
    /// # Errors
    /// The problem `unauthenticated`.
    pub fn by_header(headers: &HeaderMap, identify: &dyn Identify) -> Result<Self, Problem> {
        Self::of(headers.get(header::AUTHORIZATION).and_then(token), identify)
    }

    fn of(bearer: Option<String>, identify: &dyn Identify) -> Result<Self, Problem> {
        let bearer = bearer.ok_or_else(missing)?;
        let identity = identify.identify(&bearer).ok_or_else(not_valid)?;
        Ok(Self { bearer, identity })
    }
}

fn missing() -> Problem {
    Problem::new(
        UNAUTHENTICATED,
        "Cần mã truy cập: gửi tiêu đề Authorization: Bearer, hoặc đăng nhập tại /sign-in.",
        "A token is needed: send Authorization: Bearer, or sign in at /sign-in.",
    )
}

/// What is told to the bearer of a token that is none, or is one no longer.
pub fn not_valid() -> Problem {
    Problem::new(
        UNAUTHENTICATED,
        "Mã truy cập không đúng, đã bị thu hồi hoặc đã hết hạn. Hãy xin mã mới.",
        "The token is unknown, revoked or past its last day. Ask for a new one.",
    )
}

/// The token that came with the request: the header's, else the cookie's.
pub fn bearer(headers: &HeaderMap) -> Option<String> {
    match headers.get(header::AUTHORIZATION) {
        Some(value) => token(value),
        None => cookie(headers, COOKIE_NAME),
    }
}

fn token(value: &HeaderValue) -> Option<String> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// The value of a cookie (RFC 6265 §5.4).
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// `Set-Cookie` for a token: not readable by scripts, not sent from other sites.
pub fn token_cookie(token: &str, secure: bool) -> String {
    set_cookie(token, COOKIE_MAX_AGE_SECONDS, secure)
}

/// `Set-Cookie` that signs out.
pub fn expired_cookie(secure: bool) -> String {
    set_cookie("", 0, secure)
}

fn set_cookie(value: &str, max_age_seconds: u32, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE_NAME}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={max_age_seconds}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn the_header_goes_before_the_cookie() {
        let cookie_only = headers(&[(header::COOKIE, "a=b; socai_token=socai_x; lang=en")]);
        assert_eq!(bearer(&cookie_only).as_deref(), Some("socai_x"));
        let both = headers(&[(header::COOKIE, "socai_token=socai_x"), (header::AUTHORIZATION, "bearer socai_y")]);
        assert_eq!(bearer(&both).as_deref(), Some("socai_y"));
        let other_scheme = headers(&[(header::COOKIE, "socai_token=socai_x"), (header::AUTHORIZATION, "Basic eA==")]);
        assert_eq!(bearer(&other_scheme), None);
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn a_token_cookie_is_kept_from_scripts_and_other_sites() {
        let line = token_cookie("socai_x", true);
        for part in ["socai_token=socai_x", "HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
            assert!(line.contains(part), "{line}");
        }
    }
}
