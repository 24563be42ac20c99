//! Tallies as asked for: which day, which position, seen by whom. Every number of pages, JSON and SSE comes through here.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    Actor, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, Record, Reference, Timestamp, UnitId,
    fold::{
        Changed, Differences, Lens, Line, PeriodTally, RestatedCount, RestatedMeasure, State, TallyQuery, TallyRefusal,
    },
    structure::Structure,
};
use journal::ReadError;
use kit::{Problem, problem};

use crate::{Portal, asked::Known, scope::Scope, standing::record_unreadable, times::KnownAt};

/// A record that was folded by another process is heard of here within so much, or the journal is away.
const FOLLOWED_WITHIN: Duration = Duration::from_millis(500);

/// One period of one programme.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PeriodOf {
    pub(crate) programme: ProgrammeKey,
    pub(crate) period: PeriodKey,
}

/// A question with everything resolved: the same point gives the same answer.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    pub(crate) query: TallyQuery,
    pub(crate) lens: Lens,
    pub(crate) reference: Arc<Reference>,
    /// Set when the question named a moment, a position or a closing.
    pub(crate) settled: Option<bool>,
    /// A closed period was asked about as such: what is known of it by now stands beside what was reported.
    pub(crate) since: Option<TallyQuery>,
}

impl Point {
    /// As known.
    pub(crate) fn new(query: TallyQuery, reference: Arc<Reference>) -> Self {
        Self { query, lens: Lens::AsKnown, reference, settled: None, since: None }
    }

    fn state(&self) -> State<'_> {
        State { reference: &self.reference, query: &self.query }
    }

    pub(crate) fn position(&self) -> Position {
        self.query.known.unwrap_or_default()
    }
}

impl Portal {
    pub(crate) fn scope(&self, actor: &Actor) -> Scope {
        Scope::of(&self.reference().structure, actor, self.today())
    }

    /// How far the facts are counted.
    ///
    /// # Errors
    /// While they are read after a start: an answer as of the beginning would say that there is nothing. And when they are not of this ledger.
    pub(crate) fn reached(&self) -> Result<Position, Problem> {
        self.stands()?;
        let reached = self.deps.tallies.position();
        if reached == Position::START && self.deps.live.position() > reached { Err(loading()) } else { Ok(reached) }
    }

    /// How far the facts are counted and the ledger is followed, which usually takes the blink of an eye longer. Facts come from the database; where
    /// the journal cannot be followed to them, what was followed is answered.
    pub(crate) async fn known_here(&self, reached: Position) -> Position {
        if self.deps.live.position() >= reached {
            return reached;
        }
        let followed = self.deps.live.reached(reached);
        match tokio::time::timeout(FOLLOWED_WITHIN, followed).await {
            Err(_) => self.followed_of(reached),
            // Stopped for good, or there.
            Ok(_) => reached,
        }
    }

    /// The same at once.
    pub(crate) fn followed_of(&self, reached: Position) -> Position {
        reached.min(self.deps.live.position())
    }

    /// Nobody is told numbers of a position that the facts have not come to.
    fn counted(&self, point: &Point) -> Result<(), Problem> {
        let reached = self.reached()?;
        if point.position() > reached { Err(self.facts_behind(point.position(), reached)) } else { Ok(()) }
    }

    /// The tally at a point, of the units that somebody sees by now: whoever has come after a unit that has ended sees its figures of then.
    pub(crate) fn tally(&self, point: &Point, scope: &Scope) -> Result<PeriodTally, Problem> {
        self.tally_in(point, scope, &self.reference().structure)
    }

    /// The same of the units that somebody sees in a structure.
    pub(crate) fn tally_in(&self, point: &Point, scope: &Scope, structure: &Structure) -> Result<PeriodTally, Problem> {
        self.counted(point)?;
        let answered = self.deps.tallies.tally(&point.reference, &point.query);
        let mut whole = answered.map_err(|error| unknown(&error))?;
        whole.as_of.lens = point.lens;
        Ok(scope.restrict(whole, &point.reference, structure, self.today()))
    }

    /// What is known by now beside what was reported, as somebody sees it; `None` where that was not asked for.
    pub(crate) async fn known_since(&self, point: &Point, scope: &Scope) -> Result<Option<Changed>, Problem> {
        let Some(query) = &point.since else { return Ok(None) };
        let now = Point::new(query.clone(), self.reference_at(query.known.unwrap_or_default()).await?);
        // Both as they are seen in one structure, whatever is recorded meanwhile.
        let here = self.reference();
        let mut now = self.tally_in(&now, scope, &here.structure)?;
        now.as_of.known_at = self.recorded_at(now.as_of.known_position).await?;
        Ok(Changed::between(&self.tally_in(point, scope, &here.structure)?, &now))
    }

    /// The facts behind a number.
    pub(crate) fn lines(&self, point: &Point, measure: &MeasureKey, holder: UnitId) -> Result<Vec<Line>, Problem> {
        self.counted(point)?;
        self.deps.tallies.lines(&point.reference, &point.query, measure, holder).map_err(|error| unknown(&error))
    }

    /// All that differs between two points.
    pub(crate) fn differences(&self, from: &Point, to: &Point) -> Result<Differences, Problem> {
        self.counted(from)?;
        self.counted(to)?;
        self.deps.tallies.differences(from.state(), to.state()).map_err(|error| unknown(&error))
    }

    /// The counts at a point under the units of a day, in a structure as known by now.
    pub(crate) fn restated(
        &self,
        point: &Point,
        then: &PeriodTally,
        to: (&Structure, LocalDate),
    ) -> Result<Vec<RestatedMeasure>, Problem> {
        self.counted(point)?;
        self.deps.tallies.restated(&point.reference, &point.query, then, to).map_err(|error| unknown(&error))
    }

    /// The facts behind a count under the units of a day.
    pub(crate) fn restated_lines(
        &self,
        point: &Point,
        measure: &MeasureKey,
        of: RestatedCount<'_>,
    ) -> Result<Vec<Line>, Problem> {
        self.counted(point)?;
        let found = self.deps.tallies.restated_lines(&point.reference, &point.query, measure, of);
        found.map_err(|error| unknown(&error))
    }

    /// Reference data as of a position: what is in memory when nothing of it is younger, else folded again from its records.
    pub(crate) async fn reference_at(&self, position: Position) -> Result<Arc<Reference>, Problem> {
        self.followed(position).await?;
        let now = self.reference();
        if now.position <= position {
            return self.with_reopenings_ended(now).await;
        }
        let journal = self.deps.journal.as_ref();
        let then = self.references.at(journal, position).await.map_err(|error| read_problem(&error))?;
        self.with_reopenings_ended(then).await
    }

    /// The same, knowing behind which position a reopening had run out. A day that is over has its position for ever, which is kept.
    async fn with_reopenings_ended(&self, mut reference: Arc<Reference>) -> Result<Arc<Reference>, Problem> {
        let mut last = BTreeMap::new();
        for day in reference.reopened_until() {
            let end_of_day = Timestamp(day.tomorrow().begins_at().0 - 1);
            if self.deps.live.latest().is_some_and(|latest| latest > end_of_day) {
                last.insert(day, self.known_at(end_of_day).await?.position);
            }
        }
        if !last.is_empty() {
            Arc::make_mut(&mut reference).end_reopenings(&last);
        }
        Ok(reference)
    }

    /// Waits until this process has heard of everything up to a position.
    pub(crate) async fn followed(&self, position: Position) -> Result<(), Problem> {
        // A process whose own following hangs must not keep those who ask.
        let followed = tokio::time::timeout(self.config.min_position_wait, self.deps.live.reached(position)).await;
        if followed == Ok(true) { Ok(()) } else { Err(self.not_followed(position)) }
    }

    /// `None` for the place before the first record.
    pub(crate) async fn recorded_at(&self, position: Position) -> Result<Option<Timestamp>, Problem> {
        Ok(self.noted(position).await?.map(|noted| noted.at))
    }

    /// What cannot be asked of the journal is told of what this process has followed, where that stands before the moment: more may have been
    /// known by then, so it is not settled.
    pub(crate) async fn known_at(&self, at: Timestamp) -> Result<KnownAt, Problem> {
        match self.times.known_at(self.deps.journal.as_ref(), at).await {
            Err(ReadError::Unavailable(_)) if self.deps.live.latest().is_some_and(|latest| latest <= at) => {
                Ok(KnownAt { position: self.deps.live.position(), settled: false })
            }
            found => found.map_err(|error| read_problem(&error)),
        }
    }

    /// The last position of the ledger; while the journal cannot be asked, the last one that this process has followed, unless more is asked about.
    pub(crate) async fn tip_for(&self, asked: Known) -> Result<Position, Problem> {
        let followed = self.deps.live.position();
        let within = !matches!(asked, Known::At(position) if position > followed);
        match self.deps.journal.tip().await {
            Err(ReadError::Unavailable(_)) if within => Ok(followed),
            tip => tip.map_err(|error| read_problem(&error)),
        }
    }
}

pub(crate) fn decoded(stored: &journal::Stored) -> Result<Record, ReadError> {
    wire::decode(&stored.body)
        .map_err(|error| ReadError::Damaged { position: stored.position, what: error.to_string() })
}

pub(crate) fn unknown(refusal: &TallyRefusal) -> Problem {
    Problem::new(
        problem::NOT_FOUND,
        match refusal {
            TallyRefusal::ProgrammeUnknown(key) => format!("Không có chương trình `{key}`."),
            TallyRefusal::PeriodUnknown(_, key) => format!("Chương trình này chưa mở kỳ `{key}`."),
            TallyRefusal::MeasureUnknown(_, key) => format!("Kỳ này không có nội dung `{key}`."),
        },
        format!("{refusal}."),
    )
}

pub(crate) fn beyond(position: Position, reached: Position) -> Problem {
    Problem::new(
        problem::POSITION_UNKNOWN,
        format!("Sổ chưa có vị trí {position}; vị trí cuối là {reached}."),
        format!("The ledger has no position {position} yet; its last is {reached}."),
    )
    .position(reached)
}

pub(crate) fn behind(position: Position, reached: Position) -> Problem {
    Problem::new(
        problem::VIEW_BEHIND,
        format!("Mới tổng hợp tới vị trí {reached}, chưa tới {position}; hỏi lại sau giây lát."),
        format!("This is read up to position {reached}, not yet to {position}; ask again in a moment."),
    )
    .position(reached)
    .retry_after(Duration::from_secs(1))
}

fn loading() -> Problem {
    Problem::new(
        problem::VIEW_BEHIND,
        "Số liệu đang được đọc vào bộ nhớ sau khi khởi động; hỏi lại sau giây lát.",
        "The facts are being read into memory after a start; ask again in a moment.",
    )
    .position(Position::START)
    .retry_after(Duration::from_secs(1))
}

pub(crate) fn read_problem(error: &ReadError) -> Problem {
    tracing::error!(error = %chain(error), "the journal cannot be read");
    match error {
        ReadError::Unavailable(_) => unreadable(),
        ReadError::Damaged { position, .. } | ReadError::Hole { expected: position, .. } => {
            record_unreadable(*position)
        }
    }
}

pub(crate) fn unreadable() -> Problem {
    Problem::new(
        problem::UNAVAILABLE,
        "Tạm thời không đọc được sổ; thử lại sau giây lát.",
        "The ledger cannot be read at the moment; try again in a while.",
    )
    .retry_after(Duration::from_secs(2))
}

/// An error with its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        line = format!("{line}: {inner}");
        cause = inner.source();
    }
    line
}
