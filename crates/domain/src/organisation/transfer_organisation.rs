//! Records that an organisation moved under another unit of this ledger.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Counted, Document, Event, EventBody, LocalDate, OrganisationId, Position, Reference, Refusal, UnitId,
    What,
    guard::{self, Posting},
    organisation::Organisation,
};

/// Records that an organisation moved under another unit of this ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TransferOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The unit it moved to.
    pub to: UnitId,
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

impl TransferOrganisation {
    /// One out of the old unit and one into the new, on one day: gross 0, net −1 and +1. Posted by the common superior of both.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let life = state.living(self.organisation)?;
        let to = self.to;
        guard::known_unit(to, reference, "/to")?;
        if to == life.unit() {
            return Err(Refusal::NothingChanges);
        }
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check_common_superior(to, "/to")?;
        guard::signed(&self.document, context, "/document")?;
        let effective_on = guard::effective_day(self.effective_on, &self.document)?;
        guard::not_before(effective_on, life.last_on(), "/effective_on")?;
        guard::unit_on(to, effective_on, reference, "/to")?;
        let out = life.counted(What::TransferredOut, effective_on, reference);
        if to == out.unit {
            return Err(Refusal::NothingChanges);
        }
        let mut into = Counted { unit: to, ..out.clone() };
        into.countable.what = What::TransferredIn;
        Ok(vec![Event { effective_on, body: EventBody::OrganisationTransferred { adds: vec![out, into] } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reason, Role, organisation::CorrectOrganisation, testing::*};

    fn at_the_city() -> Story {
        given().has(found("2022-05-04")).by(CITY, Role::Supervisor)
    }

    #[test]
    fn a_transfer_is_one_out_of_the_old_unit_and_one_into_the_new() {
        at_the_city()
            .when(transfer(HONG_BANG, "2022-09-01"))
            .counts(["+1 transferredout Lê Chân 2022-09-01", "+1 transferredin Hồng Bàng 2022-09-01"]);
    }

    #[test]
    fn only_the_common_superior_moves_a_figure_to_another_unit() {
        let given_away = given().has(found("2022-05-04"));
        given_away.clone().when(transfer(HONG_BANG, "2022-09-01")).refuses(Refusal::CommonSuperiorOnly {
            from: LE_CHAN,
            from_name: "Lê Chân".to_owned(),
            to: HONG_BANG,
            to_name: "Hồng Bàng".to_owned(),
            pointer: "/to".to_owned(),
        });
        given_away
            .clone()
            .by(HONG_BANG, Role::Office)
            .when(transfer(HONG_BANG, "2022-09-01"))
            .refuses_as("common-superior-only");
        // Lê Chân stands at or above both.
        assert_eq!(given_away.when(transfer(WARD, "2022-09-01")).bodies().len(), 1);
    }

    #[test]
    fn afterwards_it_belongs_to_the_new_unit() {
        let moved = at_the_city().has(transfer(HONG_BANG, "2022-09-01"));
        moved.clone().by(LE_CHAN, Role::Office).when(dissolve("2022-12-01")).refuses_as("not-your-unit");
        moved.by(HONG_BANG, Role::Office).when(dissolve("2022-12-01")).counts(["+1 dissolved Hồng Bàng 2022-12-01"]);
    }

    #[test]
    fn to_where_it_is_nothing_changes_and_to_nowhere_it_does_not_go() {
        at_the_city().when(transfer(LE_CHAN, "2022-09-01")).refuses(Refusal::NothingChanges);
        at_the_city().when(transfer(NOBODY, "2022-09-01")).refuses_as("unit-unknown");
        at_the_city().when(transfer(ENDED, "2022-09-01")).refuses_as("unit-ended");
    }

    #[test]
    fn it_comes_no_earlier_than_the_last_transfer() {
        at_the_city()
            .has(transfer(HONG_BANG, "2022-09-01"))
            .when(transfer(LE_CHAN, "2022-08-31"))
            .refuses_as("before-its-time");
    }

    #[test]
    fn it_leaves_whoever_has_it_by_then() {
        let merged = at_the_city().merged(LE_CHAN, HONG_BANG, "2022-07-01");
        merged
            .clone()
            .when(transfer(WARD, "2022-09-01"))
            .counts(["+1 transferredout Hồng Bàng 2022-09-01", "+1 transferredin An Biên 2022-09-01"]);
        merged.clone().when(transfer(HONG_BANG, "2022-09-01")).refuses(Refusal::NothingChanges);
        let moved = merged.has(transfer(WARD, "2022-09-01"));
        let right = CorrectOrganisation { unit: Some(FEDERATION), ..correct(Reason::WrongUnit) };
        moved.when(right).counts([
            "−1 founded Lê Chân 2022-05-04",
            "−1 transferredout Hồng Bàng 2022-09-01",
            "+1 founded LĐLĐ Lê Chân 2022-05-04",
            "+1 transferredout LĐLĐ Lê Chân 2022-09-01",
        ]);
    }
}
