//! Records that an organisation moved under another unit of this ledger.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Document, Event, EventBody, LocalDate, OrganisationId, Position, Reference, Refusal, UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Records that an organisation moved under another unit of this ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The unit it moved to.
    pub to: UnitId,
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

impl TransferOrganisation {
    /// One out of the old unit and one into the new, on one day: gross 0, net −1 and +1. Posted by the common superior of both.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.living(self.organisation)?;
        let (from, to) = (life.unit(), self.to);
        guard::known_unit(to, reference, "/to")?;
        if to == from {
            return Err(Refusal::NothingChanges);
        }
        let posting = Posting { unit: from, on_behalf_of: self.on_behalf_of, reference, context };
        posting.check_common_superior(to, "/to")?;
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &document)?;
        guard::not_before(effective_on, life.last_on())?;
        guard::unit_on(to, effective_on, reference, "/to")?;
        let out = life.counted(What::TransferredOut, effective_on);
        let mut into = life.counted(What::TransferredIn, effective_on);
        into.unit = to;
        Ok(vec![Event { effective_on, body: EventBody::OrganisationTransferred { adds: vec![out, into] } }])
    }
}
