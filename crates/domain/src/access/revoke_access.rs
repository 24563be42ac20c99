//! Revokes a grant at once.

use serde::{Deserialize, Serialize};

use crate::{AccessId, Context, Event, EventBody, Reference, Refusal, access::Access, guard};

/// Revokes a grant at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeAccess {
    /// The grant.
    pub access: AccessId,
}

impl RevokeAccess {
    /// From now on, by whoever might grant it.
    pub fn decide(&self, state: &Access, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let access = self.access;
        match state {
            Access::NotGiven => Err(Refusal::AccessUnknown { access }),
            Access::Revoked => Err(Refusal::AccessAlreadyRevoked),
            Access::InForce { office } => {
                guard::administered(*office, reference, context, "/access")?;
                Ok(vec![Event { effective_on: context.today(), body: EventBody::AccessRevoked { access } }])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    #[test]
    fn a_grant_is_revoked_once() {
        let granted = given().by(CITY, Role::Admin).has(grant(LE_CHAN, Role::Office));
        granted.clone().when(revoke_access()).records(EventBody::AccessRevoked { access: ACCESS });
        granted.has(revoke_access()).when(revoke_access()).refuses(Refusal::AccessAlreadyRevoked);
    }

    #[test]
    fn an_administrator_revokes_for_the_own_unit_and_those_under_it() {
        let granted = |office| given().by(CITY, Role::Admin).has(grant(office, Role::Office)).by(LE_CHAN, Role::Admin);
        granted(WARD).when(revoke_access()).records(EventBody::AccessRevoked { access: ACCESS });
        granted(LE_CHAN).when(revoke_access()).records(EventBody::AccessRevoked { access: ACCESS });
        granted(HONG_BANG).when(revoke_access()).refuses_as("office-not-under-yours");
        granted(CITY).when(revoke_access()).refuses_as("office-not-under-yours");
    }

    #[test]
    fn what_was_not_granted_is_not_revoked() {
        let unknown = Refusal::AccessUnknown { access: ACCESS };
        given().by(CITY, Role::Admin).when(revoke_access()).refuses(unknown);
    }
}
