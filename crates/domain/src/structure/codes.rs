//! On a day a code means one unit.

use super::Structure;
use crate::{LocalDate, UnitId};

/// Another unit with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) unit: UnitId,
    /// First day on which both would have it.
    pub(super) on: LocalDate,
    /// First day without it, where one is recorded.
    pub(super) until: Option<LocalDate>,
}

impl Structure {
    /// The first unit besides `unit`, in official order, that has a code on a day from `from` on and before `until`.
    pub(super) fn other_with_code(
        &self,
        unit: UnitId,
        code: &str,
        from: LocalDate,
        until: Option<LocalDate>,
    ) -> Option<Holder> {
        let others = self.units().filter(|other| other.id != unit);
        others.map(|other| (other.id, other.has_code(code, from, until))).find_map(|(unit, held)| {
            let (on, until) = held?;
            Some(Holder { unit, on, until })
        })
    }
}
