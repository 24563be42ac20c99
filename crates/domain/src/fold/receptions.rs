//! Ceremonies by the case whose decisions they follow, kept up as facts come, so that a tally need not join all of them by their streams.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    PartitionYear,
    columns::Partition,
    shape::{QuickMap, hash_of},
};
use crate::{Countee, LocalDate, Membership, Position, What};

/// The cases of all streams on which somebody was admitted or received.
#[derive(Clone, Debug, Default)]
pub(super) struct Receptions {
    homes: BTreeMap<PartitionYear, Home>,
    streams: Streams,
}

/// Cases by the year of the first fact that was met of them, and what was received in them.
#[derive(Clone, Debug, Default)]
pub(super) struct Home {
    /// By number.
    pub(super) cases: Vec<Case>,
    books: Vec<Book>,
    /// By case: its admissions that do not follow its first ones at once.
    more: QuickMap<u32, Vec<(PartitionYear, Run)>>,
    /// Other years, and which of its cases have admissions in them.
    pub(super) reaches: BTreeMap<PartitionYear, BTreeSet<u32>>,
    received: Vec<Received>,
}

/// What a tally reads of every case: mostly that is all that it needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    /// Of its first ceremony by position, and of the last ceremony or admission.
    begun_at: u64,
    ended_at: u64,
    /// Days of its ceremonies since 1970: the first and the last.
    begun_on: i32,
    ended_on: i32,
    /// The fact of its home year by which it was met, with which its first admissions begin; none of them if that was a ceremony.
    first: u32,
    len: u16,
    /// Whether all its ceremonies receive all of its admitted, whichever of them are asked about.
    whole: bool,
    /// Whether it has admissions besides its first.
    more: bool,
}

/// What is needed to keep a case up.
#[derive(Clone, Copy, Debug)]
struct Book {
    /// Admitted less received.
    left: i64,
    /// One more than the place of its last ceremony in `received`; 0 is none.
    last: u32,
    of: Membership,
    /// Nobody of another membership, and nothing taken back.
    plain: bool,
}

/// How much of a case was received by a day, as known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Nothing,
    /// Perhaps, or in part: its facts have to be asked.
    Something,
    All,
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
    pub(super) n: i64,
    /// Since 1970.
    pub(super) day: i32,
    /// One more than the place of the case's ceremony before it; 0 is none.
    before: u32,
    pub(super) of: Membership,
}

/// A case by its home and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CaseId {
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
                    let case = self.case(partitions, year, number, of);
                    let home = self.homes.entry(case.home).or_default();
                    home.book(case.number, of, partition.position(number)).admitted(shape.n);
                    home.admit(case, year, number);
                    home.close(case.number);
                }
                What::Received => {
                    let case = self.case(partitions, year, number, of);
                    let day = partition.first_day() + i32::from(partition.day(number));
                    let position = partition.position(number);
                    let home = self.homes.entry(case.home).or_default();
                    home.book(case.number, of, position).left -= shape.n;
                    home.receive(case.number, Received { position: position.0, n: shape.n, day, before: 0, of });
                    home.close(case.number);
                }
                _ => {}
            }
        }
    }

    pub(super) fn homes(&self) -> impl Iterator<Item = (PartitionYear, &Home)> {
        self.homes.iter().map(|(year, home)| (*year, home))
    }

    fn case(&mut self, partitions: &Partitions, year: PartitionYear, number: usize, of: Membership) -> CaseId {
        let next = CaseId { home: year, number: number_of(self.homes.entry(year).or_default().cases.len()) };
        let homes = &self.homes;
        let stream = |case: CaseId| -> Option<[u8; 16]> {
            let first = homes.get(&case.home)?.cases.get(case.number as usize)?.first;
            Some(partitions.get(&case.home)?.stream_bytes(first as usize))
        };
        let stream_bytes = partitions[&year].stream_bytes(number);
        let case = self.streams.find_or(&stream_bytes, next, stream);
        if case == next {
            let home = self.homes.entry(year).or_default();
            home.cases.push(Case::met_by(number_of(number)));
            home.books.push(Book { left: 0, last: 0, of, plain: true });
        }
        case
    }
}

impl Home {
    /// The book of a case in which a fact of a position is to be noted.
    fn book(&mut self, case: u32, of: Membership, position: Position) -> &mut Book {
        let ended_at = &mut self.cases[case as usize].ended_at;
        *ended_at = position.0.max(*ended_at);
        let book = &mut self.books[case as usize];
        book.plain &= book.of == of;
        book
    }

    fn close(&mut self, case: u32) {
        let book = &self.books[case as usize];
        self.cases[case as usize].whole = book.plain && book.left <= 0;
    }

    fn admit(&mut self, case: CaseId, year: PartitionYear, number: usize) {
        let known = &mut self.cases[case.number as usize];
        let number = number_of(number);
        if year == case.home && known.extend(number) {
            return;
        }
        known.more = true;
        if year != case.home {
            self.reaches.entry(year).or_default().insert(case.number);
        }
        let more = self.more.entry(case.number).or_default();
        if !more.iter_mut().any(|(of, run)| *of == year && run.extend(number)) {
            more.push((year, Run { first: number, len: 1 }));
        }
    }

    fn receive(&mut self, case: u32, one: Received) {
        let last = &mut self.books[case as usize].last;
        self.received.push(Received { before: *last, ..one });
        *last = number_of(self.received.len());
        let case = &mut self.cases[case as usize];
        case.begun_at = one.position.min(case.begun_at);
        case.begun_on = one.day.min(case.begun_on);
        case.ended_on = one.day.max(case.ended_on);
    }

    /// The ceremonies of a case, the last first.
    pub(super) fn received_in(&self, case: u32) -> impl Iterator<Item = &Received> {
        let place = |after: u32| after.checked_sub(1).and_then(|place| self.received.get(place as usize));
        std::iter::successors(place(self.books[case as usize].last), move |one| place(one.before))
    }

    /// The admissions of a case that do not follow its first ones at once.
    #[inline]
    pub(super) fn more(&self, case: u32) -> &[(PartitionYear, Run)] {
        // Seldom any: the table is not asked in vain.
        if self.cases[case as usize].more { self.more.get(&case).map_or(&[], Vec::as_slice) } else { &[] }
    }

    /// All admissions of a case, in canonical order.
    pub(super) fn runs(&self, year: PartitionYear, case: u32) -> Vec<(PartitionYear, Run)> {
        let mut runs = self.more(case).to_vec();
        runs.push((year, self.cases[case as usize].first_run()));
        runs.sort_unstable();
        runs
    }
}

impl Case {
    fn met_by(number: u32) -> Self {
        Self {
            begun_at: u64::MAX,
            ended_at: 0,
            begun_on: i32::MAX,
            ended_on: i32::MIN,
            first: number,
            len: 0,
            whole: false,
            more: false,
        }
    }

    pub(super) fn first_run(&self) -> Run {
        Run { first: self.first, len: self.len.into() }
    }

    /// Where all is received, whatever a measure counts of it was: each of its facts with its own number.
    pub(super) fn received(&self, known: Option<Position>, until: LocalDate) -> Extent {
        let (known, until) = (known.map_or(u64::MAX - 1, |known| known.0), until.to_days());
        if known < self.begun_at || until < self.begun_on {
            Extent::Nothing
        } else if self.whole && known >= self.ended_at && until >= self.ended_on {
            Extent::All
        } else {
            Extent::Something
        }
    }

    /// Takes a fact that follows its first admissions at once.
    fn extend(&mut self, number: u32) -> bool {
        let follows = self.first + u32::from(self.len) == number && self.len < u16::MAX;
        self.len += u16::from(follows);
        follows
    }
}

impl Book {
    fn admitted(&mut self, n: i64) {
        self.left += n;
        self.plain &= n > 0;
    }
}

impl Run {
    /// Takes a fact that follows at once.
    fn extend(&mut self, number: u32) -> bool {
        let follows = self.first + self.len == number;
        self.len += u32::from(follows);
        follows
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
    cases: Vec<(u32, CaseId)>,
}

impl Streams {
    const LEAST: usize = 1_024;

    /// The case of a stream, which is `next` when it has none yet; `stream_of` says what the stream of a known one is.
    fn find_or(&mut self, stream: &[u8; 16], next: CaseId, stream_of: impl Fn(CaseId) -> Option<[u8; 16]>) -> CaseId {
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
