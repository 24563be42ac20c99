//! Grants access to the bearer of a token. The token itself never comes here.

use serde::{Deserialize, Serialize};

use crate::{LocalDate, Role, SubjectId, UnitId};

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
