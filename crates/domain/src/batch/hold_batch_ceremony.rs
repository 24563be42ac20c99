//! Records a ceremony for some or all of a batch.

use serde::{Deserialize, Serialize};

use crate::{BatchId, Document, LocalDate, UnitId};

/// Records a ceremony for some or all of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldBatchCeremony {
    /// The batch.
    pub batch: BatchId,
    /// How many were received; in all ceremonies at most the batch.
    pub received: u32,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The minutes, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}
