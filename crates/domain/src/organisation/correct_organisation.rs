//! Corrects what was recorded of a founding, recognition or registration. Give only what was wrong.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, OrganisationId,
    OrganisationKind, Reason, Reference, Refusal, UnitId, What,
    guard::{self, Eligibility, Posting},
    organisation::{Life, Organisation},
};

/// Corrects what was recorded of a founding, recognition or registration. Give only what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Why.
    pub reason: Reason,
    /// The right unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The right day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// The right host kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_kind: Option<HostKind>,
    /// The right place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The right kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<OrganisationKind>,
    /// The right basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The paper of the correction; needed for `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}

impl CorrectOrganisation {
    /// Takes back what was wrong and adds what is right, each at its own unit and day. The reasons `duplicate` and `did_not_happen`
    /// without any value take everything back: it should not stand in the ledger at all.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.recorded(self.organisation)?;
        may_correct(life, reference, context, self)?;
        guard::paper_of_correction(self.reason, self.document.as_ref(), context)?;
        let right = right_origin(life, context, self)?;
        still_holds(life, &right, reference)?;
        let change = life.standing.revised(|wrong| revised(life, &right, wrong));
        let change = guard::correction(change, self.reason, self.says_nothing(), &life.standing)?;
        let (reason, effective_on) = (self.reason, right.effective_on);
        let body = EventBody::OrganisationCorrected { reason, takes: change.takes, adds: change.adds };
        Ok(vec![Event { effective_on, body }])
    }

    /// Gives no value at all.
    const fn says_nothing(&self) -> bool {
        self.unit.is_none()
            && self.effective_on.is_none()
            && self.host_kind.is_none()
            && self.place.is_none()
            && self.kind.is_none()
            && self.basis.is_none()
    }
}

/// By the unit credited with the founding; when that unit itself was wrong, by the common superior of both.
fn may_correct(
    life: &Life,
    reference: &Reference,
    context: &Context,
    command: &CorrectOrganisation,
) -> Result<(), Refusal> {
    let unit = life.origin.unit;
    let posting = Posting { unit, on_behalf_of: command.on_behalf_of, reference, context };
    match command.unit {
        Some(to) if to != unit => {
            guard::known_unit(to, reference, "/unit")?;
            posting.check_common_superior(to, "/unit")
        }
        _ => posting.check_correction(),
    }
}

/// The origin as the command would have it.
fn right_origin(life: &Life, context: &Context, command: &CorrectOrganisation) -> Result<Counted, Refusal> {
    let mut right = life.origin.clone();
    if let Some(effective_on) = command.effective_on {
        right.effective_on = guard::corrected_day(effective_on, context)?;
    }
    if let Some(place) = guard::place(command.place.as_deref())? {
        right.place = Some(place);
    }
    if let Some(kind) = command.kind {
        right.countable.of = Countee::Organisation(kind);
    }
    right.unit = command.unit.unwrap_or(right.unit);
    right.countable.host_kind = command.host_kind.unwrap_or(right.countable.host_kind);
    right.countable.basis = command.basis.unwrap_or(right.countable.basis);
    Ok(right)
}

/// What was checked when it was recorded holds of the right values too.
fn still_holds(life: &Life, right: &Counted, reference: &Reference) -> Result<(), Refusal> {
    let wrong = &life.origin;
    if (right.unit, right.effective_on) != (wrong.unit, wrong.effective_on) {
        let at = if right.unit == wrong.unit { "/effective_on" } else { "/unit" };
        guard::unit_on(right.unit, right.effective_on, reference, at)?;
        guard::not_after(right.effective_on, life.followed_on)?;
    }
    let Countee::Organisation(kind) = right.countable.of else { return Ok(()) };
    let pointer = "/kind".to_owned();
    match right.countable.what {
        What::Founded if kind.is_recognised() => return Err(Refusal::KindIsRecognised { kind, pointer }),
        What::Recognised if !kind.is_recognised() => return Err(Refusal::KindIsFounded { kind, pointer }),
        _ => {}
    }
    let changed = (right.countable.of, right.effective_on) != (wrong.countable.of, wrong.effective_on);
    let Some(members) = life.members.filter(|_| changed && !life.excepted) else { return Ok(()) };
    let shortfall = Eligibility { kind, members, on: right.effective_on }.shortfall(reference);
    shortfall.map_or(Ok(()), Err)
}

/// One count of this organisation with the right values: all of them for the origin, those that it shares for what followed.
fn revised(life: &Life, right: &Counted, counted: &Counted) -> Counted {
    let wrong = &life.origin;
    if counted == wrong {
        return right.clone();
    }
    let mut revised = counted.clone();
    revised.countable.host_kind = right.countable.host_kind;
    revised.place.clone_from(&right.place);
    if counted.countable.of == wrong.countable.of {
        revised.countable.of = right.countable.of;
    }
    if life.moved_to.is_none() || life.is_first_departure(counted) {
        revised.unit = right.unit;
    }
    revised
}
