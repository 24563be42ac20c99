//! Which marks stand where: a map from 64-bit hashes to positions. A hash map takes 19 to 39 bytes for each; here most lie packed, 16 bytes each.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
    ops::Range,
};

use domain::Position;

/// Fewer fresh ones than this are never packed.
const FRESH_MIN: usize = 4_096;
/// One in so many may be fresh: packing costs a walk over all of them.
const FRESH_SHARE: usize = 16;

/// About as many packed marks lie in one drawer: what a search has to look at.
const DRAWER: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Ascending, each mark once.
    packed: Vec<(u64, Position)>,
    /// Marks are hashes, so they lie evenly: those with the same first bits are a drawer. Where each drawer begins, and at last where all end.
    drawers: Vec<u32>,
    /// Not yet packed.
    fresh: HashMap<u64, Position, AsItIs>,
    /// Neither of these.
    held: HashSet<u64, AsItIs>,
}

/// A mark is a hash already.
type AsItIs = BuildHasherDefault<Itself>;

#[derive(Debug, Default)]
struct Itself(u64);

impl Hasher for Itself {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, mark: u64) {
        self.0 = mark;
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Its record is on its way.
    Held,
    At(Position),
}

impl Marks {
    pub(super) fn get(&self, mark: u64) -> Option<Mark> {
        if self.held.contains(&mark) { Some(Mark::Held) } else { self.at(mark).map(Mark::At) }
    }

    /// Holds a mark that nobody has; whether it was free.
    pub(super) fn hold(&mut self, mark: u64) -> bool {
        self.at(mark).is_none() && self.hold_free(mark)
    }

    /// As `hold`, of a mark that is known to stand nowhere.
    pub(super) fn hold_free(&mut self, mark: u64) -> bool {
        self.held.insert(mark)
    }

    /// Gives a mark free if it is held.
    pub(super) fn free(&mut self, mark: u64) {
        self.held.remove(&mark);
    }

    /// The mark stands at a position, unless it stood somewhere before.
    pub(super) fn settle(&mut self, mark: u64, position: Position) {
        // What is held stands nowhere.
        if !self.held.remove(&mark) && self.at(mark).is_some() {
            return;
        }
        self.fresh.insert(mark, position);
        if self.fresh.len() >= FRESH_MIN.max(self.packed.len() / FRESH_SHARE) {
            self.pack();
        }
    }

    fn at(&self, mark: u64) -> Option<Position> {
        self.fresh.get(&mark).copied().or_else(|| self.packed_at(mark))
    }

    fn packed_at(&self, mark: u64) -> Option<Position> {
        let drawer = &self.packed[self.drawer(mark)];
        let place = drawer.binary_search_by_key(&mark, |(mark, _)| *mark).ok()?;
        Some(drawer[place].1)
    }

    /// Where a mark lies, if it is packed.
    fn drawer(&self, mark: u64) -> Range<usize> {
        let Some(count) = self.drawers.len().checked_sub(1) else { return 0..0 };
        let number = drawer_of(mark, count);
        self.drawers[number] as usize..self.drawers[number + 1] as usize
    }

    /// Merges what is fresh, from behind, so that everything is moved once.
    fn pack(&mut self) {
        let mut fresh: Vec<_> = self.fresh.drain().collect();
        fresh.sort_unstable();
        let mut old = self.packed.len();
        self.packed.reserve_exact(fresh.len());
        self.packed.resize(old + fresh.len(), (0, Position::START));
        let mut end = self.packed.len();
        while let Some(&next) = fresh.last() {
            end -= 1;
            if old > 0 && self.packed[old - 1].0 > next.0 {
                old -= 1;
                self.packed[end] = self.packed[old];
            } else {
                self.packed[end] = next;
                fresh.pop();
            }
        }
        self.label();
    }

    fn label(&mut self) {
        let count = (self.packed.len() / DRAWER).next_power_of_two();
        self.drawers.clear();
        self.drawers.reserve_exact(count + 1);
        for (place, (mark, _)) in (0..).zip(&self.packed) {
            let number = drawer_of(*mark, count);
            while self.drawers.len() <= number {
                self.drawers.push(place);
            }
        }
        // A ledger of four thousand million papers would have been split long before.
        let end = u32::try_from(self.packed.len()).unwrap_or(u32::MAX);
        self.drawers.resize(count + 1, end);
    }
}

/// Which of `count` drawers, a power of two, a mark lies in.
#[expect(clippy::cast_possible_truncation, reason = "below `count`")]
const fn drawer_of(mark: u64, count: usize) -> usize {
    ((mark as u128 * count as u128) >> u64::BITS) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        Hold(u64),
        Free(u64),
        Settle(u64, u64),
        Pack,
    }

    fn step() -> impl Strategy<Value = Step> {
        let mark = prop_oneof![0..24_u64, Just(u64::MAX)];
        prop_oneof![
            3 => mark.clone().prop_map(Step::Hold),
            3 => mark.clone().prop_map(Step::Free),
            6 => (mark, 1..100_u64).prop_map(|(mark, at)| Step::Settle(mark, at)),
            1 => Just(Step::Pack),
        ]
    }

    proptest! {
        #[test]
        fn marks_are_as_in_a_plain_map_however_often_they_are_packed(steps in prop::collection::vec(step(), 0..120)) {
            let (mut marks, mut model) = (Marks::default(), HashMap::<u64, Mark>::new());
            for step in steps {
                match step {
                    Step::Hold(mark) => {
                        let free = !model.contains_key(&mark);
                        prop_assert_eq!(marks.hold(mark), free);
                        model.entry(mark).or_insert(Mark::Held);
                    }
                    Step::Free(mark) => {
                        marks.free(mark);
                        if model.get(&mark) == Some(&Mark::Held) {
                            model.remove(&mark);
                        }
                    }
                    Step::Settle(mark, at) => {
                        marks.settle(mark, Position(at));
                        let known = model.entry(mark).or_insert(Mark::Held);
                        if *known == Mark::Held {
                            *known = Mark::At(Position(at));
                        }
                    }
                    Step::Pack => marks.pack(),
                }
                for mark in (0..24).chain([u64::MAX]) {
                    prop_assert_eq!(marks.get(mark), model.get(&mark).copied());
                }
            }
        }
    }

    #[test]
    fn many_marks_are_packed_by_themselves_and_all_found() {
        let mut marks = Marks::default();
        let scattered = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let many = 40_000;
        for n in 1..=many {
            // Every other one as this process's own commands do it.
            assert!(n % 2 == 0 || marks.hold(scattered(n)));
            marks.settle(scattered(n), Position(n));
        }
        assert!(marks.fresh.len() < FRESH_MIN && marks.packed.len() > 30_000 && marks.held.is_empty());
        assert!((1..=many).all(|n| marks.get(scattered(n)) == Some(Mark::At(Position(n)))));
        assert_eq!(marks.get(scattered(many + 1)), None);
    }
}
