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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    fn auditor() -> Story {
        given().by(CITY, Role::Auditor)
    }

    #[test]
    fn an_auditor_asks_about_a_record_without_effect_on_counts() {
        let body = EventBody::QueryRaised { about: Position(7), owner: LE_CHAN, question: Question::FigureDoubtful };
        auditor().when(raise()).records(body);
        auditor().when(raise()).counts([]);
        auditor().when(raise()).takes_effect_on("2022-12-31");
    }

    #[test]
    fn nobody_asks_about_a_record_that_is_not_there() {
        let unknown =
            |n| Refusal::RecordUnknown { position: Position(n), tip: Position(100), pointer: "/about".to_owned() };
        auditor().when(RaiseQuery { about: Position(0), ..raise() }).refuses(unknown(0));
        auditor().when(RaiseQuery { about: Position(101), ..raise() }).refuses(unknown(101));
        auditor().when(RaiseQuery { owner: NOBODY, ..raise() }).refuses_as("unit-unknown");
    }

    #[test]
    fn only_auditors_ask() {
        for role in [Role::Office, Role::Supervisor, Role::Viewer, Role::Admin] {
            given().by(CITY, role).when(raise()).refuses_as("role-may-not");
        }
    }
}
