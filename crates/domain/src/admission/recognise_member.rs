//! Records that an admitted member was recognised as official, as of the day the probation ended.

use serde::{Deserialize, Serialize};

use crate::{
    AdmissionId, Context, Counted, Document, Event, EventBody, Reference, Refusal, UnitId, What,
    admission::{
        self, Admission,
        probation::{self, Probation},
    },
    guard::{self, Posting},
};

/// Records that an admitted member was recognised as official, as of the day the probation ended: twelve months after the ceremony.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecogniseMember {
    /// The admission.
    pub admission: AdmissionId,
    /// The paper it stands on, signed when the probation was over; how late is of no matter.
    pub document: Document,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// It concerns a period that is closed: the caller knows that what was reported stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl RecogniseMember {
    /// One official member more, on the day the probation ended and not on that of the decision (DOMAIN §3.2, step 13).
    pub fn decide(&self, state: &Admission, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.admission)?;
        let unit = life.decision.unit;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/admission")?;
        guard::signed(&self.document, context, "/document")?;
        if let Some(on) = life.official_on() {
            return Err(Refusal::RecognisedAlready { on });
        }
        let unknown = || Refusal::AdmissionUnknown { admission: self.admission };
        let membership = admission::membership_of(&life.decision).ok_or_else(unknown)?;
        let probation = Probation::of(membership).ok_or(Refusal::NoProbation { membership })?;
        let ended_on = probation.ends_on(life.held_on().ok_or(Refusal::CeremonyMissing)?);
        let decided_on = self.document.date;
        probation::is_over(ended_on, decided_on, "/document/date")?;
        let mut counted = Counted { effective_on: ended_on, ..life.decision.clone() };
        counted.countable.what = What::MadeOfficial;
        Ok(vec![Event { effective_on: ended_on, body: EventBody::MemberRecognised { counted, decided_on } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        LocalDate, Membership, NeverWas, Reason, RevocationScope, RightDay, Role,
        admission::{AdmitMember, CorrectAdmission},
        testing::*,
    };

    fn received(held_on: &str) -> Story {
        given().on("2026-06-01").has(admit("2022-10-03")).has(ceremony(held_on))
    }

    fn held(ceremony: RightDay) -> CorrectAdmission {
        CorrectAdmission { ceremony: Some(ceremony), ..correct_admission(Reason::WrongDate) }
    }

    fn held_on(date: &str) -> CorrectAdmission {
        held(RightDay::On(day(date)))
    }

    #[test]
    fn a_late_recognition_counts_from_the_twelfth_month() {
        received("2022-11-01").when(recognise_member("2024-02-20")).counts(["+1 madeofficial Lê Chân 2023-11-01"]);
        received("2022-11-01").when(recognise_member("2024-02-20")).takes_effect_on("2023-11-01");
    }

    #[test]
    fn leap_days_and_month_ends_keep_to_their_month() {
        for (held_on, official_on) in [
            ("2024-02-29", "2025-02-28"),
            ("2023-02-28", "2024-02-28"),
            ("2023-01-31", "2024-01-31"),
            ("2023-12-31", "2024-12-31"),
            ("2024-03-01", "2025-03-01"),
        ] {
            received(held_on).when(recognise_member("2025-06-01")).takes_effect_on(official_on);
        }
    }

    #[test]
    fn it_is_signed_on_the_last_day_of_the_probation_at_the_earliest() {
        received("2022-11-01").when(recognise_member("2023-11-01")).takes_effect_on("2023-11-01");
        let (ended_on, decided_on) = (day("2023-11-01"), day("2023-10-31"));
        let pointer = "/document/date".to_owned();
        let refused = Refusal::ProbationNotOver { ended_on, decided_on, pointer };
        received("2022-11-01").when(recognise_member("2023-10-31")).refuses(refused);
        received("2022-11-01").when(recognise_member("2026-06-02")).refuses_as("document-in-future");
    }

    #[test]
    fn without_a_ceremony_there_is_no_day_to_count_from() {
        given()
            .on("2024-06-01")
            .has(admit("2022-10-03"))
            .when(recognise_member("2024-02-20"))
            .refuses(Refusal::CeremonyMissing);
    }

    #[test]
    fn only_party_members_are_on_probation() {
        let membership = Membership::YouthUnion;
        let youth = AdmitMember { membership, ..admit("2022-10-03") };
        let story = given().on("2024-06-01").has(youth).has(ceremony("2022-11-01"));
        story.when(recognise_member("2024-02-20")).refuses(Refusal::NoProbation { membership });
    }

    #[test]
    fn it_is_recorded_once_by_its_own_office_and_of_what_stands() {
        let story = received("2022-11-01").has(recognise_member("2024-02-20"));
        let on = day("2023-11-01");
        story.clone().when(recognise_member("2024-02-20")).refuses(Refusal::RecognisedAlready { on });
        received("2022-11-01")
            .by(HONG_BANG, Role::Office)
            .when(recognise_member("2024-02-20"))
            .refuses_as("not-your-unit");
        let on_behalf = RecogniseMember { on_behalf_of: Some(LE_CHAN), ..recognise_member("2024-02-20") };
        received("2022-11-01").by(CITY, Role::Office).when(on_behalf).takes_effect_on("2023-11-01");
        given().when(recognise_member("2022-12-30")).refuses(Refusal::AdmissionUnknown { admission: ADMISSION });
        received("2022-11-01")
            .has(revoke_admission(RevocationScope::FromDate, "2023-05-02"))
            .when(recognise_member("2024-02-20"))
            .refuses(Refusal::AlreadyRevoked { on: day("2023-05-02") });
    }

    #[test]
    fn a_corrected_ceremony_moves_it() {
        received("2022-11-01").has(recognise_member("2024-02-20")).when(held_on("2022-11-30")).counts([
            "−1 received Lê Chân 2022-11-01",
            "−1 madeofficial Lê Chân 2023-11-01",
            "+1 received Lê Chân 2022-11-30",
            "+1 madeofficial Lê Chân 2023-11-30",
        ]);
    }

    #[test]
    fn a_ceremony_is_not_corrected_to_a_day_on_which_the_decision_came_too_early() {
        let story = received("2022-11-01").has(recognise_member("2023-11-05"));
        story.clone().when(held_on("2022-11-05")).takes_effect_on("2022-10-03");
        let (ended_on, decided_on) = (day("2023-11-06"), day("2023-11-05"));
        let pointer = "/ceremony/on".to_owned();
        story.when(held_on("2022-11-06")).refuses(Refusal::ProbationNotOver { ended_on, decided_on, pointer });
    }

    #[test]
    fn a_ceremony_that_did_not_happen_began_no_probation() {
        let story = received("2022-11-01").has(recognise_member("2024-02-20"));
        let gone = held(RightDay::DidNotHappen);
        story
            .clone()
            .when(gone.clone())
            .counts(["−1 received Lê Chân 2022-11-01", "−1 madeofficial Lê Chân 2023-11-01"]);
        let again = story.has(gone).has(ceremony("2023-01-05"));
        again.when(recognise_member("2024-02-20")).counts(["+1 madeofficial Lê Chân 2024-01-05"]);
    }

    #[test]
    fn a_recognition_that_did_not_happen_is_taken_back_alone() {
        let never = |recognition| CorrectAdmission { recognition, ..correct_admission(Reason::DidNotHappen) };
        let gone = never(Some(NeverWas::DidNotHappen));
        let story = received("2022-11-01").has(recognise_member("2024-02-20"));
        story.clone().when(gone.clone()).counts(["−1 madeofficial Lê Chân 2023-11-01"]);
        story.clone().has(gone.clone()).when(recognise_member("2024-03-05")).takes_effect_on("2023-11-01");
        let pointer = "/recognition".to_owned();
        received("2022-11-01").when(gone).refuses(Refusal::NothingToCorrect { pointer });
    }

    #[test]
    fn what_is_corrected_of_the_decision_is_corrected_of_the_recognition() {
        let moved = CorrectAdmission { unit: Some(HONG_BANG), ..correct_admission(Reason::WrongUnit) };
        received("2022-11-01").has(recognise_member("2024-02-20")).by(CITY, Role::Supervisor).when(moved).counts([
            "−1 admitted Lê Chân 2022-10-03",
            "−1 received Lê Chân 2022-11-01",
            "−1 madeofficial Lê Chân 2023-11-01",
            "+1 admitted Hồng Bàng 2022-10-03",
            "+1 received Hồng Bàng 2022-11-01",
            "+1 madeofficial Hồng Bàng 2023-11-01",
        ]);
        let day_of_decision =
            CorrectAdmission { effective_on: Some(day("2022-10-13")), ..correct_admission(Reason::WrongDate) };
        received("2022-11-01")
            .has(recognise_member("2024-02-20"))
            .when(day_of_decision)
            .counts(["−1 admitted Lê Chân 2022-10-03", "+1 admitted Lê Chân 2022-10-13"]);
    }

    #[test]
    fn a_membership_without_probation_takes_the_recognition_back() {
        let youth = CorrectAdmission { membership: Some(Membership::YouthUnion), ..correct_admission(Reason::Typo) };
        let story = received("2022-11-01").has(recognise_member("2024-02-20")).has(youth);
        story.leaves(["1 admitted Lê Chân 2022-10-03", "1 received Lê Chân 2022-11-01"]);
    }

    #[test]
    fn a_revocation_takes_back_what_came_after_it() {
        let story = || received("2022-11-01").has(recognise_member("2024-02-20"));
        story().has(revoke_admission(RevocationScope::FromStart, "2024-03-01")).leaves([]);
        story()
            .when(revoke_admission(RevocationScope::FromDate, "2024-03-01"))
            .counts(["+1 revokedfromdate Lê Chân 2024-03-01"]);
        for before in ["2023-05-02", "2023-11-01"] {
            let ended = format!("+1 revokedfromdate Lê Chân {before}");
            story()
                .when(revoke_admission(RevocationScope::FromDate, before))
                .counts(["−1 madeofficial Lê Chân 2023-11-01", ended.as_str()]);
        }
    }

    /// Days of a month, counted by hand.
    fn days_in(year: i16, month: i8) -> i8 {
        match month {
            2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    #[test]
    fn for_every_day_of_a_ceremony_the_recognition_is_on_the_day_that_a_plain_calendar_gives() {
        let mut held_on = day("2022-10-03");
        while held_on < day("2025-03-02") {
            let (year, month) = (held_on.year() + 1, held_on.month());
            let expected = LocalDate::new(year, month, held_on.day().min(days_in(year, month))).unwrap();
            let story = received(&held_on.to_string());
            story.clone().when(recognise_member(&expected.to_string())).takes_effect_on(&expected.to_string());
            story.when(recognise_member(&expected.yesterday().to_string())).refuses_as("probation-not-over");
            held_on = held_on.tomorrow();
        }
    }
}
