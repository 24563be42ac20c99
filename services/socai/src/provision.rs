//! `socai provision`: the place of a ledger on a NATS server or cluster, made or looked at.

use anyhow::Context;
use journal::{Options, nats::NatsServers};

use crate::{
    cli::{Exit, Failure, RunArgs},
    node::open_journal,
    settings::Settings,
};

pub(crate) async fn provision(args: RunArgs) -> Result<(), Failure> {
    let settings = Settings::read(args.config.as_ref(), &args).map_err(Failure::usage_of)?;
    let url = settings.journal_url();
    if !NatsServers::are_named_by(&url) {
        return Err(Failure::usage(
            "only a ledger on NATS has a place to be made; give --journal nats://host:port/ledger",
        ));
    }
    let journal = open_journal(&settings).await?;
    let examined = journal.examine().await.context("failed to look at what is there")?;
    let servers = NatsServers::connect(&url, &Options::default()).await.context("failed to reach the servers")?;
    servers.cells().await.context("failed to make the place of the cells")?;
    let state = examined.sealed.map_or_else(|| "it takes commands".to_owned(), |sealed| sealed.to_string());
    println!("the ledger is there: {} records, durability {}; {state}", examined.tip, journal.durability());
    let (has, asked) = (journal.durability().replicas(), servers.replicas());
    if has < asked {
        let why = anyhow::anyhow!(
            "its stream has {has} of the {asked} replicas that are asked for; whoever manages the servers can give it more: \
             nats stream edit {} --replicas {asked}",
            servers.names.stream()
        );
        return Err(Failure::new(Exit::Failure, why));
    }
    Ok(())
}
