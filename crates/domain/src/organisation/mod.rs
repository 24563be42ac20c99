//! One organisation from its founding, recognition or registration to its end.

mod found_organisation;
mod recognise_union;
mod register_existing;

mod announce_founding;
mod change_type;
mod transfer_organisation;

mod dissolve_organisation;

mod correct_organisation;
mod revoke_organisation;

pub use announce_founding::AnnounceFounding;
pub use change_type::ChangeOrganisationType;
pub use correct_organisation::CorrectOrganisation;
pub use dissolve_organisation::DissolveOrganisation;
pub use found_organisation::FoundOrganisation;
pub use recognise_union::RecogniseUnion;
pub use register_existing::RegisterExisting;
pub use revoke_organisation::RevokeOrganisation;
pub use transfer_organisation::TransferOrganisation;

use crate::{
    Basis, Countable, Counted, Countee, Event, EventBody, LocalDate, OfWhich, OrganisationId, OrganisationKind,
    Reference, Refusal, RevocationScope, UnitId, What, guard, standing::Standing,
};

/// One organisation from its founding, recognition or registration to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organisation {
    life: Option<Life>,
}

/// What there is once it has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Life {
    /// The founding, recognition or registration as it stands now, corrections included.
    origin: Counted,
    /// The unit that a transfer brought it under last.
    moved_to: Option<UnitId>,
    /// The kind that a change of type made it last.
    turned_to: Option<OrganisationKind>,
    /// Members at the founding or recognition; none when it was registered.
    members: Option<u32>,
    /// Its founding stands on an exception to the rule on members.
    excepted: bool,
    announced_on: Option<LocalDate>,
    /// Earliest day of anything that followed the origin, but its dissolution.
    followed_on: Option<LocalDate>,
    /// Latest day of a change of type or unit.
    changed_on: Option<LocalDate>,
    end: Option<End>,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Dissolved(LocalDate),
    Revoked(LocalDate),
    /// A correction found that it should not stand in the ledger at all.
    TakenBack,
}

impl Organisation {
    /// Folds one event. Total: what cannot follow changes nothing.
    pub fn evolve(&mut self, event: &Event) {
        match (&mut self.life, &event.body) {
            (None, EventBody::OrganisationFounded { counted, members, exception })
            | (None, EventBody::UnionRecognised { counted, members, exception, .. }) => {
                self.life = Life::begin(counted, Some(*members), exception.is_some(), event);
            }
            (None, EventBody::OrganisationRegistered { counted }) => {
                self.life = Life::begin(counted, None, false, event);
            }
            (Some(life), _) => life.evolve(event),
            _ => {}
        }
    }

    /// Nothing has begun on this stream.
    fn unbegun(&self) -> Result<(), Refusal> {
        if self.life.is_some() { Err(Refusal::StreamBegun) } else { Ok(()) }
    }

    /// Whose it is by now, and in which unit its beginning is counted; once it has begun, whatever became of it.
    pub(crate) fn whose(&self) -> Option<(UnitId, UnitId)> {
        self.life.as_ref().map(|life| (life.unit(), life.origin.unit))
    }

    /// It is there, whether or not it was dissolved, and was neither revoked nor taken back.
    fn recorded(&self, organisation: OrganisationId) -> Result<&Life, Refusal> {
        let life = self.life.as_ref().ok_or(Refusal::OrganisationUnknown { organisation })?;
        match life.end {
            Some(End::Revoked(on)) => Err(Refusal::AlreadyRevoked { on }),
            Some(End::TakenBack) => Err(Refusal::TakenBack),
            Some(End::Dissolved(_)) | None => Ok(life),
        }
    }

    /// It is there and has not ended.
    fn living(&self, organisation: OrganisationId) -> Result<&Life, Refusal> {
        let life = self.recorded(organisation)?;
        match life.end {
            Some(End::Dissolved(dissolved_on)) => Err(Refusal::OrganisationDissolved { dissolved_on }),
            _ => Ok(life),
        }
    }
}

impl Life {
    fn begin(counted: &Counted, members: Option<u32>, excepted: bool, event: &Event) -> Option<Self> {
        let Countee::Organisation(_) = counted.countable.of else { return None };
        let mut standing = Standing::default();
        standing.evolve(event);
        Some(Self {
            origin: counted.clone(),
            moved_to: None,
            turned_to: None,
            members,
            excepted,
            announced_on: None,
            followed_on: None,
            changed_on: None,
            end: None,
            standing,
        })
    }

    fn evolve(&mut self, event: &Event) {
        let on = event.effective_on;
        match &event.body {
            EventBody::FoundingAnnounced => {
                self.announced_on = Some(on);
                self.follow(on);
            }
            EventBody::OrganisationTypeChanged { after, .. } => {
                self.turned_to = Some(*after);
                self.change(on);
            }
            EventBody::OrganisationTransferred { adds } => {
                let arrived = adds.iter().find(|counted| counted.countable.what == What::TransferredIn);
                self.moved_to = arrived.map(|counted| counted.unit).or(self.moved_to);
                self.change(on);
            }
            EventBody::OrganisationDissolved { .. } => self.end = Some(End::Dissolved(on)),
            EventBody::OrganisationRevoked { scope, .. } => {
                self.end = Some(End::Revoked(on));
                if *scope == RevocationScope::FromDate {
                    self.follow(on);
                }
            }
            EventBody::OrganisationCorrected { takes, adds, .. } => self.correct(takes, adds),
            _ => return,
        }
        self.standing.evolve(event);
    }

    fn follow(&mut self, on: LocalDate) {
        self.followed_on = Some(self.followed_on.map_or(on, |first| first.min(on)));
    }

    fn change(&mut self, on: LocalDate) {
        self.follow(on);
        self.changed_on = self.changed_on.max(Some(on));
    }

    /// `takes` and `adds` stand pairwise; the pair of the origin says what is right now.
    fn correct(&mut self, takes: &[Counted], adds: &[Counted]) {
        if adds.is_empty() && takes.contains(&self.origin) {
            self.end = Some(End::TakenBack);
            return;
        }
        if let Some((_, right)) = takes.iter().zip(adds).find(|(wrong, _)| **wrong == self.origin) {
            self.origin = right.clone();
        }
        let dissolution = |counts: &[Counted]| {
            counts.iter().find(|counted| counted.countable.what == What::Dissolved).map(|counted| counted.effective_on)
        };
        if dissolution(takes).is_some() {
            self.end = dissolution(adds).map(End::Dissolved);
        }
    }

    fn dissolved_on(&self) -> Option<LocalDate> {
        self.standing.days(What::Dissolved).next()
    }

    /// Under which unit it was brought last; that may have ended since.
    fn unit(&self) -> UnitId {
        self.moved_to.unwrap_or(self.origin.unit)
    }

    /// What it is now.
    fn of(&self) -> Countee {
        self.turned_to.map_or(self.origin.countable.of, Countee::Organisation)
    }

    /// Day of the last change recorded of it; the next one is no earlier. It may come before or after the announcement.
    fn last_on(&self) -> LocalDate {
        self.changed_on.map_or(self.origin.effective_on, |changed_on| changed_on.max(self.origin.effective_on))
    }

    /// What ends it comes no earlier than that, nor than its announcement.
    fn known_to_live_on(&self) -> LocalDate {
        let changed_on = self.last_on();
        self.announced_on.map_or(changed_on, |announced_on| announced_on.max(changed_on))
    }

    /// Among its counts the transfer that took it from the unit that began it, or from whoever came after that one.
    fn first_departure(&self, reference: &Reference) -> Option<usize> {
        let from = |on| guard::credited_on(self.origin.unit, on, &self.origin, reference);
        let departs = |counted: &Counted| counted.countable.what == What::TransferredOut;
        self.standing.earliest(|counted| {
            departs(counted) && (counted.unit == self.origin.unit || counted.unit == from(counted.effective_on))
        })
    }

    /// One of it on a day, at the unit that has it then; of the kind as which it was counted when it began, so that what ends is what began.
    fn counted(&self, what: What, effective_on: LocalDate, reference: &Reference) -> Counted {
        let Countable { of, host_kind, .. } = self.origin.countable;
        Counted {
            countable: Countable { what, of, host_kind, basis: Basis::New },
            unit: guard::credited_on(self.unit(), effective_on, &self.origin, reference),
            effective_on,
            n: 1,
            of_which: OfWhich::new(),
            place: self.origin.place.clone(),
        }
    }
}
