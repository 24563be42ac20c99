//! One admission of one opaque subject.

mod admit_member;
mod hold_ceremony;
mod probation;
mod recognise_member;

mod correct_admission;
mod revoke_admission;

pub use admit_member::AdmitMember;
pub use correct_admission::CorrectAdmission;
pub use hold_ceremony::HoldCeremony;
pub use recognise_member::RecogniseMember;
pub use revoke_admission::RevokeAdmission;

use crate::{
    AdmissionId, Counted, Countee, Event, EventBody, LocalDate, Membership, OfWhich, Refusal, RevocationScope, Trait,
    UnitId, What, standing::Standing,
};

/// One admission of one opaque subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    life: Option<Life>,
}

/// What there is once it has been decided.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Life {
    /// The decision as it stands now, corrections included.
    decision: Counted,
    /// Date of the document by which the member was recognised last.
    recognised_by: Option<LocalDate>,
    end: Option<End>,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Revoked(LocalDate),
    /// A correction found that it should not stand in the ledger at all.
    TakenBack,
}

impl Admission {
    /// Folds one event. Total: what cannot follow changes nothing.
    pub fn evolve(&mut self, event: &Event) {
        match (&mut self.life, &event.body) {
            (None, EventBody::MemberAdmitted { counted }) => {
                let mut standing = Standing::default();
                standing.evolve(event);
                self.life = Some(Life { decision: counted.clone(), recognised_by: None, end: None, standing });
            }
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
    fn standing(&self, admission: AdmissionId) -> Result<&Life, Refusal> {
        let life = self.life.as_ref().ok_or(Refusal::AdmissionUnknown { admission })?;
        match life.end {
            Some(End::Revoked(on)) => Err(Refusal::AlreadyRevoked { on }),
            Some(End::TakenBack) => Err(Refusal::TakenBack),
            None => Ok(life),
        }
    }
}

impl Life {
    fn evolve(&mut self, event: &Event) {
        match &event.body {
            EventBody::CeremonyHeld { .. } => {}
            EventBody::MemberRecognised { decided_on, .. } => self.recognised_by = Some(*decided_on),
            EventBody::AdmissionRevoked { .. } => self.end = Some(End::Revoked(event.effective_on)),
            EventBody::AdmissionCorrected { takes, adds, .. } => {
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

    fn held_on(&self) -> Option<LocalDate> {
        self.standing.days(What::Received).next()
    }

    /// Day of the last thing that a revocation leaves standing; it comes no earlier. A recognition is taken back by one of before its day.
    fn last_on(&self, scope: RevocationScope) -> LocalDate {
        let held_on = self.held_on().filter(|_| scope == RevocationScope::FromDate);
        held_on.map_or(self.decision.effective_on, |held_on| held_on.max(self.decision.effective_on))
    }

    /// From when the member is recognised as official.
    fn official_on(&self) -> Option<LocalDate> {
        self.standing.days(What::MadeOfficial).next()
    }
}

/// `None` only of what is no admission.
const fn membership_of(decision: &Counted) -> Option<Membership> {
    match decision.countable.of {
        Countee::Member(membership) => Some(membership),
        Countee::Organisation(_) => None,
    }
}

/// What is stated of one person, as counts of 1 and 0; what is absent is not stated.
fn of_which(traits: &std::collections::BTreeMap<Trait, bool>) -> OfWhich {
    traits.iter().map(|(of, holds)| (*of, u32::from(*holds))).collect()
}
