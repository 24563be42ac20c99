//! Who acts for a unit: itself and those above it; for one that has ended, whoever has all of it. See docs/decisions/0051.

use super::Structure;
use crate::{LocalDate, UnitId};

impl Structure {
    /// The unit that has all of one on a day: itself while it is there, from its end on its legal successor, over however many hops. None before
    /// it begins, where it was divided, and where nobody came after it.
    pub fn heir_on(&self, unit: UnitId, day: LocalDate) -> Option<UnitId> {
        let until_its_end = self.day_of_authority(unit, day).min(day);
        let heir = self.what_became_of(unit, until_its_end, day).wholly();
        heir.filter(|heir| self.exists_on(*heir, day))
    }

    /// Whether an office is at or above a unit. A unit that has ended is under those it was under on its last day, and under whoever has all
    /// of it, or of one of these, by now.
    pub fn acts_for(&self, office: UnitId, unit: UnitId, today: LocalDate) -> bool {
        let last_day = self.day_of_authority(unit, today);
        if self.is_at_or_under(unit, office, last_day) {
            return true;
        }
        let has =
            |above: UnitId| self.heir_on(above, today).is_some_and(|heir| self.is_at_or_under(heir, office, today));
        last_day < today && self.at_or_above(unit, last_day).into_iter().any(has)
    }

    /// The units that have ended and are wholly this one's by now, in official order.
    pub fn came_to(&self, heir: UnitId, today: LocalDate) -> Vec<UnitId> {
        let ended = self.units().filter(|unit| unit.ended_on.is_some_and(|end| end <= today));
        ended.map(|unit| unit.id).filter(|unit| self.heir_on(*unit, today) == Some(heir)).collect()
    }
}
