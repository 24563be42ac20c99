//! `socai structure import`: a crosswalk becomes commands, in order, each recorded once however often the import is run.

use std::collections::BTreeSet;

use anyhow::Context;
use domain::{
    Document, LocalDate, NAMESPACE, UnitKind,
    structure::{
        CHANGES_MAX, ChangeStructure,
        crosswalk::{BadRow, Crosswalk, KnownUnit, Plan, PlannedStep, missing_lines},
    },
};
use kit::{Problem, Receipt};
use serde_json::Value;
use uuid::Uuid;

use super::{file, shown};
use crate::cli::{
    args::ImportArgs,
    client::Client,
    exit::{Exit, Failure},
    tally::rows_as_json,
};

/// Units of one page of the node's list.
const PAGE: usize = 200;

pub(in crate::cli) async fn import(args: ImportArgs) -> Result<(), Failure> {
    let rows = file::read(&args.file).map_err(Failure::usage_of)?;
    let set_aside: BTreeSet<u64> = args.set_aside.iter().copied().collect();
    let missing = missing_lines(&rows, &set_aside);
    if !missing.is_empty() {
        return Err(Failure::usage(format!("no row stands on the lines {missing:?} that are to be set aside")));
    }
    let client = Client::new(&args.server)?;
    let known = units_on(&client, args.from.yesterday()).await?;
    let there = units_on(&client, args.from).await?;
    let crosswalk = Crosswalk { from: args.from, known: &known, there: &there, line: args.line, set_aside: &set_aside };
    let plan = crosswalk.plan(&rows).map_err(|bad| refused(&bad))?;
    for note in &plan.notes {
        eprintln!("line {}: {note}", note.line);
    }
    let sheet = shown::sheet(&plan.steps, known.iter().chain(&there));
    sheet.print(args.output, || rows_as_json(&sheet))?;
    let records = plan.steps.len().div_ceil(CHANGES_MAX);
    let counted = format!("{} steps in {records} records", plan.steps.len());
    if !args.yes {
        eprintln!("{counted}. Nothing is recorded yet; add --yes to record them.");
        return Ok(());
    }
    let Err(failure) = record_all(&client, &args.document.0, &plan).await? else { return Ok(()) };
    // The units may be there because this very list was recorded, or begun: then it is to say the same again.
    let whole = Crosswalk { there: &[], ..crosswalk }.plan(&rows).map_err(|bad| refused(&bad))?;
    if whole == plan {
        return Err(failure);
    }
    match record_all(&client, &args.document.0, &whole).await? {
        Ok(()) => Ok(()),
        Err(_) => Err(failure),
    }
}

/// Records it in order; a refusal is an answer.
async fn record_all(client: &Client, document: &Document, plan: &Plan) -> Result<Result<(), Failure>, Failure> {
    let records = plan.steps.len().div_ceil(CHANGES_MAX);
    for (number, steps) in plan.steps.chunks(CHANGES_MAX).enumerate() {
        let receipt = match record(client, document, steps).await? {
            Ok(receipt) => receipt,
            Err(problem) => return Ok(Err(at_its_line(problem, steps))),
        };
        let again = if receipt.replayed { " (was recorded before)" } else { "" };
        eprintln!("record {} of {records}: position {}{again}", number + 1, receipt.position);
    }
    Ok(Ok(()))
}

/// One record; a refusal is an answer. Its key is made of all that it says: the same list meets itself, and goes on after a cut where it stopped.
async fn record(
    client: &Client,
    document: &Document,
    steps: &[PlannedStep],
) -> Result<Result<Receipt, Problem>, Failure> {
    let changes = steps.iter().map(|step| step.change.clone()).collect();
    let command = ChangeStructure { document: document.clone(), changes };
    let body = serde_json::to_string(&command).context("failed to write the command")?;
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
fn at_its_line(problem: Problem, steps: &[PlannedStep]) -> Failure {
    let step = |pointer: &str| pointer.strip_prefix("/changes/")?.split('/').next()?.parse::<usize>().ok();
    let line = problem.errors.iter().find_map(|error| Some(steps.get(step(&error.pointer)?)?.line));
    let Failure { exit, why } = Failure::from(problem);
    match line {
        Some(line) => Failure::new(exit, why.context(format!("line {line} cannot be recorded"))),
        None => Failure::new(exit, why),
    }
}

fn refused(bad: &[BadRow]) -> Failure {
    let lines: BTreeSet<u64> = bad.iter().map(|bad| bad.line).collect();
    let told: Vec<_> = bad.iter().map(|bad| format!("line {}: {}", bad.line, bad.fault)).collect();
    let lines: Vec<_> = lines.iter().map(u64::to_string).collect();
    let why = anyhow::anyhow!(
        "nothing is imported, {} rows cannot be:\n{}\nCorrect them, or leave them out with --set-aside {}",
        lines.len(),
        told.join("\n"),
        lines.join(",")
    );
    Failure::new(Exit::Refused, why)
}

async fn units_on(client: &Client, day: LocalDate) -> Result<Vec<KnownUnit>, Failure> {
    let (mut known, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut query = vec![("limit", PAGE.to_string()), ("valid", day.to_string())];
        query.extend(after.take().map(|key| ("after", key)));
        let page = client.json(client.get("/v1/committees").query(&query)).await?;
        for item in page["committees"].as_array().into_iter().flatten() {
            known.push(known_unit(item).context("the node's list of units cannot be read")?);
        }
        match page["next_after"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return Ok(known),
        }
    }
}

fn known_unit(item: &Value) -> Option<KnownUnit> {
    Some(KnownUnit {
        unit: item["committee"].as_str()?.parse().ok()?,
        code: item["code"].as_str().map(str::to_owned),
        name: item["name"].as_str()?.to_owned(),
        kind: item["kind"].as_str()?.parse::<UnitKind>().ok()?,
    })
}
