//! Who calls: the bearer token in the metadata `authorization`, as over HTTP.

use tonic::{Request, Status};

use super::status;
use crate::{Identify, http::Caller};

/// The signed-in caller; `UNAUTHENTICATED` when there is none. Cookies do not count: what sends them is a browser's page.
///
/// # Errors
/// The problem `unauthenticated`.
pub fn caller<T>(request: &Request<T>, identify: &dyn Identify) -> Result<Caller, Status> {
    Caller::by_header(request.metadata().as_ref(), identify).map_err(|problem| status(&problem))
}
