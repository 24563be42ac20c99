//! Grants of access by the hash of their token.

use std::collections::{BTreeSet, HashMap, hash_map::Entry};

use domain::{AccessId, Actor, Event, EventBody, LocalDate, SubjectId, UnitId};

/// What the bearer of a token may do, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub access: AccessId,
    pub actor: Actor,
    /// Last day.
    pub until: Option<LocalDate>,
}

#[derive(Debug, Default)]
pub(super) struct Grants {
    /// A token is its first holder's for good: a later record with the same fingerprint changes nothing of it, and gives nobody anything.
    by_token: HashMap<[u8; 32], Held>,
    tokens: HashMap<AccessId, [u8; 32]>,
    /// Where a subject has or had access.
    offices: HashMap<SubjectId, BTreeSet<UnitId>>,
}

#[derive(Debug)]
struct Held {
    grant: Grant,
    revoked: bool,
}

impl Grants {
    pub(super) fn by_token(&self, token_sha256: &[u8; 32]) -> Option<&Grant> {
        self.by_token.get(token_sha256).filter(|held| !held.revoked).map(|held| &held.grant)
    }

    /// Whether the token was ever granted, also when it is revoked by now.
    pub(super) fn knows(&self, token_sha256: &[u8; 32]) -> bool {
        self.by_token.contains_key(token_sha256)
    }

    pub(super) fn offices(&self, subject: SubjectId) -> BTreeSet<UnitId> {
        self.offices.get(&subject).cloned().unwrap_or_default()
    }

    pub(super) fn fold(&mut self, events: &[Event]) {
        for event in events {
            match &event.body {
                EventBody::AccessGranted { access, token_sha256, subject, office, role, until } => {
                    self.offices.entry(*subject).or_default().insert(*office);
                    if let Entry::Vacant(token) = self.by_token.entry(*token_sha256) {
                        let actor = Actor { subject: *subject, office: *office, role: *role };
                        let grant = Grant { access: *access, actor, until: *until };
                        token.insert(Held { grant, revoked: false });
                        self.tokens.insert(*access, *token_sha256);
                    }
                }
                EventBody::AccessRevoked { access } => {
                    let held = self.tokens.get(access).and_then(|token| self.by_token.get_mut(token));
                    if let Some(held) = held {
                        held.revoked = true;
                    }
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;
    use uuid::Uuid;

    use super::*;

    const TOKEN: [u8; 32] = [7; 32];

    fn granted(access: u128, office: u128) -> Event {
        let body = EventBody::AccessGranted {
            access: AccessId(Uuid::from_u128(access)),
            token_sha256: TOKEN,
            subject: SubjectId(Uuid::from_u128(office)),
            office: UnitId(Uuid::from_u128(office)),
            role: Role::Office,
            until: None,
        };
        Event { effective_on: "2023-01-03".parse().unwrap(), body }
    }

    fn revoked(access: u128) -> Event {
        let body = EventBody::AccessRevoked { access: AccessId(Uuid::from_u128(access)) };
        Event { effective_on: "2023-01-03".parse().unwrap(), body }
    }

    fn holder(events: &[Event]) -> Option<u128> {
        let mut grants = Grants::default();
        grants.fold(events);
        assert!(grants.knows(&TOKEN));
        grants.by_token(&TOKEN).map(|grant| grant.actor.office.0.as_u128())
    }

    #[test]
    fn a_token_stays_with_its_first_holder() {
        assert_eq!(holder(&[granted(1, 10), granted(2, 20)]), Some(10));
    }

    #[test]
    fn a_revocation_ends_its_own_grant_only() {
        assert_eq!(holder(&[granted(1, 10), granted(2, 20), revoked(2)]), Some(10));
        assert_eq!(holder(&[granted(1, 10), granted(2, 20), revoked(1)]), None);
    }

    #[test]
    fn a_token_that_was_revoked_is_nobodys_again() {
        assert_eq!(holder(&[granted(1, 10), revoked(1), granted(2, 20)]), None);
    }
}
