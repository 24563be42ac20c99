//! Why two tallies differ: the pieces sum to the difference, and each leads to its records.

use std::collections::BTreeSet;

use super::{
    properties::{each_ledger, queries},
    world::*,
};
use crate::{
    EventBody, Kind, Position, RevocationScope, TargetValue, What,
    fold::{Differences, ExplainedCell, ExplainedMeasure, State, TallyQuery, Why},
};

/// The difference of 2022 as known at two positions; `revoked` says which records that take something back are revocations.
fn explained(world: &World, from: Position, to: Position, revoked: &[Position]) -> ExplainedMeasure {
    let (earlier, later) = (world.until(from), world.until(to));
    let query = |known| TallyQuery { known: Some(known), ..world.query("2022") };
    let (before, after) = (query(from), query(to));
    let differences = Differences::between(
        &world.facts,
        State { reference: &earlier.reference, query: &before },
        State { reference: &later.reference, query: &after },
    );
    let revoked: BTreeSet<_> = revoked.iter().copied().collect();
    let (before, after) = (earlier.tally(&before), later.tally(&after));
    let measure = differences.unwrap().explained(&before, &after, &revoked).remove(0);
    assert!(measure.sums(), "{measure:?}");
    measure
}

fn pieces(cell: &ExplainedCell) -> Vec<(Why, i64, Vec<u64>)> {
    cell.pieces.iter().map(|p| (p.why, p.n, p.positions.iter().map(|at| at.0).collect())).collect()
}

#[test]
fn each_kind_of_change_is_a_piece_of_its_own() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    world.found(11, "2022-03-01", 4);
    let from = world.at;
    let founded_at = world.post(organisation(50), founded(cell(11, "2022-05-01")));
    let corrected_at = world.post(organisation(1), corrected(cell(11, "2022-03-01"), cell(12, "2022-03-01")));
    let revoked_at =
        world.post(organisation(2), revoked(RevocationScope::FromStart, vec![cell(11, "2022-03-01")], vec![]));
    world.target_event(
        "2022-06-01",
        EventBody::TargetAdjusted { target: World::target(PARTY_ORG, 12, CITY), value: TargetValue::Exactly(2) },
    );
    let (programme, period) = (key("nq28"), key("2022"));
    world.event("2023-01-03", Kind::Period, EventBody::PeriodClosed { programme, period, number: 1 });
    let late_at = world.post(organisation(51), founded(cell(11, "2022-12-20")));

    let measure = explained(&world, from, world.at, &[revoked_at]);
    let of = |unit_| measure.cells.iter().find(|cell| cell.committee == unit(unit_)).unwrap();
    assert_eq!(
        pieces(of(11)),
        [
            (Why::Founded, 1, vec![founded_at.0]),
            (Why::Late, 1, vec![late_at.0]),
            (Why::Corrected, -1, vec![corrected_at.0]),
            (Why::Revoked, -1, vec![revoked_at.0]),
        ]
    );
    assert_eq!(
        pieces(of(12)),
        [(Why::Corrected, 1, vec![corrected_at.0])],
        "what it adds elsewhere is the correction's"
    );
    let plan = of(12).plan_changed.clone().unwrap();
    assert_eq!((plan.from, plan.to), (Some(TargetValue::Exactly(3)), Some(TargetValue::Exactly(2))));
    assert_eq!((measure.total.from, measure.total.to), (4, 5));
    assert_eq!((measure.plan.from, measure.plan.to), (6, 5));
}

#[test]
fn a_transfer_and_a_dissolution_are_named_where_they_count() {
    let mut net = party_org();
    net.flow = crate::programme::Flow::Net;
    let mut world = World::measuring(&[net.clone()]);
    world.open("2022", &[net], false);
    world.holders(&[1, 1]);
    world.found(11, "2022-03-01", 2);
    let from = world.at;
    let adds =
        vec![what(What::TransferredOut, cell(11, "2022-04-01")), what(What::TransferredIn, cell(12, "2022-04-01"))];
    let moved = world.post(organisation(1), EventBody::OrganisationTransferred { adds });
    let ended = world.post(organisation(2), dissolved(11, "2022-05-01"));
    let measure = explained(&world, from, world.at, &[]);
    let of = |unit_| pieces(measure.cells.iter().find(|cell| cell.committee == unit(unit_)).unwrap());
    assert_eq!(of(11), [(Why::Dissolved, -1, vec![ended.0]), (Why::Transferred, -1, vec![moved.0])]);
    assert_eq!(of(12), [(Why::Transferred, 1, vec![moved.0])]);
}

#[test]
fn records_that_count_for_another_unit_since_the_structure_changed_say_so() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    world.unit(30, Some(11));
    world.found(30, "2022-09-01", 2);
    let from = world.at;
    world.parent(30, Some(12), "2022-07-01");
    let measure = explained(&world, from, world.at, &[]);
    let of: Vec<_> = measure.cells.iter().map(|cell| (cell.committee, cell.pieces[0].why, cell.pieces[0].n)).collect();
    assert_eq!(of, [(unit(11), Why::StructureChanged, -2), (unit(12), Why::StructureChanged, 2)]);
}

#[test]
fn a_target_that_moves_the_roll_up_is_a_change_of_the_plan_and_a_moved_unit_is_none() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    world.unit(30, Some(11));
    world.unit(31, Some(11));
    world.found(30, "2022-09-01", 2);
    world.found(31, "2022-09-01", 1);
    let from = world.at;
    let of = |holder| World::target(PARTY_ORG, holder, CITY);
    world.target_event("2022-01-01", EventBody::TargetWithdrawn { target: of(11) });
    let value = TargetValue::Exactly(2);
    world.target_event("2022-01-01", EventBody::TargetAssigned { target: of(30), value, due_on: None });
    world.parent(31, Some(12), "2022-07-01");
    let measure = explained(&world, from, world.at, &[]);
    let cells = |unit_| pieces(measure.cells.iter().find(|cell| cell.committee == unit(unit_)).unwrap());
    let of = [11, 12, 30].map(|unit| cells(unit).into_iter().map(|(why, n, _)| (why, n)).collect::<Vec<_>>());
    assert_eq!(
        of,
        [
            vec![(Why::PlanChanged, -2), (Why::StructureChanged, -1)],
            vec![(Why::StructureChanged, 1)],
            vec![(Why::PlanChanged, 2)],
        ]
    );
    assert_eq!((measure.total.from, measure.total.to), (3, 3));
    let plan = measure.cells.iter().find(|cell| cell.committee == unit(30)).unwrap().plan_changed.clone().unwrap();
    assert_eq!((plan.from, plan.to), (None, Some(value)));
}

#[test]
fn what_is_recorded_within_a_reopening_is_not_late_whichever_state_is_the_earlier_one() {
    let mut world = World::new();
    world.holders(&[3]);
    let (programme, period) = (|| key("nq28"), || key("2022"));
    let closed = |number| EventBody::PeriodClosed { programme: programme(), period: period(), number };
    world.event("2023-01-03", Kind::Period, closed(1));
    let late = world.post(organisation(1), founded(cell(11, "2022-12-20")));
    let before = world.at;
    let reopened = EventBody::PeriodReopened { programme: programme(), period: period(), until: day("2023-02-20") };
    world.event("2023-02-01", Kind::Period, reopened);
    let in_time = world.post(organisation(2), founded(cell(11, "2022-12-21")));
    world.event("2023-02-10", Kind::Period, closed(2));
    let later = world.post(organisation(3), founded(cell(11, "2022-12-22")));
    let start = Position(late.0 - 1);
    let why = |from, to| pieces(&explained(&world, from, to, &[]).cells[0]);
    assert_eq!(
        why(before, world.at),
        [(Why::Founded, 1, vec![in_time.0]), (Why::Late, 1, vec![later.0])],
        "the closing that was known before does not make late what a reopening took"
    );
    assert_eq!(why(world.at, before), [(Why::Founded, -1, vec![in_time.0]), (Why::Late, -1, vec![later.0])]);
    assert_eq!(why(start, before), [(Why::Late, 1, vec![late.0])]);
    assert_eq!(why(start, world.at)[1], (Why::Late, 2, vec![late.0, later.0]));
}

/// 2 of 17 leave the plan with their unit, and come under one again with a record more.
#[test]
fn what_leaves_the_plan_with_its_unit_or_comes_under_one_is_a_piece_of_the_whole() {
    let mut world = World::new();
    world.holders(&[3, 17]);
    world.found(11, "2022-03-01", 1);
    world.found(12, "2022-03-01", 2);
    let from = world.at;
    world.target_event("2022-06-01", EventBody::TargetWithdrawn { target: World::target(PARTY_ORG, 12, CITY) });
    let without = world.at;
    world.found(12, "2022-07-01", 1);
    let parts = |measure: &ExplainedMeasure| measure.pieces.iter().map(|part| (part.why, part.n)).collect::<Vec<_>>();
    let check = |(from, to), whole: &[(Why, i64)], [plan, actual, with_plan]: [i64; 3]| {
        let measure = explained(&world, from, to, &[]);
        assert_eq!(parts(&measure), whole, "{from} to {to}");
        let change = measure.cells[0].plan_changed.clone().unwrap();
        assert_eq!([change.plan, change.actual, change.with_plan.into()], [plan, actual, with_plan]);
    };
    check((from, without), &[(Why::PlanChanged, -2)], [-17, -2, -1]);
    check((from, world.at), &[(Why::Founded, 1), (Why::PlanChanged, -3)], [-17, -3, -1]);
    check((without, from), &[(Why::PlanChanged, 2)], [17, 2, 1]);
    check((world.at, from), &[(Why::Founded, -1), (Why::PlanChanged, 3)], [17, 3, 1]);
    let outside = explained(&world, without, world.at, &[]);
    assert_eq!((parts(&outside), pieces(&outside.cells[0]).len()), (vec![], 1), "outside the plan before and after");
}

#[test]
fn nothing_between_two_equal_states() {
    let mut world = World::new();
    world.holders(&[3]);
    world.found(11, "2022-03-01", 4);
    assert_eq!(explained(&world, world.at, world.at, &[]).cells, []);
}

#[test]
fn the_pieces_sum_to_the_difference_whichever_two_states_are_compared() {
    each_ledger(0xd1ff, |world, random| {
        for from in queries(&world, random) {
            let other = &queries(&world, random)[0];
            let at = |random: &mut super::properties::Random| {
                let last = u32::try_from(world.at.0).unwrap();
                // Before its periods were opened a ledger answers nothing.
                Position(u64::from(last / 4 + random.below(last - last / 4) + 1))
            };
            let (first, second) = (at(random), at(random));
            let from = TallyQuery { known: Some(first), ..from };
            let to = TallyQuery { known: Some(second), period: from.period.clone(), ..other.clone() };
            let (earlier, later) = (world.until(first), world.until(second));
            let differences = Differences::between(
                &world.facts,
                State { reference: &earlier.reference, query: &from },
                State { reference: &later.reference, query: &to },
            );
            let differences = differences.unwrap();
            let revoked = differences.taking_back().iter().copied().filter(|_| random.below(2) == 0).collect();
            for measure in differences.explained(&earlier.tally(&from), &later.tally(&to), &revoked) {
                assert!(measure.sums(), "{first} to {second}: {measure:?}");
            }
        }
    });
}
