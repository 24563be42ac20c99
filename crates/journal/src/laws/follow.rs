//! Laws of following: from the past into the present, nothing skipped, nothing twice.

use domain::{Kind, Position};

use super::{
    Place,
    support::{PATIENCE, append, body, everything, grow, must, next, next_record, stream},
};
use crate::{Append, Followed};

pub async fn follow_passes_from_past_to_present(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let ours = stream(Kind::Organisation, "ours");
    let mut last = grow(&*journal, ours, None, 5).await;
    let mut from_start = journal.follow(Position::START, &[]);
    let mut from_three = journal.follow(Position(3), &[]);
    let mut from_tip = journal.follow(Position(5), &[]);
    let mut seen = Vec::new();
    for _ in 1..=5 {
        seen.push(next_record(&mut from_start).await);
    }
    for position in 6..=40 {
        last = append(&*journal, ours, Some(last), position).await;
        // The one at the tip is always caught up; the others pass from the past into the present while the tip moves.
        assert_eq!(next_record(&mut from_tip).await.position, Position(position));
        seen.push(next_record(&mut from_start).await);
    }
    assert_eq!(seen, everything(&*journal).await);
    for position in 4..=40 {
        assert_eq!(next_record(&mut from_three).await.position, Position(position));
    }
}

pub async fn slow_follower_skips_nothing(place: &dyn Place) {
    const RECORDS: u64 = 12_000;
    let journal = place.open("ledger").await;
    append(&*journal, stream(Kind::Batch, "first"), None, 1).await;
    let mut following = journal.follow(Position::START, &[]);
    assert_eq!(next_record(&mut following).await.position, Position(1));
    let lanes = (0..100).map(|lane| {
        let journal = journal.clone();
        tokio::spawn(async move {
            let mut last = None;
            for n in (2..=RECORDS).filter(|n| n % 100 == lane) {
                last = Some(append(&*journal, stream(Kind::Batch, &format!("lane {lane}")), last, n).await);
            }
        })
    });
    for lane in futures::future::join_all(lanes).await {
        must("join a lane", lane);
    }
    for position in 2..=RECORDS {
        assert_eq!(next_record(&mut following).await.position, Position(position));
    }
}

pub async fn a_filtered_follower_learns_how_far_it_has_seen(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let (target, batch) = (stream(Kind::Target, "ours"), stream(Kind::Batch, "other"));
    let first = append(&*journal, target, None, "matches").await;
    let others = grow(&*journal, batch, None, 7).await;
    let mut following = journal.follow(Position::START, &[Kind::Target, Kind::Ledger]);
    let mut seen = Seen::default();
    seen.until(&mut following, others).await;
    assert_eq!(seen.records, [first]);

    let others = grow(&*journal, batch, Some(others), 3).await;
    seen.until(&mut following, others).await;
    assert_eq!(seen.records, [first]);

    let second = append(&*journal, target, Some(first), "matches").await;
    seen.until(&mut following, second).await;
    assert_eq!(seen.records, [first, second]);
}

#[derive(Default)]
struct Seen {
    records: Vec<Position>,
    up_to: Position,
}

impl Seen {
    async fn until(&mut self, following: &mut super::support::Following, position: Position) {
        while self.up_to < position {
            let up_to = match next(following).await {
                Followed::Record(stored) => {
                    self.records.push(stored.position);
                    stored.position
                }
                Followed::UpTo(position) => position,
            };
            assert!(up_to > self.up_to, "a follower went from {} to {up_to}", self.up_to);
            self.up_to = up_to;
        }
    }
}

pub async fn followers_that_wait_keep_nobody_from_reading(place: &dyn Place) {
    // Several pages, so that each follower has more to take than it takes here.
    const RECORDS: u64 = 3_000;
    let journal = place.open("ledger").await;
    for chunk in 0..RECORDS / 500 {
        let appends = (chunk * 500..(chunk + 1) * 500).map(|n| {
            let stream = stream(Kind::Organisation, &n.to_string());
            Append { stream, expected: None, body: body(n) }
        });
        let outcomes = journal.append_all(appends.collect()).await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    }
    drop(journal);
    // Opened anew, it has nothing in memory that it could answer from.
    let journal = place.open("ledger").await;
    let mut waiting = Vec::new();
    for _ in 0..12 {
        let mut following = journal.follow(Position::START, &[]);
        assert_eq!(next_record(&mut following).await.position, Position(1));
        waiting.push(following);
    }
    let of_one = stream(Kind::Organisation, "7");
    let reads = async {
        (everything(&*journal).await.len(), must("load", journal.load(&of_one, Position::START, 9).await).len())
    };
    let read = must("read beside those who wait", tokio::time::timeout(PATIENCE, reads).await);
    assert_eq!(read, (3_000, 1));
    for following in &mut waiting {
        for position in 2..=RECORDS {
            assert_eq!(next_record(following).await.position, Position(position));
        }
    }
}
