//! What of one stream stands in the counts: what its events added and have not taken back.

use crate::{Counted, Event, LocalDate, What};

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
        self.change(takes, adds);
    }

    fn change(&mut self, takes: &[Counted], adds: &[Counted]) {
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

    /// Each as `right` would have it, told also its number; only what differs is taken back and added, pairwise. What should not be there at
    /// all is taken back behind them.
    pub(crate) fn revised(&self, right: impl Fn(usize, &Counted) -> Option<Counted>) -> Change {
        let (mut change, mut gone) = (Change::default(), Vec::new());
        for (at, wrong) in self.0.iter().enumerate() {
            match right(at, wrong) {
                None => gone.push(wrong.clone()),
                Some(right) if right != *wrong => {
                    change.takes.push(wrong.clone());
                    change.adds.push(right);
                }
                Some(_) => {}
            }
        }
        change.takes.append(&mut gone);
        change
    }

    /// How many are of this in all.
    pub(crate) fn sum(&self, what: What) -> u32 {
        let of_this = self.0.iter().filter(|counted| counted.countable.what == what);
        of_this.fold(0, |sum, counted| sum.saturating_add(counted.n))
    }

    /// Those that are of this, from a day on.
    pub(crate) fn from(&self, what: What, day: LocalDate) -> Vec<Counted> {
        let from = |counted: &&Counted| counted.countable.what == what && counted.effective_on >= day;
        self.0.iter().filter(from).cloned().collect()
    }

    /// The days of those that are of this, in the order in which they were recorded.
    pub(crate) fn days(&self, what: What) -> impl Iterator<Item = LocalDate> {
        self.0.iter().filter(move |counted| counted.countable.what == what).map(|counted| counted.effective_on)
    }
}

impl Change {
    /// What stands once it is made.
    pub(crate) fn apply(&self, standing: &Standing) -> Standing {
        let mut after = standing.clone();
        after.change(&self.takes, &self.adds);
        after
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.takes.is_empty() && self.adds.is_empty()
    }
}
