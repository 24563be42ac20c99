//! Claims against the figures of a ledger.

use super::{
    arithmetic::percentage,
    claim::*,
    finding::{Difference, FigureOf, Finding, Impossible},
    named::{Named, named},
};
use crate::{
    TargetValue,
    fold::{Cell, MeasureTally, PeriodTally},
    vi::{self, Amount},
};

/// The figures of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// The year of its period; claims of another are not compared.
    pub year: Option<i16>,
    pub measures: Vec<LedgerFigures>,
}

/// What a ledger says of one measure in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFigures {
    /// The measure's key, such as `party_org`; see [`super::Topic::key`].
    pub measure: String,
    /// Of holders with a plan.
    pub actual: i64,
    pub plan: u64,
    /// `actual` and what stands outside the plan.
    pub total: i64,
    pub with_plan: u32,
    /// Exceeded ones included.
    pub met: u32,
    pub exceeded: u32,
    pub missed: u32,
    /// Of its holders, each by the name that it had on the day asked about.
    pub cells: Vec<UnitFigures>,
}

/// What a ledger says of one measure of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitFigures {
    pub name: String,
    pub actual: i64,
    /// None without a target; of a range its lower end.
    pub plan: Option<u32>,
}

impl From<&PeriodTally> for Ledger {
    fn from(tally: &PeriodTally) -> Self {
        Self { year: tally.period.to_string().parse().ok(), measures: tally.measures.iter().map(Into::into).collect() }
    }
}

impl From<&MeasureTally> for LedgerFigures {
    fn from(tally: &MeasureTally) -> Self {
        let (whole, units) = (&tally.whole, &tally.whole.units);
        Self {
            measure: tally.measure.to_string(),
            actual: whole.actual,
            plan: whole.plan,
            total: tally.total,
            with_plan: units.with_plan,
            met: units.met,
            exceeded: units.exceeded,
            missed: units.missed,
            cells: tally.cells.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Cell> for UnitFigures {
    fn from(cell: &Cell) -> Self {
        Self { name: cell.name.clone(), actual: cell.actual, plan: cell.target.map(TargetValue::floor) }
    }
}

impl UnitFigures {
    /// As if the unit was the whole.
    fn alone(&self) -> LedgerFigures {
        let plan = self.plan.unwrap_or_default();
        LedgerFigures {
            measure: String::new(),
            actual: self.actual,
            plan: plan.into(),
            total: self.actual,
            with_plan: self.plan.is_some().into(),
            met: 0,
            exceeded: 0,
            missed: 0,
            cells: Vec::new(),
        }
    }
}

/// Compares a claim with the figures of its measure; one of a single unit with that unit's, one that counts measures with those of all.
/// Of other times than the period these figures say nothing.
pub fn compare(claim: &Claim, Ledger { year, measures: ledger }: &Ledger) -> Finding {
    let Claim { topic, statement, unit, period, .. } = claim;
    let other_year = period.year.is_some_and(|said| year.is_some_and(|year| year != said));
    if period.part || other_year {
        return Finding::NotInData;
    }
    if let Statement::Units(claim) = statement
        && claim.level == Level::Measures
    {
        return units(claim, &of_measures(ledger));
    }
    let Some(figures) = topic.and_then(|topic| ledger.iter().find(|figures| figures.measure == topic.key())) else {
        return Finding::NotInData;
    };
    match unit.as_deref().map(|unit| named(&figures.cells, unit)) {
        None => against(statement, figures),
        Some(Named::One(cell)) => against(statement, &cell.alone()),
        Some(Named::Several(names)) => Finding::Ambiguous { units: names.iter().map(ToString::to_string).collect() },
        Some(Named::Nobody) => Finding::NotInData,
    }
}

fn against(statement: &Statement, figures: &LedgerFigures) -> Finding {
    match statement {
        Statement::Ratio { actual, plan, percent } => ratio(actual, plan, percent.as_ref(), figures),
        Statement::Percent(percent) => percent_alone(percent, figures),
        Statement::Units(claim) => units(claim, figures),
        Statement::Count { role: Role::Planned, count, .. } => verdict(&[(FigureOf::Plan, count, plan_of(figures))]),
        Statement::Count { role: Role::Done, count, .. } => done(count, figures),
        // What the parts of a sum count is not said: it may be plans or results.
        Statement::Sum { total, .. } => {
            let known = [plan_of(figures), figures.actual, figures.total];
            let equal = known.into_iter().any(|n| total.exact().map(i64::from) == Some(n));
            if equal { Finding::Equal { rules: Vec::new() } } else { Finding::NotInData }
        }
    }
}

/// The measures of a programme as if each was a unit.
fn of_measures(ledger: &[LedgerFigures]) -> LedgerFigures {
    let planned = || ledger.iter().filter(|figures| figures.plan > 0);
    let count = |is: fn(&&LedgerFigures) -> bool| u32::try_from(planned().filter(is).count()).unwrap_or(u32::MAX);
    LedgerFigures {
        measure: String::new(),
        actual: 0,
        plan: 0,
        total: 0,
        with_plan: count(|_| true),
        met: count(|figures| figures.actual >= plan_of(figures)),
        exceeded: count(|figures| figures.actual > plan_of(figures)),
        missed: count(|figures| figures.actual < plan_of(figures)),
        cells: Vec::new(),
    }
}

/// To be compared with what is printed; no text prints more.
fn plan_of(figures: &LedgerFigures) -> i64 {
    i64::try_from(figures.plan).unwrap_or(i64::MAX)
}

fn ratio(actual: &Count, plan: &Count, percent: Option<&Percent>, figures: &LedgerFigures) -> Finding {
    let compared = verdict(&[(FigureOf::Actual, actual, figures.actual), (FigureOf::Plan, plan, plan_of(figures))]);
    match percent {
        Some(percent) if !compared.is_wrong() => percent_alone(percent, figures),
        _ => compared,
    }
}

fn percent_alone(percent: &Percent, figures: &LedgerFigures) -> Finding {
    match percentage(percent, figures.actual, figures.plan) {
        Finding::CannotFollow { why: Impossible::Percent { printed, exact, .. } } => {
            differs(vec![Difference { figure: FigureOf::Percent, printed, ledger: exact, by: None }])
        }
        Finding::CannotFollow { .. } => Finding::NotInData,
        found => found,
    }
}

/// With what stands outside the plan or without it: texts print both.
fn done(count: &Count, figures: &LedgerFigures) -> Finding {
    let of_plan = verdict(&[(FigureOf::Actual, count, figures.actual)]);
    if of_plan.is_wrong() { verdict(&[(FigureOf::Total, count, figures.total)]) } else { of_plan }
}

fn units(claim: &UnitsClaim, figures: &LedgerFigures) -> Finding {
    let k = |figure, out_of: &Option<OutOf>, ledger: u32| {
        out_of.as_ref().map(|out_of| (figure, out_of.k.clone(), i64::from(ledger)))
    };
    let n = claim.printed_n().next().map(|n| (FigureOf::WithPlan, n.clone(), i64::from(figures.with_plan)));
    let rows = [
        n,
        k(FigureOf::Met, &claim.met, figures.met),
        k(FigureOf::Exceeded, &claim.exceeded, figures.exceeded),
        k(FigureOf::Missed, &claim.missed, figures.missed),
        k(FigureOf::Exact, &claim.exact, figures.met.saturating_sub(figures.exceeded)),
    ];
    let rows: Vec<_> = rows.iter().flatten().map(|(figure, count, ledger)| (*figure, count, *ledger)).collect();
    verdict(&rows)
}

/// Each printed figure with the ledger's.
fn verdict(rows: &[(FigureOf, &Count, i64)]) -> Finding {
    let differences: Vec<Difference> = rows
        .iter()
        .filter(|(_, count, ledger)| !count.amount.admits(*ledger))
        .map(|(figure, count, ledger)| Difference {
            figure: *figure,
            printed: count.text.clone(),
            ledger: u64::try_from(*ledger).map_or_else(|_| vi::difference(*ledger), vi::count),
            by: count.exact().map(|n| i64::from(n) - ledger),
        })
        .collect();
    if !differences.is_empty() {
        return differs(differences);
    }
    let exact = rows.iter().all(|(_, count, _)| matches!(count.amount, Amount::Exactly(_)));
    if exact { Finding::Equal { rules: Vec::new() } } else { Finding::Holds }
}

const fn differs(differences: Vec<Difference>) -> Finding {
    Finding::Differs { differences }
}
