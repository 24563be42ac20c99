//! The days that count, cut where the structure, a measure's rule or a due day changes: within an epoch all of them stand still.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    columns::Partition,
    scan::{Credited, Sums},
};
use crate::LocalDate;

/// Days of a leap year.
const DAYS_MAX: usize = 366;

/// Number of an epoch within a [`Window`].
pub(super) type Epoch = usize;

/// From a first day to the day asked about, in epochs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// First day of each epoch, ascending. Empty when the window is.
    starts: Vec<LocalDate>,
    last_day: LocalDate,
}

impl Window {
    /// From `from` to `last_day`, cut before each of `cuts` that lies inside.
    pub(super) fn new(from: LocalDate, last_day: LocalDate, cuts: impl IntoIterator<Item = LocalDate>) -> Self {
        let mut starts: Vec<_> = cuts.into_iter().filter(|day| from < *day && *day <= last_day).collect();
        if from <= last_day {
            starts.push(from);
        }
        starts.sort_unstable();
        starts.dedup();
        Self { starts, last_day }
    }

    /// The same days, cut before each of `cuts` as well.
    pub(super) fn cut(&self, cuts: impl IntoIterator<Item = LocalDate>) -> Self {
        match self.starts.first() {
            Some(first) => Self::new(*first, self.last_day, self.starts.iter().copied().chain(cuts)),
            None => self.clone(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// A day of the epoch, as good as any other of it.
    pub(super) fn day(&self, epoch: Epoch) -> LocalDate {
        self.starts[epoch]
    }

    /// Where anything of these sums was credited.
    pub(super) fn credited(&self, sums: &[Sums]) -> BTreeSet<Credited> {
        sums.iter().flat_map(BTreeMap::keys).map(|(unit, epoch)| (*unit, self.day(*epoch))).collect()
    }

    pub(super) fn from(&self) -> LocalDate {
        self.starts.first().copied().unwrap_or(self.last_day)
    }

    /// Whether some day of the partition may lie inside.
    pub(super) fn meets(&self, year: i16) -> bool {
        !self.starts.is_empty() && (self.from().year()..=self.last_day.year()).contains(&year)
    }

    /// The epoch of each day of a partition's year; `self.len()` for days outside.
    pub(super) fn epochs_of(&self, partition: &Partition) -> Vec<Epoch> {
        let first = partition.first_day();
        let last = self.last_day.to_days();
        let starts: Vec<i32> = self.starts.iter().map(|day| day.to_days()).collect();
        (first..)
            .take(DAYS_MAX)
            .map(|day| match starts.partition_point(|start| *start <= day) {
                0 => self.len(),
                _ if day > last => self.len(),
                epoch => epoch - 1,
            })
            .collect()
    }
}
