//! `socai check-claims`: what a text claims, against its own arithmetic and against the tallies of a node.

use std::{collections::BTreeSet, path::Path};

use anyhow::{Context, anyhow};
use domain::{
    LocalDate,
    claims::{Claim, Finding, Judged, Ledger, Unread, judge, read},
    fold::PeriodTally,
    text::normalise,
    vi::text_of,
};
use serde_json::{Value, json};

use super::{
    args::{CheckClaimsArgs, Output},
    client::Client,
    exit::{Exit, Failure},
    files::read_all,
    output::Sheet,
    tally::headline,
};

/// A longer text is no article and no report.
const TEXT_MAX_BYTES: usize = 256 * 1024;

pub(super) async fn check_claims(args: CheckClaimsArgs) -> Result<(), Failure> {
    let text = read_text(&args.file)?;
    let reading = read(&text);
    let tallies = if args.offline { None } else { Some(ask(&args).await?) };
    let ledger = tallies.as_ref().map(figures).transpose()?;
    let judged = judge(reading.claims, ledger.as_ref());
    let elsewhere = Elsewhere::of(&judged, ledger.as_ref());
    if let Some(tallies) = tallies.as_ref().filter(|_| args.output == Output::Table) {
        headline(tallies);
    }
    let answer = || {
        let tallies = tallies.as_ref();
        json!({
            "demonstration": tallies.map(|tallies| &tallies["demonstration"]),
            "as_of": tallies.map(|tallies| &tallies["as_of"]),
            "claims": judged,
            "unread": reading.unread,
        })
    };
    sheet(&text, &judged, &reading.unread).print(args.output, answer)?;
    if !reading.unread.is_empty() {
        eprintln!("{} figures are not read", reading.unread.len());
    }
    elsewhere.tell();
    ending(&args.file, &judged, &elsewhere)
}

/// Claims of another time than was asked about: they were compared with nothing.
#[derive(Default)]
struct Elsewhere {
    n: usize,
    /// The years that they name, other than the one asked about.
    years: BTreeSet<i16>,
    /// The days up to which they count, of the year asked about.
    days: BTreeSet<LocalDate>,
}

impl Elsewhere {
    fn of(judged: &[Judged], ledger: Option<&Ledger>) -> Self {
        let mut elsewhere = Self::default();
        let Some(ledger) = ledger else { return elsewhere };
        for said in judged.iter().map(|judged| &judged.claim.period).filter(|said| !ledger.is_of(said)) {
            elsewhere.n += 1;
            let year = said.year.or_else(|| said.until.map(LocalDate::year));
            elsewhere.years.extend(year.filter(|year| Some(*year) != ledger.year));
            elsewhere.days.extend(said.until.filter(|day| ledger.year.is_none_or(|year| year == day.year())));
        }
        elsewhere
    }

    /// What to ask instead.
    fn tell(&self) {
        if self.n == 0 {
            return;
        }
        let years = self.years.iter().map(|year| format!("of {year}: ask with --period {year}"));
        let days = self.days.iter().map(|day| format!("up to {day}: ask with --valid {day}"));
        let named: Vec<_> = years.chain(days).collect();
        let named = if named.is_empty() { "such as a quarter, or several years".to_owned() } else { named.join("; ") };
        eprintln!("claims of another time than was asked about, compared with nothing: {} ({named})", self.n);
    }
}

fn read_text(file: &Path) -> Result<String, Failure> {
    let bytes = read_all(file)?;
    if bytes.len() > TEXT_MAX_BYTES {
        let why = anyhow!("{} has {} bytes; a text may have {TEXT_MAX_BYTES}", file.display(), bytes.len());
        return Err(why.into());
    }
    let text = text_of(&bytes).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(text.to_owned())
}

async fn ask(args: &CheckClaimsArgs) -> Result<Value, Failure> {
    let client = Client::new(&args.server)?;
    let asked = client.tallies((&args.programme, &args.period), args.valid, args.known.as_deref(), None, &[]).await;
    asked.map_err(|failure| match failure.exit {
        Exit::Unavailable => Failure {
            why: failure.why.context("no tallies to compare with; --offline checks the arithmetic only"),
            ..failure
        },
        _ => failure,
    })
}

fn figures(tallies: &Value) -> anyhow::Result<Ledger> {
    let tally: PeriodTally = serde_json::from_value(tallies.clone()).context("the node's tallies cannot be read")?;
    Ok(Ledger::from(&tally))
}

/// A line a claim, and a line for each figure that is not read, in the order of the text.
fn sheet(text: &str, judged: &[Judged], unread: &[Unread]) -> Sheet {
    let claims = judged.iter().map(|Judged { claim, arithmetic, ledger }| {
        let about = about(claim);
        let ledger = ledger.as_ref().map(said).unwrap_or_default();
        (
            claim.span.start,
            [one_line(&text[claim.span.clone()]), about, said(arithmetic), ledger, one_line(&claim.sentence)],
        )
    });
    let unread = unread.iter().map(|unread| {
        let cells = [one_line(&unread.text), String::new(), format!("not read: {}", unread.why), String::new()];
        let [figure, about, why, ledger] = cells;
        (unread.span.start, [figure, about, why, ledger, one_line(&unread.sentence)])
    });
    let mut rows: Vec<_> = claims.chain(unread).collect();
    rows.sort_by_key(|(start, _)| *start);
    let headings = vec!["claim", "about", "arithmetic", "ledger", "sentence"];
    Sheet { headings, rows: rows.into_iter().map(|(_, row)| row.to_vec()).collect() }
}

/// The measure, and the unit and the time where words name one: `party_member · Huyện Tiên Lãng · 2021`.
fn about(claim: &Claim) -> String {
    let part = claim.period.part.then(|| "part of a year".to_owned());
    let several = claim.period.several.then(|| "several years".to_owned());
    let until = claim.period.until.map(|until| format!("up to {until}"));
    let narrowed = claim.narrowed.as_ref().map(|narrowed| format!("“{}”", one_line(&narrowed.said)));
    let topic = claim.topic.map(|topic| topic.key().to_owned());
    let year = claim.period.year.map(|year| year.to_string());
    let words = [topic, claim.unit.clone(), narrowed, year, part, several, until];
    words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn said(finding: &Finding) -> String {
    match finding.detail() {
        detail if detail.is_empty() => finding.word().to_owned(),
        detail => format!("{}: {detail}", finding.word()),
    }
}

fn one_line(text: &str) -> String {
    normalise(text).into_owned()
}

/// What a script is told: 6 when a claim is wrong, 1 when there was none to check, or none of the time asked about.
fn ending(file: &Path, judged: &[Judged], elsewhere: &Elsewhere) -> Result<(), Failure> {
    if judged.is_empty() {
        return Err(anyhow::anyhow!("no claims are found in {}", file.display()).into());
    }
    match judged.iter().filter(|judged| judged.is_wrong()).count() {
        0 if elsewhere.n == judged.len() => {
            Err(anyhow!("no claim in {} is of the time that was asked about", file.display()).into())
        }
        0 => Ok(()),
        wrong => {
            let why = anyhow::anyhow!("{wrong} of {} claims cannot follow or differ", judged.len());
            Err(Failure::new(Exit::Verification, why))
        }
    }
}
