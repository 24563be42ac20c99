//! When records were recorded and what tells each from others, of as many positions as fit: what every answer needs, and nobody need ask the
//! journal for again.

use domain::{Position, Timestamp};
use parking_lot::RwLock;
use wire::{Peek, RecordName};

/// Positions that are kept; 384 KiB.
const KEPT: usize = 16_384;

/// What is kept of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noted {
    pub at: Timestamp,
    /// Which record it is, in whichever history of the ledger.
    pub name: RecordName,
}

impl From<Peek> for Noted {
    fn from(peek: Peek) -> Self {
        Self { at: peek.recorded_at, name: peek.name() }
    }
}

const NOTHING: Noted = Noted { at: Timestamp(0), name: RecordName(0) };

/// By position; one that was noted later takes the place of one that is a multiple of `KEPT` away.
#[derive(Debug)]
pub struct Instants(RwLock<Box<[(Position, Noted)]>>);

impl Default for Instants {
    fn default() -> Self {
        Self(RwLock::new(vec![(Position::START, NOTHING); KEPT].into_boxed_slice()))
    }
}

impl Instants {
    pub fn note(&self, position: Position, noted: Noted) {
        self.0.write()[place(position)] = (position, noted);
    }

    /// `None` when it is not kept, and before the first record.
    pub fn of(&self, position: Position) -> Option<Noted> {
        let (kept, noted) = self.0.read()[place(position)];
        (kept == position && position != Position::START).then_some(noted)
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
        let noted = |n: u64| Noted { at: Timestamp(n.cast_signed() * 10), name: RecordName(n) };
        assert_eq!(instants.of(Position::START), None);
        for n in 1..=last {
            instants.note(Position(n), noted(n));
        }
        for n in 0..=last + 1 {
            let kept = n > last - KEPT as u64 && n <= last;
            assert_eq!(instants.of(Position(n)), kept.then(|| noted(n)), "{n}");
        }
    }
}
