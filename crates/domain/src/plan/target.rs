//! State of one target: of whom, from whom, and which value holds on which day.

use crate::{Event, EventBody, LocalDate, Refusal, TargetValue, Timeline, guard::not_before};

/// One target through valid time. Assigned for the whole period; adjusted or withdrawn from a day on; a corrected value never was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    assigned: Option<TargetValue>,
    due_on: Option<LocalDate>,
    /// From a day on: another value, or none.
    changes: Timeline<Option<TargetValue>>,
}

impl Target {
    pub fn evolve(&mut self, event: &Event) {
        match &event.body {
            EventBody::TargetAssigned { value, due_on, .. } => {
                *self = Self { assigned: Some(*value), due_on: *due_on, changes: Timeline::default() };
            }
            EventBody::TargetAdjusted { value, .. } => self.changes.set(event.effective_on, Some(*value)),
            EventBody::TargetWithdrawn { .. } => self.changes.set(event.effective_on, None),
            EventBody::TargetCorrected { after, .. } => match self.changes.begun_on_mut(event.effective_on) {
                Some(changed) => *changed = Some(*after),
                None => self.assigned = Some(*after),
            },
            _ => {}
        }
    }

    /// The value on a day. The assigned one holds for the whole period, also on days before its paper was signed.
    pub fn value_on(&self, day: LocalDate) -> Option<TargetValue> {
        self.changes.at(day).copied().unwrap_or(self.assigned)
    }

    /// The value that no later decision changes; `None` when never assigned, or withdrawn.
    pub fn last_value(&self) -> Option<TargetValue> {
        self.changes.last().copied().unwrap_or(self.assigned)
    }

    /// What was assigned at first, before any adjustment: "80 % of the first".
    pub const fn first_value(&self) -> Option<TargetValue> {
        self.assigned
    }

    /// Last day in time, when the paper names one; otherwise the period's last.
    pub const fn due_on(&self) -> Option<LocalDate> {
        self.due_on
    }

    /// The day from which the last adjustment or withdrawal holds.
    pub fn last_changed_from(&self) -> Option<LocalDate> {
        self.changes.last_from()
    }

    /// What was decided to hold from this very day on; what was assigned holds from the period's first.
    pub(super) fn decided_from(&self, day: LocalDate, first_day: LocalDate) -> Option<TargetValue> {
        match self.changes.begun_on(day) {
            Some(changed) => *changed,
            None => self.assigned.filter(|_| day == first_day),
        }
    }

    /// Changes of a target follow one another: a day before the last change is refused.
    pub(super) fn takes_change_on(&self, on: LocalDate) -> Result<(), Refusal> {
        self.last_changed_from().map_or(Ok(()), |last_on| not_before(on, last_on, "/effective_on"))
    }
}
