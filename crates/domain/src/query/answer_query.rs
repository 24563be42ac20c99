//! The owner answers.

use serde::{Deserialize, Serialize};

use crate::{
    Answer, Context, Event, EventBody, Kind, Position, PublicationId, QueryId, Record, Reference, Refusal, StreamId,
    UnitId,
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
    /// The record of the correction; needed for `corrected`. It is of the same case, and corrects, revokes, adjusts or takes back.
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

    /// What only the records themselves can say against it: the one named as the correction sets something right on the stream asked about.
    pub fn names_what_set_right(&self, about: StreamId, named: &Record) -> Result<(), Refusal> {
        let sets_right = |event: &Event| match &event.body {
            // A corrected edition is a publication of its own.
            EventBody::FiguresPublished { replaces: Some(earlier), .. } => {
                about.kind == Kind::Publication && *earlier == PublicationId(about.id)
            }
            body => named.stream == about && sets_right(about.kind, body),
        };
        if named.events.iter().any(sets_right) { Ok(()) } else { Err(Refusal::CorrectedAtUnfit) }
    }

    /// There is no such record, or it cannot be read here yet.
    pub fn names_nothing(&self, context: &Context) -> Refusal {
        let position = self.corrected_at.unwrap_or(Position::START);
        Refusal::RecordUnknown { position, tip: context.tip, pointer: "/corrected_at".to_owned() }
    }
}

/// Whether what followed on a stream of a kind sets right what stood there. Of what has no correction of its own whatever came later holds.
const fn sets_right(kind: Kind, body: &EventBody) -> bool {
    match kind {
        Kind::Organisation | Kind::Admission | Kind::Batch | Kind::Target | Kind::Publication | Kind::Access => {
            matches!(
                body,
                EventBody::OrganisationCorrected { .. }
                    | EventBody::OrganisationRevoked { .. }
                    | EventBody::AdmissionCorrected { .. }
                    | EventBody::AdmissionRevoked { .. }
                    | EventBody::BatchCorrected { .. }
                    | EventBody::BatchRevoked { .. }
                    | EventBody::TargetAdjusted { .. }
                    | EventBody::TargetCorrected { .. }
                    | EventBody::TargetWithdrawn { .. }
                    | EventBody::PublicationWithdrawn { .. }
                    | EventBody::AccessRevoked { .. }
            )
        }
        Kind::Ledger | Kind::Structure | Kind::Rules | Kind::Programme | Kind::Period | Kind::Query => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, Reason, RevocationScope, Role, organisation::CorrectOrganisation, testing::*};

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

    /// A record of these events on a stream.
    fn record(stream: StreamId, events: Vec<Event>) -> Record {
        let context = given().context;
        Record {
            stream,
            version: 2,
            command: context.key,
            command_name: "correct-organisation".to_owned(),
            command_digest: [0; 32],
            correlation: None,
            causation: None,
            actor: context.actor,
            on_behalf_of: None,
            recorded_at: context.at,
            reference_position: Position::START,
            document: None,
            distinct_from: None,
            trace_parent: None,
            events,
        }
    }

    fn of(kind: Kind, n: u128) -> StreamId {
        StreamId::new(kind, uuid::Uuid::from_u128(n))
    }

    #[test]
    fn corrected_names_a_record_that_sets_right_what_was_asked_about() {
        let about = of(Kind::Organisation, 1);
        let names = |stream, story: Story, command: Command| {
            let named = record(stream, story.decided(command).unwrap());
            answer(Answer::Corrected, Some(90)).names_what_set_right(about, &named).map_err(|refusal| refusal.slug())
        };
        let founded = || given().has(found("2022-10-03"));
        let corrects = || CorrectOrganisation { effective_on: Some(day("2022-10-04")), ..correct(Reason::WrongDate) };
        assert_eq!(names(about, founded(), corrects().into()), Ok(()));
        assert_eq!(names(about, founded(), revoke(RevocationScope::FromStart, "2022-12-01").into()), Ok(()));
        // Another case's, and what went on without setting anything right.
        assert_eq!(names(of(Kind::Organisation, 2), founded(), corrects().into()), Err("corrected-at-unfit"));
        assert_eq!(names(of(Kind::Batch, 1), founded(), corrects().into()), Err("corrected-at-unfit"));
        assert_eq!(names(about, founded(), announce("2022-10-20").into()), Err("corrected-at-unfit"));
        assert_eq!(names(about, founded(), dissolve("2022-10-20").into()), Err("corrected-at-unfit"));
    }

    #[test]
    fn a_corrected_edition_sets_right_the_one_that_it_replaces_and_of_reference_data_what_came_later() {
        let sets_right = |about: StreamId, stream: StreamId, body: EventBody| {
            let named = record(stream, vec![Event { effective_on: day("2022-12-30"), body }]);
            answer(Answer::Corrected, Some(90)).names_what_set_right(about, &named).is_ok()
        };
        let edition = |replaces: u128| EventBody::FiguresPublished {
            outlet: "Trang mẫu".to_owned(),
            title: "Bài".to_owned(),
            printed: crate::publication::Printed::On(day("2022-12-30")),
            place: None,
            programme: None,
            period: None,
            sentences: vec!["Thành lập 4/3.".to_owned()],
            replaces: Some(PublicationId(uuid::Uuid::from_u128(replaces))),
            office: LE_CHAN,
        };
        let (first, second) = (of(Kind::Publication, 1), of(Kind::Publication, 2));
        assert!(sets_right(first, second, edition(1)));
        assert!(!sets_right(first, second, edition(3)));
        assert!(!sets_right(of(Kind::Organisation, 1), second, edition(1)));
        let renamed = || EventBody::UnitRenamed { unit: WARD, name: "An Biên".to_owned() };
        assert!(sets_right(of(Kind::Structure, 1), of(Kind::Structure, 1), renamed()));
        assert!(!sets_right(of(Kind::Organisation, 1), of(Kind::Structure, 1), renamed()));
    }

    #[test]
    fn nobody_else_answers() {
        asked().by(HONG_BANG, Role::Office).when(answer(Answer::Confirmed, None)).refuses_as("not-your-unit");
        asked().by(CITY, Role::Auditor).when(answer(Answer::Confirmed, None)).refuses_as("role-may-not");
        given().when(answer(Answer::Confirmed, None)).refuses(Refusal::QueryUnknown { query: QUERY });
    }
}
