//! `socai structure import`: a crosswalk becomes commands, in order, each recorded once however often the import is run.

use std::collections::BTreeSet;

use anyhow::Context;
use domain::{
    NAMESPACE,
    structure::{
        ChangeStructure,
        crosswalk::{BadRow, Crosswalk, Plan, PlannedStep, Row, missing_lines},
    },
};
use kit::{Problem, Receipt};
use uuid::Uuid;

use super::{
    decided::{Commanded, commands, would_be_recorded},
    file, known, shown,
};
use crate::cli::{
    args::{ImportArgs, Output},
    client::Client,
    exit::{Exit, Failure},
    tally::rows_as_json,
};

pub(in crate::cli) async fn import(args: ImportArgs) -> Result<(), Failure> {
    let rows = file::read(&args.file).map_err(Failure::usage_of)?;
    let set_aside: BTreeSet<u64> = args.set_aside.iter().copied().collect();
    has_something_to_import(&rows, &set_aside)?;
    let client = Client::new(&args.server)?;
    let known = known::reference(&client, None).await?;
    let (from, structure) = (args.from, &known.structure);
    let crosswalk = Crosswalk { from, structure, line: args.line, led_by: args.led_by, set_aside: &set_aside };
    let plan = crosswalk.plan(&rows).map_err(|bad| refused(&bad, &crosswalk.lines_to_set_aside(&rows, &bad), &rows))?;
    tell(&plan);
    let commands = commands(&plan, &args.document.0)?;
    would_be_recorded(&commands, known.clone())?;
    let sheet = shown::sheet(&plan.steps, structure, from);
    if !(plan.steps.is_empty() && matches!(args.output, Output::Table)) {
        sheet.print(args.output, || rows_as_json(&sheet))?;
    }
    match (commands.len(), args.yes) {
        (0, _) => eprintln!("All that the list says is recorded already; there is nothing to record."),
        (_, true) => record_all(&client, &commands).await?,
        (records, false) => {
            let steps = plan.steps.len();
            eprintln!("{steps} steps in {records} records. Nothing is recorded yet; add --yes to record them.");
        }
    }
    Ok(())
}

fn has_something_to_import(rows: &[Row], set_aside: &BTreeSet<u64>) -> Result<(), Failure> {
    let missing = missing_lines(rows, set_aside);
    if !missing.is_empty() {
        return Err(Failure::usage(format!("no row stands on the lines {missing:?} that are to be set aside")));
    }
    if rows.is_empty() {
        return Err(Failure::usage("there is nothing to import: the file has a header and no rows"));
    }
    if rows.iter().all(|row| set_aside.contains(&row.line)) {
        return Err(Failure::usage("there is nothing to import: all rows are set aside"));
    }
    Ok(())
}

/// What was read otherwise than it is written, whom nobody is above, and what needs no step.
fn tell(plan: &Plan) {
    for note in &plan.notes {
        eprintln!("line {}: {note}", note.line);
    }
    for orphan in &plan.orphans {
        eprintln!("line {}: {orphan}", orphan.line);
    }
    if !plan.recorded.is_empty() {
        eprintln!("recorded already, and left as it is: {}", lines_of(&plan.recorded));
    }
}

/// Lines that follow each other as “2–101”.
fn lines_of(lines: &BTreeSet<u64>) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *line => *last = *line,
            _ => runs.push((*line, *line)),
        }
    }
    let told =
        runs.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}–{last}") });
    format!("lines {}", told.collect::<Vec<_>>().join(", "))
}

/// Records it in order, until something has come in between that stands in the way.
async fn record_all(client: &Client, commands: &[Commanded<'_>]) -> Result<(), Failure> {
    for (number, Commanded { command, steps }) in commands.iter().enumerate() {
        let recorded = record(client, command).await?;
        let receipt = recorded.map_err(|problem| refused_at_its_line(problem, steps))?;
        let again = if receipt.replayed { " (was recorded before)" } else { "" };
        eprintln!("record {} of {}: position {}{again}", number + 1, commands.len(), receipt.position);
    }
    Ok(())
}

/// One record; a refusal is an answer. Its key is made of all that it says, so that one whose outcome was unknown meets itself.
async fn record(client: &Client, command: &ChangeStructure) -> Result<Result<Receipt, Problem>, Failure> {
    let body = serde_json::to_string(command).context("failed to write the command")?;
    let key = Uuid::new_v5(&NAMESPACE, format!("structure import\n{body}").as_bytes());
    let request = client
        .post("/v1/commands/change-structure")
        .header("idempotency-key", format!("\"{key}\""))
        .header("content-type", "application/json")
        .body(body);
    match client.try_send(request).await? {
        Ok(response) => Ok(Ok(response.json().await.context("the node's receipt cannot be read")?)),
        Err(problem) if matches!(problem.status, 409 | 422) => Ok(Err(problem)),
        // The outcome may be unknown: nothing else is tried.
        Err(problem) => Err(problem.into()),
    }
}

/// The problem, with the line of the file whose step it names.
pub(super) fn refused_at_its_line(problem: Problem, steps: &[PlannedStep]) -> Failure {
    let step = |pointer: &str| pointer.strip_prefix("/changes/")?.split('/').next()?.parse::<usize>().ok();
    let line = problem.errors.iter().find_map(|error| Some(steps.get(step(&error.pointer)?)?.line));
    let Failure { exit, why } = Failure::from(problem);
    match line {
        Some(line) => Failure::new(exit, why.context(format!("line {line} cannot be recorded"))),
        None => Failure::new(exit, why),
    }
}

fn refused(bad: &[BadRow], aside: &BTreeSet<u64>, rows: &[Row]) -> Failure {
    let lines: BTreeSet<u64> = bad.iter().map(|bad| bad.line).collect();
    let told: Vec<_> = bad.iter().map(|bad| format!("line {}: {}", bad.line, bad.fault)).collect();
    let leave_out = if aside.len() == rows.len() {
        "Correct them".to_owned()
    } else {
        let aside: Vec<_> = aside.iter().map(u64::to_string).collect();
        format!("Correct them, or leave them out with --set-aside {}", aside.join(","))
    };
    let why =
        anyhow::anyhow!("nothing is imported, {} rows cannot be:\n{}\n{leave_out}", lines.len(), told.join("\n"),);
    Failure::new(Exit::Refused, why)
}
