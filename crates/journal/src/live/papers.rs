//! Which papers have been recorded: the same paper twice under two keys is the commonest real error.
//!
//! A paper is (kind of decision, issuer, symbol, number, year) and, when it decides several things, a line. The whole paper collides with
//! each of its lines, so that a batch and singles from one paper are noticed. Kept as 64-bit hashes: at a million papers the chance that a
//! new one collides by accident is 10⁻¹³, and then `distinct_from` lets it pass.

use std::hash::{DefaultHasher, Hash, Hasher};

use domain::{
    Position, Record, Refusal,
    paper::{Paper, number_key, symbol_key},
};
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::marks::{Mark, Marks};

#[derive(Debug, Default)]
pub struct Papers {
    recorded: Mutex<Marks>,
    settled: Notify,
}

/// Why a paper is not to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperTaken {
    /// It is recorded already: here first.
    At { position: Position },
    /// What the caller says that it is distinct from is no record of the same paper.
    NotThere { distinct_from: Position },
}

impl From<PaperTaken> for Refusal {
    fn from(taken: PaperTaken) -> Self {
        match taken {
            PaperTaken::At { position } => Self::LooksRecordedAlready { position },
            PaperTaken::NotThere { distinct_from } => Self::DistinctFromAnother { distinct_from },
        }
    }
}

/// Holds a paper while its record is on its way; dropped without `recorded`, it gives the paper free.
#[derive(Debug)]
pub struct Reservation<'a> {
    papers: &'a Papers,
    marks: [u64; 2],
    /// Which of the marks this reservation put there.
    held: [bool; 2],
}

impl Papers {
    /// Reserves a paper, waiting for another command that is just recording it. `distinct_from` names a record of it that the caller knows.
    ///
    /// # Errors
    /// `PaperTaken`, with the position of the first record of the same paper; also when the caller names another one.
    pub async fn reserve(
        &self,
        paper: Paper<'_>,
        distinct_from: Option<Position>,
    ) -> Result<Reservation<'_>, PaperTaken> {
        loop {
            let settled = self.settled.notified();
            match self.reserve_at_once(paper, distinct_from) {
                Some(reserved) => return reserved,
                None => settled.await,
            }
        }
    }

    /// As `reserve`; `None` while another command is just recording the paper.
    pub fn reserve_at_once(
        &self,
        paper: Paper<'_>,
        distinct_from: Option<Position>,
    ) -> Option<Result<Reservation<'_>, PaperTaken>> {
        let keys = Keys::of(paper);
        let mut recorded = self.recorded.lock();
        let mut seen = None;
        let mut free = [false; 2];
        for (collides, free) in keys.collides.into_iter().zip(&mut free) {
            match recorded.get(collides) {
                Some(Mark::Held) => return None,
                Some(Mark::At(position)) if distinct_from != Some(position) => {
                    return Some(Err(PaperTaken::At { position }));
                }
                Some(Mark::At(position)) => seen = Some(position),
                None => *free = true,
            }
        }
        if let Some(distinct_from) = distinct_from.filter(|_| seen.is_none()) {
            return Some(Err(PaperTaken::NotThere { distinct_from }));
        }
        // The second is the first again when the paper has no lines. What was just looked at is not looked for again.
        let [one, other] = keys.marks;
        let mut hold = |mark: u64| match keys.collides.iter().position(|collides| *collides == mark) {
            Some(looked_at) => free[looked_at] && recorded.hold_free(mark),
            None => recorded.hold(mark),
        };
        let held = [hold(one), other != one && hold(other)];
        Some(Ok(Reservation { papers: self, marks: keys.marks, held }))
    }

    /// A record was seen in the ledger.
    pub(super) fn fold(&self, position: Position, record: &Record) {
        let Some(paper) = Paper::of_record(record) else { return };
        let keys = Keys::of(paper);
        if record.distinct_from.is_none()
            && let Some(first) = self.stands_at(&keys, position)
        {
            tracing::warn!(%first, second = %position, "one paper is recorded twice: two processes took it at the same moment; look at both");
        }
        self.settle(keys.marks, position);
    }

    /// The first other record of a paper.
    fn stands_at(&self, keys: &Keys, position: Position) -> Option<Position> {
        let recorded = self.recorded.lock();
        keys.collides.iter().find_map(|mark| match recorded.get(*mark) {
            Some(Mark::At(first)) => (first != position).then_some(first),
            Some(Mark::Held) | None => None,
        })
    }

    /// The paper with these marks stands at this position.
    fn settle(&self, marks: [u64; 2], position: Position) {
        let mut recorded = self.recorded.lock();
        let [one, other] = marks;
        recorded.settle(one, position);
        if other != one {
            recorded.settle(other, position);
        }
    }
}

impl Reservation<'_> {
    /// The paper stands at this position from now on.
    pub fn recorded(mut self, position: Position) {
        self.held = [false; 2];
        self.papers.settle(self.marks, position);
        self.papers.settled.notify_waiters();
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if self.held == [false; 2] {
            return;
        }
        {
            let mut recorded = self.papers.recorded.lock();
            for (mark, held) in self.marks.iter().zip(self.held) {
                // It may have arrived by the ledger meanwhile, when the outcome was unknown here.
                if held {
                    recorded.free(*mark);
                }
            }
        }
        self.papers.settled.notify_waiters();
    }
}

/// A paper and a line collide with different things than they leave marks for.
struct Keys {
    collides: [u64; 2],
    marks: [u64; 2],
}

impl Keys {
    fn of(Paper { kind, document, about }: Paper<'_>) -> Self {
        let symbol = symbol_key(&document.symbol);
        // The text is folded once: composing it costs more than all the rest.
        let mut paper = DefaultHasher::new();
        kind.hash(&mut paper);
        about.hash(&mut paper);
        domain::text::comparison_key(&document.issuer).hash(&mut paper);
        number_key(&document.number, &symbol).hash(&mut paper);
        symbol.hash(&mut paper);
        document.date.year().hash(&mut paper);
        let paper = |part: Part| {
            let mut hasher = paper.clone();
            part.hash(&mut hasher);
            hasher.finish()
        };
        match document.line {
            None => Self { collides: [paper(Part::Whole), paper(Part::AnyLine)], marks: [paper(Part::Whole); 2] },
            Some(line) => Self {
                collides: [paper(Part::Whole), paper(Part::Line(line))],
                marks: [paper(Part::AnyLine), paper(Part::Line(line))],
            },
        }
    }
}

#[derive(Hash)]
enum Part {
    Whole,
    AnyLine,
    Line(u32),
}

#[cfg(test)]
mod tests {
    use domain::{BatchId, Document, paper::PaperKind};
    use uuid::Uuid;

    use super::*;

    const fn of(kind: PaperKind, document: &Document) -> Paper<'_> {
        Paper { kind, document, about: None }
    }

    fn paper(number: &str, line: Option<u32>) -> Document {
        let date = domain::LocalDate::new(2022, 5, 19).unwrap();
        Document {
            number: number.into(),
            symbol: "QĐ/QU".into(),
            issuer: "Quận ủy Lê Chân".into(),
            date,
            line,
            sha256: None,
        }
    }

    async fn record(papers: &Papers, kind: PaperKind, document: &Document, at: u64) -> Result<(), PaperTaken> {
        papers.reserve(of(kind, document), None).await?.recorded(Position(at));
        Ok(())
    }

    #[tokio::test]
    async fn the_same_paper_is_named_with_its_first_position() {
        let papers = Papers::default();
        record(&papers, PaperKind::Founding, &paper("12", None), 7).await.unwrap();
        let old_style = Document { issuer: "QUẬN UỶ LÊ CHÂN".into(), ..paper("12", None) };
        assert_eq!(
            record(&papers, PaperKind::Founding, &old_style, 8).await,
            Err(PaperTaken::At { position: Position(7) })
        );
        record(&papers, PaperKind::Founding, &paper("13", None), 9).await.unwrap();
        record(&papers, PaperKind::Dissolution, &paper("12", None), 10).await.unwrap();
    }

    #[tokio::test]
    async fn the_same_paper_is_noticed_however_its_number_and_symbol_are_typed() {
        let papers = Papers::default();
        record(&papers, PaperKind::Founding, &paper("950", None), 7).await.unwrap();
        for number in ["0950", "９５０", "950/", "số 950", "Số: 950"] {
            assert!(record(&papers, PaperKind::Founding, &paper(number, None), 8).await.is_err(), "{number}");
        }
        for symbol in ["QD/QU", "-qđ/qu", "QĐ-QU"] {
            let typed = Document { symbol: symbol.into(), ..paper("950", None) };
            assert!(record(&papers, PaperKind::Founding, &typed, 8).await.is_err(), "{symbol}");
        }
        for number in ["95", "9500", "950a", "9/50", "95/0"] {
            record(&papers, PaperKind::Founding, &paper(number, None), 9).await.unwrap();
        }
    }

    #[tokio::test]
    async fn the_minutes_of_one_day_are_recorded_once_for_each_batch() {
        let papers = Papers::default();
        let document = paper("3", None);
        let about = |batch: u128, day: i8| Paper {
            kind: PaperKind::BatchCeremony,
            document: &document,
            about: Some((BatchId(Uuid::from_u128(batch)), domain::LocalDate::new(2022, 9, day).unwrap())),
        };
        papers.reserve(about(1, 26), None).await.unwrap().recorded(Position(1));
        assert!(papers.reserve(about(1, 26), None).await.is_err());
        for other in [about(1, 27), about(2, 26)] {
            assert!(papers.reserve(other, None).await.is_ok());
        }
    }

    #[tokio::test]
    async fn lines_of_one_paper_stand_beside_each_other_but_not_beside_the_whole() {
        let papers = Papers::default();
        record(&papers, PaperKind::Admission, &paper("5", Some(1)), 1).await.unwrap();
        record(&papers, PaperKind::Admission, &paper("5", Some(2)), 2).await.unwrap();
        assert!(record(&papers, PaperKind::Admission, &paper("5", Some(2)), 3).await.is_err());
        assert!(record(&papers, PaperKind::Admission, &paper("5", None), 4).await.is_err());
        record(&papers, PaperKind::Admission, &paper("6", None), 5).await.unwrap();
        assert!(record(&papers, PaperKind::Admission, &paper("6", Some(1)), 6).await.is_err());
    }

    #[tokio::test]
    async fn a_caller_who_knows_the_other_record_passes() {
        let papers = Papers::default();
        record(&papers, PaperKind::Founding, &paper("12", None), 7).await.unwrap();
        assert!(papers.reserve(of(PaperKind::Founding, &paper("12", None)), Some(Position(7))).await.is_ok());
        assert!(papers.reserve(of(PaperKind::Founding, &paper("12", None)), Some(Position(6))).await.is_err());
    }

    #[tokio::test]
    async fn nothing_is_distinct_from_what_is_not_there() {
        let papers = Papers::default();
        record(&papers, PaperKind::Founding, &paper("12", None), 7).await.unwrap();
        for position in [Position(7), Position(u64::MAX)] {
            let other = papers.reserve(of(PaperKind::Founding, &paper("13", None)), Some(position)).await;
            assert_eq!(other.err(), Some(PaperTaken::NotThere { distinct_from: position }));
        }
        record(&papers, PaperKind::Founding, &paper("13", None), 8).await.unwrap();
    }

    #[tokio::test]
    async fn a_refused_command_gives_the_paper_free() {
        let papers = Papers::default();
        drop(papers.reserve(of(PaperKind::Founding, &paper("12", None)), None).await.unwrap());
        record(&papers, PaperKind::Founding, &paper("12", None), 8).await.unwrap();
    }

    #[tokio::test]
    async fn two_at_once_elect_one() {
        let papers = Papers::default();
        let document = paper("12", None);
        let first = papers.reserve(of(PaperKind::Founding, &document), None).await.unwrap();
        let second = papers.reserve(of(PaperKind::Founding, &document), None);
        tokio::pin!(second);
        assert!(futures::poll!(&mut second).is_pending());
        first.recorded(Position(3));
        assert_eq!(second.await.err(), Some(PaperTaken::At { position: Position(3) }));
    }
}
