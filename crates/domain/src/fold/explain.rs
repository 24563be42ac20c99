//! Why two tallies of one period differ: each cell's difference in pieces that sum to it, each with its records (law 13).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Cell, Facts, MeasureTally, PeriodTally,
    tally::{Question, TallyQuery, TallyRefusal},
};
use crate::{LocalDate, MeasureKey, Position, Reference, StreamId, TargetValue, UnitId, What};

/// Positions that a piece names; it says how many there are.
const POSITIONS_MAX: usize = 100;

/// One state of a period: reference data folded up to what the query knows, and the query.
#[derive(Clone, Copy)]
pub struct State<'a> {
    pub reference: &'a Reference,
    pub query: &'a TallyQuery,
}

/// Why a number is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Organisations that were founded, recognised, registered or received.
    Founded,
    /// Members who were admitted, again admitted, received at a ceremony, or recognised as official.
    Admitted,
    Dissolved,
    Transferred,
    /// Founded or admitted, and recorded behind a closing of the period.
    Late,
    Corrected,
    Revoked,
    /// The same records count for another unit, or no longer, since the structure or a measure was changed.
    StructureChanged,
}

/// A part of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Piece {
    pub why: Why,
    /// What it adds to the number; negative when it takes away.
    pub n: i64,
    /// How many records.
    pub records: u64,
    /// Of the records, ascending; the first hundred.
    pub positions: Vec<Position>,
}

/// Something before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FromTo<T> {
    pub from: T,
    pub to: T,
}

/// A cell whose number or plan is another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ExplainedCell {
    pub committee: UnitId,
    pub name: String,
    pub actual: FromTo<i64>,
    /// Set when the plan was assigned, adjusted, withdrawn or corrected between the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_changed: Option<FromTo<Option<TargetValue>>>,
    /// They sum to the difference of `actual`.
    pub pieces: Vec<Piece>,
}

/// A measure, its whole and the cells that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ExplainedMeasure {
    pub measure: MeasureKey,
    pub name: String,
    pub name_en: String,
    /// Of the holders with a plan.
    pub actual: FromTo<i64>,
    pub plan: FromTo<u64>,
    /// Of all cells; the pieces of the cells sum to its difference.
    pub total: FromTo<i64>,
    /// Holders with a plan: k of n is not compared where it changes.
    pub with_plan: FromTo<u32>,
    pub cells: Vec<ExplainedCell>,
}

/// All that differs between two states of a period.
pub struct Differences {
    /// By measure and row: each fact that counts more often, or less, in the later state.
    changed: BTreeMap<MeasureKey, BTreeMap<UnitId, Vec<Changed>>>,
    /// Of those facts, the records that take something back as well.
    taking_back: BTreeSet<Position>,
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

struct Changed {
    position: Position,
    what: What,
    n: i64,
    /// Both states know of the record, and look at its day: only the structure, or a measure's rule, can be what differs.
    in_both: bool,
    late: bool,
}

/// By row, how often each counts.
type Counted = BTreeMap<UnitId, BTreeMap<Counting, i64>>;

impl Differences {
    /// # Errors
    /// As [`super::tally`], for either state.
    pub fn between(facts: &Facts, from: State<'_>, to: State<'_>) -> Result<Self, TallyRefusal> {
        let (earlier, later) = (Question::new(from.reference, from.query)?, Question::new(to.reference, to.query)?);
        let mut changed = BTreeMap::new();
        let mut taking_back = BTreeSet::new();
        for measure in &later.measures {
            let since = earlier.alike_up_to(&later, measure.key);
            let new = counted(facts, &later, measure.key, since);
            let old = counted(facts, &earlier, measure.key, since);
            let rows: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
            let none = BTreeMap::new();
            let mut of_measure = BTreeMap::new();
            for row in rows {
                let lines = difference(old.get(&row).unwrap_or(&none), new.get(&row).unwrap_or(&none));
                let lines: Vec<_> = lines
                    .into_iter()
                    .map(|(line, times)| Changed {
                        position: line.position,
                        what: line.what,
                        n: times * line.n,
                        in_both: sees(from.query, line) && sees(to.query, line),
                        late: earlier.is_late(line.position) || later.is_late(line.position),
                    })
                    .collect();
                taking_back.extend(lines.iter().map(|line| line.position).filter(|at| facts.takes_back_at(*at)));
                if !lines.is_empty() {
                    of_measure.insert(row, lines);
                }
            }
            changed.insert(measure.key.clone(), of_measure);
        }
        Ok(Self { changed, taking_back })
    }

    /// Positions of the records that take something back: whether they correct or revoke stands in the records.
    pub const fn taking_back(&self) -> &BTreeSet<Position> {
        &self.taking_back
    }

    /// Every measure that both states have, in the order of the later one, with the cells that differ. `before` and `after` are the tallies
    /// of the states, or what somebody sees of them; `revoked` are those of [`Self::taking_back`] that are revocations.
    pub fn explained(
        &self,
        before: &PeriodTally,
        after: &PeriodTally,
        revoked: &BTreeSet<Position>,
    ) -> Vec<ExplainedMeasure> {
        let both = after.measures.iter().filter_map(|after| {
            let before = before.measures.iter().find(|before| before.measure == after.measure)?;
            Some(ExplainedMeasure {
                measure: after.measure.clone(),
                name: after.name.clone(),
                name_en: after.name_en.clone(),
                actual: FromTo { from: before.whole.actual, to: after.whole.actual },
                plan: FromTo { from: before.whole.plan, to: after.whole.plan },
                total: FromTo { from: before.total, to: after.total },
                with_plan: FromTo { from: before.whole.units.with_plan, to: after.whole.units.with_plan },
                cells: self.cells(before, after, revoked),
            })
        });
        both.collect()
    }

    fn cells(&self, before: &MeasureTally, after: &MeasureTally, revoked: &BTreeSet<Position>) -> Vec<ExplainedCell> {
        let mut cells: BTreeMap<UnitId, (Option<&Cell>, Option<&Cell>)> = BTreeMap::new();
        for cell in &before.cells {
            cells.entry(cell.committee).or_default().0 = Some(cell);
        }
        for cell in &after.cells {
            cells.entry(cell.committee).or_default().1 = Some(cell);
        }
        let changed = self.changed.get(&after.measure);
        let explained = cells.into_iter().filter_map(|(committee, (before, after))| {
            let lines = changed.and_then(|rows| rows.get(&committee)).map_or(&[][..], Vec::as_slice);
            let plan = FromTo { from: before.and_then(|cell| cell.target), to: after.and_then(|cell| cell.target) };
            let plan_changed = (plan.from != plan.to).then_some(plan);
            (plan_changed.is_some() || !lines.is_empty()).then(|| ExplainedCell {
                committee,
                name: after.or(before).map(|cell| cell.name.clone()).unwrap_or_default(),
                actual: FromTo { from: before.map_or(0, |cell| cell.actual), to: after.map_or(0, |cell| cell.actual) },
                plan_changed,
                pieces: self.pieces(lines, revoked),
            })
        });
        explained.collect()
    }

    fn pieces(&self, lines: &[Changed], revoked: &BTreeSet<Position>) -> Vec<Piece> {
        let mut pieces: BTreeMap<Why, (i64, BTreeSet<Position>)> = BTreeMap::new();
        for line in lines {
            let piece = pieces.entry(self.why(line, revoked)).or_default();
            piece.0 += line.n;
            piece.1.insert(line.position);
        }
        let piece = |(why, (n, positions)): (Why, (i64, BTreeSet<Position>))| Piece {
            why,
            n,
            records: positions.len() as u64,
            positions: positions.into_iter().take(POSITIONS_MAX).collect(),
        };
        pieces.into_iter().map(piece).collect()
    }

    fn why(&self, line: &Changed, revoked: &BTreeSet<Position>) -> Why {
        match line.what {
            _ if line.in_both => Why::StructureChanged,
            _ if revoked.contains(&line.position) => Why::Revoked,
            _ if self.taking_back.contains(&line.position) => Why::Corrected,
            What::Dissolved => Why::Dissolved,
            What::RevokedFromDate => Why::Revoked,
            What::TransferredIn | What::TransferredOut => Why::Transferred,
            _ if line.late => Why::Late,
            What::Admitted | What::Readmitted | What::Received | What::MadeOfficial => Why::Admitted,
            What::Founded | What::Recognised | What::Registered | What::ReceivedFromOutside => Why::Founded,
        }
    }
}

/// Whether a query knows of a record and looks at its day.
fn sees(query: &TallyQuery, line: &Counting) -> bool {
    query.known.is_none_or(|known| line.position <= known) && line.effective_on <= query.valid
}

/// What a measure counts of the records after a position.
fn counted(facts: &Facts, question: &Question<'_>, key: &MeasureKey, after: Position) -> Counted {
    let mut counted = Counted::new();
    let Some(measure) = question.measures.iter().find(|measure| measure.key == key) else { return counted };
    let rows = question.rows(measure);
    let mut row_of = BTreeMap::new();
    question.asked(&[facts]).each_after(after, &measure.rule, |selected| {
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
fn difference<'a>(old: &'a BTreeMap<Counting, i64>, new: &'a BTreeMap<Counting, i64>) -> BTreeMap<&'a Counting, i64> {
    let mut changed: BTreeMap<_, _> = new.iter().map(|(line, times)| (line, *times)).collect();
    for (line, times) in old {
        *changed.entry(line).or_default() -= times;
    }
    changed.retain(|_, times| *times != 0);
    changed
}

impl ExplainedMeasure {
    /// Whether the pieces of every cell sum to its difference, and those of all cells to that of the total.
    pub fn sums(&self) -> bool {
        let of = |cell: &ExplainedCell| cell.pieces.iter().map(|piece| piece.n).sum::<i64>();
        self.cells.iter().all(|cell| of(cell) == cell.actual.to - cell.actual.from)
            && self.cells.iter().map(of).sum::<i64>() == self.total.to - self.total.from
    }
}
