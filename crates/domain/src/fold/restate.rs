//! Facts of then under the units of a later day, carried through the lineage. What cannot be placed stays beside, so that totals are exact
//! (DOMAIN §4.3). Targets are not restated: they were given to a unit that has ended.

use std::collections::BTreeMap;

use super::{Fact, ways::Ways};
use crate::{Countable, LocalDate, UnitId, structure::Structure};

/// So many of each countable, by unit.
pub type Counts = BTreeMap<(UnitId, Countable), i64>;

/// Facts under the units of a day. The sum of both parts is the sum of the facts, for every countable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restated {
    /// By a unit that exists on the day.
    pub placed: Counts,
    /// By the unit that was credited then: it was split, or ended without a successor, and nothing says where these are.
    pub unallocated: Counts,
}

/// A restatement in which a key has divided what could not be placed. The sum of the three is that of the facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Estimated {
    pub placed: Counts,
    /// Not known but computed from the key: to be printed as an estimate, with the key.
    pub estimated: Counts,
    /// Of units for which the key has no weights.
    pub unallocated: Counts,
}

/// Weights of the successors of each unit that was split, such as their population.
pub type AllocationKey = BTreeMap<UnitId, BTreeMap<UnitId, u32>>;

/// Carries facts to the units of `to`.
///
/// A unit that wholly became another carries its facts there. Of a unit that was split, a fact goes where the administrative unit of its `place`
/// wholly went, as of the fact's own day: to that unit or the nearest above it in its line that has a part of the split one.
/// Facts of the same unit, day and place go the same way, so that what a correction takes back is taken where it was added.
pub fn restate<'a>(structure: &Structure, facts: impl IntoIterator<Item = &'a Fact>, to: LocalDate) -> Restated {
    let mut restated = Restated::default();
    let mut ways = Ways::new(structure, to);
    for fact in facts {
        let way = ways.find(fact.unit, fact.effective_on, fact.place.as_deref());
        let (counts, unit) = match way {
            Some(unit) => (&mut restated.placed, unit),
            None => (&mut restated.unallocated, fact.unit),
        };
        *counts.entry((unit, fact.countable)).or_default() += fact.n;
    }
    restated
}

impl Restated {
    /// Divides what is unallocated by a key: integers by the largest remainder, of equal ones the lower id first.
    pub fn estimated(self, key: &AllocationKey) -> Estimated {
        let mut estimated = Estimated { placed: self.placed, ..Estimated::default() };
        for ((unit, countable), n) in self.unallocated {
            let Some(parts) = key.get(&unit).and_then(|weights| divided(n, weights)) else {
                estimated.unallocated.insert((unit, countable), n);
                continue;
            };
            for (successor, part) in parts {
                *estimated.estimated.entry((successor, countable)).or_default() += part;
            }
        }
        estimated
    }
}

/// Parts in proportion to the weights, whose sum is `n`; none without any weight.
fn divided(n: i64, weights: &BTreeMap<UnitId, u32>) -> Option<BTreeMap<UnitId, i64>> {
    let sum: i128 = weights.values().copied().map(i128::from).sum();
    let whole = i128::from(n.unsigned_abs());
    if sum == 0 {
        return None;
    }
    let shares = weights.iter().map(|(unit, weight)| (*unit, whole * i128::from(*weight)));
    let mut parts: Vec<_> = shares.map(|(unit, share)| (unit, share / sum, share % sum)).collect();
    let missing = whole - parts.iter().map(|(_, part, _)| part).sum::<i128>();
    parts.sort_by_key(|(unit, _, rest)| (-rest, *unit));
    let missing = usize::try_from(missing).unwrap_or(usize::MAX);
    parts.iter_mut().take(missing).for_each(|(_, part, _)| *part += 1);
    let signed = |part: i128| i64::try_from(part).unwrap_or(i64::MAX) * n.signum();
    Some(parts.into_iter().map(|(unit, part, _)| (unit, signed(part))).collect())
}
