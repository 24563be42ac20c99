//! The owner answers.

use serde::{Deserialize, Serialize};

use crate::{
    Answer, Context, Event, EventBody, Position, QueryId, Reference, Refusal, UnitId,
    guard::{self, Posting},
    query::Query,
};

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

impl AnswerQuery {
    /// By the owner, until the query is closed; a later answer stands beside the earlier ones in the trail.
    pub fn decide(&self, state: &Query, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &AnswerQuery { answer, corrected_at, on_behalf_of, .. } = self;
        let raised = state.open(self.query)?;
        Posting { unit: raised.owner, on_behalf_of, reference, context }.check("/query")?;
        match (answer, corrected_at) {
            (Answer::Corrected, Some(at)) if at > raised.about => guard::known_record(at, context, "/corrected_at")?,
            (Answer::Confirmed | Answer::WillCorrect, None) => {}
            _ => return Err(Refusal::CorrectedAtUnfit),
        }
        if raised.answer == Some((answer, corrected_at)) {
            return Err(Refusal::NothingChanges);
        }
        Ok(vec![Event { effective_on: context.today(), body: EventBody::QueryAnswered { answer, corrected_at } }])
    }
}
