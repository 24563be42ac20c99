//! The demonstration of 2022, every command of it decided and folded here without a journal: its tally is the expected one.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::world::*;
use crate::{
    Actor, Aggregate, Command, CommandId, Context, Position, Reference, StreamId, Timestamp, Trait, UnitId,
    fold::{Facts, MeasureTally, PeriodTally, TallyQuery, lines, tally},
};

const SCRIPT: &str = include_str!("../../../../../tests/data/replay_2022/commands.ndjson");
const EXPECTED: &str = include_str!("../../../../../tests/data/replay_2022/expected.json");

#[derive(Deserialize)]
struct Line {
    at: Timestamp,
    key: CommandId,
    actor: Value,
    command: String,
    data: Value,
}

fn actor(value: &Value) -> Actor {
    let field = |name: &str| value[name].as_str().unwrap();
    Actor {
        subject: field("subject").parse().unwrap(),
        office: field("office").parse().unwrap(),
        role: field("role").parse().unwrap(),
    }
}

fn replayed() -> (Reference, Facts) {
    let (mut reference, mut facts) = (Reference::default(), Facts::default());
    let mut states: BTreeMap<StreamId, Aggregate> = BTreeMap::new();
    for (position, line) in (1..).map(Position).zip(SCRIPT.lines()) {
        let Line { at, key, actor: who, command, data } = serde_json::from_str(line).unwrap();
        let command = Command::read(&command, data).unwrap().unwrap();
        let stream = command.stream(key);
        let context = Context { at, actor: actor(&who), key, stream, tip: Position(position.0 - 1) };
        let state = states.entry(stream).or_insert_with(|| Aggregate::empty(stream.kind));
        let events = crate::decide(state, &reference, &context, &command)
            .unwrap_or_else(|refusal| panic!("line {position}: {refusal:?}"));
        for event in &events {
            state.evolve(event);
            reference.apply(position, event);
            facts.fold(position, stream, event);
        }
    }
    (reference, facts)
}

fn query() -> TallyQuery {
    let (valid, judged_on) = (day("2022-12-31"), day("2023-01-02"));
    TallyQuery { programme: key("nq28"), period: key("2022"), valid, judged_on, known: None }
}

/// What `expected.json` says of a measure, from its tally.
fn said(measure: &MeasureTally) -> Value {
    let whole = &measure.whole;
    let units = serde_json::to_value(whole.units).unwrap();
    let named = ["with_plan", "met", "exceeded", "exact", "missed", "not_due", "not_reported"];
    let units: BTreeMap<_, _> = named.iter().map(|name| (*name, &units[*name])).collect();
    let planned = measure.cells.iter().filter(|cell| cell.plan.is_some());
    let cell = |cell: &crate::fold::Cell| json!({ "committee": cell.committee, "actual": cell.actual, "plan": cell.plan, "status": cell.status });
    let mut said = json!({
        "actual": whole.actual, "plan": whole.plan, "outside_plan": measure.outside_plan, "total": measure.total,
        "percent": whole.percent, "units": units, "cells": planned.map(cell).collect::<Vec<_>>(),
    });
    if let Some(owners) = measure.of_which.get(&Trait::PrivateBusinessOwner).filter(|owners| owners.n > 0) {
        said["of_which_private_business_owner"] = json!(owners.n);
    }
    said
}

#[test]
fn the_script_through_the_decisions_gives_the_expected_tally() {
    let (reference, facts) = replayed();
    let expected: Value = serde_json::from_str(EXPECTED).unwrap();
    assert_eq!(json!(facts.position()), expected["records"]);
    let tally = tally(&reference, &facts, &query()).unwrap();
    for measure in &tally.measures {
        assert_eq!(said(measure), expected["measures"][measure.measure.as_str()], "{}", measure.measure);
    }
    assert_eq!(tally.measures.len(), expected["measures"].as_object().unwrap().len());
    for measure in &tally.measures {
        for cell in &measure.cells {
            let lines = lines(&reference, &facts, &query(), &measure.measure, cell.committee).unwrap();
            assert_eq!(lines.last().map_or(0, |line| line.sum), cell.actual, "{} {}", measure.measure, cell.name);
        }
    }
}

#[test]
fn the_period_2023_is_open_with_its_targets_and_nothing_done() {
    let (reference, facts) = replayed();
    let tally = tally(&reference, &facts, &TallyQuery { period: key("2023"), ..query() }).unwrap();
    assert!(tally.measures.iter().all(|measure| measure.total == 0 && measure.whole.plan > 0));
}

#[test]
fn a_tally_is_written_in_the_agreed_shape_and_read_back() {
    let (reference, facts) = replayed();
    let tally = tally(&reference, &facts, &query()).unwrap();
    let written = serde_json::to_value(&tally).unwrap();
    let fields = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        written["as_of"],
        json!({
            "valid": "2022-12-31", "known_position": 1241, "known_at": null, "lens": "as-known"
        })
    );
    for field in ["measure", "name", "actual", "plan", "outside_plan", "total", "percent", "percent_rule", "units"] {
        assert!(fields(&written["measures"][0]).contains(&field.to_owned()), "{field}");
    }
    for field in ["committee", "code", "name", "actual", "plan", "status", "position", "led_by", "reported"] {
        assert!(fields(&written["measures"][0]["cells"][0]).contains(&field.to_owned()), "{field}");
    }
    assert_eq!(written["measures"][0]["percent_rule"], "half-up/1");
    assert_eq!(serde_json::from_value::<PeriodTally>(written).unwrap(), tally);
}

#[test]
fn a_stored_cell_names_a_unit_of_the_structure() {
    let (reference, facts) = replayed();
    let tally = tally(&reference, &facts, &query()).unwrap();
    let cells = tally.measures.iter().flat_map(|measure| &measure.cells);
    let unknown: Vec<UnitId> =
        cells.map(|cell| cell.committee).filter(|id| reference.structure.unit(*id).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
