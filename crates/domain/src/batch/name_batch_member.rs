//! Refers to one person of a batch; adds nothing to the counts.

use serde::{Deserialize, Serialize};

use crate::{BatchId, SubjectId, UnitId};

/// Refers to one person of a batch; adds nothing to the counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NameBatchMember {
    /// The batch.
    pub batch: BatchId,
    /// Opaque; a directory outside the ledger knows who.
    pub subject: SubjectId,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}
