//! Loads a demonstration: its commands go through the real executor under a scripted clock, one after the other.

use anyhow::Context;
use domain::{Actor, Command, CommandId, Timestamp};
use journal::{Executor, Submission};
use kit::ScriptedClock;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{cli::progress, demonstration::Demonstration};

/// One line of the script.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    at: Timestamp,
    key: CommandId,
    actor: Actor,
    command: String,
    #[serde(borrow)]
    data: &'a RawValue,
}

/// Sends every line. What an interrupted run has recorded already is met by its key and not recorded again.
pub(super) async fn load(demo: Demonstration, executor: &Executor, clock: &ScriptedClock) -> anyhow::Result<()> {
    let bar = progress("loading the demonstration", Some(demo.records()));
    for (index, text) in demo.lines().into_iter().enumerate() {
        let number = index + 1;
        let line: Line<'_> =
            serde_json::from_str(text).with_context(|| format!("line {number} of the demonstration cannot be read"))?;
        clock.set(line.at);
        send(executor, line).await.with_context(|| format!("line {number} of the demonstration was not recorded"))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(())
}

async fn send(executor: &Executor, line: Line<'_>) -> anyhow::Result<()> {
    let command = Command::read(&line.command, &mut serde_json::Deserializer::from_str(line.data.get()))
        .with_context(|| format!("there is no command `{}`", line.command))??;
    let reference = command.row().kind.is_reference();
    let recorded = executor.execute(Submission::new(line.key, line.actor, command)).await?;
    // What follows is decided with it, and its record names it as the reference it knew.
    if reference {
        executor.live().reached(recorded.position).await;
    }
    Ok(())
}
