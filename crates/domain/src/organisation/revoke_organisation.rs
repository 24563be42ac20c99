//! Records that the decision which founded or recognised an organisation was revoked.

use serde::{Deserialize, Serialize};

use crate::{
    Context, Document, Event, EventBody, LocalDate, OrganisationId, Reference, Refusal, RevocationScope, UnitId, What,
    guard::{self, Posting},
    organisation::Organisation,
    standing::Change,
};

/// Records that the decision which founded or recognised an organisation was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeOrganisation {
    /// The organisation.
    pub organisation: OrganisationId,
    /// From the start, or from a date.
    pub scope: RevocationScope,
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
}

impl RevokeOrganisation {
    /// From the start: takes back all that stands in the counts, a dissolution included, as if it had never been.
    /// From a date: what was stays, and one less from that day, net.
    pub fn decide(
        &self,
        state: &Organisation,
        reference: &Reference,
        context: &Context,
    ) -> Result<Vec<Event>, Refusal> {
        let scope = self.scope;
        let life = match scope {
            RevocationScope::FromStart => state.recorded(self.organisation)?,
            RevocationScope::FromDate => state.living(self.organisation)?,
        };
        let posting = Posting { unit: life.unit(), on_behalf_of: self.on_behalf_of, reference, context };
        posting.check("/organisation")?;
        guard::signed(&self.document, context, "/document")?;
        let revoked_on = guard::effective_day(self.effective_on, &self.document)?;
        let last_on = match scope {
            RevocationScope::FromStart => life.last_on(),
            RevocationScope::FromDate => life.known_to_live_on(),
        };
        guard::not_before(revoked_on, last_on, "/effective_on")?;
        let (effective_on, change) = match scope {
            RevocationScope::FromStart => (life.origin.effective_on, life.standing.withdrawn()),
            RevocationScope::FromDate => {
                let ended = life.counted(What::RevokedFromDate, revoked_on, reference);
                (revoked_on, Change { takes: Vec::new(), adds: vec![ended] })
            }
        };
        let Change { takes, adds } = change;
        Ok(vec![Event { effective_on, body: EventBody::OrganisationRevoked { scope, takes, adds } }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Reason, Role, organisation::CorrectOrganisation, testing::*};

    const FROM_START: RevocationScope = RevocationScope::FromStart;
    const FROM_DATE: RevocationScope = RevocationScope::FromDate;

    fn decided_in_october() -> Story {
        given().on("2023-02-20").has(found("2022-10-03"))
    }

    #[test]
    fn from_the_start_the_gross_of_its_own_year_loses_it() {
        decided_in_october().when(revoke(FROM_START, "2023-02-20")).counts(["−1 founded Lê Chân 2022-10-03"]);
        decided_in_october().has(revoke(FROM_START, "2023-02-20")).leaves([]);
    }

    #[test]
    fn from_a_date_only_the_net_of_that_date_loses_it() {
        decided_in_october().when(revoke(FROM_DATE, "2023-02-20")).counts(["+1 revokedfromdate Lê Chân 2023-02-20"]);
        decided_in_october()
            .has(revoke(FROM_DATE, "2023-02-20"))
            .leaves(["1 founded Lê Chân 2022-10-03", "1 revokedfromdate Lê Chân 2023-02-20"]);
    }

    #[test]
    fn a_revocation_reverses_the_current_values() {
        decided_in_october()
            .has(CorrectOrganisation { effective_on: Some(day("2023-01-05")), ..correct(Reason::WrongDate) })
            .when(revoke(FROM_START, "2023-02-20"))
            .counts(["−1 founded Lê Chân 2023-01-05"]);
    }

    #[test]
    fn from_the_start_what_followed_never_was_either() {
        decided_in_october()
            .by(CITY, Role::Supervisor)
            .has(transfer(HONG_BANG, "2022-11-01"))
            .by(HONG_BANG, Role::Office)
            .has(dissolve("2022-12-01"))
            .when(revoke(FROM_START, "2023-02-20"))
            .counts([
                "−1 founded Lê Chân 2022-10-03",
                "−1 transferredout Lê Chân 2022-11-01",
                "−1 transferredin Hồng Bàng 2022-11-01",
                "−1 dissolved Hồng Bàng 2022-12-01",
            ]);
    }

    #[test]
    fn what_has_been_dissolved_does_not_end_again_from_a_date() {
        decided_in_october()
            .has(dissolve("2022-12-01"))
            .when(revoke(FROM_DATE, "2023-02-20"))
            .refuses_as("organisation-dissolved");
    }

    #[test]
    fn what_was_not_decided_or_is_revoked_is_not_revoked() {
        given()
            .when(revoke(FROM_START, "2022-12-30"))
            .refuses(Refusal::OrganisationUnknown { organisation: ORGANISATION });
        let revoked = decided_in_october().has(revoke(FROM_DATE, "2023-02-20"));
        revoked
            .clone()
            .when(revoke(FROM_START, "2023-02-20"))
            .refuses(Refusal::AlreadyRevoked { on: day("2023-02-20") });
        revoked.clone().when(dissolve("2023-02-20")).refuses_as("already-revoked");
        revoked.clone().when(announce("2023-02-20")).refuses_as("already-revoked");
        revoked.when(correct(Reason::Typo)).refuses_as("already-revoked");
    }

    #[test]
    fn it_comes_no_earlier_than_the_founding() {
        decided_in_october().when(revoke(FROM_START, "2022-10-02")).refuses_as("before-its-time");
    }

    #[test]
    fn from_a_date_it_comes_no_earlier_than_the_announcement_which_from_the_start_never_was() {
        let announced = || decided_in_october().has(announce("2022-10-15"));
        let (on, last_on, pointer) = (day("2022-10-14"), day("2022-10-15"), "/effective_on".to_owned());
        announced().when(revoke(FROM_DATE, "2022-10-14")).refuses(Refusal::BeforeItsTime { on, last_on, pointer });
        announced().when(revoke(FROM_DATE, "2022-10-15")).counts(["+1 revokedfromdate Lê Chân 2022-10-15"]);
        announced().has(revoke(FROM_START, "2022-10-14")).leaves([]);
    }

    #[test]
    fn a_paper_is_needed_to_be_complete() {
        let mut command = revoke(FROM_START, "2023-02-20");
        command.document.symbol.clear();
        let pointer = "/document/symbol".to_owned();
        decided_in_october().when(command).refuses(Refusal::DocumentIncomplete { pointer });
    }

    #[test]
    fn from_a_date_it_is_one_less_of_whoever_has_it_then_and_from_the_start_of_the_unit_of_then() {
        let merged = decided_in_october().merged(LE_CHAN, HONG_BANG, "2023-01-01").by(HONG_BANG, Role::Office);
        let from_date = merged.clone().when(revoke(FROM_DATE, "2023-02-20"));
        from_date.counts(["+1 revokedfromdate Hồng Bàng 2023-02-20"]);
        merged.when(revoke(FROM_START, "2023-02-20")).counts(["−1 founded Lê Chân 2022-10-03"]);
    }
}
