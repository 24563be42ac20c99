//! Claims against the figures of a ledger.

use std::collections::BTreeMap;

use super::{
    arithmetic::percentage,
    claim::*,
    finding::{Difference, FigureOf, Finding, Impossible},
    named::{Named, is_of_other_rank, named},
    period::PeriodSaid,
    whose::of_whom,
};
use crate::{
    LocalDate, TargetValue, Trait,
    fold::{Cell, MeasureTally, PeriodTally, Stated},
    vi::{self, Amount},
};

/// How long after a period what is said up to a day is still said of it.
const SOON_MONTHS: u16 = 2;

/// The figures of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// The year of its period; claims of another are not compared.
    pub year: Option<i16>,
    /// Up to which day it counts, and the last day of its period.
    pub days: Option<(LocalDate, LocalDate)>,
    /// The committee whose whole it is, by its name on that day.
    pub whole: Option<String>,
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
    /// Of `total`.
    pub of_which: BTreeMap<Trait, Stated>,
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
    /// Of `actual`.
    pub of_which: BTreeMap<Trait, Stated>,
}

impl From<&PeriodTally> for Ledger {
    fn from(tally: &PeriodTally) -> Self {
        Self {
            year: tally.period.to_string().parse().ok(),
            days: Some((tally.as_of.valid, tally.last_day)),
            whole: tally.whole_of.clone(),
            measures: tally.measures.iter().map(Into::into).collect(),
        }
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
            of_which: tally.of_which.clone(),
            cells: tally.cells.iter().map(Into::into).collect(),
        }
    }
}

impl From<&Cell> for UnitFigures {
    fn from(cell: &Cell) -> Self {
        let plan = cell.target.map(TargetValue::floor);
        Self { name: cell.name.clone(), actual: cell.actual, plan, of_which: cell.of_which.clone() }
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
            of_which: self.of_which.clone(),
            cells: Vec::new(),
        }
    }
}

/// Compares a claim with the figures of its measure; one of a single unit with that unit's, one that counts measures with those of all.
/// Of other times than the period these figures say nothing.
pub fn compare(claim: &Claim, of: &Ledger) -> Finding {
    let Claim { topic, statement, narrowed, .. } = claim;
    let ledger = &of.measures;
    if !of.is_of(&claim.period) {
        return Finding::NOT_IN_DATA;
    }
    if let Some(unit) = of.nobody(claim) {
        return Finding::NotInData { unit: Some(unit) };
    }
    if claim.unit.is_none() && of.whole.as_deref().is_some_and(|whole| is_of_other_rank(whole, &claim.whole_said)) {
        return Finding::NotInData { unit: Some(claim.whole_said.clone()) };
    }
    if let Statement::Units(claim) = statement
        && claim.level == Level::Measures
    {
        return measures(claim, &of_measures(ledger));
    }
    let Some(figures) = topic.and_then(|topic| ledger.iter().find(|figures| figures.measure == topic.key())) else {
        return Finding::NOT_IN_DATA;
    };
    let narrowed = of.units_of(claim).or_else(|| narrowed.clone());
    let whole = || against(statement, figures, narrowed.as_ref());
    let found = match of.unit_of(claim, &figures.cells) {
        None => whole(),
        Some(Named::One(cell)) => of_whom(claim, against(statement, &cell.alone(), narrowed.as_ref()), whole),
        Some(Named::Several(names)) => {
            let units = names.iter().map(ToString::to_string).collect();
            of_whom(claim, Finding::Ambiguous { units }, whole)
        }
        Some(Named::Nobody) => of_whom(claim, Finding::NotInData { unit: claim.unit.clone() }, whole),
    };
    let perhaps = narrowed.as_ref().is_some_and(|narrowed| narrowed.by == NarrowedBy::Perhaps)
        && !matches!(statement, Statement::Units(_));
    if !perhaps || !found.is_wrong() {
        return found;
    }
    // What may be a part is no less true for being another figure than the whole; what may be a plan may be a result.
    match (statement, claim.unit.is_none()) {
        (Statement::Count { role: Role::Planned, count, .. }, true) if !done(count, figures).is_wrong() => {
            done(count, figures)
        }
        _ => Finding::NOT_IN_DATA,
    }
}

impl Ledger {
    /// Whether it counts the time that a claim says.
    pub fn is_of(&self, said: &PeriodSaid) -> bool {
        let other_year = said.year.is_some_and(|said| self.year.is_some_and(|year| year != said));
        let until = said.until.is_none_or(|until| {
            self.days.is_some_and(|(valid, last)| {
                // Said soon after the end it is of the period; later it may be of the next.
                let late = said.year.is_none() && until > last.months_later(SOON_MONTHS);
                until == valid || (valid == last && until >= last && !late)
            })
        });
        !said.part && !said.several && !other_year && until
    }
}

fn against(statement: &Statement, figures: &LedgerFigures, narrowed: Option<&Narrowed>) -> Finding {
    match (narrowed.map(|narrowed| narrowed.by), statement) {
        (Some(NarrowedBy::Trait(of)), Statement::Count { role: Role::Done, count, .. }) => {
            return of_which(count, of, figures).unwrap_or(Finding::NOT_IN_DATA);
        }
        // All of one kind may be all that have a plan.
        (Some(NarrowedBy::Part | NarrowedBy::Perhaps), Statement::Units(claim))
            if claim.printed_n().any(|n| n.exact() == Some(figures.with_plan)) => {}
        (Some(NarrowedBy::Part | NarrowedBy::Trait(_)), _) | (Some(NarrowedBy::Perhaps), Statement::Units(_)) => {
            return Finding::NOT_IN_DATA;
        }
        _ => {}
    }
    match statement {
        Statement::Ratio { actual, plan, percent } => ratio(actual, plan, percent.as_ref(), figures),
        Statement::Percent(percent) => percent_alone(percent, figures),
        Statement::Units(claim) => units(claim, figures),
        Statement::Count { role: Role::Planned, count, .. } => verdict(&[(FigureOf::Plan, count, plan_of(figures))]),
        Statement::Count { role: Role::Done, count, of_which: None, .. } => done(count, figures),
        Statement::Count { role: Role::Done, count, of_which: Some(part), of } => {
            let whole = done(count, figures);
            let part = of.and_then(|of| of_which(part, of, figures));
            match (whole.is_wrong(), part) {
                (true, _) => whole,
                (false, Some(Finding::Equal { .. })) => whole,
                (false, Some(wrong)) if wrong.is_wrong() => wrong,
                (false, _) => Finding::WholeOnly,
            }
        }
        Statement::Sum { total, parts, role, .. } => sum(total, parts, *role, figures),
    }
}

/// One of those who are counted within the whole; none when too few of them are stated to tell.
fn of_which(count: &Count, of: Trait, figures: &LedgerFigures) -> Option<Finding> {
    let stated = figures.of_which.get(&of)?;
    let most = stated.n + (figures.total - stated.stated).max(0);
    let printed = i64::from(count.exact()?);
    // Of those of whom it is not stated, any may be.
    let told = printed <= stated.n || printed > most;
    told.then(|| verdict(&[(FigureOf::OfWhich, count, if printed > most { most } else { stated.n })]))
}

/// The whole, and each part that names a unit. Where no words say what is counted, the whole says it by what it is equal to.
fn sum(total: &Count, parts: &[Part], role: Option<Role>, figures: &LedgerFigures) -> Finding {
    let is = |n: i64| total.exact().map(i64::from) == Some(n);
    let role = match role {
        Some(Role::Planned) if !is(plan_of(figures)) => {
            return verdict(&[(FigureOf::Plan, total, plan_of(figures))]);
        }
        Some(Role::Done) if done(total, figures).is_wrong() => return done(total, figures),
        Some(role) => role,
        None if is(figures.actual) || is(figures.total) => Role::Done,
        None if is(plan_of(figures)) => Role::Planned,
        None => return Finding::NOT_IN_DATA,
    };
    let mut unknown = false;
    let mut differences = Vec::new();
    for part in parts {
        let cell = match named(&figures.cells, &part.name) {
            Named::One(cell) => cell,
            Named::Several(_) | Named::Nobody => {
                unknown = true;
                continue;
            }
        };
        let (figure, ledger) = match role {
            Role::Done => (FigureOf::Actual, cell.actual),
            Role::Planned => (FigureOf::Plan, cell.plan.unwrap_or_default().into()),
        };
        if let Finding::Differs { differences: found } = verdict(&[(figure, &part.count, ledger)]) {
            let named = |one: Difference| Difference { printed: format!("{} {}", part.name, one.printed), ..one };
            differences.extend(found.into_iter().map(named));
        }
    }
    match (differences.is_empty(), unknown) {
        (false, _) => differs(differences),
        (true, true) => Finding::WholeOnly,
        (true, false) => Finding::Equal { rules: Vec::new() },
    }
}

/// Other resolutions have indicators of their own: only a text that prints as many as the ledger has speaks of these.
fn measures(claim: &UnitsClaim, all: &LedgerFigures) -> Finding {
    let found = units(claim, all);
    let of_these = claim.printed_n().any(|n| n.exact() == Some(all.with_plan));
    if found.is_wrong() && !of_these { Finding::NOT_IN_DATA } else { found }
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
        of_which: BTreeMap::new(),
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
        Finding::CannotFollow { .. } => Finding::NOT_IN_DATA,
        found => found,
    }
}

/// With what stands outside the plan or without it: texts print both.
fn done(count: &Count, figures: &LedgerFigures) -> Finding {
    let of_plan = verdict(&[(FigureOf::Actual, count, figures.actual)]);
    if of_plan.is_wrong() { verdict(&[(FigureOf::Total, count, figures.total)]) } else { of_plan }
}

/// By the reading that holds, where there are two.
fn units(claim: &UnitsClaim, figures: &LedgerFigures) -> Finding {
    let found = units_as_read(claim, figures);
    let apart = claim.told_apart().filter(|_| found.is_wrong()).map(|apart| units_as_read(&apart, figures));
    apart.filter(|apart| !apart.is_wrong()).unwrap_or(found)
}

fn units_as_read(claim: &UnitsClaim, figures: &LedgerFigures) -> Finding {
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
