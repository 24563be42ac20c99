//! What tests start for real: servers, and proxies before them.

pub mod nats;
pub mod postgres;
pub mod proxy;
pub mod stack;
