//! Rows can always be made again, and then they are the same.

use std::time::Duration;

use domain::Position;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{
    follower::{following, tampered_at},
    owners::PATIENCE,
    support::{Opened, append, claimed, decoded, expected_rows, journal_of, rows},
};
use crate::{Follower, State, View, rebuild};

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

/// A follower that stopped before rows of another ledger finds those that a rebuild has made, goes on with them, and folds what is recorded next.
pub async fn a_stopped_follower_goes_on_after_a_rebuild<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, mut view) = (opened.store().await, make());
    let mut session = claimed(&store, &tampered_at(20, 20).await, &mut view, "lost").await;
    session.apply(&mut view, &decoded(1, 20)).await.unwrap();
    session.release().await.unwrap();

    let (journal, stop) = (journal_of(15).await, CancellationToken::new());
    let follower =
        Follower::new(opened.store().await, journal.clone(), make()).with_look_every(Duration::from_millis(20));
    let (reached, mut status) = (follower.reached(), follower.reached().subscribe());
    let task = tokio::spawn(follower.run(stop.clone()));
    let stopped =
        status.wait_for(|status| matches!(status.state, State::Stopped { at: Position(20), foreign: true, .. }));
    timeout(PATIENCE, stopped).await.expect("it stops").unwrap();

    let rebuilt = rebuild(&store, &journal, &make, &mut |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.position, rebuilt.compared_at), (Position(15), None));
    timeout(PATIENCE, status.wait_for(|status| status.state == State::Following)).await.expect("it goes on").unwrap();
    append(&journal, 16..=25).await;
    reached.wait_for(Position(25), PATIENCE).await.unwrap();
    stop.cancel();
    task.await.unwrap();
    assert_eq!(rows(&store, &make()).await, expected_rows(make(), 25).await);
}
