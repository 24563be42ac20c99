//! Who may post for whom. An office posts for itself, or on behalf of a unit under it; never for a sister office.

use crate::{Context, Reference, Refusal, Role, UnitId, guard};

/// A unit whose figures a command touches, and the unit that the caller says it posts for.
#[derive(Clone, Copy)]
pub(crate) struct Posting<'a> {
    pub(crate) unit: UnitId,
    pub(crate) on_behalf_of: Option<UnitId>,
    pub(crate) reference: &'a Reference,
    pub(crate) context: &'a Context,
}

impl Posting<'_> {
    /// The caller's own office, or a unit under it that it names in `on_behalf_of`.
    pub(crate) fn check(self, at: &str) -> Result<(), Refusal> {
        let own = self.unit == self.context.actor.office;
        match self.on_behalf_of {
            None if own => Ok(()),
            Some(named) if named == self.unit && self.under_office(self.unit) => Ok(()),
            Some(named) => Err(self.not_for(named)),
            None => Err(self.not_yours(at)),
        }
    }

    /// Corrections that leave the figure with its unit: by that unit, posting as above. A supervisor elsewhere does not change it,
    /// unless the unit has ended.
    pub(crate) fn check_correction(self) -> Result<(), Refusal> {
        let unit = self.unit;
        let for_another = self.on_behalf_of.is_some_and(|named| named != unit);
        if self.has_ended(unit) && self.under_office(unit) && !for_another {
            return Ok(());
        }
        let elsewhere = unit != self.context.actor.office;
        if elsewhere && self.context.actor.role == Role::Supervisor && self.under_office(unit) {
            return Err(Refusal::OwnerCorrects { unit, name: self.name(unit) });
        }
        self.check("/on_behalf_of")
    }

    /// Corrections: of what stays with its unit as above; when the unit itself was wrong, by the common superior of both.
    pub(crate) fn check_correcting(self, to: Option<UnitId>) -> Result<(), Refusal> {
        match to {
            Some(to) if to != self.unit => {
                guard::known_unit(to, self.reference, "/unit")?;
                self.check_common_superior(to, "/unit")
            }
            _ => self.check_correction(),
        }
    }

    /// What moves a figure to another unit: by an office at or above both.
    pub(crate) fn check_common_superior(self, to: UnitId, at: &str) -> Result<(), Refusal> {
        if let Some(named) = self.on_behalf_of.filter(|named| *named != self.unit && *named != to) {
            return Err(self.not_for(named));
        }
        if self.under_office(self.unit) && self.under_office(to) {
            return Ok(());
        }
        let (from_name, to_name) = (self.name(self.unit), self.name(to));
        Err(Refusal::CommonSuperiorOnly { from: self.unit, from_name, to, to_name, pointer: at.to_owned() })
    }

    /// What a unit decides about those under it: by that unit, or an office above it.
    pub(crate) fn check_superior(self, at: &str) -> Result<(), Refusal> {
        if self.under_office(self.unit) { Ok(()) } else { Err(self.not_yours(at)) }
    }

    fn under_office(self, unit: UnitId) -> bool {
        let (structure, office) = (&self.reference.structure, self.context.actor.office);
        structure.is_at_or_under(unit, office, structure.day_of_authority(unit, self.context.today()))
    }

    fn has_ended(self, unit: UnitId) -> bool {
        self.reference.structure.ended_on(unit).is_some_and(|end| end <= self.context.today())
    }

    /// The unit that is named in `on_behalf_of` is not the caller's to post for; or it is, and the command is about another one.
    fn not_for(self, named: UnitId) -> Refusal {
        let (unit, name) = (self.unit, self.name(self.unit));
        if named != unit && self.under_office(named) {
            return Refusal::OnBehalfOfAnother { named, named_name: self.name(named), unit, name };
        }
        Refusal::NotYourUnit { unit: named, name: self.name(named), pointer: "/on_behalf_of".to_owned() }
    }

    fn not_yours(self, at: &str) -> Refusal {
        Refusal::NotYourUnit { unit: self.unit, name: self.name(self.unit), pointer: at.to_owned() }
    }

    fn name(self, unit: UnitId) -> String {
        guard::unit_name(unit, self.context.today(), self.reference)
    }
}
