//! A reviewer's query; without effect on counts.

mod raise_query;

mod answer_query;
mod close_query;

pub use answer_query::AnswerQuery;
pub use close_query::CloseQuery;
pub use raise_query::RaiseQuery;

use crate::{Answer, Event, EventBody, Position, QueryId, Refusal, UnitId};

/// A reviewer's query; without effect on counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    raised: Option<Raised>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Raised {
    about: Position,
    owner: UnitId,
    answer: Option<(Answer, Option<Position>)>,
    closed: bool,
}

impl Query {
    /// Folds one event. Total: what cannot follow changes nothing.
    pub fn evolve(&mut self, event: &Event) {
        match (&mut self.raised, &event.body) {
            (None, EventBody::QueryRaised { about, owner, .. }) => {
                self.raised = Some(Raised { about: *about, owner: *owner, answer: None, closed: false });
            }
            (Some(raised), EventBody::QueryAnswered { answer, corrected_at }) => {
                raised.answer = Some((*answer, *corrected_at));
            }
            (Some(raised), EventBody::QueryClosed) => raised.closed = true,
            _ => {}
        }
    }

    /// The record asked about, once that was asked.
    pub fn about(&self) -> Option<Position> {
        self.raised.as_ref().map(|raised| raised.about)
    }

    /// Who is to answer.
    pub(crate) fn owner(&self) -> Option<UnitId> {
        self.raised.as_ref().map(|raised| raised.owner)
    }

    fn open(&self, query: QueryId) -> Result<&Raised, Refusal> {
        match &self.raised {
            None => Err(Refusal::QueryUnknown { query }),
            Some(raised) if raised.closed => Err(Refusal::QueryClosed),
            Some(raised) => Ok(raised),
        }
    }
}
