//! A period's counts under the units of a later day. Targets are not restated: they were given to units of then.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Facts, PeriodTally,
    restate::divided,
    scan::Asked,
    tally::{Question, TallyQuery, TallyRefusal},
    ways::Ways,
};
use crate::{
    LocalDate, MeasureKey, Reference, UnitId,
    structure::{AllocationKey, Structure},
};

/// One measure under the units of a later day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RestatedMeasure {
    pub measure: MeasureKey,
    /// In Vietnamese.
    pub name: String,
    pub name_en: String,
    /// The sum of `cells`, `estimated` and `unallocated`: that of the tally it restates, or of what an office sees of it.
    pub total: i64,
    /// Holders with a plan then: their number says nothing of the units of the later day, and their plans nothing of their counts.
    pub with_plan_then: u32,
    /// In official order.
    pub cells: Vec<RestatedCell>,
    /// Not known, but divided by an allocation key: only where one was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub estimated: Vec<RestatedCell>,
    /// Of units that were split or ended, where nothing says where these are.
    pub unallocated: Vec<RestatedCell>,
}

/// So many of a unit: the one that has what the credited unit had. Nothing is rolled up to holders, since the holders of then may be no more;
/// where nothing changed, the rows of a holder are its own and those of the units under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RestatedCell {
    pub committee: UnitId,
    /// Of a unit of the later day as of that day; of an unallocated one as of the day asked about.
    pub code: Option<String>,
    pub name: String,
    pub actual: i64,
}

/// Every measure of `then`, the tally of the query, under the units that exist on `to` in the structure as known by now.
///
/// # Errors
/// As [`super::tally`].
pub fn restated_tally(
    reference: &Reference,
    facts: &Facts,
    query: &TallyQuery,
    then: &PeriodTally,
    (structure, to): (&Structure, LocalDate),
) -> Result<Vec<RestatedMeasure>, TallyRefusal> {
    let question = Question::new(reference, query)?;
    let mut ways = Ways::new(structure, to);
    let window = question.window.cut(ways.cuts());
    let sources = [facts];
    let asked = Asked { window: &window, ..question.asked(&sources) };
    let rules: Vec<_> = question.measures.iter().map(|measure| measure.rule.clone()).collect();
    let carried = asked.carried(&rules, &mut ways);
    let measures = carried.iter().zip(&then.measures).map(|(carried, then)| RestatedMeasure {
        measure: then.measure.clone(),
        name: then.name.clone(),
        name_en: then.name_en.clone(),
        total: carried.placed.values().chain(carried.unallocated.values()).sum(),
        with_plan_then: then.whole.units.with_plan,
        cells: cells(structure, &carried.placed, to),
        estimated: Vec::new(),
        unallocated: cells(structure, &carried.unallocated, query.valid),
    });
    Ok(measures.collect())
}

impl RestatedMeasure {
    /// The same with what could not be placed divided by a key among the units of `to`; of units without weights it stays unallocated.
    #[must_use]
    pub fn estimated(mut self, key: &AllocationKey, (structure, to): (&Structure, LocalDate)) -> Self {
        let mut estimated: BTreeMap<UnitId, i64> = BTreeMap::new();
        self.unallocated.retain(|cell| {
            let parts = key.get(&cell.committee).and_then(|weights| divided(cell.actual, weights));
            let left = parts.is_none();
            for (unit, n) in parts.into_iter().flatten() {
                *estimated.entry(unit).or_default() += n;
            }
            left
        });
        self.estimated = cells(structure, &estimated, to);
        self
    }
}

pub(super) fn cells(structure: &Structure, sums: &BTreeMap<UnitId, i64>, on: LocalDate) -> Vec<RestatedCell> {
    let mut cells: Vec<_> = sums
        .iter()
        .filter(|(_, n)| **n != 0)
        .map(|(&committee, &actual)| RestatedCell {
            committee,
            code: structure.code_on(committee, on).map(str::to_owned),
            name: structure.name_on(committee, on).map_or_else(|| committee.to_string(), str::to_owned),
            actual,
        })
        .collect();
    let order = |unit| structure.unit(unit).map_or(u32::MAX, |unit| unit.display_order);
    cells.sort_by_key(|cell| (order(cell.committee), cell.committee));
    cells
}
