//! Whether a unit is there, and what it is called.

use crate::{Counted, LocalDate, Reference, Refusal, UnitId, fold::whereabouts};

/// It is there on that day. `at` points at the field that names it.
pub(crate) fn unit_on(unit: UnitId, on: LocalDate, reference: &Reference, at: &str) -> Result<(), Refusal> {
    let pointer = at.to_owned();
    let Some(known) = reference.structure.unit(unit) else {
        return Err(Refusal::UnitUnknown { unit, pointer });
    };
    let name = known.name_on(on).to_owned();
    match known.ended_on {
        Some(ended_on) if ended_on <= on => Err(Refusal::UnitEnded { unit, name, ended_on, pointer }),
        _ if on < known.first_day => Err(Refusal::UnitNotYet { unit, name, on, pointer }),
        _ => Ok(()),
    }
}

/// It is or was there, on whatever day.
pub(crate) fn known_unit(unit: UnitId, reference: &Reference, at: &str) -> Result<(), Refusal> {
    match reference.structure.unit(unit) {
        Some(_) => Ok(()),
        None => Err(Refusal::UnitUnknown { unit, pointer: at.to_owned() }),
    }
}

/// Its name on a day, for a sentence; its id where it has none.
pub(crate) fn unit_name(unit: UnitId, on: LocalDate, reference: &Reference) -> String {
    reference.structure.name_on(unit, on).map_or_else(|| unit.to_string(), str::to_owned)
}

/// The unit that on a day has what a unit was credited with: whoever came after it, once it has ended. `origin` says where it is.
pub(crate) fn credited_on(unit: UnitId, on: LocalDate, origin: &Counted, reference: &Reference) -> UnitId {
    whereabouts(&reference.structure, unit, (origin.place.as_deref(), origin.effective_on), on)
}
