//! `socai replay`: folds the whole history again, straight from the journal, with nothing but the pure domain; prints or compares.

use std::{collections::BTreeSet, path::Path, str::FromStr};

use anyhow::Context;
use domain::{
    LocalDate, PeriodKey, Position, ProgrammeKey, Reference, Timestamp,
    fold::{Facts, PeriodTally, TallyQuery, tally},
};
use journal::SharedJournal;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    cli::{Exit, Failure, ReplayArgs, cells, measures, progress, read_file},
    node::open_to_read,
    settings::Settings,
};

const READ_BATCH: usize = 4_096;

/// What the history comes to.
struct Folded {
    reference: Reference,
    facts: Facts,
    last: Position,
    /// Running maximum of the records' times.
    latest: Timestamp,
}

pub(crate) async fn replay(args: ReplayArgs) -> Result<(), Failure> {
    let settings = Settings::read(args.node.config.as_ref(), &args.node).map_err(Failure::usage_of)?;
    let given = args.compare.as_deref().map(Given::read).transpose()?;
    let of = given.as_ref().map(|given| &given.of);
    let journal = open_to_read(&settings).await?;
    let known = args.known.or_else(|| of.map(|of| of.as_of.known_position));
    let folded = fold(&journal, known).await?;
    let last_day = folded.latest.local_date();
    // What a node answers is judged on its own day, which may come after the last record.
    let today = of.filter(|_| args.known.is_none()).map_or(last_day, |of| of.judged_on);
    let query = TallyQuery {
        programme: asked(args.programme, of.map(|of| &of.programme), "nq28")?,
        period: asked(args.period, of.map(|of| &of.period), "2022")?,
        valid: args.valid.or_else(|| of.map(|of| of.as_of.valid)).unwrap_or(today),
        judged_on: today,
        known: Some(folded.last),
    };
    begun_by(&folded.reference, &query)?;
    let tallies = tally(&folded.reference, &folded.facts, &query).map_err(Failure::usage)?;
    if let Some(given) = &given {
        return given.compare(&tallies);
    }
    let json = serde_json::to_value(&tallies).context("failed to write the tallies")?;
    eprintln!("folded {} records, judged on {today}", folded.last);
    let sheet = if args.cells { cells(&json) } else { measures(&json) };
    sheet.print(args.output, || json)?;
    Ok(())
}

/// What the command line says, else the file, else what is usual.
fn asked<K: FromStr + Clone>(said: Option<K>, in_file: Option<&K>, usual: &str) -> Result<K, Failure> {
    let found = said.or_else(|| in_file.cloned()).or_else(|| usual.parse().ok());
    found.ok_or_else(|| Failure::usage(format!("`{usual}` cannot be asked for")))
}

/// Before a period there is nothing to count.
fn begun_by(reference: &Reference, query: &TallyQuery) -> Result<(), Failure> {
    let first_day = reference.period(&query.programme, &query.period).map(|period| period.first_day);
    match first_day.filter(|first_day| query.valid < *first_day) {
        Some(first_day) => {
            Err(Failure::usage(format!("the period begins on {first_day}, after --valid {}", query.valid)))
        }
        None => Ok(()),
    }
}

async fn fold(journal: &SharedJournal, known: Option<Position>) -> Result<Folded, Failure> {
    let tip = journal.tip().await.context("failed to ask the journal for its last position")?;
    let until = match known {
        Some(Position::START) => return Err(Failure::usage("the ledger had not begun at position 0")),
        Some(known) if known > tip => {
            return Err(Failure::usage(format!("the ledger has no position {known}; its last is {tip}")));
        }
        known => known.unwrap_or(tip),
    };
    fold_up_to(journal, until).await.map_err(Failure::from)
}

async fn fold_up_to(journal: &SharedJournal, until: Position) -> anyhow::Result<Folded> {
    let mut folded = Folded {
        reference: Reference::default(),
        facts: Facts::default(),
        last: Position::START,
        latest: Timestamp(i64::MIN),
    };
    let bar = progress("folding", Some(until.0));
    while folded.last < until {
        let batch = journal.read(folded.last, READ_BATCH, &[]).await.context("failed to read the journal")?;
        anyhow::ensure!(!batch.is_empty(), "the journal ends at position {}, before its last, {until}", folded.last);
        for stored in batch.into_iter().take_while(|stored| stored.position <= until) {
            let position = stored.position;
            anyhow::ensure!(position == folded.last.next(), "position {} is missing", folded.last.next());
            let record = wire::decode(&stored.body)
                .with_context(|| format!("the record at position {position} cannot be read"))?;
            for event in &record.events {
                folded.reference.apply(position, event);
                folded.facts.fold(position, record.stream, event);
            }
            folded.last = position;
            folded.latest = folded.latest.max(record.recorded_at);
        }
        bar.set_position(folded.last.0);
    }
    bar.finish_and_clear();
    anyhow::ensure!(folded.last > Position::START, "the ledger is empty");
    Ok(folded)
}

/// Tallies that somebody has kept.
struct Given<'a> {
    file: &'a Path,
    of: Of,
}

/// What they are of.
#[derive(Deserialize)]
struct Of {
    programme: ProgrammeKey,
    period: PeriodKey,
    judged_on: LocalDate,
    as_of: AsOf,
    measures: Vec<Value>,
}

#[derive(Deserialize)]
struct AsOf {
    valid: LocalDate,
    known_position: Position,
}

impl<'a> Given<'a> {
    fn read(file: &'a Path) -> Result<Self, Failure> {
        let read = serde_json::from_slice(&read_file(file)?);
        let why = || format!("{} holds no tallies as `socai tally --output json` prints them", file.display());
        let of = read.with_context(why).map_err(Failure::usage_of)?;
        Ok(Self { file, of })
    }

    /// Figures only: names, order and positions too, but not `as_of` and whatever a node adds to an answer.
    fn compare(&self, tallies: &PeriodTally) -> Result<(), Failure> {
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
