//! The customary columns: in a span, and beside the same period last year.

use std::collections::BTreeSet;

use super::world::*;
use crate::{
    EventBody, RevocationScope, TargetValue, What,
    fold::{
        Against, Compared, InSpan, KnownOn, MeasureTally, PeriodTally, TallyQuery, YearBefore, in_span, tally,
        year_before,
    },
    programme::{Flow, MeasureDefinition},
};

fn spanned(world: &World, query: &TallyQuery, since: &str) -> PeriodTally {
    let mut tally = world.tally(query);
    tally.put_span(day(since), &in_span(&world.reference, &world.facts, query, day(since)).unwrap());
    tally
}

/// Beside last year as known at `then`, and as known by now.
fn compared(world: &World, query: &TallyQuery, then: Option<crate::Position>) -> PeriodTally {
    let mut this_year = world.tally(query);
    let earlier = year_before(&world.reference, query).unwrap();
    let now = world.tally(&earlier);
    let old = then.map(|position| {
        let known = world.until(position);
        let query = TallyQuery { known: Some(position), ..earlier.clone() };
        (KnownOn { on: earlier.judged_on, position }, tally(&known.reference, &known.facts, &query).unwrap())
    });
    let then = old.as_ref().map(|(known, tally)| (*known, tally));
    let structure = &world.reference.structure;
    this_year.put_last_year(Some(&YearBefore { query: &earlier, then, now: &now, structure }), |_| true);
    this_year
}

fn of<'a>(tally: &'a PeriodTally, measure: &str) -> &'a MeasureTally {
    tally.measures.iter().find(|one| one.measure == key(measure)).unwrap()
}

fn assign_2023(world: &mut World, holder: u128) {
    let target = crate::TargetKey { period: key("2023"), ..World::target(PARTY_ORG, holder, CITY) };
    let value = TargetValue::Exactly(2);
    world.target_event("2023-02-15", EventBody::TargetAssigned { target, value, due_on: None });
}

fn printed(against: Option<&Against>) -> Option<(i64, i64, Option<&str>)> {
    against.map(|against| (against.actual, against.difference, against.percent.as_deref()))
}

fn both(compared: &Compared) -> [Option<(i64, i64, Option<&str>)>; 2] {
    [printed(compared.as_known_then.as_ref()), printed(compared.as_known_now.as_ref())]
}

#[test]
fn a_span_counts_from_its_first_day_on_beside_what_has_accumulated() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    world.unit(13, Some(CITY));
    for (credited, on, n) in [
        (11, "2022-03-31", 2),
        (11, "2022-04-01", 1),
        (12, "2022-06-30", 3),
        (12, "2022-07-01", 1),
        (13, "2022-05-01", 1),
    ] {
        world.found(credited, on, n);
    }
    let query = TallyQuery { valid: day("2022-06-30"), ..world.query("2022") };
    let tally = spanned(&world, &query, "2022-04-01");
    let measure = of(&tally, PARTY_ORG);
    let cells: Vec<_> = measure.cells.iter().map(|cell| (cell.actual, cell.in_span)).collect();
    assert_eq!(cells, [(3, Some(1)), (3, Some(3)), (1, Some(1))]);
    assert_eq!(measure.in_span, Some(InSpan { actual: 4, outside_plan: 1, total: 5 }));
    assert_eq!(tally.since, Some(day("2022-04-01")));
}

#[test]
fn spans_one_after_the_other_sum_to_what_has_accumulated() {
    let stock = MeasureDefinition { measure: key("stock"), flow: Flow::Stock, ..party_org() };
    let net = MeasureDefinition { measure: key("net"), flow: Flow::Net, ..party_org() };
    let mut world = World::measuring(&[party_org(), net, stock]);
    world.holders(&[3]);
    for (n, on) in (1..).zip(["2021-05-01", "2022-01-01", "2022-02-10", "2022-03-31", "2022-04-01", "2022-12-31"]) {
        world.post(organisation(n), founded(cell(11, on)));
    }
    world.post(organisation(1), dissolved(11, "2022-04-15"));
    world.post(organisation(2), revoked(RevocationScope::FromStart, vec![cell(11, "2022-01-01")], vec![]));
    let sum_of = |measure: &str, valid: &str, since: &str| {
        let query = TallyQuery { valid: day(valid), ..world.query("2022") };
        of(&spanned(&world, &query, since), measure).in_span.unwrap().total
    };
    for (measure, before) in [(PARTY_ORG, 0), ("net", 0), ("stock", 1)] {
        let quarters = [("2022-03-31", "2022-01-01"), ("2022-06-30", "2022-04-01"), ("2022-12-31", "2022-07-01")];
        let sum: i64 = quarters.iter().map(|(valid, since)| sum_of(measure, valid, since)).sum();
        assert_eq!(before + sum, world.measure(measure, "2022").total, "{measure}");
    }
}

#[test]
fn a_span_is_that_of_a_case_bound_by_an_earlier_version_too() {
    let by_ceremony = MeasureDefinition { by: What::Received, ..party_member() };
    let mut world = World::measuring(&[by_ceremony]);
    world.unit(11, Some(CITY));
    for (n, held_on) in (1..).zip(["2022-03-01", "2022-05-01"]) {
        world.post(admission(n), EventBody::MemberAdmitted { counted: members(11, "2022-02-01", 1) });
        world.post(admission(n), EventBody::CeremonyHeld { counted: what(What::Received, members(11, held_on, 1)) });
    }
    let tally = spanned(&world, &world.query("2022"), "2022-05-01");
    assert_eq!(of(&tally, PARTY_MEMBER).in_span.unwrap().total, 1);
}

/// 18 then, 22 now known, against 20 (DESIGN §7).
#[test]
fn last_year_stands_beside_at_equal_lag_and_as_known_by_now() {
    let mut world = World::new();
    world.holders(&[20]);
    world.found(11, "2022-06-01", 18);
    let then = world.at;
    world.found(11, "2022-06-02", 4);
    world.found(11, "2023-06-01", 20);
    let tally = compared(&world, &world.query("2023"), Some(then));
    let measure = of(&tally, PARTY_ORG);
    let expected = [Some((18, 2, Some("+11,1"))), Some((22, -2, Some("−9,1")))];
    assert_eq!(both(measure.cells[0].last_year.as_ref().unwrap()), expected);
    let whole = measure.last_year.as_ref().unwrap();
    assert_eq!(both(&whole.total), expected);
    assert_eq!((whole.with_plan_then, measure.whole.units.with_plan), (Some(1), 0));
    let last_year = tally.last_year.unwrap();
    assert_eq!((last_year.period, last_year.valid), (Some(key("2022")), day("2022-12-31")));
    assert_eq!(last_year.as_known_then, Some(KnownOn { on: day("2022-12-31"), position: then }));
    assert!(last_year.structure_changed_on.is_empty());
}

#[test]
fn against_nothing_there_is_a_difference_and_no_percentage() {
    let mut world = World::new();
    world.holders(&[2, 3]);
    world.found(11, "2023-06-01", 2);
    let at = world.at;
    let tally = compared(&world, &world.query("2023"), Some(at));
    let cell = |n: usize| both(of(&tally, PARTY_ORG).cells[n].last_year.as_ref().unwrap());
    assert_eq!(cell(0), [Some((0, 2, None)); 2]);
}

#[test]
fn before_the_ledger_or_the_period_there_is_nothing_to_compare_with() {
    let mut world = World::new();
    world.holders(&[2]);
    world.found(11, "2022-06-01", 1);
    world.found(11, "2023-06-01", 2);
    let tally = compared(&world, &world.query("2023"), None);
    assert_eq!(both(of(&tally, PARTY_ORG).cells[0].last_year.as_ref().unwrap()), [None, Some((1, 1, Some("+100,0")))]);
    assert_eq!(tally.last_year.unwrap().as_known_then, None);
    assert_eq!(year_before(&world.reference, &world.query("2022")), None);
    let mut first = world.tally(&world.query("2022"));
    first.put_last_year(None, |_| true);
    assert_eq!(of(&first, PARTY_ORG).cells[0].last_year, Some(Compared::default()));
    assert_eq!(first.last_year.unwrap().period, None);
}

#[test]
fn the_day_a_year_before_29_february_is_the_28th() {
    let mut world = World::new();
    world.open("2024", &[party_org()], false);
    let leap = TallyQuery { valid: day("2024-02-29"), judged_on: day("2024-02-29"), ..world.query("2024") };
    let earlier = year_before(&world.reference, &leap).unwrap();
    assert_eq!((earlier.valid, earlier.judged_on), (day("2023-02-28"), day("2023-02-28")));
    let whole = year_before(&world.reference, &world.query("2024")).unwrap();
    assert_eq!((whole.valid, whole.period), (day("2023-12-31"), key("2023")));
}

#[test]
fn a_unit_that_took_over_another_is_compared_with_a_word_of_warning() {
    let mut world = World::new();
    world.holders(&[2, 3]);
    world.unit(21, Some(12));
    world.found(11, "2022-06-01", 2);
    world.found(21, "2022-06-01", 3);
    world.parent(21, Some(11), "2023-07-01");
    assign_2023(&mut world, 11);
    assign_2023(&mut world, 12);
    world.found(21, "2023-08-01", 4);
    let at = world.at;
    let tally = compared(&world, &world.query("2023"), Some(at));
    let rows: std::collections::BTreeMap<_, _> = of(&tally, PARTY_ORG)
        .cells
        .iter()
        .map(|cell| (cell.committee, cell.last_year.clone().unwrap().structure_changed_on))
        .collect();
    assert_eq!(rows[&unit(11)], Some(day("2023-07-01")));
    assert_eq!(rows[&unit(12)], Some(day("2023-07-01")));
    assert_eq!(tally.last_year.unwrap().structure_changed_on, BTreeSet::from([day("2023-07-01")]));
}

#[test]
fn a_unit_whose_count_was_anothers_last_year_is_not_compared() {
    let mut world = World::new();
    world.holders(&[2]);
    world.unit(21, Some(11));
    world.found(21, "2022-06-01", 3);
    assign_2023(&mut world, 21);
    world.found(21, "2023-06-01", 2);
    let at = world.at;
    let tally = compared(&world, &world.query("2023"), Some(at));
    let measure = of(&tally, PARTY_ORG);
    let row = |n: u128| {
        both(measure.cells.iter().find(|cell| cell.committee == unit(n)).unwrap().last_year.as_ref().unwrap())
    };
    assert_eq!(row(21), [None, None]);
    assert_eq!(both(&measure.last_year.as_ref().unwrap().total), [Some((3, -1, Some("−33,3"))); 2]);
}

#[test]
fn an_office_compares_the_wholes_of_what_it_sees() {
    let mut world = World::new();
    world.holders(&[2, 3]);
    world.found(11, "2022-06-01", 2);
    world.found(12, "2022-06-01", 5);
    let query = world.query("2023");
    let earlier = year_before(&world.reference, &query).unwrap();
    let now = world.tally(&earlier);
    let mut tally = world.tally(&query);
    let before = YearBefore { query: &earlier, then: None, now: &now, structure: &world.reference.structure };
    tally.put_last_year(Some(&before), |seen| seen == unit(11));
    let whole = of(&tally, PARTY_ORG).last_year.clone().unwrap();
    assert_eq!(both(&whole.total), [None, Some((2, -2, Some("−100,0")))]);
    assert_eq!(whole.with_plan_then, Some(1));
}
