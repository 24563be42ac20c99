//! What was recorded as printed was not printed so.

use serde::{Deserialize, Serialize};

use super::Publication;
use crate::{
    Context, Document, Event, EventBody, PublicationId, Reason, Reference, Refusal,
    guard::{self, Posting},
};

/// Withdraws what was recorded as printed. What was really printed may be recorded afterwards; a corrected edition is a publication of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WithdrawPublication {
    /// The publication.
    pub publication: PublicationId,
    /// Why it should not stand so.
    pub reason: Reason,
    /// The paper it stands on; needed for `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

impl WithdrawPublication {
    /// By the office that recorded it, or one above it.
    pub fn decide(&self, state: &Publication, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let unknown = Refusal::PublicationUnknown { publication: self.publication };
        let unit = state.recorded_by.ok_or(unknown)?;
        Posting { unit, on_behalf_of: None, reference, context }.check_superior("/publication")?;
        guard::paper_of_correction(self.reason, self.document.as_ref(), context)?;
        let body = EventBody::PublicationWithdrawn { reason: self.reason };
        Ok(vec![Event { effective_on: context.today(), body }])
    }
}
