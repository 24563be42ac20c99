//! The reviewer closes the query.

use serde::{Deserialize, Serialize};

use crate::{Context, Event, EventBody, QueryId, Reference, Refusal, UnitId, guard, query::Query};

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

    /// What only the record that raised it can say against it: it is closed by an auditor of the office that asked, or of one above it.
    pub fn closes_what_was_asked_under(
        &self,
        asked_from: UnitId,
        reference: &Reference,
        context: &Context,
    ) -> Result<(), Refusal> {
        guard::audited(asked_from, reference, context, "/query")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Answer, Role, testing::*};

    #[test]
    fn the_auditor_closes_it_once_and_then_it_is_not_answered() {
        let asked = given().by(CITY, Role::Auditor).has(raise());
        asked.clone().when(close()).records(EventBody::QueryClosed);
        let closed = asked.has(close());
        closed.clone().when(close()).refuses(Refusal::QueryClosed);
        closed.by(LE_CHAN, Role::Office).when(answer(Answer::Confirmed, None)).refuses(Refusal::QueryClosed);
    }

    #[test]
    fn it_is_closed_by_the_office_that_asked_or_one_above_it() {
        let closes = |office, asked_from| {
            let story = given().by(office, Role::Auditor);
            close().closes_what_was_asked_under(asked_from, &story.reference, &story.context).map_err(|no| no.slug())
        };
        for (office, asked_from) in [(CITY, CITY), (CITY, LE_CHAN), (LE_CHAN, LE_CHAN), (LE_CHAN, WARD), (CITY, ENDED)]
        {
            assert_eq!(closes(office, asked_from), Ok(()));
        }
        for (office, asked_from) in [(LE_CHAN, CITY), (LE_CHAN, HONG_BANG), (WARD, LE_CHAN)] {
            assert_eq!(closes(office, asked_from), Err("outside-your-audit"));
        }
    }

    #[test]
    fn the_owner_does_not_close_it() {
        let asked = given().by(CITY, Role::Auditor).has(raise());
        asked.by(LE_CHAN, Role::Office).when(close()).refuses_as("role-may-not");
        given().by(CITY, Role::Auditor).when(close()).refuses(Refusal::QueryUnknown { query: QUERY });
    }
}
