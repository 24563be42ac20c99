//! `socai replay`: folds the whole history again, straight from the journal, with nothing but the pure domain; prints or compares.

mod given;

use std::str::FromStr;

use anyhow::Context;
use domain::{
    Kind, LocalDate, PeriodKey, Position, ProgrammeKey, Reference, Timestamp,
    fold::{Facts, Lens, TallyQuery, tally},
    period::{Closing, CutOff},
};
use journal::SharedJournal;
use portal::{Known, NotKnown};

use self::given::Given;
use crate::{
    cli::{Failure, ReplayArgs, cells, measures, progress},
    node::open_to_read,
    settings::Settings,
};

const READ_BATCH: usize = 4_096;

/// What the history comes to.
#[derive(Default)]
struct Folded {
    reference: Reference,
    facts: Facts,
    last: Position,
    /// Running maximum of the records' times; none before the first.
    latest: Option<Timestamp>,
}

pub(crate) async fn replay(args: ReplayArgs) -> Result<(), Failure> {
    let settings = Settings::read(args.node.config.as_ref(), &args.node).map_err(Failure::usage_of)?;
    let given = args.compare.as_deref().map(Given::read).transpose()?;
    let of = given.as_ref().map(|given| &given.of);
    let programme = asked(args.programme, of.map(|of| &of.programme), "nq28")?;
    let period = asked(args.period, of.map(|of| &of.period), "2022")?;
    let known = args.known.as_deref().map(|text| known_of(text, (&programme, &period))).transpose()?;
    let journal = open_to_read(&settings).await?;
    let in_file = || of.map(|of| Known::At(of.as_of.known_position));
    let until = Until { known: known.or_else(in_file).unwrap_or(Known::Now), of: (&programme, &period) };
    let folded = fold(&journal, until).await?;
    let mut judging = until.judging(&folded)?;
    if let Some(of) = of.filter(|_| known.is_none()) {
        // What a node answers is judged on its own day, which may come after the last record.
        judging.on = of.judged_on;
    }
    let opened = folded.reference.period(&programme, &period);
    if let (Some(opened), Some(valid)) = (opened, args.valid)
        && valid < opened.first_day
    {
        return Err(Failure::usage(format!("the period begins on {}, after --valid {valid}", opened.first_day)));
    }
    let valid = args.valid.or_else(|| of.map(|of| of.as_of.valid)).unwrap_or(judging.valid);
    let query = TallyQuery {
        // As a node does, also for a period that has not begun.
        valid: opened.map_or(valid, |opened| opened.nearest(valid)),
        judged_on: judging.on,
        known: Some(folded.last),
        programme: programme.clone(),
        period: period.clone(),
    };
    let mut tallies = tally(&folded.reference, &folded.facts, &query).map_err(Failure::usage)?;
    tallies.as_of.lens = judging.lens;
    if let Some(given) = &given {
        return given.compare(&tallies);
    }
    let json = serde_json::to_value(&tallies).context("failed to write the tallies")?;
    eprintln!("folded {} records, judged on {}", folded.last, judging.on);
    let sheet = if args.cells { cells(&json) } else { measures(&json) };
    sheet.print(args.output, || json)?;
    Ok(())
}

/// What the command line says, else the file, else what is usual.
fn asked<K: FromStr + Clone>(said: Option<K>, in_file: Option<&K>, usual: &str) -> Result<K, Failure> {
    let found = said.or_else(|| in_file.cloned()).or_else(|| usual.parse().ok());
    found.ok_or_else(|| Failure::usage(format!("`{usual}` cannot be asked for")))
}

/// A moment of this period, as a node takes it.
fn known_of(text: &str, (programme, period): (&ProgrammeKey, &PeriodKey)) -> Result<Known, Failure> {
    Known::in_period(text, programme, period).map_err(|why| {
        Failure::usage(match why {
            NotKnown::Unreadable => format!(
                "--known {text}: give a position, an instant such as 2023-01-03T06:00:00Z, closing-1 or cut-off-1, also as \
                 {programme}/{period}/closing-1"
            ),
            NotKnown::OfAnother => format!("--known {text} is of another period; {programme}/{period} is asked about"),
        })
    })
}

/// Up to where the history is folded.
#[derive(Clone, Copy)]
struct Until<'a> {
    known: Known,
    /// The period whose closings and cut-offs are meant.
    of: (&'a ProgrammeKey, &'a PeriodKey),
}

/// By which day targets are due, and up to which day is counted unless something else is asked for.
struct Judging {
    on: LocalDate,
    valid: LocalDate,
    lens: Lens,
}

impl Until<'_> {
    /// Whether a record recorded by then, as the running maximum says, is not known yet.
    fn ends_before(&self, position: Position, latest: Timestamp) -> bool {
        match self.known {
            Known::At(until) => position > until,
            Known::AtTime(at) => latest > at,
            Known::Now | Known::Closing(_) | Known::CutOff(_) => false,
        }
    }

    /// Whether what was folded ends with the closing or the cut-off that is meant.
    fn ends_with(&self, folded: &Folded) -> bool {
        self.closing(folded).is_some() || self.cut_off(folded).is_some()
    }

    fn closing(&self, folded: &Folded) -> Option<Closing> {
        let Known::Closing(number) = self.known else { return None };
        let period = folded.reference.period(self.of.0, self.of.1)?;
        period.standing.closings().iter().find(|closing| closing.number == number).copied()
    }

    fn cut_off(&self, folded: &Folded) -> Option<CutOff> {
        let Known::CutOff(number) = self.known else { return None };
        let period = folded.reference.period(self.of.0, self.of.1)?;
        period.standing.cut_offs().iter().find(|cut_off| cut_off.number == number).copied()
    }

    /// As a node judges it.
    fn judging(&self, folded: &Folded) -> Result<Judging, Failure> {
        let (programme, period) = self.of;
        let never = |what: &str| {
            Failure::usage(format!("{programme}/{period} has no {what}; `socai show programmes` lists them"))
        };
        let began = || Failure::usage("the ledger had not begun at that moment, or is empty");
        let day = folded.latest.ok_or_else(began)?.local_date();
        let as_known = |on, valid| Judging { on, valid, lens: Lens::AsKnown };
        Ok(match self.known {
            Known::Closing(number) => {
                let closing = self.closing(folded).ok_or_else(|| never(&format!("closing-{number}")))?;
                Judging { on: closing.closed_on, valid: day, lens: Lens::AsReported }
            }
            Known::CutOff(number) => {
                let cut_off = self.cut_off(folded).ok_or_else(|| never(&format!("cut-off-{number}")))?;
                as_known(cut_off.cut_off_on, cut_off.valid)
            }
            Known::AtTime(at) => as_known(at.local_date(), at.local_date()),
            Known::At(position) if position > folded.last => {
                let last = folded.last;
                return Err(Failure::usage(format!("the ledger has no position {position} yet; its last is {last}")));
            }
            Known::At(_) | Known::Now => as_known(day, day),
        })
    }
}

async fn fold(journal: &SharedJournal, until: Until<'_>) -> anyhow::Result<Folded> {
    let tip = journal.tip().await.context("failed to ask the journal for its last position")?;
    let mut folded = Folded::default();
    let bar = progress("folding", Some(tip.0));
    while folded.last < tip {
        let batch = journal.read(folded.last, READ_BATCH, &[]).await.context("failed to read the journal")?;
        anyhow::ensure!(!batch.is_empty(), "the journal ends at position {}, before its last, {tip}", folded.last);
        for stored in batch.into_iter().take_while(|stored| stored.position <= tip) {
            let position = stored.position;
            anyhow::ensure!(position == folded.last.next(), "position {} is missing", folded.last.next());
            let record = wire::decode(&stored.body)
                .with_context(|| format!("the record at position {position} cannot be read"))?;
            let latest = folded.latest.map_or(record.recorded_at, |latest| latest.max(record.recorded_at));
            if until.ends_before(position, latest) {
                bar.finish_and_clear();
                return Ok(folded);
            }
            for event in &record.events {
                folded.reference.apply(position, event);
                folded.facts.fold(position, record.stream, event);
            }
            (folded.last, folded.latest) = (position, Some(latest));
            if record.stream.kind == Kind::Period && until.ends_with(&folded) {
                bar.finish_and_clear();
                return Ok(folded);
            }
        }
        bar.set_position(folded.last.0);
    }
    bar.finish_and_clear();
    Ok(folded)
}
