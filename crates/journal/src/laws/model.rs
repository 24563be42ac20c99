//! Random appends against the simplest journal there is: a list.

use bytes::Bytes;
use domain::{Kind, Position, StreamId};
use rand::{RngExt, SeedableRng, rngs::StdRng};

use super::{
    Place,
    support::{everything, must, next_record, stream, tip},
};
use crate::{AppendError, Journal, Stored};

const STEPS: usize = 300;

/// The seed is printed, and is taken from `SOCAI_SEED` when that is set.
pub async fn random_histories_agree_with_a_list(place: &dyn Place) {
    let seed = match std::env::var("SOCAI_SEED") {
        Ok(text) => must("parse SOCAI_SEED", text.parse()),
        Err(_) => rand::random(),
    };
    println!("seed {seed}: replay with SOCAI_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut list = Vec::new();
    let mut journal = place.open("ledger").await;
    let mut following = journal.follow(Position::START, &[]);
    for step in 0..STEPS {
        if step % 100 == 99 {
            drop(following);
            drop(journal);
            place.crash().await;
            journal = place.open("ledger").await;
            following = journal.follow(Position(list.len() as u64), &[]);
        }
        if let Some(stored) = append_somewhere(&*journal, &list, &mut rng).await {
            assert_eq!(next_record(&mut following).await, stored);
            list.push(stored);
        }
        compare_somewhere(&*journal, &list, &mut rng).await;
    }
    assert_eq!(everything(&*journal).await, list);
    assert_eq!(tip(&*journal).await.0, list.len() as u64);
}

fn some_stream(rng: &mut StdRng) -> StreamId {
    let kind = Kind::ALL[rng.random_range(0..4)];
    stream(kind, &rng.random_range(0..4).to_string())
}

/// Appends with a right or a wrong expectation, and checks that the answer is the list's. Returns what was stored.
async fn append_somewhere(journal: &dyn Journal, list: &[Stored], rng: &mut StdRng) -> Option<Stored> {
    let stream = some_stream(rng);
    let actual = list.iter().rev().find(|stored| stored.stream == stream).map(|stored| stored.position);
    let expected = match rng.random_range(0..10) {
        0 => None,
        1 => Some(Position(rng.random_range(1..=list.len() as u64 + 2))),
        _ => actual,
    };
    let mut body = vec![0; rng.random_range(1..2_000)];
    rng.fill(&mut body[..]);
    let body = Bytes::from(body);
    match journal.append(&stream, expected, body.clone()).await {
        Ok(position) => {
            assert_eq!((position.0, expected), (list.len() as u64 + 1, actual));
            Some(Stored { position, stream, body })
        }
        Err(AppendError::Conflict { actual: told, .. }) => {
            assert!(told == actual && expected != actual, "told {told:?}, expected {expected:?}, actual {actual:?}");
            None
        }
        Err(error) => panic!("{error:?}"),
    }
}

/// One load and one read with random bounds, against the list.
async fn compare_somewhere(journal: &dyn Journal, list: &[Stored], rng: &mut StdRng) {
    let after = Position(rng.random_range(0..=list.len() as u64 + 1));
    let limit = rng.random_range(0..20);
    let newer = || list.iter().filter(|stored| stored.position > after);
    let stream = some_stream(rng);
    let loaded = must("load", journal.load(&stream, after, limit).await);
    assert!(loaded.iter().eq(newer().filter(|stored| stored.stream == stream).take(limit)), "{stream} after {after}");

    let kinds = &Kind::ALL[..rng.random_range(0..3)];
    let read = must("read", journal.read(after, limit, kinds).await);
    let of_kinds = newer().filter(|stored| kinds.is_empty() || kinds.contains(&stored.stream.kind));
    assert!(read.iter().eq(of_kinds.take(limit)), "{kinds:?} after {after}, at most {limit}");
}
