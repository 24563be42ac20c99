//! Journal and views, when no node has them open.

use std::{path::Path, sync::Arc, time::Duration};

use domain::{EventBody, Position};
use futures::StreamExt;
use journal::{
    ExamineError, Examined, Followed, LedgerClock, Live, OpenError, SharedJournal, Watchdog,
    nats::{OLDEST_SERVER, is_new_enough},
};
use kit::{Clock, SystemClock};
use serde::Deserialize;
use sqlx::postgres::PgConnectOptions;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpStream,
    time::timeout,
};
use views::{Schema, StoreError, StoreReader};

use super::{Finding, named};
use crate::{
    node::{LAST_SEEN, LastSeen, open_journal, open_to_read},
    settings::{Role, Settings},
};

const TIMEOUT: Duration = Duration::from_secs(3);
/// A ledger of which so long nothing comes is not read on.
const STALLED: Duration = Duration::from_secs(10);
/// A clock that is so far ahead stamps nothing; one that is so far behind stamps with the last record's time.
const CLOCKS_APART_MAX_MICROS: i64 = 2_000_000;

pub(super) async fn findings(settings: &Settings) -> Vec<Finding> {
    let (finding, journal) = journal(settings).await;
    let mut findings = vec![finding];
    if let Some(journal) = &journal {
        findings.extend(named::finding(settings, journal).await);
        findings.extend(damaged(journal).await);
        findings.extend(rested(settings, journal).await);
        findings.extend(seen_before(settings, journal).await);
    }
    findings.push(views(settings, journal.as_ref()).await);
    findings
}

/// A ledger that is not the one that this folder has seen: a start would refuse it.
async fn seen_before(settings: &Settings, journal: &SharedJournal) -> Option<Finding> {
    let wrong = |why: String| Some(Finding::wrong("last seen", why));
    let kept = match LastSeen::read(settings.data.join(LAST_SEEN)) {
        Ok(kept) => kept,
        Err(error) => return wrong(format!("{error:#}")),
    };
    let live = Arc::new(Live::new(LedgerClock::scripted(Arc::new(|| SystemClock.now()))));
    let mut watchdog = Watchdog::new(journal.clone(), live, Some(kept.seen()?)).that_went_to(kept.went_to());
    match watchdog.look().await {
        Err(error @ ExamineError::Lost { .. }) => wrong(format!(
            "the ledger does not fit what this data folder has seen: {error}; if a backup was restored on purpose, remove {}",
            kept.file().display()
        )),
        _ => None,
    }
}

/// A file of which a page cannot be read, a ledger from which a record is missing, or in which something lies that is no record.
async fn damaged(journal: &SharedJournal) -> Option<Finding> {
    let (tip, mut at) = (journal.tip().await.ok()?, Position::START);
    let mut followed = journal.follow(Position::START, &[]);
    while at < tip {
        match timeout(STALLED, followed.next()).await {
            Ok(Some(Ok(Followed::Record(stored)))) => {
                at = stored.position;
                if let Err(error) = wire::decode(&stored.body) {
                    return Some(Finding::wrong("journal", format!("{}; {}", no_record(at, &error), way_on(at))));
                }
            }
            Ok(Some(Ok(Followed::UpTo(_)))) => {}
            Ok(Some(Err(error))) => return Some(Finding::wrong("journal", error.to_string())),
            Ok(None) => return None,
            Err(_) => {
                let text = format!(
                    "nothing came behind position {at} of {tip} within {STALLED:?}, so the rest was not looked at"
                );
                return Some(Finding::note("journal", text));
            }
        }
    }
    None
}

fn no_record(at: Position, error: &wire::DecodeError) -> String {
    format!(
        "what lies at position {at} is no record that this version reads ({error}): every view stops before it, and nothing is recorded"
    )
}

fn way_on(at: Position) -> String {
    let before = at.0.saturating_sub(1);
    format!(
        "a newer version of socai may read it; else the ledger goes on in a copy: socai copy --until {before} --take-over (docs/reliability.md)"
    )
}

/// A ledger that has rested so long that a start would not believe the clock.
async fn rested(settings: &Settings, journal: &SharedJournal) -> Option<Finding> {
    let examined = journal.examine().await.ok().filter(|examined| examined.time.is_none())?;
    let record = async |before: u64| {
        let found = journal.read(Position(before), 1, &[]).await.ok()?;
        wire::decode(&found.first()?.body).ok()
    };
    let (first, last) = (record(0).await?, record(examined.tip.0.checked_sub(1)?).await?);
    if first.events.iter().any(|event| matches!(event.body, EventBody::LedgerOpened { demonstration: true, .. })) {
        return None;
    }
    let behind = last.recorded_at.0 - SystemClock.now().0;
    if behind > CLOCKS_APART_MAX_MICROS {
        let text = format!(
            "this machine's clock is {} s behind the last record, whose time would be stamped until it has caught up; set it if it is wrong",
            behind / 1_000_000
        );
        return Some(Finding::wrong("clock", text));
    }
    let clock = LedgerClock::checked(Arc::new(|| SystemClock.now()), settings.clock_confirmed);
    clock.stamp(Some(last.recorded_at)).err().map(|ahead| Finding::wrong("clock", ahead.to_string()))
}

async fn journal(settings: &Settings) -> (Finding, Option<SharedJournal>) {
    let url = settings.journal_url();
    if let Some(file) = url.strip_prefix("sqlite:") {
        let folder = Path::new(file).parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        if let Some(folder) = folder.filter(|folder| *folder != settings.data) {
            let text = format!("there is no folder {} for the ledger; make it first", folder.display());
            return (Finding::wrong("journal", text), None);
        }
        if !Path::new(file).exists() {
            return (Finding::note("journal", format!("no ledger at {file} yet; the first start makes one")), None);
        }
    } else if let Some(wrong) = nats(&url).await {
        return (wrong, None);
    }
    // A server is asked to read only: a doctor makes no ledger where a name is misspelt.
    let opened = if url.starts_with("sqlite:") { open_journal(settings).await } else { open_to_read(settings).await };
    match opened {
        Err(error)
            if error.downcast_ref::<OpenError>().is_some_and(|error| matches!(error, OpenError::Absent { .. })) =>
        {
            (
                Finding::note(
                    "journal",
                    format!("no ledger at {url} yet; the first start, or `socai provision`, makes one"),
                ),
                None,
            )
        }
        // The journal of a node that runs is that node's; it says how it is.
        Err(error) if format!("{error:#}").contains("is open in another process") => {
            let text = format!("{url} is in use by a running process, whose /readyz says how it is");
            (Finding::note("journal", text), None)
        }
        Err(error) => (Finding::wrong("journal", format!("{error:#}")), None),
        Ok(journal) => match journal.examine().await {
            Ok(examined) => (of_examined(&examined, &journal), Some(journal)),
            Err(error) => (Finding::wrong("journal", format!("{error}")), None),
        },
    }
}

fn of_examined(examined: &Examined, journal: &SharedJournal) -> Finding {
    let ahead = examined.time.map_or(0, |time| SystemClock.now().0 - time.0);
    if ahead.abs() > CLOCKS_APART_MAX_MICROS {
        let (seconds, which) = (ahead.abs() / 1_000_000, if ahead > 0 { "ahead of" } else { "behind" });
        let text = format!(
            "this machine's clock is {seconds} s {which} that of the journal's server; set the one that is wrong"
        );
        return Finding::wrong("journal", text);
    }
    let text = format!("{} records, durability {}", examined.tip, journal.durability());
    match examined.sealed {
        Some(sealed) => Finding::note("journal", format!("{text}; {sealed}")),
        None => Finding::well("journal", text),
    }
}

/// The greeting of a NATS server.
#[derive(Deserialize)]
struct Info {
    version: String,
    #[serde(default)]
    jetstream: bool,
}

/// What is wrong with the servers of the URL, as far as their greetings tell: nothing while one of them will do.
async fn nats(url: &str) -> Option<Finding> {
    let authority = url.split_once("://")?.1.split(['/', '?']).next()?;
    let mut wrong = None;
    for host in authority.rsplit('@').next()?.split(',') {
        let found = nats_server(host).await;
        found.as_ref()?;
        wrong = wrong.or(found);
    }
    wrong
}

async fn nats_server(host: &str) -> Option<Finding> {
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:4222") };
    match timeout(TIMEOUT, greeting(&address)).await {
        Ok(Ok(info)) => judge(&address, &info),
        Ok(Err(error)) => Some(Finding::wrong(
            "journal",
            format!("no NATS server answers at {address}: {error}; start it, or correct --journal"),
        )),
        Err(_) => {
            Some(Finding::wrong("journal", format!("the NATS server at {address} does not answer within {TIMEOUT:?}")))
        }
    }
}

async fn greeting(address: &str) -> anyhow::Result<Info> {
    let mut line = String::new();
    BufReader::new(TcpStream::connect(address).await?).read_line(&mut line).await?;
    let json = line.strip_prefix("INFO ").ok_or_else(|| anyhow::anyhow!("what is there is no NATS server"))?;
    Ok(serde_json::from_str(json)?)
}

fn judge(address: &str, info: &Info) -> Option<Finding> {
    let (major, minor) = OLDEST_SERVER;
    if !is_new_enough(&info.version) {
        return Some(Finding::wrong(
            "journal",
            format!("the NATS server at {address} is {}; at least {major}.{minor} is needed", info.version),
        ));
    }
    (!info.jetstream).then(|| Finding::wrong("journal", format!("the NATS server at {address} runs without JetStream; give it a jetstream block as in deploy/nats/nats-server.conf")))
}

/// The views that the roles of the settings fold or read. The database's users may read no others.
fn views_of(settings: &Settings) -> Vec<Schema> {
    let reads = |schema: Schema, folds: Role| (settings.plays(folds) || settings.plays(Role::Portal)).then_some(schema);
    [reads(tally::SCHEMA, Role::Tally), reads(audit::SCHEMA, Role::Audit)].into_iter().flatten().collect()
}

async fn views(settings: &Settings, journal: Option<&SharedJournal>) -> Finding {
    let schemas = views_of(settings);
    if schemas.is_empty() {
        return Finding::well("views", "these roles need none");
    }
    let url = settings.views_url();
    if let Some(folder) = url.strip_prefix("sqlite:")
        && !Path::new(folder).exists()
    {
        return not_made(Path::new(folder));
    }
    if let Some(found) = postgres_server(&url).await {
        return found;
    }
    let reader = match timeout(TIMEOUT, StoreReader::open(&url)).await {
        Ok(Ok(reader)) => reader,
        Ok(Err(error)) => return Finding::wrong("views", refused(&error)),
        Err(_) => {
            return Finding::wrong("views", format!("the database of the views does not answer within {TIMEOUT:?}"));
        }
    };
    let tip = match journal {
        Some(journal) => journal.tip().await.ok(),
        None => None,
    };
    behind(&reader, &schemas, tip).await
}

/// Whether the first start could make the folder, tried beside where it would be.
fn not_made(folder: &Path) -> Finding {
    let there = folder.ancestors().find(|above| above.exists() && !above.as_os_str().is_empty());
    let there = there.unwrap_or_else(|| Path::new("."));
    let trial = there.join(format!(".socai-doctor-{}", std::process::id()));
    match std::fs::create_dir(&trial).and_then(|()| std::fs::remove_dir(&trial)) {
        Ok(()) => Finding::note("views", format!("none in {} yet; the first start makes them", folder.display())),
        Err(error) => Finding::wrong(
            "views",
            format!(
                "the folder {} cannot be made: {error}; give --views a folder that this user may write",
                folder.display()
            ),
        ),
    }
}

/// What is wrong when nobody listens where the URL says that PostgreSQL is: its driver only says that it waited.
async fn postgres_server(url: &str) -> Option<Finding> {
    let options: PgConnectOptions = url.starts_with("postgres").then(|| url.parse().ok()).flatten()?;
    if options.get_socket().is_some() {
        return None;
    }
    let address = format!("{}:{}", options.get_host(), options.get_port());
    let why = match timeout(TIMEOUT, TcpStream::connect(&address)).await {
        Ok(Ok(_)) => return None,
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {TIMEOUT:?}"),
    };
    Some(Finding::wrong(
        "views",
        format!("no database answers at {address}: {why}; start PostgreSQL, or correct --views"),
    ))
}

/// A server that is there says itself what is wrong with database, user or password.
fn refused(error: &StoreError) -> String {
    match error {
        StoreError::Sql { source: sqlx::Error::Database(database), .. } => {
            format!(
                "the database refuses: {}; correct --views, or make what is missing (deploy/README.md)",
                database.message()
            )
        }
        error => format!("{}; correct --views", said(error)),
    }
}

/// An error with its causes, none of them twice.
fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

/// A view that is behind catches up when a node starts, and one that is not there is made.
async fn behind(reader: &StoreReader, schemas: &[Schema], tip: Option<Position>) -> Finding {
    let (mut parts, mut missing) = (Vec::new(), false);
    for &schema in schemas {
        let position = match reader.current(schema).await {
            Ok(generation) => generation.checkpoint().await.map(|checkpoint| checkpoint.position),
            Err(StoreError::NotMade { view }) => {
                parts.push(format!("{view} is not there yet, whoever folds it makes it"));
                missing = true;
                continue;
            }
            Err(error) => return Finding::wrong("views", format!("{:#}", anyhow::Error::from(error))),
        };
        match position {
            Ok(position) => parts.push(format!("{} at {position}", schema.name)),
            Err(error) => return Finding::wrong("views", format!("the view {} cannot be read: {error}", schema.name)),
        }
    }
    let tip = tip.map_or_else(String::new, |tip| format!(" of {tip}"));
    let text = format!("{}{tip}", parts.join(", "));
    if missing { Finding::note("views", text) } else { Finding::well("views", text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_server_or_one_without_jetstream_is_named() {
        let info = |version: &str, jetstream| Info { version: version.to_owned(), jetstream };
        let told = |info: Info| judge("h:4222", &info).map(|finding| finding.text);
        assert_eq!(told(info("2.15.1", true)), None);
        assert!(told(info("2.9.10", true)).unwrap().contains("at least 2.10"));
        assert!(told(info("2.15.1", false)).unwrap().contains("without JetStream"));
    }

    #[test]
    fn views_whose_folder_cannot_be_made_are_wrong() {
        assert_eq!(not_made(Path::new("/proc/nowhere/views")).mark(), Finding::wrong("", "").mark());
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(not_made(&folder.path().join("a/b")).mark(), Finding::note("", "").mark());
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_database_that_is_not_there_is_named_with_its_address() {
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let found = postgres_server(&format!("postgres://reader:secret@{closed}/socai")).await.unwrap();
        assert!(found.text.contains(&closed.to_string()) && !found.text.contains("secret"), "{}", found.text);
        assert!(postgres_server("sqlite:views").await.is_none());
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_is_named() {
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let found = nats(&format!("nats://{closed}/haiphong")).await.unwrap();
        assert!(found.text.contains("no NATS server answers"), "{}", found.text);
    }
}
