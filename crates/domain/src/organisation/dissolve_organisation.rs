//! Records a dissolution.

use serde::{Deserialize, Serialize};

use crate::{
    Context, DissolutionReason, Document, Event, EventBody, LocalDate, OrganisationId, Position, Reference, Refusal,
    UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Records a dissolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DissolveOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Why.
    pub reason: DissolutionReason,
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

impl DissolveOrganisation {
    /// One less from that day, net; gross keeps what was founded.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.living(self.organisation)?;
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check("/organisation")?;
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &document)?;
        guard::not_before(effective_on, life.last_on())?;
        let counted = life.counted(What::Dissolved, effective_on);
        Ok(vec![Event { effective_on, body: EventBody::OrganisationDissolved { counted, reason: self.reason } }])
    }
}
