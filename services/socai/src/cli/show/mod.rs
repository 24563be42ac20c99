//! `socai show`: lists, single cases, the trail, and the records behind a number, from a running node, as of a day and a position.

mod args;
mod lists;
mod named;
mod number;
mod single;

use serde_json::Value;

pub(crate) use self::args::ShowWhat;
use self::args::{Asking, ListArgs, OnDay, Rows, UpTo};
use super::{
    args::Output,
    client::Client,
    exit::Failure,
    output::Sheet,
    tally::{list, text},
    units::Moment,
};

pub(super) async fn show(what: ShowWhat) -> Result<(), Failure> {
    match what {
        ShowWhat::Records(args) => number::records(args).await,
        ShowWhat::Trail(args) => lists::trail(args).await,
        ShowWhat::Organisations(args) => lists::organisations(args).await,
        ShowWhat::Organisation(args) => single::case("organisations", args).await,
        ShowWhat::Admission(args) => single::case("admissions", args).await,
        ShowWhat::Batch(args) => single::case("batches", args).await,
        ShowWhat::Committees(args) => lists::committees(args).await,
        ShowWhat::Lineage(args) => single::lineage(args).await,
        ShowWhat::Programmes(args) => lists::programmes(args).await,
        ShowWhat::Publications(args) => lists::publications(args).await,
        ShowWhat::Publication(args) => single::publication(args).await,
        ShowWhat::Queries(args) => lists::queries(args).await,
        ShowWhat::Grants(args) => lists::grants(args).await,
    }
}

impl UpTo {
    fn moment(&self, day: Option<&OnDay>) -> Moment {
        let valid = day.and_then(|day| day.valid).map(|day| ("valid", day.to_string()));
        let known = self.known.clone().map(|known| ("known", known));
        valid.into_iter().chain(known).collect()
    }
}

impl ListArgs {
    fn moment(&self) -> Moment {
        self.up_to.moment(Some(&self.day))
    }
}

impl Rows {
    fn most(&self) -> Option<usize> {
        self.limit.and_then(|limit| limit.try_into().ok())
    }
}

/// Prints an answer: as a table with a line above that says as of when it is.
async fn print(client: &Client, asking: &Asking, answer: Value, as_of: String, sheet: Sheet) -> Result<(), Failure> {
    if asking.output == Output::Table {
        // The first record says whether the ledger is a demonstration.
        let opened = client.json(client.get("/v1/records/1")).await?;
        if list(&opened["events"]).any(|event| event["body"]["ledger_opened"]["demonstration"] == true) {
            println!("SỐ LIỆU MINH HỌA · demonstration figures");
        }
        println!("{as_of}");
    }
    if answer.get("next_after").is_some_and(|next| !next.is_null()) {
        eprintln!("these are the first {}; there are more without --limit", sheet.rows.len());
    }
    Ok(sheet.print(asking.output, || answer)?)
}

/// As of when an answer is, and whether the same question gets the same answer for ever.
fn as_of(answer: &Value) -> String {
    let of = answer.get("as_of").unwrap_or(answer);
    let known = if of["known_position"].is_null() { &of["known"] } else { &of["known_position"] };
    let valid = Some(text(&of["valid"])).filter(|day| !day.is_empty()).map(|day| format!("valid {day}"));
    let settled =
        of["settled"].as_bool().map(|settled| if settled { "settled" } else { "may still change" }.to_owned());
    let parts = valid.into_iter().chain([format!("known {}", text(known))]).chain(settled);
    parts.collect::<Vec<_>>().join(" · ")
}

/// `12-QĐ/QU, 2022-12-30`.
fn document(of: &Value) -> String {
    if of.is_null() {
        return String::new();
    }
    format!("{}-{}, {}", text(&of["number"]), text(&of["symbol"]), text(&of["date"]))
}

fn yes(value: &Value) -> String {
    if value == true { "yes" } else { "" }.to_owned()
}
