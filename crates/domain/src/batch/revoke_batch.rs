//! Records that the decision on a batch was revoked.

use serde::{Deserialize, Serialize};

use crate::{
    BatchId, Context, Counted, Document, Event, EventBody, LocalDate, OfWhich, Reference, Refusal, RevocationScope,
    UnitId, What,
    batch::Batch,
    guard::{self, Posting},
};

/// Records that the decision on a batch was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeBatch {
    /// The batch.
    pub batch: BatchId,
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

impl RevokeBatch {
    /// From the start: takes back the batch and its ceremonies, as if they had never been. From a date: all of them less from that
    /// day, net.
    pub fn decide(&self, state: &Batch, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.batch)?;
        let (scope, unit) = (self.scope, life.decision.unit);
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/batch")?;
        guard::signed(&self.document, context, "/document")?;
        let revoked_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::not_before(revoked_on, life.last_on(scope), "/effective_on")?;
        let (effective_on, takes, adds) = match scope {
            RevocationScope::FromStart => (life.decision.effective_on, life.standing.withdrawn().takes, Vec::new()),
            RevocationScope::FromDate => {
                let mut ended = Counted { effective_on: revoked_on, of_which: OfWhich::new(), ..life.decision.clone() };
                ended.countable.what = What::RevokedFromDate;
                ended.unit = guard::credited_on(unit, revoked_on, &life.decision, reference);
                (revoked_on, Vec::new(), vec![ended])
            }
        };
        Ok(vec![Event { effective_on, body: EventBody::BatchRevoked { scope, takes, adds } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reason, Role, batch::CorrectBatch, testing::*};

    const FROM_START: RevocationScope = RevocationScope::FromStart;
    const FROM_DATE: RevocationScope = RevocationScope::FromDate;

    fn received() -> Story {
        given().on("2023-02-20").has(admit_batch(15, "2022-10-03")).has(batch_ceremony(6, "2022-11-01"))
    }

    #[test]
    fn from_the_start_takes_back_the_batch_and_its_ceremonies() {
        received()
            .when(revoke_batch(FROM_START, "2023-02-20"))
            .counts(["−15 admitted Lê Chân 2022-10-03", "−6 received Lê Chân 2022-11-01"]);
        received().has(revoke_batch(FROM_START, "2023-02-20")).leaves([]);
    }

    #[test]
    fn from_a_date_the_net_of_that_date_loses_all_of_them() {
        received().when(revoke_batch(FROM_DATE, "2023-02-20")).counts(["+15 revokedfromdate Lê Chân 2023-02-20"]);
    }

    #[test]
    fn corrected_into_another_year_and_revoked_from_the_start_nothing_is_left() {
        given()
            .on("2023-02-20")
            .has(admit_batch(15, "2022-12-20"))
            .has(CorrectBatch { effective_on: Some(day("2023-01-05")), ..correct_batch(Reason::WrongDate) })
            .has(revoke_batch(FROM_START, "2023-02-20"))
            .leaves([]);
    }

    #[test]
    fn what_was_not_decided_or_is_revoked_is_not_revoked() {
        given().when(revoke_batch(FROM_START, "2022-12-30")).refuses(Refusal::BatchUnknown { batch: BATCH });
        let revoked = received().has(revoke_batch(FROM_START, "2023-02-20"));
        // From the start is as if never: it holds from the day of the decision.
        let refused = Refusal::AlreadyRevoked { on: day("2022-10-03") };
        revoked.clone().when(revoke_batch(FROM_DATE, "2023-02-20")).refuses(refused.clone());
        revoked.clone().when(batch_ceremony(1, "2023-02-20")).refuses(refused.clone());
        revoked.when(name_member(1)).refuses(refused);
    }

    #[test]
    fn it_comes_no_earlier_than_the_decision() {
        received().when(revoke_batch(FROM_DATE, "2022-10-02")).refuses_as("before-its-time");
    }

    #[test]
    fn from_a_date_it_comes_no_earlier_than_the_last_ceremony_which_from_the_start_never_was() {
        let held_twice = || received().has(batch_ceremony(4, "2022-11-15"));
        let (on, last_on, pointer) = (day("2022-11-14"), day("2022-11-15"), "/effective_on".to_owned());
        held_twice().when(revoke_batch(FROM_DATE, "2022-11-14")).refuses(Refusal::BeforeItsTime {
            on,
            last_on,
            pointer,
        });
        held_twice().when(revoke_batch(FROM_DATE, "2022-11-15")).counts(["+15 revokedfromdate Lê Chân 2022-11-15"]);
        held_twice().has(revoke_batch(FROM_START, "2022-11-14")).leaves([]);
    }

    #[test]
    fn from_a_date_whoever_has_the_unit_by_then_has_less() {
        let merged = received().merged(LE_CHAN, HONG_BANG, "2023-01-01").by(HONG_BANG, Role::Office);
        merged.when(revoke_batch(FROM_DATE, "2023-02-20")).counts(["+15 revokedfromdate Hồng Bàng 2023-02-20"]);
    }
}
