//! Whether the figures of a claim can be true together, by exact integers and without a ledger.

use super::{
    claim::*,
    feasible::{Stands, is_feasible},
    finding::{Finding, Impossible},
};
use crate::percent::{PercentRule, Ratio, Rounding, printed, rules_that_give};

/// The whole of a measure, as a text prints it elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    pub actual: u32,
    pub plan: u32,
}

/// Holds the parts of a statement against each other; those of units also against the whole of their measure, when it is known.
pub fn check(statement: &Statement, whole: Option<Whole>) -> Finding {
    match statement {
        Statement::Ratio { actual, plan, percent } => ratio(actual, plan, percent.as_ref()),
        Statement::Percent(_) => Finding::Unchecked,
        Statement::Units(claim) => units(claim, whole),
        Statement::Count { count, of_which, .. } => match (count.exact(), of_which.as_ref().and_then(Count::exact)) {
            (Some(whole), Some(part)) if part > whole => impossible(above(part, whole)),
            (Some(_), Some(_)) => Finding::Consistent,
            _ => Finding::Unchecked,
        },
        Statement::Sum { total, parts, coverage, .. } => sum(total, parts, *coverage),
    }
}

fn ratio(actual: &Count, plan: &Count, percent: Option<&Percent>) -> Finding {
    match (actual.exact(), plan.exact(), percent) {
        (_, Some(0), _) => impossible(Impossible::PlanOfZero),
        (Some(actual), Some(plan), Some(percent)) => percentage(percent, actual.into(), plan.into()),
        _ => Finding::Unchecked,
    }
}

/// A printed percentage against the exact ratio.
pub(super) fn percentage(percent: &Percent, actual: i64, plan: u64) -> Finding {
    let part = if percent.base == Base::OverPlan { actual.saturating_sub_unsigned(plan) } else { actual };
    let Some(exact) = Ratio::new(part, plan) else { return impossible(Impossible::PlanOfZero) };
    let half_up = printed(exact, PercentRule { rounding: Rounding::HalfUp, decimals: percent.value.decimals });
    let wrong =
        || impossible(Impossible::Percent { actual, plan, printed: percent.text.clone(), exact: half_up.clone() });
    if let Some(qualifier) = percent.qualifier {
        let scale = 10_i128.pow(2 + u32::from(percent.value.decimals));
        let holds = qualifier.admits(i128::from(part) * scale, plan.into(), percent.value.units.into());
        return if holds { Finding::Holds } else { wrong() };
    }
    let rules = rules_that_give(&percent.value.to_string(), exact);
    if rules.is_empty() {
        wrong()
    } else if rules.iter().any(|rule| rule.rounding == Rounding::HalfUp) {
        Finding::Equal { rules }
    } else {
        Finding::RoundingDiffers { rules, half_up }
    }
}

/// By the reading that holds, where there are two.
fn units(claim: &UnitsClaim, whole: Option<Whole>) -> Finding {
    let found = units_as_read(claim, whole);
    let apart = claim.told_apart().filter(|_| found.is_wrong()).map(|apart| units_as_read(&apart, whole));
    apart.filter(|apart| !apart.is_wrong()).unwrap_or(found)
}

fn units_as_read(claim: &UnitsClaim, whole: Option<Whole>) -> Finding {
    let k = |out_of: &Option<OutOf>| out_of.as_ref().and_then(|out_of| out_of.k.exact());
    let stands = Stands {
        n: claim.printed_n().find_map(Count::exact),
        met: k(&claim.met).or_else(|| k(&claim.exceeded)?.checked_add(k(&claim.exact)?)),
        exceeded: k(&claim.exceeded),
        missed: k(&claim.missed),
    };
    if let Some(why) = denominators(claim).or_else(|| parts(stands)) {
        return impossible(why);
    }
    if let Some(whole) = whole.filter(|_| claim.level == Level::Units)
        && !is_feasible(stands, whole.actual, whole.plan)
    {
        return impossible(Impossible::NoRoom { actual: whole.actual, plan: whole.plan });
    }
    percentages(claim).unwrap_or(Finding::Consistent)
}

fn denominators(claim: &UnitsClaim) -> Option<Impossible> {
    let mut printed = claim.printed_n().map(Count::number);
    let first = printed.next()?;
    printed.find(|n| *n != first).map(|n| Impossible::Denominators(first, n))
}

fn parts(Stands { n, met, exceeded, missed }: Stands) -> Option<Impossible> {
    let pairs = [(met, n), (exceeded, n), (missed, n), (exceeded, met)];
    let above_whole = pairs.into_iter().find_map(|pair| match pair {
        (Some(part), Some(whole)) if part > whole => Some(above(part, whole)),
        _ => None,
    });
    above_whole.or_else(|| {
        let (n, missed, met) = (n?, missed?, met.or(exceeded)?);
        (u64::from(met) + u64::from(missed) > u64::from(n)).then_some(Impossible::Balance { met, missed, n })
    })
}

/// The worst that the printed shares in percent give; none when no share is printed.
fn percentages(claim: &UnitsClaim) -> Option<Finding> {
    let mut found: Vec<Finding> = [&claim.met, &claim.exceeded, &claim.missed, &claim.exact]
        .into_iter()
        .flatten()
        .filter_map(|out_of| {
            let n = out_of.n.as_ref()?.exact()?;
            Some(percentage(out_of.percent.as_ref()?, out_of.k.exact()?.into(), n.into()))
        })
        .collect();
    found.sort_by_key(|finding| (finding.is_wrong(), matches!(finding, Finding::RoundingDiffers { .. })));
    found.pop()
}

fn sum(total: &Count, parts: &[Part], coverage: Coverage) -> Finding {
    let numbers: Option<Vec<u32>> = parts.iter().map(|part| part.count.exact()).collect();
    let (Some(numbers), Some(headline)) = (numbers, total.exact()) else { return Finding::Unchecked };
    let (sum, headline) = (numbers.into_iter().map(u64::from).sum::<u64>(), u64::from(headline));
    match coverage {
        Coverage::All if sum == headline => Finding::Equal { rules: Vec::new() },
        Coverage::All => {
            let by = i64::try_from(i128::from(headline) - i128::from(sum)).unwrap_or(i64::MIN);
            impossible(Impossible::Sum { sum, headline, by })
        }
        Coverage::Some if sum <= headline => Finding::Consistent,
        Coverage::Some => impossible(Impossible::PartAboveWhole { part: sum, whole: headline }),
    }
}

fn above(part: u32, whole: u32) -> Impossible {
    Impossible::PartAboveWhole { part: part.into(), whole: whole.into() }
}

const fn impossible(why: Impossible) -> Finding {
    Finding::CannotFollow { why }
}
