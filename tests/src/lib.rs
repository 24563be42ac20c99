//! What the tests of the whole share: the 2022 demonstration with its expected figures, and nodes.

mod events;
mod node;

use std::path::PathBuf;

pub use events::{Event, Events, PERIOD};
pub use node::Node;
use serde_json::Value;

/// A file of `tests/data/`.
pub fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// The demonstration's commands, one a line.
pub fn script() -> String {
    std::fs::read_to_string(data("replay_2022/commands.ndjson")).expect("the demonstration's script is there")
}

/// What `expected.json` says of the 2022 tallies.
pub fn expected() -> Value {
    let text = std::fs::read_to_string(data("replay_2022/expected.json")).expect("the expected figures are there");
    serde_json::from_str(&text).expect("the expected figures are JSON")
}

/// Compares a tally of 2022, as JSON, with every figure of the review: per measure and per committee.
pub fn check_figures(tally: &Value) {
    let expected = expected();
    let measures = tally["measures"].as_array().expect("measures");
    assert_eq!(measures.len(), 5);
    for measure in measures {
        let name = measure["measure"].as_str().expect("a measure has a name");
        let want = &expected["measures"][name];
        for field in ["actual", "plan", "outside_plan", "total", "percent"] {
            assert_eq!(measure[field], want[field], "{name} {field}");
        }
        for (word, n) in want["units"].as_object().expect("units") {
            assert_eq!(&measure["units"][word], n, "{name} units.{word}");
        }
        for cell in want["cells"].as_array().expect("cells") {
            let got =
                measure["cells"].as_array().into_iter().flatten().find(|got| got["committee"] == cell["committee"]);
            let got = got.unwrap_or_else(|| panic!("{name} has no cell for {}", cell["committee"]));
            for field in ["actual", "plan", "status"] {
                assert_eq!(got[field], cell[field], "{name} {field} of {}", got["name"]);
            }
        }
    }
    let members = measures.iter().find(|measure| measure["measure"] == "party_member").expect("party_member");
    assert_eq!(members["of_which"]["private_business_owner"]["n"], 6);
}

/// The id of a unit of the review's demonstration, by its whole name.
pub fn unit(name: &str) -> Value {
    unit_in(&script(), name)
}

/// The id of a unit that the later demonstration makes, by its whole name.
pub fn sequel_unit(name: &str) -> Value {
    let script = std::fs::read_to_string(data("replay_2025/commands.ndjson")).expect("the later script is there");
    unit_in(&script, name)
}

fn unit_in(script: &str, name: &str) -> Value {
    let structure = script.lines().filter(|line| line.contains("\"change-structure\""));
    let lines = structure.map(|line| serde_json::from_str::<Value>(line).expect("a line of the script is JSON"));
    let changes = lines.flat_map(|line| line["data"]["changes"].as_array().cloned().unwrap_or_default());
    let mut units = changes.map(|change| change["create_unit"].clone());
    let found = units.find(|unit| unit["name"] == name).unwrap_or_else(|| panic!("no unit {name}"));
    found["unit"].clone()
}
