//! The command line: what can be asked, and how the answer leaves.

mod args;
mod check_claims;
mod client;
mod columns;
mod exit;
mod files;
mod output;
mod parts;
mod post;
mod show;
mod structure;
mod tally;
mod token;
mod units;

use clap::{CommandFactory, Parser};

use crate::settings;

pub use args::Cli;
pub(crate) use args::{CopyArgs, RebuildArgs, ReplayArgs, RunArgs};
use args::{StructureAction, Subcommand, TokenAction};
pub use exit::{Exit, Failure};
pub(crate) use files::read_file;
pub(crate) use output::{print, progress};
pub(crate) use tally::{cells, measures};

impl Cli {
    /// Parses the command line; wrong usage ends the process with code 2.
    pub fn read() -> Self {
        Self::parse()
    }

    /// Does what was asked.
    ///
    /// # Errors
    /// What went wrong, with the exit code that says which kind of wrong it is.
    pub async fn perform(self) -> Result<(), Failure> {
        let environment = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        settings::check_environment(environment).map_err(Failure::usage_of)?;
        match self.subcommand {
            Subcommand::Run(args) => crate::run::run(args).await,
            Subcommand::Post(args) => post::post(args).await,
            Subcommand::Tally(args) => tally::tally(args).await,
            Subcommand::Show { what } => show::show(what).await,
            Subcommand::CheckClaims(args) => check_claims::check_claims(args).await,
            Subcommand::Replay(args) => crate::replay::replay(args).await,
            Subcommand::Provision(args) => crate::provision::provision(args).await,
            Subcommand::Copy(args) => crate::copy::copy(args).await,
            Subcommand::Rebuild(args) => crate::rebuild::rebuild(args).await,
            Subcommand::Doctor(args) => crate::doctor::doctor(args).await,
            Subcommand::Structure { action: StructureAction::Import(args) } => structure::import(args).await,
            Subcommand::Token { action: TokenAction::New(args) } => token::new(args).await,
            Subcommand::Token { action: TokenAction::Revoke(args) } => token::revoke(args).await,
            Subcommand::Token { action: TokenAction::Roles { output } } => token::roles(output),
            Subcommand::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Self::command(), "socai", &mut script);
                println!("{}", String::from_utf8_lossy(&script));
                Ok(())
            }
        }
    }
}
