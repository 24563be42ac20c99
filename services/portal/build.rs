//! Makes the traits of the gRPC services from `proto/`; the messages are `wire`'s.

use std::{error::Error, path::PathBuf};

const FILES: [&str; 2] = ["socai/tally/v1/service.proto", "socai/ledger/v1/ledger.proto"];
const PACKAGES: [&str; 3] = ["record", "tally", "ledger"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo::rerun-if-changed={}", root.display());
    let services = PACKAGES.iter().fold(tonic_prost_build::configure().build_client(false), |services, package| {
        services.extern_path(format!(".socai.{package}.v1"), format!("::wire::proto::{package}::v1"))
    });
    services.compile_fds(protox::compile(FILES, [&root])?)?;
    Ok(())
}
