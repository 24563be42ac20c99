//! Units, their names, codes, kinds and parents from a date to a date. One stream per ledger.

mod authority;
mod change_structure;
mod codes;
#[cfg(test)]
mod codes_tests;
pub mod crosswalk;
mod lineage;
#[cfg(test)]
pub(crate) mod lineage_properties;
#[cfg(test)]
pub(crate) mod lineage_tests;
mod moved;
mod step;
mod succeed;
#[cfg(test)]
mod tests;
mod unit;
mod walk;
mod weights;

pub use change_structure::*;
pub use lineage::*;
pub use succeed::*;
pub use unit::*;
pub use weights::*;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{Edge, Event, EventBody, LocalDate, UnitId, UnitKind};

/// All units. Shared inside, so that a clone is cheap and a change copies only what it touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    units: Arc<BTreeMap<UnitId, Arc<Unit>>>,
    /// Official order: display order, then id.
    order: Arc<BTreeSet<(u32, UnitId)>>,
    /// Days on which some parent began or ended: between two of them the tree stands still.
    edge_days: Arc<BTreeSet<LocalDate>>,
    lineage: Lineage,
    weights: Weights,
}

impl Structure {
    /// Folds one event. Total: what concerns an unknown unit changes nothing, a second creation neither.
    pub fn evolve(&mut self, event: &Event) {
        let Some(id) = unit_of(&event.body) else { return };
        let from = event.effective_on;
        match &event.body {
            EventBody::UnitCreated { display_order, .. } if !self.units.contains_key(&id) => {
                Arc::make_mut(&mut self.units).insert(id, Arc::new(Unit::new(id, *display_order, from)));
                Arc::make_mut(&mut self.order).insert((*display_order, id));
            }
            EventBody::UnitCreated { .. } => return,
            _ if !self.units.contains_key(&id) => return,
            EventBody::UnitSucceeded { successor, .. } | EventBody::SuccessorWeighed { successor, .. }
                if !self.units.contains_key(successor) =>
            {
                return;
            }
            EventBody::UnitSucceeded { .. } => return self.lineage.evolve(event),
            EventBody::SuccessorWeighed { .. } => return self.weights.evolve(event),
            EventBody::UnitParentSet { .. } | EventBody::UnitEnded { .. } => {
                Arc::make_mut(&mut self.edge_days).insert(from);
            }
            _ => {}
        }
        if let Some(unit) = Arc::make_mut(&mut self.units).get_mut(&id) {
            Arc::make_mut(unit).evolve(from, &event.body);
        }
    }

    pub fn unit(&self, unit: UnitId) -> Option<&Unit> {
        self.units.get(&unit).map(Arc::as_ref)
    }

    /// Every unit that ever was, in official order.
    pub fn units(&self) -> impl Iterator<Item = &Unit> {
        self.order.iter().filter_map(|(_, unit)| self.unit(*unit))
    }

    pub fn exists_on(&self, unit: UnitId, day: LocalDate) -> bool {
        self.unit(unit).is_some_and(|unit| unit.exists_on(day))
    }

    /// First day without it; `None` while no end is recorded.
    pub fn ended_on(&self, unit: UnitId) -> Option<LocalDate> {
        self.unit(unit)?.ended_on
    }

    /// See [`Unit::name_on`]; `None` only for an unknown unit.
    pub fn name_on(&self, unit: UnitId, day: LocalDate) -> Option<&str> {
        self.unit(unit).map(|unit| unit.name_on(day))
    }

    pub fn code_on(&self, unit: UnitId, day: LocalDate) -> Option<&str> {
        self.unit(unit)?.code_on(day)
    }

    pub fn kind_on(&self, unit: UnitId, day: LocalDate) -> Option<UnitKind> {
        self.unit(unit)?.kind_on(day)
    }

    pub fn parent_on(&self, unit: UnitId, edge: Edge, day: LocalDate) -> Option<UnitId> {
        self.unit(unit)?.parent_on(edge, day)
    }

    /// Days after `from` on which some parent begins or ends, `from` itself first: to know the tree from `from` on, look at these.
    pub fn edge_days_from(&self, from: LocalDate) -> impl Iterator<Item = LocalDate> {
        let later = self.edge_days.range(from.tomorrow()..).copied();
        std::iter::once(from).chain(later)
    }
}

/// The unit that an event of a structure concerns.
const fn unit_of(body: &EventBody) -> Option<UnitId> {
    match body {
        EventBody::UnitCreated { unit, .. }
        | EventBody::UnitRenamed { unit, .. }
        | EventBody::UnitCodeAssigned { unit, .. }
        | EventBody::UnitReclassified { unit, .. }
        | EventBody::UnitParentSet { unit, .. }
        | EventBody::UnitSucceeded { unit, .. }
        | EventBody::SuccessorWeighed { unit, .. }
        | EventBody::UnitEnded { unit } => Some(*unit),
        _ => None,
    }
}
