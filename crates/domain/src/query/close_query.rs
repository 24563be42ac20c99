//! The reviewer closes the query.

use serde::{Deserialize, Serialize};

use crate::QueryId;

/// The reviewer closes the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CloseQuery {
    /// The query.
    pub query: QueryId,
}
