//! Writes a fixture for every stored event that has none yet: `cargo run -p wire --example make_fixtures`.
//! It never overwrites one: what was stored once must decode for ever.
#![allow(clippy::unwrap_used, reason = "a generator may fail by panicking")]

#[path = "../tests/it/samples.rs"]
mod samples;

use std::{fs, path::PathBuf};

use domain::Position;
use wire::{RecordJson, encode, event_type};

fn main() {
    for (name, record) in samples::records() {
        let version = event_type(&record.events[0].body).1;
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/data/events/v{version}"));
        let file = folder.join(format!("{name}.hex"));
        if file.exists() {
            continue;
        }
        fs::create_dir_all(&folder).unwrap();
        fs::write(&file, lines_of_hex(&encode(&record).unwrap())).unwrap();
        let shown = serde_json::to_string_pretty(&RecordJson::new(Position(42), record)).unwrap();
        fs::write(file.with_extension("expected.json"), shown + "\n").unwrap();
        println!("{}", file.display());
    }
}

/// 32 bytes a line, so that a difference is seen where it is.
fn lines_of_hex(bytes: &[u8]) -> String {
    bytes.chunks(32).map(|line| hex::encode(line) + "\n").collect()
}
