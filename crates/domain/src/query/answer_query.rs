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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    fn asked() -> Story {
        given().by(CITY, Role::Auditor).has(raise()).by(LE_CHAN, Role::Office)
    }

    #[test]
    fn the_owner_answers_and_answers_again() {
        asked()
            .when(answer(Answer::WillCorrect, None))
            .records(EventBody::QueryAnswered { answer: Answer::WillCorrect, corrected_at: None });
        let promised = asked().has(answer(Answer::WillCorrect, None));
        promised.clone().when(answer(Answer::WillCorrect, None)).refuses(Refusal::NothingChanges);
        let corrected_at = Some(Position(90));
        promised
            .when(answer(Answer::Corrected, Some(90)))
            .records(EventBody::QueryAnswered { answer: Answer::Corrected, corrected_at });
    }

    #[test]
    fn corrected_names_a_later_record_and_no_other_answer_names_one() {
        asked().when(answer(Answer::Corrected, None)).refuses(Refusal::CorrectedAtUnfit);
        asked().when(answer(Answer::Corrected, Some(7))).refuses(Refusal::CorrectedAtUnfit);
        asked().when(answer(Answer::Confirmed, Some(90))).refuses(Refusal::CorrectedAtUnfit);
        asked().when(answer(Answer::Corrected, Some(101))).refuses_as("record-unknown");
    }

    #[test]
    fn nobody_else_answers() {
        asked().by(HONG_BANG, Role::Office).when(answer(Answer::Confirmed, None)).refuses_as("not-your-unit");
        asked().by(CITY, Role::Auditor).when(answer(Answer::Confirmed, None)).refuses_as("role-may-not");
        given().when(answer(Answer::Confirmed, None)).refuses(Refusal::QueryUnknown { query: QUERY });
    }
}
