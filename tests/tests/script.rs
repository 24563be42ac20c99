//! The demonstration's script, decided and folded in memory: the pure domain alone gives every figure of the 2022 review.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use domain::{
    Actor, Aggregate, Command, CommandId, Context, Event, Position, Reference, StreamId, Timestamp,
    fold::{Facts, PeriodTally, TallyQuery, tally},
};
use serde_json::Value;

/// Folds the whole script; a refusal names its line.
fn folded() -> (Reference, Facts) {
    let (mut reference, mut facts) = (Reference::default(), Facts::default());
    let mut streams: BTreeMap<StreamId, Aggregate> = BTreeMap::new();
    for (line, position) in socai_tests::script().lines().zip(1..) {
        let position = Position(position);
        let (stream, events) = decide(line, position, &reference, &streams);
        let state = streams.entry(stream).or_insert_with(|| Aggregate::empty(stream.kind));
        for event in &events {
            state.evolve(event);
            reference.apply(position, event);
            facts.fold(position, stream, event);
        }
    }
    (reference, facts)
}

fn decide(
    line: &str,
    position: Position,
    reference: &Reference,
    streams: &BTreeMap<StreamId, Aggregate>,
) -> (StreamId, Vec<Event>) {
    let line: Value = serde_json::from_str(line).unwrap();
    let field = |name: &str| line[name].clone();
    let key: CommandId = serde_json::from_value(field("key")).unwrap();
    let actor: Actor = serde_json::from_value(field("actor")).unwrap();
    let at: Timestamp = serde_json::from_value(field("at")).unwrap();
    let command =
        Command::read(line["command"].as_str().unwrap(), &line["data"]).expect("a command of the table").unwrap();
    let stream = command.stream(key);
    let context = Context { at, actor, key, stream, tip: Position(position.0 - 1) };
    let state = streams.get(&stream).cloned().unwrap_or_else(|| Aggregate::empty(stream.kind));
    let events = domain::decide(&state, reference, &context, &command);
    (stream, events.unwrap_or_else(|refusal| panic!("line {position}: {refusal:?}\n{line}")))
}

fn ask(reference: &Reference, facts: &Facts, judged_on: &str) -> PeriodTally {
    let query = TallyQuery {
        programme: "nq28".parse().unwrap(),
        period: "2022".parse().unwrap(),
        valid: "2022-12-31".parse().unwrap(),
        judged_on: judged_on.parse().unwrap(),
        known: None,
    };
    tally(reference, facts, &query).unwrap()
}

#[test]
fn every_line_of_the_script_is_recorded_and_gives_the_figures_of_the_review() {
    let (reference, facts) = folded();
    let tally = ask(&reference, &facts, "2023-01-02");
    socai_tests::check_figures(&serde_json::to_value(&tally).unwrap());
}

#[test]
fn on_the_last_day_of_the_year_what_is_behind_is_not_due_and_on_the_next_it_is_missed() {
    let (reference, facts) = folded();
    for (day, not_due, missed) in [("2022-12-31", 1, 0), ("2023-01-01", 0, 1)] {
        let tally = ask(&reference, &facts, day);
        let youth = tally.measures.iter().find(|measure| measure.measure.as_str() == "youth_org").unwrap();
        assert_eq!((youth.whole.units.not_due, youth.whole.units.missed), (not_due, missed), "{day}");
    }
}
