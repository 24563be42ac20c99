//! Remembers the last positions of the streams that were written lately.

use std::{collections::HashMap, mem};

use domain::{Position, StreamId};

/// A bounded cache in two generations: what was not asked for while a generation filled up is forgotten with it.
pub(super) struct LastPositions {
    young: HashMap<StreamId, Position>,
    old: HashMap<StreamId, Position>,
    generation_max: usize,
}

impl LastPositions {
    /// Holds at most `2 * generation_max` streams, about 50 bytes each.
    pub(super) fn new(generation_max: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), generation_max }
    }

    pub(super) fn get(&mut self, stream: &StreamId) -> Option<Position> {
        if let Some(position) = self.young.get(stream) {
            return Some(*position);
        }
        let position = self.old.remove(stream)?;
        self.set(*stream, position);
        Some(position)
    }

    pub(super) fn set(&mut self, stream: StreamId, position: Position) {
        if self.young.len() >= self.generation_max {
            self.old = mem::take(&mut self.young);
        }
        self.old.remove(&stream);
        self.young.insert(stream, position);
    }

    pub(super) fn forget(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use domain::Kind;

    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_what_is_not_is_forgotten() {
        let stream = |n: u64| StreamId::of_key(Kind::Target, &n.to_string());
        let mut last = LastPositions::new(4);
        for n in 1..=100 {
            last.set(stream(n), Position(n));
            assert_eq!(last.get(&stream(1)), Some(Position(1)));
            assert!(last.young.len() + last.old.len() <= 8);
        }
        assert_eq!(last.get(&stream(50)), None);
    }

    #[test]
    fn the_newest_position_wins_over_an_older_generation() {
        let stream = |n: u64| StreamId::of_key(Kind::Target, &n.to_string());
        let mut last = LastPositions::new(2);
        for n in 1..=3 {
            last.set(stream(n), Position(n));
        }
        last.set(stream(1), Position(9));
        last.set(stream(4), Position(4));
        assert_eq!(last.get(&stream(1)), Some(Position(9)));
    }
}
