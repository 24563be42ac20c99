//! Whose figures of a ledger a claim is held against.

use super::{
    claim::*,
    finding::Finding,
    ledger::{Ledger, UnitFigures},
    named::{Named, by_whole_name, is_same, named, named_in},
};

/// What is found of a unit, unless the text has only spoken of it before and the figure is the whole's.
pub(super) fn of_whom(claim: &Claim, found: Finding, whole: impl FnOnce() -> Finding) -> Finding {
    if claim.told == Told::Beside || found.is_compared() && !found.is_wrong() {
        return found;
    }
    match whole() {
        whole if whole.is_compared() && !whole.is_wrong() => whole,
        _ if claim.told == Told::Perhaps && found.is_wrong() => Finding::NotInData { unit: None },
        _ => found,
    }
}

impl Ledger {
    /// Whether a name is that of the committee whose whole it is.
    pub(super) fn is_whole(&self, unit: &str) -> bool {
        self.whole.as_deref().is_some_and(|whole| is_same(whole, unit))
    }

    /// Which unit it speaks of: the one that its words name, or else one that the ledger names so in the words before it; none of the whole.
    pub(super) fn unit_of<'a>(&self, claim: &Claim, cells: &'a [UnitFigures]) -> Option<Named<'a>> {
        if matches!(claim.statement, Statement::Units(_)) {
            return None;
        }
        let said = claim.unit.as_deref();
        if let Some(Named::One(unit)) = said.map(|said| by_whole_name(cells, said)) {
            return Some(Named::One(unit));
        }
        if said.is_some_and(|said| self.is_whole(said)) {
            return None;
        }
        let found = said.map(|unit| named(cells, unit));
        let in_lead = || {
            let begins = said.is_some() && claim.told == Told::Beside;
            named_in(cells, self.whole.as_deref(), &claim.lead, begins)
        };
        match found {
            // The names before a sum may be those of its parts.
            None | Some(Named::Nobody) if matches!(claim.statement, Statement::Sum { .. }) => found,
            None | Some(Named::Nobody) => in_lead().or(found),
            found => found,
        }
    }

    /// Units that are counted where the text has spoken of one unit before may be that one's.
    pub(super) fn units_of(&self, claim: &Claim) -> Option<Narrowed> {
        let counts = matches!(claim.statement, Statement::Units(_));
        let unit = claim.unit.as_ref().filter(|unit| counts && !self.is_whole(unit))?;
        Some(Narrowed { said: unit.clone(), by: NarrowedBy::Perhaps })
    }

    /// Whoever it names as the one whose units or parts it counts, when those are nobody's here.
    pub(super) fn nobody(&self, claim: &Claim) -> Option<String> {
        let unit = claim.unit.as_ref().filter(|unit| !self.is_whole(unit))?;
        let known = || self.measures.iter().any(|figures| named(&figures.cells, unit) != Named::Nobody);
        let counts_its_own = match &claim.statement {
            // How many units a unit has is in no tally.
            Statement::Units(units) => claim.told == Told::Beside || units.level == Level::Measures,
            Statement::Sum { .. } => claim.told == Told::Beside && !known(),
            _ => false,
        };
        counts_its_own.then(|| unit.clone())
    }
}
