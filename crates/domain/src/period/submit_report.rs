//! A unit says that what it has to report is recorded up to a day.

use serde::{Deserialize, Serialize};

use super::Period;
use crate::{
    Context, Event, EventBody, LocalDate, PeriodKey, ProgrammeKey, Reference, Refusal, UnitId,
    guard::{Posting, known_period, lives_between},
};

/// Says that what a unit has to report is recorded up to a day; also when there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SubmitReport {
    /// The programme.
    pub programme: ProgrammeKey,
    /// The period.
    pub period: PeriodKey,
    /// Whose report it is.
    pub unit: UnitId,
    /// The day it reaches, in the period and not to come; never before that of an earlier report.
    pub up_to: LocalDate,
    /// There is nothing to report: silence would not be the same.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nil: bool,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}

impl SubmitReport {
    /// As often as the unit likes, each reaching as far as the one before or further. What it records afterwards makes it outdated.
    pub fn decide(&self, state: &Period, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let period = known_period(reference, &self.programme, &self.period)?;
        lives_between(reference, self.unit, (period.first_day, period.last_day), || "/unit".to_owned())?;
        Posting { unit: self.unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        let first = state.report(self.unit).map_or(period.first_day, |before| before.up_to);
        let last = period.capped(context.today());
        if self.up_to < first || last < self.up_to {
            return Err(Refusal::ReportDayUnfit { up_to: self.up_to, first, last });
        }
        let body = EventBody::ReportSubmitted {
            programme: self.programme.clone(),
            period: self.period.clone(),
            unit: self.unit,
            up_to: self.up_to,
            nil: self.nil,
        };
        Ok(vec![Event { effective_on: context.today(), body }])
    }
}
