//! Rows can always be made again, and then they are the same.

use domain::Position;

use super::{
    follower::following,
    owners::PATIENCE,
    support::{Opened, append, claimed, decoded, expected_rows, journal_of, rows},
};
use crate::{View, rebuild};

/// Built beside, equal, switched, and the old rows gone.
pub async fn rebuild_gives_equal_rows<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, journal, mut view) = (opened.store().await, journal_of(60).await, make());
    let mut session = claimed(&store, &journal, &mut view, "first").await;
    session.apply(&mut view, &decoded(1, 7)).await.unwrap();
    session.apply(&mut view, &decoded(8, 50)).await.unwrap();

    let mut heard = Vec::new();
    let rebuilt = rebuild(&store, &journal, &make, &mut |position, _| heard.push(position)).await.unwrap();
    assert_eq!((rebuilt.compared_at, rebuilt.differences), (Some(Position(50)), Vec::new()));
    assert_eq!((rebuilt.position, rebuilt.generation), (Position(60), 2));
    assert_eq!(heard.last(), Some(&Position(60)));
    assert_eq!(store.pointer(view.schema()).await.unwrap(), Some(2));
    assert_eq!(rows(&store, &view).await, expected_rows(make(), 60).await);

    let again = rebuild(&store, &journal, &make, &mut |_, _| {}).await.unwrap();
    assert_eq!((again.compared_at, again.differences, again.generation), (Some(Position(60)), Vec::new(), 3));
}

/// Rows that the ledger does not give are named, kept beside, and replaced.
pub async fn a_rebuild_reports_and_replaces_damaged_rows<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, journal, mut view) = (opened.store().await, journal_of(30).await, make());
    let mut session = claimed(&store, &journal, &mut view, "first").await;
    let mut wrong = decoded(1, 30);
    let foreign = super::record(23);
    (wrong[22].record, wrong[22].body) = (super::record(20), super::support::body(&super::record(20)));
    assert_ne!(foreign, wrong[22].record);
    session.apply(&mut view, &wrong).await.unwrap();

    let rebuilt = rebuild(&store, &journal, &make, &mut |_, _| {}).await.unwrap();
    assert_eq!(rebuilt.compared_at, Some(Position(30)));
    assert!(!rebuilt.differences.is_empty());
    assert_eq!(rows(&store, &view).await, expected_rows(make(), 30).await);
}

/// A follower of the old rows finds the new ones; what is recorded meanwhile is in them.
pub async fn a_rebuild_under_a_running_follower_loses_nothing<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(30).await;
    let (reached, stop, task) = following(&opened, &journal, make()).await;
    reached.wait_for(Position(30), PATIENCE).await.unwrap();

    let store = opened.store().await;
    let mut quiet = |_, _| {};
    let (rebuilt, ()) = tokio::join!(rebuild(&store, &journal, &make, &mut quiet), append(&journal, 31..=60));
    assert_eq!(rebuilt.unwrap().differences, Vec::new());
    append(&journal, 61..=70).await;
    reached.wait_for(Position(70), PATIENCE).await.unwrap();
    stop.cancel();
    task.await.unwrap();
    assert_eq!(store.pointer(make().schema()).await.unwrap(), Some(2));
    assert_eq!(rows(&store, &make()).await, expected_rows(make(), 70).await);
}
