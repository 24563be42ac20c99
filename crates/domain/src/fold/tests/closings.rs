//! What was reported, what is known since, and who has reported.

use super::world::*;
use crate::{
    EventBody, Kind, Position,
    fold::{Lens, PeriodTally, Status, TallyQuery},
};

fn close(world: &mut World, number: u32, on: &str) -> Position {
    let (programme, period) = (key("nq28"), key("2022"));
    world.event(on, Kind::Period, EventBody::PeriodClosed { programme, period, number })
}

fn report(world: &mut World, of: u128, up_to: &str, nil: bool) -> Position {
    let (programme, period, up_to) = (key("nq28"), key("2022"), day(up_to));
    let body = EventBody::ReportSubmitted { programme, period, unit: unit(of), up_to, nil };
    world.event("2023-01-02", Kind::Period, body)
}

/// The tally of 2022 as known at a position, judged on a day.
fn as_of(world: &World, known: Position, judged_on: &str) -> PeriodTally {
    world.until(known).tally(&TallyQuery { judged_on: day(judged_on), known: Some(known), ..world.query("2022") })
}

/// DESIGN §7: effective 20/12/2022, recorded 10/2/2023.
#[test]
fn what_comes_behind_a_closing_changes_what_is_known_and_not_what_was_reported() {
    let mut world = World::new();
    world.holders(&[42]);
    world.found(11, "2022-06-01", 47);
    let closed = close(&mut world, 1, "2023-01-03");
    let reported = as_of(&world, closed, "2023-01-03");
    world.found(11, "2022-12-20", 1);
    let whole = |tally: &PeriodTally| (tally.measures[0].whole.actual, tally.measures[0].whole.plan);
    assert_eq!(whole(&reported), (47, 42));
    assert_eq!(whole(&as_of(&world, world.at, "2023-02-10")), (48, 42));
    assert_eq!(as_of(&world, closed, "2023-01-03"), reported);

    let lines = world.lines(PARTY_ORG, &world.query("2022"), unit(11));
    let late: Vec<_> = lines.iter().filter(|line| line.late).map(|line| line.effective_on).collect();
    assert_eq!(late, [day("2022-12-20")]);
}

#[test]
fn figures_are_provisional_until_they_are_closed_and_again_while_reopened() {
    let mut world = World::new();
    world.holders(&[2]);
    assert!(world.tally(&world.query("2022")).provisional);
    let closed = close(&mut world, 1, "2023-01-03");
    let (programme, period) = (key("nq28"), key("2022"));
    let reopened = EventBody::PeriodReopened { programme, period, until: day("2023-02-28") };
    let reopened = world.event("2023-01-10", Kind::Period, reopened);
    let shown = |known, on| {
        let tally = as_of(&world, known, on);
        (tally.provisional, tally.closing.map(|closing| closing.number))
    };
    assert_eq!(shown(Position(closed.0 - 1), "2023-01-02"), (true, None));
    assert_eq!(shown(closed, "2023-01-03"), (false, Some(1)));
    assert_eq!(shown(reopened, "2023-02-28"), (true, None));
    assert_eq!(shown(reopened, "2023-03-01"), (false, Some(1)));
}

/// DESIGN §7: 40/42 with one silent unit at 0/2: `not_reported`; after the closing missed.
#[test]
fn after_a_first_closing_nobody_is_not_reported_any_more() {
    let mut world = World::measuring(&[party_org()]);
    world.open("2022", &[party_org()], true);
    world.holders(&[40, 2]);
    world.found(11, "2022-06-01", 40);
    let before = world.at;
    let closed = close(&mut world, 1, "2023-01-03");
    let statuses = |known, on| {
        let measure = &as_of(&world, known, on).measures[0];
        (cell_of(measure, 12).status, measure.whole.status)
    };
    assert_eq!(statuses(before, "2023-01-03"), (Status::NotReported, Status::NotReported));
    assert_eq!(statuses(closed, "2023-01-03"), (Status::Missed, Status::Missed));
}

#[test]
fn nothing_to_report_is_a_report_and_silence_is_none() {
    let mut world = World::measuring(&[party_org()]);
    world.open("2022", &[party_org()], true);
    world.holders(&[2, 2]);
    report(&mut world, 11, "2022-12-31", true);
    let measure = &as_of(&world, world.at, "2023-01-03").measures[0];
    let (silent, nil) = (cell_of(measure, 12), cell_of(measure, 11));
    assert_eq!((nil.reported, nil.actual, nil.status), (true, 0, Status::Missed));
    assert_eq!((silent.reported, silent.actual, silent.status), (false, 0, Status::NotReported));
    assert_eq!(nil.report.map(|report| (report.up_to, report.nil)), Some((day("2022-12-31"), true)));
    assert_eq!(silent.report, None);
}

#[test]
fn a_report_that_ends_before_the_due_day_reports_nothing_by_it() {
    let mut world = World::measuring(&[party_org()]);
    world.open("2022", &[party_org()], true);
    world.holders(&[2]);
    report(&mut world, 11, "2022-06-30", true);
    assert_eq!(cell_of(&as_of(&world, world.at, "2023-01-03").measures[0], 11).status, Status::NotReported);
}

#[test]
fn what_is_posted_after_a_report_makes_it_outdated_as_far_as_it_reaches() {
    let mut world = World::new();
    world.holders(&[3]);
    world.unit(110, Some(11));
    world.found(11, "2022-03-01", 1);
    report(&mut world, 11, "2022-06-30", false);
    let outdated = |world: &World| world.cell(PARTY_ORG, "2022", 11).report.unwrap().outdated_by;
    assert_eq!(outdated(&world), 0);
    world.found(11, "2022-07-01", 1);
    assert_eq!(outdated(&world), 0, "July is not in a report up to June");
    world.found(110, "2022-06-30", 1);
    world.found(11, "2022-01-15", 1);
    assert_eq!(outdated(&world), 2);
    report(&mut world, 11, "2022-06-30", false);
    assert_eq!(outdated(&world), 0);
}

#[test]
fn a_nil_report_of_a_unit_with_records_says_what_it_leaves_out() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    world.unit(110, Some(11));
    world.found(11, "2021-12-31", 1);
    report(&mut world, 11, "2022-06-30", true);
    let told = |world: &World| {
        let report = world.cell(PARTY_ORG, "2022", 11).report.unwrap();
        (report.contradicted_by.unwrap_or(0), report.outdated_by)
    };
    assert_eq!(told(&world), (0, 0), "nothing of the period");
    world.found(11, "2022-07-01", 2);
    assert_eq!(told(&world), (0, 0), "July is not in a report up to June");
    world.found(110, "2022-06-30", 1);
    assert_eq!(told(&world), (1, 1));
    world.found(12, "2022-03-01", 1);
    report(&mut world, 11, "2022-06-30", true);
    assert_eq!(told(&world), (1, 0), "repeated it is no more right");
    report(&mut world, 11, "2022-12-31", true);
    assert_eq!(told(&world), (3, 0));
    report(&mut world, 11, "2022-12-31", false);
    assert_eq!(told(&world), (0, 0), "a report that is not nil leaves nothing out");
}

#[test]
fn the_words_of_the_lenses_are_those_of_json() {
    for lens in [Lens::AsKnown, Lens::AsReported, Lens::Restated] {
        assert_eq!(serde_json::to_value(lens).unwrap(), lens.word());
    }
}
