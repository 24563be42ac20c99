//! Sums by credited unit and epoch: one pass over the columns for every measure at once.

use std::{cell::OnceCell, collections::BTreeMap};

use super::{
    Facts, Stated,
    cases::Cases,
    columns::{Partition, SEGMENT_FACTS},
    select::Rule,
    shape::Shared,
    terms::{self, Terms},
    window::{Epoch, Window},
};
use crate::{LocalDate, OfWhich, Position, Trait, UnitId, What, programme::Flow};

/// What is asked of the facts.
pub(super) struct Asked<'a> {
    pub(super) sources: &'a [&'a Facts],
    pub(super) window: &'a Window,
    /// Before it only a stock counts.
    pub(super) first_day: LocalDate,
    /// Before it nothing counts, a stock neither; an epoch begins on it.
    pub(super) since: Option<LocalDate>,
    pub(super) known: Option<Position>,
    /// Of all streams, found when the first rule needs them.
    pub(super) cases: OnceCell<Cases>,
}

/// Where a fact was credited, and between which changes.
pub(super) type Place = (UnitId, Epoch);

/// Where something was credited, and on the first day of an epoch, as good as any other of it.
pub(super) type Credited = (UnitId, LocalDate);

/// What one place adds up to under one measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    pub(super) n: i64,
    pub(super) of_which: BTreeMap<Trait, Stated>,
    /// Of the last record that counted here.
    pub(super) position: Position,
}

pub(super) type Sums = BTreeMap<Place, Sum>;

impl Sum {
    /// `n` is what a fact adds, with its "of which".
    fn add(&mut self, n: i64, of_which: &OfWhich, shown: &[Trait]) {
        self.n += n;
        for (of, count) in of_which.iter().filter(|(of, _)| shown.contains(of)) {
            let stated = self.of_which.entry(*of).or_default();
            stated.n += n.signum() * i64::from(*count);
            stated.stated += n;
        }
    }

    pub(super) fn merge(&mut self, other: &Sum) {
        self.n += other.n;
        self.position = self.position.max(other.position);
        add_stated(&mut self.of_which, &other.of_which);
    }
}

pub(super) fn add_stated(into: &mut BTreeMap<Trait, Stated>, from: &BTreeMap<Trait, Stated>) {
    for (of, stated) in from {
        let sum = into.entry(*of).or_default();
        sum.n += stated.n;
        sum.stated += stated.stated;
    }
}

impl Asked<'_> {
    /// The sums of each rule, in the order of `rules`.
    pub(super) fn sums(&self, rules: &[Rule<'_>]) -> Vec<Sums> {
        let mut all = vec![Sums::new(); rules.len()];
        let (by_case, by_day): (Vec<_>, Vec<_>) = (0..rules.len()).partition(|rule| rules[*rule].needs_cases());
        if !by_day.is_empty() {
            for partition in self.partitions() {
                let counts = self.count(partition);
                for rule in &by_day {
                    self.collect(partition, &counts, &rules[*rule], &mut all[*rule]);
                }
            }
        }
        for rule in by_case {
            let sums = &mut all[rule];
            self.each(&rules[rule], |counted| {
                let sum = sums.entry(counted.place).or_default();
                sum.add(counted.n, counted.of_which, counted.shown);
                sum.position = sum.position.max(counted.position);
            });
        }
        all
    }

    /// Partitions that the window meets, with those of one source in order of years.
    pub(super) fn partitions(&self) -> impl Iterator<Item = &Partition> {
        let all = self.sources.iter().flat_map(|facts| facts.partitions.iter());
        all.filter(|(year, _)| self.window.meets(**year)).map(|(_, partition)| partition)
    }

    /// By epoch and shape: how many facts, and the number of the last one.
    fn count(&self, partition: &Partition) -> Vec<Count> {
        let shapes = partition.shapes.len();
        // One epoch more than there are, for what lies outside: the loop has no branch.
        let mut counts = vec![Count::default(); shapes * (self.window.len() + 1)];
        let offsets: Vec<usize> = self.window.epochs_of(partition).iter().map(|epoch| epoch * shapes).collect();
        let mut left = partition.known(self.known);
        let mut number = 0;
        for chunk in &partition.chunks {
            let here = left.min(SEGMENT_FACTS);
            for (shape, day) in chunk.shape[..here.min(chunk.len())].iter().zip(&chunk.day) {
                let count = &mut counts[offsets[usize::from(*day)] + *shape as usize];
                count.facts += 1;
                count.last = number;
                number += 1;
            }
            left -= here;
        }
        counts
    }

    fn collect(&self, partition: &Partition, counts: &[Count], rule: &Rule<'_>, sums: &mut Sums) {
        let mut terms: Vec<Option<Terms<'_>>> = rule.versions().iter().map(|_| None).collect();
        for (epoch, version) in self.versions(rule).into_iter().enumerate() {
            let Some(version) = version else { continue };
            let terms = terms[version].get_or_insert_with(|| Terms::new(rule, version, partition));
            for (unit, sum) in terms.sums(&counts[epoch * partition.shapes.len()..]) {
                sums.entry((unit, epoch)).or_default().merge(&sum);
            }
        }
    }

    /// A flow counts from the period's first day, a stock from the beginning.
    pub(super) fn counts_in(&self, rule: &Rule<'_>, version: usize, epoch: Epoch) -> bool {
        let day = self.window.day(epoch);
        self.since.is_none_or(|since| day >= since)
            && (rule.versions()[version].flow == Flow::Stock || day >= self.first_day)
    }

    /// By epoch: the version of a rule that counts in it.
    pub(super) fn versions(&self, rule: &Rule<'_>) -> Vec<Option<usize>> {
        let of_epoch = |epoch| {
            let version = rule.version_on(self.window.day(epoch))?;
            self.counts_in(rule, version, epoch).then_some(version)
        };
        (0..self.window.len()).map(of_epoch).collect()
    }

    /// The sign of each shape in each epoch: of all shapes in the first, then in the second, and so on.
    pub(super) fn signs(&self, partition: &Partition, rule: &Rule<'_>) -> Vec<i64> {
        let of_epoch = |epoch| {
            let version = rule.version_on(self.window.day(epoch));
            let version = version.filter(|version| self.counts_in(rule, *version, epoch));
            let signs = version.map(|version| terms::signs(rule, version, partition));
            let sign = move |shared: &Shared| signs.as_ref().map_or(0, |signs| signs[shared.countable as usize]);
            partition.shapes.shared().iter().map(sign)
        };
        (0..self.window.len()).flat_map(of_epoch).collect()
    }

    /// Every fact that a rule counts, one by one: by partition, in canonical order within it.
    pub(super) fn each(&self, rule: &Rule<'_>, take: impl FnMut(Selected<'_>)) {
        self.each_after(Position::START, rule, take);
    }

    /// The same, of the records after a position.
    pub(super) fn each_after(&self, after: Position, rule: &Rule<'_>, mut take: impl FnMut(Selected<'_>)) {
        let found = || self.cases.get_or_init(|| Cases::known(self.sources, self.known));
        let cases = rule.needs_cases().then(found);
        let by_day: Vec<_> = (0..self.window.len()).map(|epoch| rule.version_on(self.window.day(epoch))).collect();
        for partition in self.partitions() {
            let epochs = self.window.epochs_of(partition);
            let signs = Signs::new(rule, partition);
            for number in partition.known(Some(after))..partition.known(self.known) {
                let (chunk, at) = (&partition.chunks[number / SEGMENT_FACTS], number % SEGMENT_FACTS);
                let epoch = epochs[usize::from(chunk.day[at])];
                if epoch == self.window.len() || !signs.any(chunk.shape[at]) {
                    continue;
                }
                let version = match cases {
                    None => by_day[epoch],
                    Some(cases) => bound_by(rule, cases, chunk.stream[at], self.window.day(epoch)),
                };
                let Some(version) = version.filter(|version| self.counts_in(rule, *version, epoch)) else { continue };
                let sign = signs.of(version, chunk.shape[at]);
                if sign == 0 || is_second_reception(rule, version, cases, chunk.stream[at]) {
                    continue;
                }
                let shape = partition.shapes.shape(chunk.shape[at]);
                take(Selected {
                    partition,
                    number,
                    place: (shape.unit, epoch),
                    n: sign * shape.n,
                    of_which: partition.of_which(shape),
                    shown: rule.shown(rule.versions()[version]),
                    position: Position(chunk.position[at]),
                });
            }
        }
    }
}

/// The sign of every shape of a partition under every version of a rule.
struct Signs {
    versions: Vec<Vec<i64>>,
}

impl Signs {
    fn new(rule: &Rule<'_>, partition: &Partition) -> Self {
        let of_version = |version| {
            let signs = terms::signs(rule, version, partition);
            partition.shapes.shared().iter().map(|shared| signs[shared.countable as usize]).collect()
        };
        Self { versions: (0..rule.versions().len()).map(of_version).collect() }
    }

    fn of(&self, version: usize, shape: u32) -> i64 {
        self.versions[version][shape as usize]
    }

    fn any(&self, shape: u32) -> bool {
        self.versions.iter().any(|signs| signs[shape as usize] != 0)
    }
}

/// A fact that a rule counts.
pub(super) struct Selected<'a> {
    pub(super) partition: &'a Partition,
    pub(super) number: usize,
    pub(super) place: Place,
    /// With the sign that the rule gives it.
    pub(super) n: i64,
    pub(super) of_which: &'a OfWhich,
    pub(super) shown: &'a [Trait],
    pub(super) position: Position,
}

impl Selected<'_> {
    pub(super) fn effective_on(&self) -> LocalDate {
        self.partition.fact(self.number).effective_on
    }
}

/// Facts of one shape in one epoch, and the number of the last of them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count {
    pub(super) facts: u32,
    pub(super) last: u32,
}

/// The version in force on the day of the case's decision; the fact's own day where the ledger knows no decision.
fn bound_by(rule: &Rule<'_>, cases: &Cases, stream: [u8; 16], own_day: LocalDate) -> Option<usize> {
    rule.version_on(cases.of(stream).map_or(own_day, |case| case.decided_on))
}

/// The ceremony of somebody admitted again: no first admission; the net has the readmission already.
fn is_second_reception(rule: &Rule<'_>, version: usize, cases: Option<&Cases>, stream: [u8; 16]) -> bool {
    rule.versions()[version].by == What::Received
        && cases.and_then(|cases| cases.of(stream)).is_some_and(|case| case.what == What::Readmitted)
}
