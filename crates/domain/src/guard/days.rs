//! Days that a clerk may have mistyped.

use crate::{Context, Document, LocalDate, Refusal};

/// A term of five years: further apart, one of two dates is a slip of the pen.
const TERM_DAYS: i32 = 5 * 365 + 2;

/// The day a decision takes effect: the document's date unless the paper states another, at most a term apart from it.
pub(crate) fn effective_day(effective_on: Option<LocalDate>, document: &Document) -> Result<LocalDate, Refusal> {
    let effective_on = effective_on.unwrap_or(document.date);
    within(effective_on, shifted(document.date, -TERM_DAYS), shifted(document.date, TERM_DAYS), "/effective_on")
}

/// The day from which something older than the ledger stands: long before its paper, if need be.
pub(crate) fn effective_day_of_old(effective_on: Option<LocalDate>, document: &Document) -> Result<LocalDate, Refusal> {
    let effective_on = effective_on.unwrap_or(document.date);
    within(effective_on, LocalDate::FIRST, shifted(document.date, TERM_DAYS), "/effective_on")
}

/// A corrected day: at most a term ahead of the ledger's own.
pub(crate) fn corrected_day(effective_on: LocalDate, context: &Context, at: &str) -> Result<LocalDate, Refusal> {
    within(effective_on, LocalDate::FIRST, shifted(context.today(), TERM_DAYS), at)
}

/// A day on which something was held: not ahead of the ledger's own.
pub(crate) fn held_by_today(held_on: LocalDate, context: &Context, at: &str) -> Result<(), Refusal> {
    let today = context.today();
    if held_on > today { Err(Refusal::HeldInFuture { held_on, today, pointer: at.to_owned() }) } else { Ok(()) }
}

/// What is decided about something comes no earlier than the last thing recorded of it.
pub(crate) fn not_before(on: LocalDate, last_on: LocalDate, at: &str) -> Result<(), Refusal> {
    if on < last_on { Err(Refusal::BeforeItsTime { on, last_on, pointer: at.to_owned() }) } else { Ok(()) }
}

/// A corrected day stays no later than what followed.
pub(crate) fn not_after(on: LocalDate, followed_on: Option<LocalDate>) -> Result<(), Refusal> {
    match followed_on {
        Some(followed_on) if on > followed_on => Err(Refusal::AfterWhatFollowed { on, followed_on }),
        _ => Ok(()),
    }
}

/// A ceremony or an announcement comes no earlier than what it celebrates.
pub(crate) fn held_after_decision(held_on: LocalDate, decided_on: LocalDate, at: &str) -> Result<(), Refusal> {
    if held_on < decided_on {
        return Err(Refusal::HeldBeforeDecision { held_on, decided_on, pointer: at.to_owned() });
    }
    Ok(())
}

fn within(effective_on: LocalDate, from: LocalDate, to: LocalDate, at: &str) -> Result<LocalDate, Refusal> {
    if (from..=to).contains(&effective_on) {
        Ok(effective_on)
    } else {
        Err(Refusal::EffectiveDateImplausible { effective_on, from, to, pointer: at.to_owned() })
    }
}

fn shifted(day: LocalDate, days: i32) -> LocalDate {
    let end = if days < 0 { LocalDate::FIRST } else { LocalDate::LAST };
    LocalDate::from_days(day.to_days().saturating_add(days)).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{day, paper_of};

    #[test]
    fn a_decision_takes_effect_on_the_day_of_its_paper_unless_it_states_another() {
        let document = paper_of("2022-12-20");
        assert_eq!(effective_day(None, &document), Ok(day("2022-12-20")));
        assert_eq!(effective_day(Some(day("2023-01-01")), &document), Ok(day("2023-01-01")));
    }

    #[test]
    fn a_day_more_than_a_term_from_its_paper_is_a_slip_of_the_pen() {
        let document = paper_of("2022-12-20");
        for slip in ["2012-12-20", "2032-12-20"] {
            assert!(matches!(effective_day(Some(day(slip)), &document), Err(Refusal::EffectiveDateImplausible { .. })));
        }
        assert_eq!(effective_day_of_old(Some(day("1994-05-19")), &document), Ok(day("1994-05-19")));
    }
}
