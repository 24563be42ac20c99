//! Which publications there are: some 150 bytes for each, so that thousands are listed and looked up without a view and without reading the
//! ledger. What they print is read from their streams when somebody looks at one.

use std::{collections::BTreeMap, ops::Bound};

use domain::{EventBody, PeriodKey, Position, ProgrammeKey, PublicationId, Record, UnitId, publication::Printed};

use super::Live;

/// By the position of the record that holds what was printed. One that was withdrawn and recorded again stands twice.
#[derive(Debug, Default)]
pub struct Publications {
    listed: BTreeMap<Position, Listed>,
    /// The last record of each.
    last: BTreeMap<PublicationId, Position>,
}

/// What is remembered of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub publication: PublicationId,
    pub position: Position,
    pub printed: Printed,
    /// What it is about.
    pub about: Option<(ProgrammeKey, PeriodKey)>,
    pub replaces: Option<PublicationId>,
    /// The office that recorded it.
    pub office: UnitId,
    /// The record by which it was withdrawn.
    pub withdrawn_at: Option<Position>,
}

impl Publications {
    pub(super) fn fold(&mut self, position: Position, record: &Record) {
        let publication = PublicationId(record.stream.id);
        for event in &record.events {
            match &event.body {
                EventBody::FiguresPublished { printed, programme, period, replaces, office, .. } => {
                    let listed = Listed {
                        publication,
                        position,
                        printed: *printed,
                        about: programme.clone().zip(period.clone()),
                        replaces: *replaces,
                        office: *office,
                        withdrawn_at: None,
                    };
                    self.listed.insert(position, listed);
                    self.last.insert(publication, position);
                }
                EventBody::PublicationWithdrawn { .. } => {
                    let last = self.last.get(&publication).and_then(|last| self.listed.get_mut(last));
                    if let Some(listed) = last {
                        listed.withdrawn_at = Some(position);
                    }
                }
                _ => {}
            }
        }
    }

    /// Those recorded after a position and up to another, in their order.
    pub fn between(&self, after: Position, known: Position) -> impl Iterator<Item = &Listed> {
        let behind = self.listed.range((Bound::Excluded(after), Bound::Unbounded));
        behind.map(|(_, listed)| listed).take_while(move |listed| listed.position <= known)
    }

    /// Whether it was ever recorded.
    pub(super) fn knows(&self, publication: PublicationId) -> bool {
        self.last.contains_key(&publication)
    }

    /// Its last record up to a position.
    pub fn get(&self, publication: PublicationId, known: Position) -> Option<&Listed> {
        let last = self.listed.get(self.last.get(&publication)?)?;
        if last.position <= known {
            return Some(last);
        }
        self.between(Position::START, known).filter(|listed| listed.publication == publication).last()
    }

    /// The editions that say that they replace it, as they stand at a position: none that was withdrawn by then.
    pub fn replacing(&self, publication: PublicationId, known: Position) -> impl Iterator<Item = &Listed> {
        let says_so = move |listed: &&Listed| listed.replaces == Some(publication);
        let stands = move |listed: &&Listed| listed.withdrawn_at.is_none_or(|withdrawn_at| withdrawn_at > known);
        self.between(Position::START, known).filter(says_so).filter(stands)
    }
}

impl Live {
    pub fn publications(&self) -> parking_lot::RwLockReadGuard<'_, Publications> {
        self.publications.read()
    }
}

#[cfg(test)]
mod tests {
    use domain::{Actor, CommandId, Event, Kind, Reason, Role, StreamId, SubjectId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn record(publication: u128, body: EventBody) -> Record {
        let id = Uuid::from_u128(publication);
        let actor = Actor { subject: SubjectId(id), office: UnitId(id), role: Role::Supervisor };
        Record {
            stream: StreamId::new(Kind::Publication, id),
            version: 1,
            command: CommandId(id),
            command_name: "publish".to_owned(),
            command_digest: [0; 32],
            correlation: None,
            causation: None,
            actor,
            on_behalf_of: None,
            recorded_at: Timestamp(0),
            reference_position: Position(1),
            document: None,
            distinct_from: None,
            trace_parent: None,
            events: vec![Event { effective_on: "2023-01-03".parse().unwrap(), body }],
        }
    }

    fn printed(replaces: Option<u128>) -> EventBody {
        EventBody::FiguresPublished {
            outlet: "Báo mẫu".to_owned(),
            title: "Kết quả".to_owned(),
            printed: Printed::On("2023-01-03".parse().unwrap()),
            place: None,
            programme: None,
            period: None,
            sentences: vec!["47/42".to_owned()],
            replaces: replaces.map(|id| PublicationId(Uuid::from_u128(id))),
            office: UnitId(Uuid::from_u128(1)),
        }
    }

    fn folded() -> Publications {
        let withdrawn = EventBody::PublicationWithdrawn { reason: Reason::Typo };
        let mut all = Publications::default();
        for (position, record) in [
            (3, record(1, printed(None))),
            (5, record(2, printed(Some(1)))),
            (7, record(1, withdrawn)),
            (9, record(1, printed(None))),
        ] {
            all.fold(Position(position), &record);
        }
        all
    }

    fn positions<'a>(listed: impl Iterator<Item = &'a Listed>) -> Vec<u64> {
        listed.map(|listed| listed.position.0).collect()
    }

    #[test]
    fn they_are_listed_between_two_positions_in_the_order_of_recording() {
        let all = folded();
        assert_eq!(positions(all.between(Position(0), Position(9))), [3, 5, 9]);
        assert_eq!(positions(all.between(Position(3), Position(8))), [5]);
        assert_eq!(positions(all.between(Position(9), Position(3))), [0; 0]);
    }

    #[test]
    fn one_that_was_withdrawn_and_recorded_again_is_found_as_of_any_position() {
        let all = folded();
        let id = PublicationId(Uuid::from_u128(1));
        let at =
            |known| all.get(id, Position(known)).map(|found| (found.position.0, found.withdrawn_at.map(|at| at.0)));
        assert_eq!((at(2), at(3), at(8), at(9)), (None, Some((3, Some(7))), Some((3, Some(7))), Some((9, None))));
        assert_eq!(all.get(PublicationId(Uuid::from_u128(7)), Position(9)), None);
    }

    #[test]
    fn an_edition_is_found_by_what_it_replaces() {
        let all = folded();
        let id = PublicationId(Uuid::from_u128(1));
        assert_eq!(positions(all.replacing(id, Position(9))), [5]);
        assert_eq!(positions(all.replacing(id, Position(4))), [0; 0]);
    }
}
