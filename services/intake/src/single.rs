//! `POST /v1/commands/{name}`: one command, one receipt.

use axum::{
    Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{CommandId, Position};
use kit::{Precondition, Problem, Receipt, decode, problem};
use uuid::Uuid;

use crate::{
    Intake,
    submit::{Decoded, Trace},
};

const IDEMPOTENCY_KEY: &str = "idempotency-key";

pub(crate) async fn post(
    State(intake): State<Intake>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let identity = intake.identify(bearer(&headers))?;
    let key = key(&headers)?;
    let precondition = precondition(&headers)?;
    require_media_type(&headers, &["application/json"])?;
    let limit = intake.inner.config.command_max_bytes;
    let data = axum::body::to_bytes(body, limit).await.map_err(|_| too_large(limit))?;
    let command = Box::new(decode::command(&name, &data)?);
    let decoded = Decoded { key, command, precondition, trace: trace(&headers) };
    Ok(answer(intake.execute(&identity, decoded).await?))
}

fn answer(receipt: Receipt) -> Response {
    let status = if receipt.replayed { StatusCode::OK } else { StatusCode::CREATED };
    let location = format!("/v1/records/{}", receipt.position);
    (status, [(header::LOCATION, location)], Json(receipt)).into_response()
}

pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}

/// A UUID, quoted as the draft on idempotency keys has it, or bare.
pub(crate) fn key(headers: &HeaderMap) -> Result<CommandId, Problem> {
    let wrong = || {
        Problem::new(
            problem::INVALID_KEY,
            "Cần một đầu đề `Idempotency-Key` là một UUID; gửi lại cùng UUID khi chưa rõ kết quả, UUID mới cho việc mới.",
            "One header `Idempotency-Key` must be a UUID; the same UUID when the outcome is unknown, a new one for something new.",
        )
    };
    let mut sent = headers.get_all(IDEMPOTENCY_KEY).iter();
    // Which of two keys is meant is nobody's to guess.
    let (Some(only), None) = (sent.next(), sent.next()) else { return Err(wrong()) };
    let text = only.to_str().map_err(|_| wrong())?.trim();
    let bare = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    Uuid::parse_str(bare).map(CommandId).map_err(|_| wrong())
}

pub(crate) fn precondition(headers: &HeaderMap) -> Result<Option<Precondition>, Problem> {
    let several = |name: &header::HeaderName| headers.get_all(name).iter().nth(1).is_some();
    if several(&header::IF_MATCH) || several(&header::IF_NONE_MATCH) {
        return Err(wrong_precondition());
    }
    let text =
        |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim().to_owned());
    match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
        (None, None) => Ok(None),
        (None, Some(any)) if any == "*" => Ok(Some(Precondition::NewStream)),
        (Some(tag), None) => if_match(&tag).map(Some),
        _ => Err(wrong_precondition()),
    }
}

/// `"123"`, the position in quotes.
pub(crate) fn if_match(tag: &str) -> Result<Precondition, Problem> {
    let bare = tag.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(tag);
    bare.parse::<Position>().map(Precondition::LastPosition).map_err(|_| wrong_precondition())
}

fn wrong_precondition() -> Problem {
    Problem::new(
        problem::INVALID_QUERY,
        "Dùng một trong hai: `If-Match: \"<vị trí cuối của hồ sơ>\"` hoặc `If-None-Match: *`.",
        "Use one of `If-Match: \"<last position of the stream>\"` and `If-None-Match: *`.",
    )
}

/// One of these media types, in UTF-8, as it is.
pub(crate) fn require_media_type(headers: &HeaderMap, accepted: &[&str]) -> Result<(), Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = text(header::CONTENT_TYPE).split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    if !accepted.iter().any(|media_type| essence.eq_ignore_ascii_case(media_type)) {
        let list = accepted.join(", ");
        return Err(unsupported(&format!("Đặt `Content-Type` là {list}."), &format!("Set `Content-Type` to {list}.")));
    }
    if parts.any(|parameter| charset_of(parameter).is_some_and(|charset| !is_utf_8(charset))) {
        return Err(unsupported(
            "Nội dung phải viết bằng UTF-8: bỏ `charset` khác khỏi `Content-Type`.",
            "The body has to be UTF-8: no other `charset` in `Content-Type`.",
        ));
    }
    let coding = text(header::CONTENT_ENCODING).trim();
    if headers.contains_key(header::CONTENT_ENCODING) && !coding.eq_ignore_ascii_case("identity") {
        return Err(unsupported(
            "Gửi nội dung không nén, bỏ `Content-Encoding`.",
            "Send the body as it is, without `Content-Encoding`.",
        ));
    }
    Ok(())
}

fn charset_of(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
}

fn is_utf_8(charset: &str) -> bool {
    ["utf-8", "utf8"].iter().any(|name| charset.eq_ignore_ascii_case(name))
}

fn unsupported(vi: &str, en: &str) -> Problem {
    Problem::new(problem::UNSUPPORTED_MEDIA_TYPE, vi, en)
}

pub(crate) fn too_large(limit: usize) -> Problem {
    Problem::new(
        problem::TOO_LARGE,
        format!("Nội dung dài quá {limit} byte hoặc bị ngắt giữa chừng; chia nhỏ hoặc gửi lại."),
        format!("The body exceeds {limit} bytes, or was cut; split it or send it again."),
    )
}

pub(crate) fn trace(headers: &HeaderMap) -> Trace {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let id = |name: &str| text(name).and_then(|value| Uuid::parse_str(value).ok());
    Trace {
        correlation: id("correlation-id"),
        causation: id("causation-id"),
        parent: text("traceparent").filter(|parent| parent.len() == TRACE_PARENT_BYTES).map(str::to_owned),
    }
}

/// Length of a W3C `traceparent`, version 00.
const TRACE_PARENT_BYTES: usize = 55;
