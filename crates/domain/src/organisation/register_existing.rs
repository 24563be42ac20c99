//! Registers an organisation that no founding here explains: older than the ledger, or received from outside.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, OfWhich,
    OrganisationKind, Origin, Position, Reference, Refusal, UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Registers an organisation that no founding here explains: older than the ledger, or received from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterExisting {
    /// The body it stands under.
    pub unit: UnitId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Where.
    pub host_kind: HostKind,
    /// Where it came from.
    pub origin: Origin,
    /// Code of the administrative unit where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// Position of a record of the same paper that the caller has seen and says is a different matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
}

impl RegisterExisting {
    /// One that gross never counts: stock only, or stock and net when it came from outside.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let &RegisterExisting { unit, kind, host_kind, origin, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let effective_on = match origin {
            Origin::BeforeLedger => guard::effective_day_of_old(self.effective_on, &document)?,
            Origin::ReceivedFromOutside => guard::effective_day(self.effective_on, &document)?,
        };
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        let what = match origin {
            Origin::BeforeLedger => What::Registered,
            Origin::ReceivedFromOutside => What::ReceivedFromOutside,
        };
        let counted = Counted {
            countable: Countable { what, of: Countee::Organisation(kind), host_kind, basis: Basis::New },
            unit,
            effective_on,
            n: 1,
            of_which: OfWhich::new(),
            place: guard::place(self.place.as_deref())?,
        };
        Ok(vec![Event { effective_on, body: EventBody::OrganisationRegistered { counted } }])
    }
}
