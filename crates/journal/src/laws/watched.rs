//! Laws of the watchdog: a ledger is known again by its last record.

use std::sync::Arc;

use domain::{Kind, Position, Timestamp};

use super::{
    Place,
    support::{grow, must, stream, tip},
};
use crate::{ExamineError, LedgerClock, Live, Seen, SharedJournal, Watchdog};

pub async fn a_ledger_is_known_again_by_its_last_record(place: &dyn Place) {
    let journal = place.open("ledger").await;
    let ours = stream(Kind::Organisation, "ours");
    must("look at an empty ledger", watchdog(&journal, None).look().await);
    let last = grow(&*journal, ours, None, 3).await;
    let mut first = watchdog(&journal, None);
    must("look", first.look().await);
    let seen = first.seen();
    assert_eq!(seen.map(|seen| seen.position), Some(Position(3)));
    grow(&*journal, ours, Some(last), 4).await;
    let mut later = watchdog(&journal, seen);
    must("look at what has grown", later.look().await);
    assert_eq!(later.seen().map(|seen| seen.position), Some(tip(&*journal).await));
}

pub async fn a_ledger_that_lacks_what_was_there_is_noticed(place: &dyn Place) {
    let (ours, other) = (place.open("ours").await, place.open("other").await);
    let (long, same) = (stream(Kind::Organisation, "long"), stream(Kind::Organisation, "same"));
    grow(&*ours, long, None, 5).await;
    grow(&*other, same, None, 4).await;
    let mut seen_here = watchdog(&ours, None);
    must("look", seen_here.look().await);
    let lacks = watchdog(&other, seen_here.seen()).look().await;
    assert!(told(&lacks).contains("ends at position 4, and position 5 was there before"), "{lacks:?}");
    // Longer by now, but not the same.
    grow(&*other, long, None, 2).await;
    let replaced = watchdog(&other, seen_here.seen()).look().await;
    assert!(told(&replaced).contains("position 5 is another one than before"), "{replaced:?}");
    must("look at our own", watchdog(&ours, seen_here.seen()).look().await);
}

fn told(looked: &Result<(), ExamineError>) -> String {
    match looked {
        Err(ExamineError::Lost { what }) => what.clone(),
        _ => String::new(),
    }
}

fn watchdog(journal: &SharedJournal, seen: Option<Seen>) -> Watchdog {
    let live = Live::new(LedgerClock::scripted(Arc::new(|| Timestamp(0))));
    Watchdog::new(journal.clone(), Arc::new(live), seen)
}
