//! Appends and reads of each adapter beside the bare store, in one run: `cargo bench -p journal`.

use std::{path::Path, sync::Arc, time::Instant};

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, pull},
};
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use futures::{StreamExt, stream};
use journal::{Followed, Options, READ_MAX, SharedJournal, nats::HeaderMaker};
use testkit::nats::{NatsServer, NatsSettings};
use uuid::Uuid;

const BODY_BYTES: usize = 400;
const SECONDS: f64 = 2.0;
const NAMES: [&str; 9] = [
    "ce-specversion",
    "ce-id",
    "ce-type",
    "ce-source",
    "ce-sequence",
    "ce-time",
    "ce-recordedtime",
    "ce-datacontenttype",
    "ce-correlationid",
];

type AnyResult<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> AnyResult<()> {
    let folder = tempfile::tempdir()?;
    bare_sqlite(folder.path())?;
    let sqlite =
        journal::open(&format!("sqlite:{}", folder.path().join("ledger.db").display()), Options::default()).await?;
    appends("sqlite", &sqlite, &[1, 8, 64, 512]).await?;
    reads("sqlite", &sqlite).await?;
    drop(sqlite);
    for sync_always in [false, true] {
        let server = NatsServer::start_with(NatsSettings { sync_always, ..NatsSettings::default() }).await;
        let nats =
            journal::open(&server.url("bench"), Options { headers: Some(headers()), ..Options::default() }).await?;
        bare_nats(&server, 128).await?;
        appends(&format!("nats, {}", nats.durability()), &nats, &[1, 32, 128, 512]).await?;
        reads("nats", &nats).await?;
    }
    Ok(())
}

fn body() -> Bytes {
    Bytes::from(vec![b'x'; BODY_BYTES])
}

fn some_stream(n: u64) -> StreamId {
    StreamId::new(Kind::Organisation, Uuid::new_v5(&domain::NAMESPACE, &n.to_be_bytes()))
}

/// A line's beginning: the clock, and the processor time of this process, which other processes disturb less.
struct Since {
    clock: Instant,
    processor: f64,
}

impl Since {
    fn now() -> Self {
        Self { clock: Instant::now(), processor: processor_seconds() }
    }

    fn elapsed(&self) -> f64 {
        self.clock.elapsed().as_secs_f64()
    }
}

/// User and system time of this process's threads, in hundredths; 0 where there is no `/proc`.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn per_second(what: &str, n: u64, since: &Since) {
    let seconds = since.elapsed();
    let each = (processor_seconds() - since.processor) * 1e6 / n as f64;
    println!("{what:<60} {:>12.0}/s  {each:>8.2} us of processor each  ({n} in {seconds:.2} s)", n as f64 / seconds);
}

/// rusqlite on this thread, with the adapter's schema and durability.
fn bare_sqlite(folder: &Path) -> AnyResult<()> {
    let mut connection = rusqlite::Connection::open(folder.join("bare.db"))?;
    connection.execute_batch(
        "pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 4096; pragma cache_size = -16384;
         create table record (position integer primary key, kind integer not null, id blob not null, body blob not null) strict;
         create index record_of_stream on record (kind, id);",
    )?;
    let body = body();
    let mut n: u64 = 0;
    for group in [1, 64, 512] {
        let (first, since) = (n, Since::now());
        while since.elapsed() < SECONDS {
            let tx = connection.transaction()?;
            let mut insert = tx.prepare_cached("insert into record values ($1, $2, $3, $4)")?;
            for _ in 0..group {
                n += 1;
                insert.execute(rusqlite::params![n.cast_signed(), 6, some_stream(n).id.as_bytes(), body.as_ref()])?;
            }
            drop(insert);
            tx.commit()?;
        }
        per_second(&format!("bare rusqlite, {group} a transaction"), n - first, &since);
    }
    let since = Since::now();
    let mut scan = connection.prepare("select position, kind, id, body from record order by position")?;
    let mut rows = scan.query([])?;
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        bytes += row.get_ref(3)?.as_blob()?.len();
    }
    per_second("bare rusqlite, scan", (bytes / BODY_BYTES) as u64, &since);
    Ok(())
}

/// As many headers as a record has, made at no cost.
fn headers() -> HeaderMaker {
    let value = "x".repeat(40);
    Arc::new(move |_, _| NAMES.into_iter().map(|name| (name, value.clone())).collect())
}

/// async-nats with the same bytes, headers and expectations, then a bare consumer.
async fn bare_nats(server: &NatsServer, in_flight: usize) -> AnyResult<()> {
    let context = jetstream::new(async_nats::connect(server.address()).await?);
    let ledger = context.create_stream(bare_stream()).await?;
    let (body, value) = (body(), "x".repeat(40));
    let since = Since::now();
    let published = stream::iter(0..).take_while(|_| std::future::ready(since.elapsed() < SECONDS)).map(|n| {
        let (context, body) = (context.clone(), body.clone());
        let mut headers = async_nats::HeaderMap::new();
        NAMES.into_iter().for_each(|name| headers.insert(name, value.clone()));
        headers.insert("Nats-Expected-Last-Subject-Sequence", "0");
        async move {
            let subject = format!("bare.log.organisation.{}", some_stream(n).id);
            context.publish_with_headers(subject, headers, body).await?.await
        }
    });
    let mut published = Box::pin(published.buffer_unordered(in_flight));
    let mut n = 0;
    while let Some(ack) = published.next().await {
        n = n.max(ack?.sequence);
    }
    per_second(&format!("bare async-nats: publish, {in_flight} in flight"), n, &since);
    let since = Since::now();
    let config = pull::Config { ack_policy: AckPolicy::None, memory_storage: true, ..pull::Config::default() };
    let consumer = ledger.create_consumer(config).await?;
    let mut messages = consumer.stream().max_messages_per_batch(1_024).messages().await?.take(usize::try_from(n)?);
    while let Some(message) = messages.next().await {
        message?;
    }
    per_second("bare async-nats: pull consumer", n, &since);
    context.delete_stream("bare").await?;
    Ok(())
}

fn bare_stream() -> jetstream::stream::Config {
    jetstream::stream::Config {
        name: "bare".to_owned(),
        subjects: vec!["bare.log.*.*".to_owned()],
        ..jetstream::stream::Config::default()
    }
}

/// Each append begins a stream, as a founding or an admission does.
async fn appends(name: &str, journal: &SharedJournal, in_flight: &[usize]) -> AnyResult<()> {
    let body = body();
    for &in_flight in in_flight {
        let first = journal.tip().await?.0;
        let since = Since::now();
        let mut latencies = Vec::new();
        let numbers = stream::iter(first..).take_while(|_| {
            let more = since.elapsed() < SECONDS;
            async move { more }
        });
        let appended = numbers.map(|n| {
            let (journal, body) = (journal.clone(), body.clone());
            async move {
                let begun = Instant::now();
                journal.append(&some_stream(n), None, body).await.map(|_| begun.elapsed())
            }
        });
        let mut appended = Box::pin(appended.buffer_unordered(in_flight));
        while let Some(latency) = appended.next().await {
            latencies.push(latency?);
        }
        latencies.sort();
        let n = latencies.len();
        per_second(&format!("{name}: append, {in_flight} in flight"), n as u64, &since);
        println!("    p50 {:?}  p99 {:?}", latencies[n / 2], latencies[n * 99 / 100]);
    }
    Ok(())
}

async fn reads(name: &str, journal: &SharedJournal) -> AnyResult<()> {
    let tip = journal.tip().await?;
    let since = Since::now();
    let mut after = Position::START;
    while let Some(last) = journal.read(after, READ_MAX, &[]).await?.last() {
        after = last.position;
    }
    per_second(&format!("{name}: read, {READ_MAX} a call"), after.0, &since);
    let since = Since::now();
    let mut following = journal.follow(Position::START, &[]);
    while let Some(Followed::Record(stored)) = following.next().await.transpose()? {
        if stored.position == tip {
            break;
        }
    }
    per_second(&format!("{name}: follow from the beginning"), tip.0, &since);
    let since = Since::now();
    let targets = journal.read(Position::START, READ_MAX, &Kind::REFERENCE).await?.len();
    println!("{name}: a read for {targets} records of reference data among {tip}: {:.3} ms", since.elapsed() * 1e3);
    loads(name, journal, tip).await
}

async fn loads(name: &str, journal: &SharedJournal, tip: Position) -> AnyResult<()> {
    let n = tip.0.min(5_000);
    let since = Since::now();
    let journal = Arc::clone(journal);
    let each = stream::iter(0..n).map(|n| {
        let journal = journal.clone();
        async move { journal.load(&some_stream(n), Position::START, 10).await }
    });
    let mut each = Box::pin(each.buffer_unordered(16));
    while let Some(loaded) = each.next().await {
        assert_eq!(loaded?.len(), 1);
    }
    per_second(&format!("{name}: load a stream, 16 in flight"), n, &since);
    Ok(())
}
