//! The claims of a text with what was found of each.

use serde::Serialize;

use super::{
    arithmetic::{Whole, check},
    claim::{Claim, Level, NarrowedBy, Statement, Told},
    finding::Finding,
    ledger::{Ledger, compare},
    named::is_same,
    period::PeriodSaid,
    topic::Topic,
};

/// A claim, and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    #[serde(flatten)]
    pub claim: Claim,
    /// Its figures against each other.
    pub arithmetic: Finding,
    /// Its figures against the ledger's; none when no ledger was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger: Option<Finding>,
}

impl Judged {
    /// Whether it cannot follow, or differs.
    pub fn is_wrong(&self) -> bool {
        self.arithmetic.is_wrong() || self.ledger.as_ref().is_some_and(Finding::is_wrong)
    }
}

/// Judges the claims of one text. What is said of units is held against the nearest ratio of the same measure in the text, a former one before a later.
pub fn judge(claims: Vec<Claim>, ledger: Option<&Ledger>) -> Vec<Judged> {
    let wholes: Vec<Option<Whole>> = (0..claims.len()).map(|i| whole_for(&claims, i, ledger)).collect();
    let judged = |(claim, whole): (Claim, Option<Whole>)| {
        let arithmetic = check(&claim.statement, whole);
        let Some(ledger) = ledger else { return Judged { claim, arithmetic, ledger: None } };
        let found = compare(&claim, ledger);
        Judged { claim: as_meant(claim, &found, ledger), arithmetic, ledger: Some(found) }
    };
    claims.into_iter().zip(wholes).map(judged).collect()
}

/// Without the unit that was named before it, when it was compared with the whole.
fn as_meant(claim: Claim, found: &Finding, ledger: &Ledger) -> Claim {
    if claim.told == Told::Beside || !found.is_compared() {
        return claim;
    }
    let of_unit = compare(&Claim { told: Told::Beside, ..claim.clone() }, ledger);
    let unit = claim.unit.clone().filter(|_| of_unit == *found);
    Claim { unit, ..claim }
}

fn whole_for(claims: &[Claim], i: usize, ledger: Option<&Ledger>) -> Option<Whole> {
    let Statement::Units(units) = &claims[i].statement else { return None };
    let all = claims[i].narrowed.as_ref().is_none_or(|narrowed| narrowed.by == NarrowedBy::Perhaps);
    let topic = claims[i].topic.filter(|_| units.level == Level::Units && all)?;
    let before = claims[..i].iter().rev();
    let mut wholes = before.chain(&claims[i + 1..]).filter_map(|claim| {
        let whole = whole_of(claim, topic, &claims[i].period)?;
        Some((claim, whole))
    });
    wholes.find(|(claim, _)| of_one_whole(claim, &claims[i], ledger)).map(|(_, whole)| whole)
}

/// Whether a ratio is of the whole whose units another claim counts. Without a ledger, who begins a sentence may be the whole.
fn of_one_whole(ratio: &Claim, units: &Claim, ledger: Option<&Ledger>) -> bool {
    let named = |claim: &Claim| claim.unit.clone().filter(|unit| !ledger.is_some_and(|ledger| ledger.is_whole(unit)));
    match (named(ratio), named(units)) {
        (of, Some(unit)) => {
            let still_meant = units.told != Told::Perhaps || (ratio.perhaps_whole && ledger.is_none());
            still_meant && of.is_some_and(|of| is_same(&of, &unit))
        }
        (Some(_), None) => ratio.perhaps_whole && ledger.is_none(),
        (None, None) => true,
    }
}

/// The ratio of a measure as a whole, at the same time.
fn whole_of(claim: &Claim, topic: Topic, time: &PeriodSaid) -> Option<Whole> {
    let said = &claim.period;
    let other_year = said.year.is_some() && time.year.is_some() && said.year != time.year;
    let same_time = !other_year && said.part == time.part && said.several == time.several && said.until == time.until;
    match &claim.statement {
        Statement::Ratio { actual, plan, .. }
            if claim.topic == Some(topic) && claim.narrowed.is_none() && same_time =>
        {
            Some(Whole { actual: actual.exact()?, plan: plan.exact()? })
        }
        _ => None,
    }
}
