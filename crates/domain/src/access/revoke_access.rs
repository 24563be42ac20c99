//! Revokes a grant at once.

use serde::{Deserialize, Serialize};

use crate::AccessId;

/// Revokes a grant at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeAccess {
    /// The grant.
    pub access: AccessId,
}
