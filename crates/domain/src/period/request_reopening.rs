//! One person asks that a closed period be opened again.

use serde::{Deserialize, Serialize};

use super::{Period, of_the_issuer};
use crate::{
    Context, Document, Event, EventBody, LocalDate, PeriodKey, ProgrammeKey, Reference, Refusal, ReopeningReason, guard,
};

/// Days for which a period may be opened again; whoever needs longer asks again.
const DAYS_MAX: i32 = 366;

/// Asks that a closed period be opened again; somebody else allows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestReopening {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The period.
    pub period: PeriodKey,
    /// Why.
    pub reason: ReopeningReason,
    /// The last day of the reopening: from today, at most 366 days ahead.
    pub until: LocalDate,
    /// The paper it stands on.
    pub document: Document,
}

impl RequestReopening {
    /// By the issuer of the programme. A request replaces the one before it.
    pub fn decide(&self, state: &Period, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        of_the_issuer(reference, context, &self.programme, &self.period)?;
        guard::signed(&self.document, context, "/document")?;
        let today = context.today();
        if state.opened().and_then(|opened| opened.standing.closed_on(today)).is_none() {
            return Err(Refusal::PeriodNotClosed { period: self.period.clone() });
        }
        if self.until < today || self.until.to_days() - today.to_days() > DAYS_MAX {
            return Err(Refusal::ReopeningDayUnfit { until: self.until, today });
        }
        let body = EventBody::ReopeningRequested {
            programme: self.programme.clone(),
            period: self.period.clone(),
            reason: self.reason,
            until: self.until,
            by: context.actor.subject,
        };
        Ok(vec![Event { effective_on: today, body }])
    }
}
