//! `socai show` and `socai replay` as of a day and a position.

use std::{collections::BTreeSet, path::Path, process::Output};

use serde_json::{Value, json};

use crate::{
    process::{Process, socai},
    subcommands::ask,
};

const CLOSING: &str = "nq28/2022/closing-1";
/// Where the demonstration's 2022 was closed.
const CLOSED_AT: u64 = 1_276;

fn show(node: &Process, data: &Path, arguments: &[&str]) -> Output {
    ask(node, data, "auditor", &[&["show"], arguments].concat(), "")
}

#[track_caller]
fn json_of(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn printed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn lists_and_details_are_shown_as_of_a_closing_and_all_pages_are_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo"]);
    let shown = |arguments: &[&str]| json_of(&show(&node, folder.path(), &[arguments, &["--output", "json"]].concat()));
    for (what, rows) in [
        ("organisations", "organisations"),
        ("committees", "committees"),
        ("programmes", "programmes"),
        ("publications", "publications"),
        ("queries", "queries"),
        ("trail", "rows"),
    ] {
        let then = shown(&[what, "--known", CLOSING]);
        let known = then.pointer("/as_of/known_position").unwrap_or_else(|| &then["known"]);
        assert_eq!(known, &json!(CLOSED_AT), "{what}");
        assert_eq!(then, shown(&[what, "--known", &CLOSED_AT.to_string()]), "{what}");
        assert!(then[rows].is_array() && then["next_after"].is_null(), "{what}");
    }
    // More than a page of the node.
    let all = shown(&["organisations", "--valid", "2022-12-31", "--known", "1276"]);
    let streams: BTreeSet<String> =
        all["organisations"].as_array().unwrap().iter().map(|one| one["stream"].to_string()).collect();
    assert!(streams.len() > 200 && streams.len() == all["organisations"].as_array().unwrap().len());
    assert_eq!(all["as_of"], json!({ "valid": "2022-12-31", "known_position": CLOSED_AT, "settled": true }));

    let id = all["organisations"][0]["stream"].as_str().unwrap().strip_prefix("organisation/").unwrap().to_owned();
    let one = shown(&["organisation", &id, "--known", CLOSING]);
    assert_eq!((&one["id"], &one["as_of"]["known_position"]), (&json!(id), &json!(CLOSED_AT)));
    let text = printed(&show(&node, folder.path(), &["organisation", &id]));
    assert!(text.starts_with("SỐ LIỆU MINH HỌA") && text.contains("found-organisation"), "{text}");
    let lineage = printed(&show(&node, folder.path(), &["lineage", "305-DU", "--valid", "2022-12-31"]));
    assert!(lineage.contains("Quận ủy Lê Chân on 2022-12-31") && lineage.contains("valid 2022-12-31"), "{lineage}");

    let few = show(&node, folder.path(), &["trail", "--limit", "3", "--output", "csv"]);
    assert_eq!(printed(&few).lines().count(), 4);
    assert!(String::from_utf8(few.stderr).unwrap().contains("the first 3; there are more"));
    let district = shown(&["trail", "--committee", "Quận ủy Lê Chân", "--known", CLOSING, "--valid", "2022-03-31"]);
    let rows = district["rows"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row["effective_on"].as_str() <= Some("2022-03-31")));

    let publication = shown(&["publications"])["publications"][0]["publication"].as_str().unwrap().to_owned();
    let [then, now] = [["--known", "2000"].as_slice(), &[]].map(|known| {
        json_of(&show(&node, folder.path(), &[&["publication", &publication, "--output", "json"], known].concat()))
    });
    assert_eq!((&then["then"], &then["as_of"]["known_position"]), (&now["then"], &json!(2_000)));
    let table = printed(&show(&node, folder.path(), &["publication", &publication]));
    assert!(table.contains("differs: actual printed 47, in the ledger 48"), "{table}");
}

#[test]
fn what_became_of_a_unit_is_asked_by_the_code_or_name_of_a_day_on_which_it_had_it() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo"]);
    let lineage = |arguments: &[&str]| show(&node, folder.path(), &[&["lineage"], arguments].concat());
    let became = |arguments: &[&str]| {
        let answer = json_of(&lineage(&[arguments, &["--valid", "2025-08-28", "--output", "json"]].concat()));
        let names = answer["became"]["committees"].as_array().unwrap().iter().map(|unit| unit["name"].clone());
        (answer["committee"]["name"].clone(), names.collect::<Vec<_>>())
    };
    let (district, wards) = became(&["303-DU", "--named-on", "2022-12-31"]);
    assert_eq!((district, wards.len()), (json!("Quận ủy Hồng Bàng"), 2), "{wards:?}");
    assert_eq!(became(&["quận uỷ Hồng Bàng", "--named-on", "2025-06-30"]).1, wards);
    assert_eq!(became(&["303-DU"]).0, "Đảng ủy phường Hồng Bàng", "the code is another unit's by then");

    let nobody = lineage(&["Quận ủy Hồng Bàng", "--valid", "2025-08-28"]);
    let told = String::from_utf8(nobody.stderr).unwrap();
    let had = "no unit has the code or name `Quận ủy Hồng Bàng` on 2025-08-28; “Quận ủy Hồng Bàng” had it from 2009-11-10 until 2025-06-30: \
               write --named-on 2025-06-30";
    assert!(nobody.status.code() == Some(2) && told.contains(had), "{told}");
    let nothing_yet = lineage(&["303-DU", "--valid", "2022-12-31"]);
    let told = String::from_utf8(nothing_yet.stderr).unwrap();
    assert!(told.contains("nothing has become of it by 2022-12-31; --valid takes a later day"), "{told}");
    // Before the reorganisation was recorded the ward was not known.
    let unknown = lineage(&["Đảng ủy phường Hồng Bàng", "--known", "1276"]);
    let told = String::from_utf8(unknown.stderr).unwrap();
    assert!(unknown.status.code() == Some(2) && told.contains("nor on another day"), "{told}");
}

#[test]
fn the_records_behind_a_number_are_asked_for_by_the_names_of_the_tallies() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo"]);
    let records = |committee: &str, moment: &[&str]| {
        let arguments = [&["records", "party_org", committee, "--output", "json"], moment].concat();
        json_of(&show(&node, folder.path(), &arguments))
    };
    let tally = |moment: &[&str]| {
        let arguments = [&["tally", "--cells", "--output", "json"], moment].concat();
        json_of(&ask(&node, folder.path(), "auditor", &arguments, ""))
    };
    for moment in [
        &[][..],
        &["--known", "closing-1"],
        &["--known", CLOSING],
        &["--known", "700", "--valid", "2022-05-31"],
        &["--known", "2022-08-01T00:00:00Z"],
        &["--lens", "as-known"],
    ] {
        let tallies = tally(moment);
        let cells = tallies["measures"][0]["cells"].as_array().unwrap();
        let cell = cells.iter().find(|cell| cell["name"] == "Quận ủy Lê Chân").unwrap();
        let found = records("quận uỷ Lê Chân", moment);
        assert_eq!(found["sum"], cell["actual"], "{moment:?}");
        assert_eq!(
            found["lines"].as_array().unwrap().len(),
            usize::try_from(found["count"].as_u64().unwrap()).unwrap()
        );
        assert_eq!(found["known_position"], tallies["as_of"]["known_position"], "{moment:?}");
        assert_eq!(found, records(cell["code"].as_str().unwrap(), moment), "{moment:?}");
        // One line a page: pinned where the first page was.
        let paged = records("305-DU", &[moment, &["--limit", "1"]].concat());
        assert_eq!(paged["lines"][0], found["lines"][0], "{moment:?}");
    }
}

#[test]
fn what_cannot_be_shown_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo=2022"]);
    let check = |arguments: &[&str], code: i32, told: &str| {
        let output = show(&node, folder.path(), arguments);
        let why = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {why}");
        assert!(why.contains(told), "{arguments:?}: {why}");
    };
    check(&["organisations", "--known", "closing-1"], 2, "here give the whole name: nq28/2022/closing-1");
    check(&["queries", "--known", CLOSING], 2, "closings of the period so far: 0");
    check(&["trail", "--known", "yesterday"], 2, "known");
    check(&["committees", "--known", "99999"], 4, "has no position 99999 yet; its last is");
    check(&["records", "party_org", "Nowhere"], 2, "see `socai tally --cells`");
    check(&["records", "no_such", "Nowhere"], 2, "it has party_org, union_org");
    check(&["lineage", "Nowhere"], 2, "nor on another day as far as you may see; `socai show committees` lists them");
    check(&["organisation", "018f0000-0000-7000-8000-000000000001"], 2, "not there");
    check(&["trail", "--limit", "0"], 2, "--limit");
    let nobody = socai(&["show", "queries", "--url", "http://127.0.0.1:1"]).output().unwrap();
    assert_eq!(nobody.status.code(), Some(5));
    assert!(String::from_utf8(nobody.stderr).unwrap().contains("no node answers at http://127.0.0.1:1"));
}

#[test]
fn a_replay_up_to_a_closing_or_an_instant_gives_what_the_node_gives() {
    let folder = tempfile::tempdir().unwrap();
    let node = Process::start(folder.path(), &["--demo"]);
    let data = folder.path().display().to_string();
    let file = folder.path().join("tallies.json");
    for known in ["closing-1", CLOSING, "1276", "700", "2022-08-01T00:00:00Z"] {
        let asked = ask(&node, folder.path(), "auditor", &["tally", "--known", known, "--output", "json"], "");
        std::fs::write(&file, json_of(&asked).to_string()).unwrap();
        let given = file.display().to_string();
        let compared = socai(&["replay", "--data", &data, "--known", known, "--compare", &given]).output().unwrap();
        assert_eq!(compared.status.code(), Some(0), "{known}: {compared:?}");
        let replayed = socai(&["replay", "--data", &data, "--known", known, "--output", "json"]).output().unwrap();
        let (ours, theirs) = (json_of(&replayed), json_of(&asked));
        for part in ["valid", "known_position", "lens"] {
            assert_eq!(ours["as_of"][part], theirs["as_of"][part], "{known} {part}");
        }
        assert_eq!(ours["judged_on"], theirs["judged_on"], "{known}");
    }
    for (known, told) in [
        ("closing-9", "has no closing-9"),
        ("cut-off-1", "has no cut-off-1"),
        ("99999", "has no position 99999 yet"),
        ("0", "had not begun"),
        ("2001-01-01T00:00:00Z", "had not begun"),
        ("soon", "closing-1 or cut-off-1"),
        ("nq28/2023/closing-1", "is of another period; nq28/2022 is asked about"),
    ] {
        let refused = socai(&["replay", "--data", &data, "--known", known]).output().unwrap();
        let why = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(2) && why.contains(told), "{known}: {why}");
    }
}
