//! Registers an organisation that no founding here explains: older than the ledger, or received from outside.

use serde::{Deserialize, Serialize};

use crate::{
    Basis, Context, Countable, Counted, Countee, Document, Event, EventBody, HostKind, LocalDate, OfWhich,
    OrganisationKind, Origin, Position, Reference, Refusal, UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Registers an organisation that no founding here explains: older than the ledger, or received from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RegisterExisting {
    /// The body it stands under.
    pub unit: UnitId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Where.
    pub host_kind: HostKind,
    /// Where it came from.
    pub origin: Origin,
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

impl RegisterExisting {
    /// One that gross never counts: stock only, or stock and net when it came from outside.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let &RegisterExisting { unit, kind, host_kind, origin, .. } = self;
        state.unbegun()?;
        guard::known_unit(unit, reference, "/unit")?;
        Posting { unit, on_behalf_of: self.on_behalf_of, reference, context }.check("/unit")?;
        guard::signed(&self.document, context, "/document")?;
        let (what, effective_on, stands_on) = match origin {
            // It may be older than the unit that it stands under, so the unit is judged on the day of the paper.
            Origin::BeforeLedger => {
                (What::Registered, guard::effective_day_of_old(self.effective_on, &self.document)?, self.document.date)
            }
            Origin::ReceivedFromOutside => {
                let received_on = guard::effective_day(self.effective_on, &self.document)?;
                (What::ReceivedFromOutside, received_on, received_on)
            }
        };
        guard::unit_on(unit, stands_on, reference, "/unit")?;
        let counted = Counted {
            countable: Countable { what, of: Countee::Organisation(kind), host_kind, basis: Basis::New },
            unit,
            effective_on,
            n: 1,
            of_which: OfWhich::new(),
            place: guard::place(self.place.as_deref())?,
        };
        Ok(vec![Event { effective_on, body: EventBody::OrganisationRegistered { counted } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Command, testing::*};

    #[test]
    fn what_is_older_than_the_ledger_is_stock_and_never_gross() {
        let old =
            RegisterExisting { effective_on: Some(day("1998-05-19")), ..register("2022-03-01", Origin::BeforeLedger) };
        given().when(old).counts(["+1 registered Lê Chân 1998-05-19"]);
    }

    #[test]
    fn what_came_from_outside_is_net_and_stock() {
        given()
            .when(register("2022-12-04", Origin::ReceivedFromOutside))
            .counts(["+1 receivedfromoutside Lê Chân 2022-12-04"]);
        let old = RegisterExisting {
            effective_on: Some(day("1998-05-19")),
            ..register("2022-12-04", Origin::ReceivedFromOutside)
        };
        given().when(old).refuses_as("effective-date-implausible");
    }

    #[test]
    fn what_is_registered_can_be_dissolved() {
        given()
            .has(register("2022-03-01", Origin::BeforeLedger))
            .when(dissolve("2022-06-01"))
            .counts(["+1 dissolved Lê Chân 2022-06-01"]);
    }

    #[test]
    fn nineteen_registered_five_founded_and_two_dissolved_leave_their_counts() {
        let mut stock = 0;
        let mut gross = 0;
        let mut add = |story: Story, command: Command| {
            let what = story.when(command).counted().countable.what;
            gross += u32::from(what == What::Founded);
            stock += match what {
                What::Registered | What::Founded => 1,
                What::Dissolved => -1,
                other => panic!("{other:?}"),
            };
        };
        (0..19).for_each(|_| add(given(), register("2022-01-10", Origin::BeforeLedger).into()));
        (0..5).for_each(|_| add(given(), found("2022-05-10").into()));
        (0..2).for_each(|_| add(given().has(found("2022-05-10")), dissolve("2022-09-10").into()));
        assert_eq!((stock, gross), (22, 5));
    }
}
