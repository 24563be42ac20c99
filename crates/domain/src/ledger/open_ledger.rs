//! Opens the ledger: its first record.

use serde::{Deserialize, Serialize};

use crate::{Context, Event, EventBody, Reference, Refusal, ledger::Ledger};

/// The zone of every local date: UTC+7 without exceptions.
const ZONE: &str = "Asia/Ho_Chi_Minh";
const NAME_MAX_BYTES: usize = 63;

/// Opens the ledger: its first record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenLedger {
    /// 1 to 63 of `a-z 0-9 -`; also the name of the JetStream subjects.
    pub name: String,
    /// Only a demonstration takes clock and ids from a script.
    pub demonstration: bool,
}

impl OpenLedger {
    /// Once, with a name that can stand in a subject.
    pub fn decide(&self, state: &Ledger, _reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        if state.is_open() {
            return Err(Refusal::LedgerOpenAlready { name: state.name().to_owned() });
        }
        if !is_ledger_name(&self.name) {
            return Err(Refusal::LedgerNameUnfit);
        }
        let body = EventBody::LedgerOpened {
            name: self.name.clone(),
            zone: ZONE.to_owned(),
            demonstration: self.demonstration,
        };
        Ok(vec![Event { effective_on: context.today(), body }])
    }
}

/// Whether it can stand in a subject: 1 to 63 of `a-z 0-9 -`.
pub fn is_ledger_name(name: &str) -> bool {
    (1..=NAME_MAX_BYTES).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Given, day, given};

    fn open(name: &str) -> OpenLedger {
        OpenLedger { name: name.to_owned(), demonstration: true }
    }

    #[test]
    fn the_first_record_names_the_ledger_its_zone_and_whether_it_is_a_demonstration() {
        given().on("2022-01-03").when(&open("haiphong-2022")).gives(&[Event {
            effective_on: day("2022-01-03"),
            body: EventBody::LedgerOpened {
                name: "haiphong-2022".to_owned(),
                zone: "Asia/Ho_Chi_Minh".to_owned(),
                demonstration: true,
            },
        }]);
        let opened: Given = given().then(&open("haiphong"));
        assert!(opened.reference.ledger.is_open() && opened.reference.ledger.demonstration());
        assert_eq!(opened.reference.ledger.name(), "haiphong");
    }

    #[test]
    fn a_ledger_is_opened_once() {
        given().then(&open("haiphong")).when(&open("haiphong")).refuses("ledger-open-already");
    }

    #[test]
    fn a_name_that_cannot_stand_in_a_subject_is_refused() {
        for name in ["", "Hải Phòng", "hai.phong", "hai phong", "HAIPHONG", "-a", "a-", &"a".repeat(64)] {
            given().when(&open(name)).refuses_at("ledger-name-unfit", "/name");
        }
    }
}
