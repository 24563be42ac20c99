//! When a correction corrects something.

use crate::{
    Context, Counted, LocalDate, Reason, Reference, Refusal, RightDay, guard,
    standing::{Change, Standing},
};

/// Where and when it was decided may only become another unit that is there on that day, no later than what followed.
pub(crate) fn moved(
    wrong: &Counted,
    right: &Counted,
    followed_on: Option<LocalDate>,
    reference: &Reference,
) -> Result<(), Refusal> {
    if (right.unit, right.effective_on) == (wrong.unit, wrong.effective_on) {
        return Ok(());
    }
    let at = if right.unit == wrong.unit { "/effective_on" } else { "/unit" };
    guard::unit_on(right.unit, right.effective_on, reference, at)?;
    guard::not_after(right.effective_on, followed_on)
}

/// The right day of a ceremony, `None` when there was none. `at` is the pointer of the day.
pub(crate) fn right_ceremony(
    right: RightDay,
    decided_on: LocalDate,
    context: &Context,
    at: &str,
) -> Result<Option<LocalDate>, Refusal> {
    let RightDay::On(held_on) = right else { return Ok(None) };
    guard::held_by_today(held_on, context, at)?;
    guard::held_after_decision(held_on, decided_on, at)?;
    Ok(Some(held_on))
}

/// What a correction names is there.
pub(crate) fn recorded(recorded: bool, at: &str) -> Result<(), Refusal> {
    if recorded { Ok(()) } else { Err(Refusal::NothingToCorrect { pointer: at.to_owned() }) }
}

/// What the correction takes back and adds: the change, or everything when the reason says that it should not stand here at all.
pub(crate) fn correction(
    change: Change,
    reason: Reason,
    says_nothing: bool,
    standing: &Standing,
) -> Result<Change, Refusal> {
    match reason {
        Reason::Duplicate | Reason::DidNotHappen if says_nothing => Ok(standing.withdrawn()),
        _ if change.is_empty() => Err(Refusal::NothingChanges),
        _ => Ok(change),
    }
}
