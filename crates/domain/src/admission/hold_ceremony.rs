//! Records the day on which one admitted person was received.

use serde::{Deserialize, Serialize};

use crate::{AdmissionId, Document, LocalDate, UnitId};

/// Records the day on which one admitted person was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldCeremony {
    /// The admission.
    pub admission: AdmissionId,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The minutes, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}
