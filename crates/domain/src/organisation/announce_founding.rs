//! Records the day a founding was announced.

use serde::{Deserialize, Serialize};

use crate::{Document, LocalDate, OrganisationId, UnitId};

/// Records the day a founding was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnnounceFounding {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The programme or minutes of the ceremony, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}
