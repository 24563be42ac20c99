//! Admitted but not yet received: of the decisions that a measure counts, those without a ceremony.

use std::collections::BTreeMap;

use super::{
    columns::SEGMENT_FACTS,
    scan::{Asked, Place},
    select::Rule,
    shape::QuickMap,
};
use crate::{Countee, LocalDate, What};

/// The ceremonies of one stream, and how many of them are taken as those of decisions already seen.
#[derive(Clone, Copy, Debug, Default)]
struct Receptions {
    left: i64,
    taken: i64,
}

type ByStream = QuickMap<u128, Receptions>;

impl Asked<'_> {
    /// By place: how many of the admitted were received up to `until`. `rule` counts by the admission decision.
    ///
    /// A ceremony counts against its own decision, whatever year that was in: both are on one stream.
    pub(super) fn received(&self, rule: &Rule<'_>, until: LocalDate) -> BTreeMap<Place, i64> {
        let mut by_stream = self.receptions(rule, until);
        if by_stream.is_empty() {
            return BTreeMap::new();
        }
        let mut received = QuickMap::<Place, i64>::default();
        self.each(rule, |admitted| {
            let stream = admitted.partition.stream_bytes(admitted.number);
            if let Some(receptions) = by_stream.get_mut(&u128::from_ne_bytes(stream)) {
                // What a correction takes back gives its ceremonies back, for what it adds.
                let n = admitted.n.clamp(-receptions.taken, receptions.left.max(0));
                receptions.left -= n;
                receptions.taken += n;
                *received.entry(admitted.place).or_default() += n;
            }
        });
        received.into_iter().collect()
    }

    fn receptions(&self, rule: &Rule<'_>, until: LocalDate) -> ByStream {
        let mut receptions = ByStream::default();
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
                    receptions.entry(u128::from_ne_bytes(chunk.stream[at])).or_default().left += n;
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
