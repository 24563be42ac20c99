//! `socai run`: a node until somebody stops it.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::{
    cli::{Failure, RunArgs},
    demonstration::Demonstration,
    node::Node,
    settings::{LogFormat, Role, Settings, ledger_name::OtherLedger},
};

pub(crate) async fn run(args: RunArgs) -> Result<(), Failure> {
    let settings = Settings::read(args.config.clone().as_ref(), &args).map_err(Failure::usage_of)?;
    log_to_stderr(&settings)?;
    // As many connections as the system lets this process have, not as few as a shell is given.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    // A start waits for what it needs; whoever gives up waiting must not have to wait for that.
    let node = tokio::select! {
        node = Node::start(&settings, stop.clone()) => node.map_err(not_started)?,
        () = stop.cancelled() => return Ok(()),
    };
    greet(&node, &settings);
    node.wait().await?;
    Ok(())
}

/// A setting that does not fit the ledger is a wrong setting.
fn not_started(why: anyhow::Error) -> Failure {
    if why.is::<OtherLedger>() { Failure::usage_of(why) } else { why.into() }
}

fn log_to_stderr(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log).with_context(|| format!("`{}` is no log filter", settings.log))?;
    let ansi = std::env::var_os("NO_COLOR").is_none() && std::io::IsTerminal::is_terminal(&std::io::stderr());
    // Nobody may be reading any more: then lines are lost, and no request with them.
    let lines = tracing_subscriber::fmt().log_internal_errors(false);
    let lines = lines.with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi);
    match settings.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}

/// The first signal stops; whoever cannot wait sends SIGKILL, which loses nothing either.
fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt()).context("failed to wait for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("failed to wait for SIGTERM")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        stop.cancel();
    });
    Ok(())
}

fn greet(node: &Node, settings: &Settings) {
    let base = format!("http://{}", node.address);
    let roles: Vec<_> = settings.roles.iter().map(|role| role.as_str()).collect();
    println!("sổ cái · {} · {base}", roles.join(", "));
    if node.is_demonstration {
        println!("SỐ LIỆU MINH HỌA · a demonstration: figures of single units are invented");
    }
    if let Some(why) = &node.refusing {
        println!("  COMMANDS ARE REFUSED: {why}");
    }
    for issued in &node.issued {
        println!(
            "  {:<12} {base}/sign-in?token={}   {} {}",
            issued.name,
            issued.token,
            issued.role.vi(),
            issued.office
        );
    }
    if node.demonstration == Some(Demonstration::Sequel) && settings.plays(Role::Portal) {
        println!("  signed in, the review of 2022:");
        println!("    as reported on 3 January 2023   {base}/?period=2022");
        println!("    as known by now                 {base}/?period=2022&lens=as-known");
        println!("    under the units of today        {base}/?period=2022&lens=restated");
        println!("    what was printed, by claims     {base}/publications");
    }
    if let ([admin], false) = (node.issued.as_slice(), node.is_demonstration) {
        println!("  {} is the id to give to the root unit: socai post change-structure", admin.office);
    }
    if let Some(first) = node.issued.first() {
        println!(
            "  tokens are kept in {}/*.token; stop with Ctrl-C",
            first.file.parent().unwrap_or(&first.file).display()
        );
    }
}
