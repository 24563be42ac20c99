//! Ceremonies by the case whose decisions they follow, kept up as facts come, so that a tally need not join all of them by their streams.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    PartitionYear,
    columns::Partition,
    shape::{QuickMap, hash_of},
};
use crate::{Countee, Membership, What};

/// The cases of all streams on which somebody was admitted or received.
#[derive(Clone, Debug, Default)]
pub(super) struct Receptions {
    homes: BTreeMap<PartitionYear, Home>,
    streams: Streams,
}

/// Cases by the year of the first fact that was met of them, and what was received in them.
#[derive(Clone, Debug, Default)]
pub(super) struct Home {
    /// By case: the fact of this year by which it was met, with which its first admissions begin; none if that was a ceremony.
    pub(super) first: Vec<Run>,
    /// The others.
    pub(super) more: QuickMap<u32, Vec<(PartitionYear, Run)>>,
    /// Other years, and which of its cases have admissions in them.
    pub(super) reaches: BTreeMap<PartitionYear, BTreeSet<u32>>,
    pub(super) received: Vec<Received>,
    /// By case: one more than the place of its last ceremony in `received`; 0 is none.
    last: Vec<u32>,
}

/// Facts of one case with numbers that follow each other, each an admission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Run {
    pub(super) first: u32,
    pub(super) len: u32,
}

/// One fact of a ceremony.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received {
    pub(super) position: u64,
    pub(super) case: u32,
    /// Since 1970.
    pub(super) day: i32,
    pub(super) n: i64,
    pub(super) of: Membership,
    /// One more than the place of the case's ceremony before it; 0 is none.
    before: u32,
}

/// A case of a home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Case {
    home: PartitionYear,
    number: u32,
}

type Partitions = BTreeMap<PartitionYear, Partition>;

impl Receptions {
    /// Takes in the facts of a year from number `from` on.
    pub(super) fn take(&mut self, partitions: &Partitions, year: PartitionYear, from: usize) {
        let Some(partition) = partitions.get(&year) else { return };
        for number in from..partition.len() {
            let shape = partition.shape_of(number);
            let Countee::Member(of) = shape.countable.of else { continue };
            match shape.countable.what {
                What::Admitted => {
                    let case = self.case(partitions, year, number);
                    self.admit(case, year, number);
                }
                What::Received => {
                    let case = self.case(partitions, year, number);
                    let day = partition.first_day() + i32::from(partition.day(number));
                    let position = partition.position(number).0;
                    let home = self.homes.entry(case.home).or_default();
                    let last = &mut home.last[case.number as usize];
                    home.received.push(Received { position, case: case.number, day, n: shape.n, of, before: *last });
                    *last = number_of(home.received.len());
                }
                _ => {}
            }
        }
    }

    pub(super) fn homes(&self) -> impl Iterator<Item = (PartitionYear, &Home)> {
        self.homes.iter().map(|(year, home)| (*year, home))
    }

    fn case(&mut self, partitions: &Partitions, year: PartitionYear, number: usize) -> Case {
        let next = Case { home: year, number: number_of(self.homes.entry(year).or_default().first.len()) };
        let homes = &self.homes;
        let stream = |case: Case| -> Option<[u8; 16]> {
            let first = homes.get(&case.home)?.first.get(case.number as usize)?.first;
            Some(partitions.get(&case.home)?.stream_bytes(first as usize))
        };
        let of = partitions[&year].stream_bytes(number);
        let case = self.streams.find_or(&of, next, stream);
        if case == next {
            let home = self.homes.entry(year).or_default();
            home.first.push(Run { first: number_of(number), len: 0 });
            home.last.push(0);
        }
        case
    }

    fn admit(&mut self, case: Case, year: PartitionYear, number: usize) {
        let home = self.homes.entry(case.home).or_default();
        let run = Run { first: number_of(number), len: 1 };
        if year == case.home && home.first[case.number as usize].extend(run) {
            return;
        }
        if year != case.home {
            home.reaches.entry(year).or_default().insert(case.number);
        }
        let more = home.more.entry(case.number).or_default();
        if !more.iter_mut().any(|(of, known)| *of == year && known.extend(run)) {
            more.push((year, run));
        }
    }
}

impl Run {
    /// Takes what follows at once.
    fn extend(&mut self, next: Self) -> bool {
        let follows = self.first + self.len == next.first;
        self.len += if follows { next.len } else { 0 };
        follows
    }
}

impl Home {
    /// The ceremonies of a case, the last first.
    pub(super) fn received_in(&self, case: u32) -> impl Iterator<Item = &Received> {
        let place = |after: u32| after.checked_sub(1).and_then(|place| self.received.get(place as usize));
        std::iter::successors(place(self.last[case as usize]), move |one| place(one.before))
    }

    /// All admissions of a case, in canonical order.
    pub(super) fn runs(&self, year: PartitionYear, case: u32) -> Vec<(PartitionYear, Run)> {
        let mut runs: Vec<_> = self.more.get(&case).into_iter().flatten().copied().collect();
        runs.push((year, self.first[case as usize]));
        runs.sort_unstable();
        runs
    }
}

#[expect(clippy::cast_possible_truncation, reason = "4 G facts of a year do not fit in memory")]
fn number_of(n: usize) -> u32 {
    n as u32
}

/// The case of each stream: an open table without the streams, which stand in the columns; a map of millions would take three times as much.
#[derive(Clone, Debug, Default)]
struct Streams {
    /// One more than the number in `cases`; 0 is free. A power of two of them, at most three quarters full.
    slots: Vec<u32>,
    /// With some bits of the stream's hash.
    cases: Vec<(u32, Case)>,
}

impl Streams {
    const LEAST: usize = 1_024;

    /// The case of a stream, which is `next` when it has none yet; `stream_of` says what the stream of a known one is.
    fn find_or(&mut self, stream: &[u8; 16], next: Case, stream_of: impl Fn(Case) -> Option<[u8; 16]>) -> Case {
        if (self.cases.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let hash = hash_of(stream);
        let mut at = hash as usize & (self.slots.len() - 1);
        while let Some(known) = self.slots[at].checked_sub(1) {
            let (hashed, case) = self.cases[known as usize];
            if hashed == hash && stream_of(case).as_ref() == Some(stream) {
                return case;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.cases.push((hash, next));
        self.slots[at] = number_of(self.cases.len());
        next
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(Self::LEAST)];
        for (number, (hash, _)) in (1..).zip(&self.cases) {
            let mut at = *hash as usize & (self.slots.len() - 1);
            while self.slots[at] != 0 {
                at = (at + 1) & (self.slots.len() - 1);
            }
            self.slots[at] = number;
        }
    }
}
