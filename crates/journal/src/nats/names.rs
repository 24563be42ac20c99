//! Names on the server: the ledger's stream and the subjects in it.

use domain::{Kind, StreamId};
use uuid::Uuid;

/// `socai.<ledger>.log.<kind>.<uuid>` in the stream `socai-<ledger>`.
pub(super) struct Names {
    stream: String,
    /// Ends in a dot.
    log: String,
}

impl Names {
    /// `ledger` is a plain name, without dots, spaces or wildcards.
    pub(super) fn new(ledger: &str) -> Self {
        Self { stream: format!("socai-{ledger}"), log: format!("socai.{ledger}.log.") }
    }

    pub(super) fn stream(&self) -> &str {
        &self.stream
    }

    /// The one subject whose last sequence guards the stream. A wildcard in its place was violated in forced races.
    pub(super) fn subject(&self, StreamId { kind, id }: StreamId) -> String {
        format!("{}{kind}.{id}", self.log)
    }

    pub(super) fn of_kind(&self, kind: Kind) -> String {
        format!("{}{kind}.*", self.log)
    }

    pub(super) fn everything(&self) -> String {
        format!("{}*.*", self.log)
    }

    /// The stream of records that a subject names.
    pub(super) fn parse(&self, subject: &str) -> Option<StreamId> {
        let (kind, id) = subject.strip_prefix(&self.log)?.split_once('.')?;
        Some(StreamId::new(kind.parse().ok()?, Uuid::try_parse(id).ok()?))
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
