//! Rebuilding the tally and loading its index, beside a bare scan of the same ledger: `cargo bench -p tally`. RECORDS sets the size.
#![allow(clippy::unwrap_used, reason = "a benchmark may fail by panicking")]

use std::time::{Duration, Instant};

use domain::Position;
use futures::{StreamExt, stream};
use journal::{Options, READ_MAX, SharedJournal};
use tally::Tally;
use tokio_util::sync::CancellationToken;
use views::{Store, laws};

const ROUNDS: usize = 3;
const APPENDS_IN_FLIGHT: usize = 512;
const PATIENCE: Duration = Duration::from_secs(600);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let records = std::env::var("RECORDS").map_or(1_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    let journal = journal::open(&url, Options::default()).await.unwrap();
    let began = Instant::now();
    fill(&journal, records).await;
    say("fill the ledger (SQLite, fsync)", records, began.elapsed(), None);

    let scan = median(|| scan(&journal, false)).await;
    say("bare scan through the port", records, scan, None);
    let decoded = median(|| self::scan(&journal, true)).await;
    say("bare scan that decodes", records, decoded, None);
    let mut round = 0;
    let rebuilt = median(|| {
        round += 1;
        follow(format!("sqlite:{}/views-{round}", folder.path().display()), journal.clone(), records)
    })
    .await;
    say("tally rebuilt into SQLite", records, rebuilt, Some(decoded));
    let loaded =
        median(|| follow(format!("sqlite:{}/views-1", folder.path().display()), journal.clone(), records)).await;
    say("tally loaded from its rows", records, loaded, None);
}

async fn fill(journal: &SharedJournal, records: u64) {
    let append = |n| async move {
        let record = laws::record(n);
        journal.append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap();
    };
    // The first few one by one: that is where the ledger says what it is.
    stream::iter(1..=8).for_each(append).await;
    stream::iter(9..=records).for_each_concurrent(APPENDS_IN_FLIGHT, append).await;
}

async fn scan(journal: &SharedJournal, decode: bool) -> Duration {
    let (began, mut after) = (Instant::now(), Position::START);
    loop {
        let page = journal.read(after, READ_MAX, &[]).await.unwrap();
        let Some(last) = page.last() else { return began.elapsed() };
        after = last.position;
        if decode {
            page.iter().for_each(|stored| drop(std::hint::black_box(wire::decode(&stored.body).unwrap())));
        }
    }
}

async fn follow(store: String, journal: SharedJournal, records: u64) -> Duration {
    let began = Instant::now();
    let tally = Tally::new(Store::open(&store).await.unwrap(), journal);
    let (index, stop) = (tally.index(), CancellationToken::new());
    let task = tokio::spawn(tally.run(stop.clone()));
    index.reached(Position(records), PATIENCE).await.unwrap();
    let took = began.elapsed();
    stop.cancel();
    task.await.unwrap();
    took
}

async fn median<F: Future<Output = Duration>>(mut once: impl FnMut() -> F) -> Duration {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(once().await);
    }
    rounds.sort();
    rounds[ROUNDS / 2]
}

fn say(what: &str, records: u64, took: Duration, beside: Option<Duration>) {
    let rate = records as f64 / took.as_secs_f64();
    let ratio = beside.map_or_else(String::new, |other| {
        format!("  {:.0} % of the scan that decodes", 100.0 * other.as_secs_f64() / took.as_secs_f64())
    });
    println!("{what:<36} {:>8.3} s  {:>10.0} records/s{ratio}", took.as_secs_f64(), rate);
}
