//! Grants access to the bearer of a token. The token itself never comes here.

use serde::{Deserialize, Serialize};

use crate::{
    AccessId, Context, Event, EventBody, LocalDate, Reference, Refusal, Role, SubjectId, UnitId, access::Access, guard,
};

/// Grants access to the bearer of a token. The token itself never comes here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GrantAccess {
    /// SHA-256 of the token, 64 lowercase hexadecimal digits.
    pub token_sha256: String,
    /// One token is one person, opaque here.
    pub subject: SubjectId,
    /// The unit whose, and whose subordinates', affairs the bearer may see and post.
    pub office: UnitId,
    /// What the bearer may do.
    pub role: Role,
    /// Last day; for ever unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<LocalDate>,
}

impl GrantAccess {
    /// The fingerprint of the token, as it is stored.
    pub fn token(&self) -> Result<[u8; 32], Refusal> {
        guard::sha256_of(&self.token_sha256, "/token_sha256")
    }

    /// A grant under the stream's own id, to an office that is there and that the caller administers.
    pub fn decide(&self, state: &Access, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &GrantAccess { subject, office, role, until, .. } = self;
        if *state != Access::NotGiven {
            return Err(Refusal::TokenGrantedAlready);
        }
        let token_sha256 = self.token()?;
        // The first administrator, and whoever helps out, come before the first unit.
        if role != Role::Admin || office != context.actor.office {
            guard::known_unit(office, reference, "/office")?;
        }
        guard::administered(office, reference, context, "/office")?;
        let today = context.today();
        if let Some(until) = until.filter(|until| *until < today) {
            return Err(Refusal::UntilPassed { until, today });
        }
        let access = AccessId(context.stream.id);
        let body = EventBody::AccessGranted { access, token_sha256, subject, office, role, until };
        Ok(vec![Event { effective_on: today, body }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn admin() -> Story {
        given().by(CITY, Role::Admin)
    }

    #[test]
    fn a_grant_is_known_by_its_stream() {
        let bodies = admin().when(grant(LE_CHAN, Role::Office)).bodies();
        let [EventBody::AccessGranted { access, token_sha256, office, role, .. }] = &bodies[..] else {
            panic!("{bodies:?}")
        };
        assert_eq!((access.0.as_u128(), *office, *role), (0x5712, LE_CHAN, Role::Office));
        assert_eq!(*token_sha256, [0x0f; 32]);
    }

    #[test]
    fn only_an_administrator_grants_access() {
        for role in [Role::Office, Role::Supervisor, Role::Auditor, Role::Viewer] {
            given().by(CITY, role).when(grant(LE_CHAN, Role::Office)).refuses_as("role-may-not");
        }
    }

    #[test]
    fn the_office_is_there_but_for_the_first_administrator() {
        admin().when(grant(NOBODY, Role::Office)).refuses_as("unit-unknown");
        admin().when(grant(NOBODY, Role::Admin)).refuses_as("unit-unknown");
        let first = given().by(NOBODY, Role::Admin);
        assert_eq!(first.clone().when(grant(NOBODY, Role::Admin)).bodies().len(), 1);
        first.when(grant(NOBODY, Role::Office)).refuses_as("unit-unknown");
    }

    #[test]
    fn an_administrator_grants_for_the_own_unit_and_those_under_it() {
        let of_a_district = given().by(LE_CHAN, Role::Admin);
        for office in [LE_CHAN, WARD, FEDERATION] {
            assert_eq!(of_a_district.clone().when(grant(office, Role::Admin)).bodies().len(), 1);
        }
        for office in [CITY, HONG_BANG, ENDED, TO_COME] {
            of_a_district.clone().when(grant(office, Role::Viewer)).refuses_as("office-not-under-yours");
        }
        of_a_district.when(grant(NOBODY, Role::Admin)).refuses_as("unit-unknown");
        for office in [CITY, WARD, ENDED, TO_COME] {
            assert_eq!(admin().when(grant(office, Role::Viewer)).bodies().len(), 1);
        }
    }

    #[test]
    fn a_unit_does_not_come_to_the_top_by_its_end() {
        given().by(ENDED, Role::Admin).when(grant(CITY, Role::Admin)).refuses_as("office-not-under-yours");
        given().by(TO_COME, Role::Admin).when(grant(CITY, Role::Admin)).refuses_as("office-not-under-yours");
    }

    #[test]
    fn a_token_is_granted_once_whatever_became_of_it() {
        let granted = admin().has(grant(LE_CHAN, Role::Office));
        granted.clone().when(grant(WARD, Role::Office)).refuses(Refusal::TokenGrantedAlready);
        granted.has(revoke_access()).when(grant(LE_CHAN, Role::Office)).refuses(Refusal::TokenGrantedAlready);
    }

    #[test]
    fn grants_of_one_token_meet_on_one_stream() {
        let stream = |office, key| {
            crate::Command::from(grant(office, Role::Office)).stream(crate::CommandId(uuid::Uuid::from_u128(key)))
        };
        assert_eq!(stream(LE_CHAN, 1), stream(WARD, 2));
        let other = GrantAccess { token_sha256: "0e".repeat(32), ..grant(LE_CHAN, Role::Office) };
        assert_ne!(stream(LE_CHAN, 1), crate::Command::from(other).stream(crate::CommandId(uuid::Uuid::from_u128(1))));
    }

    #[test]
    fn a_token_is_given_as_its_fingerprint_and_not_past_its_last_day() {
        let token_sha256 = "socai_not-a-fingerprint".to_owned();
        admin().when(GrantAccess { token_sha256, ..grant(LE_CHAN, Role::Office) }).refuses_as("sha256-malformed");
        let (until, today) = (day("2022-12-30"), day("2022-12-31"));
        admin()
            .when(GrantAccess { until: Some(until), ..grant(LE_CHAN, Role::Office) })
            .refuses(Refusal::UntilPassed { until, today });
        let last_day = GrantAccess { until: Some(today), ..grant(LE_CHAN, Role::Office) };
        assert_eq!(admin().when(last_day).bodies().len(), 1);
    }
}
