//! `socai rebuild`: builds views anew beside the ones in use, compares, and switches.

use std::path::Path;

use anyhow::Context;
use indicatif::ProgressBar;
use journal::{OpenError, SharedJournal};
use tally::FOLD_VERSION;
use views::{Halt, Rebuilt, Store};

use crate::{
    cli::{Exit, Failure, RebuildArgs, progress},
    node::{Owner, open_journal},
    settings::Settings,
};

const NAMES: [&str; 2] = ["tally", "trail"];

pub(crate) async fn rebuild(args: RebuildArgs) -> Result<(), Failure> {
    let settings = Settings::read(args.node.config.as_ref(), &args.node).map_err(Failure::usage_of)?;
    if let Some(file) = settings.journal_url().strip_prefix("sqlite:")
        && !Path::new(file).exists()
    {
        let absent = OpenError::Absent { at: file.to_owned() };
        return Err(Failure::usage_of(anyhow::Error::from(absent).context("failed to find what the views are of")));
    }
    let embedded = settings.views_url().starts_with("sqlite:");
    // Embedded views belong to whoever owns the folder; PostgreSQL's may be rebuilt under those who use them.
    let _owner = embedded.then(|| Owner::take(&settings.data)).transpose()?;
    let journal = open_journal(&settings).await?;
    let store = Store::open(&settings.views_url()).await.context("failed to open the views")?;
    if let Some(version) = args.against.or(args.forget) {
        if version == FOLD_VERSION {
            return Err(Failure::usage("that is this program's own fold version; name the one of the other program"));
        }
        return match args.against {
            Some(_) => against(&store, &journal, version).await,
            None => forget(&store, version).await,
        };
    }
    let wanted = |name: &str| args.names.is_empty() || args.names.iter().any(|named| named == name);
    let mut differ = Vec::new();
    for name in NAMES.into_iter().filter(|name| wanted(name)) {
        let rebuilt =
            one(name, &store, &journal).await.with_context(|| format!("failed to rebuild the view {name}"))?;
        report(name, &rebuilt);
        if !rebuilt.differences.is_empty() {
            differ.push(name);
        }
    }
    if differ.is_empty() {
        return Ok(());
    }
    let why = anyhow::anyhow!(
        "the rows of {} were not what the records give; the old ones are kept beside",
        differ.join(", ")
    );
    Err(Failure::new(Exit::Verification, why))
}

/// What readers would see change if they moved from the other version to this one.
async fn against(store: &Store, journal: &SharedJournal, version: u32) -> Result<(), Failure> {
    let bar = progress("building beside", Some(0));
    let compared = tally::compare_with(store, journal, version, &mut |position| bar.set_position(position.0)).await;
    bar.finish_and_clear();
    let compared = compared.with_context(|| format!("failed to compare with fold version {version}"))?;
    let (position, cells) = (compared.position, compared.cells);
    if compared.differences.is_empty() {
        println!("tally: fold versions {version} and {FOLD_VERSION} agree on all {cells} cells at position {position}");
        return Ok(());
    }
    for tally::CellDifference { programme, period, measure, unit, other, own } in &compared.differences {
        println!("{programme} {period} {measure} {unit}: {other} → {own}");
    }
    let why = anyhow::anyhow!(
        "{} of {cells} cells differ at position {position}, fold version {version} → {FOLD_VERSION}",
        compared.differences.len()
    );
    Err(Failure::new(Exit::Verification, why))
}

async fn forget(store: &Store, version: u32) -> Result<(), Failure> {
    tally::forget(store, version).await.with_context(|| format!("failed to remove fold version {version}"))?;
    println!(
        "tally: the rows of fold version {version} are gone; a program of that version makes them anew when it starts"
    );
    Ok(())
}

async fn one(name: &'static str, store: &Store, journal: &SharedJournal) -> Result<Rebuilt, Halt> {
    let bar = progress(name, Some(0));
    let mut show = on_progress(bar.clone());
    let rebuilt = match name {
        "tally" => tally::rebuild(store, journal, &mut show).await,
        _ => audit::rebuild(store, journal, &mut show).await,
    };
    bar.finish_and_clear();
    rebuilt
}

fn on_progress(bar: ProgressBar) -> impl FnMut(domain::Position, domain::Position) + Send {
    move |position, tip| {
        bar.set_length(tip.0);
        bar.set_position(position.0);
    }
}

fn report(name: &str, rebuilt: &Rebuilt) {
    let compared = match rebuilt.compared_at {
        Some(at) if rebuilt.differences.is_empty() => format!("equal to the old rows at position {at}"),
        Some(at) => format!("different from the old rows at position {at}"),
        None => "the old rows were of another ledger".to_owned(),
    };
    println!("{name}: rebuilt to position {}, generation {}, {compared}", rebuilt.position, rebuilt.generation);
    for difference in &rebuilt.differences {
        println!("  {difference}");
    }
}
