//! What founding, dissolution, merger, split, transfer, correction and revocation do to gross, net and stock.

use super::world::*;
use crate::{
    Basis, Command, EventBody, Extent, HostKind, Kind, OrganisationKind, Passing, RevocationScope, Role,
    SuccessionKind, UnitId, What,
    fold::{TallyQuery, restated_tally},
    programme::{Flow, MeasureDefinition},
    testing::{self, HONG_BANG, LE_CHAN, TO_COME, WARD, dissolve, revoke, transfer},
};

const NET: &str = "party_net";
const STOCK: &str = "party_stock";

fn world() -> World {
    let flow = |measure: &str, flow| MeasureDefinition { measure: key(measure), flow, ..party_org() };
    let mut world = World::measuring(&[party_org(), flow(NET, Flow::Net), flow(STOCK, Flow::Stock)]);
    world.unit(11, Some(CITY));
    world.unit(12, Some(CITY));
    world
}

/// Gross, net and stock at the end of a year.
fn flows(world: &World, year: &str) -> (i64, i64, i64) {
    let total = |measure| world.measure(measure, year).total;
    (total(PARTY_ORG), total(NET), total(STOCK))
}

#[test]
fn five_founded_two_dissolved_a_merger_a_split_and_one_from_outside_are_gross_5_net_4() {
    let mut world = world();
    world.found(11, "2022-03-01", 5);
    world.post(organisation(1), dissolved(11, "2022-04-01"));
    world.post(organisation(2), dissolved(11, "2022-05-01"));
    for merged in [3, 4] {
        world.post(organisation(merged), dissolved(11, "2022-06-01"));
    }
    world.post(organisation(5), founded(basis(Basis::Merger, cell(11, "2022-06-01"))));
    world.post(organisation(6), founded(basis(Basis::Split, cell(11, "2022-07-01"))));
    let counted = what(What::ReceivedFromOutside, cell(11, "2022-08-01"));
    world.post(organisation(7), EventBody::OrganisationRegistered { counted });
    assert_eq!(flows(&world, "2022"), (5, 4, 4));
}

#[test]
fn nineteen_cells_grouped_under_a_new_body_are_one_more() {
    let mut world = world();
    for n in 0..19 {
        let counted = what(What::Registered, cell(11, "2022-01-01"));
        world.post(organisation(n), EventBody::OrganisationRegistered { counted });
    }
    let before = flows(&world, "2022");
    world.post(organisation(20), founded(basis(Basis::Grouping, body(11, "2022-06-01"))));
    assert_eq!(before, (0, 0, 19));
    assert_eq!(flows(&world, "2022"), (1, 1, 20));
}

#[test]
fn one_paper_that_founds_a_body_with_three_new_cells_counts_four() {
    let mut world = world();
    world.record(organisation(1), [("2022-06-01", founded(body(11, "2022-06-01")))]);
    world.found(11, "2022-06-01", 3);
    assert_eq!(world.organisations("2022"), 4);
}

#[test]
fn only_new_and_grouping_are_gross() {
    for (one, gross) in
        [(Basis::New, 1), (Basis::Grouping, 1), (Basis::Split, 0), (Basis::Merger, 0), (Basis::Conversion, 0)]
    {
        let mut world = world();
        world.post(organisation(1), founded(basis(one, cell(11, "2022-06-01"))));
        assert_eq!(flows(&world, "2022"), (gross, 1, 1), "{one}");
    }
}

#[test]
fn a_conversion_ends_one_and_begins_another() {
    let mut world = world();
    world.found(11, "2021-06-01", 1);
    world.post(organisation(1), dissolved(11, "2022-06-01"));
    world.post(organisation(2), founded(basis(Basis::Conversion, cell(11, "2022-06-01"))));
    assert_eq!(flows(&world, "2022"), (0, 0, 1));
}

#[test]
fn a_transfer_moves_one_from_a_to_b_and_targets_do_not_see_it() {
    let mut world = world();
    world.found(11, "2022-03-01", 1);
    let adds =
        vec![what(What::TransferredOut, cell(11, "2022-06-01")), what(What::TransferredIn, cell(12, "2022-06-01"))];
    world.post(organisation(1), EventBody::OrganisationTransferred { adds });
    assert_eq!(flows(&world, "2022"), (1, 1, 1));
    let of = |measure: &str, holder| {
        let cells = world.measure(measure, "2022").cells;
        cells.iter().find(|cell| cell.committee == unit(holder)).map_or(0, |cell| cell.actual)
    };
    assert_eq!((of(PARTY_ORG, 11), of(PARTY_ORG, 12)), (1, 0));
    assert_eq!((of(NET, 11), of(NET, 12)), (0, 1));
}

#[test]
fn a_change_of_type_counts_nothing() {
    let mut world = world();
    world.found(11, "2022-03-01", 1);
    let before = flows(&world, "2022");
    world.post(
        organisation(1),
        EventBody::OrganisationTypeChanged {
            before: OrganisationKind::PartyCellGrassroots,
            after: OrganisationKind::PartyOrganisationGrassroots,
            members: 30,
            exception: None,
        },
    );
    assert_eq!(flows(&world, "2022"), before);
}

#[test]
fn nineteen_registered_five_founded_and_two_dissolved_are_a_stock_of_22_and_gross_5() {
    let mut world = world();
    for n in 0..19 {
        let counted = what(What::Registered, cell(11, "2018-01-01"));
        world.post(organisation(n), EventBody::OrganisationRegistered { counted });
    }
    world.found(11, "2022-03-01", 5);
    world.post(organisation(1), dissolved(11, "2022-04-01"));
    world.post(organisation(2), dissolved(11, "2022-05-01"));
    assert_eq!(flows(&world, "2022"), (5, 3, 22));
    let query = TallyQuery { valid: day("2022-03-31"), ..world.query("2022") };
    assert_eq!(world.measure_as(STOCK, &query).total, 24);
}

#[test]
fn revoked_from_the_start_gross_2022_loses_it() {
    let mut world = world();
    world.found(11, "2022-10-01", 2);
    let known = world.at;
    world.record(
        organisation(1),
        [("2023-02-20", revoked(RevocationScope::FromStart, vec![cell(11, "2022-10-01")], vec![]))],
    );
    assert_eq!(flows(&world, "2022"), (1, 1, 1));
    assert_eq!(flows(&world, "2023"), (0, 0, 1));
    let query = TallyQuery { known: Some(known), ..world.query("2022") };
    assert_eq!(world.measure_as(PARTY_ORG, &query).total, 2);
}

#[test]
fn revoked_from_a_date_net_2023_loses_it() {
    let mut world = world();
    world.found(11, "2022-10-01", 2);
    let adds = vec![what(What::RevokedFromDate, cell(11, "2023-02-20"))];
    world.post(organisation(1), revoked(RevocationScope::FromDate, vec![], adds));
    assert_eq!(flows(&world, "2022"), (2, 2, 2));
    assert_eq!(flows(&world, "2023"), (0, -1, 1));
}

#[test]
fn a_correction_takes_from_the_old_date_and_unit_and_adds_to_the_new() {
    let mut world = world();
    world.found(11, "2022-12-20", 1);
    world.post(organisation(1), corrected(cell(11, "2022-12-20"), cell(12, "2023-01-05")));
    assert_eq!((world.organisations("2022"), world.organisations("2023")), (0, 1));
}

#[test]
fn corrected_into_2023_and_then_revoked_from_the_start_leaves_nothing_in_either_year() {
    let mut world = world();
    world.found(11, "2022-12-20", 1);
    world.post(organisation(1), corrected(cell(11, "2022-12-20"), cell(11, "2023-01-05")));
    assert_eq!((flows(&world, "2022").0, flows(&world, "2023").0), (0, 1));
    world.post(organisation(1), revoked(RevocationScope::FromStart, vec![cell(11, "2023-01-05")], vec![]));
    assert_eq!((flows(&world, "2022"), flows(&world, "2023")), ((0, 0, 0), (0, 0, 0)));
}

#[test]
fn a_host_kind_outside_the_programme_is_recorded_but_gives_no_number() {
    let mut world = world();
    let mut counted = cell(11, "2022-06-01");
    counted.countable.host_kind = HostKind::StateEnterprise;
    world.post(organisation(1), founded(counted));
    assert_eq!(world.facts.total(), 1);
    assert_eq!(flows(&world, "2022"), (0, 0, 0));
}

#[test]
fn a_kind_that_the_measure_does_not_list_is_not_counted() {
    let mut world = world();
    let mut counted = cell(11, "2022-06-01");
    counted.countable.of = crate::Countee::Organisation(OrganisationKind::PartyGroup);
    world.post(organisation(1), founded(counted));
    assert_eq!(flows(&world, "2022"), (0, 0, 0));
}

#[test]
fn facts_of_a_period_that_is_not_open_count_once_it_is() {
    let mut world = world();
    world.found(11, "2024-05-01", 1);
    let query = world.query("2024");
    assert!(crate::fold::tally(&world.reference, &world.facts, &query).is_err());
    world.open("2024", &[party_org()], false);
    assert_eq!(world.organisations("2024"), 1);
}

/// 15/12: 170; 16–31/12: +4; 2022 is 174, 2023 starts at 0.
#[test]
fn the_rest_of_a_cut_off_stays_in_its_year() {
    let mut world = world();
    world.found(11, "2022-12-15", 170);
    world.found(11, "2022-12-16", 3);
    world.found(11, "2022-12-31", 1);
    let query = TallyQuery { valid: day("2022-12-15"), ..world.query("2022") };
    assert_eq!(world.measure_as(PARTY_ORG, &query).total, 170);
    assert_eq!((world.organisations("2022"), world.organisations("2023")), (174, 0));
}

#[test]
fn the_last_day_counts_and_the_day_after_does_not_whatever_day_is_asked_about() {
    let mut world = world();
    world.found(11, "2022-12-31", 1);
    world.found(11, "2023-01-01", 1);
    let query = TallyQuery { valid: day("2023-06-01"), ..world.query("2022") };
    assert_eq!(world.measure_as(PARTY_ORG, &query).total, 1);
    assert_eq!(world.tally(&query).as_of.valid, day("2022-12-31"));
}

fn body(credited: u128, on: &str) -> crate::Counted {
    let mut counted = cell(credited, on);
    counted.countable.of = crate::Countee::Organisation(OrganisationKind::PartyOrganisationGrassroots);
    counted
}

/// Lê Chân merges wholly into Hồng Bàng on 1 July 2022, Hồng Bàng into the new unit on 1 February 2023; An Biên is beside them.
fn merged_twice() -> World {
    let mut world = world();
    for unit in [LE_CHAN, HONG_BANG, TO_COME, WARD] {
        world.unit(unit.0.as_u128(), Some(CITY));
    }
    for (unit, successor, on) in [(LE_CHAN, HONG_BANG, "2022-07-01"), (HONG_BANG, TO_COME, "2023-02-01")] {
        world.end(unit.0.as_u128(), on);
        let (how, extent, of) = (SuccessionKind::MergedInto, Extent::Whole, Passing::default());
        world.event(on, Kind::Structure, EventBody::UnitSucceeded { unit, successor, how, extent, of });
    }
    world
}

/// What an organisation that Lê Chân founded in May 2022 comes to by a later decision.
fn decided_later(world: &mut World, n: u128, by: UnitId, later: Option<Command>) {
    let founded = testing::given().has(testing::found("2022-05-04"));
    let merged = founded.merged(LE_CHAN, HONG_BANG, "2022-07-01").merged(HONG_BANG, TO_COME, "2023-02-01");
    let (role, story) = (if by == testing::CITY { Role::Supervisor } else { Role::Office }, merged.on("2023-06-10"));
    let story = later.into_iter().fold(story.by(by, role), |story, command| story.has(command));
    for event in story.recorded() {
        world.post(organisation(n), event.body);
    }
}

#[test]
fn what_ends_later_is_one_less_of_whoever_has_it_then_and_totals_stay_when_restated() {
    let mut world = merged_twice();
    let decided: [(UnitId, Option<Command>); 5] = [
        (TO_COME, None),
        (testing::CITY, Some(transfer(WARD, "2022-12-19").into())),
        (TO_COME, Some(dissolve("2023-06-01").into())),
        (TO_COME, Some(revoke(RevocationScope::FromDate, "2023-06-01").into())),
        (testing::CITY, Some(transfer(WARD, "2023-06-01").into())),
    ];
    for (n, (by, later)) in (1..).zip(decided) {
        decided_later(&mut world, n, by, later);
    }
    let rows = |year: &str| {
        let cells = world.measure(NET, year).cells.into_iter().filter(|cell| cell.actual != 0);
        cells.map(|cell| (cell.committee, cell.actual)).collect::<Vec<_>>()
    };
    assert_eq!(rows("2022"), [(LE_CHAN, 5), (HONG_BANG, -1), (WARD, 1)]);
    assert_eq!(rows("2023"), [(WARD, 1), (TO_COME, -3)], "none of a unit that is not there");
    for (year, expected) in [("2022", [(WARD, 1), (TO_COME, 4)]), ("2023", [(WARD, 1), (TO_COME, -3)])] {
        let query = world.query(year);
        let now = (&world.reference.structure, day("2023-12-31"));
        let all = restated_tally(&world.reference, &world.facts, &query, &world.tally(&query), now).unwrap();
        let net = all.into_iter().find(|measure| measure.measure.as_str() == NET).unwrap();
        assert_eq!(net.cells.iter().map(|cell| (cell.committee, cell.actual)).collect::<Vec<_>>(), expected, "{year}");
        assert_eq!(net.unallocated, [], "{year}");
    }
}
