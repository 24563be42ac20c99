//! DECIDE. What may be recorded, and what the record means. Pure: no IO, no clock, no floats; time, ids, rules and reference data arrive as values.
#![deny(clippy::float_arithmetic)]

pub mod ids;

pub use ids::*;
