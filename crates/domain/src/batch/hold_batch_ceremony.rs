//! Records a ceremony for some or all of a batch.

use serde::{Deserialize, Serialize};

use crate::{
    BatchId, Context, Counted, Document, Event, EventBody, LocalDate, OfWhich, Position, Reference, Refusal, UnitId,
    What,
    batch::Batch,
    guard::{self, Posting},
};

/// Records a ceremony for some or all of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoldBatchCeremony {
    /// The batch.
    pub batch: BatchId,
    /// How many were received; in all ceremonies at most the batch.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 10_000))]
    pub received: u32,
    /// Day of the ceremony.
    pub held_on: LocalDate,
    /// The minutes, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
    /// Position of a record of the same paper about the same day that the caller knows, and that this is distinct from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
    /// It concerns a period that is closed: the caller knows that what was reported stays as it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

impl HoldBatchCeremony {
    /// So many of the batch received on the day of the ceremony; all ceremonies together at most the batch. What is stated of the
    /// batch is not stated of those received.
    pub fn decide(&self, state: &Batch, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.batch)?;
        let held_on = self.held_on;
        let unit = life.decision.unit;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/batch")?;
        guard::optional_paper(self.document.as_ref(), context)?;
        let received = guard::count(self.received, "/received")?;
        let (already, admitted) = (life.received(), life.decision.n);
        if received > admitted.saturating_sub(already) {
            return Err(Refusal::MoreReceivedThanAdmitted { received, already, admitted });
        }
        guard::held_by_today(held_on, context, "/held_on")?;
        guard::held_after_decision(held_on, life.decision.effective_on, "/held_on")?;
        let mut counted =
            Counted { effective_on: held_on, n: received, of_which: OfWhich::new(), ..life.decision.clone() };
        counted.countable.what = What::Received;
        Ok(vec![Event { effective_on: held_on, body: EventBody::BatchCeremonyHeld { counted } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Trait, batch::AdmitBatch, testing::*};

    fn thirty() -> Story {
        given().has(admit_batch(30, "2022-09-20"))
    }

    #[test]
    fn thirty_decided_and_fifteen_received_leaves_fifteen_without_ceremony() {
        thirty()
            .has(batch_ceremony(15, "2022-09-26"))
            .leaves(["30 admitted Lê Chân 2022-09-20", "15 received Lê Chân 2022-09-26"]);
    }

    #[test]
    fn what_is_stated_of_the_batch_is_not_stated_of_those_received() {
        let stated = AdmitBatch { of_which: OfWhich::from([(Trait::Women, 8)]), ..admit_batch(30, "2022-09-20") };
        given().has(stated).when(batch_ceremony(15, "2022-09-26")).counts(["+15 received Lê Chân 2022-09-26"]);
    }

    #[test]
    fn all_ceremonies_together_receive_at_most_the_batch() {
        let story = thirty().has(batch_ceremony(15, "2022-09-26")).has(batch_ceremony(10, "2022-09-26"));
        story.clone().when(batch_ceremony(6, "2022-10-01")).refuses(Refusal::MoreReceivedThanAdmitted {
            received: 6,
            already: 25,
            admitted: 30,
        });
        story.clone().when(batch_ceremony(5, "2022-10-01")).counts(["+5 received Lê Chân 2022-10-01"]);
        story.when(batch_ceremony(0, "2022-10-01")).refuses_as("count-out-of-range");
    }

    #[test]
    fn it_is_held_after_the_decision_and_not_in_the_future() {
        thirty().when(batch_ceremony(15, "2022-09-19")).refuses_as("held-before-decision");
        thirty().when(batch_ceremony(15, "2023-01-01")).refuses_as("held-in-future");
    }

    #[test]
    fn there_is_no_ceremony_without_a_decision() {
        given().when(batch_ceremony(15, "2022-09-26")).refuses(Refusal::BatchUnknown { batch: BATCH });
    }
}
