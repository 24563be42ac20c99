//! Whether what a command counts comes in time.

use crate::{Context, Event, Reference, Refusal};

/// Refuses what counts on a day of a period that is closed today. Nothing is refused for good: whoever says that it is late may record it.
pub(crate) fn is_in_time(events: &[Event], reference: &Reference, context: &Context) -> Result<(), Refusal> {
    let today = context.today();
    let closed = reference.periods.iter().filter_map(|((_, key), period)| {
        let opened = period.opened()?;
        Some((key, opened, opened.standing.closed_on(today)?))
    });
    for (key, period, closing) in closed {
        let mut days = events.iter().flat_map(|event| {
            let (takes, adds) = event.body.counts();
            takes.iter().chain(adds).map(|counted| counted.effective_on)
        });
        if let Some(on) = days.find(|day| period.contains(*day)) {
            return Err(Refusal::PeriodClosed { period: key.clone(), number: closing.number, on });
        }
    }
    Ok(())
}
