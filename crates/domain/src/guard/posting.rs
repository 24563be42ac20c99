//! Who may post for whom. An office posts for itself and for what wholly became it, or on behalf of a unit under it; never for a sister office.

use crate::{Context, Reference, Refusal, Role, UnitId, guard};

/// Whoever posts is of an office that is still there: what it had is its successor's to post. Administrators go on, so that a ledger whose
/// root has ended is not left without anybody.
pub(crate) fn of_a_living_office(reference: &Reference, context: &Context) -> Result<(), Refusal> {
    let (structure, office, today) = (&reference.structure, context.actor.office, context.today());
    let ended_on = structure.ended_on(office).filter(|end| *end <= today && context.actor.role != Role::Admin);
    let Some(ended_on) = ended_on else { return Ok(()) };
    let heir = structure.heir_on(office, today).map(|heir| guard::unit_name(heir, today, reference));
    Err(Refusal::OfficeEnded { office, name: guard::unit_name(office, today, reference), ended_on, heir })
}

/// A unit whose figures a command touches, and the unit that the caller says it posts for.
#[derive(Clone, Copy)]
pub(crate) struct Posting<'a> {
    pub(crate) unit: UnitId,
    pub(crate) on_behalf_of: Option<UnitId>,
    pub(crate) reference: &'a Reference,
    pub(crate) context: &'a Context,
}

impl Posting<'_> {
    /// The caller's own office, or one that ended and is wholly its own by now; or a unit under it that it names in `on_behalf_of`.
    pub(crate) fn check(self, at: &str) -> Result<(), Refusal> {
        match self.on_behalf_of {
            None if self.is_own() => Ok(()),
            Some(named) if self.means(named) && self.acts_for(self.unit) => Ok(()),
            Some(_) | None => Err(self.refused(at)),
        }
    }

    /// What somebody is told who may not.
    pub(crate) fn refused(self, at: &str) -> Refusal {
        match self.on_behalf_of {
            Some(named) => self.not_for(named),
            None => self.not_yours(at),
        }
    }

    /// Corrections that leave the figure with its unit: by that unit, posting as above. A supervisor elsewhere does not change it,
    /// unless the unit has ended.
    pub(crate) fn check_correction(self) -> Result<(), Refusal> {
        let unit = self.unit;
        let for_another = self.on_behalf_of.is_some_and(|named| !self.means(named));
        if self.has_ended(unit) && self.acts_for(unit) && !for_another {
            return Ok(());
        }
        if !self.is_own() && self.context.actor.role == Role::Supervisor && self.acts_for(unit) {
            return Err(Refusal::OwnerCorrects { unit, name: self.name(unit) });
        }
        self.check("/on_behalf_of")
    }

    /// Corrections: of what stays with its unit as above; when the unit itself was wrong, by the common superior of both.
    pub(crate) fn check_correcting(self, to: Option<UnitId>) -> Result<(), Refusal> {
        match to {
            Some(to) if to != self.unit => {
                guard::known_unit(to, self.reference, "/unit")?;
                self.check_common_superior(to, "/unit")
            }
            _ => self.check_correction(),
        }
    }

    /// What moves a figure to another unit: by an office at or above both.
    pub(crate) fn check_common_superior(self, to: UnitId, at: &str) -> Result<(), Refusal> {
        if let Some(named) = self.on_behalf_of.filter(|named| !self.means(*named) && *named != to) {
            return Err(self.not_for(named));
        }
        if self.acts_for(self.unit) && self.acts_for(to) {
            return Ok(());
        }
        let (from_name, to_name) = (self.name(self.unit), self.name(to));
        Err(Refusal::CommonSuperiorOnly { from: self.unit, from_name, to, to_name, pointer: at.to_owned() })
    }

    /// What a unit decides about those under it: by that unit, or an office above it.
    pub(crate) fn check_superior(self, at: &str) -> Result<(), Refusal> {
        if self.acts_for(self.unit) { Ok(()) } else { Err(self.not_yours(at)) }
    }

    fn acts_for(self, unit: UnitId) -> bool {
        self.reference.structure.acts_for(self.context.actor.office, unit, self.context.today())
    }

    /// The unit is the caller's own, or all of it is by now.
    fn is_own(self) -> bool {
        let (structure, office) = (&self.reference.structure, self.context.actor.office);
        self.unit == office || structure.heir_on(self.unit, self.context.today()) == Some(office)
    }

    /// The unit that is named is the unit of the command, or one that came after it wholly.
    fn means(self, named: UnitId) -> bool {
        let structure = &self.reference.structure;
        let last_day = structure.day_of_authority(named, self.context.today());
        named == self.unit || structure.heir_on(self.unit, last_day) == Some(named)
    }

    fn has_ended(self, unit: UnitId) -> bool {
        self.reference.structure.ended_on(unit).is_some_and(|end| end <= self.context.today())
    }

    /// The unit that is named in `on_behalf_of` is not the caller's to post for; or it is, and the command is about another one.
    fn not_for(self, named: UnitId) -> Refusal {
        let (unit, name) = (self.unit, self.name(self.unit));
        if named != unit && self.acts_for(named) {
            return Refusal::OnBehalfOfAnother { named, named_name: self.name(named), unit, name };
        }
        Refusal::NotYourUnit { unit: named, name: self.name(named), pointer: "/on_behalf_of".to_owned() }
    }

    fn not_yours(self, at: &str) -> Refusal {
        Refusal::NotYourUnit { unit: self.unit, name: self.name(self.unit), pointer: at.to_owned() }
    }

    fn name(self, unit: UnitId) -> String {
        guard::unit_name(unit, self.context.today(), self.reference)
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        Reason, Refusal, Role, SuccessionKind, UnitId,
        organisation::{CorrectOrganisation, DissolveOrganisation, FoundOrganisation},
        testing::*,
    };

    /// Lê Chân goes on as Hồng Bàng from July on, which posts in autumn.
    fn continued() -> Story {
        let kind = SuccessionKind::Continues;
        given().on("2022-10-03").ended(LE_CHAN, "2022-07-01", &[(HONG_BANG, kind)]).by(HONG_BANG, Role::Office)
    }

    fn for_unit(unit: UnitId) -> FoundOrganisation {
        FoundOrganisation { on_behalf_of: Some(unit), ..found("2022-06-30") }
    }

    fn office_ended(office: UnitId, ended_on: &str, heir: Option<UnitId>) -> Refusal {
        let (name, heir) = (name_of(office).to_owned(), heir.map(|heir| name_of(heir).to_owned()));
        Refusal::OfficeEnded { office, name, ended_on: day(ended_on), heir }
    }

    #[test]
    fn what_was_decided_before_a_unit_ended_is_posted_by_its_legal_successor() {
        continued().when(found("2022-06-30")).counts(["+1 founded Lê Chân 2022-06-30"]);
        for named in [LE_CHAN, HONG_BANG] {
            continued().when(for_unit(named)).counts(["+1 founded Lê Chân 2022-06-30"]);
        }
        continued().when(found("2022-07-01")).refuses_as("unit-ended");
    }

    #[test]
    fn a_legal_successor_corrects_and_dissolves_what_its_predecessor_founded() {
        let recorded = continued().has(found("2022-06-30"));
        for on_behalf_of in [None, Some(LE_CHAN), Some(HONG_BANG)] {
            for role in [Role::Office, Role::Supervisor] {
                let right = CorrectOrganisation {
                    effective_on: Some(day("2022-06-29")),
                    on_behalf_of,
                    ..correct(Reason::WrongDate)
                };
                let story = recorded.clone().by(HONG_BANG, role);
                story.when(right).counts(["−1 founded Lê Chân 2022-06-30", "+1 founded Lê Chân 2022-06-29"]);
            }
            let ends = DissolveOrganisation { on_behalf_of, ..dissolve("2022-06-30") };
            recorded.clone().when(ends).counts(["+1 dissolved Lê Chân 2022-06-30"]);
        }
    }

    #[test]
    fn whose_name_it_is_posted_in_is_that_of_the_unit_or_of_one_that_came_after_it() {
        let merged = continued().merged(ENDED, HONG_BANG, "2022-07-01");
        merged.when(for_unit(ENDED)).refuses_as("on-behalf-of-another");
        continued().when(for_unit(WARD)).refuses_as("on-behalf-of-another");
        continued().when(for_unit(CITY)).refuses_as("not-your-unit");
    }

    #[test]
    fn over_several_hops_it_is_whoever_has_all_of_it_on_the_day_of_posting() {
        let twice = given()
            .merged(LE_CHAN, HONG_BANG, "2022-03-01")
            .merged(HONG_BANG, WARD, "2022-07-01")
            .on("2022-06-30")
            .by(HONG_BANG, Role::Office);
        twice.clone().when(found("2022-02-01")).counts(["+1 founded Lê Chân 2022-02-01"]);
        let later = twice.on("2022-07-01").by(WARD, Role::Office);
        later.clone().when(found("2022-02-01")).counts(["+1 founded Lê Chân 2022-02-01"]);
        for named in [LE_CHAN, HONG_BANG, WARD] {
            let founding = FoundOrganisation { on_behalf_of: Some(named), ..found("2022-02-01") };
            later.clone().when(founding).counts(["+1 founded Lê Chân 2022-02-01"]);
        }
    }

    #[test]
    fn a_unit_that_was_divided_has_no_one_successor_and_its_superiors_post() {
        let parts = [(HONG_BANG, SuccessionKind::SplitFrom), (WARD, SuccessionKind::SplitFrom)];
        let divided = given().on("2022-10-03").ended(LE_CHAN, "2022-07-01", &parts);
        for part in [HONG_BANG, WARD] {
            divided.clone().by(part, Role::Office).when(found("2022-06-30")).refuses_as("not-your-unit");
        }
        let above = divided.clone().by(CITY, Role::Office);
        above.clone().when(found("2022-06-30")).refuses_as("not-your-unit");
        above.when(for_unit(LE_CHAN)).counts(["+1 founded Lê Chân 2022-06-30"]);
        divided.when(found("2022-06-30")).refuses(office_ended(LE_CHAN, "2022-07-01", None));
    }

    #[test]
    fn superiors_then_superiors_of_the_successor_and_successors_of_superiors_post_in_its_name() {
        // An Biên was under Lê Chân, and is merged into the zone to come, which is under the city; Lê Chân goes on as Hồng Bàng.
        let story =
            given().on("2023-02-02").merged(WARD, TO_COME, "2023-02-01").merged(LE_CHAN, HONG_BANG, "2023-02-01");
        for office in [CITY, HONG_BANG] {
            let founding = FoundOrganisation { unit: WARD, ..for_unit(WARD) };
            story.clone().by(office, Role::Office).when(founding).counts(["+1 founded An Biên 2022-06-30"]);
        }
        let founding = FoundOrganisation { unit: WARD, ..found("2022-06-30") };
        story.clone().by(TO_COME, Role::Office).when(founding.clone()).counts(["+1 founded An Biên 2022-06-30"]);
        story.by(FEDERATION, Role::Office).when(founding).refuses_as("not-your-unit");
    }

    #[test]
    fn an_office_posts_until_its_last_day_and_nothing_from_its_end_on() {
        let story = given().merged(LE_CHAN, HONG_BANG, "2022-07-01");
        story.clone().on("2022-06-30").when(found("2022-06-30")).counts(["+1 founded Lê Chân 2022-06-30"]);
        let recorded = story.on("2022-06-30").has(found("2022-06-29")).on("2022-07-01");
        let refused = office_ended(LE_CHAN, "2022-07-01", Some(HONG_BANG));
        recorded.clone().when(found("2022-06-30")).refuses(refused.clone());
        recorded.clone().when(dissolve("2022-07-01")).refuses(refused.clone());
        recorded.clone().when(correct(Reason::DidNotHappen)).refuses(refused.clone());
        // The ward it led is no longer its to post for.
        let for_the_ward = FoundOrganisation { unit: WARD, ..for_unit(WARD) };
        recorded.when(for_the_ward).refuses(refused);
    }

    #[test]
    fn an_administrator_decides_on_after_the_end_of_the_unit() {
        let ended = given().ended(CITY, "2022-07-01", &[]).by(CITY, Role::Admin);
        assert_eq!(ended.clone().when(grant(CITY, Role::Office)).bodies().len(), 1);
        ended.by(CITY, Role::Office).when(found("2022-06-30")).refuses(office_ended(CITY, "2022-07-01", None));
    }
}
