//! A reviewer asks about a record; figures are not touched.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Context, Event, EventBody, LocalDate, Position, Question, Reference, Refusal, UnitId, guard, query::Query,
    structure::Structure,
};

/// A reviewer asks about a record; figures are not touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RaiseQuery {
    /// The record asked about.
    pub about: Position,
    /// The unit that is to answer.
    pub owner: UnitId,
    /// What is asked.
    pub question: Question,
}

impl RaiseQuery {
    /// A query about a record that is there, to a unit that is or was there.
    pub fn decide(&self, state: &Query, reference: &Reference, context: &Context) -> Result<Vec<Event>, Refusal> {
        let &RaiseQuery { about, owner, question } = self;
        if state.raised.is_some() {
            return Err(Refusal::StreamBegun);
        }
        guard::known_unit(owner, reference, "/owner")?;
        guard::known_record(about, context, "/about")?;
        guard::audited(owner, reference, context, "/owner")?;
        let body = EventBody::QueryRaised { about, owner, question };
        Ok(vec![Event { effective_on: context.today(), body }])
    }

    /// There is no such record, or it cannot be read here yet.
    pub fn asks_about_nothing(&self, context: &Context) -> Refusal {
        Refusal::RecordUnknown { position: self.about, tip: context.tip, pointer: "/about".to_owned() }
    }

    /// What only the record asked about can say against it: its owner is a unit that the record concerns, or its case by now, or one that came
    /// after such a unit. `concerned` are the units of the records of its stream.
    pub fn asks_who_is_concerned(
        &self,
        concerned: &BTreeSet<UnitId>,
        structure: &Structure,
        today: LocalDate,
    ) -> Result<(), Refusal> {
        let &RaiseQuery { about, owner, .. } = self;
        let came_after = |unit: &UnitId| {
            let last_day = structure.day_of_authority(*unit, today);
            structure.what_became_of(*unit, last_day, today).units.contains(&owner)
        };
        if concerned.contains(&owner) || concerned.iter().any(came_after) {
            return Ok(());
        }
        let name = structure.name_on(owner, today).map_or_else(|| owner.to_string(), str::to_owned);
        Err(Refusal::OwnerNotConcerned { about, unit: owner, name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Role, testing::*};

    fn auditor() -> Story {
        given().by(CITY, Role::Auditor)
    }

    #[test]
    fn an_auditor_asks_about_a_record_without_effect_on_counts() {
        let body = EventBody::QueryRaised { about: Position(7), owner: LE_CHAN, question: Question::FigureDoubtful };
        auditor().when(raise()).records(body);
        auditor().when(raise()).counts([]);
        auditor().when(raise()).takes_effect_on("2022-12-31");
    }

    #[test]
    fn nobody_asks_about_a_record_that_is_not_there() {
        let unknown =
            |n| Refusal::RecordUnknown { position: Position(n), tip: Position(100), pointer: "/about".to_owned() };
        auditor().when(RaiseQuery { about: Position(0), ..raise() }).refuses(unknown(0));
        auditor().when(RaiseQuery { about: Position(101), ..raise() }).refuses(unknown(101));
        auditor().when(RaiseQuery { owner: NOBODY, ..raise() }).refuses_as("unit-unknown");
    }

    #[test]
    fn an_auditor_asks_the_own_office_and_those_under_it() {
        let of_a_district = given().by(LE_CHAN, Role::Auditor);
        for owner in [LE_CHAN, WARD, FEDERATION] {
            assert_eq!(of_a_district.clone().when(RaiseQuery { owner, ..raise() }).bodies().len(), 1);
        }
        for owner in [CITY, HONG_BANG, ENDED] {
            of_a_district.clone().when(RaiseQuery { owner, ..raise() }).refuses_as("outside-your-audit");
        }
    }

    #[test]
    fn who_is_asked_is_concerned_or_came_after_who_was() {
        let mut structure = given().reference.structure;
        let today = day("2022-12-31");
        let asked = |owner, concerned: &[UnitId], structure: &Structure| {
            let concerned = concerned.iter().copied().collect();
            RaiseQuery { owner, ..raise() }.asks_who_is_concerned(&concerned, structure, today)
        };
        assert_eq!(asked(LE_CHAN, &[WARD, LE_CHAN], &structure), Ok(()));
        let name = "Hồng Bàng".to_owned();
        let refused = Refusal::OwnerNotConcerned { about: Position(7), unit: HONG_BANG, name };
        assert_eq!(asked(HONG_BANG, &[ENDED], &structure), Err(refused));
        structure.evolve(&Event {
            effective_on: day("2022-07-01"),
            body: EventBody::UnitSucceeded {
                unit: ENDED,
                successor: HONG_BANG,
                how: crate::SuccessionKind::MergedInto,
                extent: crate::Extent::Whole,
                of: crate::Passing::default(),
            },
        });
        assert_eq!(asked(HONG_BANG, &[ENDED], &structure), Ok(()));
        assert!(asked(LE_CHAN, &[ENDED], &structure).is_err());
    }

    #[test]
    fn only_auditors_ask() {
        for role in [Role::Office, Role::Supervisor, Role::Viewer, Role::Admin] {
            given().by(CITY, role).when(raise()).refuses_as("role-may-not");
        }
    }
}
