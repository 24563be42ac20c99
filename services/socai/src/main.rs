use std::{io::Write, process::ExitCode};

use socai::cli::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    // A ledger, its views and the directory of persons are for the user who runs this; whoever else may read them is asked over HTTP.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    match Cli::read().perform().await {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough, as `head` does.
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody may read this either.
            let _unread = writeln!(std::io::stderr(), "socai: {:#}", failure.why);
            failure.exit.into()
        }
    }
}
