//! A ledger of the machine's own time, with the units, the rules and the plan of the demonstration: a script's clock cannot be set.

use std::{collections::BTreeMap, io::Write, process::Stdio, time::Instant};

use domain::{EventBody, Kind, Position};
use journal::SharedJournal;
use kit::{Clock, SystemClock};
use serde_json::{Value, json};
use testkit::stack::Stack;

use super::PATIENCE;
use crate::{posting::read_at_last, process::socai};

/// What the clock of a process may be ahead by, and what this one may be behind.
const AHEAD_MAX_MICROS: i64 = 3_000_000;
/// Commands of the script on which all others rest, and who sends them.
const BEGINNING: [&str; 5] = ["change-structure", "set-rules", "establish-programme", "open-period", "assign-target"];

/// Records what the demonstration begins with, and makes the tokens of a clerk and an auditor.
pub(super) async fn begin(stack: &Stack) {
    let script = socai_tests::script();
    let lines: Vec<Value> = script.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    // The root unit of a new ledger has the id that its administrator's grant names.
    let city = lines[0]["actor"]["office"].as_str().unwrap();
    let root = office_of_the_administrator(&stack.journal().await).await;
    let here = |text: &str| text.replace(city, &root);
    for command in BEGINNING {
        let mut by_office: BTreeMap<&str, String> = BTreeMap::new();
        for line in lines.iter().filter(|line| line["command"] == command) {
            let sent = json!({ "key": line["key"], "command": command, "data": line["data"] });
            *by_office.entry(line["actor"]["office"].as_str().unwrap()).or_default() += &here(&format!("{sent}\n"));
        }
        for (number, (office, text)) in by_office.into_iter().enumerate() {
            let mut sender = "admin".to_owned();
            if command == "assign-target" {
                sender = format!("supervisor-{number}");
                make_token(stack, &sender, &here(office), "supervisor");
            }
            run(stack, &sender, &["post"], &text);
        }
    }
    make_token(stack, "clerk", socai_tests::unit("Quận ủy Lê Chân").as_str().unwrap(), "office");
    make_token(stack, "auditor", &root, "auditor");
}

/// Whatever the clocks said: none is of later than now.
pub(super) async fn no_record_is_of_a_time_to_come(journal: &SharedJournal) {
    let mut after = Position::START;
    loop {
        let batch = read_at_last(journal, after, 1_000).await;
        let Some(last) = batch.last() else { return };
        let now = SystemClock.now();
        for stored in &batch {
            let recorded_at = wire::decode(&stored.body).unwrap().recorded_at;
            assert!(
                recorded_at.0 <= now.0 + AHEAD_MAX_MICROS,
                "{} is of {recorded_at}, and it is {now}",
                stored.position
            );
        }
        after = last.position;
    }
}

async fn office_of_the_administrator(journal: &SharedJournal) -> String {
    let grants = journal.read(Position::START, 1, &[Kind::Access]).await.unwrap();
    let grant = wire::decode(&grants[0].body).unwrap();
    let office = grant.events.iter().find_map(|event| match &event.body {
        EventBody::AccessGranted { office, .. } => Some(office.to_string()),
        _ => None,
    });
    office.expect("the first grant names an office")
}

fn make_token(stack: &Stack, name: &str, office: &str, role: &str) {
    let token = run(stack, "admin", &["token", "new", "--office", office, "--role", role], "");
    std::fs::write(stack.token(name), token).unwrap();
}

/// The command line, at the intakes. Tried again while the other intake does not know yet what this one has recorded.
fn run(stack: &Stack, token: &str, arguments: &[&str], input: &str) -> String {
    let begun = Instant::now();
    loop {
        let mut command = socai(arguments);
        command.env("SOCAI_URL", stack.intakes()).env("SOCAI_TOKEN_FILE", stack.token(token));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("socai starts");
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            return String::from_utf8(output.stdout).unwrap();
        }
        assert!(begun.elapsed() < PATIENCE, "{arguments:?}: {output:?}");
    }
}
