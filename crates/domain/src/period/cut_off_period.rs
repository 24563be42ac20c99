//! Names what is known of a period now; closes nothing.

use serde::{Deserialize, Serialize};

use super::{Period, of_the_issuer};
use crate::{Context, Document, Event, EventBody, LocalDate, PeriodKey, ProgrammeKey, Reference, Refusal, guard};

/// Names what is known of a period now, up to a day. The period stays open, and nothing moves to the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CutOffPeriod {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The period.
    pub period: PeriodKey,
    /// The day up to which it counts, in the period and not to come.
    pub valid: LocalDate,
    /// The paper it stands on.
    pub document: Document,
}

impl CutOffPeriod {
    /// By the issuer of the programme; cut-offs are numbered.
    pub fn decide(&self, state: &Period, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let period = of_the_issuer(reference, context, &self.programme, &self.period)?;
        guard::signed(&self.document, context, "/document")?;
        let (first, last) = (period.first_day, period.capped(context.today()));
        if self.valid < first || last < self.valid {
            return Err(Refusal::CutOffDayUnfit { valid: self.valid, first, last });
        }
        let cut_offs = state.opened().map_or(0, |opened| opened.standing.cut_offs().len());
        let body = EventBody::PeriodCutOff {
            programme: self.programme.clone(),
            period: self.period.clone(),
            number: u32::try_from(cut_offs).unwrap_or(u32::MAX).saturating_add(1),
            valid: self.valid,
        };
        Ok(vec![Event { effective_on: context.today(), body }])
    }
}
