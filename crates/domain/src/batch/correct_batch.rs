//! Corrects what was recorded of a batch. Give only what was wrong.

use serde::{Deserialize, Serialize};

use crate::{
    BatchId, Context, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, Membership, OfWhich, Reason,
    Reference, Refusal, RightDay, UnitId, What,
    batch::{Batch, Life},
    guard::{self, Posting},
    of_which,
};

/// Corrects what was recorded of a batch. Give only what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectBatch {
    /// The batch.
    pub batch: BatchId,
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
    /// The right number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 10_000))]
    pub count: Option<u32>,
    /// All that is stated, replacing what was recorded.
    #[serde(default, deserialize_with = "of_which::read_if_any", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(inline))]
    pub of_which: Option<OfWhich>,
    /// What is right of one of its ceremonies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceremony: Option<RightBatchCeremony>,
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

/// What is right of the ceremonies recorded on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RightBatchCeremony {
    /// The day as it is recorded.
    pub recorded_on: LocalDate,
    /// What is right.
    pub right: RightDay,
}

impl CorrectBatch {
    /// Takes back what was wrong and adds what is right, of the decision and of its ceremonies. The reasons `duplicate` and
    /// `did_not_happen` without any value take everything back.
    pub fn decide(&self, state: &Batch, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let life = state.standing(self.batch)?;
        let wrong = &life.decision;
        let posting = Posting { unit: wrong.unit, on_behalf_of: self.on_behalf_of, reference, context };
        posting.check_correcting(self.unit)?;
        guard::paper_of_correction(self.reason, self.document.as_ref(), context)?;
        let right = right_decision(wrong, context, self)?;
        let moved = self.right_ceremony(life, right.effective_on, context)?;
        let change = life.standing.revised(|_, counted| revised(life, &right, moved, counted));
        let held = change.apply(&life.standing);
        guard::moved(wrong, &right, held.days(What::Received).min(), reference)?;
        let (count, received, named) = (right.n, held.sum(What::Received), life.named_count());
        if count < received.max(named) {
            return Err(Refusal::BatchTooSmall { count, received, named });
        }
        let change = guard::correction(change, self.reason, self.says_nothing(), &life.standing)?;
        let (reason, effective_on) = (self.reason, right.effective_on);
        let body = EventBody::BatchCorrected { reason, takes: change.takes, adds: change.adds };
        Ok(vec![Event { effective_on, body }])
    }

    /// The day whose ceremonies move, and where to: nowhere when there were none.
    fn right_ceremony(&self, life: &Life, decided_on: LocalDate, context: &Context) -> Result<Option<Moved>, Refusal> {
        let Some(RightBatchCeremony { recorded_on, right }) = self.ceremony else { return Ok(None) };
        let recorded = life.standing.days(What::Received).any(|held_on| held_on == recorded_on);
        guard::recorded(recorded, "/ceremony/recorded_on")?;
        let to = guard::right_ceremony(right, decided_on, context, "/ceremony/right/on")?;
        Ok(Some(Moved { from: recorded_on, to }))
    }

    /// Gives no value at all.
    const fn says_nothing(&self) -> bool {
        self.unit.is_none()
            && self.effective_on.is_none()
            && self.host_kind.is_none()
            && self.place.is_none()
            && self.membership.is_none()
            && self.count.is_none()
            && self.of_which.is_none()
            && self.ceremony.is_none()
    }
}

/// The decision as the command would have it.
fn right_decision(wrong: &Counted, context: &Context, command: &CorrectBatch) -> Result<Counted, Refusal> {
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
    if let Some(count) = command.count {
        right.n = guard::count(count, "/count")?;
    }
    if let Some(of_which) = &command.of_which {
        right.of_which.clone_from(of_which);
    }
    guard::of_which(&right.of_which, right.n)?;
    right.unit = command.unit.unwrap_or(right.unit);
    right.countable.host_kind = command.host_kind.unwrap_or(right.countable.host_kind);
    Ok(right)
}

/// Ceremonies of one day that were on another, or on none.
#[derive(Clone, Copy)]
struct Moved {
    from: LocalDate,
    to: Option<LocalDate>,
}

/// One count of this batch with the right values; a ceremony keeps its own day, unless that moved, and its number.
fn revised(life: &Life, right: &Counted, moved: Option<Moved>, counted: &Counted) -> Option<Counted> {
    if *counted == life.decision {
        return Some(right.clone());
    }
    let mut revised = counted.clone();
    if let Some(moved) = moved.filter(|moved| moved.from == counted.effective_on) {
        revised.effective_on = moved.to?;
    }
    revised.unit = right.unit;
    revised.place.clone_from(&right.place);
    revised.countable.host_kind = right.countable.host_kind;
    revised.countable.of = right.countable.of;
    Some(revised)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, Trait, batch::AdmitBatch, testing::*};

    fn fifteen() -> Story {
        let of_which = OfWhich::from([(Trait::Women, 8)]);
        given().on("2023-01-10").has(AdmitBatch { of_which, ..admit_batch(15, "2022-10-03") })
    }

    fn count_to(count: u32) -> CorrectBatch {
        CorrectBatch { count: Some(count), ..correct_batch(Reason::Typo) }
    }

    #[test]
    fn fifteen_corrected_to_fourteen_is_one_less_on_the_old_day() {
        fifteen()
            .when(count_to(14))
            .counts(["−15 admitted Lê Chân 2022-10-03 (women 8)", "+14 admitted Lê Chân 2022-10-03 (women 8)"]);
    }

    #[test]
    fn an_of_which_stays_within_the_corrected_whole() {
        let (of, pointer) = (Trait::Women, "/of_which/women".to_owned());
        fifteen().when(count_to(7)).refuses(Refusal::OfWhichTooLarge { of, part: 8, whole: 7, pointer });
        let both = CorrectBatch { of_which: Some(OfWhich::new()), ..count_to(7) };
        fifteen().when(both).counts(["−15 admitted Lê Chân 2022-10-03 (women 8)", "+7 admitted Lê Chân 2022-10-03"]);
        fifteen().when(count_to(0)).refuses_as("count-out-of-range");
        fifteen().when(count_to(10_001)).refuses_as("count-out-of-range");
    }

    #[test]
    fn a_batch_stays_as_large_as_what_was_received_and_named() {
        let received = fifteen().has(batch_ceremony(12, "2022-11-01")).has(name_member(1));
        received.clone().when(count_to(11)).refuses(Refusal::BatchTooSmall { count: 11, received: 12, named: 1 });
        assert_eq!(received.when(count_to(12)).bodies().len(), 1);
    }

    #[test]
    fn a_larger_batch_takes_more_names_and_ceremonies() {
        let grown = fifteen().has(batch_ceremony(15, "2022-11-01")).has(count_to(16));
        grown.when(batch_ceremony(1, "2022-11-02")).counts(["+1 received Lê Chân 2022-11-02"]);
    }

    #[test]
    fn a_corrected_unit_moves_the_ceremonies_too_and_each_keeps_its_day_and_number() {
        let moved = CorrectBatch { unit: Some(HONG_BANG), ..correct_batch(Reason::WrongUnit) };
        let received = given().on("2023-01-10").has(admit_batch(15, "2022-10-03")).has(batch_ceremony(6, "2022-11-01"));
        received.clone().when(moved.clone()).refuses_as("common-superior-only");
        received.by(CITY, Role::Supervisor).when(moved).counts([
            "−15 admitted Lê Chân 2022-10-03",
            "−6 received Lê Chân 2022-11-01",
            "+15 admitted Hồng Bàng 2022-10-03",
            "+6 received Hồng Bàng 2022-11-01",
        ]);
    }

    #[test]
    fn a_corrected_day_moves_the_batch_across_the_years_and_no_later_than_its_ceremony() {
        let day_to = |date: &str| CorrectBatch { effective_on: Some(day(date)), ..correct_batch(Reason::WrongDate) };
        let plain = given().on("2023-01-10").has(admit_batch(15, "2022-12-20"));
        plain
            .clone()
            .when(day_to("2023-01-05"))
            .counts(["−15 admitted Lê Chân 2022-12-20", "+15 admitted Lê Chân 2023-01-05"]);
        let received = plain.has(batch_ceremony(6, "2023-01-04"));
        received.when(day_to("2023-01-05")).refuses_as("after-what-followed");
    }

    #[test]
    fn the_ceremonies_of_a_day_are_corrected_by_themselves() {
        let right = |recorded_on, right| CorrectBatch {
            ceremony: Some(RightBatchCeremony { recorded_on: day(recorded_on), right }),
            ..correct_batch(Reason::WrongDate)
        };
        let on = |date| RightDay::On(day(date));
        let held = given()
            .on("2023-01-10")
            .has(admit_batch(15, "2022-10-03"))
            .has(batch_ceremony(6, "2022-11-01"))
            .has(batch_ceremony(5, "2022-11-08"));
        held.clone()
            .when(right("2022-11-01", on("2022-11-03")))
            .counts(["−6 received Lê Chân 2022-11-01", "+6 received Lê Chân 2022-11-03"]);
        let gone = held.clone().has(right("2022-11-01", RightDay::DidNotHappen));
        gone.clone().leaves(["15 admitted Lê Chân 2022-10-03", "5 received Lê Chân 2022-11-08"]);
        gone.clone().when(batch_ceremony(10, "2022-12-01")).counts(["+10 received Lê Chân 2022-12-01"]);
        gone.when(batch_ceremony(11, "2022-12-01")).refuses_as("more-received-than-admitted");
        let pointer = "/ceremony/recorded_on".to_owned();
        held.clone().when(right("2022-11-02", on("2022-11-03"))).refuses(Refusal::NothingToCorrect { pointer });
        held.clone().when(right("2022-11-01", on("2022-10-02"))).refuses_as("held-before-decision");
        held.clone().when(right("2022-11-01", on("2023-01-11"))).refuses_as("held-in-future");
        let smaller = CorrectBatch { count: Some(5), ..right("2022-11-01", RightDay::DidNotHappen) };
        held.has(smaller).leaves(["5 received Lê Chân 2022-11-08", "5 admitted Lê Chân 2022-10-03"]);
    }

    #[test]
    fn a_superior_or_a_reviewer_changes_no_figure() {
        fifteen().by(CITY, Role::Supervisor).when(count_to(14)).refuses_as("owner-corrects");
        fifteen().by(LE_CHAN, Role::Auditor).when(count_to(14)).refuses_as("role-may-not");
    }

    #[test]
    fn nothing_changes_where_nothing_differs() {
        fifteen().when(count_to(15)).refuses(Refusal::NothingChanges);
        fifteen().when(CorrectBatch { reason: Reason::Other, ..count_to(14) }).refuses_as("reason-needs-document");
    }

    #[test]
    fn a_batch_that_did_not_happen_is_taken_back_whole() {
        let never = correct_batch(Reason::DidNotHappen);
        fifteen().when(never.clone()).counts(["−15 admitted Lê Chân 2022-10-03 (women 8)"]);
        fifteen().has(never).when(count_to(14)).refuses(Refusal::TakenBack);
        given().when(count_to(14)).refuses(Refusal::BatchUnknown { batch: BATCH });
    }
}
