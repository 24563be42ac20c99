//! What a reader is told, as a server-sent event (HTML Living Standard §9.2) and as a message of gRPC; and the ids from which it resumes on any portal.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use domain::{
    LocalDate, Position,
    fold::{Changed, PeriodTally},
};
use serde::Serialize;
use wire::RecordName;
use wire::proto::tally::v1::{Reached, WatchTalliesResponse, watch_tallies_response};

/// Where a reader is: which fold, judged on which day, up to which position of which history of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventId {
    pub(crate) fold_version: u32,
    pub(crate) judged_on: LocalDate,
    pub(crate) position: Position,
    /// Of the record there.
    pub(crate) record: RecordName,
}

impl std::fmt::Display for EventId {
    /// Generation, position and record: `1.20230103-1875-9f3a5c1e77aa0b42`. The generation is the fold version and the day judged on.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let day = self.judged_on;
        let (version, position, record) = (self.fold_version, self.position, self.record);
        write!(f, "{version}.{:04}{:02}{:02}-{position}-{record}", day.year(), day.month(), day.day())
    }
}

impl std::str::FromStr for EventId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (generation, place) = text.split_once('-').ok_or(())?;
        let (position, record) = place.split_once('-').ok_or(())?;
        let (fold_version, day) = generation.split_once('.').ok_or(())?;
        let part = |range: std::ops::Range<usize>| day.get(range).ok_or(());
        let judged_on = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..day.len())?).parse().map_err(|_| ())?;
        Ok(Self {
            fold_version: fold_version.parse().map_err(|_| ())?,
            judged_on,
            position: position.parse().map_err(|_| ())?,
            record: record.parse()?,
        })
    }
}

/// One thing that readers are told. Each form of it is written once, when the first asks for it, and shared by all.
#[derive(Debug)]
pub(crate) struct Event {
    id: EventId,
    told: Told,
    text: OnceLock<Bytes>,
    message: OnceLock<WatchTalliesResponse>,
}

#[derive(Debug)]
enum Told {
    /// The whole period.
    Snapshot(Arc<PeriodTally>),
    /// What changed from one state to the next.
    Cells(Changed),
    /// How far the reader is now, though nothing changed.
    Position {
        /// The ledger takes no records where it lies: nothing more will be told here.
        rests: bool,
    },
}

impl Event {
    fn new(id: EventId, told: Told) -> Arc<Self> {
        Arc::new(Self { id, told, text: OnceLock::new(), message: OnceLock::new() })
    }

    pub(crate) fn snapshot(id: EventId, tally: &Arc<PeriodTally>) -> Arc<Self> {
        Self::new(id, Told::Snapshot(tally.clone()))
    }

    /// For whoever is at `from` or behind it; up to `before` nothing has changed since. `None` when nothing of the period changed.
    pub(crate) fn cells(id: EventId, from: Position, before: &PeriodTally, after: &PeriodTally) -> Option<Arc<Self>> {
        Changed::between(before, after).map(|changed| Self::new(id, Told::Cells(Changed { from, ..changed })))
    }

    pub(crate) fn position(id: EventId) -> Arc<Self> {
        Self::new(id, Told::Position { rests: false })
    }

    /// The same, of a ledger that may have been sealed meanwhile.
    pub(crate) fn heartbeat(id: EventId, rests: bool) -> Arc<Self> {
        Self::new(id, Told::Position { rests })
    }

    pub(crate) fn text(&self) -> Bytes {
        let id = self.id;
        let text = self.text.get_or_init(|| match &self.told {
            Told::Snapshot(tally) => event("snapshot", id, tally.as_ref()),
            Told::Cells(changed) => event("cells", id, changed),
            Told::Position { rests } => {
                let mut data = serde_json::json!({ "position": id.position, "judged_on": id.judged_on });
                if *rests {
                    data["rests"] = true.into();
                }
                event("position", id, &data)
            }
        });
        text.clone()
    }

    pub(crate) fn message(&self) -> WatchTalliesResponse {
        use watch_tallies_response::Told as Sent;
        let message = self.message.get_or_init(|| {
            let told = match &self.told {
                Told::Snapshot(tally) => Sent::Snapshot(wire::tallies(tally)),
                Told::Cells(changed) => Sent::Cells(wire::changed_cells(changed)),
                Told::Position { .. } => {
                    Sent::Reached(Reached { position: self.id.position.0, judged_on: self.id.judged_on.to_days() })
                }
            };
            WatchTalliesResponse { id: self.id.to_string(), told: Some(told) }
        });
        message.clone()
    }
}

fn event(name: &str, id: EventId, data: &impl Serialize) -> Bytes {
    // JSON without line breaks is one `data` line.
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("event: {name}\nid: {id}\ndata: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(judged_on: &str) -> Arc<PeriodTally> {
        let day = |text: &str| text.parse().unwrap();
        Arc::new(PeriodTally {
            programme: "nq28".parse().unwrap(),
            period: "2022".parse().unwrap(),
            whole_of: None,
            as_of: domain::fold::AsOf {
                valid: day("2022-12-31"),
                known_position: Position(7),
                known_at: None,
                lens: domain::fold::Lens::AsKnown,
            },
            judged_on: day(judged_on),
            provisional: true,
            closing: None,
            first_day: day("2022-01-01"),
            last_day: day("2022-12-31"),
            since: None,
            last_year: None,
            measures: Vec::new(),
        })
    }

    fn at_seven(tally: &PeriodTally) -> EventId {
        EventId { fold_version: 1, judged_on: tally.judged_on, position: Position(7), record: RecordName(0xaa) }
    }

    #[test]
    fn local_midnight_is_told_with_the_old_position_and_the_new_day() {
        let (before, after) = (tally("2022-12-31"), tally("2023-01-01"));
        let id = at_seven(&after);
        let told = Event::cells(id, Position(5), &before, &after).unwrap().text();
        let told = std::str::from_utf8(&told).unwrap();
        assert!(told.starts_with("event: cells\nid: 1.20230101-7-00000000000000aa\n"), "{told}");
        assert!(told.contains("\"judged_on\":\"2023-01-01\"") && told.contains("\"from\":5"), "{told}");
        assert!(Event::cells(id, Position(5), &after, &after).is_none());
    }

    #[test]
    fn text_and_message_of_one_event_say_the_same() {
        let (before, after) = (tally("2022-12-31"), tally("2023-01-01"));
        let id = at_seven(&after);
        for (event, name) in [
            (Event::snapshot(id, &after), "snapshot"),
            (Event::cells(id, Position(7), &before, &after).unwrap(), "cells"),
            (Event::position(id), "position"),
        ] {
            let (text, message) = (event.text(), event.message());
            assert!(text.starts_with(format!("event: {name}\nid: {}\n", message.id).as_bytes()), "{text:?}");
            let days = match message.told.unwrap() {
                watch_tallies_response::Told::Snapshot(tally) => tally.judged_on,
                watch_tallies_response::Told::Cells(cells) => cells.judged_on,
                watch_tallies_response::Told::Reached(reached) => reached.judged_on,
            };
            assert_eq!(days, after.judged_on.to_days(), "{name}");
        }
    }

    #[test]
    fn an_id_says_generation_position_and_record_both_ways() {
        let judged_on = LocalDate::new(2023, 1, 3).unwrap();
        let (position, record) = (Position(1_875), RecordName(0x9f3a_5c1e_77aa_0b42));
        let id = EventId { fold_version: 1, judged_on, position, record };
        assert_eq!(id.to_string(), "1.20230103-1875-9f3a5c1e77aa0b42");
        assert_eq!(id.to_string().parse(), Ok(id));
        // The fourth is what an id was before it named the record.
        let of_old = "1.20230103-1875";
        let names = ["1.2023-1875-9f3a5c1e77aa0b42", "1.20230230-1-9f3a5c1e77aa0b42", "x.20230103-1-9f3a5c1e77aa0b42"];
        let wrong =
            ["", "1875", "1-1875", of_old, "1.20230103--9f3a5c1e77aa0b42", "1.20230103-1875-9f3a", "1.20230103-1875-"];
        for wrong in wrong.into_iter().chain(names) {
            assert_eq!(wrong.parse::<EventId>(), Err(()), "{wrong}");
        }
    }
}
