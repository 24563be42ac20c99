//! Event → facts: a pure function without state, so that folds are total in any order.

use crate::{Countable, Counted, Event, LocalDate, OfWhich, Position, StreamId, UnitId};

/// So many of a countable more (or fewer), for a unit, on a day, because of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub position: Position,
    pub stream: StreamId,
    pub effective_on: LocalDate,
    pub unit: UnitId,
    pub countable: Countable,
    /// Negative when the event takes back what an earlier one added.
    pub n: i64,
    /// Of the absolute value of `n`; it takes the sign of `n`.
    pub of_which: OfWhich,
    pub place: Option<String>,
}

/// What an event takes back, each with its day and unit, then what it adds.
pub fn facts_of(position: Position, stream: StreamId, event: &Event) -> impl Iterator<Item = Fact> + '_ {
    signed_counts(event).map(move |(sign, counted)| Fact {
        position,
        stream,
        effective_on: counted.effective_on,
        unit: counted.unit,
        countable: counted.countable,
        n: sign * i64::from(counted.n),
        of_which: counted.of_which.clone(),
        place: counted.place.clone(),
    })
}

/// The same without copying: −1 with what is taken back, +1 with what is added.
pub(super) fn signed_counts(event: &Event) -> impl Iterator<Item = (i64, &Counted)> {
    let (takes, adds) = event.body.counts();
    takes.iter().map(|counted| (-1, counted)).chain(adds.iter().map(|counted| (1, counted)))
}
