//! Rows are a function of records: not of how they were delivered.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use domain::Position;
use sqlx::AnyConnection;
use tokio::sync::Notify;

use super::support::{Opened, claimed, decoded, expected_rows, journal_of, rows};
use crate::{Applied, Decoded, Generation, Halt, Schema, Session, Sink, View};

/// All at once gives the rows that one at a time gives.
pub async fn batches_do_not_matter<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, journal, mut view) = (opened.store().await, journal_of(90).await, make());
    let mut session = claimed(&store, &journal, &mut view, "only").await;
    for (from, to) in [(1, 3), (4, 60), (61, 90)] {
        assert_eq!(session.apply(&mut view, &decoded(from, to)).await.unwrap(), Applied::To(Position(to)));
    }
    assert_eq!(rows(&store, &view).await, expected_rows(make(), 90).await);
}

/// Records that come again, to this owner or to one that starts anew, change nothing.
pub async fn redelivery_changes_nothing<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, journal, mut view) = (opened.store().await, journal_of(40).await, make());
    let mut session = claimed(&store, &journal, &mut view, "first").await;
    session.apply(&mut view, &decoded(1, 20)).await.unwrap();
    let once = rows(&store, &view).await;
    assert_eq!(session.apply(&mut view, &decoded(1, 20)).await.unwrap(), Applied::To(Position(20)));
    assert_eq!(rows(&store, &view).await, once);

    let mut view = make();
    let mut session = claimed(&store, &journal, &mut view, "second").await;
    assert_eq!(session.position(), Position(20));
    assert_eq!(session.apply(&mut view, &decoded(1, 20)).await.unwrap(), Applied::To(Position(20)));
    assert_eq!(rows(&store, &view).await, once);
    session.apply(&mut view, &decoded(11, 40)).await.unwrap();
    assert_eq!(rows(&store, &view).await, expected_rows(make(), 40).await);

    let hole = session.apply(&mut view, &decoded(42, 43)).await;
    assert!(matches!(hole, Err(Halt::Lost { position: Position(41), .. })), "{hole:?}");
}

/// A follower that ends between its rows and its commit, by an error or by being killed, leaves neither rows nor checkpoint.
pub async fn rows_and_checkpoint_commit_together<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, journal) = (opened.store().await, journal_of(30).await);
    let mut view = Breaks::around(make());
    let mut session = claimed(&store, &journal, &mut view, "first").await;
    session.apply(&mut view, &decoded(1, 10)).await.unwrap();
    let before = rows(&store, &view).await;

    view.fails.store(true, Ordering::Relaxed);
    assert!(session.apply(&mut view, &decoded(11, 30)).await.is_err());
    assert_eq!((rows(&store, &view).await, position(&session).await), (before, Position(10)));

    view.fails.store(false, Ordering::Relaxed);
    let (written, journal_too) = (view.hangs(), journal.clone());
    let (store_too, killed_view) = (opened.store().await, make());
    let killed = tokio::spawn(async move {
        let mut view = Breaks { inner: killed_view, ..view };
        let mut session = claimed(&store_too, &journal_too, &mut view, "killed").await;
        session.apply(&mut view, &decoded(11, 30)).await
    });
    written.notified().await;
    killed.abort();
    assert!(killed.await.unwrap_err().is_cancelled());

    let mut view = make();
    let mut session = claimed(&store, &journal, &mut view, "next").await;
    assert_eq!(session.position(), Position(10));
    session.apply(&mut view, &decoded(11, 30)).await.unwrap();
    assert_eq!(rows(&store, &view).await, expected_rows(make(), 30).await);
}

async fn position(session: &Session) -> Position {
    session.generation().checkpoint().await.expect("the checkpoint is read").position
}

/// A view that, when told so, fails or hangs after it has written its rows.
struct Breaks<V> {
    inner: V,
    fails: AtomicBool,
    hangs: Option<Arc<Notify>>,
}

impl<V> Breaks<V> {
    fn around(inner: V) -> Self {
        Self { inner, fails: AtomicBool::new(false), hangs: None }
    }

    /// From now on it says when its rows are written, and never returns.
    fn hangs(&mut self) -> Arc<Notify> {
        self.hangs.get_or_insert_default().clone()
    }
}

#[async_trait]
impl<V: View> View for Breaks<V> {
    fn schema(&self) -> Schema {
        self.inner.schema()
    }

    async fn load(&mut self, rows: &mut AnyConnection, of: &Generation, at: Position) -> anyhow::Result<()> {
        self.inner.load(rows, of, at).await
    }

    async fn apply(&mut self, rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()> {
        self.inner.apply(rows, batch).await?;
        if let Some(written) = &self.hangs {
            written.notify_one();
            std::future::pending::<()>().await;
        }
        anyhow::ensure!(!self.fails.load(Ordering::Relaxed), "the test said so");
        Ok(())
    }

    fn committed(&mut self, at: Position) {
        self.inner.committed(at);
    }

    async fn dump(&self, rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
        self.inner.dump(rows, sink).await
    }
}
