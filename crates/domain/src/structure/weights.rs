//! Weights of successors: by how much a split unit's counts are divided where nothing places them. What is divided so is an estimate (DOMAIN §4.3).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use super::{
    Structure,
    step::{Decided, Step, one},
};
use crate::{AllocationName, Event, EventBody, LocalDate, Refusal, UnitId};

/// Says how much of a unit a successor has, by a key such as `population`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WeighSuccessor {
    /// The unit that was there before.
    pub unit: UnitId,
    /// One that has a part of it; the succession is recorded by an earlier step or record.
    pub successor: UnitId,
    /// What is weighed.
    pub key: AllocationName,
    /// In the key's own unit, such as persons. Only the proportion of a unit's successors matters; a later one replaces it.
    pub weight: u32,
}

/// By key, unit and successor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Weights(Arc<BTreeMap<(AllocationName, UnitId), BTreeMap<UnitId, u32>>>);

/// Weights of the units of a day among which each unit that was split is divided.
pub type AllocationKey = BTreeMap<UnitId, BTreeMap<UnitId, u32>>;

impl Weights {
    pub(super) fn evolve(&mut self, event: &Event) {
        let EventBody::SuccessorWeighed { unit, successor, ref key, weight } = event.body else { return };
        Arc::make_mut(&mut self.0).entry((key.clone(), unit)).or_default().insert(successor, weight);
    }
}

impl Structure {
    /// Every key by which something is weighed.
    pub fn allocation_names(&self) -> BTreeSet<&AllocationName> {
        self.weights.0.keys().map(|(name, _)| name).collect()
    }

    /// The weights of a key among the units of `to`. A unit is left out when one of those that have a part of it is not weighed, or is no more and
    /// did not wholly become another: it would be divided among fewer than have it. So is one that passed on parts on more than one day, or that
    /// kept a part: what it did before and after would have to be divided in different ways.
    pub fn allocation_key(&self, name: &AllocationName, to: LocalDate) -> AllocationKey {
        let of_name = self.weights.0.iter().filter(|((key, _), _)| key == name);
        of_name.filter_map(|((_, unit), weights)| Some((*unit, self.carried(*unit, weights, to)?))).collect()
    }

    fn carried(&self, unit: UnitId, weights: &BTreeMap<UnitId, u32>, to: LocalDate) -> Option<BTreeMap<UnitId, u32>> {
        let mut carried: BTreeMap<UnitId, u32> = BTreeMap::new();
        let parts: Vec<_> = self.successions().filter(|edge| edge.unit == unit && edge.on <= to).collect();
        let day = parts.first()?.on;
        for edge in parts.iter().filter(|_| parts.iter().all(|edge| edge.on == day)) {
            let weight = *weights.get(&edge.successor)?;
            let now =
                self.what_became_of(edge.successor, edge.on, to).wholly().filter(|now| self.exists_on(*now, to))?;
            let sum = carried.entry(now).or_default();
            *sum = sum.saturating_add(weight);
        }
        let became = self.what_became_of(unit, day.yesterday(), to).units;
        Some(carried).filter(|carried| carried.keys().copied().eq(became))
    }
}

impl Step<'_> {
    pub(super) fn weigh(&self, step: &WeighSuccessor) -> Decided {
        let WeighSuccessor { unit, successor, ref key, weight } = *step;
        let name = self.known(unit, "/unit")?.name_on(LocalDate::LAST).to_owned();
        let successor_name = self.known(successor, "/successor")?.name_on(LocalDate::LAST).to_owned();
        let edge = self.before.successions().find(|edge| edge.unit == unit && edge.successor == successor);
        let Some(edge) = edge else {
            let pointer = self.at("/successor");
            return Err(Refusal::SuccessionMissing { unit, name, successor, successor_name, pointer });
        };
        Ok(one(edge.on, EventBody::SuccessorWeighed { unit, successor, key: key.clone(), weight }))
    }
}
