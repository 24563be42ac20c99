//! `grpc.health.v1`: serving exactly when `/readyz` is 200, for the process and for each service of it.

use std::{pin::Pin, sync::Arc, time::Duration};

use async_stream::try_stream;
use axum::Router;
use futures::Stream;
use tokio::{
    sync::Mutex,
    time::{Instant, MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, async_trait};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse,
    health_check_response::ServingStatus,
    health_server::{Health, HealthServer},
};

use super::REQUEST_MAX_BYTES;
use crate::http::{Check, all_ready};

/// How often it is looked again for those who watch.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// What was seen so long ago is still told: the checks ask servers, and anybody may ask for them.
const FRESH: Duration = Duration::from_millis(500);

/// The health of a process that serves these services, open to everybody. Whoever watches is told when it stops.
pub fn health(services: &[&'static str], checks: &[Arc<dyn Check>], stop: CancellationToken) -> Router {
    let answers = Answers { services: services.into(), checks: checks.into(), looked: Arc::default(), stop };
    super::routes(HealthServer::new(answers).max_decoding_message_size(REQUEST_MAX_BYTES))
}

#[derive(Clone)]
struct Answers {
    services: Arc<[&'static str]>,
    checks: Arc<[Arc<dyn Check>]>,
    /// What the last look saw, and when: however many watch, it is looked once.
    looked: Arc<Mutex<Option<(Instant, bool)>>>,
    stop: CancellationToken,
}

impl Answers {
    /// `None` for a service that is not served here; the whole process has no name.
    async fn status(&self, service: &str) -> Option<ServingStatus> {
        if !service.is_empty() && !self.services.contains(&service) {
            return None;
        }
        let serving = !self.stop.is_cancelled() && self.all_ready().await;
        Some(if serving { ServingStatus::Serving } else { ServingStatus::NotServing })
    }

    async fn all_ready(&self) -> bool {
        let mut looked = self.looked.lock().await;
        match *looked {
            Some((at, ready)) if at.elapsed() < FRESH => ready,
            _ => {
                let ready = all_ready(&self.checks).await;
                *looked = Some((Instant::now(), ready));
                ready
            }
        }
    }
}

fn response(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

#[async_trait]
impl Health for Answers {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        let status = self.status(&request.get_ref().service).await;
        let status = status.ok_or_else(|| Status::not_found("There is no such service here."))?;
        Ok(Response::new(response(status)))
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        let (answers, service) = (self.clone(), request.into_inner().service);
        let told = try_stream! {
            let mut again = interval(LOOK_AGAIN);
            again.set_missed_tick_behavior(MissedTickBehavior::Skip);
            let mut last = None;
            loop {
                let going_on = answers.stop.run_until_cancelled(again.tick()).await.is_some();
                let status = answers.status(&service).await.unwrap_or(ServingStatus::ServiceUnknown);
                if last != Some(status) {
                    last = Some(status);
                    yield response(status);
                }
                if !going_on {
                    break;
                }
            }
        };
        Ok(Response::new(Box::pin(told)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use futures::StreamExt;

    use super::*;
    use crate::http::CheckResult;

    struct Switch(AtomicBool);

    #[async_trait]
    impl Check for Switch {
        async fn check(&self) -> CheckResult {
            CheckResult { name: "journal".into(), ready: self.0.load(Ordering::Relaxed), detail: String::new() }
        }
    }

    fn asked(service: &str) -> Request<HealthCheckRequest> {
        Request::new(HealthCheckRequest { service: service.to_owned() })
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_watches_is_told_each_change_and_the_stop() {
        let (switch, stop) = (Arc::new(Switch(AtomicBool::new(false))), CancellationToken::new());
        let answers = Answers {
            services: ["a.A"].as_slice().into(),
            checks: [switch.clone() as _].into(),
            looked: Arc::default(),
            stop: stop.clone(),
        };
        let mut told = answers.watch(asked("a.A")).await.unwrap().into_inner();
        let next =
            async |told: &mut <Answers as Health>::WatchStream| told.next().await.map(|told| told.unwrap().status());
        assert_eq!(next(&mut told).await, Some(ServingStatus::NotServing));
        switch.0.store(true, Ordering::Relaxed);
        assert_eq!(next(&mut told).await, Some(ServingStatus::Serving));
        assert_eq!(answers.check(asked("")).await.unwrap().into_inner().status(), ServingStatus::Serving);
        stop.cancel();
        assert_eq!(next(&mut told).await, Some(ServingStatus::NotServing));
        assert_eq!(next(&mut told).await, None);
    }

    #[tokio::test]
    async fn a_service_that_is_not_here_is_unknown() {
        let answers = Answers {
            services: [].as_slice().into(),
            checks: [].into(),
            looked: Arc::default(),
            stop: CancellationToken::new(),
        };
        assert_eq!(answers.check(asked("b.B")).await.unwrap_err().code(), tonic::Code::NotFound);
        let told = answers.watch(asked("b.B")).await.unwrap().into_inner().next().await;
        assert_eq!(told.unwrap().unwrap().status(), ServingStatus::ServiceUnknown);
    }
}
