//! What `deploy/` holds for a cluster: in step with the code, and as far as one machine can run it, run.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod compose;
mod database;
mod files;
mod front;
mod kept;
mod kubernetes;
mod portal;
mod processes;
mod roles;

use std::path::{Path, PathBuf};

/// A file of the tree.
fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(name)
}

fn read(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}
