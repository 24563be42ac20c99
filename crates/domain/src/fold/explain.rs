//! Why two tallies of one period differ: each cell's difference in pieces that sum to it, each with its records (law 13).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    Cell, Facts, MeasureTally, PeriodTally,
    compared::{Changed, Moved, Pair, TakingBack},
    shape::QuickMap,
    tally::{Question, TallyQuery, TallyRefusal},
};
use crate::{MeasureKey, Position, Reference, TargetValue, UnitId, What};

/// Grows whenever the same difference is told in other pieces.
pub const EXPLANATION_VERSION: u32 = 4;

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
    /// The same records count for another unit, or under the plan and no longer or not yet, since a unit gained or lost a target.
    PlanChanged,
    /// The same records count for another unit, or no longer, since the structure or a measure was changed.
    StructureChanged,
}

impl Why {
    const ALL: [Self; 9] = [
        Self::Founded,
        Self::Admitted,
        Self::Dissolved,
        Self::Transferred,
        Self::Late,
        Self::Corrected,
        Self::Revoked,
        Self::PlanChanged,
        Self::StructureChanged,
    ];
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

/// A part of the difference of a whole; the records are those of its cells' pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Part {
    pub why: Why,
    /// What it adds; negative when it takes away.
    pub n: i64,
}

/// A plan that was assigned, adjusted, withdrawn or corrected, and what that adds to the numbers of its measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PlanChange {
    pub from: Option<TargetValue>,
    pub to: Option<TargetValue>,
    /// To `plan`; of a range its lower end.
    pub plan: i64,
    /// To `actual`, beside the pieces of the cell: what it counted before when it came under a plan, or less what it counts by now when it
    /// has none any more.
    pub actual: i64,
    /// To `with_plan`: 1, 0 or -1.
    pub with_plan: i32,
    /// The records of the target that made the change, ascending; filled in by whoever reads records.
    pub positions: Vec<Position>,
}

impl PlanChange {
    fn between(before: Option<&Cell>, after: Option<&Cell>) -> Option<Self> {
        let of = |cell: Option<&Cell>| cell.and_then(|cell| cell.target);
        let (from, to) = (of(before), of(after));
        let floor = |value: Option<TargetValue>| value.map_or(0, |value| i64::from(value.floor()));
        let (actual, with_plan) = match (from, to) {
            (None, Some(_)) => (before.map_or(0, |cell| cell.actual), 1),
            (Some(_), None) => (after.map_or(0, |cell| -cell.actual), -1),
            _ => (0, 0),
        };
        let change = Self { from, to, plan: floor(to) - floor(from), actual, with_plan, positions: Vec::new() };
        (from != to).then_some(change)
    }
}

/// A cell whose number or plan is another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ExplainedCell {
    pub committee: UnitId,
    pub name: String,
    pub actual: FromTo<i64>,
    /// Set when the plan is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_changed: Option<PlanChange>,
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
    /// What `plan_changed` of the cells adds to it sums to its difference.
    pub plan: FromTo<u64>,
    /// Of all cells; the pieces of the cells sum to its difference.
    pub total: FromTo<i64>,
    /// Holders with a plan: k of n is not compared where it changes. `plan_changed` of the cells says who came and went.
    pub with_plan: FromTo<u32>,
    /// They sum to the difference of `actual`: the pieces of the cells that have a plan, or had one, and as `plan_changed` also what came under a
    /// plan or left it with its unit.
    pub pieces: Vec<Part>,
    pub cells: Vec<ExplainedCell>,
}

/// All that differs between two states of a period.
pub struct Differences {
    /// By measure and row.
    changed: BTreeMap<MeasureKey, BTreeMap<UnitId, Lines>>,
    /// Of the records of these facts, those that take something back as well.
    taking_back: BTreeSet<Position>,
}

/// The facts of a row that count more often, or less, in the later state.
#[derive(Default)]
struct Lines {
    /// By what made the difference, as far as the facts say it; in the order of [`Why::ALL`].
    pieces: [Sum; Why::ALL.len()],
    /// Of records that take something back: whether these correct or revoke stands in the records.
    taking_back: Vec<(Position, i64)>,
}

/// So much, and by which records.
#[derive(Default)]
struct Sum {
    n: i64,
    /// None twice in a row.
    positions: Vec<Position>,
}

impl Sum {
    fn add(&mut self, position: Position, n: i64) {
        self.n += n;
        if self.positions.last() != Some(&position) {
            self.positions.push(position);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.positions.extend(&other.positions);
    }

    fn piece(mut self, why: Why) -> Piece {
        self.positions.sort_unstable();
        self.positions.dedup();
        let records = self.positions.len() as u64;
        self.positions.truncate(POSITIONS_MAX);
        Piece { why, n: self.n, records, positions: self.positions }
    }
}

impl Differences {
    /// # Errors
    /// As [`super::tally`], for either state.
    pub fn between(facts: &Facts, from: State<'_>, to: State<'_>) -> Result<Self, TallyRefusal> {
        let (earlier, later) = (Question::new(from.reference, from.query)?, Question::new(to.reference, to.query)?);
        let known = from.query.known.zip(to.query.known).map(|(from, to)| from.max(to));
        // Whether a record came late is told by the closings and reopenings up to then, so the state that knows more has the say.
        let knowing = if to.query.known == known { &later } else { &earlier };
        let mut takes_back = TakingBack::up_to(facts, known);
        let mut differences = Self { changed: BTreeMap::new(), taking_back: BTreeSet::new() };
        for of_later in &later.measures {
            let of_earlier = earlier.measures.iter().find(|measure| measure.key == of_later.key);
            let mut rows = QuickMap::<UnitId, Lines>::default();
            Pair { earlier: &earlier, later: &later, of_earlier, of_later }.each(facts, |changed| {
                let lines = rows.entry(changed.row).or_default();
                let Changed { position, n, .. } = changed;
                let late = || knowing.is_late(position);
                if changed.in_both.is_none() && takes_back.contains(position) {
                    lines.taking_back.push((position, n));
                    differences.taking_back.insert(position);
                } else {
                    lines.pieces[why(&changed, late) as usize].add(position, n);
                }
            });
            differences.changed.insert(of_later.key.clone(), rows.into_iter().collect());
        }
        Ok(differences)
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
            let (cells, pieces) = self.cells(before, after, revoked);
            Some(ExplainedMeasure {
                measure: after.measure.clone(),
                name: after.name.clone(),
                name_en: after.name_en.clone(),
                actual: FromTo { from: before.whole.actual, to: after.whole.actual },
                plan: FromTo { from: before.whole.plan, to: after.whole.plan },
                total: FromTo { from: before.total, to: after.total },
                with_plan: FromTo { from: before.whole.units.with_plan, to: after.whole.units.with_plan },
                pieces,
                cells,
            })
        });
        both.collect()
    }

    /// Those that differ, and what they come to in the whole.
    fn cells(
        &self,
        before: &MeasureTally,
        after: &MeasureTally,
        revoked: &BTreeSet<Position>,
    ) -> (Vec<ExplainedCell>, Vec<Part>) {
        let mut cells: BTreeMap<UnitId, (Option<&Cell>, Option<&Cell>)> = BTreeMap::new();
        for cell in &before.cells {
            cells.entry(cell.committee).or_default().0 = Some(cell);
        }
        for cell in &after.cells {
            cells.entry(cell.committee).or_default().1 = Some(cell);
        }
        let changed = self.changed.get(&after.measure);
        let mut whole = BTreeMap::<Why, i64>::new();
        let explained = cells.into_iter().filter_map(|(committee, (before, after))| {
            let lines = changed.and_then(|rows| rows.get(&committee));
            let plan_changed = PlanChange::between(before, after);
            if plan_changed.is_none() && lines.is_none() {
                return None;
            }
            let pieces = lines.map(|lines| lines.pieces(revoked)).unwrap_or_default();
            if [before, after].into_iter().flatten().any(|cell| cell.target.is_some()) {
                pieces.iter().for_each(|piece| *whole.entry(piece.why).or_default() += piece.n);
            }
            if let Some(change) = plan_changed.as_ref().filter(|change| change.actual != 0) {
                *whole.entry(Why::PlanChanged).or_default() += change.actual;
            }
            Some(ExplainedCell {
                committee,
                name: after.or(before).map(|cell| cell.name.clone()).unwrap_or_default(),
                actual: FromTo { from: before.map_or(0, |cell| cell.actual), to: after.map_or(0, |cell| cell.actual) },
                plan_changed,
                pieces,
            })
        });
        let explained = explained.collect();
        (explained, whole.into_iter().map(|(why, n)| Part { why, n }).collect())
    }
}

impl Lines {
    fn pieces(&self, revoked: &BTreeSet<Position>) -> Vec<Piece> {
        let mut pieces = BTreeMap::<Why, Sum>::new();
        for (position, n) in &self.taking_back {
            let why = if revoked.contains(position) { Why::Revoked } else { Why::Corrected };
            pieces.entry(why).or_default().add(*position, *n);
        }
        for (why, sum) in Why::ALL.iter().zip(&self.pieces).filter(|(_, sum)| !sum.positions.is_empty()) {
            pieces.entry(*why).or_default().merge(sum);
        }
        pieces.into_iter().map(|(why, sum)| sum.piece(why)).collect()
    }
}

/// Of a record that takes nothing back.
fn why(changed: &Changed, late: impl FnOnce() -> bool) -> Why {
    match changed.what {
        _ if changed.in_both == Some(Moved::ByPlan) => Why::PlanChanged,
        _ if changed.in_both == Some(Moved::ByStructure) => Why::StructureChanged,
        What::Dissolved => Why::Dissolved,
        What::RevokedFromDate => Why::Revoked,
        What::TransferredIn | What::TransferredOut => Why::Transferred,
        _ if late() => Why::Late,
        What::Admitted | What::Readmitted | What::Received | What::MadeOfficial => Why::Admitted,
        What::Founded | What::Recognised | What::Registered | What::ReceivedFromOutside => Why::Founded,
    }
}

impl ExplainedMeasure {
    /// Whether the pieces of every cell sum to its difference, those of all cells to that of the total, those of the whole to that of `actual`,
    /// and what changes of plans add to that of `plan` and of `with_plan`.
    pub fn sums(&self) -> bool {
        let of = |cell: &ExplainedCell| cell.pieces.iter().map(|piece| piece.n).sum::<i64>();
        let plans = || self.cells.iter().filter_map(|cell| cell.plan_changed.as_ref());
        let FromTo { from, to } = self.plan;
        self.cells.iter().all(|cell| of(cell) == cell.actual.to - cell.actual.from)
            && self.cells.iter().map(of).sum::<i64>() == self.total.to - self.total.from
            && self.pieces.iter().map(|part| part.n).sum::<i64>() == self.actual.to - self.actual.from
            && from.checked_add_signed(plans().map(|change| change.plan).sum()) == Some(to)
            && plans().map(|change| i64::from(change.with_plan)).sum::<i64>()
                == i64::from(self.with_plan.to) - i64::from(self.with_plan.from)
    }
}
