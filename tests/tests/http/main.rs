//! The API over real HTTP, against a node that runs in this process: what is accepted, and what each kind of bad input gets.

#![expect(clippy::unwrap_used, reason = "tests: what is unexpected panics")]

mod access;
mod bad_input;
mod lineage;
mod lines;
mod watch;
mod world;
