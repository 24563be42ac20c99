//! What an administrator may reach: the own unit and those under it; the ledger as a whole only where nothing is above.

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
    let (structure, own, today) = (&reference.structure, context.actor.office, context.today());
    if structure.is_root(own, today)
        || structure.is_at_or_under(office, own, structure.day_of_authority(office, today))
    {
        return Ok(());
    }
    Err(Refusal::OfficeNotUnderYours {
        office,
        name: guard::unit_name(office, today, reference),
        pointer: at.to_owned(),
    })
}
