//! When records were recorded, of as many positions as fit: what every answer tells, and nobody need ask the journal for again.

use domain::{Position, Timestamp};
use parking_lot::RwLock;

/// Positions that are kept; 256 KiB.
const KEPT: usize = 16_384;

/// By position; one that was noted later takes the place of one that is a multiple of `KEPT` away.
#[derive(Debug)]
pub struct Instants(RwLock<Box<[(Position, Timestamp)]>>);

impl Default for Instants {
    fn default() -> Self {
        Self(RwLock::new(vec![(Position::START, Timestamp(0)); KEPT].into_boxed_slice()))
    }
}

impl Instants {
    pub fn note(&self, position: Position, recorded_at: Timestamp) {
        self.0.write()[place(position)] = (position, recorded_at);
    }

    /// `None` when it is not kept, and before the first record.
    pub fn of(&self, position: Position) -> Option<Timestamp> {
        let (kept, recorded_at) = self.0.read()[place(position)];
        (kept == position && position != Position::START).then_some(recorded_at)
    }
}

const fn place(position: Position) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "less than `KEPT`")]
    let place = (position.0 % KEPT as u64) as usize;
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_kept_and_never_taken_for_each_other() {
        let instants = Instants::default();
        let last = 3 * KEPT as u64 + 5;
        assert_eq!(instants.of(Position::START), None);
        for n in 1..=last {
            instants.note(Position(n), Timestamp(i64::try_from(n).unwrap() * 10));
        }
        for n in 0..=last + 1 {
            let kept = n > last - KEPT as u64 && n <= last;
            let wanted = kept.then(|| Timestamp(i64::try_from(n).unwrap() * 10));
            assert_eq!(instants.of(Position(n)), wanted, "{n}");
        }
    }
}
