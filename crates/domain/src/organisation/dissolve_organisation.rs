//! Records a dissolution.

use serde::{Deserialize, Serialize};

use crate::{
    Context, DissolutionReason, Document, Event, EventBody, LocalDate, OrganisationId, Position, Reference, Refusal,
    UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Records a dissolution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DissolveOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Why.
    pub reason: DissolutionReason,
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
    /// Position of a record of the same paper that the caller has seen and says is a different matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
}

impl DissolveOrganisation {
    /// One less from that day, net, of the unit that has it then; gross keeps what was founded.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.living(self.organisation)?;
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check("/organisation")?;
        guard::signed(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::not_before(effective_on, life.known_to_live_on(), "/effective_on")?;
        let counted = life.counted(What::Dissolved, effective_on, reference);
        Ok(vec![Event { effective_on, body: EventBody::OrganisationDissolved { counted, reason: self.reason } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Countee, OrganisationKind, Reason, RightDay, Role, SuccessionKind,
        organisation::{CorrectOrganisation, FoundOrganisation},
        testing::*,
    };

    #[test]
    fn a_dissolution_is_one_less_on_its_own_day_and_the_founding_stays() {
        let story = given().has(found("2022-05-04"));
        story.clone().when(dissolve("2022-09-01")).counts(["+1 dissolved Lê Chân 2022-09-01"]);
        story.has(dissolve("2022-09-01")).leaves(["1 founded Lê Chân 2022-05-04", "1 dissolved Lê Chân 2022-09-01"]);
    }

    #[test]
    fn what_ends_is_what_began_whatever_it_turned_into() {
        let turned = given().has(found("2022-05-04")).has(change_type("2022-06-01"));
        let counted = turned.when(dissolve("2022-09-01")).counted();
        assert_eq!(counted.countable.of, Countee::Organisation(OrganisationKind::PartyCellGrassroots));
    }

    #[test]
    fn nothing_is_dissolved_twice() {
        let dissolved_on = day("2022-09-01");
        let story = given().has(found("2022-05-04")).has(dissolve("2022-09-01"));
        story.clone().when(dissolve("2022-10-01")).refuses(Refusal::OrganisationDissolved { dissolved_on });
        story.clone().when(announce("2022-10-01")).refuses(Refusal::OrganisationDissolved { dissolved_on });
        story.clone().when(change_type("2022-10-01")).refuses(Refusal::OrganisationDissolved { dissolved_on });
        story.by(CITY, Role::Supervisor).when(transfer(HONG_BANG, "2022-10-01")).refuses_as("organisation-dissolved");
    }

    #[test]
    fn what_the_ledger_does_not_know_is_not_dissolved() {
        given().when(dissolve("2022-09-01")).refuses(Refusal::OrganisationUnknown { organisation: ORGANISATION });
    }

    #[test]
    fn it_comes_no_earlier_than_the_founding_and_not_by_a_paper_of_tomorrow() {
        let (on, last_on) = (day("2022-05-03"), day("2022-05-04"));
        let story = given().has(found("2022-05-04"));
        story.clone().when(dissolve("2022-05-03")).refuses(Refusal::BeforeItsTime {
            on,
            last_on,
            pointer: "/effective_on".to_owned(),
        });
        story.when(dissolve("2023-01-01")).refuses_as("document-in-future");
    }

    #[test]
    fn what_was_announced_still_was_there_on_that_day() {
        let announced = || given().has(found("2022-05-04")).has(announce("2022-05-19"));
        let (on, last_on) = (day("2022-05-18"), day("2022-05-19"));
        let refused = |pointer: &str| Refusal::BeforeItsTime { on, last_on, pointer: pointer.to_owned() };
        announced().when(dissolve("2022-05-18")).refuses(refused("/effective_on"));
        announced().when(dissolve("2022-05-19")).counts(["+1 dissolved Lê Chân 2022-05-19"]);
        let dissolved_on = |right| CorrectOrganisation { dissolution: Some(right), ..correct(Reason::WrongDate) };
        let dissolved = announced().has(dissolve("2022-09-01"));
        dissolved.when(dissolved_on(RightDay::On(on))).refuses(refused("/dissolution/on"));
        // What changed in between may be recorded in any order: the announcement is no change.
        announced().has(change_type("2022-05-10")).when(dissolve("2022-05-18")).refuses(refused("/effective_on"));
    }

    #[test]
    fn a_sister_office_dissolves_nothing() {
        given()
            .has(found("2022-05-04"))
            .by(HONG_BANG, Role::Office)
            .when(dissolve("2022-09-01"))
            .refuses_as("not-your-unit");
    }

    /// Lê Chân merges into Hồng Bàng on 1 July 2022, Hồng Bàng into the new unit on 1 February 2023.
    fn merged_twice() -> Story {
        let founded = given().has(found("2022-05-04"));
        let merged = founded.merged(LE_CHAN, HONG_BANG, "2022-07-01").merged(HONG_BANG, TO_COME, "2023-02-01");
        merged.on("2023-06-10").by(TO_COME, Role::Office)
    }

    #[test]
    fn it_counts_for_the_unit_that_has_it_on_its_day() {
        for (on, counts) in [
            ("2022-06-30", "+1 dissolved Lê Chân 2022-06-30"),
            ("2022-07-01", "+1 dissolved Hồng Bàng 2022-07-01"),
            ("2023-01-31", "+1 dissolved Hồng Bàng 2023-01-31"),
            ("2023-06-01", "+1 dissolved Đơn vị mới 2023-06-01"),
        ] {
            merged_twice().when(dissolve(on)).counts([counts]);
        }
    }

    #[test]
    fn a_corrected_day_of_it_and_a_corrected_unit_find_the_unit_that_has_it_then() {
        let dissolved = merged_twice().has(dissolve("2023-06-01"));
        let on =
            |date| CorrectOrganisation { dissolution: Some(RightDay::On(day(date))), ..correct(Reason::WrongDate) };
        dissolved
            .clone()
            .when(on("2022-06-01"))
            .counts(["−1 dissolved Đơn vị mới 2023-06-01", "+1 dissolved Lê Chân 2022-06-01"]);
        let back = dissolved.clone().has(on("2022-06-01")).when(on("2022-12-01"));
        back.counts(["−1 dissolved Lê Chân 2022-06-01", "+1 dissolved Hồng Bàng 2022-12-01"]);
        let unit = CorrectOrganisation { unit: Some(WARD), ..correct(Reason::WrongUnit) };
        dissolved.by(CITY, Role::Office).when(unit).counts([
            "−1 founded Lê Chân 2022-05-04",
            "−1 dissolved Đơn vị mới 2023-06-01",
            "+1 founded An Biên 2022-05-04",
            "+1 dissolved An Biên 2023-06-01",
        ]);
    }

    #[test]
    fn of_a_divided_unit_it_counts_where_the_place_went_and_otherwise_stays() {
        let divided = |place: Option<&str>| {
            let founded = given()
                .coded(WARD, "30501")
                .has(FoundOrganisation { place: place.map(str::to_owned), ..found("2022-05-04") });
            let parts = [(HONG_BANG, SuccessionKind::SplitFrom), (TO_COME, SuccessionKind::SplitFrom)];
            let moved = founded.merged(WARD, TO_COME, "2023-02-01").ended(LE_CHAN, "2023-02-01", &parts);
            let superior = moved.on("2023-06-10").by(CITY, Role::Office);
            superior.when(DissolveOrganisation { on_behalf_of: Some(LE_CHAN), ..dissolve("2023-06-01") })
        };
        divided(Some("30501")).counts(["+1 dissolved Đơn vị mới 2023-06-01"]);
        divided(Some("30599")).counts(["+1 dissolved Lê Chân 2023-06-01"]);
        divided(None).counts(["+1 dissolved Lê Chân 2023-06-01"]);
    }
}
