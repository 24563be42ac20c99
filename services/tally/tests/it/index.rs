//! The index in memory: kept, loaded, read along elsewhere, always the fold of the records up to its position.

use std::time::Duration;

use domain::{
    LocalDate, Position, Reference,
    fold::{Facts, TallyQuery, tally},
};
use journal::SharedJournal;
use tally::{SharedIndex, Tally, TallyReader};
use tokio_util::sync::CancellationToken;
use views::{Store, StoreReader, laws};

use crate::stores;

const PATIENCE: Duration = Duration::from_secs(60);
/// More than two segments of 2022, and a tail.
const MANY: u64 = 9_500;

/// Facts and reference of the first records, folded here.
fn folded(len: u64) -> (Reference, Facts) {
    let (mut reference, mut facts) = (Reference::default(), Facts::default());
    for n in 1..=len {
        let record = laws::record(n);
        for event in &record.events {
            facts.fold(Position(n), record.stream, event);
            reference.apply(Position(n), event);
        }
        facts.advance(Position(n));
    }
    (reference, facts)
}

fn question(known: u64) -> TallyQuery {
    let last: LocalDate = "2022-12-31".parse().unwrap();
    TallyQuery {
        programme: "nq28".parse().unwrap(),
        period: "2022".parse().unwrap(),
        valid: last,
        judged_on: last,
        known: Some(Position(known)),
    }
}

fn assert_is(index: &SharedIndex, len: u64) {
    let (reference, facts) = folded(len);
    let expected = tally(&reference, &facts, &question(len)).unwrap();
    assert!(expected.measures.iter().all(|measure| measure.total > 0), "the question is worth asking");
    assert_eq!(index.position(), Position(len));
    assert_eq!(index.tally(&reference, &question(len)).unwrap(), expected);
    assert!(index.with(|all| all.iter().eq(facts.iter())));
}

async fn start(url: &str, journal: &SharedJournal) -> (SharedIndex, CancellationToken, tokio::task::JoinHandle<()>) {
    let tally = Tally::new(Store::open(url).await.unwrap(), journal.clone());
    let (index, stop) = (tally.index(), CancellationToken::new());
    (index, stop.clone(), tokio::spawn(tally.run(stop)))
}

async fn append(journal: &SharedJournal, n: u64) {
    let record = laws::record(n);
    journal.append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_finds_the_facts_where_they_were() {
    let opened = stores::sqlite().await;
    let journal = laws::journal_of(MANY).await;
    let (index, stop, task) = start(&opened.url, &journal).await;
    index.reached(Position(MANY), PATIENCE).await.unwrap();
    assert_is(&index, MANY);
    append(&journal, MANY + 1).await;
    index.reached(Position(MANY + 1), PATIENCE).await.unwrap();
    stop.cancel();
    task.await.unwrap();

    append(&journal, MANY + 2).await;
    let (index, stop, task) = start(&opened.url, &journal).await;
    index.reached(Position(MANY + 2), PATIENCE).await.unwrap();
    assert_is(&index, MANY + 2);
    stop.cancel();
    task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_in_another_process_sees_the_same() {
    let opened = stores::postgres().await;
    let journal = laws::journal_of(4_000).await;
    let (index, stop, task) = start(&opened.url, &journal).await;
    index.reached(Position(4_000), PATIENCE).await.unwrap();

    let reader = TallyReader::new(StoreReader::open(&opened.url).await.unwrap(), journal.clone());
    let (elsewhere, reading) = (reader.index(), tokio::spawn(reader.run(stop.clone())));
    elsewhere.reached(Position(4_000), PATIENCE).await.unwrap();
    assert_is(&elsewhere, 4_000);
    // Record by record, past the sealing of a segment that the reader has half of.
    for n in 4_001..=4_700 {
        append(&journal, n).await;
    }
    elsewhere.reached(Position(4_700), PATIENCE).await.unwrap();
    assert_is(&elsewhere, 4_700);

    let rebuilt = tally::rebuild(&Store::open(&opened.url).await.unwrap(), &journal, &mut |_, _| {}).await.unwrap();
    assert_eq!(rebuilt.differences, Vec::new());
    append(&journal, 4_701).await;
    elsewhere.reached(Position(4_701), PATIENCE).await.unwrap();
    assert_is(&elsewhere, 4_701);
    stop.cancel();
    task.await.unwrap();
    reading.await.unwrap();
}

#[tokio::test]
async fn a_position_not_reached_is_said() {
    let index = SharedIndex::default();
    let behind = index.reached(Position(7), Duration::from_millis(1)).await.unwrap_err();
    assert_eq!(behind.reached, Position::START);
}
