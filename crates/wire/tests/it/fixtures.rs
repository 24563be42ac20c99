//! A stored format, once written, is a fixture for ever: every file of `tests/data/events/` decodes as it did on the first day.

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::Position;
use wire::{EVENT_TYPES, RecordJson, decode, encode};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/events")
}

/// Version of the event, its name, the body, and what it must decode to.
fn fixtures() -> Vec<(u32, String, Vec<u8>, String)> {
    let mut fixtures = Vec::new();
    for version in fs::read_dir(folder()).unwrap() {
        let version = version.unwrap().path();
        let number = version.file_name().unwrap().to_str().unwrap().strip_prefix('v').unwrap().parse().unwrap();
        for file in fs::read_dir(&version).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "hex") {
                let body =
                    hex::decode(fs::read_to_string(&file).unwrap().split_whitespace().collect::<String>()).unwrap();
                let expected = fs::read_to_string(file.with_extension("expected.json")).unwrap();
                fixtures.push((number, file.file_stem().unwrap().to_str().unwrap().to_owned(), body, expected));
            }
        }
    }
    fixtures
}

#[test]
fn every_stored_event_decodes_as_on_the_first_day() {
    for (version, name, body, expected) in fixtures() {
        let record = decode(&body).unwrap_or_else(|error| panic!("v{version}/{name}: {error}"));
        let shown = serde_json::to_value(RecordJson::new(Position(42), record)).unwrap();
        assert_eq!(shown, serde_json::from_str::<serde_json::Value>(&expected).unwrap(), "v{version}/{name}");
    }
}

#[test]
fn every_stored_event_is_written_as_on_the_first_day() {
    for (version, name, body, _) in fixtures() {
        assert_eq!(encode(&decode(&body).unwrap()).unwrap(), body, "v{version}/{name}");
    }
}

#[test]
fn every_event_of_the_table_has_a_fixture() {
    let have: BTreeSet<_> = fixtures().into_iter().map(|(version, name, ..)| (name, version)).collect();
    let needed: BTreeSet<_> = EVENT_TYPES.iter().map(|(name, version)| ((*name).to_owned(), *version)).collect();
    let missing: Vec<_> = needed.difference(&have).collect();
    assert!(missing.is_empty(), "run `cargo run -p wire --example make_fixtures` for {missing:?}");
}

#[test]
fn a_fixture_holds_the_event_that_its_name_says() {
    for (version, name, body, _) in fixtures() {
        assert_eq!(wire::event_type(&decode(&body).unwrap().events[0].body), (name.as_str(), version));
    }
}

#[test]
fn an_event_is_called_the_same_everywhere() {
    let words: Vec<_> = domain::fold::EVENT_WORDS.iter().map(|called| called.word.replace('_', "-")).collect();
    let names: Vec<_> = EVENT_TYPES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, words);
}
