//! Admitted but not yet received: of the decisions that a measure counts, those without a ceremony.

use std::{
    collections::{BTreeMap, HashMap},
    hash::BuildHasherDefault,
};

use super::{
    columns::SEGMENT_FACTS,
    scan::{Asked, Place},
    select::Rule,
    shape::WordHasher,
};
use crate::{Countee, LocalDate, What};

#[derive(Clone, Copy, Debug, Default)]
struct Reception {
    received: i64,
    admitted: i64,
    /// Where the decision is credited, with the last one recorded.
    place: Option<Place>,
}

type Receptions = HashMap<[u8; 16], Reception, BuildHasherDefault<WordHasher>>;

impl Asked<'_> {
    /// By place: how many of the admitted were received up to `until`. `rule` counts by the admission decision.
    ///
    /// A ceremony counts against its own decision, whatever year that was in: both are on one stream.
    pub(super) fn received(&self, rule: &Rule<'_>, until: LocalDate) -> BTreeMap<Place, i64> {
        let mut receptions = self.receptions(rule, until);
        let mut received = BTreeMap::new();
        if receptions.is_empty() {
            return received;
        }
        self.each(rule, |admitted| {
            let stream = *admitted.partition.stream(admitted.number).id.as_bytes();
            if let Some(reception) = receptions.get_mut(&stream) {
                reception.admitted += admitted.n;
                reception.place = if admitted.n > 0 { Some(admitted.place) } else { reception.place };
            }
        });
        receptions.values().for_each(|reception| {
            if let Some(place) = reception.place {
                *received.entry(place).or_default() += reception.received.clamp(0, reception.admitted.max(0));
            }
        });
        received
    }

    fn receptions(&self, rule: &Rule<'_>, until: LocalDate) -> Receptions {
        let mut receptions = Receptions::default();
        for partition in self.sources.iter().flat_map(|facts| facts.partitions.values()) {
            let wanted: Vec<bool> = partition
                .shapes
                .all()
                .iter()
                .map(|shape| shape.countable.what == What::Received && counts_members(rule, shape.countable.of))
                .collect();
            let last = until.to_days() - partition.first_day();
            if last < 0 || !wanted.contains(&true) {
                continue;
            }
            for number in 0..partition.known(self.known) {
                let (chunk, at) = (&partition.chunks[number / SEGMENT_FACTS], number % SEGMENT_FACTS);
                if wanted[chunk.shape[at] as usize] && i32::from(chunk.day[at]) <= last {
                    let n = partition.shapes.shape(chunk.shape[at]).n;
                    receptions.entry(chunk.stream[at]).or_default().received += n;
                }
            }
        }
        receptions
    }
}

fn counts_members(rule: &Rule<'_>, of: Countee) -> bool {
    match of {
        Countee::Organisation(_) => false,
        Countee::Member(membership) => rule.versions().iter().any(|version| version.memberships.contains(&membership)),
    }
}
