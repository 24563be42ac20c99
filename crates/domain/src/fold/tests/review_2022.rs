//! The 2022 review at unit level: what the article prints, from the table of units.

use super::world::*;
use crate::{
    Countee, Edge, EventBody, Membership, OrganisationKind, StreamId, TargetValue, Trait, UnitKind, What,
    fold::{MeasureTally, Stated, Status, TallyQuery},
    percent::{Ratio, rules_that_give},
    programme::MeasureDefinition,
};

const TABLE: &str = include_str!("../../../../../tests/data/replay_2022/review_2022.csv");
const UNION_ORG: &str = "union_org";
const YOUTH_ORG: &str = "youth_org";
const YOUTH_MEMBER: &str = "youth_member";
const LABOUR: u128 = 2;
const YOUTH: u128 = 3;

fn measures() -> Vec<MeasureDefinition> {
    let unions = MeasureDefinition {
        measure: key(UNION_ORG),
        by: What::Recognised,
        organisation_kinds: vec![OrganisationKind::GrassrootsUnion],
        ..party_org()
    };
    let youth = MeasureDefinition {
        measure: key(YOUTH_ORG),
        organisation_kinds: vec![OrganisationKind::YouthBranch],
        ..party_org()
    };
    let youth_members =
        MeasureDefinition { measure: key(YOUTH_MEMBER), memberships: vec![Membership::YouthUnion], ..party_member() };
    vec![party_org(), unions, youth, party_member(), youth_members]
}

/// A row of the table: unit n of each line, its plans and its results.
struct Row<'a> {
    kind: &'a str,
    cells: Vec<Option<u32>>,
}

fn rows() -> Vec<Row<'static>> {
    let row = |line: &'static str| {
        let mut fields = line.split(',');
        let (_, kind) = (fields.next(), fields.next().unwrap());
        Row { kind, cells: fields.map(|field| field.trim().parse().ok()).collect() }
    };
    TABLE.lines().skip(1).map(row).collect()
}

/// The holder of each measure in row n: a Party committee, its labour federation (or industry union), its youth body.
fn review() -> World {
    let mut world = World::measuring(&measures());
    world.unit(LABOUR, None);
    world.unit(YOUTH, None);
    for (n, row) in (0..).zip(rows()) {
        let (party, labour, youth) = (100 + n, 200 + n, 300 + n);
        if row.kind == "industry_union" {
            world.unit(labour, Some(LABOUR));
        } else {
            world.unit(party, Some(CITY));
        }
        if row.cells[2].is_some() {
            world.unit(labour, Some(LABOUR));
        }
        if row.cells[4].is_some() {
            world.unit(youth, Some(YOUTH));
        }
        for body in [labour, youth] {
            let parent = Some(unit(party));
            let led = EventBody::UnitParentSet { unit: unit(body), edge: Edge::LedBy, parent };
            world.record(StreamId::new(crate::Kind::Structure, uuid::Uuid::nil()), [("2000-01-01", led)]);
        }
        let pairs = [(PARTY_ORG, party, 0), (UNION_ORG, labour, 2), (YOUTH_ORG, youth, 4), (PARTY_MEMBER, party, 6)];
        for (measure, holder, at) in pairs {
            post(&mut world, measure, holder, (row.cells[at], row.cells[at + 1]), row.cells[8].unwrap_or(0));
        }
        post(&mut world, YOUTH_MEMBER, youth, (row.cells[9], row.cells[10]), 0);
    }
    world
}

fn post(world: &mut World, measure: &str, holder: u128, (plan, actual): (Option<u32>, Option<u32>), owners: u32) {
    if let Some(plan) = plan {
        world.assign(measure, holder, TargetValue::Exactly(plan));
    }
    let actual = actual.unwrap_or(0);
    let of = |kind| Countee::Organisation(kind);
    match measure {
        PARTY_MEMBER if actual > 0 => {
            let counted = stating(&[(Trait::PrivateBusinessOwner, owners)], members(holder, "2022-05-19", actual));
            world.post(batch(world.at.0.into()), EventBody::BatchAdmitted { counted });
        }
        YOUTH_MEMBER if actual > 0 => {
            let mut counted = members(holder, "2022-03-26", actual);
            counted.countable.of = Countee::Member(Membership::YouthUnion);
            world.post(batch(world.at.0.into()), EventBody::BatchAdmitted { counted });
        }
        _ => {
            for _ in 0..actual {
                let mut counted = cell(holder, "2022-09-02");
                let stream = organisation(world.at.0.into());
                counted.countable.of = match measure {
                    PARTY_ORG => counted.countable.of,
                    YOUTH_ORG => of(OrganisationKind::YouthBranch),
                    _ => of(OrganisationKind::GrassrootsUnion),
                };
                let body = if measure == UNION_ORG {
                    let counted = what(What::Recognised, counted);
                    EventBody::UnionRecognised { counted, congress_on: None, members: 5, exception: None }
                } else {
                    founded(counted)
                };
                world.post(stream, body);
            }
        }
    }
}

fn of(world: &World, measure: &str) -> MeasureTally {
    // The three lines have principals of one id here only because the city assigned all of them.
    let query = TallyQuery { judged_on: day("2023-01-03"), ..world.query("2022") };
    world.measure_as(measure, &query)
}

fn figures_of(measure: &MeasureTally) -> (i64, u64, &str) {
    (measure.whole.actual, measure.whole.plan, measure.whole.percent.as_deref().unwrap())
}

#[test]
fn the_five_results_are_those_of_the_article() {
    let world = review();
    for (measure, figures) in [
        (PARTY_ORG, (47, 42, "111,9")),
        (UNION_ORG, (174, 141, "123,4")),
        (YOUTH_ORG, (48, 41, "117,1")),
        (PARTY_MEMBER, (449, 350, "128,3")),
        (YOUTH_MEMBER, (1071, 444, "241,2")),
    ] {
        assert_eq!(figures_of(&of(&world, measure)), figures, "{measure}");
        assert_eq!(of(&world, measure).whole.status, Status::Exceeded);
    }
}

#[test]
fn k_of_n_is_that_of_the_article() {
    let world = review();
    // (n, met, exceeded, missed)
    for (measure, expected) in [
        (PARTY_ORG, (16, 16, 4, 0)),
        (UNION_ORG, (15, 15, 6, 0)),
        (YOUTH_ORG, (16, 15, 5, 1)),
        (PARTY_MEMBER, (16, 16, 10, 0)),
        (YOUTH_MEMBER, (16, 16, 15, 0)),
    ] {
        let units = of(&world, measure).whole.units;
        assert_eq!((units.with_plan, units.met, units.exceeded, units.missed), expected, "{measure}");
        assert_eq!((units.not_reported, units.not_due), (0, 0));
    }
}

#[test]
fn fourteen_unions_are_outside_the_plan_and_188_in_all() {
    let unions = of(&review(), UNION_ORG);
    assert_eq!((unions.outside_plan, unions.total, unions.whole.units.no_target), (14, 188, 3));
}

#[test]
fn six_of_the_admitted_are_private_business_owners() {
    let members = of(&review(), PARTY_MEMBER);
    assert_eq!(members.of_which[&Trait::PrivateBusinessOwner], Stated { n: 6, stated: 449 });
}

#[test]
fn the_committee_without_targets_has_a_row_without_a_status() {
    let party = of(&review(), PARTY_ORG);
    let bach_long_vi = party.cells.iter().filter(|cell| cell.status == Status::NoTarget).collect::<Vec<_>>();
    assert_eq!((party.cells.len(), bach_long_vi.len(), bach_long_vi[0].actual), (17, 1, 0));
}

#[test]
fn a_matrix_row_groups_holders_by_the_committee_that_leads_them() {
    let world = review();
    let led = |measure| of(&world, measure).cells.iter().map(|cell| cell.led_by).collect::<Vec<_>>();
    assert_eq!(led(YOUTH_ORG)[2], Some(unit(102)));
    assert_eq!(led(UNION_ORG)[2], Some(unit(102)));
    assert_eq!(led(PARTY_ORG)[2], None);
    assert_eq!(of(&world, YOUTH_ORG).cells[0].kind, Some(UnitKind::UrbanDistrict));
}

#[test]
fn each_percentage_as_printed_follows_by_some_rule_one_of_them_only_by_truncation() {
    let world = review();
    for (measure, printed, rules) in [
        (PARTY_ORG, "111,9", "half-up/1 truncated/1"),
        (UNION_ORG, "123,4", "half-up/1 truncated/1"),
        (YOUTH_ORG, "117,07", "half-up/2 truncated/2"),
        (PARTY_MEMBER, "128,3", "half-up/1"),
        (YOUTH_MEMBER, "241,21", "truncated/2"),
    ] {
        let whole = of(&world, measure).whole;
        let found = rules_that_give(printed, Ratio::new(whole.actual, whole.plan).unwrap());
        let named = found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        assert_eq!(named, rules, "{printed}");
    }
}

#[test]
fn nothing_of_2022_moves_into_2023() {
    let world = review();
    assert!(world.tally(&world.query("2023")).measures.iter().all(|measure| measure.total == 0));
}
