//! Corrects what was recorded of one admission. Give only what was wrong.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    AdmissionId, Context, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, Membership, NeverWas,
    Reason, Reference, Refusal, RightDay, Trait, UnitId, What,
    admission::{self, Admission, Life, probation},
    guard::{self, Posting},
};

/// Corrects what was recorded of one admission. Give only what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectAdmission {
    /// The admission.
    pub admission: AdmissionId,
    /// Why.
    pub reason: Reason,
    /// The right unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The right day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// The right host kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_kind: Option<HostKind>,
    /// The right place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The right membership.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub membership: Option<Membership>,
    /// All that is stated of the person, replacing what was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traits: Option<BTreeMap<Trait, bool>>,
    /// What is right of the ceremony.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceremony: Option<RightDay>,
    /// That the recognition as official should not have been recorded; its day follows from that of the ceremony.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognition: Option<NeverWas>,
    /// The paper of the correction; needed for `other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// It concerns a period that is closed: the caller knows that what was reported stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl CorrectAdmission {
    /// Takes back what was wrong and adds what is right, of the decision and of what followed it. The reasons `duplicate` and
    /// `did_not_happen` without any value take everything back.
    pub fn decide(&self, state: &Admission, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.admission)?;
        let wrong = &life.decision;
        let posting = Posting { unit: wrong.unit, on_behalf_of: self.on_behalf_of, reference, context };
        posting.check_correcting(self.unit)?;
        guard::paper_of_correction(self.reason, self.document.as_ref(), context)?;
        let right = right_decision(wrong, context, self)?;
        let held_on = match self.ceremony {
            Some(day) => {
                guard::recorded(life.held_on().is_some(), "/ceremony")?;
                guard::right_ceremony(day, right.effective_on, context, "/ceremony/on")?
            }
            None => life.held_on(),
        };
        let official_on = self.official_on(life, &right, held_on)?;
        guard::moved(wrong, &right, held_on, reference)?;
        let days = Days { held_on, official_on };
        let change = life.standing.revised(|_, counted| revised(life, &right, days, counted));
        let change = guard::correction(change, self.reason, self.says_nothing(), &life.standing)?;
        let (reason, effective_on) = (self.reason, right.effective_on);
        let body = EventBody::AdmissionCorrected { reason, takes: change.takes, adds: change.adds };
        Ok(vec![Event { effective_on, body }])
    }

    /// Gives no value at all.
    const fn says_nothing(&self) -> bool {
        self.unit.is_none()
            && self.effective_on.is_none()
            && self.host_kind.is_none()
            && self.place.is_none()
            && self.membership.is_none()
            && self.traits.is_none()
            && self.ceremony.is_none()
            && self.recognition.is_none()
    }

    /// From when the member is recognised: as before where neither ceremony nor membership is another, else the day on which the probation
    /// ended as it is known now. None without a ceremony or a probation.
    fn official_on(
        &self,
        life: &Life,
        right: &Counted,
        held_on: Option<LocalDate>,
    ) -> Result<Option<LocalDate>, Refusal> {
        let before = life.official_on();
        if self.recognition.is_some() {
            guard::recorded(before.is_some(), "/recognition")?;
            return Ok(None);
        }
        if held_on == life.held_on() && right.countable.of == life.decision.countable.of {
            return Ok(before);
        }
        let (Some(_), Some(decided_on), Some(held_on)) = (before, life.recognised_by, held_on) else { return Ok(None) };
        let Some(probation) = admission::membership_of(right).and_then(probation::Probation::of) else {
            return Ok(None);
        };
        let ended_on = probation.ends_on(held_on);
        probation::is_over(ended_on, decided_on, "/ceremony/on")?;
        Ok(Some(ended_on))
    }
}

/// The days of what followed the decision, as the command would have them.
#[derive(Clone, Copy)]
struct Days {
    held_on: Option<LocalDate>,
    official_on: Option<LocalDate>,
}

/// The decision as the command would have it.
fn right_decision(wrong: &Counted, context: &Context, command: &CorrectAdmission) -> Result<Counted, Refusal> {
    let mut right = wrong.clone();
    if let Some(effective_on) = command.effective_on {
        right.effective_on = guard::corrected_day(effective_on, context, "/effective_on")?;
    }
    if let Some(place) = guard::place(command.place.as_deref())? {
        right.place = Some(place);
    }
    if let Some(membership) = command.membership {
        right.countable.of = Countee::Member(membership);
    }
    if let Some(traits) = &command.traits {
        right.of_which = admission::of_which(traits);
    }
    right.unit = command.unit.unwrap_or(right.unit);
    right.countable.host_kind = command.host_kind.unwrap_or(right.countable.host_kind);
    Ok(right)
}

/// One count of this admission with the right values; what followed has its own day, and is gone without one.
fn revised(life: &Life, right: &Counted, days: Days, counted: &Counted) -> Option<Counted> {
    if *counted == life.decision {
        return Some(right.clone());
    }
    let what = counted.countable.what;
    let day = if what == What::MadeOfficial { days.official_on } else { days.held_on };
    let mut revised = Counted { effective_on: day?, ..right.clone() };
    revised.countable.what = what;
    Some(revised)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    fn received() -> Story {
        given().on("2023-01-10").has(admit("2022-10-03")).has(ceremony("2022-11-01"))
    }

    fn day_to(date: &str) -> CorrectAdmission {
        CorrectAdmission { effective_on: Some(day(date)), ..correct_admission(Reason::WrongDate) }
    }

    #[test]
    fn a_corrected_day_moves_the_decision_and_not_the_ceremony() {
        received()
            .when(day_to("2022-10-13"))
            .counts(["−1 admitted Lê Chân 2022-10-03", "+1 admitted Lê Chân 2022-10-13"]);
    }

    #[test]
    fn a_corrected_unit_moves_both_by_the_common_superior() {
        let moved = CorrectAdmission { unit: Some(HONG_BANG), ..correct_admission(Reason::WrongUnit) };
        received().when(moved.clone()).refuses_as("common-superior-only");
        received().by(CITY, Role::Supervisor).when(moved).counts([
            "−1 admitted Lê Chân 2022-10-03",
            "−1 received Lê Chân 2022-11-01",
            "+1 admitted Hồng Bàng 2022-10-03",
            "+1 received Hồng Bàng 2022-11-01",
        ]);
    }

    #[test]
    fn what_is_stated_of_the_person_is_replaced_whole() {
        let traits = Some(BTreeMap::from([(Trait::PrivateBusinessOwner, true)]));
        received().when(CorrectAdmission { traits, ..correct_admission(Reason::Typo) }).counts([
            "−1 admitted Lê Chân 2022-10-03",
            "−1 received Lê Chân 2022-11-01",
            "+1 admitted Lê Chân 2022-10-03 (private_business_owner 1)",
            "+1 received Lê Chân 2022-11-01 (private_business_owner 1)",
        ]);
    }

    #[test]
    fn membership_host_and_place_are_corrected_of_both() {
        let right = CorrectAdmission {
            membership: Some(Membership::YouthUnion),
            host_kind: Some(HostKind::Cooperative),
            place: Some("304".to_owned()),
            ..correct_admission(Reason::Typo)
        };
        let bodies = received().when(right).bodies();
        for added in bodies[0].counts().1 {
            assert_eq!(added.countable.of, Countee::Member(Membership::YouthUnion));
            assert_eq!((added.countable.host_kind, added.place.as_deref()), (HostKind::Cooperative, Some("304")));
        }
    }

    #[test]
    fn the_day_stays_no_later_than_the_ceremony() {
        let (on, followed_on) = (day("2022-11-02"), day("2022-11-01"));
        received().when(day_to("2022-11-02")).refuses(Refusal::AfterWhatFollowed { on, followed_on });
    }

    #[test]
    fn a_wrong_day_of_the_ceremony_is_corrected_by_itself() {
        let held = |ceremony| CorrectAdmission { ceremony: Some(ceremony), ..correct_admission(Reason::WrongDate) };
        let on = |date| held(RightDay::On(day(date)));
        received().when(on("2022-11-03")).counts(["−1 received Lê Chân 2022-11-01", "+1 received Lê Chân 2022-11-03"]);
        received()
            .has(on("2022-11-03"))
            .when(day_to("2022-11-02"))
            .counts(["−1 admitted Lê Chân 2022-10-03", "+1 admitted Lê Chân 2022-11-02"]);
        let (held_on, decided_on) = (day("2022-10-02"), day("2022-10-03"));
        let pointer = "/ceremony/on".to_owned();
        received().when(on("2022-10-02")).refuses(Refusal::HeldBeforeDecision { held_on, decided_on, pointer });
        received().when(on("2023-01-11")).refuses_as("held-in-future");
        received().when(on("2022-11-01")).refuses(Refusal::NothingChanges);
        let pointer = "/ceremony".to_owned();
        given().has(admit("2022-10-03")).when(on("2022-11-01")).refuses(Refusal::NothingToCorrect { pointer });
    }

    #[test]
    fn a_ceremony_that_did_not_happen_is_taken_back_alone_and_can_be_held_later() {
        let gone =
            CorrectAdmission { ceremony: Some(RightDay::DidNotHappen), ..correct_admission(Reason::DidNotHappen) };
        received().when(gone.clone()).counts(["−1 received Lê Chân 2022-11-01"]);
        received().has(gone.clone()).when(ceremony("2022-12-01")).counts(["+1 received Lê Chân 2022-12-01"]);
        received()
            .has(gone)
            .when(day_to("2022-11-20"))
            .counts(["−1 admitted Lê Chân 2022-10-03", "+1 admitted Lê Chân 2022-11-20"]);
    }

    #[test]
    fn a_superior_or_a_reviewer_changes_no_figure() {
        received().by(CITY, Role::Supervisor).when(day_to("2022-10-13")).refuses_as("owner-corrects");
        received().by(LE_CHAN, Role::Auditor).when(day_to("2022-10-13")).refuses_as("role-may-not");
        let named = CorrectAdmission { on_behalf_of: Some(LE_CHAN), ..day_to("2022-10-13") };
        assert_eq!(received().by(CITY, Role::Office).when(named).bodies().len(), 1);
    }

    #[test]
    fn nothing_changes_where_nothing_differs() {
        received().when(correct_admission(Reason::Typo)).refuses(Refusal::NothingChanges);
        received().when(day_to("2022-10-03")).refuses(Refusal::NothingChanges);
        let other = CorrectAdmission { reason: Reason::Other, ..day_to("2022-10-13") };
        received().when(other).refuses(Refusal::ReasonNeedsDocument { reason: Reason::Other });
    }

    #[test]
    fn what_was_recorded_twice_is_taken_back_whole() {
        let duplicate = correct_admission(Reason::Duplicate);
        received().when(duplicate.clone()).counts(["−1 admitted Lê Chân 2022-10-03", "−1 received Lê Chân 2022-11-01"]);
        received().has(duplicate).when(day_to("2022-10-13")).refuses(Refusal::TakenBack);
    }

    #[test]
    fn what_was_not_decided_is_not_corrected() {
        given().when(day_to("2022-10-13")).refuses(Refusal::AdmissionUnknown { admission: ADMISSION });
    }
}
