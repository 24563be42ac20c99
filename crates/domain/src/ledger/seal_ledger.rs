//! Seals the ledger where it lies, because it goes on elsewhere: nothing is recorded here behind it.

use serde::{Deserialize, Serialize};

use crate::{Context, Event, EventBody, Reference, Refusal, guard, ledger::Ledger};

const SUCCESSOR_MAX_CHARS: u32 = 200;

/// Seals the ledger where it lies, because it goes on elsewhere: nothing is recorded here behind it. The copy goes on when all of it is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SealLedger {
    /// Where it goes on, for whoever still asks here: 1 to 200 characters, such as an address. It stays readable for ever, so no password belongs in it.
    pub successor: String,
}

impl SealLedger {
    /// An open ledger, also one that was sealed elsewhere before.
    pub fn decide(&self, state: &Ledger, _reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        if !state.is_open() {
            return Err(Refusal::LedgerNotOpen);
        }
        let successor = guard::line_of_text(&self.successor, SUCCESSOR_MAX_CHARS, "/successor")?;
        Ok(vec![Event { effective_on: context.today(), body: EventBody::LedgerSealed { successor } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::OpenLedger,
        scenario::{day, given},
    };

    fn seal(successor: &str) -> SealLedger {
        SealLedger { successor: successor.to_owned() }
    }

    fn open() -> OpenLedger {
        OpenLedger { name: "haiphong".to_owned(), demonstration: false }
    }

    #[test]
    fn the_last_record_says_where_the_ledger_goes_on() {
        given().on("2026-01-03").then(&open()).when(&seal("  so-cai.example ")).gives(&[Event {
            effective_on: day("2026-01-03"),
            body: EventBody::LedgerSealed { successor: "so-cai.example".to_owned() },
        }]);
    }

    #[test]
    fn what_moved_once_may_move_again() {
        let moved = given().then(&open()).then(&seal("cluster"));
        moved.then(&seal("archive"));
    }

    #[test]
    fn a_ledger_that_is_not_open_is_not_sealed_and_nowhere_is_no_successor() {
        given().when(&seal("x")).refuses("ledger-not-open");
        for nowhere in ["", "  ", "a\nb", &"x".repeat(201)] {
            given().then(&open()).when(&seal(nowhere)).refuses_at("text-unfit", "/successor");
        }
    }
}
