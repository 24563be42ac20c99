//! What every decision on a target asks first: programme, measure, period, both units, and whether the office may.

use crate::{
    Context, Document, LocalDate, Range, Reference, Refusal, TargetKey, TargetValue,
    guard::{Posting, effective_day, known_measure, known_period, known_programme, lives_between},
    period::OpenedPeriod,
};

/// The period of a target that may be decided on by this office.
pub(super) fn open_scope<'a>(
    reference: &'a Reference,
    context: &Context,
    key: &TargetKey,
) -> Result<&'a OpenedPeriod, Refusal> {
    let programme = known_programme(reference, &key.programme)?;
    known_measure(programme, &key.programme, &key.measure, || "/measure".to_owned())?;
    let period = known_period(reference, &key.programme, &key.period)?;
    let days = (period.first_day, period.last_day);
    lives_between(reference, key.holder, days, || "/holder".to_owned())?;
    lives_between(reference, key.assigner, days, || "/assigner".to_owned())?;
    Posting { unit: key.assigner, on_behalf_of: None, reference, context }.check_superior("/assigner")?;
    Ok(period)
}

/// Largest target. No unit has as many members in a year; it keeps slips of the keyboard, and sums of all units, far from what a number holds.
const TARGET_MAX: u32 = 1_000_000;

/// Refuses a value that is no target: 0, beyond all measure, or a range that does not rise.
pub(super) fn value_fits(value: TargetValue) -> Result<(), Refusal> {
    let zero = |pointer: &str| Err(Refusal::TargetZero { pointer: pointer.to_owned() });
    let (largest, pointer) = match value {
        TargetValue::Exactly(n) => (n, "/value/exactly"),
        TargetValue::AtLeast(n) => (n, "/value/at_least"),
        TargetValue::Between(Range { from, .. }) if from > TARGET_MAX => (from, "/value/between/from"),
        TargetValue::Between(Range { to, .. }) => (to, "/value/between/to"),
    };
    if largest > TARGET_MAX {
        return Err(Refusal::TargetOutOfRange { n: largest, max: TARGET_MAX, pointer: pointer.to_owned() });
    }
    match value {
        TargetValue::Exactly(0) => zero("/value/exactly"),
        TargetValue::AtLeast(0) => zero("/value/at_least"),
        TargetValue::Between(Range { from: 0, .. }) => zero("/value/between/from"),
        TargetValue::Between(Range { from, to }) if from >= to => Err(Refusal::TargetRangeEmpty { from, to }),
        _ => Ok(()),
    }
}

/// The day a decision on a target takes effect: the paper's date unless it states another, and not after the period's end.
pub(super) fn effect_in(
    period: &OpenedPeriod,
    document: &Document,
    stated: Option<LocalDate>,
) -> Result<LocalDate, Refusal> {
    let on = effective_day(stated, document)?;
    if on > period.last_day {
        let pointer = if stated.is_some() { "/effective_on" } else { "/document/date" };
        return Err(Refusal::AfterPeriod { on, last_day: period.last_day, pointer: pointer.to_owned() });
    }
    Ok(on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_at_most_a_million() {
        let between = |from, to| TargetValue::Between(Range { from, to });
        for value in [TargetValue::Exactly(1_000_000), TargetValue::AtLeast(1_000_000), between(1, 1_000_000)] {
            assert_eq!(value_fits(value), Ok(()), "{value:?}");
        }
        for (value, n, pointer) in [
            (TargetValue::Exactly(u32::MAX), u32::MAX, "/value/exactly"),
            (TargetValue::AtLeast(1_000_001), 1_000_001, "/value/at_least"),
            (between(1, 1_000_001), 1_000_001, "/value/between/to"),
            (between(u32::MAX, 2), u32::MAX, "/value/between/from"),
        ] {
            let pointer = pointer.to_owned();
            assert_eq!(value_fits(value), Err(Refusal::TargetOutOfRange { n, max: 1_000_000, pointer }));
        }
    }
}
