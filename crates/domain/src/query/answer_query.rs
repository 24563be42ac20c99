//! The owner answers.

use serde::{Deserialize, Serialize};

use crate::{Answer, Position, QueryId, UnitId};

/// The owner answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnswerQuery {
    /// The query.
    pub query: QueryId,
    /// The answer.
    pub answer: Answer,
    /// The record of the correction; needed for `corrected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<Position>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}
