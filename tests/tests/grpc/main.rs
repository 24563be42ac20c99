//! gRPC against a real node, at the port that answers HTTP: the same answers for the same tokens.

#![expect(clippy::unwrap_used, reason = "tests: what is unexpected panics")]

mod client;
mod follow;
mod foreign;
mod json;
mod process;
mod tallies;
mod watch;
