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
    /// A grant under the stream's own id, to an office that is there.
    pub fn decide(&self, state: &Access, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &GrantAccess { subject, office, role, until, .. } = self;
        if *state != Access::NotGiven {
            return Err(Refusal::StreamBegun);
        }
        let token_sha256 = guard::sha256_of(&self.token_sha256, "/token_sha256")?;
        // The first administrator comes before the first unit.
        if role != Role::Admin {
            guard::known_unit(office, reference, "/office")?;
        }
        let today = context.today();
        if let Some(until) = until.filter(|until| *until < today) {
            return Err(Refusal::UntilPassed { until, today });
        }
        let access = AccessId(context.stream.id);
        let body = EventBody::AccessGranted { access, token_sha256, subject, office, role, until };
        Ok(vec![Event { effective_on: today, body }])
    }
}
