//! Corrects what was recorded of a founding, recognition or registration. Give only what was wrong.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, OrganisationId,
    OrganisationKind, Reason, Reference, Refusal, RightDay, UnitId, What,
    guard::{self, Eligibility, Posting},
    organisation::{Life, Organisation},
};

/// Corrects what was recorded of a founding, recognition or registration. Give only what was wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CorrectOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
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
    /// The right kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<OrganisationKind>,
    /// The right basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// What is right of its dissolution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dissolution: Option<RightDay>,
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

impl CorrectOrganisation {
    /// Takes back what was wrong and adds what is right, each at its own unit and day. The reasons `duplicate` and `did_not_happen`
    /// without any value take everything back: it should not stand in the ledger at all.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.recorded(self.organisation)?;
        let posting = Posting { unit: life.origin.unit, on_behalf_of: self.on_behalf_of, reference, context };
        posting.check_correcting(self.unit)?;
        guard::paper_of_correction(self.reason, self.document.as_ref(), context)?;
        let right = right_origin(life, context, self)?;
        let dissolved_on = self.right_dissolution(life, right.effective_on, context)?;
        still_holds(life, &right, dissolved_on, reference)?;
        let departure = life.first_departure(reference);
        let change = life.standing.revised(|at, counted| {
            let at_its_first_unit = life.moved_to.is_none() || departure == Some(at);
            let mut revised = revised(life, &right, counted);
            if revised.countable.what == What::Dissolved {
                revised.effective_on = dissolved_on?;
            }
            if *counted != life.origin {
                let whose = match counted.countable.what {
                    _ if at_its_first_unit => right.unit,
                    What::Dissolved => life.unit(),
                    _ => counted.unit,
                };
                revised.unit = guard::credited_on(whose, revised.effective_on, &right, reference);
            }
            Some(revised)
        });
        let change = guard::correction(change, self.reason, self.says_nothing(), &life.standing)?;
        let (reason, effective_on) = (self.reason, right.effective_on);
        let body = EventBody::OrganisationCorrected { reason, takes: change.takes, adds: change.adds };
        Ok(vec![Event { effective_on, body }])
    }

    /// The day of its dissolution as it should be; `None` when it lives.
    fn right_dissolution(
        &self,
        life: &Life,
        begun_on: LocalDate,
        context: &Context,
    ) -> Result<Option<LocalDate>, Refusal> {
        let recorded = life.dissolved_on();
        let Some(right) = self.dissolution else { return Ok(recorded) };
        guard::recorded(recorded.is_some(), "/dissolution")?;
        match right {
            RightDay::DidNotHappen => Ok(None),
            RightDay::On(day) => {
                let day = guard::corrected_day(day, context, "/dissolution/on")?;
                let last_on = life.changed_on.max(life.announced_on).max(Some(begun_on)).unwrap_or(begun_on);
                guard::not_before(day, last_on, "/dissolution/on")?;
                Ok(Some(day))
            }
        }
    }

    /// Gives no value at all.
    const fn says_nothing(&self) -> bool {
        self.unit.is_none()
            && self.effective_on.is_none()
            && self.host_kind.is_none()
            && self.place.is_none()
            && self.kind.is_none()
            && self.basis.is_none()
            && self.dissolution.is_none()
    }
}

/// The origin as the command would have it.
fn right_origin(life: &Life, context: &Context, command: &CorrectOrganisation) -> Result<Counted, Refusal> {
    let mut right = life.origin.clone();
    if let Some(effective_on) = command.effective_on {
        right.effective_on = guard::corrected_day(effective_on, context, "/effective_on")?;
    }
    if let Some(place) = guard::place(command.place.as_deref())? {
        right.place = Some(place);
    }
    if let Some(kind) = command.kind {
        right.countable.of = Countee::Organisation(kind);
    }
    right.unit = command.unit.unwrap_or(right.unit);
    right.countable.host_kind = command.host_kind.unwrap_or(right.countable.host_kind);
    right.countable.basis = command.basis.unwrap_or(right.countable.basis);
    Ok(right)
}

/// What was checked when it was recorded holds of the right values too.
fn still_holds(
    life: &Life,
    right: &Counted,
    dissolved_on: Option<LocalDate>,
    reference: &Reference,
) -> Result<(), Refusal> {
    let wrong = &life.origin;
    guard::moved(wrong, right, life.followed_on.into_iter().chain(dissolved_on).min(), reference)?;
    let Countee::Organisation(kind) = right.countable.of else { return Ok(()) };
    let pointer = "/kind".to_owned();
    match right.countable.what {
        What::Founded if kind.is_recognised() => return Err(Refusal::KindIsRecognised { kind, pointer }),
        What::Recognised if !kind.is_recognised() => return Err(Refusal::KindIsFounded { kind, pointer }),
        _ => {}
    }
    let changed = (right.countable.of, right.effective_on) != (wrong.countable.of, wrong.effective_on);
    let Some(members) = life.members.filter(|_| changed && !life.excepted) else { return Ok(()) };
    let at = if right.countable.of == wrong.countable.of { "/effective_on" } else { "/kind" };
    let shortfall = Eligibility { kind, members, on: right.effective_on }.shortfall(reference, at);
    shortfall.map_or(Ok(()), Err)
}

/// One count of this organisation with the right values: all of them for the origin, those that it shares for what followed.
fn revised(life: &Life, right: &Counted, counted: &Counted) -> Counted {
    if *counted == life.origin {
        return right.clone();
    }
    let mut revised = counted.clone();
    revised.countable.host_kind = right.countable.host_kind;
    revised.place.clone_from(&right.place);
    revised.countable.of = right.countable.of;
    revised
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, organisation::FoundOrganisation, testing::*};

    fn founded() -> Story {
        given().on("2023-01-10").has(found("2022-10-03"))
    }

    fn day_to(date: &str) -> CorrectOrganisation {
        CorrectOrganisation { effective_on: Some(day(date)), ..correct(Reason::WrongDate) }
    }

    fn unit_to(unit: UnitId) -> CorrectOrganisation {
        CorrectOrganisation { unit: Some(unit), ..correct(Reason::WrongUnit) }
    }

    #[test]
    fn a_wrong_day_is_taken_back_on_the_old_and_added_on_the_new() {
        founded().when(day_to("2023-01-05")).counts(["−1 founded Lê Chân 2022-10-03", "+1 founded Lê Chân 2023-01-05"]);
        founded().when(day_to("2023-01-05")).takes_effect_on("2023-01-05");
    }

    #[test]
    fn what_is_right_already_changes_nothing() {
        founded().when(day_to("2022-10-03")).refuses(Refusal::NothingChanges);
        founded().when(correct(Reason::Typo)).refuses(Refusal::NothingChanges);
        founded().has(day_to("2023-01-05")).when(day_to("2023-01-05")).refuses(Refusal::NothingChanges);
    }

    #[test]
    fn a_second_correction_takes_back_the_first() {
        founded()
            .has(day_to("2023-01-05"))
            .when(day_to("2022-10-13"))
            .counts(["−1 founded Lê Chân 2023-01-05", "+1 founded Lê Chân 2022-10-13"]);
    }

    #[test]
    fn a_wrong_unit_is_corrected_by_the_common_superior_only() {
        founded()
            .by(CITY, Role::Supervisor)
            .when(unit_to(HONG_BANG))
            .counts(["−1 founded Lê Chân 2022-10-03", "+1 founded Hồng Bàng 2022-10-03"]);
        assert_eq!(founded().by(CITY, Role::Office).when(unit_to(HONG_BANG)).bodies().len(), 1);
        founded().when(unit_to(HONG_BANG)).refuses_as("common-superior-only");
        founded().by(HONG_BANG, Role::Office).when(unit_to(HONG_BANG)).refuses_as("common-superior-only");
        founded().by(CITY, Role::Supervisor).when(unit_to(NOBODY)).refuses_as("unit-unknown");
        founded().by(CITY, Role::Supervisor).when(unit_to(ENDED)).refuses_as("unit-ended");
    }

    #[test]
    fn after_its_unit_was_corrected_it_belongs_to_the_right_one() {
        let corrected = founded().by(CITY, Role::Supervisor).has(unit_to(HONG_BANG));
        corrected.clone().by(LE_CHAN, Role::Office).when(day_to("2022-10-05")).refuses_as("not-your-unit");
        corrected
            .by(HONG_BANG, Role::Office)
            .when(dissolve("2022-12-01"))
            .counts(["+1 dissolved Hồng Bàng 2022-12-01"]);
    }

    #[test]
    fn a_supervisor_does_not_change_the_figures_of_a_unit_under_it() {
        let refused = Refusal::OwnerCorrects { unit: LE_CHAN, name: "Lê Chân".to_owned() };
        founded().by(CITY, Role::Supervisor).when(day_to("2022-10-05")).refuses(refused.clone());
        let named = CorrectOrganisation { on_behalf_of: Some(LE_CHAN), ..day_to("2022-10-05") };
        founded().by(CITY, Role::Supervisor).when(named).refuses(refused);
        founded().by(HONG_BANG, Role::Supervisor).when(day_to("2022-10-05")).refuses_as("not-your-unit");
    }

    #[test]
    fn a_reviewer_changes_no_figure() {
        for role in [Role::Auditor, Role::Viewer, Role::Admin] {
            founded().by(LE_CHAN, role).when(day_to("2022-10-05")).refuses_as("role-may-not");
        }
    }

    #[test]
    fn when_the_owner_has_ended_a_unit_above_it_corrects() {
        let at_end = FoundOrganisation { unit: ENDED, ..found("2022-05-04") };
        let recorded = given().by(ENDED, Role::Office).on("2022-06-01").has(at_end).on("2023-01-10");
        for role in [Role::Office, Role::Supervisor] {
            recorded
                .clone()
                .by(CITY, role)
                .when(day_to("2022-05-05"))
                .counts(["−1 founded Khối cũ 2022-05-04", "+1 founded Khối cũ 2022-05-05"]);
        }
        let for_another = CorrectOrganisation { on_behalf_of: Some(LE_CHAN), ..day_to("2022-05-05") };
        recorded.clone().by(CITY, Role::Office).when(for_another).refuses_as("on-behalf-of-another");
        recorded.by(LE_CHAN, Role::Supervisor).when(day_to("2022-05-05")).refuses_as("not-your-unit");
    }

    #[test]
    fn kind_host_place_and_basis_are_corrected_in_what_followed_too() {
        let right = CorrectOrganisation {
            kind: Some(OrganisationKind::PartyCellSubordinate),
            host_kind: Some(HostKind::Cooperative),
            place: Some("304".to_owned()),
            basis: Some(Basis::Grouping),
            ..correct(Reason::Typo)
        };
        let bodies = founded().has(dissolve("2022-12-01")).when(right).bodies();
        let (takes, adds) = bodies[0].counts();
        let whats: Vec<_> = adds.iter().map(|counted| counted.countable.what).collect();
        assert_eq!((takes.len(), whats), (2, vec![What::Founded, What::Dissolved]));
        for added in adds {
            assert_eq!(added.countable.of, Countee::Organisation(OrganisationKind::PartyCellSubordinate));
            assert_eq!((added.countable.host_kind, added.place.as_deref()), (HostKind::Cooperative, Some("304")));
        }
        assert_eq!(adds.iter().map(|c| c.countable.basis).collect::<Vec<_>>(), [Basis::Grouping, Basis::New]);
    }

    #[test]
    fn a_corrected_unit_moves_the_departure_from_it_and_not_the_arrival() {
        founded().by(CITY, Role::Supervisor).has(transfer(HONG_BANG, "2022-11-01")).when(unit_to(WARD)).counts([
            "−1 founded Lê Chân 2022-10-03",
            "−1 transferredout Lê Chân 2022-11-01",
            "+1 founded An Biên 2022-10-03",
            "+1 transferredout An Biên 2022-11-01",
        ]);
    }

    #[test]
    fn of_several_departures_on_one_day_only_the_first_was_from_the_wrong_unit() {
        let there_and_back = [HONG_BANG, LE_CHAN, HONG_BANG];
        let moved = there_and_back
            .into_iter()
            .fold(founded().by(CITY, Role::Supervisor), |story, to| story.has(transfer(to, "2022-11-01")));
        moved.when(unit_to(WARD)).counts([
            "−1 founded Lê Chân 2022-10-03",
            "−1 transferredout Lê Chân 2022-11-01",
            "+1 founded An Biên 2022-10-03",
            "+1 transferredout An Biên 2022-11-01",
        ]);
    }

    #[test]
    fn the_day_stays_no_later_than_what_followed() {
        let (on, followed_on) = (day("2022-12-02"), day("2022-12-01"));
        let followed = Refusal::AfterWhatFollowed { on, followed_on };
        founded().has(dissolve("2022-12-01")).when(day_to("2022-12-02")).refuses(followed.clone());
        founded().has(announce("2022-12-01")).when(day_to("2022-12-02")).refuses(followed);
    }

    #[test]
    fn the_rules_hold_of_the_right_values_too() {
        let kind = Some(OrganisationKind::PartyOrganisationGrassroots);
        let (have, need, pointer) = (3, 30, "/kind".to_owned());
        let too_few =
            Refusal::TooFewMembers { kind: OrganisationKind::PartyOrganisationGrassroots, have, need, pointer };
        founded().when(CorrectOrganisation { kind, ..correct(Reason::Typo) }).refuses(too_few);
        let kind = Some(OrganisationKind::GrassrootsUnion);
        founded().when(CorrectOrganisation { kind, ..correct(Reason::Typo) }).refuses_as("kind-is-recognised");
        founded().when(day_to("2042-10-03")).refuses_as("effective-date-implausible");
    }

    #[test]
    fn a_wrong_day_of_the_dissolution_is_corrected_by_itself() {
        let dissolved = |right| CorrectOrganisation { dissolution: Some(right), ..correct(Reason::WrongDate) };
        let on = |date| dissolved(RightDay::On(day(date)));
        let ended = founded().has(dissolve("2022-12-01"));
        ended
            .clone()
            .when(on("2022-11-20"))
            .counts(["−1 dissolved Lê Chân 2022-12-01", "+1 dissolved Lê Chân 2022-11-20"]);
        let (corrected, dissolved_on) = (ended.clone().has(on("2022-11-20")), day("2022-11-20"));
        corrected.clone().when(dissolve("2022-12-05")).refuses(Refusal::OrganisationDissolved { dissolved_on });
        corrected.when(day_to("2022-11-21")).refuses_as("after-what-followed");
        let (last_on, too_early) = (day("2022-10-03"), day("2022-10-02"));
        ended.clone().when(on("2022-10-02")).refuses(Refusal::BeforeItsTime {
            on: too_early,
            last_on,
            pointer: "/dissolution/on".to_owned(),
        });
        ended.when(on("2022-12-01")).refuses(Refusal::NothingChanges);
        let pointer = "/dissolution".to_owned();
        founded().when(on("2022-12-01")).refuses(Refusal::NothingToCorrect { pointer });
    }

    #[test]
    fn what_was_dissolved_by_mistake_lives_again() {
        let lives = CorrectOrganisation { dissolution: Some(RightDay::DidNotHappen), ..correct(Reason::DidNotHappen) };
        let ended = founded().has(dissolve("2022-12-01"));
        ended.clone().when(lives.clone()).counts(["−1 dissolved Lê Chân 2022-12-01"]);
        ended.has(lives).when(dissolve("2022-12-20")).counts(["+1 dissolved Lê Chân 2022-12-20"]);
    }

    #[test]
    fn the_reason_other_needs_a_document() {
        let other = CorrectOrganisation { reason: Reason::Other, ..day_to("2022-10-05") };
        founded().when(other.clone()).refuses(Refusal::ReasonNeedsDocument { reason: Reason::Other });
        let papered = CorrectOrganisation { document: Some(paper_of("2023-01-09")), ..other };
        founded().when(papered).counts(["−1 founded Lê Chân 2022-10-03", "+1 founded Lê Chân 2022-10-05"]);
    }

    #[test]
    fn what_was_recorded_twice_or_did_not_happen_is_taken_back_whole() {
        for reason in [Reason::Duplicate, Reason::DidNotHappen] {
            let story = founded().has(dissolve("2022-12-01"));
            story
                .clone()
                .when(correct(reason))
                .counts(["−1 founded Lê Chân 2022-10-03", "−1 dissolved Lê Chân 2022-12-01"]);
            let taken_back = story.has(correct(reason));
            taken_back.clone().leaves([]);
            taken_back.when(day_to("2022-10-05")).refuses(Refusal::TakenBack);
        }
    }

    #[test]
    fn what_the_ledger_does_not_know_is_not_corrected() {
        given().when(day_to("2022-10-05")).refuses(Refusal::OrganisationUnknown { organisation: ORGANISATION });
    }
}
