//! What an administrator or an auditor may reach: the own unit and those under it; everything, and the ledger as a whole, only where nothing
//! is above.

use crate::{CommandRow, Context, Reference, Refusal, UnitId, guard};

/// What concerns the ledger as a whole is decided where nothing is above.
pub(crate) fn of_the_root(
    reference: &Reference,
    context: &Context,
    command: &'static CommandRow,
) -> Result<(), Refusal> {
    let (office, today) = (context.actor.office, context.today());
    if reference.structure.is_root(office, today) {
        return Ok(());
    }
    Err(Refusal::RootAdministratorOnly { office, name: guard::unit_name(office, today, reference), command })
}

/// Access of an office: by an administrator of it, of a unit above it, or of one that nothing is above.
pub(crate) fn administered(office: UnitId, reference: &Reference, context: &Context, at: &str) -> Result<(), Refusal> {
    if reached(office, reference, context) {
        return Ok(());
    }
    let name = guard::unit_name(office, context.today(), reference);
    Err(Refusal::OfficeNotUnderYours { office, name, pointer: at.to_owned() })
}

/// What an auditor asks of a unit, or has asked from it.
pub(crate) fn audited(unit: UnitId, reference: &Reference, context: &Context, at: &str) -> Result<(), Refusal> {
    if reached(unit, reference, context) {
        return Ok(());
    }
    let name = guard::unit_name(unit, context.today(), reference);
    Err(Refusal::OutsideYourAudit { unit, name, pointer: at.to_owned() })
}

/// The caller's own office, one that it acts for, or any for who is where nothing is above.
fn reached(unit: UnitId, reference: &Reference, context: &Context) -> bool {
    let (structure, own, today) = (&reference.structure, context.actor.office, context.today());
    structure.is_root(own, today) || structure.acts_for(own, unit, today)
}
