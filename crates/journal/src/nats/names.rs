//! Names on the server: the ledger's stream and the subjects in it, and the subjects of what stands beside it.

use domain::{Kind, MeasureKey, PeriodKey, ProgrammeKey, StreamId, UnitId};
use uuid::Uuid;

/// Records are on `socai.<ledger>.log.<kind>.<uuid>` in the stream `socai-<ledger>`, commands on `socai.<ledger>.cmd.<name>`, and cells on
/// `socai.<ledger>.cell.…` in the stream `socai-<ledger>-cells`. None of the three overlap.
pub struct Names {
    ledger: String,
    stream: String,
    /// Ends in a dot.
    log: String,
}

impl Names {
    /// `ledger` is a plain name, without dots, spaces or wildcards.
    pub fn new(ledger: &str) -> Self {
        Self { ledger: ledger.to_owned(), stream: format!("socai-{ledger}"), log: format!("socai.{ledger}.log.") }
    }

    pub fn ledger(&self) -> &str {
        &self.ledger
    }

    pub fn stream(&self) -> &str {
        &self.stream
    }

    /// The one subject whose last sequence guards the stream. A wildcard in its place was violated in forced races.
    pub fn subject(&self, StreamId { kind, id }: StreamId) -> String {
        format!("{}{kind}.{id}", self.log)
    }

    pub(super) fn of_kind(&self, kind: Kind) -> String {
        format!("{}{kind}.*", self.log)
    }

    /// Every record of the ledger.
    pub fn everything(&self) -> String {
        format!("{}*.*", self.log)
    }

    /// The stream of records that a subject names.
    pub(super) fn parse(&self, subject: &str) -> Option<StreamId> {
        let (kind, id) = subject.strip_prefix(&self.log)?.split_once('.')?;
        Some(StreamId::new(kind.parse().ok()?, Uuid::try_parse(id).ok()?))
    }

    /// Where a command of this name is taken.
    pub fn command(&self, name: &str) -> String {
        format!("socai.{}.cmd.{name}", self.ledger)
    }

    /// The stream that keeps the last value of each cell.
    pub fn cells_stream(&self) -> String {
        format!("socai-{}-cells", self.ledger)
    }

    /// Everything in that stream.
    pub fn cells(&self) -> String {
        format!("socai.{}.cell.>", self.ledger)
    }

    /// The sum of a measure in a period.
    pub fn whole(&self, programme: &ProgrammeKey, period: &PeriodKey, measure: &MeasureKey) -> String {
        format!("socai.{}.cell.{programme}.{period}.{measure}", self.ledger)
    }

    /// One unit's share of it.
    pub fn cell(&self, programme: &ProgrammeKey, period: &PeriodKey, measure: &MeasureKey, unit: UnitId) -> String {
        format!("{}.{unit}", self.whole(programme, period, measure))
    }

    /// Up to which position the cells are told.
    pub fn cells_position(&self) -> String {
        format!("socai.{}.cell.position", self.ledger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_read_as_it_was_written() {
        let names = Names::new("haiphong");
        for kind in Kind::ALL {
            let stream = StreamId::of_key(kind, "x");
            let subject = names.subject(stream);
            assert!(subject.starts_with(names.of_kind(kind).trim_end_matches('*')), "{subject}");
            assert_eq!(names.parse(&subject), Some(stream));
        }
        for wrong in ["socai.hanoi.log.target.x", "socai.haiphong.log.target", "socai.haiphong.log.person.x"] {
            assert_eq!(names.parse(wrong), None, "{wrong}");
        }
    }
}
