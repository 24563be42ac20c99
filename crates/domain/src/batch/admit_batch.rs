//! Records a decision that admits several persons of one host kind, as a number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, Membership, OfWhich,
    Position, Reference, Refusal, UnitId, What,
    batch::Batch,
    guard::{self, Posting},
    of_which,
};

/// Records a decision that admits several persons of one host kind, as a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AdmitBatch {
    /// The body that decided; it is credited.
    pub unit: UnitId,
    /// To what.
    pub membership: Membership,
    /// Where they work; one kind a batch.
    pub host_kind: HostKind,
    /// 1 to 10,000.
    #[cfg_attr(feature = "schema", schema(minimum = 1, maximum = 10_000))]
    pub count: u32,
    /// Overlapping counts; what is absent is not stated.
    #[serde(default, deserialize_with = "of_which::read", skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schema(inline))]
    pub of_which: OfWhich,
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

impl AdmitBatch {
    /// So many admitted, on the day the decision takes effect, with what is stated of them.
    pub fn decide(&self, state: &Batch, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &AdmitBatch { unit, membership, host_kind, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        guard::signed(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::unit_on(unit, effective_on, reference, "/unit")?;
        let n = guard::count(self.count, "/count")?;
        guard::of_which(&self.of_which, n)?;
        let of = Countee::Member(membership);
        let counted = Counted {
            countable: Countable { what: What::Admitted, of, host_kind, basis: Basis::New },
            unit,
            effective_on,
            n,
            of_which: self.of_which.clone(),
            place: guard::place(self.place.as_deref())?,
        };
        Ok(vec![Event { effective_on, body: EventBody::BatchAdmitted { counted } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, Trait, admission::AdmitMember, testing::*};

    #[test]
    fn fifteen_with_eight_women_ten_not_stated_and_one_woman_are_twenty_six_and_nine_of_sixteen() {
        let fifteen = AdmitBatch { of_which: OfWhich::from([(Trait::Women, 8)]), ..admit_batch(15, "2022-12-30") };
        let woman = AdmitMember { traits: [(Trait::Women, true)].into(), ..admit("2022-12-30") };
        let counted = [
            given().when(fifteen).counted(),
            given().when(admit_batch(10, "2022-12-30")).counted(),
            given().when(woman).counted(),
        ];
        let stated = counted.iter().filter_map(|c| Some((c.of_which.get(&Trait::Women)?, c.n)));
        assert_eq!(counted.iter().map(|c| c.n).sum::<u32>(), 26);
        assert_eq!(stated.fold((0, 0), |(women, of), (part, n)| (women + part, of + n)), (9, 16));
    }

    #[test]
    fn a_batch_is_one_to_ten_thousand() {
        let refused = |count| Refusal::CountOutOfRange { count, max: 10_000, pointer: "/count".to_owned() };
        given().when(admit_batch(0, "2022-12-30")).refuses(refused(0));
        given().when(admit_batch(1, "2022-12-30")).counts(["+1 admitted Lê Chân 2022-12-30"]);
        given().when(admit_batch(10_000, "2022-12-30")).counts(["+10000 admitted Lê Chân 2022-12-30"]);
        given().when(admit_batch(10_001, "2022-12-30")).refuses(refused(10_001));
    }

    #[test]
    fn an_of_which_is_at_most_the_whole_and_they_overlap() {
        let with = |women, workers| AdmitBatch {
            of_which: OfWhich::from([(Trait::Women, women), (Trait::Worker, workers)]),
            ..admit_batch(15, "2022-12-30")
        };
        given().when(with(15, 15)).counts(["+15 admitted Lê Chân 2022-12-30 (women 15, worker 15)"]);
        let (of, pointer) = (Trait::Worker, "/of_which/worker".to_owned());
        given().when(with(8, 16)).refuses(Refusal::OfWhichTooLarge { of, part: 16, whole: 15, pointer });
        given().when(with(0, 15)).counts(["+15 admitted Lê Chân 2022-12-30 (women 0, worker 15)"]);
    }

    #[test]
    fn bad_papers_units_and_callers_are_refused() {
        given().when(admit_batch(15, "2023-01-01")).refuses_as("document-in-future");
        given().when(AdmitBatch { unit: NOBODY, ..admit_batch(15, "2022-12-30") }).refuses_as("unit-unknown");
        given().by(HONG_BANG, Role::Office).when(admit_batch(15, "2022-12-30")).refuses_as("not-your-unit");
        given().has(admit_batch(15, "2022-12-30")).when(admit_batch(15, "2022-12-30")).refuses(Refusal::StreamBegun);
    }
}
