//! APPEND. The port that every journal keeps, its laws, and its adapters.

mod copy;
pub mod eventually;
#[cfg(feature = "laws")]
pub mod laws;
pub mod memory;
pub mod nats;
mod open;
mod port;
pub mod sqlite;
mod tail;

pub use copy::{CopyError, copy};
pub use open::{OpenError, Options, open};
pub use port::*;
