//! One writer at a time, whoever was paused, killed or started beside.

use std::time::Duration;

use domain::Position;
use tokio_util::sync::CancellationToken;

use super::support::{Opened, SlowToLoad, append, claimed, decoded, expected_rows, journal_of, rows};
use crate::{Applied, Follower, Reached, State, View};

pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// An owner that sleeps while another takes over finds, when it wakes up, that it may not write; also at the very same position.
pub async fn a_paused_owner_that_wakes_up_cannot_write<V: View>(opened: Opened, make: impl Fn() -> V) {
    let (journal, store) = (journal_of(30).await, opened.store().await);
    let (mut paused_view, mut next_view) = (make(), make());
    let mut paused = claimed(&store, &journal, &mut paused_view, "paused").await;
    paused.apply(&mut paused_view, &decoded(1, 10)).await.unwrap();

    let next_store = opened.store().await;
    let mut next = claimed(&next_store, &journal, &mut next_view, "next").await;
    assert_eq!(paused.apply(&mut paused_view, &decoded(11, 20)).await.unwrap(), Applied::ByAnother);
    next.apply(&mut next_view, &decoded(11, 30)).await.unwrap();
    assert_eq!(paused.apply(&mut paused_view, &decoded(11, 12)).await.unwrap(), Applied::ByAnother);
    assert!(!paused.claim("paused").await.unwrap());
    assert_eq!(rows(&store, &next_view).await, expected_rows(make(), 30).await);
}

/// Two followers at once: one writes, the other reads along, and the rows are those of one.
pub async fn two_followers_never_interleave<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(40).await;
    let stop = CancellationToken::new();
    let mut running = Vec::new();
    let mut reached = Vec::new();
    for _ in 0..2 {
        let follower = Follower::new(opened.store().await, journal.clone(), make());
        reached.push(follower.reached());
        running.push(tokio::spawn(follower.run(stop.clone())));
    }
    for n in 41..=80 {
        append(&journal, [n]).await;
    }
    for one in &reached {
        one.wait_for(Position(80), PATIENCE).await.unwrap();
        started(one).await;
    }
    // Both have claimed the checkpoint; whoever lost it notices at the next record at the latest.
    append(&journal, [81]).await;
    tokio::select! {
        () = until(&reached[0], State::InReserve) => {}
        () = until(&reached[1], State::InReserve) => {}
    }
    for one in &reached {
        one.wait_for(Position(81), PATIENCE).await.unwrap();
    }
    stop.cancel();
    for one in running {
        one.await.unwrap();
    }
    assert_eq!(rows(&opened.store().await, &make()).await, expected_rows(make(), 81).await);
}

/// The one in reserve takes over when the owner stops.
pub async fn the_next_owner_takes_over<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(20).await;
    let (first_stop, second_stop) = (CancellationToken::new(), CancellationToken::new());
    let reserve = Follower::new(opened.store().await, journal.clone(), make());
    let (in_reserve, reserve_task) = (reserve.reached(), tokio::spawn(reserve.run(second_stop.clone())));
    in_reserve.wait_for(Position(20), PATIENCE).await.unwrap();

    // The one that starts last takes over at once, and the other notices at its next record.
    let owner = Follower::new(opened.store().await, journal.clone(), make());
    let (owns, owner_task) = (owner.reached(), tokio::spawn(owner.run(first_stop.clone())));
    until(&owns, State::Following).await;
    append(&journal, [21]).await;
    owns.wait_for(Position(21), PATIENCE).await.unwrap();
    until(&in_reserve, State::InReserve).await;

    first_stop.cancel();
    owner_task.await.unwrap();
    append(&journal, 22..=30).await;
    in_reserve.wait_for(Position(30), PATIENCE).await.unwrap();
    assert_eq!(in_reserve.status().state, State::Following);
    second_stop.cancel();
    reserve_task.await.unwrap();
    assert_eq!(rows(&opened.store().await, &make()).await, expected_rows(make(), 30).await);
}

/// While nothing is recorded, too, one that no longer writes comes to know it, and says that it is in reserve.
pub async fn an_owner_notices_its_successor_while_nothing_is_recorded<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(20).await;
    let stop = CancellationToken::new();
    let mut running = Vec::new();
    let mut start = async || {
        let follower = Follower::new(opened.store().await, journal.clone(), make());
        let follower = follower.with_look_every(Duration::from_millis(50));
        let reached = follower.reached();
        running.push(tokio::spawn(follower.run(stop.clone())));
        until(&reached, State::Following).await;
        reached
    };
    let (first, second) = (start().await, start().await);
    until(&first, State::InReserve).await;
    assert_eq!(second.status().state, State::Following);
    append(&journal, 21..=25).await;
    for one in [&first, &second] {
        one.wait_for(Position(25), PATIENCE).await.unwrap();
    }
    assert_eq!((first.status().state, second.status().state), (State::InReserve, State::Following));
    stop.cancel();
    for one in running {
        one.await.unwrap();
    }
    assert_eq!(rows(&opened.store().await, &make()).await, expected_rows(make(), 25).await);
}

/// An owner that says nothing while the journal goes on is taken to be gone, and cannot write when it comes back.
pub async fn a_silent_owner_is_replaced<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(20).await;
    let stop = CancellationToken::new();
    let follower = Follower::new(opened.store().await, journal.clone(), make()).with_lease(Duration::from_millis(300));
    let (reached, task) = (follower.reached(), tokio::spawn(follower.run(stop.clone())));
    reached.wait_for(Position(20), PATIENCE).await.unwrap();

    let (store, mut view) = (opened.store().await, make());
    let mut silent = claimed(&store, &journal, &mut view, "silent").await;
    append(&journal, 21..=25).await;
    reached.wait_for(Position(25), PATIENCE).await.unwrap();
    assert_eq!(silent.apply(&mut view, &decoded(21, 25)).await.unwrap(), Applied::ByAnother);
    stop.cancel();
    task.await.unwrap();
    assert_eq!(rows(&store, &make()).await, expected_rows(make(), 25).await);
}

/// One whose view takes long to load takes over from an owner that commits all the time, also while it loads.
pub async fn one_that_is_slow_to_load_takes_over_from_a_busy_owner<V: View>(opened: Opened, make: impl Fn() -> V) {
    let journal = journal_of(20).await;
    let (first_stop, second_stop) = (CancellationToken::new(), CancellationToken::new());
    let owner = Follower::new(opened.store().await, journal.clone(), make());
    let (owns, owner_task) = (owner.reached(), tokio::spawn(owner.run(first_stop.clone())));
    until(&owns, State::Following).await;

    let busy = CancellationToken::new();
    let (appended, enough) = (journal.clone(), busy.clone());
    let appending = tokio::spawn(async move {
        let mut n = 20;
        while !enough.is_cancelled() {
            n += 1;
            append(&appended, [n]).await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        n
    });
    let slow = SlowToLoad { view: make(), by: Duration::from_millis(200) };
    let slow = Follower::new(opened.store().await, journal.clone(), slow);
    let (takes_over, slow_task) = (slow.reached(), tokio::spawn(slow.run(second_stop.clone())));
    until(&takes_over, State::Following).await;
    busy.cancel();
    let last = appending.await.unwrap();
    takes_over.wait_for(Position(last), PATIENCE).await.unwrap();
    for (stop, task) in [(first_stop, owner_task), (second_stop, slow_task)] {
        stop.cancel();
        task.await.unwrap();
    }
    assert_eq!(rows(&opened.store().await, &make()).await, expected_rows(make(), last).await);
}

pub(super) async fn until(reached: &Reached, state: State) {
    until_it_is(reached, |now| *now == state).await;
}

async fn started(reached: &Reached) {
    until_it_is(reached, |now| matches!(now, State::Following | State::InReserve)).await;
}

async fn until_it_is(reached: &Reached, wanted: impl Fn(&State) -> bool) {
    let mut status = reached.subscribe();
    let waited = tokio::time::timeout(PATIENCE, status.wait_for(|status| wanted(&status.state))).await;
    assert!(waited.is_ok(), "the follower is still {:?}", reached.status());
}
