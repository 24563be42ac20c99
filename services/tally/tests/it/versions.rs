//! Two fold versions at once: each has its rows and its followers, they are compared cell by cell, and one of them is removed.

use std::time::Duration;

use async_trait::async_trait;
use domain::Position;
use sqlx::AnyConnection;
use tally::{FOLD_VERSION, SCHEMA, TallyView, compare_with, forget};
use tokio_util::sync::CancellationToken;
use views::{
    Decoded, Follower, Generation, Schema, Sink, Store, StoreError, View,
    laws::{self, Opened},
};

use crate::stores;

const PATIENCE: Duration = Duration::from_secs(60);
pub(crate) const OTHER: u32 = FOLD_VERSION + 1;

/// The same fold under another version's name, as a program before or after this one has it.
pub(crate) struct As(pub(crate) u32, pub(crate) TallyView);

#[async_trait]
impl View for As {
    fn schema(&self) -> Schema {
        Schema { fold_version: self.0, ..SCHEMA }
    }

    async fn load(&mut self, rows: &mut AnyConnection, of: &Generation, at: Position) -> anyhow::Result<()> {
        self.1.load(rows, of, at).await
    }

    async fn apply(&mut self, rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()> {
        self.1.apply(rows, batch).await
    }

    fn committed(&mut self, at: Position) {
        self.1.committed(at);
    }

    async fn dump(&self, rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
        self.1.dump(rows, sink).await
    }
}

async fn two_versions_stand_side_by_side(opened: Opened) {
    let journal = laws::journal_of(600).await;
    let store = Store::open(&opened.url).await.unwrap();
    let missing = compare_with(&store, &journal, OTHER, &mut |_| {}).await.unwrap_err();
    assert!(format!("{missing:?}").contains("are not there yet"), "{missing:?}");

    let stop = CancellationToken::new();
    let other =
        Follower::new(Store::open(&opened.url).await.unwrap(), journal.clone(), As(OTHER, TallyView::default()));
    let (other_reached, other_task) = (other.reached(), tokio::spawn(other.run(stop.clone())));
    other_reached.wait_for(Position(600), PATIENCE).await.unwrap();
    // Ours are built to exactly there, and compared.
    let compared = compare_with(&store, &journal, OTHER, &mut |_| {}).await.unwrap();
    assert_eq!((compared.position, compared.differences), (Position(600), Vec::new()));
    assert!(compared.cells > 0);

    // Both go on; each moves its own rows.
    let own = Follower::new(Store::open(&opened.url).await.unwrap(), journal.clone(), TallyView::default());
    let (own_reached, own_task) = (own.reached(), tokio::spawn(own.run(stop.clone())));
    for n in 601..=620 {
        let record = laws::record(n);
        journal.append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap();
    }
    for reached in [&own_reached, &other_reached] {
        reached.wait_for(Position(620), PATIENCE).await.unwrap();
    }
    stop.cancel();
    own_task.await.unwrap();
    other_task.await.unwrap();

    // What the other version counts otherwise is named.
    let theirs = store.current(Schema { fold_version: OTHER, ..SCHEMA }).await.unwrap();
    let mut tx = theirs.begin().await.unwrap();
    let changed = sqlx::query(
        "update cell set actual = actual + 1 where measure = 'party_org' and period = '2022' and unit =
         (select unit from cell where measure = 'party_org' and period = '2022' order by unit limit 1)",
    );
    assert_eq!(changed.execute(&mut *tx).await.unwrap().rows_affected(), 1);
    tx.commit().await.unwrap();
    let compared = compare_with(&store, &journal, OTHER, &mut |_| {}).await.unwrap();
    let [one] = &compared.differences[..] else { panic!("{compared:?}") };
    assert_eq!((one.measure.to_string().as_str(), compared.position), ("party_org", Position(620)));
    let actual = |printed: &str| printed.split('/').next().unwrap().parse::<i64>().unwrap();
    assert_eq!(actual(&one.other), actual(&one.own) + 1);

    theirs.close().await;
    forget(&store, OTHER).await.unwrap();
    let gone = store.reader().current(Schema { fold_version: OTHER, ..SCHEMA }).await.unwrap_err();
    assert!(matches!(gone, StoreError::NotMade { .. }), "{gone}");
    assert_eq!(store.current(SCHEMA).await.unwrap().checkpoint().await.unwrap().position, Position(620));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    two_versions_stand_side_by_side(stores::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    two_versions_stand_side_by_side(stores::postgres().await).await;
}
