//! Records that the decision which founded or recognised an organisation was revoked.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Document, Event, EventBody, LocalDate, OrganisationId, Reference, Refusal, RevocationScope, UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
    standing::Change,
};

/// Records that the decision which founded or recognised an organisation was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
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

impl RevokeOrganisation {
    /// From the start: takes back all that stands in the counts, a dissolution included, as if it had never been.
    /// From a date: what was stays, and one less from that day, net.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let scope = self.scope;
        let life = match scope {
            RevocationScope::FromStart => state.recorded(self.organisation)?,
            RevocationScope::FromDate => state.living(self.organisation)?,
        };
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check("/organisation")?;
        let document = guard::signed_paper(&self.document, context, "/document")?;
        let revoked_on = guard::effective_day(self.effective_on, &document)?;
        guard::not_before(revoked_on, life.last_on())?;
        let (effective_on, change) = match scope {
            RevocationScope::FromStart => (life.origin.effective_on, life.standing.withdrawn()),
            RevocationScope::FromDate => {
                let ended = life.counted(What::RevokedFromDate, revoked_on);
                (revoked_on, Change { takes: Vec::new(), adds: vec![ended] })
            }
        };
        let Change { takes, adds } = change;
        Ok(vec![Event { effective_on, body: EventBody::OrganisationRevoked { scope, takes, adds } }])
    }
}
