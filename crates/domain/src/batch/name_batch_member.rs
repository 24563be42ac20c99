//! Refers to one person of a batch; adds nothing to the counts.

use serde::{Deserialize, Serialize};

use crate::{BatchId, Context, Event, EventBody, Reference, Refusal, SubjectId, UnitId, batch::Batch, guard::Posting};

/// Refers to one person of a batch; adds nothing to the counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NameBatchMember {
    /// The batch.
    pub batch: BatchId,
    /// Opaque; a directory outside the ledger knows who.
    pub subject: SubjectId,
    /// The unit under the caller's office for which it posts, when that is not the office itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<UnitId>,
}

impl NameBatchMember {
    /// One opaque subject more, each once, at most as many as the batch has. Counts nothing: the batch counted.
    pub fn decide(&self, state: &Batch, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.batch)?;
        let subject = self.subject;
        let (unit, admitted) = (life.decision.unit, life.decision.n);
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/batch")?;
        if life.named.contains(&subject) {
            return Err(Refusal::SubjectNamedAlready { subject });
        }
        if life.named_count() >= admitted {
            return Err(Refusal::MoreNamedThanAdmitted { admitted });
        }
        let effective_on = life.decision.effective_on;
        Ok(vec![Event { effective_on, body: EventBody::BatchMemberNamed { subject } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    fn fifteen_named_of_fifteen() -> Story {
        (1..=15).fold(given().has(admit_batch(15, "2022-12-20")), |story, subject| story.has(name_member(subject)))
    }

    #[test]
    fn a_name_refers_to_the_batch_and_adds_nothing() {
        given().has(admit_batch(15, "2022-12-20")).when(name_member(1)).counts([]);
        fifteen_named_of_fifteen().leaves(["15 admitted Lê Chân 2022-12-20"]);
    }

    #[test]
    fn the_sixteenth_name_in_a_batch_of_fifteen_is_refused() {
        fifteen_named_of_fifteen().when(name_member(16)).refuses(Refusal::MoreNamedThanAdmitted { admitted: 15 });
    }

    #[test]
    fn nobody_is_named_twice() {
        let subject = name_member(7).subject;
        fifteen_named_of_fifteen().when(name_member(7)).refuses(Refusal::SubjectNamedAlready { subject });
    }

    #[test]
    fn only_the_owner_names_and_only_in_a_batch_that_stands() {
        given().when(name_member(1)).refuses(Refusal::BatchUnknown { batch: BATCH });
        given()
            .has(admit_batch(15, "2022-12-20"))
            .by(HONG_BANG, Role::Office)
            .when(name_member(1))
            .refuses_as("not-your-unit");
    }
}
