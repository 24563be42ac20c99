//! Reference data of past positions: folded from their records, and kept for those asked about lately.

use std::{collections::BTreeMap, sync::Arc};

use domain::{Event, Kind, Position, Reference};
use journal::{Journal, ReadError};
use parking_lot::Mutex;
use tokio::sync::RwLock;

use crate::answers::decoded;

/// Most past states that are kept. They share what did not change between them.
const KEPT_MAX: usize = 128;

/// Records of reference data read at once.
const PAGE: usize = 256;

/// States of the reference data, each with the positions for which it is known to hold.
#[derive(Default)]
pub(crate) struct References {
    kept: Mutex<Kept>,
    records: RwLock<Records>,
}

#[derive(Default)]
struct Kept {
    /// By the position of its last record.
    states: BTreeMap<Position, State>,
    /// Grows with every question.
    questions: u64,
}

struct State {
    reference: Arc<Reference>,
    /// No other record of reference data lies up to here.
    until: Position,
    /// The last question that it answered.
    used: u64,
}

/// The records of reference data that were read so far, in order: as many as the reference data of now were made of, and few beside the
/// ledger's. A page of them out of a journal costs as much as a tenth of a tally.
#[derive(Default)]
struct Records {
    read: Vec<(Position, Vec<Event>)>,
    /// There are no others up to here.
    until: Position,
}

impl References {
    /// Reference data as of a position that the journal has come to.
    ///
    /// # Errors
    /// As the journal's.
    pub(crate) async fn at(&self, journal: &dyn Journal, position: Position) -> Result<Arc<Reference>, ReadError> {
        let nearest = self.kept.lock().nearest(position);
        if let Some((reference, until)) = &nearest
            && *until >= position
        {
            return Ok(reference.clone());
        }
        let (reference, until) = self.folded(journal, nearest.unwrap_or_default().0, position).await?;
        self.kept.lock().keep(reference.clone(), until);
        Ok(reference)
    }

    /// Folds what lies between a state and a position; until where the result holds.
    async fn folded(
        &self,
        journal: &dyn Journal,
        from: Arc<Reference>,
        position: Position,
    ) -> Result<(Arc<Reference>, Position), ReadError> {
        let known = self.records.read().await;
        if known.until >= position {
            return Ok(known.folded(from, position));
        }
        drop(known);
        let mut known = self.records.write().await;
        known.read_up_to(journal, position).await?;
        Ok(known.folded(from, position))
    }
}

impl Records {
    /// What was read before an error stays.
    async fn read_up_to(&mut self, journal: &dyn Journal, position: Position) -> Result<(), ReadError> {
        while self.until < position {
            let page = journal.read(self.until, PAGE, &Kind::REFERENCE).await?;
            if page.is_empty() {
                self.until = position;
            }
            for stored in page {
                let record = decoded(&stored)?;
                self.read.push((stored.position, record.events));
                self.until = stored.position;
            }
        }
        Ok(())
    }

    fn folded(&self, mut reference: Arc<Reference>, position: Position) -> (Arc<Reference>, Position) {
        let first = self.read.partition_point(|(at, _)| *at <= reference.position);
        for (at, events) in &self.read[first..] {
            if *at > position {
                return (reference, Position(at.0 - 1));
            }
            let reference = Arc::make_mut(&mut reference);
            events.iter().for_each(|event| reference.apply(*at, event));
        }
        (reference, self.until)
    }
}

impl Kept {
    /// The last state that begins no later than a position, and until where it holds.
    fn nearest(&mut self, position: Position) -> Option<(Arc<Reference>, Position)> {
        self.questions += 1;
        let (_, state) = self.states.range_mut(..=position).next_back()?;
        state.used = self.questions;
        Some((state.reference.clone(), state.until))
    }

    fn keep(&mut self, reference: Arc<Reference>, until: Position) {
        let used = self.questions;
        let until = self.states.get(&reference.position).map_or(until, |known| known.until.max(until));
        self.states.insert(reference.position, State { reference, until, used });
        if self.states.len() > KEPT_MAX {
            let oldest = self.states.iter().min_by_key(|(_, state)| state.used).map(|(position, _)| *position);
            oldest.map(|position| self.states.remove(&position));
        }
    }
}

#[cfg(test)]
mod tests {
    use journal::{Options, SharedJournal};
    use views::laws::record;

    use super::*;

    /// Reference data, then decisions, and reference data again between them.
    async fn ledger(length: u64) -> SharedJournal {
        let journal = journal::open("memory:", Options::default()).await.unwrap();
        for n in 1..=length {
            // The first eight are reference data; the same again for another stream every sixteenth.
            let again = n > 8 && n % 16 < 2;
            let mut record = record(if again { 5 + n % 4 } else { n });
            if again {
                record.stream.id = uuid::Uuid::from_u128(n.into());
            }
            journal.append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap();
        }
        journal
    }

    #[tokio::test]
    async fn whatever_was_asked_before_it_is_the_fold_up_to_the_position() {
        const LENGTH: u64 = 3_000;
        let journal = ledger(LENGTH).await;
        let references = References::default();
        // A walk that meets each region forwards and backwards, with more states than are kept.
        for question in 0..400 {
            let position = Position(1 + question * 977 % LENGTH);
            let found = references.at(journal.as_ref(), position).await.unwrap();
            let plain = References::default().folded(journal.as_ref(), Arc::default(), position).await.unwrap().0;
            assert_eq!(found, plain, "at {position}");
        }
        assert!(references.kept.lock().states.len() == KEPT_MAX);
    }
}
