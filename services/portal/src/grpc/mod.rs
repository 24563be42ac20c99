//! The services of gRPC: the same answers to the same tokens as over HTTP, as messages.

mod ledger;
mod tallies;

use axum::Router;
use kit::{Problem, execution, grpc::REQUEST_MAX_BYTES};

use self::{
    ledger::Ledger,
    stubs::{
        ledger::ledger_service_server::{LedgerServiceServer, SERVICE_NAME as LEDGER},
        tally::tally_service_server::{SERVICE_NAME as TALLY, TallyServiceServer},
    },
    tallies::Tallies,
};
use crate::Portal;

/// What `build.rs` makes from `proto/`; the messages are in `wire`.
#[allow(
    clippy::allow_attributes_without_reason,
    clippy::pedantic,
    unused_qualifications,
    unreachable_pub,
    reason = "generated"
)]
mod stubs {
    pub(super) mod ledger {
        tonic::include_proto!("socai.ledger.v1");
    }

    pub(super) mod tally {
        tonic::include_proto!("socai.tally.v1");
    }
}

/// Full names of what a portal serves.
pub const GRPC_SERVICES: [&str; 2] = [LEDGER, TALLY];

pub(crate) fn routes(portal: &Portal) -> Router {
    let ledger = LedgerServiceServer::new(Ledger(portal.clone())).max_decoding_message_size(REQUEST_MAX_BYTES);
    let tally = TallyServiceServer::new(Tallies(portal.clone())).max_decoding_message_size(REQUEST_MAX_BYTES);
    kit::grpc::routes(ledger).merge(kit::grpc::routes(tally))
}

/// How a stream ends when the process stops.
fn stopping() -> Problem {
    execution::not_ready()
}
