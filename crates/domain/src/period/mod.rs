//! A period of a programme.

mod open_period;

pub use open_period::*;

use std::collections::BTreeMap;

use crate::{Event, EventBody, LocalDate, MeasureKey, UnitId};

/// State of a period's stream: nothing, or an open period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    opened: Option<OpenedPeriod>,
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
}

impl Period {
    pub fn evolve(&mut self, event: &Event) {
        if let EventBody::PeriodOpened { first_day, last_day, principals, reports_required, .. } = &event.body {
            self.opened = Some(OpenedPeriod {
                first_day: *first_day,
                last_day: *last_day,
                principals: principals.clone(),
                reports_required: *reports_required,
            });
        }
    }

    pub const fn opened(&self) -> Option<&OpenedPeriod> {
        self.opened.as_ref()
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
}
