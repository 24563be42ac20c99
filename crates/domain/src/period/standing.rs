//! Whether a period is closed. Order decides what is late, not clocks: what comes behind a closing, and in no reopening.

use std::collections::BTreeMap;

use crate::{Event, EventBody, LocalDate, Position, ReopeningReason, SubjectId};

/// How a period was cut off, closed and reopened, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    closings: Vec<Closing>,
    /// All of them; a closing may have several, one after the other has run out.
    reopenings: Vec<Reopening>,
    /// The last reopening of the last closing.
    reopened: Option<Reopening>,
    cut_offs: Vec<CutOff>,
    requested: Option<Request>,
}

/// What is recorded up to its position is what was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Closing {
    /// 1, 2, 3 … of the period.
    pub number: u32,
    pub position: Position,
    pub closed_on: LocalDate,
}

/// A closed period that takes reports again, up to a last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reopening {
    pub position: Position,
    pub until: LocalDate,
    /// What comes behind it came after the last day. No record says it: see [`crate::Reference::end_reopenings`].
    pub last: Option<Position>,
}

/// A day and a position by a number; closes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CutOff {
    /// 1, 2, 3 … of the period.
    pub number: u32,
    pub position: Position,
    pub valid: LocalDate,
    pub cut_off_on: LocalDate,
}

/// One person asks for a reopening; somebody else allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    pub reason: ReopeningReason,
    pub until: LocalDate,
    pub by: SubjectId,
}

/// What a unit says it has recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// 1, 2, 3 … of the unit's reports on the period.
    pub number: u32,
    /// Everything up to this day.
    pub up_to: LocalDate,
    /// There is nothing to report.
    pub nil: bool,
    pub position: Position,
    /// A superior has looked at it.
    pub approved: bool,
}

impl Standing {
    pub(super) fn evolve_at(&mut self, position: Position, event: &Event) {
        let on = event.effective_on;
        match &event.body {
            EventBody::PeriodClosed { number, .. } => {
                self.closings.push(Closing { number: *number, position, closed_on: on });
                (self.requested, self.reopened) = (None, None);
            }
            EventBody::PeriodCutOff { number, valid, .. } => {
                self.cut_offs.push(CutOff { number: *number, position, valid: *valid, cut_off_on: on });
            }
            EventBody::ReopeningRequested { reason, until, by, .. } => {
                self.requested = Some(Request { reason: *reason, until: *until, by: *by });
            }
            EventBody::PeriodReopened { until, .. } => {
                let reopening = Reopening { position, until: *until, last: None };
                self.reopenings.push(reopening);
                (self.requested, self.reopened) = (None, Some(reopening));
            }
            _ => {}
        }
    }

    /// In order; closing n is the n-th.
    pub fn closings(&self) -> &[Closing] {
        &self.closings
    }

    /// In order.
    pub fn cut_offs(&self) -> &[CutOff] {
        &self.cut_offs
    }

    /// What somebody else still has to allow.
    pub const fn requested(&self) -> Option<Request> {
        self.requested
    }

    /// The last reopening of the last closing, run out or not.
    pub const fn reopened(&self) -> Option<Reopening> {
        self.reopened
    }

    /// The last closing, unless the period is open again on that day.
    pub fn closed_on(&self, day: LocalDate) -> Option<Closing> {
        let closing = self.closings.last().copied()?;
        if self.reopened.is_some_and(|reopening| day <= reopening.until) { None } else { Some(closing) }
    }

    /// Whether a record at a position came behind a closing, and before a reopening of it or after the last one had run out.
    pub fn is_late(&self, position: Position) -> bool {
        let Some(closing) = self.closings.iter().rfind(|closing| closing.position < position) else { return false };
        let mut before = self.reopenings.iter().rev().filter(|reopening| reopening.position < position);
        let reopening = before.next().filter(|reopening| closing.position < reopening.position);
        reopening.is_none_or(|reopening| reopening.last.is_some_and(|last| last < position))
    }

    /// Days up to which it was reopened.
    pub(crate) fn reopened_until(&self) -> impl Iterator<Item = LocalDate> {
        self.reopenings.iter().map(|reopening| reopening.until)
    }

    pub(crate) fn end_reopenings(&mut self, last: &BTreeMap<LocalDate, Position>) {
        for reopening in self.reopenings.iter_mut().chain(&mut self.reopened) {
            reopening.last = last.get(&reopening.until).copied();
        }
    }
}
