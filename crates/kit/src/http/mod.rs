//! What every HTTP role shares: who calls, what is asked for, in which form it is answered, and how it is watched.

mod accept;
mod caller;
mod etag;
mod health;
mod origin;
mod params;
mod serve;
mod watch;

pub use accept::{accepts, prefers};
pub use caller::{COOKIE_NAME, Caller, SharedIdentify, bearer, cookie, expired_cookie, not_valid, token_cookie};
pub use etag::{ETag, etag, not_modified};
pub(crate) use health::all_ready;
pub use health::{Check, CheckResult, health_routes};
pub use origin::check_origin;
pub use params::{PathParams, QueryParams};
pub use serve::{Limits, serve};
pub use watch::{RequestId, nothing_here, watched};
