//! Roll-up along the line as it stood on the day, levels, and units that end.

use super::world::*;
use crate::{
    TargetValue,
    fold::{Discrepancy, Status, TallyRefusal, tally},
};

/// Lê Chân, plan 3, decides 3, a committee under it 1: 4/3, n stays.
#[test]
fn what_is_decided_below_counts_for_the_nearest_holder_above() {
    let mut world = World::new();
    world.holders(&[3]);
    world.unit(40, Some(11));
    world.unit(41, Some(40));
    world.found(11, "2022-06-01", 3);
    world.found(41, "2022-06-01", 1);
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!(figures(&measure)[&11], "4/3");
    assert_eq!((measure.whole.units.with_plan, measure.cells.len()), (1, 1));
}

#[test]
fn targets_given_further_down_are_another_level() {
    let mut world = World::new();
    world.holders(&[3]);
    world.unit(40, Some(11));
    world.assign_by(11, PARTY_ORG, 40, TargetValue::Exactly(2), None);
    world.found(40, "2022-06-01", 1);
    world.found(11, "2022-06-01", 3);
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!((measure.whole.actual, measure.whole.plan, measure.whole.units.with_plan), (4, 3, 1));
    let [own] = measure.plans.as_slice() else { panic!("{:?}", measure.plans) };
    assert_eq!((own.assigner, own.whole.actual, own.whole.plan), (unit(11), 1, 2));
}

#[test]
fn the_line_is_walked_as_it_stood_on_the_day_of_the_fact() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    world.unit(40, Some(11));
    world.parent(40, Some(12), "2022-07-01");
    world.found(40, "2022-06-30", 1);
    world.found(40, "2022-07-01", 2);
    let figures = figures(&world.measure(PARTY_ORG, "2022"));
    assert_eq!((figures[&11].as_str(), figures[&12].as_str()), ("1/3", "2/3"));
}

#[test]
fn the_unit_credited_is_the_body_that_decided_never_the_territory() {
    let mut world = World::new();
    world.holders(&[3]);
    world.unit(30, Some(CITY));
    let mut counted = cell(30, "2022-06-01");
    counted.place = Some("11".to_owned());
    world.post(organisation(1), founded(counted));
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!((figures(&measure)[&11].as_str(), measure.outside_plan), ("0/3", 1));
}

#[test]
fn what_happens_below_a_unit_without_a_target_is_shown_with_that_unit() {
    let mut world = World::new();
    world.holders(&[3]);
    world.unit(30, Some(CITY));
    world.unit(31, Some(30));
    world.found(31, "2022-06-01", 2);
    let cell = world.cell(PARTY_ORG, "2022", 30);
    assert_eq!((cell.actual, cell.status), (2, Status::NoTarget));
}

/// A 2/3, C 3/4.
#[test]
fn a_holder_that_ended_with_an_open_target_stays_in_n_with_a_row_beside_it() {
    let mut world = World::new();
    world.holders(&[3, 4]);
    world.found(11, "2022-03-01", 2);
    world.found(12, "2022-03-01", 3);
    world.end(11, "2022-07-01");
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!((measure.whole.actual, measure.whole.plan, measure.whole.units.with_plan), (5, 7, 2));
    assert_eq!(
        measure.discrepancies,
        [Discrepancy::HolderEnded {
            committee: unit(11),
            name: "Quận ủy 11".to_owned(),
            ended_on: day("2022-07-01"),
            actual: 2,
            plan: 3,
        }]
    );
    world.target_event("2022-08-01", crate::EventBody::TargetWithdrawn { target: World::target(PARTY_ORG, 11, CITY) });
    let settled = world.measure(PARTY_ORG, "2022");
    assert_eq!((settled.whole.plan, settled.total, settled.discrepancies.len()), (4, 5, 0));
}

#[test]
fn cells_stand_in_official_order() {
    let mut world = World::new();
    for n in [15, 13, 14, 12] {
        world.unit(n, Some(CITY));
        world.assign(PARTY_ORG, n, TargetValue::Exactly(1));
    }
    let order: Vec<_> = world.measure(PARTY_ORG, "2022").cells.iter().map(|cell| cell.committee.0.as_u128()).collect();
    assert_eq!(order, [12, 13, 14, 15]);
}

#[test]
fn a_cell_names_the_last_record_that_changed_it() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    let at = world.post(organisation(1), founded(cell(11, "2022-03-01")));
    world.found(12, "2022-03-01", 1);
    assert_eq!(world.cell(PARTY_ORG, "2022", 11).position, at);
    let corrected_at = world.post(organisation(1), corrected(cell(11, "2022-03-01"), cell(12, "2022-03-01")));
    assert_eq!(world.cell(PARTY_ORG, "2022", 11).position, corrected_at);
}

#[test]
fn a_programme_or_a_period_that_does_not_exist_is_refused() {
    let world = World::new();
    let unknown = tally(&world.reference, &world.facts, &world.query("1999"));
    assert_eq!(unknown, Err(TallyRefusal::PeriodUnknown(key("nq28"), key("1999"))));
    let query = crate::fold::TallyQuery { programme: key("other"), ..world.query("2022") };
    assert_eq!(tally(&world.reference, &world.facts, &query), Err(TallyRefusal::ProgrammeUnknown(key("other"))));
}

#[test]
fn facts_of_units_that_nobody_knows_are_shown_outside_the_plan() {
    let mut world = World::new();
    world.holders(&[3]);
    world.found(777, "2022-03-01", 1);
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!((measure.outside_plan, measure.total), (1, 1));
    assert_eq!(measure.cells.last().map(|cell| cell.committee), Some(unit(777)));
}
