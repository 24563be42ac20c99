//! The 2022 demonstration, decided command by command in the order of its script, through the public door alone.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::BTreeMap;

use domain::{
    Actor, Aggregate, Command, CommandId, Context, Countee, Event, EventBody, Kind, Membership, OrganisationKind,
    Position, Reference, StreamId, Timestamp, What, decide,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    at: Timestamp,
    key: CommandId,
    actor: Actor,
    command: String,
    data: serde_json::Value,
}

fn script(folder: &str) -> Vec<String> {
    let path = format!("{}/../../tests/data/{folder}/commands.ndjson", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// Every event of the script, in order. A refused line fails the test with its number.
fn decided(lines: &[String]) -> Vec<Event> {
    let mut reference = Reference::default();
    let mut streams: BTreeMap<StreamId, Aggregate> = BTreeMap::new();
    let mut all = Vec::new();
    for (tip, text) in (0..).zip(lines) {
        let line: Line = serde_json::from_str(text).unwrap();
        let command = Command::read(&line.command, line.data).unwrap().unwrap();
        let stream = command.stream(line.key);
        let context = Context { at: line.at, actor: line.actor, key: line.key, stream, tip: Position(tip) };
        let aggregate = streams.entry(stream).or_insert_with(|| Aggregate::empty(stream.kind));
        let events = decide(aggregate, &reference, &context, &command)
            .unwrap_or_else(|refusal| panic!("line {}: {refusal:?}\n{text}", tip + 1));
        for event in &events {
            aggregate.evolve(event);
            reference.apply(Position(tip + 1), event);
        }
        all.extend(events);
    }
    all
}

/// Sums what the events add and take back, where `counts` is true, for days of 2022.
fn total(events: &[Event], counts: impl Fn(What, Countee) -> bool) -> i64 {
    let sum = |counted: &[domain::Counted]| {
        let wanted =
            counted.iter().filter(|c| c.effective_on.year() == 2022 && counts(c.countable.what, c.countable.of));
        wanted.map(|c| i64::from(c.n)).sum::<i64>()
    };
    events.iter().map(|event| event.body.counts()).map(|(takes, adds)| sum(adds) - sum(takes)).sum()
}

#[test]
fn every_command_of_the_demonstration_is_accepted_and_the_sums_are_those_of_the_review() {
    let events = decided(&script("replay_2022"));
    let party = |kind| {
        use OrganisationKind::{PartyCellGrassroots, PartyCellSubordinate, PartyOrganisationGrassroots, PartySection};
        matches!(kind, PartyCellGrassroots | PartyCellSubordinate | PartyOrganisationGrassroots | PartySection)
    };
    let founded = |of_party: bool| {
        total(
            &events,
            |what, of| matches!(of, Countee::Organisation(kind) if what == What::Founded && party(kind) == of_party),
        )
    };
    let admitted = |to_party: bool| {
        total(
            &events,
            |what, of| matches!(of, Countee::Member(to) if what == What::Admitted && (to == Membership::Party) == to_party),
        )
    };
    assert_eq!((founded(true), founded(false)), (47, 48));
    assert_eq!(total(&events, |what, _| what == What::Recognised), 188);
    assert_eq!((admitted(true), admitted(false)), (449, 1_071));
    assert!(total(&events, |what, _| what == What::Received) <= 449 + 1_071);
}

#[test]
fn every_command_of_what_came_after_the_review_is_accepted() {
    let (review, sequel) = (script("replay_2022"), script("replay_2025"));
    let lines: Vec<String> = sequel[..1].iter().chain(&review[1..]).chain(&sequel[1..]).cloned().collect();
    let closings = decided(&lines).into_iter().filter(|event| matches!(event.body, EventBody::PeriodClosed { .. }));
    assert_eq!(closings.map(|event| event.effective_on.to_string()).collect::<Vec<_>>(), ["2023-01-03", "2024-01-05"]);
}

#[test]
fn no_stream_of_the_demonstration_is_of_a_kind_without_commands() {
    assert!(Kind::ALL.iter().all(|kind| domain::COMMANDS.iter().any(|row| row.kind == *kind)));
}
