//! A batch of admissions reported as a number.

mod admit_batch;
mod hold_batch_ceremony;
mod name_batch_member;

mod correct_batch;
mod revoke_batch;

pub use admit_batch::AdmitBatch;
pub use correct_batch::{CorrectBatch, RightBatchCeremony};
pub use hold_batch_ceremony::HoldBatchCeremony;
pub use name_batch_member::NameBatchMember;
pub use revoke_batch::RevokeBatch;

use std::collections::BTreeSet;

use crate::{
    BatchId, Counted, Event, EventBody, LocalDate, Refusal, RevocationScope, SubjectId, UnitId, What,
    standing::Standing,
};

/// A batch of admissions reported as a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    life: Option<Life>,
}

/// What there is once it has been decided.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Life {
    /// The decision as it stands now, corrections included.
    decision: Counted,
    /// At most as many as the decision's number.
    named: BTreeSet<SubjectId>,
    end: Option<End>,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Revoked(LocalDate),
    /// A correction found that it should not stand in the ledger at all.
    TakenBack,
}

impl Batch {
    /// Folds one event. Total: what cannot follow changes nothing.
    pub fn evolve(&mut self, event: &Event) {
        match (&mut self.life, &event.body) {
            (None, EventBody::BatchAdmitted { counted }) => self.life = Some(Life::begin(counted, event)),
            (Some(life), _) => life.evolve(event),
            _ => {}
        }
    }

    /// Nothing has begun on this stream.
    fn unbegun(&self) -> Result<(), Refusal> {
        if self.life.is_some() { Err(Refusal::StreamBegun) } else { Ok(()) }
    }

    /// Whose it is, once it has been decided, whatever became of it.
    pub(crate) fn whose(&self) -> Option<UnitId> {
        self.life.as_ref().map(|life| life.decision.unit)
    }

    /// It was decided, and neither revoked nor taken back.
    fn standing(&self, batch: BatchId) -> Result<&Life, Refusal> {
        let life = self.life.as_ref().ok_or(Refusal::BatchUnknown { batch })?;
        match life.end {
            Some(End::Revoked(on)) => Err(Refusal::AlreadyRevoked { on }),
            Some(End::TakenBack) => Err(Refusal::TakenBack),
            None => Ok(life),
        }
    }
}

impl Life {
    fn begin(counted: &Counted, event: &Event) -> Self {
        let mut standing = Standing::default();
        standing.evolve(event);
        let named = BTreeSet::new();
        Self { decision: counted.clone(), named, end: None, standing }
    }

    fn evolve(&mut self, event: &Event) {
        let on = event.effective_on;
        match &event.body {
            EventBody::BatchCeremonyHeld { .. } => {}
            EventBody::BatchMemberNamed { subject } => {
                self.named.insert(*subject);
            }
            EventBody::BatchRevoked { .. } => self.end = Some(End::Revoked(on)),
            EventBody::BatchCorrected { takes, adds, .. } => {
                if adds.is_empty() && takes.contains(&self.decision) {
                    self.end = Some(End::TakenBack);
                }
                // They stand pairwise; the pair of the decision says what is right now.
                if let Some((_, right)) = takes.iter().zip(adds).find(|(wrong, _)| **wrong == self.decision) {
                    self.decision = right.clone();
                }
            }
            _ => return,
        }
        self.standing.evolve(event);
    }

    /// How many were received in all ceremonies; at most the decision's number.
    fn received(&self) -> u32 {
        self.standing.sum(What::Received)
    }

    /// Day of the last thing that a revocation leaves standing; it comes no earlier.
    fn last_on(&self, scope: RevocationScope) -> LocalDate {
        let held_on = self.standing.days(What::Received).max().filter(|_| scope == RevocationScope::FromDate);
        held_on.map_or(self.decision.effective_on, |held_on| held_on.max(self.decision.effective_on))
    }

    fn named_count(&self) -> u32 {
        u32::try_from(self.named.len()).unwrap_or(u32::MAX)
    }
}
