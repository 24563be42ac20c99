//! A period's counts under the units of a later day. Targets are not restated: they were given to units of then.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Facts, PeriodTally,
    scan::Asked,
    tally::{Question, TallyQuery, TallyRefusal},
    ways::Ways,
};
use crate::{LocalDate, MeasureKey, Reference, UnitId, structure::Structure};

/// One measure under the units of a later day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RestatedMeasure {
    pub measure: MeasureKey,
    /// In Vietnamese.
    pub name: String,
    pub name_en: String,
    /// That of the tally it restates: `cells` and `unallocated` sum to it.
    pub total: i64,
    /// Holders with a plan then: their number says nothing of the units of the later day, and their plans nothing of their counts.
    pub with_plan_then: u32,
    /// In official order.
    pub cells: Vec<RestatedCell>,
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
        unallocated: cells(structure, &carried.unallocated, query.valid),
    });
    Ok(measures.collect())
}

fn cells(structure: &Structure, sums: &BTreeMap<UnitId, i64>, on: LocalDate) -> Vec<RestatedCell> {
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
