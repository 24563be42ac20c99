//! The day on which probation has ended: computed, so that nobody types it.

use crate::{LocalDate, Membership, Refusal};

/// DOMAIN §3.2, step 11: of Party members, in every version of the rules that was read.
const PARTY_MONTHS: u16 = 12;

/// How long somebody is on probation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Probation {
    months: u16,
}

impl Membership {
    /// Who is admitted to it is on probation before being recognised as official (DOMAIN §3.2).
    pub const fn has_probation(self) -> bool {
        matches!(self, Self::Party)
    }
}

impl Probation {
    /// `None` where there is none.
    pub(super) fn of(membership: Membership) -> Option<Self> {
        membership.has_probation().then_some(Self { months: PARTY_MONTHS })
    }

    /// The day on which it has ended, of somebody received on `held_on`. The day of the ceremony is that of joining (DOMAIN §3.2); by which day
    /// of the month it ends is our reading, after the Civil Code: see [`LocalDate::months_later`]. A day off does not put it off.
    pub(super) fn ends_on(self, held_on: LocalDate) -> LocalDate {
        held_on.months_later(self.months)
    }
}

/// Whoever recognises somebody does it on the last day of the probation or after it; how long after is of no matter.
pub(super) fn is_over(ended_on: LocalDate, decided_on: LocalDate, at: &str) -> Result<(), Refusal> {
    if decided_on < ended_on {
        return Err(Refusal::ProbationNotOver { ended_on, decided_on, pointer: at.to_owned() });
    }
    Ok(())
}
