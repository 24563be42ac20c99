//! Tallies that somebody has kept, and what differs from the history folded anew.

use std::{collections::BTreeSet, path::Path};

use anyhow::Context;
use domain::{LocalDate, PeriodKey, Position, ProgrammeKey, fold::PeriodTally};
use serde::Deserialize;
use serde_json::Value;

use crate::cli::{Exit, Failure, read_file};

/// Tallies that somebody has kept.
pub(super) struct Given<'a> {
    file: &'a Path,
    pub(super) of: Of,
}

/// What they are of.
#[derive(Deserialize)]
pub(super) struct Of {
    pub(super) programme: ProgrammeKey,
    pub(super) period: PeriodKey,
    pub(super) judged_on: LocalDate,
    pub(super) as_of: AsOf,
    measures: Vec<Value>,
}

#[derive(Deserialize)]
pub(super) struct AsOf {
    pub(super) valid: LocalDate,
    pub(super) known_position: Position,
}

impl<'a> Given<'a> {
    pub(super) fn read(file: &'a Path) -> Result<Self, Failure> {
        let read = serde_json::from_slice(&read_file(file)?);
        let why = || format!("{} holds no tallies as `socai tally --output json` prints them", file.display());
        let of = read.with_context(why).map_err(Failure::usage_of)?;
        Ok(Self { file, of })
    }

    /// Figures only: names, order and positions too, but not `as_of` and whatever a node adds to an answer.
    pub(super) fn compare(&self, tallies: &PeriodTally) -> Result<(), Failure> {
        let ours = serde_json::to_value(&tallies.measures).context("failed to write the tallies")?;
        let (ours, file) = (ours.as_array().map(Vec::as_slice).unwrap_or_default(), self.file.display());
        if self.of.measures == ours {
            println!("equal: {} measures of {} {}", ours.len(), tallies.programme, tallies.period);
            return Ok(());
        }
        differences("measure", "", ours, &self.of.measures).iter().for_each(|line| println!("{line}"));
        Err(Failure::new(Exit::Verification, anyhow::anyhow!("the replayed tallies are not those in {file}")))
    }
}

/// A line for each row that only one side has, and for each field in which both differ; of a measure also its committees. `key` names the
/// field by which rows are found, `of` what they are under.
fn differences(key: &str, of: &str, ours: &[Value], theirs: &[Value]) -> Vec<String> {
    let row = |rows: &[Value], name: &Value| rows.iter().find(|row| row[key] == *name).cloned();
    let mut lines = Vec::new();
    for ours in ours {
        let name = named(of, ours, key);
        match row(theirs, &ours[key]) {
            Some(theirs) => fields(&name, ours, &theirs, &mut lines),
            None => lines.push(format!("{name}: missing in the file")),
        }
    }
    let only_there = theirs.iter().filter(|theirs| row(ours, &theirs[key]).is_none());
    lines.extend(only_there.map(|theirs| format!("{}: in the file, not in the ledger", named(of, theirs, key))));
    if lines.is_empty() && ours != theirs {
        lines.push(format!("{of} the rows are the same in another order"));
    }
    lines
}

fn named(of: &str, row: &Value, key: &str) -> String {
    let text = |field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let name = if key == "committee" { format!("{} ({})", text("name"), text(key)) } else { text(key) };
    format!("{of} {name}").trim_start().to_owned()
}

fn fields(name: &str, ours: &Value, theirs: &Value, lines: &mut Vec<String>) {
    let fields = |row: &Value| row.as_object().map(|row| row.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let both: BTreeSet<String> = fields(ours).into_iter().chain(fields(theirs)).collect();
    for field in both.iter().filter(|field| ours[*field] != theirs[*field]) {
        match (ours[field].as_array(), theirs[field].as_array()) {
            (Some(ours), Some(theirs)) if field == "cells" => {
                lines.extend(differences("committee", name, ours, theirs))
            }
            _ => lines.push(format!("{name}: {field} replayed {}, given {}", ours[field], theirs[field])),
        }
    }
}
