//! What every role shares that answers gRPC: who calls, how a problem is told, and what a process says of itself.

mod caller;
mod health;
mod reflection;
mod status;

use std::convert::Infallible;

use axum::{Router, body::Body, response::IntoResponse, routing::post_service};
use http::Request;
use tonic::{codegen::Service, server::NamedService};

pub use caller::caller;
pub use health::health;
pub use reflection::reflection;
pub use status::status;
pub(crate) use status::{is_grpc, unimplemented};

/// Largest request. Each of ours is a few keys and numbers.
pub const REQUEST_MAX_BYTES: usize = 64 * 1_024;

/// A service at its address, beside what is answered over HTTP.
pub fn routes<S>(service: S) -> Router
where
    S: Service<Request<Body>, Error = Infallible> + NamedService + Clone + Send + Sync + 'static,
    S::Response: IntoResponse,
    S::Future: Send + 'static,
{
    Router::new().route(&format!("/{}/{{method}}", S::NAME), post_service(service))
}
