//! Time at the edge. Everything behind takes `at` as a value.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Instant,
};

use domain::Timestamp;

/// Where an executor takes its time from.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the edge itself")]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }
}

/// The clock of a demonstration ledger: it stands where the script puts it, and runs on from there once released.
#[derive(Debug)]
pub struct ScriptedClock {
    at: AtomicI64,
    /// Monotonic instant of the release; `None` while the script is running.
    released: std::sync::OnceLock<Instant>,
}

impl ScriptedClock {
    pub fn new(at: Timestamp) -> Self {
        Self { at: AtomicI64::new(at.0), released: std::sync::OnceLock::new() }
    }

    /// Puts the clock to `at`; while the script is running.
    pub fn set(&self, at: Timestamp) {
        self.at.store(at.0, Ordering::Release);
    }

    /// From now on it runs at the speed of real time.
    pub fn release(&self) {
        self.released.get_or_init(Instant::now);
    }
}

impl Clock for ScriptedClock {
    fn now(&self) -> Timestamp {
        let at = Timestamp(self.at.load(Ordering::Acquire));
        match self.released.get() {
            Some(since) => at.plus_micros(i64::try_from(since.elapsed().as_micros()).unwrap_or(i64::MAX)),
            None => at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scripted_clock_stands_until_it_is_released() {
        let clock = ScriptedClock::new(Timestamp(1_000));
        assert_eq!(clock.now(), Timestamp(1_000));
        clock.set(Timestamp(2_000));
        assert_eq!(clock.now(), Timestamp(2_000));
        clock.release();
        assert!(clock.now() >= Timestamp(2_000));
    }
}
