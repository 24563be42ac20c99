//! The clock by which records are stamped, and how far it is believed. A record stamped too late moves the running maximum of time for
//! ever, so a clock that has run ahead stamps nothing; one that is behind does no harm, since no record is stamped before the last one.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use domain::{LocalDate, Timestamp};
use parking_lot::RwLock;

/// Where the process takes its time from.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// How far the clock may be ahead of the store's.
const AHEAD_OF_STORE_MAX: Duration = Duration::from_secs(2);
/// How long a ledger may rest before an operator has to say that the clock is right, where nothing else can.
const REST_MAX: Duration = Duration::from_secs(31 * 86_400);

/// A clock, and what it is compared with.
pub struct LedgerClock {
    now: Now,
    check: Option<Check>,
}

struct Check {
    /// An operator says that the clock was right on this day.
    confirmed: Option<LocalDate>,
    store: RwLock<Option<StoreTime>>,
}

/// The store's own time, and a moment before it was read.
#[derive(Clone, Copy)]
struct StoreTime {
    time: Timestamp,
    asked: Instant,
}

impl LedgerClock {
    /// Believed whatever it says: a script's.
    pub fn scripted(now: Now) -> Self {
        Self { now, check: None }
    }

    /// The machine's. Believed up to two seconds ahead of the store's own clock or, where the store has none, up to 31 days past the last
    /// record, or past the day that an operator has `confirmed`.
    pub fn checked(now: Now, confirmed: Option<LocalDate>) -> Self {
        Self { now, check: Some(Check { confirmed, store: RwLock::new(None) }) }
    }

    /// What it says, believed or not.
    pub(super) fn says(&self) -> Timestamp {
        (self.now)()
    }

    /// The time of a record that comes after one of `latest`; the first record of a ledger comes after none.
    ///
    /// # Errors
    /// The clock is not believed; the message says what to do.
    pub fn stamp(&self, latest: Option<Timestamp>) -> Result<Timestamp, ClockAhead> {
        let clock = self.says();
        match (latest, &self.check) {
            (Some(latest), _) if clock <= latest => Ok(latest),
            (_, Some(check)) => check.believe(clock, latest).map(|()| clock),
            (_, None) => Ok(clock),
        }
    }

    /// The store's clock says `time`, asked for at `asked` or later.
    pub(super) fn compare(&self, time: Timestamp, asked: Instant) {
        if let Some(check) = &self.check {
            *check.store.write() = Some(StoreTime { time, asked });
        }
    }
}

impl Check {
    fn believe(&self, clock: Timestamp, latest: Option<Timestamp>) -> Result<(), ClockAhead> {
        if let Some(store) = *self.store.read() {
            let store = after(store.time, store.asked.elapsed());
            let believed = clock <= after(store, AHEAD_OF_STORE_MAX);
            return if believed { Ok(()) } else { Err(ClockAhead::OfStore { clock, store }) };
        }
        let Some(latest) = latest else { return Ok(()) };
        let confirmed = self.confirmed.map_or(latest, |day| after(day.begins_at(), Duration::from_secs(86_400)));
        let believed = clock <= after(latest.max(confirmed), REST_MAX);
        if believed { Ok(()) } else { Err(ClockAhead::OfLedger { clock, last: latest }) }
    }
}

fn after(time: Timestamp, by: Duration) -> Timestamp {
    time.plus_micros(i64::try_from(by.as_micros()).unwrap_or(i64::MAX))
}

/// This machine's clock is not believed, so nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockAhead {
    /// Of the clock of the store, more than two seconds.
    #[error("this machine's clock says {clock}, the journal's server says {store}; set the clock that is wrong")]
    OfStore { clock: Timestamp, store: Timestamp },
    /// Of the last record, more than 31 days, and there is no other clock to ask.
    #[error(
        "this machine's clock says {clock}, and the last record is of {last}; if the clock is right, start with \
         --clock-confirmed {}, else set it",
        clock.local_date()
    )]
    OfLedger { clock: Timestamp, last: Timestamp },
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    const DAY: i64 = 86_400_000_000;
    const SECOND: i64 = 1_000_000;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// A clock that can be set, with its hand.
    fn settable(confirmed: Option<LocalDate>) -> (Arc<AtomicI64>, LedgerClock) {
        let hand = Arc::new(AtomicI64::new(0));
        let read = hand.clone();
        let now: Now = Arc::new(move || Timestamp(read.load(Ordering::Relaxed)));
        (hand, LedgerClock::checked(now, confirmed))
    }

    #[test]
    fn a_clock_that_is_behind_stamps_with_the_last_record_s_time() {
        let (_, clock) = settable(None);
        assert_eq!(clock.stamp(Some(Timestamp(5))), Ok(Timestamp(5)));
    }

    #[test]
    fn alone_it_is_believed_for_a_month_past_the_last_record() {
        let (hand, clock) = settable(None);
        let last = at("2026-01-31T05:00:00Z");
        for (days, believed) in [(1, true), (31, true), (32, false), (3_650, false)] {
            hand.store(last.0 + days * DAY, Ordering::Relaxed);
            assert_eq!(clock.stamp(Some(last)).is_ok(), believed, "{days} days");
        }
        assert_eq!(clock.stamp(None).map(|_| ()), Ok(()), "an empty ledger has nothing to compare with");
    }

    #[test]
    fn an_operator_s_word_holds_for_its_day_and_a_month_and_for_nothing_later() {
        let last = at("2026-01-31T05:00:00Z");
        let (hand, clock) = settable("2026-06-15".parse().ok());
        for (now, believed) in
            [("2026-06-15T16:59:00Z", true), ("2026-07-16T16:59:00Z", true), ("2026-07-17T00:00:00Z", false)]
        {
            hand.store(at(now).0, Ordering::Relaxed);
            assert_eq!(clock.stamp(Some(last)).is_ok(), believed, "{now}");
        }
        let told = clock.stamp(Some(last)).unwrap_err().to_string();
        assert!(told.contains("--clock-confirmed 2026-07-17") && told.contains("2026-01-31"), "{told}");
    }

    #[test]
    fn beside_the_store_s_clock_two_seconds_are_believed_and_the_month_does_not_matter() {
        let (hand, clock) = settable(None);
        let (last, store) = (at("2026-01-31T05:00:00Z"), at("2026-11-25T05:00:00Z"));
        clock.compare(store, Instant::now());
        for (ahead, believed) in [(-DAY, true), (0, true), (SECOND, true), (20 * SECOND, false), (DAY, false)] {
            hand.store(store.0 + ahead, Ordering::Relaxed);
            assert_eq!(clock.stamp(Some(last)).is_ok(), believed, "{ahead} µs");
        }
    }

    #[test]
    fn the_store_s_clock_runs_on_between_two_looks() {
        let (hand, clock) = settable(None);
        let (last, store) = (at("2026-01-31T05:00:00Z"), at("2026-11-25T05:00:00Z"));
        clock.compare(store, Instant::now().checked_sub(Duration::from_secs(60)).unwrap());
        hand.store(store.0 + 60 * SECOND, Ordering::Relaxed);
        assert_eq!(clock.stamp(Some(last)), Ok(Timestamp(store.0 + 60 * SECOND)));
    }

    #[test]
    fn a_script_s_clock_is_believed() {
        let clock = LedgerClock::scripted(Arc::new(|| Timestamp(i64::MAX)));
        assert_eq!(clock.stamp(Some(Timestamp(0))), Ok(Timestamp(i64::MAX)));
    }
}
