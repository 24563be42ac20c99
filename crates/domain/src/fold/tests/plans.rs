//! Properties of plans and of what is reported, over random ledgers. Seeds are printed; `SOCAI_SEED` replays one.

use super::{
    properties::{Random, each_ledger, queries, step},
    world::*,
};
use crate::{
    EventBody, Kind, Position, TargetValue,
    fold::{Discrepancy, Status, TallyQuery, tally},
};

/// Runs of a property on ledgers of its own.
const RUNS: u32 = 40;

/// Parts of at least `least` whose sum is the whole.
fn parts(random: &mut Random, whole: u32, n: u32, least: u32) -> Vec<u32> {
    let mut parts = vec![least; n as usize];
    for _ in 0..whole - n * least {
        parts[random.below(n) as usize] += 1;
    }
    parts
}

#[test]
fn whichever_units_make_the_totals_of_the_article_its_percentages_are_the_same() {
    let (mut random, _) = Random::new(0x47_42);
    for _ in 0..RUNS {
        for (actual, plan, printed) in
            [(47, 42, "111,9"), (174, 141, "123,4"), (48, 41, "117,1"), (449, 350, "128,3"), (1_071, 444, "241,2")]
        {
            let (plans, actuals) = (parts(&mut random, plan, 16, 1), parts(&mut random, actual, 16, 0));
            let mut world = World::new();
            world.holders(&plans);
            for (holder, n) in (11..).zip(&actuals) {
                world.found(holder, &format!("2022-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28)), *n);
            }
            let whole = world.measure_as(PARTY_ORG, &at_the_end(&world)).whole;
            assert_eq!((whole.percent.as_deref(), whole.plan), (Some(printed), plan.into()));
            let of = |is: fn(&u32, &u32) -> bool| plans.iter().zip(&actuals).filter(|(plan, n)| is(n, plan)).count();
            let units = whole.units;
            assert_eq!(
                [units.with_plan, units.met, units.exceeded, units.missed].map(|n| n as usize),
                [16, of(|n, plan| n >= plan), of(|n, plan| n > plan), of(|n, plan| n < plan),]
            );
        }
    }
}

fn at_the_end(world: &World) -> TallyQuery {
    TallyQuery { judged_on: day("2023-01-01"), ..world.query("2022") }
}

#[test]
fn the_units_plans_sum_to_the_headline_or_a_discrepancy_says_so() {
    let (mut random, _) = Random::new(0x1950);
    let mut differing = 0;
    for _ in 0..RUNS {
        let n = 1 + random.below(9);
        let sum = n * (1 + random.below(40));
        let headline = if random.below(2) == 0 { sum } else { 1 + random.below(2 * sum) };
        let mut world = World::new();
        let plans = parts(&mut random, sum, n, 1);
        world.holders(&plans);
        world.assign_by(99, PARTY_ORG, CITY, TargetValue::Exactly(headline), None);
        let measure = world.measure_as(PARTY_ORG, &at_the_end(&world));
        assert_eq!(measure.whole.plan, u64::from(sum));
        let said: Vec<_> = measure
            .discrepancies
            .iter()
            .map(|row| match row {
                Discrepancy::HeadlineDiffers { headline, sum, .. } => (*headline, *sum),
                other @ Discrepancy::HolderEnded { .. } => panic!("{other:?}"),
            })
            .collect();
        let expected = (headline != sum).then_some((headline, u64::from(sum)));
        assert_eq!(said, Vec::from_iter(expected), "{plans:?}");
        differing += usize::from(headline != sum);
    }
    assert!((1..RUNS as usize).contains(&differing), "{differing}");
}

#[test]
fn without_a_plan_there_is_no_percentage_and_with_one_it_is_a_number() {
    let mut without = 0;
    each_ledger(0x0dead, |world, random| {
        for query in queries(&world, random) {
            for measure in world.tally(&query).measures {
                for cell in &measure.cells {
                    assert_eq!(cell.plan.is_none(), cell.status == Status::NoTarget, "{cell:?}");
                    assert_eq!(cell.plan.is_none(), cell.percent.is_none(), "{cell:?}");
                    without += usize::from(cell.plan.is_none() && cell.actual > 0);
                }
                assert_eq!(measure.whole.plan == 0, measure.whole.percent.is_none(), "{:?}", measure.whole);
                let digits = |text: &String| text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '−' | '.'));
                let printed = measure.cells.iter().filter_map(|cell| cell.percent.as_ref());
                assert!(printed.chain(&measure.whole.percent).all(digits), "{measure:?}");
            }
        }
    });
    assert!(without > 0, "something counts where there is no plan");
}

#[test]
fn what_comes_after_a_closing_changes_what_is_known_and_never_what_was_reported() {
    let mut moved = 0;
    each_ledger(0x03_01, |mut world, random| {
        let body = EventBody::PeriodClosed { programme: key("nq28"), period: key("2022"), number: 7 };
        let closing = world.event("2023-01-03", Kind::Period, body);
        let at = |known: Position| TallyQuery { known: Some(known), ..world.query("2022") };
        let (reported, query) = (world.tally(&at(closing)), at(closing));
        let reference = world.reference.clone();
        for _ in 0..40 {
            step(&mut world, random);
        }
        // The facts have gone on; the reference data are those of the closing.
        assert!(tally(&reference, &world.facts, &query).unwrap() == reported, "as reported at {closing}");
        let known = world.tally(&TallyQuery { known: Some(world.at), ..query });
        moved += usize::from(known.measures != reported.measures);
    });
    assert!(moved > 0, "something late was recorded");
}
