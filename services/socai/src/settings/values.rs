//! Values that no part of a node could take, told before anything is opened or made.

use anyhow::{Context, ensure};
use domain::ledger::is_ledger_name;
use journal::nats::NatsServers;
use kit::{Clock, SystemClock};
use tracing_subscriber::EnvFilter;

use super::Settings;

/// # Errors
/// The first setting with a value that means nothing, and what to write instead.
pub(super) fn check(settings: &Settings) -> anyhow::Result<()> {
    let Settings { listen, views, intake_url, commands, ledger, log, .. } = settings;
    let port = listen.rsplit_once(':').filter(|(host, _)| !host.is_empty()).map(|(_, port)| port.parse::<u16>());
    ensure!(
        matches!(port, Some(Ok(_))),
        "listen: `{listen}` is no address and port: write 127.0.0.1:8080, or port 0 for a free one"
    );
    journal::check_url(&settings.journal_url()).context("journal")?;
    let of_views = ["sqlite:", "postgres://", "postgresql://"].iter().any(|form| views.starts_with(form));
    ensure!(
        views.is_empty() || of_views,
        "views: `{}` names no store: write sqlite:FOLDER or postgres://user@host/database",
        shown(views)
    );
    ensure!(
        matches!(commands.as_str(), "" | "none") || NatsServers::are_named_by(commands),
        "commands: `{}` names no server: write nats://user:password@host:4222/ledger, or none",
        shown(commands)
    );
    let of_intake = ["http://", "https://"].iter().any(|form| intake_url.starts_with(form));
    ensure!(intake_url.is_empty() || of_intake, "intake_url: `{intake_url}` is no address: write http://host:port");
    ensure!(
        ledger.is_empty() || is_ledger_name(ledger),
        "ledger: `{ledger}` is no name of a ledger: 1 to 63 of a-z, 0-9 and -"
    );
    ensure!(
        EnvFilter::try_new(log).is_ok(),
        "log: `{log}` is no filter: write error, warn, info or info,journal=debug"
    );
    let today = SystemClock.now().local_date();
    ensure!(
        settings.clock_confirmed.is_none_or(|day| day <= today),
        "clock_confirmed: a day on which somebody saw that the clock was right is not after today, {today}"
    );
    Ok(())
}

/// A URL without what stands before an `@`.
pub(crate) fn shown(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://…@{rest}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_means_nothing_is_told_with_what_to_write() {
        type Change = fn(&mut Settings);
        let told = |change: Change| {
            let mut settings = Settings::default();
            change(&mut settings);
            check(&settings).map_err(|error| format!("{error:#}"))
        };
        told(|_| {}).unwrap();
        told(|settings| settings.journal = "nats://intake:secret@a:1,b:2/hp?replicas=3".to_owned()).unwrap();
        told(|settings| settings.views = "postgres://tally:secret@a/b".to_owned()).unwrap();
        told(|settings| settings.listen = "[::1]:0".to_owned()).unwrap();
        told(|settings| settings.log = "info,journal=debug".to_owned()).unwrap();
        let wrong: [(Change, &str); 9] = [
            (|settings| settings.listen = "foo".to_owned(), "listen: `foo` is no address and port"),
            (|settings| settings.listen = ":8080".to_owned(), "listen: "),
            (|settings| settings.journal = "mysql:x".to_owned(), "sqlite:PATH or nats://"),
            (|settings| settings.journal = "nats://intake:secret@a:1".to_owned(), "journal: "),
            (|settings| settings.views = "mysql://u:secret@x/y".to_owned(), "views: `mysql://…@x/y` names no store"),
            (|settings| settings.commands = "zz".to_owned(), "commands: `zz` names no server"),
            (|settings| settings.intake_url = "localhost:1".to_owned(), "intake_url: "),
            (|settings| settings.ledger = "Hải Phòng".to_owned(), "1 to 63 of a-z"),
            (|settings| settings.clock_confirmed = "2199-12-31".parse().ok(), "not after today"),
        ];
        for (change, expected) in wrong {
            let told = told(change).unwrap_err();
            assert!(told.contains(expected) && !told.contains("secret"), "{told}");
        }
        assert!(told(|settings| settings.log = "info,,=x".to_owned()).unwrap_err().contains("is no filter"));
    }
}
