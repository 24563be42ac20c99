//! Records that the decision on a batch was revoked.

use serde::{Deserialize, Serialize};

use crate::{
    BatchId, Context, Counted, Document, Event, EventBody, LocalDate, OfWhich, Reference, Refusal, RevocationScope,
    UnitId, What,
    batch::Batch,
    guard::{self, Posting},
};

/// Records that the decision on a batch was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeBatch {
    /// The batch.
    pub batch: BatchId,
    /// From the start, or from a date.
    pub scope: RevocationScope,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}

impl RevokeBatch {
    /// From the start: takes back the batch and its ceremonies, as if they had never been. From a date: all of them less from that
    /// day, net.
    pub fn decide(&self, state: &Batch, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.batch)?;
        let (scope, unit) = (self.scope, life.decision.unit);
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/batch")?;
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let revoked_on = guard::effective_day(self.effective_on, &document)?;
        guard::not_before(revoked_on, life.decision.effective_on)?;
        let (effective_on, takes, adds) = match scope {
            RevocationScope::FromStart => (life.decision.effective_on, life.standing.withdrawn().takes, Vec::new()),
            RevocationScope::FromDate => {
                let mut ended = Counted { effective_on: revoked_on, of_which: OfWhich::new(), ..life.decision.clone() };
                ended.countable.what = What::RevokedFromDate;
                (revoked_on, Vec::new(), vec![ended])
            }
        };
        Ok(vec![Event { effective_on, body: EventBody::BatchRevoked { scope, takes, adds } }])
    }
}
