//! Grants of access by the hash of their token.

use std::collections::{BTreeSet, HashMap};

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
    by_token: HashMap<[u8; 32], Grant>,
    tokens: HashMap<AccessId, [u8; 32]>,
    /// Where a subject has or had access.
    offices: HashMap<SubjectId, BTreeSet<UnitId>>,
}

impl Grants {
    pub(super) fn by_token(&self, token_sha256: &[u8; 32]) -> Option<&Grant> {
        self.by_token.get(token_sha256)
    }

    pub(super) fn offices(&self, subject: SubjectId) -> BTreeSet<UnitId> {
        self.offices.get(&subject).cloned().unwrap_or_default()
    }

    pub(super) fn fold(&mut self, events: &[Event]) {
        for event in events {
            match &event.body {
                EventBody::AccessGranted { access, token_sha256, subject, office, role, until } => {
                    let actor = Actor { subject: *subject, office: *office, role: *role };
                    self.by_token.insert(*token_sha256, Grant { access: *access, actor, until: *until });
                    self.tokens.insert(*access, *token_sha256);
                    self.offices.entry(*subject).or_default().insert(*office);
                }
                EventBody::AccessRevoked { access } => {
                    if let Some(token) = self.tokens.remove(access) {
                        self.by_token.remove(&token);
                    }
                }
                _ => {}
            }
        }
    }
}
