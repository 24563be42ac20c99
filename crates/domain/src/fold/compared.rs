//! What two questions about a measure count differently: one pass over the columns, in which whatever counts alike in both is passed over.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Facts,
    columns::{Partition, SEGMENT_FACTS},
    rollup::Rows,
    scan::Asked,
    tally::{Measure, Question},
    window::Epoch,
};
use crate::{LocalDate, Position, StreamId, UnitId, What};

/// A fact that counts more often, or less, in the later state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Changed {
    pub(super) row: UnitId,
    pub(super) position: Position,
    pub(super) what: What,
    /// What it adds to the difference.
    pub(super) n: i64,
    /// Both states know of the record, and look at its day: what else made it count elsewhere.
    pub(super) in_both: Option<Moved>,
}

/// What makes a fact count elsewhere that both states know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// A unit gained or lost a target, so that facts roll up to another row.
    ByPlan,
    /// Units have another superior or are others; or the measure has another rule.
    ByStructure,
}

/// Two questions about one measure; the earlier may not have it.
pub(super) struct Pair<'a> {
    pub(super) earlier: &'a Question<'a>,
    pub(super) later: &'a Question<'a>,
    pub(super) of_earlier: Option<&'a Measure<'a>>,
    pub(super) of_later: &'a Measure<'a>,
}

/// Where a fact counts, and what it adds there.
type Counts = Option<(UnitId, i64)>;

impl Pair<'_> {
    /// Every fact that counts differently, with those of one partition in order of positions.
    pub(super) fn each(&self, facts: &Facts, mut take: impl FnMut(Changed)) {
        match self.of_earlier.filter(|measure| measure.rule == self.of_later.rule && !measure.rule.needs_cases()) {
            Some(of_earlier) => {
                let earlier = Side::new(self.earlier, of_earlier, facts);
                let later = Side::new(self.later, self.of_later, facts);
                for (year, partition) in &facts.partitions {
                    if earlier.meets(*year) || later.meets(*year) {
                        earlier.compare(&later, partition, &mut take);
                    }
                }
            }
            // Where the rule itself differs, or the version is that of a fact's case, both are counted whole.
            None => self.each_of_both(facts, take),
        }
    }

    pub(super) fn each_of_both(&self, facts: &Facts, mut take: impl FnMut(Changed)) {
        let new = counted(facts, self.later, Some(self.of_later));
        let old = counted(facts, self.earlier, self.of_earlier);
        let rows: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        let none = BTreeMap::new();
        let of_one_rule = self.of_earlier.filter(|measure| measure.rule == self.of_later.rule);
        let of_one_rule = of_one_rule.map(|measure| (self.earlier.rows(measure), self.later.rows(self.of_later)));
        for row in rows {
            for (line, times) in difference(old.get(&row).unwrap_or(&none), new.get(&row).unwrap_or(&none)) {
                let in_both = [self.earlier, self.later]
                    .iter()
                    .all(|question| question.knows(line.position) && question.looks_at(line.effective_on));
                let in_both = in_both.then(|| {
                    let by_targets = |(earlier, later): &(Rows<'_>, Rows<'_>)| {
                        earlier.moves_by_targets(later, line.unit, line.effective_on)
                    };
                    moved(of_one_rule.as_ref().is_some_and(by_targets))
                });
                take(Changed { row, position: line.position, what: line.what, n: times * line.n, in_both });
            }
        }
    }
}

const fn moved(by_targets: bool) -> Moved {
    if by_targets { Moved::ByPlan } else { Moved::ByStructure }
}

/// One question and its measure, whose rule counts every fact by its own day.
struct Side<'a> {
    question: &'a Question<'a>,
    measure: &'a Measure<'a>,
    facts: [&'a Facts; 1],
    rows: Rows<'a>,
}

impl<'a> Side<'a> {
    fn new(question: &'a Question<'a>, measure: &'a Measure<'a>, facts: &'a Facts) -> Self {
        Self { question, measure, facts: [facts], rows: question.rows(measure) }
    }

    fn asked(&self) -> Asked<'_> {
        self.question.asked(&self.facts)
    }

    fn meets(&self, year: i16) -> bool {
        self.question.window.meets(year)
    }

    /// By epoch, and by shape within it; in the last, which is outside, nothing counts.
    fn slots(&self, partition: &Partition) -> Vec<Vec<Counts>> {
        let (asked, mut rows) = (self.asked(), BTreeMap::new());
        let mut of_epoch = |epoch: Epoch, signs: &[i64]| -> Vec<Counts> {
            let row = |unit: UnitId, rows: &mut BTreeMap<_, _>| {
                *rows.entry((unit, epoch)).or_insert_with(|| self.rows.row_of((unit, epoch)))
            };
            let shapes = partition.shapes.all().iter().zip(signs);
            shapes.map(|(shape, sign)| (*sign != 0).then(|| (row(shape.unit, &mut rows), sign * shape.n))).collect()
        };
        let signs = asked.signs(partition, &self.measure.rule);
        let epochs = signs.chunks(partition.shapes.len().max(1)).enumerate();
        let mut slots: Vec<_> = epochs.map(|(epoch, signs)| of_epoch(epoch, signs)).collect();
        slots.resize(self.question.window.len() + 1, vec![None; partition.shapes.len()]);
        slots
    }

    fn compare(&self, later: &Self, partition: &Partition, take: &mut impl FnMut(Changed)) {
        let sides = [self, later].map(|side| Counted {
            known: partition.known(side.asked().known),
            epochs: side.question.window.epochs_of(partition),
            slots: side.slots(partition),
        });
        let [old, new] = &sides;
        let both = old.known.min(new.known);
        let looks = |day: usize| {
            let day = partition.date(u16::try_from(day).unwrap_or(u16::MAX));
            [self, later].iter().all(|side| side.question.looks_at(day))
        };
        if differ(old, new) {
            let in_both: Vec<bool> = (0..old.epochs.len()).map(looks).collect();
            let (mut asked, shapes) = (BTreeMap::new(), partition.shapes.all());
            partition.each_in(0..both, |number, day, shape| {
                let (before, after) = (old.of(day, shape), new.of(day, shape));
                if before != after {
                    let place = (shapes[shape as usize].unit, old.epochs[day], new.epochs[day]);
                    let in_both = in_both[day].then(|| {
                        *asked.entry(place).or_insert_with(|| {
                            let day = partition.date(u16::try_from(day).unwrap_or(u16::MAX));
                            moved(self.rows.moves_by_targets(&later.rows, place.0, day))
                        })
                    });
                    for (row, n) in before.map(|(row, n)| (row, -n)).into_iter().chain(after) {
                        take(partition.changed(number, row, n, in_both));
                    }
                }
            });
        }
        // What only one of them knows counts in that one alone.
        for (side, sign) in sides.iter().zip([-1, 1]) {
            partition.each_in(both..side.known, |number, day, shape| {
                if let Some((row, n)) = side.of(day, shape) {
                    take(partition.changed(number, row, sign * n, None));
                }
            });
        }
    }
}

/// What a question counts of a partition.
struct Counted {
    /// How many facts it knows.
    known: usize,
    /// By day of the year.
    epochs: Vec<Epoch>,
    slots: Vec<Vec<Counts>>,
}

impl Counted {
    fn of(&self, day: usize, shape: u32) -> Counts {
        self.slots[self.epochs[day]][shape as usize]
    }
}

/// Whether there is a day and a shape that they count differently.
fn differ(old: &Counted, new: &Counted) -> bool {
    let pairs: BTreeSet<_> = old.epochs.iter().zip(&new.epochs).collect();
    pairs.into_iter().any(|(before, after)| old.slots[*before] != new.slots[*after])
}

impl Partition {
    /// The facts of these numbers: number, day of the year, shape.
    fn each_in(&self, numbers: std::ops::Range<usize>, mut take: impl FnMut(usize, usize, u32)) {
        for number in numbers {
            let (chunk, at) = (&self.chunks[number / SEGMENT_FACTS], number % SEGMENT_FACTS);
            take(number, chunk.day[at].into(), chunk.shape[at]);
        }
    }

    fn changed(&self, number: usize, row: UnitId, n: i64, in_both: Option<Moved>) -> Changed {
        let what = self.shape_of(number).countable.what;
        Changed { row, position: self.position(number), what, n, in_both }
    }
}

/// One fact as a rule counts it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Counting {
    position: Position,
    stream: StreamId,
    what: What,
    effective_on: LocalDate,
    unit: UnitId,
    n: i64,
}

/// How often each counts.
type Countings = BTreeMap<Counting, i64>;

/// What a measure counts, by row.
fn counted(facts: &Facts, question: &Question<'_>, measure: Option<&Measure<'_>>) -> BTreeMap<UnitId, Countings> {
    let mut counted = BTreeMap::<_, Countings>::new();
    let Some(measure) = measure else { return counted };
    let rows = question.rows(measure);
    let mut row_of = BTreeMap::new();
    question.asked(&[facts]).each(&measure.rule, |selected| {
        let row = *row_of.entry(selected.place).or_insert_with_key(|place| rows.row_of(*place));
        let fact = selected.partition.fact(selected.number);
        let line = Counting {
            position: fact.position,
            stream: fact.stream,
            what: fact.countable.what,
            effective_on: fact.effective_on,
            unit: fact.unit,
            n: selected.n,
        };
        *counted.entry(row).or_default().entry(line).or_default() += 1;
    });
    counted
}

/// How much more often each counts in `new` than in `old`; what counts alike is left out.
fn difference<'a>(old: &'a Countings, new: &'a Countings) -> BTreeMap<&'a Counting, i64> {
    let mut changed: BTreeMap<_, _> = new.iter().map(|(line, times)| (line, *times)).collect();
    for (line, times) in old {
        *changed.entry(line).or_default() -= times;
    }
    changed.retain(|_, times| *times != 0);
    changed
}

/// The records up to a position that take something back, for who asks in order of positions, mostly.
pub(super) struct TakingBack {
    positions: Vec<Position>,
    /// All before it are below what was asked last.
    next: usize,
}

impl TakingBack {
    pub(super) fn up_to(facts: &Facts, known: Option<Position>) -> Self {
        let mut positions = Vec::new();
        for partition in facts.partitions.values() {
            let takes: Vec<bool> = partition.shapes.all().iter().map(|shape| shape.n < 0).collect();
            if takes.contains(&true) {
                partition.each_in(0..partition.known(known), |number, _, shape| {
                    if takes[shape as usize] && positions.last() != Some(&partition.position(number)) {
                        positions.push(partition.position(number));
                    }
                });
            }
        }
        positions.sort_unstable();
        positions.dedup();
        Self { positions, next: 0 }
    }

    pub(super) fn contains(&mut self, position: Position) -> bool {
        if self.next.checked_sub(1).is_some_and(|last| self.positions[last] >= position) {
            self.next = self.positions.partition_point(|at| *at < position);
        }
        while self.positions.get(self.next).is_some_and(|at| *at < position) {
            self.next += 1;
        }
        self.positions.get(self.next) == Some(&position)
    }
}
