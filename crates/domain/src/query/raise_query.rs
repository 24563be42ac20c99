//! A reviewer asks about a record; figures are not touched.

use serde::{Deserialize, Serialize};

use crate::{Position, Question, UnitId};

/// A reviewer asks about a record; figures are not touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RaiseQuery {
    /// The record asked about.
    pub about: Position,
    /// The unit that is to answer.
    pub owner: UnitId,
    /// What is asked.
    pub question: Question,
}
