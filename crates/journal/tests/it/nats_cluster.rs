//! Three replicas, whose leader is killed while writers contend for the same streams.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use async_nats::jetstream;
use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use journal::{AppendError, Durability, Journal, Options, SharedJournal};
use testkit::nats::NatsServer;

/// Elections take seconds, and many of them on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(240);
const BACKOFF: Duration = Duration::from_millis(20);
const WRITERS: usize = 4;
const STREAMS: usize = 3;
/// Records that each writer must see acknowledged; the leader is killed after a third and after two thirds of all of them.
const EACH: usize = 30;

fn stream(n: usize) -> StreamId {
    StreamId::of_key(Kind::Structure, &n.to_string())
}

/// Opens the ledger once the cluster has elected who may create it.
async fn open(url: &str) -> SharedJournal {
    let begun = Instant::now();
    loop {
        match journal::open(url, Options::default()).await {
            Ok(journal) => return journal,
            Err(error) => assert!(begun.elapsed() < PATIENCE, "the cluster never took the ledger: {error:?}"),
        }
        tokio::time::sleep(BACKOFF).await;
    }
}

/// One body, until it is acknowledged: again with the same expectation while the outcome is unknown, with another one when
/// something else came in between. The answer to "was that mine?" is in the records after the expectation.
async fn append(journal: &dyn Journal, stream: StreamId, body: Bytes) -> Position {
    let begun = Instant::now();
    let (mut expected, mut outcome) = (None, None);
    while begun.elapsed() < PATIENCE {
        match journal.append(&stream, expected, body.clone()).await {
            Ok(position) => return position,
            Err(conflict @ AppendError::Conflict { .. }) => {
                outcome = Some(conflict);
                let after = journal.load(&stream, expected.unwrap_or_default(), 1_000).await.unwrap_or_default();
                if let Some(mine) = after.iter().find(|stored| stored.body == body) {
                    return mine.position;
                }
                match after.last() {
                    Some(winner) => expected = Some(winner.position),
                    // The winner is still in flight: back off.
                    None => tokio::time::sleep(BACKOFF).await,
                }
            }
            Err(
                error @ (AppendError::Unavailable(_) | AppendError::OutcomeUnknown { .. } | AppendError::Busy { .. }),
            ) => {
                outcome = Some(error);
                tokio::time::sleep(BACKOFF).await;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("{body:?} was never acknowledged; the last answer was {outcome:?}");
}

async fn leader(context: &jetstream::Context) -> Option<usize> {
    let mut ledger = context.get_stream("socai-hp").await.ok()?;
    let leader = ledger.info().await.ok()?.cluster.as_ref()?.leader.clone()?;
    leader.strip_prefix("node-")?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_that_contend_while_leaders_are_killed_lose_nothing_and_double_nothing() {
    let servers = NatsServer::start_cluster(3).await;
    let url = NatsServer::cluster_url(&servers, "hp");
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let first = open(&url).await;
    assert_eq!(first.durability(), Durability::Replicated { replicas: 3, fsync: false });
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let (journal, acknowledged) = (open(&url).await, acknowledged.clone());
        writers.spawn(async move {
            let mut told = Vec::new();
            for n in 0..EACH {
                let (stream, body) = (stream(n % STREAMS), Bytes::from(format!("writer {writer}, record {n}")));
                told.push((append(&*journal, stream, body.clone()).await, stream, body));
                acknowledged.fetch_add(1, SeqCst);
            }
            told
        });
    }
    kill_leaders(&servers, &acknowledged).await;
    let told: BTreeMap<_, _> = writers
        .join_all()
        .await
        .into_iter()
        .flatten()
        .map(|(position, stream, body)| (position, (stream, body)))
        .collect();

    assert_eq!(told.len(), WRITERS * EACH, "a position was given out twice");
    let stored = first.read(Position::START, 10 * WRITERS * EACH, &[]).await.unwrap();
    assert!(stored.iter().map(|stored| stored.position).eq((1..=told.len() as u64).map(Position)));
    for record in stored {
        assert_eq!(told[&record.position], (record.stream, record.body));
    }
    fewer_replicas_are_told(&*first, &servers).await;
}

/// What somebody changes while it is in use is told from the next look on.
async fn fewer_replicas_are_told(journal: &dyn Journal, servers: &[NatsServer]) {
    let addresses: Vec<_> = servers.iter().map(NatsServer::address).collect();
    let context = jetstream::new(async_nats::connect(addresses).await.expect("failed to connect"));
    let mut found = context.get_stream("socai-hp").await.expect("failed to find the stream");
    let config = found.info().await.expect("failed to look at the stream").config.clone();
    context.update_stream(jetstream::stream::Config { num_replicas: 1, ..config }).await.expect("failed to change it");
    journal.examine().await.expect("failed to examine");
    assert_eq!(journal.durability(), Durability::Buffered);
}

async fn kill_leaders(servers: &[NatsServer], acknowledged: &AtomicUsize) {
    let addresses: Vec<_> = servers.iter().map(NatsServer::address).collect();
    let context = jetstream::new(async_nats::connect(addresses).await.expect("failed to connect"));
    for third in 1..=2 {
        let begun = Instant::now();
        while acknowledged.load(SeqCst) < third * WRITERS * EACH / 3 {
            assert!(begun.elapsed() < PATIENCE, "the writers stand still");
            tokio::time::sleep(BACKOFF).await;
        }
        let node = loop {
            match leader(&context).await {
                Some(node) => break node,
                None => assert!(begun.elapsed() < PATIENCE, "nobody leads"),
            }
        };
        servers[node].kill();
        servers[node].start_again().await;
    }
}
