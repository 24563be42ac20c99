//! Records the day a founding was announced.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Document, Event, EventBody, LocalDate, OrganisationId, Reference, Refusal, UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Records the day a founding was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnnounceFounding {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The programme or minutes of the ceremony, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}

impl AnnounceFounding {
    /// A day, once. Counts nothing: the decision counted.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.living(self.organisation)?;
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check("/organisation")?;
        guard::optional_paper(self.document.as_ref(), context)?;
        if !matches!(life.origin.countable.what, What::Founded | What::Recognised) {
            return Err(Refusal::NothingToAnnounce);
        }
        if let Some(on) = life.announced_on {
            return Err(Refusal::AlreadyAnnounced { on });
        }
        guard::held_by_today(self.held_on, context, "/held_on")?;
        guard::held_after_decision(self.held_on, life.origin.effective_on)?;
        Ok(vec![Event { effective_on: self.held_on, body: EventBody::FoundingAnnounced }])
    }
}
