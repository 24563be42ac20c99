//! Reference data: structure, rules, programmes, periods and targets, folded from their streams into one value that `decide` is handed.

use std::collections::BTreeMap;

use crate::{
    Event, EventBody, PeriodKey, Position, ProgrammeKey, TargetKey, ledger::Ledger, period::Period, plan::Target,
    programme::Programme, rules::Rules, structure::Structure,
};

/// All reference data known up to a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// Position of the last reference record folded, so that it does not depend on timing.
    pub position: Position,
    pub ledger: Ledger,
    pub structure: Structure,
    pub rules: Rules,
    pub programmes: BTreeMap<ProgrammeKey, Programme>,
    pub periods: BTreeMap<(ProgrammeKey, PeriodKey), Period>,
    pub targets: BTreeMap<TargetKey, Target>,
}

impl Reference {
    /// Folds one event of a reference stream; any other event changes nothing. `position` is its record's.
    pub fn apply(&mut self, position: Position, event: &Event) {
        match &event.body {
            EventBody::LedgerOpened { .. } => self.ledger.evolve(event),
            EventBody::UnitCreated { .. }
            | EventBody::UnitRenamed { .. }
            | EventBody::UnitCodeAssigned { .. }
            | EventBody::UnitReclassified { .. }
            | EventBody::UnitParentSet { .. }
            | EventBody::UnitEnded { .. } => self.structure.evolve(event),
            EventBody::RuleSet { .. } => self.rules.evolve(event),
            EventBody::ProgrammeEstablished { programme, .. } | EventBody::MeasureDefined { programme, .. } => {
                self.programmes.entry(programme.clone()).or_default().evolve(event);
            }
            EventBody::PeriodOpened { programme, period, .. } => {
                self.periods.entry((programme.clone(), period.clone())).or_default().evolve(event);
            }
            EventBody::TargetAssigned { target, .. }
            | EventBody::TargetAdjusted { target, .. }
            | EventBody::TargetWithdrawn { target }
            | EventBody::TargetCorrected { target, .. } => {
                self.targets.entry(target.clone()).or_default().evolve(event);
            }
            _ => return,
        }
        self.position = position;
    }
}
