//! Law 12: whoever only checks a ledger needs the messages, not a runtime, a network or a database.

use std::{collections::BTreeSet, process::Command};

#[test]
fn there_is_no_runtime_network_or_database_under_wire() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", "wire", "--edges", "normal", "--prefix", "none", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let crates: BTreeSet<_> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(crates.contains("prost") && crates.contains("domain"), "{crates:?}");
    for unwanted in ["tokio", "sqlx", "sqlx-core", "rusqlite", "tonic", "async-nats", "hyper", "journal", "views"] {
        assert!(!crates.contains(unwanted), "{unwanted}");
    }
}
