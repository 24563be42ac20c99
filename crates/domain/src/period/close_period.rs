//! Closes a period: what is recorded by now is what is reported.

use serde::{Deserialize, Serialize};

use super::{Period, of_the_issuer};
use crate::{Context, Document, Event, EventBody, PeriodKey, ProgrammeKey, Reference, Refusal, guard};

/// Closes a period: what is recorded up to here is what is reported, for ever; what comes later is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ClosePeriod {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The period.
    pub period: PeriodKey,
    /// The paper it stands on.
    pub document: Document,
}

impl ClosePeriod {
    /// By the issuer of the programme, when the period is over; again only after a reopening.
    pub fn decide(&self, state: &Period, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let period = of_the_issuer(reference, context, &self.programme, &self.period)?;
        guard::signed(&self.document, context, "/document")?;
        let today = context.today();
        if today <= period.last_day {
            return Err(Refusal::PeriodNotOver { period: self.period.clone(), last_day: period.last_day });
        }
        let standing = state.opened().map(|opened| &opened.standing);
        let closings = standing.map_or(0, |standing| standing.closings().len());
        if let Some(standing) = standing
            && let Some(last) = standing.closings().last()
            && standing.reopened().is_none()
        {
            return Err(Refusal::PeriodClosedAlready { period: self.period.clone(), number: last.number });
        }
        let body = EventBody::PeriodClosed {
            programme: self.programme.clone(),
            period: self.period.clone(),
            number: u32::try_from(closings).unwrap_or(u32::MAX).saturating_add(1),
        };
        Ok(vec![Event { effective_on: today, body }])
    }
}
