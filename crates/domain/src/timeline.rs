//! Values that hold from a day on, until the next one.

use crate::LocalDate;

/// What holds on which day: each value from its day until the day before the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline<T> {
    /// Ascending by day; no day twice.
    entries: Vec<(LocalDate, T)>,
}

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> Timeline<T> {
    /// The value that holds on a day; `None` before the first.
    pub fn at(&self, day: LocalDate) -> Option<&T> {
        let after = self.entries.partition_point(|(from, _)| *from <= day);
        self.entries[..after].last().map(|(_, value)| value)
    }

    /// Lets a value hold from a day on; one that began on the same day gives way. Total: days may come in any order.
    pub fn set(&mut self, from: LocalDate, value: T) {
        match self.entries.binary_search_by_key(&from, |(day, _)| *day) {
            Ok(same) => self.entries[same].1 = value,
            Err(place) => self.entries.insert(place, (from, value)),
        }
    }

    pub fn first(&self) -> Option<&T> {
        self.entries.first().map(|(_, value)| value)
    }

    /// The value that no later one follows.
    pub fn last(&self) -> Option<&T> {
        self.entries.last().map(|(_, value)| value)
    }

    /// The value that began to hold on this very day.
    pub fn begun_on(&self, day: LocalDate) -> Option<&T> {
        self.entries.binary_search_by_key(&day, |(from, _)| *from).ok().map(|place| &self.entries[place].1)
    }

    pub fn begun_on_mut(&mut self, day: LocalDate) -> Option<&mut T> {
        self.entries.binary_search_by_key(&day, |(from, _)| *from).ok().map(|place| &mut self.entries[place].1)
    }

    /// The day from which the last value holds.
    pub fn last_from(&self) -> Option<LocalDate> {
        self.entries.last().map(|(from, _)| *from)
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// Each value with its first day and the first day without it, in order.
    pub fn spans(&self) -> impl Iterator<Item = Span<'_, T>> {
        self.entries.iter().enumerate().map(|(i, (from, value))| Span {
            from: *from,
            until: self.entries.get(i + 1).map(|(day, _)| *day),
            value,
        })
    }
}

/// A value, the first day on which it holds, and the first day on which it no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a, T> {
    pub from: LocalDate,
    pub until: Option<LocalDate>,
    pub value: &'a T,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_value_holds_from_its_day_until_the_next_one() {
        let mut names = Timeline::default();
        names.set(day("2025-01-01"), "thành phố Thủy Nguyên");
        names.set(day("2010-01-01"), "huyện Thuỷ Nguyên");
        assert_eq!(names.at(day("2009-12-31")), None);
        assert_eq!(names.at(day("2024-12-31")), Some(&"huyện Thuỷ Nguyên"));
        assert_eq!(names.at(day("2025-01-01")), Some(&"thành phố Thủy Nguyên"));
        let spans: Vec<_> = names.spans().map(|span| (span.from, span.until)).collect();
        assert_eq!(spans, [(day("2010-01-01"), Some(day("2025-01-01"))), (day("2025-01-01"), None)]);
    }

    #[test]
    fn of_two_values_from_one_day_the_later_recorded_holds() {
        let mut parents = Timeline::default();
        parents.set(day("2022-01-01"), Some(1));
        parents.set(day("2022-01-01"), None);
        assert_eq!(parents.at(day("2022-06-01")), Some(&None));
        assert_eq!(parents.spans().count(), 1);
    }
}
