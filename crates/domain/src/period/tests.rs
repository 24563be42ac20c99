use super::{
    ApproveReport, ClosePeriod, CutOffPeriod, ReopenPeriod, RequestReopening, SubmitReport, open_period::tests::year,
};
use crate::{
    Event, EventBody, Position, Reference, ReopeningReason, UnitId,
    programme::samples::{city, nq28},
    scenario::{Given, day, document, unit},
};

/// The year 2022, the city's Party committee at work on 3 January 2023.
fn year_2022() -> Given {
    city().then(&nq28()).then(&year("2022")).on("2023-01-03")
}

fn close() -> ClosePeriod {
    ClosePeriod {
        programme: "nq28".parse().unwrap(),
        period: "2022".parse().unwrap(),
        document: document("2023-01-03"),
    }
}

fn request(until: &str) -> RequestReopening {
    RequestReopening {
        programme: "nq28".parse().unwrap(),
        period: "2022".parse().unwrap(),
        reason: ReopeningReason::LateReports,
        until: day(until),
        document: document("2023-01-03"),
    }
}

fn reopen(until: &str) -> ReopenPeriod {
    let reason = ReopeningReason::LateReports;
    ReopenPeriod { programme: "nq28".parse().unwrap(), period: "2022".parse().unwrap(), reason, until: day(until) }
}

fn report(of: UnitId, up_to: &str) -> SubmitReport {
    SubmitReport {
        programme: "nq28".parse().unwrap(),
        period: "2022".parse().unwrap(),
        unit: of,
        up_to: day(up_to),
        nil: false,
        on_behalf_of: None,
    }
}

fn approve(of: UnitId, number: u32) -> ApproveReport {
    let (programme, period) = ("nq28".parse().unwrap(), "2022".parse().unwrap());
    ApproveReport { programme, period, unit: of, number }
}

fn cut_off(valid: &str) -> CutOffPeriod {
    CutOffPeriod {
        programme: "nq28".parse().unwrap(),
        period: "2022".parse().unwrap(),
        valid: day(valid),
        document: document("2022-01-04"),
    }
}

fn key_of_2022() -> (crate::ProgrammeKey, crate::PeriodKey) {
    ("nq28".parse().unwrap(), "2022".parse().unwrap())
}

fn of_2022(reference: &Reference) -> super::OpenedPeriod {
    reference.period(&"nq28".parse().unwrap(), &"2022".parse().unwrap()).unwrap().clone()
}

#[test]
fn a_period_is_closed_when_it_is_over_and_once() {
    year_2022().on("2022-12-31").when(&close()).refuses_at("document-in-future", "/document/date");
    let early = ClosePeriod { document: document("2022-12-31"), ..close() };
    year_2022().on("2022-12-31").when(&early).refuses_at("period-not-over", "/period");
    let closed = year_2022().then(&close());
    let standing = of_2022(&closed.reference).standing;
    let closing = standing.closed_on(day("2023-01-04")).unwrap();
    assert_eq!(
        (closing.number, closing.closed_on, closing.position),
        (1, day("2023-01-03"), closed.reference.position)
    );
    closed.when(&close()).refuses_at("period-closed-already", "/period");
}

#[test]
fn a_closed_period_is_reopened_by_two_people_and_closed_again() {
    let closed = year_2022().then(&close()).person(1);
    closed.when(&reopen("2023-02-28")).refuses_at("reopening-not-requested", "/period");
    year_2022().when(&request("2023-02-28")).refuses_at("period-not-closed", "/period");
    for wrong in ["2023-01-02", "2024-01-05"] {
        closed.when(&request(wrong)).refuses_at("reopening-day-unfit", "/until");
    }
    let requested = closed.then(&request("2023-02-28"));
    requested.when(&reopen("2023-02-28")).refuses("same-person");
    let other = requested.person(2);
    other.when(&reopen("2023-03-31")).refuses("reopening-differs");
    let for_another_reason = ReopenPeriod { reason: ReopeningReason::WrongFigures, ..reopen("2023-02-28") };
    other.when(&for_another_reason).refuses("reopening-differs");
    other.clone().on("2023-03-01").when(&reopen("2023-02-28")).refuses_at("reopening-day-unfit", "/until");
    let reopened = other.then(&reopen("2023-02-28"));
    reopened.when(&reopen("2023-02-28")).refuses_at("reopening-not-requested", "/period");
    let standing = of_2022(&reopened.reference).standing;
    assert_eq!(standing.closed_on(day("2023-02-28")), None);
    assert_eq!(standing.closed_on(day("2023-03-01")).map(|closing| closing.number), Some(1), "it has run out");

    let again = reopened.on("2023-03-05").then(&close());
    let standing = of_2022(&again.reference).standing;
    assert_eq!(standing.closings().iter().map(|closing| closing.number).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(standing.closed_on(day("2023-02-01")).map(|closing| closing.number), Some(2));
    again.when(&close()).refuses("period-closed-already");
}

#[test]
fn a_period_that_was_reopened_twice_is_closed_by_its_next_closing() {
    let once = year_2022().then(&close()).then(&request("2023-02-28")).person(1).then(&reopen("2023-02-28"));
    let twice = once.on("2023-03-02").then(&request("2023-04-30")).person(2).then(&reopen("2023-04-30"));
    let again = twice.on("2023-03-10").then(&close());
    let standing = of_2022(&again.reference).standing;
    assert_eq!(standing.closed_on(day("2023-03-11")).map(|closing| closing.number), Some(2));
    again.when(&close()).refuses_at("period-closed-already", "/period");
}

#[test]
fn a_closing_takes_a_request_away_that_nobody_allowed() {
    let asked = year_2022().then(&close()).then(&request("2023-02-28")).person(1).then(&reopen("2023-02-28"));
    let asked_again = asked.on("2023-03-02").person(0).then(&request("2023-04-30")).then(&close());
    asked_again.person(1).when(&reopen("2023-04-30")).refuses("reopening-not-requested");
}

fn closed(number: u32) -> EventBody {
    EventBody::PeriodClosed { programme: "nq28".parse().unwrap(), period: "2022".parse().unwrap(), number }
}

fn reopened(until: &str) -> EventBody {
    EventBody::PeriodReopened { programme: "nq28".parse().unwrap(), period: "2022".parse().unwrap(), until: day(until) }
}

/// 2022 with what happened to it, by position.
fn with(history: Vec<(u64, EventBody)>) -> Reference {
    let mut reference = year_2022().reference;
    for (position, body) in history {
        reference.apply(Position(position), &Event { effective_on: day("2023-01-03"), body });
    }
    reference
}

fn late<const N: usize>(reference: &Reference, positions: [u64; N]) -> [bool; N] {
    let standing = of_2022(reference).standing;
    positions.map(|position| standing.is_late(Position(position)))
}

#[test]
fn what_comes_behind_a_closing_is_late_until_the_period_is_reopened() {
    let reference = with(vec![(100, closed(1)), (200, reopened("2023-02-28")), (300, closed(2))]);
    assert_eq!(late(&reference, [99, 101, 199, 201, 299, 301]), [false, true, true, false, false, true]);
}

#[test]
fn what_comes_when_a_reopening_has_run_out_is_late_again_until_the_next_one() {
    let (first, second) = ("2023-02-28", "2023-04-30");
    let history = vec![(100, closed(1)), (200, reopened(first)), (300, reopened(second)), (400, closed(2))];
    let mut reference = with(history);
    let positions = [199, 201, 250, 251, 299, 301, 390, 391, 399, 401];
    let in_time = [true, false, false, false, false, false, false, false, false, true];
    assert_eq!(late(&reference, positions), in_time, "while nothing came after the last day");
    assert_eq!(reference.reopened_until(), [day(first), day(second)].into());
    reference.end_reopenings(&[(day(first), Position(250)), (day(second), Position(390))].into());
    let run_out = [true, false, false, true, true, false, false, true, true, true];
    assert_eq!(late(&reference, positions), run_out);
}

#[test]
fn only_whoever_issued_the_programme_closes_cuts_off_and_reopens() {
    let district = year_2022().by(unit(2));
    district.when(&close()).refuses_at("not-your-unit", "/programme");
    district.when(&cut_off("2022-12-15")).refuses_at("not-your-unit", "/programme");
    district.when(&request("2023-02-28")).refuses_at("not-your-unit", "/programme");
    district.when(&reopen("2023-02-28")).refuses_at("not-your-unit", "/programme");
}

#[test]
fn a_cut_off_has_a_number_and_a_day_of_the_period_that_has_come() {
    let given = year_2022().on("2022-12-15");
    given.when(&cut_off("2022-12-16")).refuses_at("cut-off-day-unfit", "/valid");
    given.when(&cut_off("2021-12-31")).refuses_at("cut-off-day-unfit", "/valid");
    let twice = given.then(&cut_off("2022-12-15")).on("2022-12-20").then(&cut_off("2022-12-20"));
    let standing = of_2022(&twice.reference).standing;
    let cut_offs: Vec<_> = standing.cut_offs().iter().map(|cut_off| (cut_off.number, cut_off.valid)).collect();
    assert_eq!(cut_offs, [(1, day("2022-12-15")), (2, day("2022-12-20"))]);
    assert_eq!(standing.closed_on(day("2022-12-31")), None, "it closes nothing");
}

#[test]
fn a_unit_reports_for_itself_and_never_back() {
    let given = year_2022().by(unit(2)).on("2022-07-02");
    given.when(&report(unit(2), "2022-07-03")).refuses_at("report-day-unfit", "/up_to");
    given.when(&report(unit(3), "2022-06-30")).refuses_at("not-your-unit", "/unit");
    given.when(&report(unit(21), "2022-06-30")).refuses_at("not-your-unit", "/unit");
    let for_the_ward = SubmitReport { on_behalf_of: Some(unit(21)), ..report(unit(21), "2022-06-30") };
    let reported = given.then(&report(unit(2), "2022-06-30")).then(&for_the_ward);
    reported.when(&report(unit(2), "2022-06-29")).refuses_at("report-day-unfit", "/up_to");
    let again = reported.then(&report(unit(2), "2022-06-30"));
    let known = again.reference.periods[&key_of_2022()].report(unit(2)).unwrap();
    assert_eq!((known.up_to, known.position, known.approved), (day("2022-06-30"), again.reference.position, false));
}

#[test]
fn a_superior_approves_the_report_that_they_have_seen() {
    let reported = year_2022().by(unit(2)).then(&report(unit(2), "2022-12-31"));
    reported.when(&approve(unit(2), 1)).refuses_at("own-report", "/unit");
    reported.clone().by(unit(3)).when(&approve(unit(2), 1)).refuses_at("not-your-unit", "/unit");
    let superior = reported.by(unit(1));
    superior.when(&approve(unit(3), 1)).refuses_at("report-missing", "/unit");
    superior.when(&approve(unit(2), 2)).refuses_at("report-differs", "/number");
    let approved = superior.then(&approve(unit(2), 1));
    approved.when(&approve(unit(2), 1)).refuses_at("report-approved-already", "/unit");
    let again = approved.by(unit(2)).then(&report(unit(2), "2022-12-31"));
    let known = again.reference.periods[&key_of_2022()].report(unit(2)).unwrap();
    assert!(!known.approved && known.number == 2, "a new report is looked at anew");
    again.by(unit(1)).when(&approve(unit(2), 1)).refuses_at("report-differs", "/number");
}
