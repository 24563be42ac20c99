//! What tests start for real: servers, nodes, builders of records.

pub mod nats;
pub mod postgres;
