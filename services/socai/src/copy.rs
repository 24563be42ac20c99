//! `socai copy`: a ledger to another place, with the same positions and bytes, and the handing over when it was sealed.

use std::{path::Path, time::Duration};

use anyhow::Context;
use journal::{Copier, CopyError, Options, Proof};

use crate::{
    cli::{CopyArgs, Exit, Failure, RunArgs, progress},
    settings::Settings,
};

/// How often a running ledger is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

pub(crate) async fn copy(args: CopyArgs) -> Result<(), Failure> {
    let settings = Settings::read(None, RunArgs::default()).map_err(Failure::usage_of)?;
    let [from, to] = [args.from, args.to].map(|url| url.unwrap_or_else(|| settings.journal_url()));
    if place_of(&from) == place_of(&to) {
        return Err(Failure::usage("--from and --to name the same ledger; the copy needs a place of its own"));
    }
    let to_read = Options { to_read: true, ..Options::default() };
    let from = journal::open(&from, to_read).await.context("failed to open the ledger to copy")?;
    let into = journal::open_copy(&to, Options::default()).await.context("failed to open the copy")?;
    let mut copier = Copier::new(&*from, &*into);
    if let Some(until) = args.until {
        copier = copier.until(until);
    }
    let sealed = arrive(&mut copier, args.follow).await?;
    let proof = prove(&copier).await?;
    println!(
        "{} records, the same in both places; SHA-256 over all of them {}",
        proof.records,
        hex::encode(proof.sha256)
    );
    if let Some(at) = copier.finished().await.map_err(of_copy)? {
        println!(
            "the copy was finished at position {at}; it takes commands since then, and nothing of the source any more"
        );
        return Ok(());
    }
    if !sealed && !args.take_over {
        println!(
            "the source was not sealed, so it may grow, and the copy takes no commands; \
             to move the ledger: socai post seal-ledger there, then copy again (or copy with --follow meanwhile); \
             if the source is lost, or is the backup of a ledger that is: copy again with --take-over"
        );
        return Ok(());
    }
    copier.hand_over().await.map_err(of_copy)?;
    match sealed {
        true => println!("the source is sealed; the copy is finished and takes commands from now on"),
        false => println!(
            "the source was NOT sealed; the copy is finished and takes commands from now on: \
             nothing may be recorded in the source any more, nor in the place that it is a backup of"
        ),
    }
    Ok(())
}

/// What a URL names, without who asks and how.
fn place_of(url: &str) -> String {
    match url.strip_prefix("sqlite:") {
        Some(file) => {
            let file = Path::new(file.strip_prefix("//").unwrap_or(file));
            file.canonicalize().unwrap_or_else(|_| file.to_owned()).display().to_string()
        }
        None => url.rsplit('@').next().unwrap_or(url).split('?').next().unwrap_or(url).replace("nats://", ""),
    }
}

/// Copies what there is or, following, until the source is sealed.
async fn arrive(copier: &mut Copier<'_>, follow: bool) -> Result<bool, Failure> {
    let bar = progress("copying", None);
    loop {
        let sealed = match copier.catch_up(|position| bar.set_position(position.0)).await {
            Ok(sealed) => sealed,
            Err(error) if follow && passes(&error) => {
                tracing::warn!(%error, "the copying waits");
                false
            }
            Err(error) => return Err(of_copy(error)),
        };
        if sealed || !follow {
            bar.finish_and_clear();
            return Ok(sealed);
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = tokio::signal::ctrl_c() => {
                bar.finish_and_clear();
                return Ok(false);
            }
        }
    }
}

/// Whether trying again may help.
fn passes(error: &CopyError) -> bool {
    use journal::{AppendError, ExamineError, ReadError};
    matches!(
        error,
        CopyError::Source(ExamineError::Unavailable(_))
            | CopyError::Read(ReadError::Unavailable(_))
            | CopyError::Append(AppendError::Unavailable(_))
    )
}

async fn prove(copier: &Copier<'_>) -> Result<Proof, Failure> {
    let bar = progress("comparing", Some(copier.position().0));
    let proof = copier.prove(|position| bar.set_position(position.0)).await.map_err(of_copy);
    bar.finish_and_clear();
    proof
}

fn of_copy(error: CopyError) -> Failure {
    let exit = match error {
        CopyError::Differs { .. } => Exit::Verification,
        CopyError::Beyond { .. } => Exit::Usage,
        _ => Exit::Failure,
    };
    Failure::new(exit, anyhow::Error::from(error))
}
