//! A database that goes away and comes back.

use std::time::Duration;

use domain::Position;
use testkit::postgres::Postgres;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use views::{Follower, State, Store, laws};

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_goes_away_is_waited_for() {
    let server = Postgres::start();
    let (journal, stop) = (laws::journal_of(30).await, CancellationToken::new());
    let store = Store::open(&server.database().await).await.unwrap();
    let follower = Follower::new(store, journal.clone(), laws::Tables);
    let (reached, task) = (follower.reached(), tokio::spawn(follower.run(stop.clone())));
    reached.wait_for(Position(30), PATIENCE).await.unwrap();

    server.stop();
    let next = laws::record(31);
    journal.append(&next.stream, None, wire::encode(&next).unwrap()).await.unwrap();
    let mut status = reached.subscribe();
    let waits = status.wait_for(|status| matches!(status.state, State::Waiting { .. }));
    assert_eq!(timeout(PATIENCE, waits).await.unwrap().unwrap().position, Position(30));

    server.resume();
    reached.wait_for(Position(31), PATIENCE).await.unwrap();
    assert_eq!(reached.status().state, State::Following);
    stop.cancel();
    task.await.unwrap();
}
