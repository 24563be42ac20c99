//! Targets, statuses, the whole, and k of n.

use super::world::*;
use crate::{
    EventBody, Range, Reason, TargetValue,
    fold::{Cell, Discrepancy, Judging, Status, units},
};

fn with(plan: u32, actual: u32) -> World {
    let mut world = World::new();
    world.holders(&[plan]);
    world.found(11, "2022-06-01", actual);
    world
}

fn status(world: &World, judged_on: &str) -> Status {
    let query = crate::fold::TallyQuery { judged_on: day(judged_on), ..world.query("2022") };
    cell_of(&world.measure_as(PARTY_ORG, &query), 11).status
}

#[test]
fn behind_plan_is_not_due_until_the_last_day_is_over_and_then_missed() {
    let world = with(3, 2);
    assert_eq!(status(&world, "2022-12-31"), Status::NotDue);
    assert_eq!(status(&world, "2023-01-01"), Status::Missed);
}

#[test]
fn exact_and_exceeded_hold_at_any_time() {
    assert_eq!(status(&with(3, 3), "2022-06-01"), Status::Exact);
    assert_eq!(status(&with(3, 4), "2023-01-01"), Status::Exceeded);
}

#[test]
fn a_due_day_of_its_own_comes_before_the_end_of_the_period() {
    let mut world = World::new();
    world.unit(11, Some(CITY));
    world.assign_by(CITY, PARTY_ORG, 11, TargetValue::Exactly(3), Some("2022-06-30"));
    assert_eq!(status(&world, "2022-06-30"), Status::NotDue);
    assert_eq!(status(&world, "2022-07-01"), Status::Missed);
    assert_eq!(cell_of(&world.measure(PARTY_ORG, "2022"), 11).due_on, Some(day("2022-06-30")));
}

#[test]
fn sixteen_with_a_target_of_which_four_exceeded_are_sixteen_met() {
    let mut world = World::new();
    world.holders(&[3; 16]);
    for holder in 11..27 {
        world.found(holder, "2022-06-01", if holder < 15 { 4 } else { 3 });
    }
    let units = world.measure(PARTY_ORG, "2022").whole.units;
    assert_eq!((units.met, units.with_plan, units.exceeded, units.exact), (16, 16, 4, 12));
}

/// 14 of 16 reported, 12 met, 2 missed, one silent at 3/3, one at 0/2.
#[test]
fn silence_is_a_status_only_of_who_is_behind() {
    let judging = Judging { on: day("2023-01-01"), reports_required: true, ever_closed: false };
    let template = cell_of(&with(2, 0).measure(PARTY_ORG, "2022"), 11);
    let judged = |judging: Judging, actual, plan, reported| Cell {
        actual,
        status: judging.cell(actual, TargetValue::Exactly(plan), day("2022-12-31"), reported),
        reported,
        ..template.clone()
    };
    let cells = |judging| {
        let mut cells = vec![judged(judging, 2, 2, true); 12];
        cells.extend(vec![judged(judging, 1, 2, true); 2]);
        cells.extend([judged(judging, 3, 3, false), judged(judging, 0, 2, false)]);
        units(&cells)
    };
    let open = cells(judging);
    assert_eq!((open.met, open.missed, open.not_reported), (13, 2, 1));
    assert_eq!((open.reported, open.with_plan), (14, 16));
    let closed = cells(Judging { ever_closed: true, ..judging });
    assert_eq!((closed.met, closed.missed, closed.not_reported), (13, 3, 0));
}

/// 40/42 with one silent unit at 0/2.
#[test]
fn a_whole_behind_and_due_with_a_silent_holder_is_not_reported() {
    let mut world = World::measuring(&[party_org()]);
    world.open("2022", &[party_org()], true);
    world.holders(&[40, 2]);
    world.found(11, "2022-06-01", 40);
    let query = crate::fold::TallyQuery { judged_on: day("2023-01-01"), ..world.query("2022") };
    let measure = world.measure_as(PARTY_ORG, &query);
    assert_eq!((measure.whole.actual, measure.whole.plan), (40, 42));
    assert_eq!(measure.whole.percent.as_deref(), Some("95,2"));
    assert_eq!(measure.whole.status, Status::NotReported);
    assert_eq!(cell_of(&measure, 12).status, Status::NotReported);
    assert_eq!((measure.whole.units.reported, measure.whole.units.with_plan), (1, 2));
    assert!(world.tally(&query).provisional);

    let before_it_is_due = world.measure(PARTY_ORG, "2022");
    assert_eq!(before_it_is_due.whole.status, Status::NotDue);

    let closed = Judging { on: day("2023-01-01"), reports_required: true, ever_closed: true };
    let mut cells = measure.cells;
    cells[1].status = closed.cell(0, TargetValue::Exactly(2), day("2022-12-31"), false);
    assert_eq!(closed.whole(&cells).status, Status::Missed);
}

/// A plan of 3, one recorded for a day in September: asked about June, when all is over, that holder was not silent.
#[test]
fn who_recorded_something_up_to_the_due_day_reported_whatever_day_is_asked_about() {
    let mut world = World::measuring(&[party_org()]);
    world.open("2022", &[party_org()], true);
    world.unit(11, Some(CITY));
    world.unit(12, Some(CITY));
    world.assign(PARTY_ORG, 11, TargetValue::Exactly(3));
    world.assign_by(CITY, PARTY_ORG, 12, TargetValue::Exactly(3), Some("2022-09-01"));
    let silent = world.at;
    world.found(11, "2022-09-02", 1);
    world.found(12, "2022-09-02", 1);
    let of = |known| {
        let judged_on = day("2023-01-01");
        let query = crate::fold::TallyQuery { valid: day("2022-06-30"), judged_on, known, ..world.query("2022") };
        let measure = world.measure_as(PARTY_ORG, &query);
        [11, 12].map(|holder| cell_of(&measure, holder)).map(|cell| (cell.actual, cell.reported, cell.status))
    };
    let not_reported = (0, false, Status::NotReported);
    // Of the second the due day was over by then.
    assert_eq!(of(None), [(0, true, Status::Missed), not_reported]);
    assert_eq!(of(Some(silent)), [not_reported, not_reported]);
    world.found(12, "2022-09-01", 1);
    let query =
        crate::fold::TallyQuery { valid: day("2022-08-31"), judged_on: day("2023-01-01"), ..world.query("2022") };
    let measure = world.measure_as(PARTY_ORG, &query);
    assert_eq!((measure.whole.status, measure.whole.units.reported), (Status::Missed, 2));
}

#[test]
fn without_required_reports_silence_is_missed() {
    let mut world = World::new();
    world.holders(&[2]);
    assert_eq!(status(&world, "2023-01-01"), Status::Missed);
}

#[test]
fn a_fact_recorded_after_the_due_day_reports_nothing_before_it() {
    let mut world = World::measuring(&[party_org()]);
    world.open("2022", &[party_org()], true);
    world.unit(11, Some(CITY));
    world.assign_by(CITY, PARTY_ORG, 11, TargetValue::Exactly(3), Some("2022-06-30"));
    world.found(11, "2022-07-01", 1);
    assert_eq!(status(&world, "2022-12-31"), Status::NotReported);
    world.found(11, "2022-06-30", 1);
    assert_eq!(status(&world, "2022-12-31"), Status::Missed);
}

#[test]
fn what_has_no_target_is_outside_the_plan_and_in_no_ratio() {
    let mut world = World::new();
    world.holders(&[141]);
    world.unit(30, Some(CITY));
    world.found(11, "2022-06-01", 174);
    world.found(30, "2022-06-01", 14);
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!((measure.whole.actual, measure.whole.plan, measure.outside_plan, measure.total), (174, 141, 14, 188));
    assert_eq!(measure.whole.percent.as_deref(), Some("123,4"));
    assert_eq!((measure.whole.units.with_plan, measure.whole.units.no_target), (1, 1));
    assert_eq!(cell_of(&measure, 30).status, Status::NoTarget);
    assert_eq!(cell_of(&measure, 30).percent, None);
}

#[test]
fn a_unit_beside_the_holders_has_a_row_even_when_nothing_happened() {
    let mut world = World::new();
    world.holders(&[3]);
    world.unit(30, Some(CITY));
    world.unit(40, Some(30));
    let measure = world.measure(PARTY_ORG, "2022");
    let rows: Vec<_> = measure.cells.iter().map(|cell| (cell.committee, cell.status)).collect();
    assert_eq!(rows, [(unit(11), Status::NotDue), (unit(30), Status::NoTarget)]);
}

#[test]
fn at_least_25_with_25_is_exact() {
    let mut world = World::new();
    world.unit(11, Some(CITY));
    world.assign(PARTY_ORG, 11, TargetValue::AtLeast(25));
    world.found(11, "2022-06-01", 25);
    let cell = world.cell(PARTY_ORG, "2022", 11);
    assert_eq!((cell.status, cell.plan, cell.target), (Status::Exact, Some(25), Some(TargetValue::AtLeast(25))));
}

#[test]
fn within_a_range_is_exact_and_the_cell_prints_no_single_percentage() {
    for (actual, expected) in [
        (189, Status::NotDue),
        (190, Status::Exact),
        (195, Status::Exact),
        (200, Status::Exact),
        (201, Status::Exceeded),
    ] {
        let mut world = World::new();
        world.holders(&[10]);
        world.unit(12, Some(CITY));
        world.assign(PARTY_ORG, 12, TargetValue::Between(Range { from: 190, to: 200 }));
        world.found(12, "2022-06-01", actual);
        world.found(11, "2022-06-01", 10);
        let measure = world.measure(PARTY_ORG, "2022");
        let cell = cell_of(&measure, 12);
        assert_eq!((cell.status, cell.percent), (expected, None), "{actual}");
        assert_eq!((measure.whole.plan, measure.whole.plan_to), (200, Some(210)));
        assert_eq!(measure.whole.status, expected, "{actual}");
    }
}

/// The province gave 120, the district itself set 157: 127 is two levels on two pages.
#[test]
fn another_assigner_has_a_plan_of_its_own_that_is_never_added() {
    let mut world = World::new();
    world.holders(&[120]);
    world.assign_by(11, PARTY_ORG, 11, TargetValue::Exactly(157), None);
    world.found(11, "2022-06-01", 127);
    let query = crate::fold::TallyQuery { judged_on: day("2023-01-01"), ..world.query("2022") };
    let measure = world.measure_as(PARTY_ORG, &query);
    assert_eq!(figures(&measure)[&11], "127/120");
    assert_eq!(measure.whole.status, Status::Exceeded);
    let [other] = measure.plans.as_slice() else { panic!("{:?}", measure.plans) };
    assert_eq!((other.assigner, other.whole.actual, other.whole.plan), (unit(11), 127, 157));
    assert_eq!(other.cells[0].status, Status::Missed);
    assert_eq!(other.whole.units.with_plan, 1);
}

/// Σ 1,950, headline 1,905, actual 1,920.
#[test]
fn the_sum_of_the_units_decides_and_a_headline_stands_beside_it() {
    let mut world = World::new();
    world.holders(&[950, 1_000]);
    world.assign_by(99, PARTY_ORG, CITY, TargetValue::Exactly(1_905), None);
    world.found(11, "2022-06-01", 920);
    world.found(12, "2022-06-01", 1_000);
    let query = crate::fold::TallyQuery { judged_on: day("2023-01-01"), ..world.query("2022") };
    let measure = world.measure_as(PARTY_ORG, &query);
    assert_eq!((measure.whole.percent.as_deref(), measure.whole.status), (Some("98,5"), Status::Missed));
    assert_eq!(
        measure.discrepancies,
        [Discrepancy::HeadlineDiffers {
            assigner: unit(99),
            headline: 1_905,
            sum: 1_950,
            percent_of_headline: Some("100,8".to_owned()),
        }]
    );
    assert_eq!(measure.plans[0].whole.status, Status::Exceeded);
}

#[test]
fn a_target_holds_for_the_whole_period_from_the_position_that_assigned_it() {
    let mut world = World::new();
    let before = world.at;
    world.holders(&[3]);
    let query = crate::fold::TallyQuery { valid: day("2022-01-01"), ..world.query("2022") };
    assert_eq!(figures(&world.measure_as(PARTY_ORG, &query))[&11], "0/3");
    assert!(figures(&world.until(before).measure_as(PARTY_ORG, &query)).is_empty());
}

#[test]
fn an_adjusted_target_shows_the_first_beside_it() {
    let mut world = with(10, 8);
    let target = World::target(PARTY_ORG, 11, CITY);
    world.target_event("2022-09-01", EventBody::TargetAdjusted { target, value: TargetValue::Exactly(8) });
    let measure = world.measure(PARTY_ORG, "2022");
    let cell = cell_of(&measure, 11);
    assert_eq!((cell.status, cell.percent.as_deref()), (Status::Exact, Some("100,0")));
    assert_eq!(cell.percent_of_first.as_deref(), Some("80,0"));
    assert_eq!((measure.whole.first_plan, measure.whole.percent_of_first.as_deref()), (Some(10), Some("80,0")));

    let query = crate::fold::TallyQuery { valid: day("2022-08-31"), ..world.query("2022") };
    assert_eq!(figures(&world.measure_as(PARTY_ORG, &query))[&11], "8/10");
}

/// 47/42 of 16, then the unit with 3/3 has none.
#[test]
fn a_withdrawn_target_takes_its_holder_and_its_facts_out_of_the_plan() {
    let mut world = World::new();
    let mut plans = [3; 16];
    plans[15] = 0;
    plans[1..4].copy_from_slice(&[2, 2, 2]);
    plans[15] = 42 - plans.iter().sum::<u32>();
    world.holders(&plans);
    for (holder, plan) in (11..).zip(plans) {
        world.found(holder, "2022-06-01", if holder == 26 { plan + 5 } else { plan });
    }
    let whole = world.measure(PARTY_ORG, "2022").whole;
    assert_eq!((whole.actual, whole.plan, whole.units.with_plan), (47, 42, 16));

    world.target_event("2022-10-01", EventBody::TargetWithdrawn { target: World::target(PARTY_ORG, 11, CITY) });
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!((measure.whole.actual, measure.whole.plan, measure.whole.units.with_plan), (44, 39, 15));
    assert_eq!((measure.outside_plan, measure.total), (3, 47));
    assert_eq!(cell_of(&measure, 11).status, Status::NoTarget);
}

#[test]
fn a_corrected_target_never_was() {
    let mut world = with(10, 8);
    world.target_event(
        "2022-09-01",
        EventBody::TargetCorrected {
            target: World::target(PARTY_ORG, 11, CITY),
            before: TargetValue::Exactly(10),
            after: TargetValue::Exactly(8),
            reason: Reason::Typo,
        },
    );
    let cell = world.cell(PARTY_ORG, "2022", 11);
    assert_eq!((cell.plan, cell.status, cell.percent_of_first), (Some(8), Status::Exact, None));
    let query = crate::fold::TallyQuery { valid: day("2022-03-01"), ..world.query("2022") };
    assert_eq!(figures(&world.measure_as(PARTY_ORG, &query))[&11], "0/8");
}

#[test]
fn a_measure_without_any_target_has_no_percentage() {
    let mut world = World::new();
    world.unit(11, Some(CITY));
    world.found(11, "2022-06-01", 2);
    let measure = world.measure(PARTY_ORG, "2022");
    assert_eq!((measure.whole.percent, measure.whole.status), (None, Status::NoTarget));
    assert_eq!((measure.whole.actual, measure.outside_plan, measure.total), (0, 2, 2));
}
