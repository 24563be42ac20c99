//! Stored records: every event, both ways, strictly.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod random;
mod samples;

mod bytes;
mod cloud_events;
mod fixtures;
mod laws;
