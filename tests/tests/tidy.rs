//! The rules of this tree that a machine can check: who may depend on whom, how long a file may be, and that what the documents name is there.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// A source file longer than this is to be split along its use cases.
const LINES_MAX: usize = 400;

/// Longer files that are there already, with their length. The list only shrinks: a file that grows fails, and so does one that no longer needs its place here.
const GIANTS: &[(&str, usize)] = &[];

/// What must not stand below the pure crates: a runtime, a network, a database.
const IMPURE: &[&str] = &[
    "tokio",
    "async-nats",
    "sqlx",
    "sqlx-core",
    "rusqlite",
    "libsqlite3-sys",
    "axum",
    "hyper",
    "reqwest",
    "tonic",
    "mio",
    "socket2",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// Every file of the tree, by its path from the root.
fn files() -> BTreeMap<String, PathBuf> {
    let (root, mut found, mut folders) = (root(), BTreeMap::new(), vec![root()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap()) {
            let path = entry.path();
            let name = path.strip_prefix(&root).unwrap().to_str().expect("paths are text").to_owned();
            let made = ["target", ".git", ".tools", "data", "data-nats"].contains(&name.as_str())
                || name.ends_with("node_modules");
            match entry.file_type().unwrap() {
                _ if made => {}
                kind if kind.is_dir() => folders.push(path),
                kind if kind.is_file() => drop(found.insert(name, path)),
                _ => {}
            }
        }
    }
    found
}

fn read(path: &Path) -> Option<String> {
    // What is not text has no lines and names nothing.
    String::from_utf8(fs::read(path).unwrap()).ok()
}

fn manifest(path: &Path) -> toml::Table {
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn dependencies(manifest: &toml::Table, section: &str) -> Vec<String> {
    manifest.get(section).and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys().cloned()).collect()
}

#[test]
fn a_service_depends_on_crates_and_never_on_another_service() {
    let services = ["intake", "tally", "audit", "portal"];
    for service in services {
        let manifest = manifest(&root().join("services").join(service).join("Cargo.toml"));
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for other in dependencies(&manifest, section) {
                assert!(
                    !services.contains(&other.as_str()) && other != "socai",
                    "{service} names {other} in [{section}]"
                );
            }
        }
    }
}

#[test]
fn a_crate_depends_on_no_service() {
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let manifest = manifest(&entry.unwrap().path().join("Cargo.toml"));
        for section in ["dependencies", "dev-dependencies"] {
            for other in dependencies(&manifest, section) {
                let service = ["intake", "tally", "audit", "portal", "socai", "socai-tests"].contains(&other.as_str());
                assert!(!service, "{} names {other} in [{section}]", manifest["package"]["name"]);
            }
        }
    }
}

/// What a package is built with, a line each.
fn tree(package: &str, edges: &str) -> String {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "--package", package, "--edges", edges, "--prefix", "none", "--format", "{p}"]);
    let output = cargo.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_named_points_are_armed_in_tests_and_not_in_the_binary_that_is_built_by_itself() {
    let armed = |edges: &str| tree("socai", edges).lines().any(|line| line.starts_with("points feature \"armed\""));
    assert!(armed("normal,dev,features"), "tests cannot ask for anything at a point");
    assert!(!armed("normal,build,features"), "the binary looks for what is asked of it at its points");
}

#[test]
fn nothing_impure_stands_below_domain_and_wire() {
    for pure in ["domain", "wire"] {
        let tree = tree(pure, "normal");
        let found: Vec<_> =
            tree.lines().filter(|line| line.split(' ').next().is_some_and(|name| IMPURE.contains(&name))).collect();
        assert!(found.is_empty(), "{pure} stands on {found:?}");
    }
}

#[test]
fn a_source_file_is_short_and_the_list_of_giants_only_shrinks() {
    let mut wrong = Vec::new();
    for (name, path) in files() {
        let ours = name.ends_with(".rs") || (name.ends_with(".js") && !name.contains("/vendored/"));
        if !ours {
            continue;
        }
        let lines = read(&path).map_or(0, |text| text.lines().count());
        match GIANTS.iter().find(|(giant, _)| *giant == name) {
            Some((_, most)) if lines > *most => {
                wrong.push(format!("{name} grew from {most} to {lines} lines: split it"))
            }
            Some(_) if lines <= LINES_MAX => wrong.push(format!("{name} has {lines} lines: take it off the list")),
            None if lines > LINES_MAX => wrong.push(format!("{name} has {lines} lines: split it along its use cases")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_names_a_place_of_one_machine() {
    // Put together here, so that this file does not name them.
    let places = ["work", "root", "home", "farm"].map(|top| format!("/{top}/"));
    let mut wrong = Vec::new();
    for (name, path) in files() {
        let text = read(&path).unwrap_or_default();
        for (number, line) in text.lines().enumerate() {
            let named =
                places.iter().any(|place| line.match_indices(place.as_str()).any(|(at, _)| starts_a_path(line, at)));
            if named {
                wrong.push(format!("{name}:{}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whether what begins at `at` is the beginning of an absolute path, and not the middle of a longer one.
fn starts_a_path(line: &str, at: usize) -> bool {
    !line[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || "._-}>/".contains(before))
}

/// What stands between backticks in a document and looks like a path of this tree.
fn named_paths(text: &str) -> Vec<String> {
    let tops = ["crates/", "services/", "tests/", "docs/", "deploy/", "proto/", ".ci/"];
    let quoted = text.split('`').skip(1).step_by(2);
    let paths =
        quoted.filter(|word| tops.iter().any(|top| word.starts_with(top)) && !word.contains([' ', '<', '{', '*', '…']));
    paths.map(|word| word.trim_end_matches('/').to_owned()).collect()
}

#[test]
fn what_the_documents_name_is_there() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (name, path) in files() {
        if !name.ends_with(".md") {
            continue;
        }
        for named in named_paths(&read(&path).unwrap_or_default()) {
            checked += 1;
            if !root().join(&named).exists() {
                wrong.push(format!("{name} names {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(checked > 50, "only {checked} paths were found in the documents");
}

#[test]
fn every_command_and_every_event_has_its_words() {
    let words = fs::read_to_string(root().join("docs/words.md")).unwrap();
    let row = |cells: [&str; 3]| format!("| `{}` | {} | {} |", cells[0], cells[1], cells[2]);
    let commands = domain::COMMANDS.iter().map(|command| row([command.name, command.vi, command.en]));
    let events = domain::fold::EVENT_WORDS.iter().map(|event| row([event.word, event.vi, event.en]));
    let missing: Vec<_> = commands.chain(events).filter(|row| !words.contains(row)).collect();
    assert!(missing.is_empty(), "docs/words.md lacks:\n{}", missing.join("\n"));
}

#[test]
fn decisions_are_numbered_once() {
    let mut numbers = BTreeMap::new();
    for name in files().into_keys().filter_map(|name| name.strip_prefix("docs/decisions/").map(str::to_owned)) {
        let number = name.split('-').next().unwrap().to_owned();
        assert!(number.len() == 4 && number.chars().all(|c| c.is_ascii_digit()), "{name} begins with no number");
        let twin = numbers.insert(number, name.clone());
        assert_eq!(twin, None, "{name} has the number of another page");
    }
}
