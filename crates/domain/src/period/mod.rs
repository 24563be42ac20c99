//! A period of a programme: opened, reported, cut off, closed, opened again, closed again.

mod approve_report;
mod close_period;
mod cut_off_period;
mod open_period;
mod reopen_period;
mod request_reopening;
mod standing;
mod submit_report;
#[cfg(test)]
mod tests;

pub use approve_report::*;
pub use close_period::*;
pub use cut_off_period::*;
pub use open_period::*;
pub use reopen_period::*;
pub use request_reopening::*;
pub use standing::*;
pub use submit_report::*;

#[cfg(test)]
pub(crate) use open_period::tests::year;

use std::collections::BTreeMap;

use crate::{
    Context, Event, EventBody, LocalDate, MeasureKey, PeriodKey, Position, ProgrammeKey, Reference, Refusal, UnitId,
    guard::{Posting, known_period, known_programme},
};

/// State of a period's stream, or of the stream of one unit's reports on it; in the reference both at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    opened: Option<OpenedPeriod>,
    /// The last report of each unit.
    reports: BTreeMap<UnitId, Report>,
}

/// A period that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedPeriod {
    /// First day that counts.
    pub first_day: LocalDate,
    /// Last day that counts.
    pub last_day: LocalDate,
    /// For each measure the assigner whose targets make plan, status and k of n.
    pub principals: BTreeMap<MeasureKey, UnitId>,
    /// Whether a holder that submits nothing is `not_reported`.
    pub reports_required: bool,
    /// How it was closed, reopened and cut off.
    pub standing: Standing,
}

impl Period {
    /// Folds an event of a stream whose positions do not matter.
    pub fn evolve(&mut self, event: &Event) {
        self.evolve_at(Position::START, event);
    }

    /// Folds an event of the record at a position.
    pub fn evolve_at(&mut self, position: Position, event: &Event) {
        match &event.body {
            EventBody::PeriodOpened { first_day, last_day, principals, reports_required, .. } => {
                self.opened = Some(OpenedPeriod {
                    first_day: *first_day,
                    last_day: *last_day,
                    principals: principals.clone(),
                    reports_required: *reports_required,
                    standing: Standing::default(),
                });
            }
            EventBody::ReportSubmitted { unit, up_to, nil, .. } => {
                let number = self.report(*unit).map_or(0, |before| before.number).saturating_add(1);
                self.reports.insert(*unit, Report { number, up_to: *up_to, nil: *nil, position, approved: false });
            }
            EventBody::ReportApproved { unit, .. } => {
                if let Some(report) = self.reports.get_mut(unit) {
                    report.approved = true;
                }
            }
            _ => {
                if let Some(opened) = &mut self.opened {
                    opened.standing.evolve_at(position, event);
                }
            }
        }
    }

    pub const fn opened(&self) -> Option<&OpenedPeriod> {
        self.opened.as_ref()
    }

    pub(crate) const fn opened_mut(&mut self) -> Option<&mut OpenedPeriod> {
        self.opened.as_mut()
    }

    /// The last report of a unit.
    pub fn report(&self, unit: UnitId) -> Option<Report> {
        self.reports.get(&unit).copied()
    }

    /// The last report of each unit.
    pub const fn reports(&self) -> &BTreeMap<UnitId, Report> {
        &self.reports
    }
}

impl OpenedPeriod {
    pub fn contains(&self, day: LocalDate) -> bool {
        self.first_day <= day && day <= self.last_day
    }

    /// The day up to which a question about `valid` looks: never after the period's end.
    pub fn capped(&self, valid: LocalDate) -> LocalDate {
        valid.min(self.last_day)
    }

    /// The day of the period that a day means to a question: before it the first, after it the last.
    pub fn nearest(&self, day: LocalDate) -> LocalDate {
        self.capped(day).max(self.first_day)
    }
}

/// The period of a command by whoever issued its programme, or stands above them.
fn of_the_issuer<'a>(
    reference: &'a Reference,
    context: &Context,
    programme: &ProgrammeKey,
    period: &PeriodKey,
) -> Result<&'a OpenedPeriod, Refusal> {
    let known = known_programme(reference, programme)?;
    let opened = known_period(reference, programme, period)?;
    if let Some(issuer) = known.issuer() {
        Posting { unit: issuer, on_behalf_of: None, reference, context }.check_superior("/programme")?;
    }
    Ok(opened)
}
