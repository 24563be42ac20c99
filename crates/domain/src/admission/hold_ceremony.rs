//! Records the day on which one admitted person was received.

use serde::{Deserialize, Serialize};

use crate::{
    AdmissionId, Context, Counted, Document, Event, EventBody, LocalDate, Reference, Refusal, UnitId, What,
    admission::Admission,
    guard::{self, Posting},
};

/// Records the day on which one admitted person was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldCeremony {
    /// The admission.
    pub admission: AdmissionId,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The minutes, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// It concerns a period that is closed: the caller knows that what was reported stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl HoldCeremony {
    /// The person received, on the day of the ceremony. Counts apart from the decision.
    pub fn decide(&self, state: &Admission, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.admission)?;
        let held_on = self.held_on;
        let unit = life.decision.unit;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/admission")?;
        guard::optional_paper(self.document.as_ref(), context)?;
        if let Some(on) = life.held_on() {
            return Err(Refusal::CeremonyAlreadyHeld { on });
        }
        guard::held_by_today(held_on, context, "/held_on")?;
        guard::held_after_decision(held_on, life.decision.effective_on, "/held_on")?;
        let mut counted = Counted { effective_on: held_on, ..life.decision.clone() };
        counted.countable.what = What::Received;
        Ok(vec![Event { effective_on: held_on, body: EventBody::CeremonyHeld { counted } }])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Role, Trait, admission::AdmitMember, testing::*};

    #[test]
    fn decided_in_december_and_received_in_february_counts_each_on_its_day() {
        given()
            .on("2023-02-04")
            .has(admit("2022-12-30"))
            .has(ceremony("2023-02-03"))
            .leaves(["1 admitted Lê Chân 2022-12-30", "1 received Lê Chân 2023-02-03"]);
    }

    #[test]
    fn a_ceremony_repeats_what_is_stated_of_the_person() {
        let traits = BTreeMap::from([(Trait::Women, true)]);
        given()
            .has(AdmitMember { traits, ..admit("2022-12-20") })
            .when(ceremony("2022-12-25"))
            .counts(["+1 received Lê Chân 2022-12-25 (women 1)"]);
    }

    #[test]
    fn it_is_held_once_after_the_decision_and_not_in_the_future() {
        let story = given().has(admit("2022-12-20"));
        let (held_on, decided_on) = (day("2022-12-19"), day("2022-12-20"));
        story.clone().when(ceremony("2022-12-19")).refuses(Refusal::HeldBeforeDecision {
            held_on,
            decided_on,
            pointer: "/held_on".to_owned(),
        });
        let (held_on, today) = (day("2023-01-01"), day("2022-12-31"));
        let pointer = "/held_on".to_owned();
        story.clone().when(ceremony("2023-01-01")).refuses(Refusal::HeldInFuture { held_on, today, pointer });
        let on = day("2022-12-25");
        story.has(ceremony("2022-12-25")).when(ceremony("2022-12-26")).refuses(Refusal::CeremonyAlreadyHeld { on });
    }

    #[test]
    fn the_minutes_are_a_paper_too() {
        let minutes = |date| HoldCeremony { document: Some(paper_of(date)), ..ceremony("2022-12-25") };
        given().has(admit("2022-12-20")).when(minutes("2023-01-01")).refuses_as("document-in-future");
        given().has(admit("2022-12-20")).when(minutes("2022-12-26")).counts(["+1 received Lê Chân 2022-12-25"]);
    }

    #[test]
    fn there_is_no_ceremony_without_a_decision_and_none_by_a_sister_office() {
        given().when(ceremony("2022-12-25")).refuses(Refusal::AdmissionUnknown { admission: ADMISSION });
        given()
            .has(admit("2022-12-20"))
            .by(HONG_BANG, Role::Office)
            .when(ceremony("2022-12-25"))
            .refuses_as("not-your-unit");
    }
}
