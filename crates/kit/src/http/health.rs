//! `/healthz` says that the process runs, `/readyz` that it can serve, `/metrics` how it fares. One set per process.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{Json, Router, response::IntoResponse, routing::get};
use http::{StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

/// One thing that must hold before this process serves.
#[derive(Clone, Debug, Serialize)]
pub struct CheckResult {
    /// Such as `journal` or `view.tally`.
    pub name: String,
    pub ready: bool,
    /// In plain words: the durability, how far the view is, what is missing.
    pub detail: String,
}

/// Asked by `/readyz`; answers within a second.
#[async_trait]
pub trait Check: Send + Sync + 'static {
    async fn check(&self) -> CheckResult;
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    checks: Vec<CheckResult>,
}

/// `/healthz`, `/readyz` and `/metrics`, open to everybody and free of figures about the ledger's content.
pub fn health_routes(checks: Vec<Arc<dyn Check>>, metrics: Option<PrometheusHandle>) -> Router {
    let checks: Arc<[Arc<dyn Check>]> = checks.into();
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(async move || ready(&checks).await))
        .route("/metrics", get(async move || exposed(metrics.as_ref())))
}

async fn ready(checks: &[Arc<dyn Check>]) -> impl IntoResponse + use<> {
    let checks = in_turn(checks).await;
    let ready = checks.iter().all(|check| check.ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(Readiness { ready, checks }))
}

async fn in_turn(checks: &[Arc<dyn Check>]) -> Vec<CheckResult> {
    let mut results = Vec::with_capacity(checks.len());
    for check in checks {
        results.push(check.check().await);
    }
    results
}

/// Whether everything that must hold does.
pub(crate) async fn all_ready(checks: &[Arc<dyn Check>]) -> bool {
    in_turn(checks).await.iter().all(|check| check.ready)
}

fn exposed(metrics: Option<&PrometheusHandle>) -> impl IntoResponse + use<> {
    let body = metrics.map(PrometheusHandle::render).unwrap_or_default();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], body)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(bool);

    #[async_trait]
    impl Check for Fixed {
        async fn check(&self) -> CheckResult {
            CheckResult { name: "view.tally".into(), ready: self.0, detail: String::new() }
        }
    }

    #[tokio::test]
    async fn one_thing_that_is_not_ready_makes_the_process_not_ready() {
        for (parts, want) in [(vec![true, true], 200), (vec![true, false], 503), (vec![], 200)] {
            let checks: Vec<Arc<dyn Check>> = parts.into_iter().map(|p| Arc::new(Fixed(p)) as Arc<dyn Check>).collect();
            assert_eq!(ready(&checks).await.into_response().status(), want);
        }
    }
}
