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

/// Carries facts to the units of `to`.
///
/// A unit that wholly became another carries its facts there. Of a unit that was split, a fact goes where the administrative unit of its `place`
/// wholly went, as of the fact's own day: to that unit or the nearest above it in its line that has a part of the split one, or that alone leads
/// one that has (a youth body of a split district has parts in the youth bodies which the new Party committees lead).
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

/// Parts in proportion to the weights, whose sum is `n`: integers by the largest remainder, of equal ones the lower id first. None without any weight.
pub(super) fn divided(n: i64, weights: &BTreeMap<UnitId, u32>) -> Option<BTreeMap<UnitId, i64>> {
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
