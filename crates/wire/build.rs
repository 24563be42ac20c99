//! Compiles `proto/` in pure Rust: no protoc on the machine.

use std::{error::Error, path::PathBuf};

use prost::Message as _;

const FILES: [&str; 3] =
    ["socai/record/v1/record.proto", "socai/tally/v1/service.proto", "socai/ledger/v1/ledger.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo::rerun-if-changed={}", root.display());
    let descriptors = protox::compile(FILES, [&root])?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    // Ids share the body's allocation.
    prost_build::Config::new().bytes(["."]).compile_fds(descriptors)?;
    Ok(())
}
