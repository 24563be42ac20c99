//! What a role needs from outside: clock, identity, the command port, problems.

pub mod clock;
pub mod commands;
pub mod decode;
pub mod execution;
pub mod grpc;
pub mod http;
pub mod identity;
mod named;
#[cfg(feature = "outgoing")]
pub mod outgoing;
pub mod problem;

pub use clock::{Clock, ScriptedClock, SystemClock};
pub use commands::{CommandPort, CommandRequest, Precondition, Receipt};
pub use identity::{Identify, Identity, is_token, new_token, token_hash};
pub use problem::{FieldError, Problem, ProblemKind};
