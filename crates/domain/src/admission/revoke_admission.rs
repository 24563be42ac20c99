//! Records that an admission decision was revoked.

use serde::{Deserialize, Serialize};

use crate::{
    AdmissionId, Context, Counted, Document, Event, EventBody, LocalDate, OfWhich, Reference, Refusal, RevocationScope,
    UnitId, What,
    admission::Admission,
    guard::{self, Posting},
};

/// Records that an admission decision was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeAdmission {
    /// The admission.
    pub admission: AdmissionId,
    /// From the start, or from a date.
    pub scope: RevocationScope,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// It concerns a period that is closed: the caller knows that what was reported stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl RevokeAdmission {
    /// From the start: takes back the admission and what followed, as if it had never been. From a date: one less from that day, net; who was
    /// not a member any more when the probation ended was not recognised.
    pub fn decide(&self, state: &Admission, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.admission)?;
        let (scope, unit) = (self.scope, life.decision.unit);
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/admission")?;
        guard::signed(&self.document, context, "/document")?;
        let revoked_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::not_before(revoked_on, life.last_on(scope), "/effective_on")?;
        let (effective_on, takes, adds) = match scope {
            RevocationScope::FromStart => (life.decision.effective_on, life.standing.withdrawn().takes, Vec::new()),
            RevocationScope::FromDate => {
                let mut ended = Counted { effective_on: revoked_on, of_which: OfWhich::new(), ..life.decision.clone() };
                ended.countable.what = What::RevokedFromDate;
                ended.unit = guard::credited_on(unit, revoked_on, &life.decision, reference);
                (revoked_on, life.standing.from(What::MadeOfficial, revoked_on), vec![ended])
            }
        };
        Ok(vec![Event { effective_on, body: EventBody::AdmissionRevoked { scope, takes, adds } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reason, RightDay, Role, admission::CorrectAdmission, testing::*};

    const FROM_START: RevocationScope = RevocationScope::FromStart;
    const FROM_DATE: RevocationScope = RevocationScope::FromDate;

    fn received() -> Story {
        given().on("2023-02-20").has(admit("2022-10-03")).has(ceremony("2022-11-01"))
    }

    #[test]
    fn from_the_start_takes_back_the_decision_and_its_ceremony() {
        received()
            .when(revoke_admission(FROM_START, "2023-02-20"))
            .counts(["−1 admitted Lê Chân 2022-10-03", "−1 received Lê Chân 2022-11-01"]);
        received().has(revoke_admission(FROM_START, "2023-02-20")).leaves([]);
    }

    #[test]
    fn from_a_date_only_the_net_of_that_date_loses_one() {
        received().when(revoke_admission(FROM_DATE, "2023-02-20")).counts(["+1 revokedfromdate Lê Chân 2023-02-20"]);
    }

    #[test]
    fn a_revocation_reverses_the_current_values() {
        let corrected =
            CorrectAdmission { effective_on: Some(day("2022-10-13")), ..correct_admission(Reason::WrongDate) };
        received()
            .has(corrected)
            .when(revoke_admission(FROM_START, "2023-02-20"))
            .counts(["−1 received Lê Chân 2022-11-01", "−1 admitted Lê Chân 2022-10-13"]);
    }

    #[test]
    fn what_was_not_decided_or_is_revoked_is_not_revoked() {
        given()
            .when(revoke_admission(FROM_START, "2022-12-30"))
            .refuses(Refusal::AdmissionUnknown { admission: ADMISSION });
        let revoked = received().has(revoke_admission(FROM_DATE, "2023-02-20"));
        let refused = Refusal::AlreadyRevoked { on: day("2023-02-20") };
        revoked.clone().when(revoke_admission(FROM_START, "2023-02-20")).refuses(refused.clone());
        revoked.when(correct_admission(Reason::Typo)).refuses(refused);
    }

    #[test]
    fn it_comes_no_earlier_than_the_decision() {
        let (on, last_on, pointer) = (day("2022-10-02"), day("2022-10-03"), "/effective_on".to_owned());
        let refused = Refusal::BeforeItsTime { on, last_on, pointer };
        let admitted = given().on("2023-02-20").has(admit("2022-10-03"));
        admitted.when(revoke_admission(FROM_DATE, "2022-10-02")).refuses(refused.clone());
        received().when(revoke_admission(FROM_START, "2022-10-02")).refuses(refused);
    }

    #[test]
    fn from_a_date_it_comes_no_earlier_than_the_ceremony_which_from_the_start_never_was() {
        let (on, last_on, pointer) = (day("2022-10-31"), day("2022-11-01"), "/effective_on".to_owned());
        let refused = Refusal::BeforeItsTime { on, last_on, pointer };
        received().when(revoke_admission(FROM_DATE, "2022-10-31")).refuses(refused);
        received().when(revoke_admission(FROM_DATE, "2022-11-01")).counts(["+1 revokedfromdate Lê Chân 2022-11-01"]);
        received().has(revoke_admission(FROM_START, "2022-10-31")).leaves([]);
        let held_later = CorrectAdmission {
            ceremony: Some(RightDay::On(day("2022-11-08"))),
            ..correct_admission(Reason::WrongDate)
        };
        received().has(held_later).when(revoke_admission(FROM_DATE, "2022-11-07")).refuses_as("before-its-time");
        let not_held =
            CorrectAdmission { ceremony: Some(RightDay::DidNotHappen), ..correct_admission(Reason::DidNotHappen) };
        received()
            .has(not_held)
            .when(revoke_admission(FROM_DATE, "2022-10-31"))
            .counts(["+1 revokedfromdate Lê Chân 2022-10-31"]);
    }

    #[test]
    fn from_a_date_whoever_has_the_unit_by_then_has_less() {
        let merged = received().merged(LE_CHAN, HONG_BANG, "2023-01-01").by(HONG_BANG, Role::Office);
        merged.when(revoke_admission(FROM_DATE, "2023-02-20")).counts(["+1 revokedfromdate Hồng Bàng 2023-02-20"]);
    }
}
