//! Records the day on which one admitted person was received.

use serde::{Deserialize, Serialize};

use crate::{
    AdmissionId, Context, Counted, Document, Event, EventBody, LocalDate, Reference, Refusal, UnitId, What,
    admission::Admission,
    guard::{self, Posting},
};

/// Records the day on which one admitted person was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldCeremony {
    /// The admission.
    pub admission: AdmissionId,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The minutes, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}

impl HoldCeremony {
    /// The person received, on the day of the ceremony. Counts apart from the decision.
    pub fn decide(&self, state: &Admission, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.admission)?;
        let held_on = self.held_on;
        let unit = life.decision.unit;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/admission")?;
        guard::optional_paper(self.document.as_ref(), context)?;
        if let Some(on) = life.held_on {
            return Err(Refusal::CeremonyAlreadyHeld { on });
        }
        guard::held_by_today(held_on, context, "/held_on")?;
        guard::held_after_decision(held_on, life.decision.effective_on)?;
        let mut counted = Counted { effective_on: held_on, ..life.decision.clone() };
        counted.countable.what = What::Received;
        Ok(vec![Event { effective_on: held_on, body: EventBody::CeremonyHeld { counted } }])
    }
}
