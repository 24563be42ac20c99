//! Stored records: every event, both ways, strictly.

mod samples;

mod bytes;
