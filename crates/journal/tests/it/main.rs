//! The adapters: every law over every one of them, and what only one of them has.

#![expect(clippy::unwrap_used, reason = "the tests of two journals share their bodies")]

mod laws;

mod nats;
mod nats_cluster;
mod sqlite;
mod watchdog;

mod eventually;
mod eventually_domain;
