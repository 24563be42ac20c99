//! Records a decision that founds an organisation.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, Exception, HostKind, LocalDate, OfWhich,
    OrganisationKind, Position, Reference, Refusal, UnitId, What,
    guard::{self, Eligibility, Posting},
    organisation::Organisation,
};

/// Records a decision that founds an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FoundOrganisation {
    /// The body that decided; it is credited.
    pub unit: UnitId,
    /// What is founded.
    pub kind: OrganisationKind,
    /// Where.
    pub host_kind: HostKind,
    /// How it came to be.
    pub basis: Basis,
    /// Members that the rule of the kind asks for: official Party members, youth-union members.
    pub members: u32,
    /// Code of the administrative unit where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The paper it stands on.
    pub document: Document,
    /// The day the decision takes effect; the document's date unless the paper states another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_on: Option<LocalDate>,
    /// Lifts a refusal by a legal rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<Exception>,
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

impl FoundOrganisation {
    /// One founded, on the day the decision takes effect. Unions are recognised instead.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let &FoundOrganisation { unit, kind, host_kind, basis, members, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        if kind.is_recognised() {
            return Err(Refusal::KindIsRecognised { kind, pointer: "/kind".to_owned() });
        }
        guard::signed(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        let eligibility = Eligibility { kind, members, on: effective_on };
        let exception = eligibility.check(self.exception.as_ref(), reference, context)?;
        let counted = Counted {
            countable: Countable { what: What::Founded, of: Countee::Organisation(kind), host_kind, basis },
            unit,
            effective_on,
            n: 1,
            of_which: OfWhich::new(),
            place: guard::place(self.place.as_deref())?,
        };
        Ok(vec![Event { effective_on, body: EventBody::OrganisationFounded { counted, members, exception } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    fn too_few(have: u32, need: u32) -> Refusal {
        Refusal::TooFewMembers {
            kind: OrganisationKind::PartyCellGrassroots,
            have,
            need,
            pointer: "/members".to_owned(),
        }
    }

    fn with_exception(members: u32, lifts: &str, date: &str) -> FoundOrganisation {
        let exception = Some(Exception { lifts: lifts.to_owned(), document: paper_of(date) });
        FoundOrganisation { members, exception, ..found("2022-12-30") }
    }

    #[test]
    fn a_founding_counts_one_for_the_unit_that_decided_on_the_day_of_its_paper() {
        given().when(found("2022-12-30")).counts(["+1 founded Lê Chân 2022-12-30"]);
        given().when(found("2022-12-30")).takes_effect_on("2022-12-30");
    }

    #[test]
    fn a_decision_of_december_recorded_in_january_counts_in_december() {
        given().on("2023-01-05").when(found("2022-12-30")).counts(["+1 founded Lê Chân 2022-12-30"]);
    }

    #[test]
    fn the_paper_may_state_a_later_day() {
        let later = FoundOrganisation { effective_on: Some(day("2023-01-15")), ..found("2022-12-30") };
        given().when(later).counts(["+1 founded Lê Chân 2023-01-15"]);
    }

    #[test]
    fn how_it_came_to_be_and_where_is_stored_from_the_start() {
        let grouping = FoundOrganisation {
            basis: Basis::Grouping,
            host_kind: HostKind::Cooperative,
            place: Some(" 304 ".to_owned()),
            ..found("2022-12-30")
        };
        let counted = given().when(grouping).counted();
        let of = Countee::Organisation(OrganisationKind::PartyCellGrassroots);
        let (basis, host_kind) = (Basis::Grouping, HostKind::Cooperative);
        assert_eq!(counted.countable, Countable { what: What::Founded, of, host_kind, basis });
        assert_eq!(counted.place.as_deref(), Some("304"));
    }

    #[test]
    fn unions_are_recognised_and_not_founded() {
        for kind in OrganisationKind::ALL.iter().copied().filter(|kind| kind.is_recognised()) {
            let refused = Refusal::KindIsRecognised { kind, pointer: "/kind".to_owned() };
            given().when(FoundOrganisation { kind, members: 50, ..found("2022-12-30") }).refuses(refused);
        }
    }

    #[test]
    fn two_members_are_too_few_for_a_cell() {
        given().when(FoundOrganisation { members: 2, ..found("2022-12-30") }).refuses(too_few(2, 3));
        given().when(found("2022-12-30")).counts(["+1 founded Lê Chân 2022-12-30"]);
    }

    #[test]
    fn the_rule_of_the_effective_day_binds() {
        let kind = OrganisationKind::YouthFederationBranch;
        given().when(FoundOrganisation { kind, ..found("2022-06-30") }).counts(["+1 founded Lê Chân 2022-06-30"]);
        let refused = Refusal::TooFewMembers { kind, have: 3, need: 5, pointer: "/members".to_owned() };
        given().when(FoundOrganisation { kind, ..found("2022-07-01") }).refuses(refused);
        let later = Some(day("2022-07-01"));
        given()
            .when(FoundOrganisation { kind, effective_on: later, ..found("2022-06-30") })
            .refuses_as("too-few-members");
    }

    #[test]
    fn a_document_lifts_the_rule_on_members_and_is_recorded() {
        let bodies = given().when(with_exception(2, "too-few-members", "2022-12-29")).bodies();
        let [EventBody::OrganisationFounded { members: 2, exception: Some(exception), .. }] = &bodies[..] else {
            panic!("{bodies:?}")
        };
        assert_eq!(exception.document, paper_of("2022-12-29"));
    }

    #[test]
    fn an_exception_lifts_only_a_legal_rule_and_only_where_one_stands_in_the_way() {
        let nothing = |lifts: &str| Refusal::ExceptionLiftsNothing { lifts: lifts.to_owned() };
        given().when(with_exception(2, "unit-ended", "2022-12-29")).refuses(nothing("unit-ended"));
        given().when(with_exception(3, "too-few-members", "2022-12-29")).refuses(nothing("too-few-members"));
        let structural = FoundOrganisation { unit: NOBODY, ..with_exception(2, "unit-unknown", "2022-12-29") };
        given().when(structural).refuses_as("unit-unknown");
    }

    #[test]
    fn the_paper_of_an_exception_is_a_paper_too() {
        let pointer = "/exception/document/date".to_owned();
        let (date, today) = (day("2023-01-01"), day("2022-12-31"));
        given().when(with_exception(2, "too-few-members", "2023-01-01")).refuses(Refusal::DocumentInFuture {
            date,
            today,
            pointer,
        });
    }

    #[test]
    fn a_founding_without_members_is_a_slip_of_the_pen_under_any_rule() {
        let kind = OrganisationKind::PartyGroup;
        given().when(FoundOrganisation { kind, members: 0, ..found("2022-12-30") }).refuses_as("count-out-of-range");
        given()
            .when(FoundOrganisation { kind, members: 1, ..found("2022-12-30") })
            .counts(["+1 founded Lê Chân 2022-12-30"]);
    }

    #[test]
    fn a_paper_of_tomorrow_is_refused_and_the_refusal_names_the_ledgers_day() {
        let (date, today) = (day("2023-01-01"), day("2022-12-31"));
        let pointer = "/document/date".to_owned();
        given().when(found("2023-01-01")).refuses(Refusal::DocumentInFuture { date, today, pointer });
    }

    #[test]
    fn an_office_posts_for_itself_and_not_for_a_sister_office() {
        let refused = Refusal::NotYourUnit { unit: LE_CHAN, name: "Lê Chân".to_owned(), pointer: "/unit".to_owned() };
        given().by(HONG_BANG, Role::Office).when(found("2022-12-30")).refuses(refused.clone());
        given().by(CITY, Role::Office).when(found("2022-12-30")).refuses(refused);
        let named = FoundOrganisation { on_behalf_of: Some(LE_CHAN), ..found("2022-12-30") };
        given().by(HONG_BANG, Role::Office).when(named).refuses_as("not-your-unit");
    }

    #[test]
    fn an_office_posts_on_behalf_of_a_unit_under_it_along_either_edge() {
        for unit in [WARD, FEDERATION] {
            let named = FoundOrganisation { unit, on_behalf_of: Some(unit), ..found("2022-12-30") };
            assert_eq!(given().when(named.clone()).counted().unit, unit);
            assert_eq!(given().by(CITY, Role::Office).when(named).counted().unit, unit);
        }
        let another = FoundOrganisation { unit: WARD, on_behalf_of: Some(FEDERATION), ..found("2022-12-30") };
        given().when(another).refuses(Refusal::OnBehalfOfAnother {
            named: FEDERATION,
            named_name: "LĐLĐ Lê Chân".to_owned(),
            unit: WARD,
            name: "An Biên".to_owned(),
        });
    }

    #[test]
    fn a_unit_named_in_on_behalf_of_that_is_not_under_the_office_is_the_one_refused() {
        let refused = |unit: UnitId, name: &str| Refusal::NotYourUnit {
            unit,
            name: name.to_owned(),
            pointer: "/on_behalf_of".to_owned(),
        };
        let named = |unit, other| FoundOrganisation { unit, on_behalf_of: Some(other), ..found("2022-12-30") };
        given().when(named(LE_CHAN, HONG_BANG)).refuses(refused(HONG_BANG, "Hồng Bàng"));
        given().when(named(HONG_BANG, HONG_BANG)).refuses(refused(HONG_BANG, "Hồng Bàng"));
        assert_eq!(given().when(named(LE_CHAN, LE_CHAN)).bodies().len(), 1);
    }

    #[test]
    fn a_unit_is_judged_on_the_effective_day() {
        let at_end = |date| FoundOrganisation { unit: ENDED, on_behalf_of: Some(ENDED), ..found(date) };
        let above = given().by(CITY, Role::Office);
        above.clone().when(at_end("2022-06-30")).counts(["+1 founded Khối cũ 2022-06-30"]);
        let (name, ended_on, pointer) = ("Khối cũ".to_owned(), day("2022-07-01"), "/unit".to_owned());
        above.when(at_end("2022-07-01")).refuses(Refusal::UnitEnded { unit: ENDED, name, ended_on, pointer });
        let early = FoundOrganisation { unit: TO_COME, on_behalf_of: Some(TO_COME), ..found("2022-12-30") };
        given().by(CITY, Role::Office).when(early.clone()).refuses_as("unit-not-yet");
        let in_time = FoundOrganisation { effective_on: Some(day("2023-02-01")), ..early };
        given().by(CITY, Role::Office).when(in_time).counts(["+1 founded Đơn vị mới 2023-02-01"]);
    }

    #[test]
    fn a_unit_that_does_not_exist_is_named() {
        let refused = Refusal::UnitUnknown { unit: NOBODY, pointer: "/unit".to_owned() };
        given().when(FoundOrganisation { unit: NOBODY, ..found("2022-12-30") }).refuses(refused);
    }

    #[test]
    fn a_stream_begins_once() {
        given().has(found("2022-12-30")).when(found("2022-12-30")).refuses(Refusal::StreamBegun);
    }
}
