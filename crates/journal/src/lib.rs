//! APPEND. The port that every journal keeps, its laws, and its adapters.

mod port;

pub use port::*;
