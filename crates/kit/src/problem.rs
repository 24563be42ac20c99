//! The one door by which errors leave over HTTP: `application/problem+json` (RFC 9457) with a type that has a page.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Lang, Refusal, RefusalClass};
use serde::{Deserialize, Serialize};

/// An error as the caller sees it. `type` is `/problems/{slug}`, a page in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Problem {
    /// `/problems/{slug}`; stable.
    pub r#type: String,
    /// HTTP status.
    pub status: u16,
    /// Short, in Vietnamese.
    pub title: String,
    /// What is wrong and what to do, in Vietnamese.
    pub detail: String,
    /// The same in English.
    pub detail_en: String,
    /// The places that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Position that the problem is about: the record already there, how far the view is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
    /// Seconds after which trying again makes sense; also in `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// One wrong place of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the request's body.
    pub pointer: String,
    pub detail: String,
}

/// A problem that is not a refusal of the domain: slug, status, and the two titles.
#[derive(Clone, Copy, Debug)]
pub struct ProblemKind {
    pub slug: &'static str,
    pub status: u16,
    pub vi: &'static str,
    pub en: &'static str,
}

macro_rules! problem_kinds {
    ($($name:ident = $slug:literal, $status:literal, $vi:literal, $en:literal;)*) => {
        $(pub const $name: ProblemKind = ProblemKind { slug: $slug, status: $status, vi: $vi, en: $en };)*
        /// All of them, for the pages.
        pub const PROBLEM_KINDS: &[ProblemKind] = &[$($name,)*];
    };
}

problem_kinds! {
    INVALID_BODY = "invalid-body", 400, "Nội dung gửi không đọc được", "The body cannot be read";
    INVALID_KEY = "invalid-idempotency-key", 400, "Thiếu hoặc sai Idempotency-Key", "Idempotency-Key is missing or wrong";
    INVALID_QUERY = "invalid-query", 400, "Tham số không hợp lệ", "A query parameter is wrong";
    UNAUTHENTICATED = "unauthenticated", 401, "Chưa đăng nhập", "Not signed in";
    FORBIDDEN = "forbidden", 403, "Không có quyền", "Not allowed";
    NOT_FOUND = "not-found", 404, "Không tìm thấy", "Not found";
    UNKNOWN_COMMAND = "unknown-command", 404, "Không có lệnh này", "There is no such command";
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "Phương thức không dùng được ở đây", "The method cannot be used here";
    CONFLICT = "conflict", 409, "Bị người khác ghi trước", "Somebody else was first";
    STALE = "stale", 412, "Dữ liệu đã thay đổi", "It has changed since you looked";
    POSITION_UNKNOWN = "position-unknown", 412, "Sổ chưa có vị trí này", "The ledger has no such position yet";
    TOO_LARGE = "too-large", 413, "Nội dung quá lớn", "The body is too large";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415, "Kiểu nội dung không dùng được", "The media type cannot be used";
    KEY_REUSED = "idempotency-key-reused", 422, "Idempotency-Key đã dùng cho nội dung khác", "The key was used for another body";
    TOO_MANY = "too-many-requests", 429, "Quá nhiều yêu cầu", "Too many requests";
    OUTCOME_UNKNOWN = "outcome-unknown", 503, "Chưa biết đã ghi hay chưa", "It is not known whether it was recorded";
    UNAVAILABLE = "unavailable", 503, "Tạm thời chưa phục vụ được", "Temporarily unavailable";
    VIEW_BEHIND = "view-behind", 503, "Số liệu chưa cập nhật tới vị trí yêu cầu", "The view has not reached the position";
    INTERNAL = "internal", 500, "Lỗi của máy chủ", "The server failed";
}

impl Problem {
    /// A problem of this kind with what to do in both languages.
    pub fn new(kind: ProblemKind, vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            r#type: format!("/problems/{}", kind.slug),
            status: kind.status,
            title: kind.vi.to_owned(),
            detail: vi.into(),
            detail_en: en.into(),
            errors: Vec::new(),
            position: None,
            retry_after: None,
        }
    }

    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        self.errors.push(FieldError { pointer: pointer.into(), detail: detail.into() });
        self
    }

    #[must_use]
    pub fn position(mut self, position: domain::Position) -> Self {
        self.position = Some(position.0);
        self
    }

    /// Rounded up to whole seconds, at least one.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after.as_secs() + u64::from(after.subsec_nanos() > 0 || after.is_zero()));
        self
    }

    /// The slug in `type`.
    pub fn slug(&self) -> &str {
        self.r#type.strip_prefix("/problems/").unwrap_or(&self.r#type)
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        let status = match refusal.class() {
            RefusalClass::Forbidden => 403,
            RefusalClass::Conflict => 409,
            RefusalClass::Refused => 422,
        };
        let detail = refusal.text(Lang::Vi);
        let errors =
            refusal.pointer().map(|pointer| FieldError { pointer, detail: detail.clone() }).into_iter().collect();
        Self {
            r#type: format!("/problems/{}", refusal.slug()),
            status,
            title: refusal.title(Lang::Vi).to_owned(),
            detail,
            detail_en: refusal.text(Lang::En),
            errors,
            position: refusal.position().map(|position| position.0),
            retry_after: None,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response =
            (status, [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")], body)
                .into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
