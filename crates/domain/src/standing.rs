//! What of one stream stands in the counts: what its events added and have not taken back.

use crate::{Counted, Event};

/// The counts that a revocation from the start would take back. Whoever takes only from here never counts below zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing(Vec<Counted>);

/// What a correction or revocation takes back and what it adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) takes: Vec<Counted>,
    pub(crate) adds: Vec<Counted>,
}

impl Standing {
    /// Total: what an event takes that is not there is let go.
    pub(crate) fn evolve(&mut self, event: &Event) {
        let (takes, adds) = event.body.counts();
        for taken in takes {
            if let Some(at) = self.0.iter().position(|standing| standing == taken) {
                self.0.remove(at);
            }
        }
        self.0.extend_from_slice(adds);
    }

    /// The earliest count that is so; of several on one day the first recorded.
    pub(crate) fn earliest(&self, is_so: impl Fn(&Counted) -> bool) -> Option<usize> {
        let matching = self.0.iter().enumerate().filter(|(_, counted)| is_so(counted));
        matching.min_by_key(|(_, counted)| counted.effective_on).map(|(at, _)| at)
    }

    /// Everything, taken back.
    pub(crate) fn withdrawn(&self) -> Change {
        Change { takes: self.0.clone(), adds: Vec::new() }
    }

    /// Each as `right` would have it, told also its number; only what differs is taken back and added.
    pub(crate) fn revised(&self, right: impl Fn(usize, &Counted) -> Counted) -> Change {
        let pairs = self.0.iter().enumerate().map(|(at, wrong)| (wrong.clone(), right(at, wrong)));
        let (takes, adds) = pairs.filter(|(wrong, right)| wrong != right).unzip();
        Change { takes, adds }
    }
}

impl Change {
    pub(crate) fn is_empty(&self) -> bool {
        self.takes.is_empty() && self.adds.is_empty()
    }
}
