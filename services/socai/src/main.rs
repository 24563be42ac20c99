use std::process::ExitCode;

use socai::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::read().perform().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("socai: {:#}", failure.why);
            failure.exit.into()
        }
    }
}
