//! Programs of two fold versions on one ledger and one store: only one of them tells the cells on NATS.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use async_nats::{Client, Subscriber};
use domain::{Position, Timestamp};
use futures::StreamExt;
use journal::{LedgerClock, Live, Now, Options, SharedJournal};
use serde_json::Value;
use tally::{Broadcast, FOLD_VERSION, SharedIndex, TallyView};
use testkit::nats::NatsServer;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use views::{Follower, Store, laws};

use crate::{
    stores,
    versions::{As, OTHER},
};

const PATIENCE: Duration = Duration::from_secs(60);
/// Longer than a record takes to be told.
const SILENCE: Duration = Duration::from_secs(3);

/// What a tally's process runs.
struct Program {
    stop: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

impl Program {
    async fn start(ledger: &str, store: &str, fold_version: u32) -> Self {
        let journal = journal::open(ledger, Options::default()).await.unwrap();
        let (stop, index) = (CancellationToken::new(), SharedIndex::default());
        // Every record is of then.
        let now: Now = Arc::new(|| Timestamp(1_672_531_200_000_000));
        let live = Arc::new(Live::new(LedgerClock::checked(now, None)));
        let view = As(fold_version, TallyView::of(index.clone()));
        let follower = Follower::new(Store::open(store).await.unwrap(), journal.clone(), view);
        let broadcast = Broadcast::new(index, follower.reached(), live.clone(), journal.clone());
        let broadcast = broadcast.of_version(fold_version, SILENCE);
        let (listens, url) = (stop.clone(), ledger.to_owned());
        let tasks = vec![
            tokio::spawn(async move { live.run(journal, listens).await.unwrap() }),
            tokio::spawn(follower.run(stop.clone())),
            tokio::spawn(broadcast.run(url, stop.clone())),
        ];
        Self { stop, tasks }
    }

    async fn end(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }
}

/// Hears all that is told.
struct Listener {
    ledger: SharedJournal,
    told: Subscriber,
    last: u64,
}

impl Listener {
    async fn begin(client: &Client, ledger: &str) -> Self {
        let ledger = journal::open(ledger, Options::default()).await.unwrap();
        Self { ledger, told: client.subscribe("socai.hp.cell.>").await.unwrap(), last: 0 }
    }

    /// Records so many more, and hears until they are told; the fold versions of everything that was told until then.
    async fn after(&mut self, records: u64) -> BTreeSet<u64> {
        for n in self.last + 1..=self.last + records {
            let record = laws::record(n);
            self.ledger.append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap();
        }
        self.last += records;
        let mut versions = BTreeSet::new();
        loop {
            let message = tokio::time::timeout(PATIENCE, self.told.next()).await.expect("it is told in time").unwrap();
            let value: Value = serde_json::from_slice(&message.payload).unwrap();
            if value["gone"] != true {
                versions.insert(value["fold_version"].as_u64().unwrap());
            }
            let whole = message.subject.ends_with(".cell.position");
            if whole && value["position"] == self.last {
                return versions;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_of_two_fold_versions_never_tell_in_turns() {
    let server = NatsServer::start().await;
    let (ledger, rows) = (server.url("hp"), stores::sqlite().await);
    let client = async_nats::connect(server.address()).await.unwrap();
    let mut listener = Listener::begin(&client, &ledger).await;
    let (older, later) = (u64::from(FOLD_VERSION), u64::from(OTHER));

    let first = Program::start(&ledger, &rows.url, FOLD_VERSION).await;
    assert_eq!(listener.after(80).await, [older].into());
    let second = Program::start(&ledger, &rows.url, OTHER).await;
    let followed = Store::open(&rows.url).await.unwrap();
    for _ in 0..10 {
        assert_eq!(listener.after(10).await, [older].into(), "who tells goes on");
    }
    let of_later = followed.current(views::Schema { fold_version: OTHER, ..tally::SCHEMA }).await.unwrap();
    assert!(of_later.checkpoint().await.unwrap().position > Position(80), "the other one follows");

    first.end().await;
    assert_eq!(listener.after(10).await, [later].into(), "then the other one tells, and all of it");
    let first = Program::start(&ledger, &rows.url, FOLD_VERSION).await;
    assert_eq!(listener.after(10).await, [later].into());
    second.end().await;
    assert_eq!(listener.after(10).await, [older].into(), "and back");
    first.end().await;
}
