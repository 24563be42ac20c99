//! Server-sent events (HTML Living Standard §9.2): their text, and the ids from which a reader resumes on any portal.

use bytes::Bytes;
use domain::{
    LocalDate, MeasureKey, Position, UnitId,
    fold::{AsOf, MeasureTally, PeriodTally, changed_measures, diff},
};
use serde::Serialize;

/// Where a reader is: which fold, judged on which day, up to which position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventId {
    pub(crate) fold_version: u32,
    pub(crate) judged_on: LocalDate,
    pub(crate) position: Position,
}

impl std::fmt::Display for EventId {
    /// Generation and position: `1.20230103-1875`. The generation is the fold version and the day judged on.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let day = self.judged_on;
        write!(f, "{}.{:04}{:02}{:02}-{}", self.fold_version, day.year(), day.month(), day.day(), self.position)
    }
}

impl std::str::FromStr for EventId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (generation, position) = text.split_once('-').ok_or(())?;
        let (fold_version, day) = generation.split_once('.').ok_or(())?;
        let part = |range: std::ops::Range<usize>| day.get(range).ok_or(());
        let judged_on = format!("{}-{}-{}", part(0..4)?, part(4..6)?, part(6..day.len())?).parse().map_err(|_| ())?;
        Ok(Self {
            fold_version: fold_version.parse().map_err(|_| ())?,
            judged_on,
            position: position.parse().map_err(|_| ())?,
        })
    }
}

/// All that changed between two states of a period.
#[derive(Serialize)]
struct Cells<'a> {
    /// What the reader had.
    from: Position,
    as_of: &'a AsOf,
    judged_on: LocalDate,
    provisional: bool,
    /// The measures that differ, each with the cells that do.
    measures: Vec<MeasureTally>,
    /// Cells that are no more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone: Vec<Gone>,
}

#[derive(Serialize)]
struct Gone {
    measure: MeasureKey,
    committee: UnitId,
}

/// `cells`, or nothing when nothing of the period changed.
pub(crate) fn cells(id: EventId, before: &PeriodTally, after: &PeriodTally) -> Option<Bytes> {
    let measures = changed_measures(before, after);
    let same = measures.is_empty() && before.judged_on == after.judged_on && before.as_of.valid == after.as_of.valid;
    if same {
        return None;
    }
    let gone = diff(before, after).into_iter().filter(|change| change.after.is_none());
    let cells = Cells {
        from: before.as_of.known_position,
        as_of: &after.as_of,
        judged_on: after.judged_on,
        provisional: after.provisional,
        measures,
        gone: gone.map(|change| Gone { measure: change.measure, committee: change.committee }).collect(),
    };
    Some(event("cells", id, &cells))
}

/// `snapshot`: the whole period.
pub(crate) fn snapshot(id: EventId, tally: &PeriodTally) -> Bytes {
    event("snapshot", id, tally)
}

/// `position`: how far the reader is now, though nothing changed.
pub(crate) fn heartbeat(id: EventId) -> Bytes {
    event("position", id, &serde_json::json!({ "position": id.position, "judged_on": id.judged_on }))
}

fn event(name: &str, id: EventId, data: &impl Serialize) -> Bytes {
    // JSON without line breaks is one `data` line.
    let data = serde_json::to_string(data).unwrap_or_default();
    Bytes::from(format!("event: {name}\nid: {id}\ndata: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(judged_on: &str) -> PeriodTally {
        let day = |text: &str| text.parse().unwrap();
        PeriodTally {
            programme: "nq28".parse().unwrap(),
            period: "2022".parse().unwrap(),
            as_of: AsOf {
                valid: day("2022-12-31"),
                known_position: Position(7),
                known_at: None,
                lens: domain::fold::Lens::AsKnown,
            },
            judged_on: day(judged_on),
            provisional: true,
            first_day: day("2022-01-01"),
            last_day: day("2022-12-31"),
            measures: Vec::new(),
        }
    }

    #[test]
    fn local_midnight_is_told_with_the_old_position_and_the_new_day() {
        let (before, after) = (tally("2022-12-31"), tally("2023-01-01"));
        let id = EventId { fold_version: 1, judged_on: after.judged_on, position: Position(7) };
        let told = cells(id, &before, &after).unwrap();
        let told = std::str::from_utf8(&told).unwrap();
        assert!(told.starts_with("event: cells\nid: 1.20230101-7\n"), "{told}");
        assert!(told.contains("\"judged_on\":\"2023-01-01\"") && told.contains("\"from\":7"), "{told}");
        assert_eq!(cells(id, &after, &after), None);
    }

    #[test]
    fn an_id_says_generation_and_position_both_ways() {
        let id = EventId { fold_version: 1, judged_on: LocalDate::new(2023, 1, 3).unwrap(), position: Position(1_875) };
        assert_eq!(id.to_string(), "1.20230103-1875");
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in ["", "1875", "1-1875", "1.2023-1875", "1.20230230-1", "x.20230103-1", "1.20230103-"] {
            assert_eq!(wrong.parse::<EventId>(), Err(()), "{wrong}");
        }
    }
}
