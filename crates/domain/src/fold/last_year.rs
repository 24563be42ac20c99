//! The same period last year, at equal lag and as known by now (DESIGN §7). Only counts are compared, never k of n.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Cell, MeasureTally, PeriodTally, TallyQuery};
use crate::{
    LocalDate, PeriodKey, Position, Reference, UnitId,
    percent::{OWN_RULE, PercentRule, change_by},
    structure::Structure,
};

/// With what a tally is compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct LastYear {
    /// The period of the programme that began a year before; none when there is none, and then nothing is compared.
    pub period: Option<PeriodKey>,
    /// The day a year earlier; of 29 February the 28th.
    pub valid: LocalDate,
    /// At equal lag: what was known by the end of the same day a year earlier. None when nothing of the period was.
    pub as_known_then: Option<KnownOn>,
    /// Up to where it is known by now.
    pub as_known_now: Position,
    /// Days on which units of the tables came to count for others, from the first day compared on: across them figures are of other units.
    pub structure_changed_on: BTreeSet<LocalDate>,
}

/// A day and the last position known by its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KnownOn {
    pub on: LocalDate,
    pub position: Position,
}

/// A measure beside that of last year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MeasureLastYear {
    /// Of the holders with a plan, of each year its own.
    pub actual: Compared,
    pub total: Compared,
    /// Holders with a plan then; `actual` is of other holders when they are others, and k of n is not compared.
    pub with_plan_then: Option<u32>,
}

/// A count beside that of the same period last year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Compared {
    /// Last year as it was known then, at equal lag; none where nothing is comparable.
    pub as_known_then: Option<Against>,
    /// Last year as it is known by now.
    pub as_known_now: Option<Against>,
    /// Of a cell: the last day on which other units came to count in it, or ceased to. What is compared is not the same then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure_changed_on: Option<LocalDate>,
}

/// A count of last year and what has changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Against {
    /// Last year's.
    pub actual: i64,
    /// This year's less last year's.
    pub difference: i64,
    /// The difference of last year's, such as `+11,1` or `−9,1`; none against 0.
    pub percent: Option<String>,
    pub percent_rule: PercentRule,
}

/// The tallies of the period a year before, whole, and who of them is seen.
pub struct YearBefore<'a> {
    pub query: &'a TallyQuery,
    /// As known by the end of the same day a year earlier.
    pub then: Option<(KnownOn, &'a PeriodTally)>,
    pub now: &'a PeriodTally,
    /// As known by now.
    pub structure: &'a Structure,
}

/// The same question a year earlier, about the period that began a year before; `None` when the programme has none with that day in it.
/// `known` stays: a caller who asks for what was known then names that position.
pub fn year_before(reference: &Reference, query: &TallyQuery) -> Option<TallyQuery> {
    let period = reference.period(&query.programme, &query.period)?;
    let (first_day, valid) = (period.first_day.a_year_earlier(), period.nearest(query.valid).a_year_earlier());
    let mut periods = reference.periods_of(&query.programme);
    let (key, _) = periods.find(|(_, period)| period.first_day == first_day && period.contains(valid))?;
    Some(TallyQuery { period: key.clone(), valid, judged_on: query.judged_on.a_year_earlier(), ..query.clone() })
}

impl PeriodTally {
    /// Puts last year beside each count; without `before` there is nothing to compare with. The wholes are those of units that are seen.
    pub fn put_last_year(&mut self, before: Option<&YearBefore<'_>>, sees: impl Fn(UnitId) -> bool) {
        let moved = before.map_or_else(BTreeMap::new, |before| {
            before.structure.moved_between(before.now.first_day, self.as_of.valid)
        });
        let mut changed_on = BTreeSet::new();
        for measure in &mut self.measures {
            let then = before.and_then(|before| Some((before, before.then?.1.measure(measure)?)));
            let now = before.and_then(|before| Some((before, before.now.measure(measure)?)));
            for cell in &mut measure.cells {
                let count = |of: Option<(&YearBefore<'_>, &MeasureTally)>| {
                    of.and_then(|(before, measure)| before.count(measure, cell.committee))
                };
                cell.last_year = Some(Compared {
                    structure_changed_on: moved.get(&cell.committee).copied(),
                    ..Compared::of(cell.actual, count(then), count(now))
                });
            }
            let rows = [then, now].into_iter().flatten().flat_map(|(_, measure)| &measure.cells).chain(&measure.cells);
            changed_on.extend(rows.filter(|cell| sees(cell.committee)).filter_map(|cell| moved.get(&cell.committee)));
            let [then, now] = [then, now].map(|of| of.map(|(_, measure)| Seen::of(measure, &sees)));
            measure.last_year = Some(MeasureLastYear {
                actual: Compared::of(measure.whole.actual, then.map(|of| of.actual), now.map(|of| of.actual)),
                total: Compared::of(measure.total, then.map(|of| of.total), now.map(|of| of.total)),
                with_plan_then: now.map(|of| of.with_plan),
            });
        }
        self.last_year = Some(LastYear {
            period: before.map(|before| before.query.period.clone()),
            valid: self.as_of.valid.a_year_earlier(),
            as_known_then: before.and_then(|before| before.then).map(|(known, _)| known),
            as_known_now: self.as_of.known_position,
            structure_changed_on: changed_on,
        });
    }

    fn measure(&self, like: &MeasureTally) -> Option<&MeasureTally> {
        self.measures.iter().find(|measure| measure.measure == like.measure)
    }
}

impl YearBefore<'_> {
    /// What counted for a unit: that of its row; without one 0, if it was there and nothing above it took what was credited to it.
    fn count(&self, measure: &MeasureTally, unit: UnitId) -> Option<i64> {
        let row = |unit: UnitId| measure.cells.iter().find(|cell| cell.committee == unit);
        if let Some(cell) = row(unit) {
            return Some(cell.actual);
        }
        let above = self.structure.nearest_at_or_above(unit, self.query.valid, |at| row(at).is_some());
        (self.structure.exists_on(unit, self.query.valid) && above.is_none()).then_some(0)
    }
}

/// Last year's wholes, of the units that are seen.
#[derive(Clone, Copy)]
struct Seen {
    actual: i64,
    total: i64,
    with_plan: u32,
}

impl Seen {
    fn of(measure: &MeasureTally, sees: impl Fn(UnitId) -> bool) -> Self {
        let seen = || measure.cells.iter().filter(|cell| sees(cell.committee));
        let with_plan = || seen().filter(|cell: &&Cell| cell.plan.is_some());
        Self {
            actual: with_plan().map(|cell| cell.actual).sum(),
            total: seen().map(|cell| cell.actual).sum(),
            with_plan: u32::try_from(with_plan().count()).unwrap_or(u32::MAX),
        }
    }
}

impl Compared {
    fn of(this_year: i64, then: Option<i64>, now: Option<i64>) -> Self {
        let against = |last_year| Against::of(this_year, last_year);
        Self { as_known_then: then.map(against), as_known_now: now.map(against), structure_changed_on: None }
    }
}

impl Against {
    fn of(this_year: i64, last_year: i64) -> Self {
        let printed = change_by(this_year, last_year);
        Self {
            actual: last_year,
            difference: this_year.saturating_sub(last_year),
            percent_rule: printed.as_ref().map_or(OWN_RULE, |(_, rule)| *rule),
            percent: printed.map(|(text, _)| text),
        }
    }
}
