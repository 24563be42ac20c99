//! Somebody else allows that a closed period be opened again.

use serde::{Deserialize, Serialize};

use super::{Period, of_the_issuer};
use crate::{Context, Event, EventBody, LocalDate, PeriodKey, ProgrammeKey, Reference, Refusal, ReopeningReason};

/// Allows the reopening that somebody else has asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReopenPeriod {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The period.
    pub period: PeriodKey,
    /// Why, as the request that the caller has seen says it.
    pub reason: ReopeningReason,
    /// The last day of the reopening, as that request says it.
    pub until: LocalDate,
}

impl ReopenPeriod {
    /// By another person than the one who asked, and only what was asked for.
    pub fn decide(&self, state: &Period, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        of_the_issuer(reference, context, &self.programme, &self.period)?;
        let today = context.today();
        let Some(requested) = state.opened().and_then(|opened| opened.standing.requested()) else {
            return Err(Refusal::ReopeningNotRequested { period: self.period.clone() });
        };
        if requested.by == context.actor.subject {
            return Err(Refusal::SamePerson);
        }
        if (requested.reason, requested.until) != (self.reason, self.until) {
            return Err(Refusal::ReopeningDiffers { until: requested.until, reason: requested.reason });
        }
        if requested.until < today {
            return Err(Refusal::ReopeningDayUnfit { until: self.until, today });
        }
        let (programme, period) = (self.programme.clone(), self.period.clone());
        let body = EventBody::PeriodReopened { programme, period, until: self.until };
        Ok(vec![Event { effective_on: today, body }])
    }
}
