//! One unit comes after another, wholly or in part. See docs/decisions/0037-lineage.md.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Structure, Unit,
    step::{Decided, Step, one},
};
use crate::{EventBody, Extent, LocalDate, Passing, Refusal, Substance, SuccessionKind, UnitId};

/// A unit comes after another from a day on. The unit does not end by it: one that passes wholly ends on that day by a step before this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Succeed {
    /// The unit that was there before.
    pub unit: UnitId,
    /// The unit that has it from then on.
    pub successor: UnitId,
    /// First day on which the successor has it.
    pub from: LocalDate,
    pub how: SuccessionKind,
    /// `continues` is whole; `split_from` and `partly_transferred` are parts; `merged_into` is either.
    pub extent: Extent,
    /// What passes and how much of each, for `partly_transferred`; empty otherwise.
    #[serde(default, skip_serializing_if = "Passing::is_empty")]
    #[cfg_attr(feature = "schema", schema(inline))]
    pub of: Passing,
}

impl Step<'_> {
    pub(super) fn succeed(&self, step: &Succeed) -> Decided {
        let Succeed { unit, successor, from, how, extent, ref of } = *step;
        let known = self.known(unit, "/unit")?;
        if unit == successor {
            let name = known.name_on(from).to_owned();
            return Err(Refusal::UnitSucceedsItself { unit, name, pointer: self.at("/successor") });
        }
        self.fits_together(step)?;
        self.begun(known, from, "/from")?;
        if let Some(ended_on) = known.ended_on.filter(|ended_on| *ended_on < from) {
            return Err(self.ended(known, ended_on, "/from"));
        }
        let next = self.known(successor, "/successor")?;
        self.begun(next, from, "/successor")?;
        if let Some(ended_on) = next.ended_on.filter(|ended_on| *ended_on <= from) {
            return Err(self.ended(next, ended_on, "/successor"));
        }
        self.stands_beside_the_others(step, known, next)?;
        if extent == Extent::Whole && known.ended_on.is_none_or(|ended_on| ended_on != from) {
            let name = known.name_on(from).to_owned();
            return Err(Refusal::UnitGoesOn { unit, name, on: from, pointer: self.at("/extent") });
        }
        Ok(one(from, EventBody::UnitSucceeded { unit, successor, how, extent, of: of.clone() }))
    }

    fn fits_together(&self, step: &Succeed) -> Result<(), Refusal> {
        let extents: &[Extent] = match step.how {
            SuccessionKind::Continues => &[Extent::Whole],
            SuccessionKind::MergedInto => &[Extent::Whole, Extent::Part],
            SuccessionKind::SplitFrom | SuccessionKind::PartlyTransferred => &[Extent::Part],
        };
        let unfit = |field| Refusal::SuccessionUnfit { how: step.how, pointer: self.at(field) };
        if !extents.contains(&step.extent) {
            return Err(unfit("/extent"));
        }
        // All of everything is the whole unit, which is no part of it.
        let of_all = Substance::ALL.iter().all(|what| step.of.get(what) == Some(&Extent::Whole));
        if of_all || step.of.is_empty() == (step.how == SuccessionKind::PartlyTransferred) {
            return Err(unfit("/of"));
        }
        Ok(())
    }

    /// On its day it is not there already, nothing else takes what passes wholly, and nothing comes back to where it was.
    fn stands_beside_the_others(&self, step: &Succeed, known: &Unit, next: &Unit) -> Result<(), Refusal> {
        let Succeed { unit, successor, from: on, extent, ref of, .. } = *step;
        let (name, successor_name) = (known.name_on(on).to_owned(), next.name_on(on).to_owned());
        for other in self.before.successions_on(on).filter(|other| other.unit == unit) {
            if other.successor == successor {
                let pointer = self.at("/successor");
                return Err(Refusal::SuccessionDoubled { unit, name, successor, successor_name, on, pointer });
            }
            let pointer = match taken_twice(of, &other.of) {
                _ if extent == Extent::Whole || other.extent == Extent::Whole => self.at("/extent"),
                Some(what) => self.at(&format!("/of/{what}")),
                None => continue,
            };
            let other = other.successor;
            let other_name = self.before.name_on(other, on).unwrap_or_default().to_owned();
            return Err(Refusal::SuccessionOverlaps { unit, name, other, other_name, on, pointer });
        }
        if leads_to(self.before, successor, unit, on) {
            let pointer = self.at("/successor");
            return Err(Refusal::SuccessionCircle { unit, name, successor, successor_name, on, pointer });
        }
        Ok(())
    }
}

/// What both take of one unit, and one of them wholly.
pub(super) fn taken_twice(one: &Passing, other: &Passing) -> Option<Substance> {
    let wholly = |what: &Substance, extent: &Extent| {
        other.get(what).is_some_and(|also| *extent == Extent::Whole || *also == Extent::Whole)
    };
    one.iter().find(|(what, extent)| wholly(what, extent)).map(|(what, _)| *what)
}

/// Whether edges of one day lead from a unit to another.
fn leads_to(structure: &Structure, from: UnitId, to: UnitId, on: LocalDate) -> bool {
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        let next = structure.successions_on(on).filter(|edge| edge.unit == at).map(|edge| edge.successor);
        open.extend(next.filter(|next| seen.insert(*next)));
    }
    false
}
