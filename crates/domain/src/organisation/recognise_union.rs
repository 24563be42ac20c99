//! Records the recognition of a trade union by its superior.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, Exception, HostKind, LocalDate, OfWhich,
    OrganisationKind, Position, Reference, Refusal, UnitId, What,
    guard::{self, Eligibility, Posting},
    organisation::Organisation,
};

/// Records the recognition of a trade union by its superior.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecogniseUnion {
    /// The body that recognised it; it is credited.
    pub unit: UnitId,
    /// A grassroots or an occupational union, or a section.
    pub kind: OrganisationKind,
    /// Where.
    pub host_kind: HostKind,
    /// How it came to be.
    pub basis: Basis,
    /// Union members.
    pub members: u32,
    /// Day of the founding congress.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub congress_on: Option<LocalDate>,
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

impl RecogniseUnion {
    /// One recognised, on the day the recognition takes effect: there its legal life begins, not at the congress (DOMAIN §3.3).
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let &RecogniseUnion { unit, kind, host_kind, basis, members, congress_on, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        if !kind.is_recognised() {
            return Err(Refusal::KindIsFounded { kind, pointer: "/kind".to_owned() });
        }
        guard::signed(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        congress_by(effective_on, congress_on, context)?;
        let eligibility = Eligibility { kind, members, on: effective_on };
        let exception = eligibility.check(self.exception.as_ref(), reference, context)?;
        let counted = Counted {
            countable: Countable { what: What::Recognised, of: Countee::Organisation(kind), host_kind, basis },
            unit,
            effective_on,
            n: 1,
            of_which: OfWhich::new(),
            place: guard::place(self.place.as_deref())?,
        };
        let body = EventBody::UnionRecognised { counted, congress_on, members, exception };
        Ok(vec![Event { effective_on, body }])
    }
}

fn congress_by(effective_on: LocalDate, congress_on: Option<LocalDate>, context: &Context) -> Result<(), Refusal> {
    let Some(congress_on) = congress_on else { return Ok(()) };
    guard::held_by_today(congress_on, context, "/congress_on")?;
    if congress_on > effective_on {
        return Err(Refusal::CongressAfterRecognition { congress_on, effective_on });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    fn federation() -> Story {
        given().by(FEDERATION, Role::Office)
    }

    #[test]
    fn a_union_counts_by_its_recognition_and_not_by_its_congress() {
        let union = RecogniseUnion { congress_on: Some(day("2022-12-15")), ..recognise("2023-01-04") };
        federation().on("2023-01-05").when(union).counts(["+1 recognised LĐLĐ Lê Chân 2023-01-04"]);
    }

    #[test]
    fn a_party_cell_is_founded_and_not_recognised() {
        let kind = OrganisationKind::PartyCellGrassroots;
        let refused = Refusal::KindIsFounded { kind, pointer: "/kind".to_owned() };
        federation().when(RecogniseUnion { kind, ..recognise("2022-12-30") }).refuses(refused);
    }

    #[test]
    fn a_union_needs_five_and_an_occupational_union_ten() {
        let too_few = |kind, have, need| Refusal::TooFewMembers { kind, have, need, pointer: "/members".to_owned() };
        let grassroots = OrganisationKind::GrassrootsUnion;
        federation().when(RecogniseUnion { members: 4, ..recognise("2022-12-30") }).refuses(too_few(grassroots, 4, 5));
        let kind = OrganisationKind::OccupationalUnion;
        let occupational = |members| RecogniseUnion { kind, members, ..recognise("2022-12-30") };
        federation().when(occupational(9)).refuses(too_few(kind, 9, 10));
        federation().when(occupational(10)).counts(["+1 recognised LĐLĐ Lê Chân 2022-12-30"]);
    }

    #[test]
    fn a_congress_comes_before_the_recognition() {
        let (congress_on, effective_on) = (day("2022-12-31"), day("2022-12-30"));
        federation()
            .when(RecogniseUnion { congress_on: Some(congress_on), ..recognise("2022-12-30") })
            .refuses(Refusal::CongressAfterRecognition { congress_on, effective_on });
        let tomorrow = RecogniseUnion { congress_on: Some(day("2023-01-01")), ..recognise("2022-12-30") };
        federation().when(tomorrow).refuses_as("held-in-future");
    }

    #[test]
    fn a_union_recognised_by_one_body_is_not_posted_by_the_committee_of_the_place() {
        given().when(recognise("2022-12-30")).refuses_as("not-your-unit");
    }
}
