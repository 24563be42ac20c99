//! `socai tally`: the results of a period, from a running node.

use serde_json::{Value, json};

use super::{
    args::{Output, TallyArgs},
    client::Client,
    columns::Columns,
    exit::Failure,
    output::Sheet,
};

pub(super) async fn tally(args: TallyArgs) -> Result<(), Failure> {
    let client = Client::new(&args.server)?;
    let TallyArgs { programme, period, valid, known, lens, to, key, .. } = &args;
    let columns = Columns::asked(&args);
    if lens.as_deref() == Some("restated") {
        if columns.any() {
            return Err(Failure::usage_of(anyhow::anyhow!(
                "--since, --last-year and --first-plan are of the units of then, and do not go with --lens restated"
            )));
        }
        let restated = client.restated((programme, period), *valid, known.as_deref(), *to, key.as_deref()).await?;
        if args.output == Output::Table {
            restated_headline(&restated);
        }
        return Ok(restated_cells(&restated).print(args.output, || restated)?);
    }
    if to.is_some() || key.is_some() {
        return Err(Failure::usage_of(anyhow::anyhow!(
            "--to and --key are of the units of another day: add --lens restated"
        )));
    }
    let tallies = client.tallies((programme, period), *valid, known.as_deref(), lens.as_deref(), &asked(&args)).await?;
    let mut sheet = if args.cells { cells(&tallies) } else { measures(&tallies) };
    let rows = list(&tallies["measures"]);
    match args.cells {
        true => columns.add(&mut sheet, rows.flat_map(|measure| list(&measure["cells"]))),
        false => columns.add(&mut sheet, rows),
    }
    if args.output == Output::Table {
        headline(&tallies);
    }
    sheet.print(args.output, || tallies)?;
    Ok(())
}

/// What stands under the units of another day.
fn restated_headline(restated: &Value) {
    if restated["demonstration"] == true {
        println!("SỐ LIỆU MINH HỌA · demonstration figures");
    }
    let as_of = &restated["as_of"];
    println!(
        "{} {} · restated to the units of {} · valid {} · known {}",
        text(&restated["programme"]),
        text(&restated["period"]),
        text(&restated["restated_to"]),
        text(&as_of["valid"]),
        text(&as_of["known_position"])
    );
    println!("{}: targets were given to the units of then", text(&restated["plan"]));
}

/// A line a unit and measure: what was placed, what was not, and the whole.
fn restated_cells(restated: &Value) -> Sheet {
    let mut rows = Vec::new();
    for measure in list(&restated["measures"]) {
        for (kind, cells) in [
            ("placed", &measure["cells"]),
            ("estimated", &measure["estimated"]),
            ("unallocated", &measure["unallocated"]),
        ] {
            for cell in list(cells) {
                let parts = [&measure["measure"], &cell["code"], &cell["name"], &cell["actual"]];
                rows.push(parts.into_iter().map(text).chain([kind.to_owned()]).collect());
            }
        }
        let whole =
            [text(&measure["measure"]), String::new(), "total".to_owned(), text(&measure["total"]), String::new()];
        rows.push(whole.to_vec());
    }
    Sheet { headings: vec!["measure", "code", "committee", "actual", ""], rows }
}

/// The columns that the node has to be asked for.
fn asked(args: &TallyArgs) -> Vec<(&'static str, String)> {
    let since = args.since.map(|day| ("since", day.to_string()));
    since.into_iter().chain(args.last_year.then(|| ("compare", "last-year".to_owned()))).collect()
}

/// Of which tallies the figures are.
pub(super) fn headline(tallies: &Value) {
    if tallies["demonstration"] == true {
        println!("SỐ LIỆU MINH HỌA · demonstration figures");
    }
    let as_of = &tallies["as_of"];
    let (valid, known) = (text(&as_of["valid"]), text(&as_of["known_position"]));
    println!(
        "{} {} · {} · valid {valid} · known {known} · judged on {}",
        text(&tallies["programme"]),
        text(&tallies["period"]),
        text(&as_of["lens"]),
        text(&tallies["judged_on"])
    );
    match &tallies["closing"] {
        Value::Null if !tallies["reopened"].is_null() => {
            let (closing, until) = (&tallies["reopened"]["closing"], text(&tallies["reopened"]["until"]));
            println!("provisional: reopened until {until}; --known closing-{closing} shows what was reported");
        }
        Value::Null => println!("provisional: the period is not closed"),
        closing => println!("closed by closing {} on {}", closing["number"], text(&closing["closed_on"])),
    }
    let last_year = &tallies["last_year"];
    if !last_year.is_null() {
        let (period, valid) = (text(&last_year["period"]), text(&last_year["valid"]));
        let then = text(&last_year["as_known_then"]["position"]);
        let then = if then.is_empty() { "nothing known then".to_owned() } else { format!("known then {then}") };
        println!("last year: {period} · valid {valid} · {then}");
        for day in list(&last_year["structure_changed_on"]) {
            println!("the structure changed on {}: some rows are not of the same units as last year", text(day));
        }
    }
    for measure in list(&tallies["known_since"]["measures"]) {
        let (name, actual, plan) = (text(&measure["measure"]), &measure["actual"], &measure["plan"]);
        let total = if measure["total"] == *actual { String::new() } else { format!(" ({} in all)", measure["total"]) };
        println!("known since: {name} {actual}/{plan}{total}; --lens as-known shows all");
    }
}

/// A line a measure.
pub(crate) fn measures(tallies: &Value) -> Sheet {
    let rows = list(&tallies["measures"]).map(|measure| {
        let units = &measure["units"];
        [
            &measure["measure"],
            &measure["actual"],
            &measure["plan"],
            &measure["percent"],
            &measure["outside_plan"],
            &measure["total"],
            &units["met"],
            &units["with_plan"],
            &units["exceeded"],
            &units["missed"],
            &units["not_due"],
            &units["not_reported"],
        ]
        .into_iter()
        .map(text)
        .collect()
    });
    Sheet {
        headings: vec![
            "measure",
            "actual",
            "plan",
            "%",
            "outside plan",
            "total",
            "met",
            "of",
            "exceeded",
            "missed",
            "not due",
            "not reported",
        ],
        rows: rows.collect(),
    }
}

/// A line a cell.
pub(crate) fn cells(tallies: &Value) -> Sheet {
    let mut rows = Vec::new();
    for measure in list(&tallies["measures"]) {
        for cell in list(&measure["cells"]) {
            let parts = [
                &measure["measure"],
                &cell["code"],
                &cell["name"],
                &cell["actual"],
                &cell["plan"],
                &cell["status"],
                &cell["position"],
            ];
            rows.push(parts.into_iter().map(text).chain([reported(cell)]).collect());
        }
    }
    Sheet { headings: vec!["measure", "code", "committee", "actual", "plan", "status", "position", "reported"], rows }
}

/// Whether a unit has reported for what it owes; a number of records that came after its report as `+2`, and what a nil report does not say as
/// `but 5 recorded`.
fn reported(cell: &Value) -> String {
    let report = &cell["report"];
    let nil = if report["nil"] == true { "nil" } else { "yes" };
    let but = report["contradicted_by"].as_i64().map_or_else(String::new, |n| format!(", but {n} recorded"));
    match report["outdated_by"].as_u64() {
        Some(0) => format!("{nil}{but}"),
        Some(later) => format!("{nil} +{later}{but}"),
        None if cell["plan"].is_null() => String::new(),
        None if cell["reported"] == true => "yes".to_owned(),
        None => "no".to_owned(),
    }
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// For the table of roles and others that have no answer of a node behind them.
pub(super) fn rows_as_json(sheet: &Sheet) -> Value {
    let object = |row: &Vec<String>| {
        Value::Object(sheet.headings.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), json!(cell))).collect())
    };
    Value::Array(sheet.rows.iter().map(object).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_told_with_what_came_after_it_and_a_nil_one_with_what_it_leaves_out() {
        let cell = |report: Value| reported(&json!({ "plan": 3, "reported": true, "report": report }));
        assert_eq!(cell(json!({ "nil": false, "outdated_by": 0 })), "yes");
        assert_eq!(cell(json!({ "nil": false, "outdated_by": 2 })), "yes +2");
        assert_eq!(cell(json!({ "nil": true, "outdated_by": 0 })), "nil");
        assert_eq!(cell(json!({ "nil": true, "outdated_by": 0, "contradicted_by": 5 })), "nil, but 5 recorded");
        assert_eq!(cell(json!({ "nil": true, "outdated_by": 1, "contradicted_by": 5 })), "nil +1, but 5 recorded");
        assert_eq!(cell(Value::Null), "yes");
    }
}
