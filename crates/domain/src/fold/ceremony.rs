//! Admitted but not yet received: of the decisions that a measure counts, those without a ceremony.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Facts, PartitionYear,
    columns::{Partition, SEGMENT_FACTS},
    receptions::{Home, Received, Run},
    scan::{Asked, Place},
    select::Rule,
    shape::QuickMap,
    window::{Epoch, Window},
};
use crate::{Countee, LocalDate, Membership, What};

/// The ceremonies of one stream, and how many of them are taken as those of decisions already seen.
#[derive(Clone, Copy, Debug, Default)]
struct Receptions {
    left: i64,
    taken: i64,
}

impl Receptions {
    /// How many of `n` admitted are taken as received.
    fn take(&mut self, n: i64) -> i64 {
        // What a correction takes back gives its ceremonies back, for what it adds.
        let n = n.clamp(-self.taken, self.left.max(0));
        self.left -= n;
        self.taken += n;
        n
    }
}

/// What a rule counts of the years that a window meets, and how many of it were received.
struct Admissions<'a> {
    window: &'a Window,
    years: BTreeMap<PartitionYear, OfYear<'a>>,
}

struct OfYear<'a> {
    partition: &'a Partition,
    /// How many facts are known.
    known: usize,
    /// By day of the year.
    epochs: Vec<Epoch>,
    /// By epoch, and by shape within it.
    signs: Vec<i64>,
    received: Vec<i64>,
}

impl<'a> Admissions<'a> {
    fn new(asked: &Asked<'a>, facts: &'a Facts, rule: &Rule<'_>) -> Self {
        let met = facts.partitions.iter().filter(|(year, _)| asked.window.meets(**year));
        let of_year = |partition: &'a Partition| {
            let signs = asked.signs(partition, rule);
            let (known, epochs) = (partition.known(asked.known), asked.window.epochs_of(partition));
            OfYear { partition, known, epochs, received: vec![0; signs.len()], signs }
        };
        Self { window: asked.window, years: met.map(|(year, partition)| (*year, of_year(partition))).collect() }
    }

    /// Takes as many of a case as there are ceremonies.
    fn receive_in(&mut self, year: PartitionYear, home: &Home, case: u32, left: i64) {
        let mut receptions = Receptions { left, taken: 0 };
        if home.more.contains_key(&case) {
            home.runs(year, case).into_iter().for_each(|(year, run)| self.receive(year, run, &mut receptions));
        } else {
            self.receive(year, home.first[case as usize], &mut receptions);
        }
    }

    /// Takes as many of a run as there are ceremonies left.
    fn receive(&mut self, year: PartitionYear, run: Run, receptions: &mut Receptions) {
        let Some(of_year) = self.years.get_mut(&year) else { return };
        let (partition, first) = (of_year.partition, run.first as usize);
        for number in first..(first + run.len as usize).min(of_year.known) {
            let epoch = of_year.epochs[usize::from(partition.day(number))];
            if epoch < self.window.len() {
                let slot = epoch * partition.shapes.len() + partition.shape_code(number) as usize;
                if of_year.signs[slot] != 0 {
                    of_year.received[slot] += receptions.take(of_year.signs[slot] * partition.shape_of(number).n);
                }
            }
        }
    }

    fn received(self) -> BTreeMap<Place, i64> {
        let mut received = BTreeMap::new();
        for of_year in self.years.values() {
            let shapes = of_year.partition.shapes.all();
            for (slot, n) in of_year.received.iter().enumerate().filter(|(_, n)| **n != 0) {
                *received.entry((shapes[slot % shapes.len()].unit, slot / shapes.len())).or_default() += n;
            }
        }
        received
    }
}

type ByStream = QuickMap<u128, Receptions>;

impl Asked<'_> {
    /// By place: how many of the admitted were received up to `until`. `rule` counts by the admission decision.
    ///
    /// A ceremony counts against its own decision, whatever year that was in: both are on one stream.
    pub(super) fn received(&self, rule: &Rule<'_>, until: LocalDate) -> BTreeMap<Place, i64> {
        match self.sources {
            [facts] if !rule.needs_cases() => self.received_in_cases(facts, rule, until),
            _ => self.received_by_stream(rule, until),
        }
    }

    /// From the cases as they were kept up.
    fn received_in_cases(&self, facts: &Facts, rule: &Rule<'_>, until: LocalDate) -> BTreeMap<Place, i64> {
        let mut admissions = Admissions::new(self, facts, rule);
        let known = self.known.map_or(u64::MAX, |known| known.0);
        let last = until.to_days();
        let counted = Membership::ALL.iter().filter(|of| counts_members(rule, Countee::Member(**of)));
        let counted: Vec<Membership> = counted.copied().collect();
        let counts = |one: &&Received| one.position <= known && one.day <= last && counted.contains(&one.of);
        for (year, home) in facts.receptions.homes() {
            if self.window.meets(year) {
                let mut left = vec![0; home.first.len()];
                for one in home.received.iter().filter(counts) {
                    left[one.case as usize] += one.n;
                }
                for (case, left) in (0..).zip(left).filter(|(_, left)| *left > 0) {
                    admissions.receive_in(year, home, case, left);
                }
            } else {
                // Few cases are decided upon in two years.
                let reached = home.reaches.iter().filter(|(year, _)| self.window.meets(**year));
                let cases: BTreeSet<u32> = reached.flat_map(|(_, cases)| cases).copied().collect();
                for case in cases {
                    let left = home.received_in(case).filter(counts).map(|one| one.n).sum();
                    admissions.receive_in(year, home, case, left);
                }
            }
        }
        admissions.received()
    }

    /// By joining all ceremonies with all decisions.
    pub(super) fn received_by_stream(&self, rule: &Rule<'_>, until: LocalDate) -> BTreeMap<Place, i64> {
        let mut by_stream = self.receptions(rule, until);
        if by_stream.is_empty() {
            return BTreeMap::new();
        }
        let mut received = QuickMap::<Place, i64>::default();
        self.each(rule, |admitted| {
            let stream = admitted.partition.stream_bytes(admitted.number);
            if let Some(receptions) = by_stream.get_mut(&u128::from_ne_bytes(stream)) {
                *received.entry(admitted.place).or_default() += receptions.take(admitted.n);
            }
        });
        received.into_iter().collect()
    }

    fn receptions(&self, rule: &Rule<'_>, until: LocalDate) -> ByStream {
        let mut receptions = ByStream::default();
        for partition in self.sources.iter().flat_map(|facts| facts.partitions.values()) {
            let wanted: Vec<bool> = partition
                .shapes
                .all()
                .iter()
                .map(|shape| shape.countable.what == What::Received && counts_members(rule, shape.countable.of))
                .collect();
            let last = until.to_days() - partition.first_day();
            if last < 0 || !wanted.contains(&true) {
                continue;
            }
            for number in 0..partition.known(self.known) {
                let (chunk, at) = (&partition.chunks[number / SEGMENT_FACTS], number % SEGMENT_FACTS);
                if wanted[chunk.shape[at] as usize] && i32::from(chunk.day[at]) <= last {
                    let n = partition.shapes.shape(chunk.shape[at]).n;
                    receptions.entry(u128::from_ne_bytes(chunk.stream[at])).or_default().left += n;
                }
            }
        }
        receptions
    }
}

fn counts_members(rule: &Rule<'_>, of: Countee) -> bool {
    match of {
        Countee::Organisation(_) => false,
        Countee::Member(membership) => rule.versions().iter().any(|version| version.memberships.contains(&membership)),
    }
}
