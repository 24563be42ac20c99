//! What surrounds every route: a request id, one log line, a panic turned into a problem, answers for wrong addresses, safe headers.
//!
//! Logs name the route, never the query string, a header or a token.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use metrics::{Counter, Histogram};
use parking_lot::RwLock;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, error, info, info_span};
use uuid::Uuid;

use crate::{
    Problem,
    grpc::{is_grpc, unimplemented},
    http::prefers,
    problem::{INTERNAL, METHOD_NOT_ALLOWED, NOT_FOUND},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const REQUEST_ID_MAX_BYTES: usize = 64;

/// What an invented method is called in the metrics.
static OTHER: LazyLock<Method> = LazyLock::new(|| Method::from_bytes(b"OTHER").unwrap_or_default());

/// The id under which this request is found in the logs; also in `X-Request-Id` of the answer.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Puts everything around `router`. Applied once, by whoever serves it. A browser is shown `nowhere` at an address where there is nothing.
pub fn watched(router: Router, nowhere: Option<Router>) -> Router {
    router
        .fallback(move |request: Request| async move {
            match nowhere {
                Some(nowhere) if is_for_a_page(&request) => nowhere.oneshot(request).await.into_response(),
                _ => wrong_address(request.headers()),
            }
        })
        .method_not_allowed_fallback(async || wrong_method())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(Counts::default(), watch))
}

async fn watch(State(counts): State<Counts>, mut request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let id = request_id(&request);
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("", MatchedPath::as_str);
    let method = request.method().clone();
    let span = info_span!("request", id = %id, method = method.as_str(), route);
    request.extensions_mut().insert(RequestId(id.clone()));
    async {
        let mut response = next.run(request).await;
        let (status, elapsed) = (response.status(), begun.elapsed());
        info!(status = status.as_u16(), elapsed_us = elapsed.as_micros(), "request answered");
        counts.add(route, &method, status, elapsed);
        safe_headers(&mut response, &id);
        response
    }
    .instrument(span)
    .await
}

/// The metrics of each route, found once: to look one up by its labels costs more than all the rest that is done here.
#[derive(Clone, Default)]
struct Counts(Arc<RwLock<HashMap<String, Vec<Count>>>>);

struct Count {
    method: Method,
    status: StatusCode,
    requests: Counter,
    seconds: Histogram,
}

impl Counts {
    fn add(&self, route: &str, method: &Method, status: StatusCode, elapsed: Duration) {
        let found = |counts: &[Count]| {
            let count = counts.iter().find(|count| count.status == status && count.method == *method)?;
            count.requests.increment(1);
            count.seconds.record(elapsed.as_secs_f64());
            Some(())
        };
        if self.0.read().get(route).and_then(|counts| found(counts)).is_some() {
            return;
        }
        let method = known(method);
        let labels = [
            ("method", method.as_str().to_owned()),
            ("route", route.to_owned()),
            ("status", status.as_u16().to_string()),
        ];
        let requests = metrics::counter!("http_requests_total", &labels);
        let seconds = metrics::histogram!("http_request_seconds", &labels[..2]);
        requests.increment(1);
        seconds.record(elapsed.as_secs_f64());
        let mut counts = self.0.write();
        let counts = counts.entry(route.to_owned()).or_default();
        if !counts.iter().any(|count| count.status == status && count.method == method) {
            counts.push(Count { method, status, requests, seconds });
        }
    }
}

/// Anybody can invent methods; they are counted as one.
fn known(method: &Method) -> Method {
    const KNOWN: [Method; 9] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
        Method::TRACE,
        Method::CONNECT,
    ];
    if KNOWN.contains(method) { method.clone() } else { OTHER.clone() }
}

/// The caller's own id when it is short and plain, else a new one.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let plain = |text: &&str| {
        (1..=REQUEST_ID_MAX_BYTES).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    given.filter(plain).map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn safe_headers(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, value);
    }
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    error!(panic = said.unwrap_or("unknown"), "request panicked");
    Problem::new(
        INTERNAL,
        "Máy chủ gặp lỗi. Hãy thử lại; nếu vẫn lỗi, báo quản trị kèm mã X-Request-Id.",
        "The server failed. Try again; if it fails again, tell the administrator the X-Request-Id.",
    )
    .into_response()
}

/// Programs ask under `/v1`, or for anything.
fn is_for_a_page(request: &Request) -> bool {
    let page = ["application/problem+json", "text/html"];
    !request.uri().path().starts_with("/v1/") && prefers(request.headers(), &page) == page[1]
}

fn wrong_address(headers: &HeaderMap) -> Response {
    if is_grpc(headers) {
        return unimplemented();
    }
    nothing_here().into_response()
}

/// Of an address that leads to nothing.
pub fn nothing_here() -> Problem {
    Problem::new(
        NOT_FOUND,
        "Không có gì ở địa chỉ này. Các địa chỉ dùng được có tại /docs.",
        "There is nothing at this address. The addresses in use are listed at /docs.",
    )
}

fn wrong_method() -> Problem {
    Problem::new(
        METHOD_NOT_ALLOWED,
        "Địa chỉ này không nhận phương thức đó. Xem /docs.",
        "This address does not take that method. See /docs.",
    )
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};
    use http::StatusCode;
    use tower::ServiceExt;

    use super::*;

    async fn answer(request: Request) -> Response {
        async fn boom() -> &'static str {
            panic!("boom")
        }
        watched(Router::new().route("/boom", get(boom)).route("/ok", get(async || "ok")), None)
            .oneshot(request)
            .await
            .unwrap()
    }

    fn get_of(uri: &str) -> Request {
        Request::builder().uri(uri).body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn panics_and_wrong_addresses_leave_as_problems() {
        for (uri, want) in [("/boom", 500), ("/nowhere", 404), ("/ok", 200)] {
            let response = answer(get_of(uri)).await;
            assert_eq!(response.status(), want, "{uri}");
            assert!(response.headers().contains_key("x-request-id"));
            if want != 200 {
                assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
            }
        }
        let post = Request::builder().method("POST").uri("/ok").body(Body::empty()).unwrap();
        assert_eq!(answer(post).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    }

    #[tokio::test]
    async fn a_call_of_grpc_to_a_service_that_is_not_here_is_told_so_in_its_own_way() {
        let call = Request::builder().method("POST").uri("/a.v1.A/B").header("content-type", "application/grpc+proto");
        let response = answer(call.body(Body::empty()).unwrap()).await;
        assert_eq!((response.status(), &response.headers()["grpc-status"]), (StatusCode::OK, &"12".parse().unwrap()));
    }

    #[test]
    fn each_route_method_and_status_is_counted_apart_and_invented_methods_together() {
        let counts = Counts::default();
        let invented = |name: &str| Method::from_bytes(name.as_bytes()).unwrap();
        for (route, method, status) in [
            ("/a", Method::GET, StatusCode::OK),
            ("/a", Method::GET, StatusCode::OK),
            ("/a", Method::GET, StatusCode::NOT_FOUND),
            ("/a", Method::POST, StatusCode::OK),
            ("", invented("MAKE"), StatusCode::NOT_FOUND),
            ("", invented("BAKE"), StatusCode::NOT_FOUND),
            ("", invented("BAKE"), StatusCode::NOT_FOUND),
        ] {
            counts.add(route, &method, status, Duration::ZERO);
        }
        let counts = counts.0.read();
        assert_eq!((counts["/a"].len(), counts[""].len()), (3, 1));
    }

    #[tokio::test]
    async fn a_plain_request_id_is_kept_and_any_other_replaced() {
        for (given, kept) in [("abc-1", true), ("a b", false)] {
            let request = Request::builder().uri("/ok").header("x-request-id", given).body(Body::empty()).unwrap();
            assert_eq!(answer(request).await.headers()["x-request-id"] == given, kept);
        }
    }
}
