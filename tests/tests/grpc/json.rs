//! The messages of a tally as the JSON that HTTP gives, field by field.

use domain::{LocalDate, Timestamp, Trait, UnitKind};
use serde_json::{Map, Value, json};
use uuid::Uuid;
use wire::proto::{
    record::v1::{TargetValue, target_value},
    tally::v1::{
        Against, AsOf, Cell, ChangedCells, Closing, Compared, Discrepancy, LastYear, MeasureTally, OfWhichCount,
        OtherPlan, Status, Tallies, Whole, discrepancy::Row,
    },
};

pub(crate) fn tallies(tally: &Tallies) -> Value {
    let mut object = json!({
        "programme": tally.programme, "period": tally.period, "as_of": as_of(tally.as_of.as_ref().unwrap()),
        "judged_on": day(tally.judged_on), "provisional": tally.provisional,
        "first_day": day(tally.first_day), "last_day": day(tally.last_day),
        "measures": tally.measures.iter().map(measure).collect::<Vec<_>>(),
    });
    let fields = object.as_object_mut().unwrap();
    add(fields, "closing", tally.closing.map(closing));
    add(fields, "since", tally.since.map(|days| day(days).into()));
    add(fields, "last_year", tally.last_year.as_ref().map(last_year));
    add(fields, "whole_of", tally.whole_of.clone().map(Value::from));
    object
}

fn last_year(last_year: &LastYear) -> Value {
    let then = last_year.as_known_then.map(|known| json!({ "on": day(known.on), "position": known.position }));
    let changed: Vec<_> = last_year.structure_changed_on.iter().map(|days| day(*days)).collect();
    json!({
        "period": last_year.period, "valid": day(last_year.valid), "as_known_then": then,
        "as_known_now": last_year.as_known_now, "structure_changed_on": changed,
    })
}

fn compared(compared: &Compared) -> Value {
    let against = |against: &Against| {
        json!({
            "actual": against.actual, "difference": against.difference, "percent": against.percent,
            "percent_rule": against.percent_rule,
        })
    };
    let (then, now) = (compared.as_known_then.as_ref().map(against), compared.as_known_now.as_ref().map(against));
    let mut object = json!({ "as_known_then": then, "as_known_now": now });
    let changed_on = compared.structure_changed_on.map(|days| day(days).into());
    add(object.as_object_mut().unwrap(), "structure_changed_on", changed_on);
    object
}

fn closing(closing: Closing) -> Value {
    json!({ "number": closing.number, "position": closing.position, "closed_on": day(closing.closed_on) })
}

pub(crate) fn changed(cells: &ChangedCells) -> Value {
    let gone = cells.gone.iter().map(|gone| json!({ "measure": gone.measure, "committee": id(&gone.committee) }));
    let mut object = json!({
        "from": cells.from, "as_of": as_of(cells.as_of.as_ref().unwrap()), "judged_on": day(cells.judged_on),
        "provisional": cells.provisional, "measures": cells.measures.iter().map(measure).collect::<Vec<_>>(),
    });
    add(object.as_object_mut().unwrap(), "closing", cells.closing.map(closing));
    add_list(object.as_object_mut().unwrap(), "gone", gone.collect());
    object
}

fn as_of(as_of: &AsOf) -> Value {
    let known_at = as_of.known_at_micros.map(|micros| Timestamp(micros).to_string());
    let lens = as_of.lens().as_str_name().strip_prefix("LENS_").unwrap().to_lowercase().replace('_', "-");
    json!({ "valid": day(as_of.valid), "known_position": as_of.known_position, "known_at": known_at, "lens": lens })
}

fn measure(measure: &MeasureTally) -> Value {
    let mut object = json!({
        "measure": measure.measure, "name": measure.name, "name_en": measure.name_en, "noun": measure.noun,
        "assigner": measure.assigner.as_ref().map(|bytes| id(bytes)),
        "outside_plan": measure.outside_plan, "total": measure.total, "of_which": of_which(&measure.of_which),
        "cells": measure.cells.iter().map(cell).collect::<Vec<_>>(),
    });
    let fields = object.as_object_mut().unwrap();
    fields.extend(whole(measure.whole.as_ref().unwrap()));
    add(fields, "without_ceremony", measure.without_ceremony.map(Value::from));
    add_list(fields, "plans", measure.plans.iter().map(other_plan).collect());
    add_list(fields, "discrepancies", measure.discrepancies.iter().map(discrepancy).collect());
    let span = measure
        .in_span
        .map(|span| json!({ "actual": span.actual, "outside_plan": span.outside_plan, "total": span.total }));
    add(fields, "in_span", span);
    let last_year = measure.last_year.as_ref().map(|of| {
        json!({
            "actual": of.actual.as_ref().map(compared), "total": of.total.as_ref().map(compared),
            "with_plan_then": of.with_plan_then,
        })
    });
    add(fields, "last_year", last_year);
    object
}

fn whole(whole: &Whole) -> Map<String, Value> {
    let units = whole.units.as_ref().unwrap();
    let object = json!({
        "actual": whole.actual, "plan": whole.plan, "percent": whole.percent, "percent_rule": whole.percent_rule,
        "status": word(whole.status()),
        "units": {
            "with_plan": units.with_plan, "met": units.met, "exceeded": units.exceeded, "exact": units.exact,
            "not_due": units.not_due, "missed": units.missed, "not_reported": units.not_reported,
            "no_target": units.no_target, "reported": units.reported,
        },
    });
    let Value::Object(mut fields) = object else { unreachable!("an object") };
    add(&mut fields, "plan_to", whole.plan_to.map(Value::from));
    add(&mut fields, "percent_of_first", whole.percent_of_first.clone().map(Value::from));
    add(&mut fields, "first_plan", whole.first_plan.map(Value::from));
    fields
}

fn cell(cell: &Cell) -> Value {
    let mut object = json!({
        "committee": id(&cell.committee), "code": cell.code, "name": cell.name,
        "kind": UnitKind::from_number(cell.kind).map(UnitKind::word), "led_by": cell.led_by.as_ref().map(|bytes| id(bytes)),
        "actual": cell.actual, "plan": cell.plan, "percent": cell.percent, "status": word(cell.status()),
        "reported": cell.reported, "position": cell.position,
    });
    let fields = object.as_object_mut().unwrap();
    add(fields, "target", cell.target.as_ref().map(target));
    add(fields, "first_target", cell.first_target.as_ref().map(target));
    add(fields, "percent_of_first", cell.percent_of_first.clone().map(Value::from));
    add(fields, "due_on", cell.due_on.map(|days| day(days).into()));
    add(fields, "without_ceremony", cell.without_ceremony.map(Value::from));
    let report = cell.report.map(|report| {
        let mut object = json!({
            "number": report.number, "up_to": day(report.up_to), "nil": report.nil, "position": report.position, "approved": report.approved,
            "outdated_by": report.outdated_by,
        });
        add(object.as_object_mut().unwrap(), "contradicted_by", report.contradicted_by.map(Value::from));
        object
    });
    add(fields, "report", report);
    add(fields, "in_span", cell.in_span.map(Value::from));
    add(fields, "last_year", cell.last_year.as_ref().map(compared));
    let of_which = of_which(&cell.of_which);
    add(fields, "of_which", of_which.as_object().is_some_and(|of| !of.is_empty()).then_some(of_which));
    object
}

fn target(target: &TargetValue) -> Value {
    match target.value.as_ref().unwrap() {
        target_value::Value::Exactly(n) => json!({ "exactly": n }),
        target_value::Value::AtLeast(n) => json!({ "at_least": n }),
        target_value::Value::Between(range) => json!({ "between": { "from": range.from, "to": range.to } }),
    }
}

fn of_which(counts: &[OfWhichCount]) -> Value {
    let word = |count: &OfWhichCount| Trait::from_number(count.dimension).unwrap().word().to_owned();
    counts
        .iter()
        .map(|count| (word(count), json!({ "n": count.n, "stated": count.stated })))
        .collect::<Map<_, _>>()
        .into()
}

fn other_plan(plan: &OtherPlan) -> Value {
    let mut object = json!({
        "assigner": id(&plan.assigner), "assigner_name": plan.assigner_name,
        "cells": plan.cells.iter().map(cell).collect::<Vec<_>>(),
    });
    object.as_object_mut().unwrap().extend(whole(plan.whole.as_ref().unwrap()));
    object
}

fn discrepancy(row: &Discrepancy) -> Value {
    match row.row.as_ref().unwrap() {
        Row::HolderEnded(row) => json!({ "holder_ended": {
            "committee": id(&row.committee), "name": row.name, "ended_on": day(row.ended_on), "actual": row.actual, "plan": row.plan,
        }}),
        Row::HeadlineDiffers(row) => json!({ "headline_differs": {
            "assigner": id(&row.assigner), "headline": row.headline, "sum": row.sum,
            "percent_of_headline": row.percent_of_headline,
        }}),
    }
}

fn word(status: Status) -> String {
    status.as_str_name().trim_start_matches("STATUS_").to_lowercase()
}

fn id(bytes: &[u8]) -> String {
    Uuid::from_slice(bytes).unwrap().to_string()
}

fn day(days: i32) -> String {
    LocalDate::from_days(days).unwrap().to_string()
}

fn add(fields: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    fields.extend(value.map(|value| (name.to_owned(), value)));
}

fn add_list(fields: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
    add(fields, name, (!list.is_empty()).then_some(list.into()));
}
