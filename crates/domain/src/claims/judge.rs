//! The claims of a text with what was found of each.

use serde::Serialize;

use super::{
    arithmetic::{Whole, check},
    claim::{Claim, Level, Statement},
    finding::Finding,
    ledger::{Ledger, compare},
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
    let wholes: Vec<Option<Whole>> = (0..claims.len()).map(|i| whole_for(&claims, i)).collect();
    let judged = |(claim, whole): (Claim, Option<Whole>)| {
        let arithmetic = check(&claim.statement, whole);
        let ledger = ledger.map(|ledger| compare(&claim, ledger));
        Judged { claim, arithmetic, ledger }
    };
    claims.into_iter().zip(wholes).map(judged).collect()
}

fn whole_for(claims: &[Claim], i: usize) -> Option<Whole> {
    let Statement::Units(units) = &claims[i].statement else { return None };
    let topic = claims[i].topic.filter(|_| units.level == Level::Units)?;
    let before = claims[..i].iter().rev();
    before.chain(&claims[i + 1..]).find_map(|claim| whole_of(claim, topic))
}

fn whole_of(claim: &Claim, topic: Topic) -> Option<Whole> {
    match &claim.statement {
        Statement::Ratio { actual, plan, .. }
            if claim.topic == Some(topic) && claim.unit.is_none() && !claim.period.part =>
        {
            Some(Whole { actual: actual.exact()?, plan: plan.exact()? })
        }
        _ => None,
    }
}
