//! The loop at its edges: the passage into the present, a record it cannot read, another ledger.

use std::sync::Arc;

use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use journal::{SharedJournal, memory::Memory};
use tokio_util::sync::CancellationToken;

use super::{
    owners::PATIENCE,
    support::{Opened, append, body, claimed, decoded, expected_rows, journal_of, rows},
};
use crate::{Follower, Reached, Session, State, View};

/// What was there before it started and what comes after it caught up are folded alike, each once.
pub async fn follower_crosses_from_past_to_present<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(25).await;
    let (reached, stop, task) = following(&opened, &journal, make()).await;
    reached.wait_for(Position(25), PATIENCE).await.unwrap();
    for n in 26..=50 {
        append(&journal, [n]).await;
        reached.wait_for(Position(n), PATIENCE).await.unwrap();
    }
    assert_eq!(reached.lag(Position(53)), 3);
    stop.cancel();
    task.await.unwrap();
    assert_eq!(rows(&opened.store().await, &make()).await, expected_rows(make(), 50).await);
}

/// A record that cannot be read stops the view there, with everything before it folded, and says where.
pub async fn unknown_event_names_its_position<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(12).await;
    let unreadable = StreamId::of_key(Kind::Query, "unreadable");
    journal.append(&unreadable, None, Bytes::from_static(b"\xff\xff not a record")).await.unwrap();
    let (reached, stop, task) = following(&opened, &journal, make()).await;
    let behind = reached.wait_for(Position(13), PATIENCE).await.unwrap_err();
    assert_eq!(behind.reached, Position(12));
    let State::Stopped { at, why, .. } = reached.status().state else { panic!("it goes on: {:?}", reached.status()) };
    assert_eq!(at, Position(13));
    assert!(why.contains("position 13"), "{why}");
    // Whoever can read it takes over without waiting.
    let session = Session::open(&opened.store().await, &journal_of(12).await, make().schema()).await.unwrap();
    assert!(session.is_free_for("a later version"));
    stop.cancel();
    task.await.unwrap();
    assert_eq!(rows(&opened.store().await, &make()).await, expected_rows(make(), 12).await);
}

/// Another ledger under the same name is not folded on top: neither a different one, nor one whose history differs, nor one restored
/// to an earlier day.
pub async fn a_replaced_ledger_is_noticed<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (store, mut view) = (opened.store().await, make());
    let mut session = claimed(&store, &journal_of(20).await, &mut view, "first").await;
    session.apply(&mut view, &decoded(1, 20)).await.unwrap();
    session.release().await.unwrap();
    let before = rows(&store, &view).await;

    for (other, says) in [
        (tampered_at(1, 25).await, "first record"),
        (tampered_at(20, 25).await, "another record"),
        (journal_of(15).await, "ends at position 15"),
    ] {
        let (reached, stop, task) = following(&opened, &other, make()).await;
        reached.wait_for(Position(21), PATIENCE).await.unwrap_err();
        let State::Stopped { at, why, .. } = reached.status().state else {
            panic!("it goes on: {:?}", reached.status())
        };
        assert_eq!(at, Position(20));
        assert!(why.contains(says), "{why}");
        stop.cancel();
        task.await.unwrap();
    }
    assert_eq!(rows(&store, &view).await, before);
}

pub(super) async fn following<V: View>(
    opened: &Opened,
    journal: &SharedJournal,
    view: V,
) -> (Reached, CancellationToken, tokio::task::JoinHandle<()>) {
    let (stop, follower) = (CancellationToken::new(), Follower::new(opened.store().await, journal.clone(), view));
    (follower.reached(), stop.clone(), tokio::spawn(follower.run(stop)))
}

/// The synthetic ledger, but for one record.
pub(super) async fn tampered_at(position: u64, len: u64) -> SharedJournal {
    let journal: SharedJournal = Arc::new(Memory::default());
    for n in 1..=len {
        let mut record = super::record(n);
        if n == position {
            record.command_name = "tampered".into();
        }
        journal.append(&record.stream, None, body(&record)).await.unwrap();
    }
    journal
}
