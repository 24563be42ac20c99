//! What is underneath, without us: bare async-nats, bare SQLite, a bare scan, a bare consumer, and HTTP that does nothing.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use async_nats::{ConnectOptions, HeaderMap, jetstream};
use domain::{Kind, Position};
use futures::{StreamExt, stream::FuturesUnordered};
use journal::{SharedJournal, Stored, nats::Names};
use uuid::Uuid;

use crate::node;

/// A process that answers 201 and does nothing.
pub(crate) struct NullHttp {
    child: Child,
    pub(crate) address: String,
}

impl NullHttp {
    pub(crate) fn start() -> Self {
        let mut child =
            Command::new(std::env::current_exe().unwrap()).arg("null-http").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().trim_start_matches("http://").to_owned() }
    }

    /// User and system time so far, in seconds.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        node::cpu_seconds(&self.child.id().to_string())
    }
}

impl Drop for NullHttp {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Records as the node made them.
pub(crate) async fn records(journal: &SharedJournal) -> Vec<Stored> {
    let stored = journal.read(Position::START, 2_000, &[Kind::Organisation]).await.unwrap();
    assert!(!stored.is_empty(), "there is no record to measure with");
    stored
}

/// Bare async-nats: the same bytes and headers, each on a subject of its own with its expectation, so many in flight; publishes a second.
/// The URL may hold a user, for whom answers come on a prefix of its own.
pub(crate) async fn nats(url: &str, replicas: usize, sample: &[Stored], in_flight: usize, count: usize) -> f64 {
    let context = jetstream::new(connect(url).await);
    let name = format!("bare-{}", Uuid::now_v7());
    let stream = jetstream::stream::Config {
        name: name.clone(),
        subjects: vec![format!("socai.{name}.log.*.*")],
        num_replicas: replicas,
        discard: jetstream::stream::DiscardPolicy::New,
        deny_delete: true,
        deny_purge: true,
        ..Default::default()
    };
    context.create_stream(stream).await.unwrap();
    let headers: Vec<HeaderMap> = sample.iter().map(headers_of).collect();
    let publish = |n: usize| {
        let at = n % sample.len();
        let (context, mut headers, body) = (context.clone(), headers[at].clone(), sample[at].body.clone());
        headers.insert("Nats-Expected-Last-Subject-Sequence", "0");
        let subject = format!("socai.{name}.log.organisation.{}", Uuid::now_v7());
        async move {
            let published = context.publish_with_headers(subject, headers, body).await.unwrap();
            published.await.unwrap();
        }
    };
    let begun = Instant::now();
    let mut flying: FuturesUnordered<_> = (0..in_flight).map(publish).collect();
    for n in in_flight..count {
        flying.next().await;
        flying.push(publish(n));
    }
    while flying.next().await.is_some() {}
    let rate = per_second(count, begun);
    // On a stack nobody may delete one: it ends with the stack.
    let _stays = context.delete_stream(&name).await;
    rate
}

async fn connect(url: &str) -> async_nats::Client {
    let first = url.trim_start_matches("nats://").split([',', '/']).next().unwrap();
    let (options, address) =
        match first.split_once('@').and_then(|(user, address)| Some((user.split_once(':')?, address))) {
            Some(((user, password), address)) => {
                let options = ConnectOptions::new().user_and_password(user.to_owned(), password.to_owned());
                (options.custom_inbox_prefix(format!("_INBOX_{user}")), address)
            }
            None => (ConnectOptions::new(), first),
        };
    options.connect(address).await.unwrap()
}

fn headers_of(stored: &Stored) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in wire::ce_headers_from_body("bench", &stored.body).unwrap() {
        headers.insert(name, value.as_str());
    }
    headers
}

/// Bare SQLite: inserts into our table, fully synchronous, so many a transaction; inserts a second, and how long each commit took.
pub(crate) fn sqlite(sample: &[Stored], each: usize, lasts: Duration) -> (f64, Vec<Duration>) {
    let folder = tempfile::tempdir().unwrap();
    let mut connection = rusqlite::Connection::open(folder.path().join("bare.db")).unwrap();
    connection
        .execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full;
             create table record (position integer primary key, kind integer not null, id blob not null, body blob not null);
             create index record_stream on record (kind, id, position);",
        )
        .unwrap();
    let (begun, mut commits, mut position) = (Instant::now(), Vec::new(), 0_i64);
    while begun.elapsed() < lasts {
        let commit = Instant::now();
        let transaction = connection.transaction().unwrap();
        {
            let mut insert = transaction.prepare_cached("insert into record values (?1, ?2, ?3, ?4)").unwrap();
            for _ in 0..each {
                let stored = &sample[usize::try_from(position).unwrap() % sample.len()];
                position += 1;
                insert.execute((position, 7, Uuid::now_v7().as_bytes().as_slice(), stored.body.as_ref())).unwrap();
            }
        }
        transaction.commit().unwrap();
        commits.push(commit.elapsed());
    }
    let rate = per_second(usize::try_from(position).unwrap(), begun);
    commits.sort_unstable();
    (rate, commits)
}

/// A bare scan of a ledger's file that decodes each record; records a second.
pub(crate) fn scan(file: &Path, decodes: bool) -> f64 {
    let connection = rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let table: String = connection
        .query_row("select name from sqlite_master where type = 'table' and sql like '%body%'", [], |row| row.get(0))
        .unwrap();
    let begun = Instant::now();
    let mut scan = connection.prepare(&format!("select position, body from {table} order by position")).unwrap();
    let mut rows = scan.query([]).unwrap();
    let (mut records, mut events) = (0, 0);
    while let Some(row) = rows.next().unwrap() {
        let body = row.get_ref(1).unwrap().as_blob().unwrap();
        records += 1;
        events += if decodes { wire::decode(body).unwrap().events.len() } else { body.len() };
    }
    assert!(events >= records);
    per_second(records, begun)
}

/// A bare ordered consumer of the ledger's stream, which decodes nothing; messages a second.
pub(crate) async fn consumer(url: &str, ledger: &str, count: usize) -> f64 {
    let context = jetstream::new(connect(url).await);
    let stream = context.get_stream(Names::new(ledger).stream()).await.unwrap();
    let begun = Instant::now();
    let ordered = jetstream::consumer::pull::OrderedConfig::default();
    let mut messages = stream.create_consumer(ordered).await.unwrap().messages().await.unwrap();
    let mut bytes = 0;
    for _ in 0..count {
        let message = messages.next().await.unwrap().unwrap();
        bytes += message.payload.len();
    }
    assert!(bytes > 0);
    per_second(count, begun)
}

fn per_second(count: usize, begun: Instant) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let count = count as f64;
    count / begun.elapsed().as_secs_f64()
}
