//! `socai doctor`: what is wrong with this machine or these settings, in plain words, and what to do about it.

mod backends;
mod machine;
mod named;
mod node;

use std::io::Write;

use anyhow::Context;

use crate::{
    cli::{Exit, Failure, RunArgs},
    settings::Settings,
};

/// What one look came to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    of: &'static str,
    state: State,
    /// What is there, or what is wrong and what to do.
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Well,
    /// Not wrong by itself.
    Note,
    Wrong,
}

impl Finding {
    fn well(of: &'static str, text: impl Into<String>) -> Self {
        Self { of, state: State::Well, text: text.into() }
    }

    fn note(of: &'static str, text: impl Into<String>) -> Self {
        Self { of, state: State::Note, text: text.into() }
    }

    fn wrong(of: &'static str, text: impl Into<String>) -> Self {
        Self { of, state: State::Wrong, text: text.into() }
    }

    fn mark(&self) -> &'static str {
        match self.state {
            State::Well => "ok",
            State::Note => "note",
            State::Wrong => "WRONG",
        }
    }
}

pub(crate) async fn doctor(args: RunArgs) -> Result<(), Failure> {
    let settings = Settings::read(args.config.as_ref(), &args).map_err(Failure::usage_of)?;
    let findings = examine(&settings).await;
    let mut out = std::io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{:<6} {:<12} {}", finding.mark(), finding.of, finding.text).context("failed to print")?;
    }
    let wrong = findings.iter().filter(|finding| finding.state == State::Wrong).count();
    if wrong == 0 {
        writeln!(out, "nothing is wrong").context("failed to print")?;
        return Ok(());
    }
    Err(Failure::new(Exit::Failure, anyhow::anyhow!("{wrong} of {} things are wrong", findings.len())))
}

async fn examine(settings: &Settings) -> Vec<Finding> {
    let mut findings = vec![machine::clock(), machine::open_files(), machine::settings(settings)];
    findings.extend(machine::data_folder(settings));
    let running = node::running(settings).await;
    findings.push(machine::port(settings, running.is_some()).await);
    match running {
        // It holds the embedded backends; it knows them best.
        Some(readiness) => findings.extend(node::findings(&readiness)),
        None => findings.extend(backends::findings(settings).await),
    }
    findings.push(node::token(settings));
    findings
}
