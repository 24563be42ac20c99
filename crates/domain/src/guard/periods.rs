//! Whether what a command counts comes in time.

use crate::{Context, Counted, Countee, Event, Reference, Refusal, programme::Programme};

/// Refuses what counts on a day of a period that is closed today. Nothing is refused for good: whoever says that it is late may record it.
pub(crate) fn is_in_time(events: &[Event], reference: &Reference, context: &Context) -> Result<(), Refusal> {
    let today = context.today();
    for ((programme, key), period) in reference.periods.iter() {
        let Some(opened) = period.opened() else { continue };
        let Some(closing) = opened.standing.closed_on(today) else { continue };
        let Some(programme) = reference.programme(programme) else { continue };
        let mut counted = events.iter().flat_map(|event| {
            let (takes, adds) = event.body.counts();
            takes.iter().chain(adds)
        });
        let late = counted.find(|counted| opened.contains(counted.effective_on) && concerns(programme, counted));
        if let Some(late) = late {
            let (period, number, on) = (key.clone(), closing.number, late.effective_on);
            return Err(Refusal::PeriodClosed { period, number, on });
        }
    }
    Ok(())
}

/// Whether any measure of the programme, in whatever version, counts of this kind.
fn concerns(programme: &Programme, counted: &Counted) -> bool {
    let countable = &counted.countable;
    let versions = programme.measures().filter_map(|key| programme.versions(key)).flat_map(|versions| versions.spans());
    programme.host_kinds().contains(&countable.host_kind)
        && versions.map(|span| span.value).any(|measure| {
            measure.host_kinds.contains(&countable.host_kind)
                && match countable.of {
                    Countee::Organisation(kind) => measure.organisation_kinds.contains(&kind),
                    Countee::Member(membership) => measure.memberships.contains(&membership),
                }
        })
}
