//! What a command about a plan presupposes: a programme, its measure, its period, units that exist in it.

use crate::{
    LocalDate, MeasureKey, PeriodKey, ProgrammeKey, Reference, Refusal, UnitId, period::OpenedPeriod,
    programme::Programme, structure::Unit,
};

/// The programme of a command that presupposes one.
pub(crate) fn known_programme<'a>(reference: &'a Reference, key: &ProgrammeKey) -> Result<&'a Programme, Refusal> {
    let known = reference.programme(key).filter(|programme| programme.is_established());
    known.ok_or_else(|| Refusal::ProgrammeUnknown { programme: key.clone() })
}

/// Refuses a measure that is none of the programme's.
pub(crate) fn known_measure(
    known: &Programme,
    programme: &ProgrammeKey,
    measure: &MeasureKey,
    pointer: impl FnOnce() -> String,
) -> Result<(), Refusal> {
    if known.has_measure(measure) {
        return Ok(());
    }
    Err(Refusal::MeasureUnknown { measure: measure.clone(), programme: programme.clone(), pointer: pointer() })
}

/// The period of a command that presupposes one.
pub(crate) fn known_period<'a>(
    reference: &'a Reference,
    programme: &ProgrammeKey,
    period: &PeriodKey,
) -> Result<&'a OpenedPeriod, Refusal> {
    reference.period(programme, period).ok_or_else(|| Refusal::PeriodUnknown { period: period.clone() })
}

/// The unit, if it exists on some day from the first to the last.
pub(crate) fn lives_between(
    reference: &Reference,
    unit: UnitId,
    (first, last): (LocalDate, LocalDate),
    pointer: impl Fn() -> String,
) -> Result<&Unit, Refusal> {
    let known = reference.structure.unit(unit).ok_or_else(|| Refusal::UnitUnknown { unit, pointer: pointer() })?;
    let name = || known.name_on(last).to_owned();
    if known.first_day > last {
        return Err(Refusal::UnitNotYet { unit, name: name(), on: last, pointer: pointer() });
    }
    match known.ended_on {
        Some(ended_on) if ended_on <= first => {
            Err(Refusal::UnitEnded { unit, name: name(), ended_on, pointer: pointer() })
        }
        _ => Ok(known),
    }
}
