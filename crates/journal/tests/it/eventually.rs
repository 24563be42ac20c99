//! A small aggregate, driven through the `Repository` of `eventually`, on SQLite and on JetStream.

use std::convert::Infallible;

use bytes::Bytes;
use domain::{Kind, StreamId};
use eventually::{
    aggregate::{Aggregate, AggregateRootBuilder},
    repository::Repository,
    store::{AppendError as _, EventStore, Expected, Select},
    versioning::Versioned,
};
use futures::{FutureExt, TryStreamExt, future::BoxFuture};
use journal::{
    BoxError, Options, SharedJournal, Stored,
    eventually::{JournalStore, Mapping, StoreError},
};
use testkit::nats::NatsServer;
use uuid::Uuid;

/// A tally of what came in.
#[derive(Clone)]
struct Counter;

impl Aggregate for Counter {
    type Id = Uuid;
    type State = u64;
    type Event = u8;
    type Command = Vec<u8>;
    type Error = Infallible;

    fn apply(state: u64, event: u8) -> Result<u64, Infallible> {
        Ok(state + u64::from(event))
    }

    fn handle<'a, 's: 'a>(
        &'a self,
        _: &'s Uuid,
        _: &'s u64,
        command: Vec<u8>,
    ) -> BoxFuture<'a, Result<Option<Vec<u8>>, Infallible>> {
        async move { Ok(Some(command)) }.boxed()
    }
}

/// Four bytes of version, then a byte an event.
#[derive(Clone)]
struct Counters;

impl Mapping for Counters {
    type Id = Uuid;
    type Event = u8;
    const KIND: Kind = Kind::Batch;

    fn stream(&self, id: &Uuid) -> StreamId {
        StreamId::new(Self::KIND, *id)
    }

    fn id(&self, stream: StreamId) -> Uuid {
        stream.id
    }

    fn encode(&self, _: StreamId, version: u32, events: &[u8]) -> Result<Bytes, BoxError> {
        Ok([&version.to_be_bytes()[..], events].concat().into())
    }

    fn decode(&self, stored: &Stored) -> Result<(u32, Vec<u8>), BoxError> {
        let (version, events) = stored.body.split_first_chunk().ok_or("no version")?;
        Ok((u32::from_be_bytes(*version), events.to_vec()))
    }
}

type Counting = Repository<Counter, JournalStore<Counters>>;

fn counting(journal: &SharedJournal) -> Counting {
    Repository::new(AggregateRootBuilder::from(Counter), JournalStore::new(journal.clone(), Counters))
}

fn id(name: &str) -> Uuid {
    StreamId::of_key(Kind::Batch, name).id
}

async fn on_sqlite() -> (tempfile::TempDir, SharedJournal) {
    let folder = tempfile::tempdir().expect("failed to make a folder");
    let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
    (folder, journal::open(&url, Options::default()).await.expect("failed to open the ledger"))
}

async fn on_jetstream() -> (NatsServer, SharedJournal) {
    let server = NatsServer::start().await;
    let journal = journal::open(&server.url("hp"), Options::default()).await.expect("failed to open the ledger");
    (server, journal)
}

#[tokio::test]
async fn an_aggregate_is_kept_through_its_repository_on_sqlite() {
    let (_folder, journal) = on_sqlite().await;
    an_aggregate_is_kept_through_its_repository(journal).await;
}

#[tokio::test]
async fn an_aggregate_is_kept_through_its_repository_on_jetstream() {
    let (_server, journal) = on_jetstream().await;
    an_aggregate_is_kept_through_its_repository(journal).await;
}

async fn an_aggregate_is_kept_through_its_repository(journal: SharedJournal) {
    let mut repository = counting(&journal);
    let mut root = AggregateRootBuilder::from(Counter).build(id("a"));
    for round in 1..=12 {
        root.handle(vec![1, 2]).await.unwrap();
        root.handle(vec![3]).await.unwrap();
        root = repository.add(root).await.unwrap();
        assert_eq!((root.version(), *root.state()), (round, u64::from(6 * round)));
    }
    // What was decided together is one record.
    assert_eq!(journal.tip().await.unwrap().0, 12);
    let again = repository.get(id("a")).await.unwrap();
    assert_eq!((again.version(), *again.state()), (12, 72));
    assert_eq!(repository.get(id("nobody")).await.unwrap().version(), 0);

    let removed = repository.remove(id("a")).await.unwrap_err();
    assert!(matches!(removed, eventually::repository::Error::Store(StoreError::Kept { .. })), "{removed:?}");
    assert_eq!(journal.tip().await.unwrap().0, 12);
}

#[tokio::test]
async fn of_two_that_decide_on_the_same_state_one_is_told_of_the_other_on_sqlite() {
    let (_folder, journal) = on_sqlite().await;
    of_two_that_decide_on_the_same_state_one_is_told_of_the_other(journal).await;
}

#[tokio::test]
async fn of_two_that_decide_on_the_same_state_one_is_told_of_the_other_on_jetstream() {
    let (_server, journal) = on_jetstream().await;
    of_two_that_decide_on_the_same_state_one_is_told_of_the_other(journal).await;
}

async fn of_two_that_decide_on_the_same_state_one_is_told_of_the_other(journal: SharedJournal) {
    let mut store = JournalStore::new(journal.clone(), Counters);
    assert_eq!(store.append(id("a"), Expected::Exact(0), vec![1]).await.unwrap(), 1);
    assert_eq!(store.append(id("a"), Expected::Exact(1), vec![2, 3]).await.unwrap(), 2);
    for stale in [0, 1, 3] {
        let refused = store.append(id("a"), Expected::Exact(stale), vec![9]).await.unwrap_err();
        assert!(refused.is_conflict_error(), "{refused:?}");
    }
    let rivals = (0..8).map(|n| {
        let mut store = store.clone();
        async move { store.append(id("a"), Expected::Exact(2), vec![n]).await }
    });
    let outcomes = futures::future::join_all(rivals).await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Ok(3))).count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().flat_map(|outcome| outcome.as_ref().err()).all(StoreError::is_conflict_error));

    assert_eq!(store.append(id("a"), Expected::Any, vec![7]).await.unwrap(), 4);
    assert_eq!(store.append(id("b"), Expected::Any, vec![8]).await.unwrap(), 1);
    assert_eq!(journal.tip().await.unwrap().0, 5);
}

#[tokio::test]
async fn events_come_in_order_from_a_version_or_a_sequence_number() {
    let (_folder, journal) = on_sqlite().await;
    let mut store = JournalStore::new(journal.clone(), Counters);
    for n in 0..4 {
        store.append(id("a"), Expected::Exact(n), vec![10, 11]).await.unwrap();
        store.append(id("b"), Expected::Exact(n), vec![20]).await.unwrap();
    }
    journal.append(&StreamId::of_key(Kind::Target, "x"), None, Bytes::from_static(b"of another kind")).await.unwrap();
    let of_a: Vec<_> = store.stream(id("a"), Select::From(3)).await.unwrap().try_collect().await.unwrap();
    let versions: Vec<_> = of_a.iter().map(|event| (event.version(), **event)).collect();
    assert_eq!(versions, [(3, 10), (3, 11), (4, 10), (4, 11)]);
    let all: Vec<_> = store.stream_all(Select::From(6)).await.unwrap().try_collect().await.unwrap();
    let sequence: Vec<_> = all.iter().map(|event| (event.sequence_number(), **event)).collect();
    assert_eq!(sequence, [(6, 20), (7, 10), (7, 11), (8, 20)]);
    let everything: Vec<_> = store.stream_all(Select::All).await.unwrap().try_collect().await.unwrap();
    assert_eq!(everything.len(), 12);
}
