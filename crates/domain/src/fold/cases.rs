//! The case that a fact belongs to: the day of its decision binds the version of a measure, whatever later versions say.

use super::{Facts, columns::SEGMENT_FACTS, shape::QuickMap};
use crate::{LocalDate, Position, What};

/// By stream: the decision that began it, as known.
pub(super) struct Cases {
    by_stream: QuickMap<u128, Case>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) decided_on: LocalDate,
    pub(super) what: What,
    position: Position,
}

impl Cases {
    /// The cases of all streams known at `known`.
    pub(super) fn known(sources: &[&Facts], known: Option<Position>) -> Self {
        let mut cases = Self { by_stream: QuickMap::default() };
        for partition in sources.iter().flat_map(|facts| facts.partitions.values()) {
            let ranks: Vec<_> =
                partition.shapes.all().iter().map(|shape| shape.n > 0 && begins(shape.countable.what)).collect();
            for number in 0..partition.known(known) {
                let (chunk, at) = (&partition.chunks[number / SEGMENT_FACTS], number % SEGMENT_FACTS);
                if ranks[chunk.shape[at] as usize] {
                    let what = partition.shapes.shape(chunk.shape[at]).countable.what;
                    let position = Position(chunk.position[at]);
                    cases.learn(chunk.stream[at], Case { decided_on: partition.date(chunk.day[at]), what, position });
                }
            }
        }
        cases
    }

    pub(super) fn of(&self, stream: [u8; 16]) -> Option<&Case> {
        self.by_stream.get(&u128::from_ne_bytes(stream))
    }

    /// The founding outranks the recognition that follows it; of two of one rank the later recorded is the corrected one.
    fn learn(&mut self, stream: [u8; 16], case: Case) {
        let rank = |case: &Case| (case.what != What::Recognised, case.position);
        self.by_stream
            .entry(u128::from_ne_bytes(stream))
            .and_modify(|known| {
                if rank(known) <= rank(&case) {
                    *known = case;
                }
            })
            .or_insert(case);
    }
}

fn begins(what: What) -> bool {
    match what {
        What::Founded
        | What::Recognised
        | What::Registered
        | What::ReceivedFromOutside
        | What::Admitted
        | What::Readmitted => true,
        What::TransferredIn
        | What::TransferredOut
        | What::Dissolved
        | What::RevokedFromDate
        | What::Received
        | What::MadeOfficial => false,
    }
}
