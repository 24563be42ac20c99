//! Positions that this process appended itself, until its follower comes to them.

use domain::Position;
use parking_lot::Mutex;
use rustc_hash::FxHashSet;

/// Most that are remembered; more are read as if somebody else had written them.
const AHEAD_MAX: usize = 65_536;

#[derive(Debug, Default)]
pub(super) struct Own(Mutex<Ahead>);

#[derive(Debug, Default)]
struct Ahead {
    /// Where the follower is.
    followed: Position,
    own: FxHashSet<Position>,
    /// How many there ever were.
    count: u64,
}

impl Own {
    /// Nothing when the follower was faster.
    pub(super) fn add(&self, position: Position) {
        let mut ahead = self.0.lock();
        ahead.count += 1;
        if position > ahead.followed && ahead.own.len() < AHEAD_MAX {
            ahead.own.insert(position);
        }
    }

    pub(super) fn count(&self) -> u64 {
        self.0.lock().count
    }

    /// The follower has come to a record; whether it is one of our own, of which everything is known.
    pub(super) fn take(&self, position: Position) -> bool {
        let mut ahead = self.0.lock();
        ahead.followed = position;
        ahead.own.remove(&position)
    }

    /// The follower has read everything up to a position, its own records as well.
    pub(super) fn passed(&self, position: Position) {
        let mut ahead = self.0.lock();
        ahead.followed = position;
        ahead.own.retain(|own| *own > position);
    }

    /// Goes on from a position over those of our own; the last of them.
    pub(super) fn advance(&self, from: Position) -> Position {
        let mut ahead = self.0.lock();
        let mut at = from;
        while ahead.own.remove(&at.next()) {
            at = at.next();
        }
        ahead.followed = at;
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_our_own_once_and_only_before_the_follower_came_to_it() {
        let own = Own::default();
        own.add(Position(2));
        assert!(!own.take(Position(1)));
        assert!(own.take(Position(2)));
        assert!(!own.take(Position(2)));
        own.add(Position(2));
        assert!(own.0.lock().own.is_empty());
    }

    #[test]
    fn the_follower_goes_over_our_own_up_to_the_first_of_somebody_else() {
        let own = Own::default();
        for position in [2, 3, 5] {
            own.add(Position(position));
        }
        assert_eq!(own.advance(Position(1)), Position(3));
        assert_eq!(own.advance(Position(3)), Position(3));
        assert!(!own.take(Position(4)));
        assert_eq!(own.advance(Position(4)), Position(5));
    }

    #[test]
    fn what_has_been_read_anyway_is_not_remembered() {
        let own = Own::default();
        for position in [1, 2, 3] {
            own.add(Position(position));
        }
        own.passed(Position(2));
        own.add(Position(1));
        assert_eq!(own.0.lock().own.len(), 1);
        assert_eq!(own.advance(Position(2)), Position(3));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let own = Own::default();
        for position in 1..=AHEAD_MAX as u64 + 10 {
            own.add(Position(position));
        }
        assert_eq!(own.advance(Position(0)), Position(AHEAD_MAX as u64));
    }
}
