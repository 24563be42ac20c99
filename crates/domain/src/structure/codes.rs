//! On a day a code means one unit.

use super::{AssignCode, CreateUnit, Structure, StructureChange, unit::earlier};
use crate::{LocalDate, Refusal, UnitId};

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

/// A code that a step gave, and the days on which its unit has it.
struct Given<'a> {
    number: usize,
    field: &'static str,
    unit: UnitId,
    code: &'a str,
    from: LocalDate,
    until: Option<LocalDate>,
}

/// Looked at when all steps of a record are taken, so that a code passes over within one record whatever comes first.
///
/// # Errors
/// The first step that gave a code which another unit has on one of the days; of two steps, the later.
pub(super) fn no_code_is_doubled(after: &Structure, changes: &[StructureChange]) -> Result<(), Refusal> {
    let given: Vec<_> = (0..).zip(changes).filter_map(|(number, change)| given(after, number, change)).collect();
    let doubled = given.iter().find_map(|given_now| {
        let holder = after.other_with_code(given_now.unit, given_now.code, given_now.from, given_now.until)?;
        let later = |other: &Given<'_>| other.unit == holder.unit && other.number > given_now.number;
        (!given.iter().any(later)).then_some((given_now, holder))
    });
    let Some((step, holder)) = doubled else { return Ok(()) };
    Err(Refusal::CodeTaken {
        code: step.code.to_owned(),
        unit: holder.unit,
        name: after.name_on(holder.unit, holder.on).unwrap_or_default().to_owned(),
        on: holder.on,
        until: holder.until,
        pointer: format!("/changes/{}/{}/code", step.number, step.field),
    })
}

fn given<'a>(after: &'a Structure, number: usize, change: &StructureChange) -> Option<Given<'a>> {
    let (field, unit, from) = match change {
        StructureChange::CreateUnit(CreateUnit { unit, from, .. }) => ("create_unit", *unit, *from),
        StructureChange::AssignCode(AssignCode { unit, from, .. }) => ("assign_code", *unit, *from),
        _ => return None,
    };
    let known = after.unit(unit)?;
    let span = known.codes.spans().find(|span| span.from == from)?;
    let code = span.value.as_deref()?;
    Some(Given { number, field, unit, code, from, until: earlier(span.until, known.ended_on) })
}
