//! Records the day a founding was announced.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Document, Event, EventBody, LocalDate, OrganisationId, Reference, Refusal, UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Records the day a founding was announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AnnounceFounding {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The programme or minutes of the ceremony, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}

impl AnnounceFounding {
    /// A day, once. Counts nothing: the decision counted.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.living(self.organisation)?;
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check("/organisation")?;
        guard::optional_paper(self.document.as_ref(), context)?;
        if !matches!(life.origin.countable.what, What::Founded | What::Recognised) {
            return Err(Refusal::NothingToAnnounce);
        }
        if let Some(on) = life.announced_on {
            return Err(Refusal::AlreadyAnnounced { on });
        }
        guard::held_by_today(self.held_on, context, "/held_on")?;
        guard::held_after_decision(self.held_on, life.origin.effective_on, "/held_on")?;
        Ok(vec![Event { effective_on: self.held_on, body: EventBody::FoundingAnnounced }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Origin, testing::*};

    #[test]
    fn an_announcement_counts_nothing() {
        given().has(found("2022-12-20")).when(announce("2022-12-25")).records(EventBody::FoundingAnnounced);
        given().has(found("2022-12-20")).when(announce("2022-12-25")).counts([]);
        given().has(found("2022-12-20")).when(announce("2022-12-25")).takes_effect_on("2022-12-25");
    }

    #[test]
    fn it_is_announced_once() {
        let refused = Refusal::AlreadyAnnounced { on: day("2022-12-25") };
        given().has(found("2022-12-20")).has(announce("2022-12-25")).when(announce("2022-12-26")).refuses(refused);
    }

    #[test]
    fn it_is_announced_after_it_was_decided_and_not_in_the_future() {
        let (held_on, decided_on) = (day("2022-12-19"), day("2022-12-20"));
        let story = given().has(found("2022-12-20"));
        story.clone().when(announce("2022-12-19")).refuses(Refusal::HeldBeforeDecision {
            held_on,
            decided_on,
            pointer: "/held_on".to_owned(),
        });
        story.when(announce("2023-01-01")).refuses_as("held-in-future");
    }

    #[test]
    fn what_was_only_registered_has_no_decision_to_announce() {
        let story = given().has(register("2022-03-01", Origin::BeforeLedger));
        story.when(announce("2022-12-25")).refuses(Refusal::NothingToAnnounce);
    }

    #[test]
    fn what_the_ledger_does_not_know_is_not_announced() {
        given().when(announce("2022-12-25")).refuses(Refusal::OrganisationUnknown { organisation: ORGANISATION });
    }
}
