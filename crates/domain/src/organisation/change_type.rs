//! Records a change of type, such as from cell to organisation with cells; not a founding.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Countee, Document, Event, EventBody, Exception, LocalDate, OrganisationId, OrganisationKind, Position,
    Reference, Refusal, UnitId,
    guard::{self, Eligibility, Posting},
    organisation::Organisation,
};

/// Records a change of type, such as from cell to organisation with cells; not a founding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangeOrganisationType {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The new kind.
    pub to: OrganisationKind,
    /// Members that the rule of the new kind asks for.
    pub members: u32,
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
    /// Position of a record of the same paper that the caller has seen and says is a different matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_from: Option<Position>,
}

impl ChangeOrganisationType {
    /// Another kind from a day on, under the rule of the new kind. Counts nothing, gross or net (DOMAIN §3.1).
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let &ChangeOrganisationType { to, members, .. } = self;
        let life = state.living(self.organisation)?;
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check("/organisation")?;
        let Countee::Organisation(before) = life.of() else { return Err(Refusal::NothingChanges) };
        if to == before {
            return Err(Refusal::NothingChanges);
        }
        if to.is_recognised() && !before.is_recognised() {
            return Err(Refusal::KindIsRecognised { kind: to, pointer: "/to".to_owned() });
        }
        if before.is_recognised() && !to.is_recognised() {
            return Err(Refusal::KindIsFounded { kind: to, pointer: "/to".to_owned() });
        }
        guard::signed(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::not_before(effective_on, life.last_on(), "/effective_on")?;
        let eligibility = Eligibility { kind: to, members, on: effective_on };
        let exception = eligibility.check(self.exception.as_ref(), reference, context)?;
        let body = EventBody::OrganisationTypeChanged { before, after: to, members, exception };
        Ok(vec![Event { effective_on, body }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    #[test]
    fn a_change_of_type_counts_nothing() {
        let (before, after) = (OrganisationKind::PartyCellGrassroots, OrganisationKind::PartyOrganisationGrassroots);
        given().has(found("2022-05-04")).when(change_type("2022-09-01")).records(EventBody::OrganisationTypeChanged {
            before,
            after,
            members: 30,
            exception: None,
        });
        given().has(found("2022-05-04")).when(change_type("2022-09-01")).counts([]);
    }

    #[test]
    fn the_rule_of_the_new_kind_binds() {
        let kind = OrganisationKind::PartyOrganisationGrassroots;
        given()
            .has(found("2022-05-04"))
            .when(ChangeOrganisationType { members: 29, ..change_type("2022-09-01") })
            .refuses(Refusal::TooFewMembers { kind, have: 29, need: 30, pointer: "/members".to_owned() });
    }

    #[test]
    fn into_what_it_is_already_nothing_changes() {
        let story = given().has(found("2022-05-04")).has(change_type("2022-09-01"));
        story.clone().when(change_type("2022-10-01")).refuses(Refusal::NothingChanges);
        let back = ChangeOrganisationType { to: OrganisationKind::PartyCellGrassroots, ..change_type("2022-10-01") };
        assert_eq!(story.when(back).bodies().len(), 1);
    }

    #[test]
    fn a_party_cell_does_not_turn_into_a_union_nor_a_union_into_a_cell() {
        let to = OrganisationKind::GrassrootsUnion;
        given()
            .has(found("2022-05-04"))
            .when(ChangeOrganisationType { to, ..change_type("2022-09-01") })
            .refuses(Refusal::KindIsRecognised { kind: to, pointer: "/to".to_owned() });
        let union = given().by(FEDERATION, Role::Office).has(recognise("2022-05-04"));
        union.clone().when(change_type("2022-09-01")).refuses_as("kind-is-founded");
        let to = OrganisationKind::OccupationalUnion;
        assert_eq!(union.when(ChangeOrganisationType { to, ..change_type("2022-09-01") }).bodies().len(), 1);
    }

    #[test]
    fn it_comes_no_earlier_than_the_founding() {
        let (on, last_on) = (day("2022-05-03"), day("2022-05-04"));
        given().has(found("2022-05-04")).when(change_type("2022-05-03")).refuses(Refusal::BeforeItsTime {
            on,
            last_on,
            pointer: "/effective_on".to_owned(),
        });
    }
}
