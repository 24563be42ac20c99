//! APPEND. The port that every journal keeps, its laws, and its adapters.

mod copy;
#[cfg(feature = "laws")]
pub mod laws;
pub mod memory;
mod open;
mod port;
pub mod sqlite;
mod tail;

pub use copy::{CopyError, copy};
pub use open::OpenError;
pub use port::*;
