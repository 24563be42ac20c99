//! `socai replay`: folds the whole history again, straight from the journal, with nothing but the pure domain; prints or compares.

use std::path::Path;

use anyhow::Context;
use domain::{
    Position, Reference, Timestamp,
    fold::{Facts, PeriodTally, TallyQuery, tally},
};
use journal::SharedJournal;
use serde_json::Value;

use crate::{
    cli::{Exit, Failure, ReplayArgs, cells, measures, progress},
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
    let journal = open_to_read(&settings).await?;
    let folded = fold(&journal, args.known).await?;
    let today = folded.latest.local_date();
    let query = TallyQuery {
        programme: args.programme.clone(),
        period: args.period.clone(),
        valid: args.valid.unwrap_or(today),
        judged_on: today,
        known: args.known,
    };
    let tallies = tally(&folded.reference, &folded.facts, &query).map_err(Failure::usage)?;
    if let Some(file) = &args.compare {
        return compare(&tallies, file);
    }
    let json = serde_json::to_value(&tallies).context("failed to write the tallies")?;
    eprintln!("folded {} records, judged on {today}", folded.last);
    let sheet = if args.cells { cells(&json) } else { measures(&json) };
    sheet.print(args.output, || json)?;
    Ok(())
}

async fn fold(journal: &SharedJournal, known: Option<Position>) -> anyhow::Result<Folded> {
    let tip = journal.tip().await.context("failed to ask the journal for its last position")?;
    let until = known.map_or(tip, |known| known.min(tip));
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

/// Figures only: names, order and positions too, but not `as_of` and whatever a node adds to an answer.
fn compare(tallies: &PeriodTally, file: &Path) -> Result<(), Failure> {
    let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {}", file.display()))?;
    let theirs: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    let ours = serde_json::to_value(&tallies.measures).context("failed to write the tallies")?;
    if theirs["measures"] == ours {
        println!("equal: {} measures of {} {}", tallies.measures.len(), tallies.programme, tallies.period);
        return Ok(());
    }
    for (ours, theirs) in ours.as_array().into_iter().flatten().zip(theirs["measures"].as_array().into_iter().flatten())
    {
        if ours != theirs {
            println!(
                "{} differs: replayed {}/{}, given {}/{}",
                ours["measure"], ours["actual"], ours["plan"], theirs["actual"], theirs["plan"]
            );
        }
    }
    Err(Failure::new(Exit::Verification, anyhow::anyhow!("the replayed tallies are not those in {}", file.display())))
}
