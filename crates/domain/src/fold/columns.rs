//! Facts in columns by year of their day: 34 bytes a fact, scanned at memory speed, which answers any (valid, known) without an index.

use std::collections::BTreeMap;

use super::{
    Fact,
    fact::signed_counts,
    receptions::Receptions,
    shape::{Shape, Shapes},
};
use crate::{Counted, Event, LocalDate, OfWhich, Position, StreamId};

/// Facts a segment. Segment k of a partition holds the facts numbered 4096k to 4096k+4095.
pub const SEGMENT_FACTS: usize = 4096;

/// The year of a fact's day: what facts are partitioned by.
pub type PartitionYear = i16;

/// All facts known, by the year of their day.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub(super) partitions: BTreeMap<PartitionYear, Partition>,
    /// Follows from the partitions.
    pub(super) receptions: Receptions,
    position: Position,
}

/// How far `Facts` had come: what [`Facts::rewind`] goes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    position: Position,
    lengths: BTreeMap<PartitionYear, u64>,
}

impl Facts {
    /// Folds one event of the record at `position`. Total: an event that counts nothing only moves the position.
    /// Events come in the order of the ledger; within a record in its own.
    pub fn fold(&mut self, position: Position, stream: StreamId, event: &Event) {
        for (sign, counted) in signed_counts(event) {
            self.partition(counted.effective_on).add(position, stream, sign, counted);
            self.added(counted.effective_on.year(), 1);
        }
        self.position = self.position.max(position);
    }

    /// Adds one fact behind all others of its partition.
    pub fn push(&mut self, fact: &Fact) {
        self.partition(fact.effective_on).push(fact);
        self.added(fact.effective_on.year(), 1);
        self.position = self.position.max(fact.position);
    }

    /// The last position folded, or taken from a row or a segment.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Says that everything up to `position` is folded, though the last of it may have counted nothing.
    pub fn advance(&mut self, position: Position) {
        self.position = self.position.max(position);
    }

    /// Years that have facts, and how many.
    pub fn partitions(&self) -> impl Iterator<Item = (PartitionYear, u64)> + '_ {
        self.partitions.iter().map(|(year, partition)| (*year, partition.len() as u64))
    }

    /// Facts of a year; 0 when it has none.
    pub fn len(&self, year: PartitionYear) -> u64 {
        self.partitions.get(&year).map_or(0, |partition| partition.len() as u64)
    }

    /// Facts in all.
    pub fn total(&self) -> u64 {
        self.partitions().map(|(_, len)| len).sum()
    }

    /// Facts of a year from number `from` on, in canonical order.
    pub fn iter_from(&self, year: PartitionYear, from: u64) -> impl Iterator<Item = Fact> + '_ {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        self.partitions
            .get(&year)
            .into_iter()
            .flat_map(move |partition| (from..partition.len()).map(move |number| partition.fact(number)))
    }

    /// All facts, year by year.
    pub fn iter(&self) -> impl Iterator<Item = Fact> + '_ {
        self.partitions.keys().flat_map(|year| self.iter_from(*year, 0))
    }

    pub fn mark(&self) -> Mark {
        Mark { position: self.position, lengths: self.partitions().collect() }
    }

    /// Forgets every fact that came after the mark; for a follower whose transaction did not commit.
    pub fn rewind(&mut self, mark: &Mark) {
        if self.mark() == *mark {
            return;
        }
        for (year, partition) in &mut self.partitions {
            let keep = mark.lengths.get(year).copied().unwrap_or(0);
            partition.truncate(usize::try_from(keep).unwrap_or(usize::MAX));
        }
        self.partitions.retain(|_, partition| partition.len() > 0);
        self.position = mark.position;
        self.receptions = Receptions::default();
        let years: Vec<_> = self.partitions.keys().copied().collect();
        years.into_iter().for_each(|year| self.receptions.take(&self.partitions, year, 0));
    }

    /// So many facts were added to a year.
    pub(super) fn added(&mut self, year: PartitionYear, facts: usize) {
        let from = self.partitions.get(&year).map_or(0, |partition| partition.len() - facts);
        self.receptions.take(&self.partitions, year, from);
    }

    pub(super) fn partition(&mut self, day: LocalDate) -> &mut Partition {
        let year = day.year();
        self.partitions.entry(year).or_insert_with(|| Partition::new(LocalDate::new(year, 1, 1).unwrap_or(day)))
    }
}

/// Equal facts in equal order, whatever way they came.
impl PartialEq for Facts {
    fn eq(&self, other: &Self) -> bool {
        self.position == other.position && self.partitions().eq(other.partitions()) && self.iter().eq(other.iter())
    }
}

impl Eq for Facts {}

/// The facts of one year, numbered in (position, index in the record) order.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    /// 1 January.
    first: LocalDate,
    /// The same in days since 1970.
    first_day: i32,
    pub(super) shapes: Shapes,
    /// Each but the last holds [`SEGMENT_FACTS`].
    pub(super) chunks: Vec<Chunk>,
}

/// Columns of up to [`SEGMENT_FACTS`] facts.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub(super) shape: Vec<u32>,
    /// Day of the year, from 0.
    pub(super) day: Vec<u16>,
    pub(super) position: Vec<u64>,
    pub(super) stream: Vec<[u8; 16]>,
    pub(super) place: Vec<u32>,
}

/// A fact as it stands in the columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) shape: u32,
    pub(super) day: u16,
    pub(super) position: u64,
    pub(super) stream: [u8; 16],
    pub(super) place: u32,
}

impl Chunk {
    pub(super) fn len(&self) -> usize {
        self.shape.len()
    }

    fn truncate(&mut self, len: usize) {
        self.shape.truncate(len);
        self.day.truncate(len);
        self.position.truncate(len);
        self.stream.truncate(len);
        self.place.truncate(len);
    }
}

impl Partition {
    /// `first` is a 1 January.
    pub(super) fn new(first: LocalDate) -> Self {
        Self { first, first_day: first.to_days(), shapes: Shapes::default(), chunks: Vec::new() }
    }

    pub(super) fn first_day(&self) -> i32 {
        self.first_day
    }

    pub(super) fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * SEGMENT_FACTS + last.len())
    }

    /// Facts in sealed segments.
    pub(super) fn sealed(&self) -> usize {
        self.len() / SEGMENT_FACTS
    }

    fn add(&mut self, position: Position, stream: StreamId, sign: i64, counted: &Counted) {
        let shape = Shape {
            kind: stream.kind,
            countable: counted.countable,
            unit: counted.unit,
            n: sign * i64::from(counted.n),
            of_which: self.shapes.intern_of_which(&counted.of_which),
        };
        self.append_shape(shape, counted.effective_on, counted.place.as_deref(), (position, stream));
    }

    fn push(&mut self, fact: &Fact) {
        let shape = Shape {
            kind: fact.stream.kind,
            countable: fact.countable,
            unit: fact.unit,
            n: fact.n,
            of_which: self.shapes.intern_of_which(&fact.of_which),
        };
        self.append_shape(shape, fact.effective_on, fact.place.as_deref(), (fact.position, fact.stream));
    }

    fn append_shape(&mut self, shape: Shape, on: LocalDate, place: Option<&str>, (at, stream): (Position, StreamId)) {
        let entry = Entry {
            shape: self.shapes.intern(shape),
            day: u16::try_from(on.to_days() - self.first_day).unwrap_or(u16::MAX),
            position: at.0,
            stream: *stream.id.as_bytes(),
            place: self.shapes.intern_place(place),
        };
        self.append(entry);
    }

    pub(super) fn append(&mut self, entry: Entry) {
        if self.chunks.last().is_none_or(|last| last.len() == SEGMENT_FACTS) {
            self.chunks.push(Chunk::default());
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.shape.push(entry.shape);
            chunk.day.push(entry.day);
            chunk.position.push(entry.position);
            chunk.stream.push(entry.stream);
            chunk.place.push(entry.place);
        }
    }

    fn truncate(&mut self, len: usize) {
        let Some(before) = len.div_ceil(SEGMENT_FACTS).checked_sub(1) else { return self.chunks.clear() };
        self.chunks.truncate(before + 1);
        if let Some(last) = self.chunks.get_mut(before) {
            last.truncate(len - before * SEGMENT_FACTS);
        }
    }

    /// How many facts are known at `known`: they are a prefix, since facts stand in position order.
    pub(super) fn known(&self, known: Option<Position>) -> usize {
        let Some(known) = known else { return self.len() };
        let full = self.chunks.partition_point(|chunk| chunk.position.last().is_some_and(|last| *last <= known.0));
        let within = self.chunks.get(full).map_or(0, |chunk| chunk.position.partition_point(|at| *at <= known.0));
        // The last chunk may be wholly known without being full.
        (full * SEGMENT_FACTS + within).min(self.len())
    }

    pub(super) fn date(&self, day: u16) -> LocalDate {
        LocalDate::from_days(self.first_day + i32::from(day)).unwrap_or(self.first)
    }

    /// Of the year, from 0.
    pub(super) fn day(&self, number: usize) -> u16 {
        self.chunks[number / SEGMENT_FACTS].day[number % SEGMENT_FACTS]
    }

    pub(super) fn position(&self, number: usize) -> Position {
        Position(self.chunks[number / SEGMENT_FACTS].position[number % SEGMENT_FACTS])
    }

    pub(super) fn last_position(&self) -> Option<Position> {
        self.chunks.last()?.position.last().copied().map(Position)
    }

    pub(super) fn stream_bytes(&self, number: usize) -> [u8; 16] {
        self.chunks[number / SEGMENT_FACTS].stream[number % SEGMENT_FACTS]
    }

    pub(super) fn stream(&self, number: usize) -> StreamId {
        let (chunk, at) = (&self.chunks[number / SEGMENT_FACTS], number % SEGMENT_FACTS);
        StreamId::new(self.shapes.shape(chunk.shape[at]).kind, uuid::Uuid::from_bytes(chunk.stream[at]))
    }

    pub(super) fn of_which(&self, shape: &Shape) -> &OfWhich {
        self.shapes.of_which(shape.of_which)
    }

    pub(super) fn shape_of(&self, number: usize) -> &Shape {
        self.shapes.shape(self.chunks[number / SEGMENT_FACTS].shape[number % SEGMENT_FACTS])
    }

    pub(super) fn place(&self, number: usize) -> Option<&str> {
        self.shapes.place(self.chunks[number / SEGMENT_FACTS].place[number % SEGMENT_FACTS])
    }

    pub(super) fn fact(&self, number: usize) -> Fact {
        let (chunk, at) = (&self.chunks[number / SEGMENT_FACTS], number % SEGMENT_FACTS);
        let shape = self.shape_of(number);
        Fact {
            position: Position(chunk.position[at]),
            stream: self.stream(number),
            effective_on: self.date(chunk.day[at]),
            unit: shape.unit,
            countable: shape.countable,
            n: shape.n,
            of_which: self.of_which(shape).clone(),
            place: self.shapes.place(chunk.place[at]).map(str::to_owned),
        }
    }
}
