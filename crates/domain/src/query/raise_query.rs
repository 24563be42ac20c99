//! A reviewer asks about a record; figures are not touched.

use serde::{Deserialize, Serialize};

use crate::{Context, Event, EventBody, Position, Question, Reference, Refusal, UnitId, guard, query::Query};

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

impl RaiseQuery {
    /// A query about a record that is there, to a unit that is or was there.
    pub fn decide(&self, state: &Query, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &RaiseQuery { about, owner, question } = self;
        if state.raised.is_some() {
            return Err(Refusal::StreamBegun);
        }
        guard::known_unit(owner, reference, "/owner")?;
        guard::known_record(about, context, "/about")?;
        let body = EventBody::QueryRaised { about, owner, question };
        Ok(vec![Event { effective_on: context.today(), body }])
    }
}
