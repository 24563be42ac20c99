//! Admitted but not yet received: of the decisions that a measure counts, those without a ceremony.

use std::collections::BTreeMap;

use super::{
    Facts, PartitionYear,
    columns::{Partition, SEGMENT_FACTS},
    receptions::{Extent, Home, Run},
    scan::{Asked, Place},
    select::Rule,
    shape::QuickMap,
    terms,
    window::Epoch,
};
use crate::{Countee, LocalDate, UnitId, What};

/// By place: how many of the admitted were received.
pub(super) type ByPlace = BTreeMap<Place, i64>;

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

/// The admissions of a year of which all are received: how many by epoch, and by shape within it.
struct OfYear<'a> {
    partition: &'a Partition,
    /// By day of the year: where the shapes of its epoch begin.
    offsets: Vec<usize>,
    counts: Vec<u32>,
}

impl<'a> OfYear<'a> {
    fn new(asked: &Asked<'_>, partition: &'a Partition) -> Self {
        let shapes = partition.shapes.len();
        let offsets = asked.window.epochs_of(partition).iter().map(|epoch| epoch * shapes).collect();
        // One epoch more than there are, for what lies outside.
        Self { partition, offsets, counts: vec![0; shapes * (asked.window.len() + 1)] }
    }

    /// Of those counted in an epoch, what a rule counts by unit.
    fn by_unit(&self, rule: &Rule<'_>, version: usize, epoch: Epoch) -> impl Iterator<Item = (UnitId, i64)> {
        let (shapes, signs) = (&self.partition.shapes, terms::signs(rule, version, self.partition));
        let mut of_units = vec![0; shapes.units().len()];
        let counts = &self.counts[epoch * shapes.len()..];
        for ((shape, shared), n) in shapes.all().iter().zip(shapes.shared()).zip(counts) {
            if signs[shared.countable as usize] != 0 {
                of_units[shared.unit as usize] += shape.n * i64::from(*n);
            }
        }
        shapes.units().iter().copied().zip(of_units).filter(|(_, n)| *n != 0)
    }

    /// All facts of a run.
    fn count(&mut self, run: Run) {
        let (mut at, mut left) = (run.first as usize, run.len as usize);
        while left > 0 {
            let (chunk, from) = (&self.partition.chunks[at / SEGMENT_FACTS], at % SEGMENT_FACTS);
            let here = left.min(SEGMENT_FACTS - from);
            let shapes = &chunk.shape[from..from + here];
            for (shape, day) in shapes.iter().zip(&chunk.day[from..from + here]) {
                self.counts[self.offsets[usize::from(*day)] + *shape as usize] += 1;
            }
            (at, left) = (at + here, left - here);
        }
    }
}

/// The cases that a question meets.
struct Met<'a> {
    years: BTreeMap<PartitionYear, OfYear<'a>>,
    /// Those whose facts have to be asked one by one, for each rule.
    others: Vec<(PartitionYear, &'a Home, u32)>,
}

impl<'a> Met<'a> {
    fn new(asked: &Asked<'_>, facts: &'a Facts, until: LocalDate) -> Self {
        let years = facts.partitions.iter().filter(|(year, _)| asked.window.meets(**year));
        let years = years.map(|(year, partition)| (*year, OfYear::new(asked, partition))).collect();
        let mut met = Self { years, others: Vec::new() };
        for (year, home) in facts.receptions.homes() {
            if asked.window.meets(year) {
                met.all(asked, (year, home), until);
            } else {
                met.reaching(asked, (year, home), until);
            }
        }
        met
    }

    /// The cases of a year that the window meets.
    fn all(&mut self, asked: &Asked<'_>, (year, home): (PartitionYear, &'a Home), until: LocalDate) {
        let Some(mut of_year) = self.years.remove(&year) else { return };
        for (number, case) in (0..).zip(&home.cases) {
            match case.received(asked.known, until) {
                Extent::Nothing => {}
                Extent::Something => self.others.push((year, home, number)),
                Extent::All => {
                    of_year.count(case.first_run());
                    for (of, run) in home.more(number) {
                        if *of == year { of_year.count(*run) } else { self.count((*of, *run)) }
                    }
                }
            }
        }
        self.years.insert(year, of_year);
    }

    /// The cases of another year that are decided upon in one that the window meets: they are few.
    fn reaching(&mut self, asked: &Asked<'_>, (year, home): (PartitionYear, &'a Home), until: LocalDate) {
        let reached = home.reaches.iter().filter(|(year, _)| asked.window.meets(**year));
        let mut cases: Vec<u32> = reached.flat_map(|(_, cases)| cases).copied().collect();
        cases.sort_unstable();
        cases.dedup();
        for number in cases {
            match home.cases[number as usize].received(asked.known, until) {
                Extent::Nothing => {}
                Extent::Something => self.others.push((year, home, number)),
                Extent::All => home.more(number).iter().for_each(|run| self.count(*run)),
            }
        }
    }

    fn count(&mut self, (year, run): (PartitionYear, Run)) {
        if let Some(of_year) = self.years.get_mut(&year) {
            of_year.count(run);
        }
    }

    /// What a rule counts of it. It counts by the admission decision, and with a sign of 1.
    fn by_place(&self, asked: &Asked<'_>, rule: &Rule<'_>, until: LocalDate) -> ByPlace {
        let mut received = QuickMap::<Place, i64>::default();
        let versions = asked.versions(rule);
        for of_year in self.years.values() {
            for (epoch, version) in
                versions.iter().enumerate().filter_map(|(epoch, version)| Some((epoch, (*version)?)))
            {
                of_year
                    .by_unit(rule, version, epoch)
                    .for_each(|(unit, n)| *received.entry((unit, epoch)).or_default() += n);
            }
        }
        for (year, home, case) in &self.others {
            let left = received_of(asked, home, *case, rule, until);
            if left > 0 {
                self.take(asked, rule, home.runs(*year, *case), Receptions { left, taken: 0 }, &mut received);
            }
        }
        received.into_iter().collect()
    }

    /// Takes as many of a case as there are ceremonies.
    fn take(
        &self,
        asked: &Asked<'_>,
        rule: &Rule<'_>,
        runs: Vec<(PartitionYear, Run)>,
        mut receptions: Receptions,
        received: &mut QuickMap<Place, i64>,
    ) {
        let versions = asked.versions(rule);
        for (year, run) in runs {
            let Some(OfYear { partition, offsets, .. }) = self.years.get(&year) else { continue };
            let (first, known) = (run.first as usize, partition.known(asked.known));
            for number in first..(first + run.len as usize).min(known) {
                let epoch = offsets[usize::from(partition.day(number))] / partition.shapes.len();
                let Some(version) = versions.get(epoch).copied().flatten() else { continue };
                let shape = partition.shape_of(number);
                let sign = rule.sign(version, shape.countable);
                if sign != 0 {
                    *received.entry((shape.unit, epoch)).or_default() += receptions.take(sign * shape.n);
                }
            }
        }
    }
}

/// How many were received in a case, of those whom a rule counts.
fn received_of(asked: &Asked<'_>, home: &Home, case: u32, rule: &Rule<'_>, until: LocalDate) -> i64 {
    let (known, last) = (asked.known.map_or(u64::MAX, |known| known.0), until.to_days());
    let counted = home.received_in(case).filter(|one| one.position <= known && one.day <= last);
    counted.filter(|one| counts_members(rule, Countee::Member(one.of))).map(|one| one.n).sum()
}

type ByStream = QuickMap<u128, Receptions>;

impl Asked<'_> {
    /// For each rule, how many of the admitted were received up to `until`. The rules count by the admission decision.
    ///
    /// A ceremony counts against its own decision, whatever year that was in: both are on one stream.
    pub(super) fn received(&self, rules: &[&Rule<'_>], until: LocalDate) -> Vec<ByPlace> {
        // Nothing has to be read when nobody asks.
        let mut met = None;
        let of_rule = |rule: &&Rule<'_>| match self.sources {
            [facts] if !rule.needs_cases() => {
                met.get_or_insert_with(|| Met::new(self, facts, until)).by_place(self, rule, until)
            }
            _ => self.received_by_stream(rule, until),
        };
        rules.iter().map(of_rule).collect()
    }

    /// By joining all ceremonies with all decisions.
    pub(super) fn received_by_stream(&self, rule: &Rule<'_>, until: LocalDate) -> ByPlace {
        let mut by_stream = self.receptions(rule, until);
        if by_stream.is_empty() {
            return ByPlace::new();
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
