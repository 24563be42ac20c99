//! The reviewer closes the query.

use serde::{Deserialize, Serialize};

use crate::{Context, Event, EventBody, QueryId, Reference, Refusal, query::Query};

/// The reviewer closes the query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CloseQuery {
    /// The query.
    pub query: QueryId,
}

impl CloseQuery {
    /// Once; answered or, when it was raised by mistake, not.
    pub fn decide(&self, state: &Query, _reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        state.open(self.query)?;
        Ok(vec![Event { effective_on: context.today(), body: EventBody::QueryClosed }])
    }
}
