//! A superior has looked at a unit's report.

use serde::{Deserialize, Serialize};

use super::Period;
use crate::{
    Context, Event, EventBody, PeriodKey, ProgrammeKey, Reference, Refusal, UnitId,
    guard::{Posting, known_period, known_unit, unit_name},
};

/// Approves the last report of a unit. It changes no figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ApproveReport {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The period.
    pub period: PeriodKey,
    /// Whose report it is.
    pub unit: UnitId,
    /// Which of the unit's reports on the period the caller has seen: 1, 2, 3 …
    pub number: u32,
}

impl ApproveReport {
    /// Once, by an office above the unit, and only the report that the caller has seen.
    pub fn decide(&self, state: &Period, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        known_period(reference, &self.programme, &self.period)?;
        known_unit(self.unit, reference, "/unit")?;
        if self.unit == context.actor.office {
            let name = unit_name(self.unit, context.today(), reference);
            return Err(Refusal::OwnReport { unit: self.unit, name });
        }
        Posting { unit: self.unit, on_behalf_of: None, reference, context }.check_superior("/unit")?;
        let name = || unit_name(self.unit, context.today(), reference);
        match state.report(self.unit) {
            Some(report) if report.number != self.number => {
                Err(Refusal::ReportDiffers { name: name(), number: report.number })
            }
            Some(report) if report.approved => Err(Refusal::ReportApprovedAlready { name: name() }),
            Some(_) => {
                let (programme, period) = (self.programme.clone(), self.period.clone());
                let body = EventBody::ReportApproved { programme, period, unit: self.unit };
                Ok(vec![Event { effective_on: context.today(), body }])
            }
            None => Err(Refusal::ReportMissing { name: name() }),
        }
    }
}
