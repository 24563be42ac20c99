//! What would change: between two tallies, or by events that are not recorded yet.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    AsOf, Cell, Facts, MeasureTally, PeriodTally,
    tally::{TallyQuery, TallyRefusal, tally, tally_of},
};
use crate::{Event, LocalDate, MeasureKey, Position, Reference, StreamId, UnitId, period::Closing};

/// One cell before and after; `None` where it is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CellChange {
    pub measure: MeasureKey,
    pub committee: UnitId,
    pub name: String,
    pub before: Option<Cell>,
    pub after: Option<Cell>,
}

impl CellChange {
    /// `4/3 → 5/3`; a cell without a plan shows its number alone.
    pub fn printed(&self) -> String {
        let shown = |cell: &Option<Cell>| match cell {
            None => "0".to_owned(),
            Some(Cell { actual, plan: None, .. }) => actual.to_string(),
            Some(Cell { actual, plan: Some(plan), .. }) => format!("{actual}/{plan}"),
        };
        format!("{} → {}", shown(&self.before), shown(&self.after))
    }
}

/// All that changed between two states of a period: what those who watch it are told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Changed {
    /// Whoever knows everything up to here, or further, has everything once this is added.
    pub from: Position,
    pub as_of: AsOf,
    pub judged_on: LocalDate,
    pub provisional: bool,
    /// The closing by which the period is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<Closing>,
    /// The measures that differ, each with the cells that do.
    pub measures: Vec<MeasureTally>,
    /// Cells that are no more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Gone>,
}

/// A cell that is no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Gone {
    pub measure: MeasureKey,
    pub committee: UnitId,
}

impl Changed {
    /// `None` when nothing of the period changed.
    pub fn between(before: &PeriodTally, after: &PeriodTally) -> Option<Self> {
        let measures = changed_measures(before, after);
        let same_days = before.judged_on == after.judged_on && before.as_of.valid == after.as_of.valid;
        let same_closing = before.closing == after.closing;
        if measures.is_empty() && same_days && same_closing {
            return None;
        }
        let gone = diff(before, after).into_iter().filter(|change| change.after.is_none());
        Some(Self {
            from: before.as_of.known_position,
            as_of: after.as_of.clone(),
            judged_on: after.judged_on,
            provisional: after.provisional,
            closing: after.closing,
            measures,
            gone: gone.map(|change| Gone { measure: change.measure, committee: change.committee }).collect(),
        })
    }
}

/// The cells that the events of `stream` would change, were they recorded now. Nothing is stored.
///
/// # Errors
/// As [`super::tally`]. A period that the events themselves would open is unknown before.
pub fn what_if(
    reference: &Reference,
    facts: &Facts,
    query: &TallyQuery,
    stream: StreamId,
    events: &[Event],
) -> Result<Vec<CellChange>, TallyRefusal> {
    let before = tally(reference, facts, query)?;
    let mut imagined = Facts::default();
    let mut reference = reference.clone();
    // The last position that the question sees: the events are known to it, and come after all else.
    let at = query.known.unwrap_or_else(|| facts.position().max(reference.position));
    for event in events {
        imagined.fold(at, stream, event);
        if stream.kind.is_reference() {
            reference.apply(at, event);
        }
    }
    let after = tally_of(&reference, &[facts, &imagined], query)?;
    Ok(diff(&before, &after))
}

/// The cells that differ, in the order of the later tally; those that went away come last in their measure.
pub fn diff(before: &PeriodTally, after: &PeriodTally) -> Vec<CellChange> {
    let old: BTreeMap<_, _> = before.measures.iter().map(|measure| (&measure.measure, &measure.cells)).collect();
    let new: BTreeMap<_, _> = after.measures.iter().map(|measure| (&measure.measure, &measure.cells)).collect();
    let gone = before.measures.iter().filter(|measure| !new.contains_key(&measure.measure));
    let here = after.measures.iter().flat_map(|measure| {
        let none = Vec::new();
        changed_cells(&measure.measure, old.get(&measure.measure).map_or(&none, |cells| cells), &measure.cells)
    });
    here.chain(gone.flat_map(|measure| changed_cells(&measure.measure, &measure.cells, &[]))).collect()
}

fn changed_cells(measure: &MeasureKey, before: &[Cell], after: &[Cell]) -> Vec<CellChange> {
    let old: BTreeMap<_, _> = before.iter().map(|cell| (cell.committee, cell)).collect();
    let new: BTreeMap<_, _> = after.iter().map(|cell| (cell.committee, cell)).collect();
    let change = |before: Option<&Cell>, after: Option<&Cell>| {
        let cell = after.or(before)?;
        (before != after).then(|| CellChange {
            measure: measure.clone(),
            committee: cell.committee,
            name: cell.name.clone(),
            before: before.cloned(),
            after: after.cloned(),
        })
    };
    let here = after.iter().filter_map(|cell| change(old.get(&cell.committee).copied(), Some(cell)));
    let gone =
        before.iter().filter(|cell| !new.contains_key(&cell.committee)).filter_map(|cell| change(Some(cell), None));
    here.chain(gone).collect()
}

/// The measures that differ, each with the cells that do: what a subscriber is sent. Cells that went away are in [`diff`] only.
pub fn changed_measures(before: &PeriodTally, after: &PeriodTally) -> Vec<MeasureTally> {
    let old: BTreeMap<_, _> = before.measures.iter().map(|measure| (&measure.measure, measure)).collect();
    let changed = after.measures.iter().filter(|measure| old.get(&measure.measure) != Some(measure));
    let only_changed = |measure: &MeasureTally| {
        let mut pared = measure.clone();
        if let Some(before) = old.get(&measure.measure) {
            let known: BTreeMap<_, _> = before.cells.iter().map(|cell| (cell.committee, cell)).collect();
            pared.cells.retain(|cell| known.get(&cell.committee) != Some(&cell));
        }
        pared
    };
    changed.map(only_changed).collect()
}
