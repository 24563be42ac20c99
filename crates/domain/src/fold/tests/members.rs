//! Members: decisions and ceremonies, batches, "of which" with what is stated.

use super::world::*;
use crate::{
    EventBody, Reason, Trait, What,
    fold::{Stated, TallyQuery},
    programme::{Flow, MeasureDefinition},
};

fn world() -> World {
    let mut world = World::new();
    world.unit(11, Some(CITY));
    world
}

fn admitted(counted: crate::Counted) -> EventBody {
    EventBody::MemberAdmitted { counted }
}

fn received(on: &str, n: u32) -> EventBody {
    EventBody::BatchCeremonyHeld { counted: what(What::Received, members(11, on, n)) }
}

/// 15 (8 women) + 10 (not stated) + 1 woman.
#[test]
fn of_which_counts_what_is_stated_and_what_is_not_stated_is_not_0() {
    let mut world = world();
    world.post(
        batch(1),
        EventBody::BatchAdmitted { counted: stating(&[(Trait::Women, 8)], members(11, "2022-03-01", 15)) },
    );
    world.post(batch(2), EventBody::BatchAdmitted { counted: members(11, "2022-03-01", 10) });
    world.post(admission(1), admitted(stating(&[(Trait::Women, 1)], members(11, "2022-03-01", 1))));
    let measure = world.measure(PARTY_MEMBER, "2022");
    assert_eq!(measure.total, 26);
    assert_eq!(measure.of_which[&Trait::Women], Stated { n: 9, stated: 16 });
    assert_eq!(measure.of_which[&Trait::PrivateBusinessOwner], Stated { n: 0, stated: 0 });
    assert_eq!(cell_of(&measure, 11).of_which[&Trait::Women], Stated { n: 9, stated: 16 });
}

#[test]
fn a_trait_stated_as_absent_is_stated() {
    let mut world = world();
    world.post(admission(1), admitted(stating(&[(Trait::Women, 0)], members(11, "2022-03-01", 1))));
    assert_eq!(world.measure(PARTY_MEMBER, "2022").of_which[&Trait::Women], Stated { n: 0, stated: 1 });
}

/// Women are shown of the first half of the year, private business owners of the second: each says of how many it is stated.
#[test]
fn a_dimension_that_only_some_versions_show_is_stated_of_their_cases_only() {
    let from =
        |on, of_which: &[Trait]| MeasureDefinition { from: day(on), of_which: of_which.to_vec(), ..party_member() };
    let versions = [from("2020-01-01", &[Trait::Women]), from("2022-07-01", &[Trait::PrivateBusinessOwner])];
    let mut world = World::measuring(&versions);
    world.unit(11, Some(CITY));
    let both = [(Trait::Women, 4), (Trait::PrivateBusinessOwner, 3)];
    for (n, on, of) in [(1, "2022-03-01", 15), (2, "2022-09-01", 10)] {
        world.post(batch(n), EventBody::BatchAdmitted { counted: stating(&both, members(11, on, of)) });
    }
    let measure = world.measure(PARTY_MEMBER, "2022");
    assert_eq!(measure.total, 25);
    assert_eq!(measure.of_which[&Trait::Women], Stated { n: 4, stated: 15 });
    assert_eq!(measure.of_which[&Trait::PrivateBusinessOwner], Stated { n: 3, stated: 10 });
}

/// Ten women admitted and all ten out again: a net that an older ledger defined with parts, or by ceremony.
#[test]
fn measures_of_older_ledgers_count_as_defined_and_show_no_parts_of_what_is_net() {
    let net = |by, flow| MeasureDefinition {
        measure: key(&format!("{by:?}_{flow:?}").to_lowercase()),
        by,
        flow,
        ..party_member()
    };
    let [of_net, of_stock] = [net(What::Admitted, Flow::Net), net(What::Admitted, Flow::Stock)];
    let received_net = net(What::Received, Flow::Net);
    let mut world = World::measuring(&[party_member(), of_net, of_stock, received_net]);
    world.unit(11, Some(CITY));
    let ten = stating(&[(Trait::Women, 10)], members(11, "2022-03-01", 10));
    world.post(batch(1), EventBody::BatchAdmitted { counted: ten });
    world.post(batch(1), received("2022-04-01", 4));
    let ended = what(What::RevokedFromDate, members(11, "2022-05-01", 10));
    let scope = crate::RevocationScope::FromDate;
    world.post(batch(1), EventBody::BatchRevoked { scope, takes: vec![], adds: vec![ended] });
    let of = |measure: &str| {
        let tally = world.measure(measure, "2022");
        (tally.total, tally.of_which.get(&Trait::Women).copied(), cell_of(&tally, 11).of_which.len())
    };
    assert_eq!(of(PARTY_MEMBER), (10, Some(Stated { n: 10, stated: 10 }), 1));
    assert_eq!([of("admitted_net"), of("admitted_stock")], [(0, None, 0); 2]);
    assert_eq!(of("received_net"), (-6, None, 0));
}

#[test]
fn naming_a_member_of_a_batch_adds_nothing() {
    let mut world = world();
    world.post(batch(1), EventBody::BatchAdmitted { counted: members(11, "2022-03-01", 15) });
    let before = world.facts.total();
    world.post(batch(1), EventBody::BatchMemberNamed { subject: crate::SubjectId(uuid::Uuid::from_u128(7)) });
    assert_eq!(world.facts.total(), before);
    assert_eq!(world.measure(PARTY_MEMBER, "2022").total, 15);
}

#[test]
fn a_batch_of_15_corrected_to_14_loses_one_on_the_old_date() {
    let mut world = world();
    let (old, new) = (members(11, "2022-03-01", 15), members(11, "2022-03-01", 14));
    let (old, new) = (stating(&[(Trait::Women, 8)], old), stating(&[(Trait::Women, 7)], new));
    world.post(batch(1), EventBody::BatchAdmitted { counted: old.clone() });
    let reported = world.at;
    world.post(batch(1), EventBody::BatchCorrected { reason: Reason::Typo, takes: vec![old], adds: vec![new] });
    let measure = world.measure(PARTY_MEMBER, "2022");
    assert_eq!((measure.total, measure.of_which[&Trait::Women]), (14, Stated { n: 7, stated: 14 }));
    let query = TallyQuery { known: Some(reported), ..world.query("2022") };
    assert_eq!(world.measure_as(PARTY_MEMBER, &query).total, 15);
}

#[test]
fn thirty_decided_and_fifteen_received_are_30_of_which_15_without_ceremony_yet() {
    let mut world = world();
    world.post(batch(1), EventBody::BatchAdmitted { counted: members(11, "2022-11-01", 30) });
    assert_eq!(world.measure(PARTY_MEMBER, "2022").without_ceremony, Some(30));
    world.post(batch(1), received("2022-12-01", 15));
    let measure = world.measure(PARTY_MEMBER, "2022");
    assert_eq!((measure.total, measure.without_ceremony), (30, Some(15)));
    assert_eq!(cell_of(&measure, 11).without_ceremony, Some(15));
    assert_eq!(world.measure(PARTY_ORG, "2022").without_ceremony, None);
}

/// Decided 30/12/2022, ceremony 3/2/2023, recorded 5/1/2023.
#[test]
fn a_decision_of_2022_counts_for_2022_whenever_it_is_recorded_or_celebrated() {
    let mut world = world();
    let reported = world.at;
    world.post(admission(1), admitted(members(11, "2022-12-30", 1)));
    world.post(admission(1), EventBody::CeremonyHeld { counted: what(What::Received, members(11, "2023-02-03", 1)) });
    assert_eq!((world.measure(PARTY_MEMBER, "2022").total, world.measure(PARTY_MEMBER, "2023").total), (1, 0));
    let as_reported = TallyQuery { known: Some(reported), ..world.query("2022") };
    assert_eq!(world.measure_as(PARTY_MEMBER, &as_reported).total, 0);
}

#[test]
fn a_ceremony_counts_against_its_own_decision_whatever_year_it_is_held_in() {
    let mut world = world();
    world.post(admission(1), admitted(members(11, "2022-12-30", 1)));
    world.post(admission(2), admitted(members(11, "2023-01-10", 1)));
    world.post(admission(1), EventBody::CeremonyHeld { counted: what(What::Received, members(11, "2023-02-03", 1)) });
    assert_eq!(world.measure(PARTY_MEMBER, "2022").without_ceremony, Some(1));
    let later = TallyQuery { judged_on: day("2023-02-03"), ..world.query("2022") };
    assert_eq!(world.measure_as(PARTY_MEMBER, &later).without_ceremony, Some(0));
    assert_eq!(world.measure(PARTY_MEMBER, "2023").without_ceremony, Some(1));
}

#[test]
fn somebody_admitted_again_is_no_first_admission_but_counts_in_the_net() {
    let net = MeasureDefinition { measure: key("member_net"), flow: Flow::Net, ..party_member() };
    let by_ceremony = MeasureDefinition { measure: key("member_received"), by: What::Received, ..party_member() };
    let mut world = World::measuring(&[party_member(), net, by_ceremony]);
    world.unit(11, Some(CITY));
    world.post(admission(1), admitted(members(11, "2022-03-01", 1)));
    world.post(admission(2), admitted(what(What::Readmitted, members(11, "2022-03-01", 1))));
    for n in [1, 2] {
        let counted = what(What::Received, members(11, "2022-04-01", 1));
        world.post(admission(n), EventBody::CeremonyHeld { counted });
    }
    let total = |measure| world.measure(measure, "2022").total;
    assert_eq!((total(PARTY_MEMBER), total("member_net"), total("member_received")), (1, 2, 1));
}

/// Recognised in 2023 as of the day the twelve months ended in 2022, by a measure that somebody defined for it.
#[test]
fn members_recognised_count_by_the_day_the_probation_ended_and_change_no_other_measure() {
    let by = |measure, by, flow| MeasureDefinition { measure: key(measure), by, flow, ..party_member() };
    let others = [party_member(), by("net", What::Admitted, Flow::Net), by("stock", What::Admitted, Flow::Stock)];
    let recognised = by("recognised", What::MadeOfficial, Flow::Gross);
    let mut world = World::measuring(&[&others[..], &[recognised]].concat());
    world.unit(11, Some(CITY));
    for n in [1, 2] {
        world.post(admission(n), admitted(members(11, "2021-09-01", 1)));
        world.post(
            admission(n),
            EventBody::CeremonyHeld { counted: what(What::Received, members(11, "2021-10-01", 1)) },
        );
    }
    world.post(admission(3), admitted(members(11, "2022-03-01", 1)));
    let figures = |world: &World| {
        others.clone().map(|measure| {
            let tally = world.measure(measure.measure.as_str(), "2022");
            (tally.total, tally.without_ceremony, cell_of(&tally, 11).actual, cell_of(&tally, 11).position)
        })
    };
    let before = figures(&world);
    let counted = |on| what(What::MadeOfficial, members(11, on, 1));
    let decided_on = day("2023-01-10");
    for n in [1, 2] {
        world.post(admission(n), EventBody::MemberRecognised { counted: counted("2022-10-01"), decided_on });
    }
    let known = world.at;
    let of = |world: &World, year| world.measure("recognised", year).total;
    assert_eq!((of(&world, "2022"), of(&world, "2023")), (2, 0));
    assert_eq!(figures(&world), before);
    let (takes, adds) = (vec![counted("2022-10-01")], vec![counted("2023-01-02")]);
    world.post(admission(2), EventBody::AdmissionCorrected { reason: Reason::WrongDate, takes, adds });
    assert_eq!((of(&world, "2022"), of(&world, "2023")), (1, 1));
    let then = TallyQuery { known: Some(known), ..world.query("2022") };
    assert_eq!(world.measure_as("recognised", &then).total, 2);
}
