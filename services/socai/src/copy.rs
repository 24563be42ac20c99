//! `socai copy`: a ledger to another place, with the same positions and bytes, and the handing over when it was sealed.

use std::{path::Path, time::Duration};

use anyhow::Context;
use journal::{Copier, CopyError, Options, Proof, SourceEnd};
use tokio::signal::unix::{SignalKind, signal};

use crate::{
    cli::{CopyArgs, Exit, Failure, RunArgs, progress},
    settings::{Settings, values::shown},
};

/// How often a running ledger is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

pub(crate) async fn copy(args: CopyArgs) -> Result<(), Failure> {
    let settings = Settings::read(None, RunArgs::default()).map_err(Failure::usage_of)?;
    let [from, to] = [args.from, args.to].map(|url| url.unwrap_or_else(|| settings.journal_url()));
    if place_of(&from) == place_of(&to) {
        return Err(Failure::usage("--from and --to name the same ledger; the copy needs a place of its own"));
    }
    let place = from.clone();
    let to_read = Options { to_read: true, ..Options::default() };
    let from = journal::open(&from, to_read).await.context("failed to open the ledger to copy")?;
    let into = journal::open_copy(&to, Options::default()).await.context("failed to open the copy")?;
    let mut copier = Copier::new(&*from, &*into);
    if let Some(until) = args.until {
        copier = copier.until(until);
    }
    let end = arrive(&mut copier, args.follow).await?;
    let proof = prove(&copier).await?;
    if proof.records == 0 {
        return Err(Failure::new(
            Exit::Failure,
            anyhow::anyhow!("there is no record at {}: nothing was copied", shown(&place)),
        ));
    }
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
    if !args.take_over || (args.follow && end != SourceEnd::Sealed) {
        println!("{}", takes_no_commands(end));
        return Ok(());
    }
    if let Some(position) = proof.unreadable {
        let before = position.0.saturating_sub(1);
        let why = format!(
            "the body at position {position} is no record that this version reads, so it cannot go on behind it; if a later version can, copy \
             with that one; to go on before it, copy to another place with --until {before} --take-over, and remove last-seen.json in the folder of whoever had seen it"
        );
        return Err(Failure::new(Exit::Verification, anyhow::anyhow!(why)));
    }
    copier.hand_over().await.map_err(of_copy)?;
    match end {
        SourceEnd::Sealed => println!("the source is sealed; the copy is finished and takes commands from now on"),
        _ => println!(
            "the source was NOT sealed; the copy is finished and takes commands from now on: \
             nothing may be recorded in the source any more, nor in the place that it is a backup of"
        ),
    }
    Ok(())
}

/// And how the ledger would go on there. Never by itself: many copies may be made of one ledger, and one of them may grow.
const fn takes_no_commands(end: SourceEnd) -> &'static str {
    match end {
        SourceEnd::Sealed => {
            "the source is sealed, and all of it is here; this copy takes no commands. \
             If this is the one place where the ledger goes on: copy again with --take-over"
        }
        SourceEnd::SealRecorded => {
            "the source is sealed by its last record, but its servers may still take more, since whoever recorded that may not seal them: \
             run socai provision there, with the user that may, then copy again"
        }
        SourceEnd::Open => {
            "the source was not sealed, so it may grow, and this copy takes no commands; to move the ledger: socai post seal-ledger there, \
             then copy again with --take-over (or copy with --follow --take-over meanwhile, which waits for the seal); \
             if the source is lost, or is the backup of a ledger that is: copy again with --take-over"
        }
    }
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

/// Copies what there is or, following, until the source is sealed, or until somebody ends it.
async fn arrive(copier: &mut Copier<'_>, follow: bool) -> Result<SourceEnd, Failure> {
    let bar = progress("copying", None);
    let mut told = false;
    let mut terminated = signal(SignalKind::terminate()).context("failed to listen for SIGTERM")?;
    loop {
        let end = match copier.catch_up(|position| bar.set_position(position.0)).await {
            Ok(end) => end,
            Err(error) if follow && passes(&error) => {
                tracing::warn!(%error, "the copying waits");
                SourceEnd::Open
            }
            Err(error) => return Err(of_copy(error)),
        };
        if end == SourceEnd::Sealed || !follow {
            bar.finish_and_clear();
            return Ok(end);
        }
        if end == SourceEnd::SealRecorded && !std::mem::replace(&mut told, true) {
            bar.suspend(|| eprintln!("{}", takes_no_commands(end)));
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => continue,
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        bar.finish_and_clear();
        return Ok(end);
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
        CopyError::Beyond { .. } | CopyError::Same => Exit::Usage,
        _ => Exit::Failure,
    };
    Failure::new(exit, anyhow::Error::from(error))
}
