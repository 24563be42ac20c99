//! Versions of a measure: the one in force on the day of the decision binds the case, which counts at most once.

use super::world::*;
use crate::{
    Countee, EventBody, HostKind, OrganisationKind, What,
    programme::{Flow, MeasureDefinition},
};

fn by(by: What, from: &str) -> MeasureDefinition {
    MeasureDefinition { by, from: day(from), ..party_member() }
}

/// Decided on 30/12/2022, ceremony on 3/2/2023.
fn decided_in_2022_received_in_2023(versions: &[MeasureDefinition]) -> (i64, i64) {
    let mut world = World::measuring(versions);
    world.unit(11, Some(CITY));
    world.post(admission(1), EventBody::MemberAdmitted { counted: members(11, "2022-12-30", 1) });
    world.post(admission(1), EventBody::CeremonyHeld { counted: what(What::Received, members(11, "2023-02-03", 1)) });
    (world.measure(PARTY_MEMBER, "2022").total, world.measure(PARTY_MEMBER, "2023").total)
}

#[test]
fn a_rule_that_changes_between_decision_and_ceremony_does_not_count_a_case_twice() {
    let versions = [by(What::Admitted, "2020-01-01"), by(What::Received, "2023-01-01")];
    assert_eq!(decided_in_2022_received_in_2023(&versions), (1, 0));
}

#[test]
fn a_rule_that_changes_between_decision_and_ceremony_does_not_lose_a_case() {
    let versions = [by(What::Received, "2020-01-01"), by(What::Admitted, "2023-01-01")];
    assert_eq!(decided_in_2022_received_in_2023(&versions), (0, 1));
}

#[test]
fn one_version_by_ceremony_counts_on_the_day_of_the_ceremony() {
    assert_eq!(decided_in_2022_received_in_2023(&[by(What::Received, "2020-01-01")]), (0, 1));
}

#[test]
fn unions_count_by_recognition_and_not_by_their_founding() {
    let unions = MeasureDefinition {
        measure: key("union_org"),
        by: What::Recognised,
        organisation_kinds: vec![OrganisationKind::GrassrootsUnion],
        ..party_org()
    };
    let mut world = World::measuring(&[unions]);
    world.unit(11, Some(CITY));
    let union = |on: &str, happened| {
        let mut counted = what(happened, cell(11, on));
        counted.countable.of = Countee::Organisation(OrganisationKind::GrassrootsUnion);
        counted
    };
    world.post(organisation(1), founded(union("2022-11-01", What::Founded)));
    assert_eq!(world.measure("union_org", "2022").total, 0);
    let counted = union("2023-01-15", What::Recognised);
    world.post(organisation(1), EventBody::UnionRecognised { counted, congress_on: None, members: 5, exception: None });
    assert_eq!((world.measure("union_org", "2022").total, world.measure("union_org", "2023").total), (0, 1));
}

#[test]
fn a_new_version_binds_only_cases_of_its_own_days() {
    let wider = MeasureDefinition {
        from: day("2022-07-01"),
        organisation_kinds: vec![OrganisationKind::PartyCellGrassroots, OrganisationKind::PartyGroup],
        ..party_org()
    };
    let mut world = World::measuring(&[party_org(), wider]);
    world.unit(11, Some(CITY));
    for (n, on) in [(1, "2022-06-30"), (2, "2022-07-01")] {
        let mut counted = cell(11, on);
        counted.countable.of = Countee::Organisation(OrganisationKind::PartyGroup);
        world.post(organisation(n), founded(counted));
    }
    assert_eq!(world.organisations("2022"), 1);
}

/// Cooperatives are out of scope from 2023; one founded in 2022 and dissolved in 2023 leaves the net as it came.
#[test]
fn an_end_is_counted_by_the_version_that_counted_the_beginning() {
    let net = MeasureDefinition { flow: Flow::Net, ..party_org() };
    let narrower =
        MeasureDefinition { from: day("2023-01-01"), host_kinds: vec![HostKind::PrivateEnterprise], ..net.clone() };
    let mut world = World::measuring(&[net, narrower]);
    world.unit(11, Some(CITY));
    let mut counted = cell(11, "2022-06-01");
    counted.countable.host_kind = HostKind::Cooperative;
    world.post(organisation(1), founded(counted.clone()));
    let counted = crate::Counted { effective_on: day("2023-06-01"), ..what(What::Dissolved, counted) };
    world.post(
        organisation(1),
        EventBody::OrganisationDissolved { counted, reason: crate::DissolutionReason::HostEnded },
    );
    assert_eq!((world.organisations("2022"), world.organisations("2023")), (1, -1));
}

#[test]
fn a_version_from_a_later_day_counts_nothing_before_it() {
    let late = MeasureDefinition { from: day("2022-07-01"), ..party_org() };
    let mut world = World::measuring(&[late]);
    world.unit(11, Some(CITY));
    world.found(11, "2022-06-30", 1);
    world.found(11, "2022-07-01", 1);
    assert_eq!(world.organisations("2022"), 1);
}
