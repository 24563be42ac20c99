//! Records a decision that admits one person, who stays opaque here.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, Membership, Position,
    Reference, Refusal, Trait, UnitId, What,
    admission::{self, Admission},
    guard::{self, Posting},
};

/// Records a decision that admits one person, who stays opaque here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdmitMember {
    /// The body that decided; it is credited.
    pub unit: UnitId,
    /// To what.
    pub membership: Membership,
    /// Where the person works.
    pub host_kind: HostKind,
    /// Admitted before; counts apart from first admissions.
    #[serde(default)]
    pub readmission: bool,
    /// What is stated of the person: true or false; absent is not stated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<Trait, bool>,
    /// Code of the administrative unit where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
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

impl AdmitMember {
    /// One admitted, on the day the decision takes effect; the ceremony may come later or never. A readmission counts apart.
    pub fn decide(&self, state: &Admission, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &AdmitMember { unit, membership, host_kind, readmission, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        guard::signed(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        let what = if readmission { What::Readmitted } else { What::Admitted };
        let counted = Counted {
            countable: Countable { what, of: Countee::Member(membership), host_kind, basis: Basis::New },
            unit,
            effective_on,
            n: 1,
            of_which: admission::of_which(&self.traits),
            place: guard::place(self.place.as_deref())?,
        };
        Ok(vec![Event { effective_on, body: EventBody::MemberAdmitted { counted } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    #[test]
    fn an_admission_counts_one_on_the_day_of_the_decision() {
        given().on("2023-01-05").when(admit("2022-12-30")).counts(["+1 admitted Lê Chân 2022-12-30"]);
    }

    #[test]
    fn a_readmission_counts_apart_from_first_admissions() {
        let again = AdmitMember { readmission: true, ..admit("2022-12-30") };
        given().when(again).counts(["+1 readmitted Lê Chân 2022-12-30"]);
    }

    #[test]
    fn what_is_not_stated_of_a_person_is_not_zero() {
        let traits = BTreeMap::from([(Trait::Women, true), (Trait::Worker, false)]);
        given()
            .when(AdmitMember { traits, ..admit("2022-12-30") })
            .counts(["+1 admitted Lê Chân 2022-12-30 (women 1, worker 0)"]);
    }

    #[test]
    fn bad_papers_units_and_callers_are_refused() {
        given().when(admit("2023-01-01")).refuses_as("document-in-future");
        given().when(AdmitMember { unit: NOBODY, ..admit("2022-12-30") }).refuses_as("unit-unknown");
        given().by(HONG_BANG, Role::Office).when(admit("2022-12-30")).refuses_as("not-your-unit");
        given().when(AdmitMember { place: Some("3".repeat(21)), ..admit("2022-12-30") }).refuses_as("text-unfit");
        given().has(admit("2022-12-30")).when(admit("2022-12-30")).refuses(Refusal::StreamBegun);
    }
}
