//! Properties of random ledgers. Seeds are printed; `SOCAI_SEED` replays one.

use super::world::*;
use crate::{
    Basis, Event, EventBody, Position, RevocationScope, TargetValue, Trait, What,
    fold::{Facts, PeriodTally, TallyQuery, changed_measures, diff, lines, tally, what_if},
    programme::{Flow, MeasureDefinition},
};

/// SplitMix64: enough for tests, the same everywhere.
pub(super) struct Random(u64);

impl Random {
    /// With the seed of `SOCAI_SEED`, or this one; gives it back to be printed.
    pub(super) fn new(default: u64) -> (Self, u64) {
        let seed = std::env::var("SOCAI_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
        println!("seed {seed}: replay with SOCAI_SEED={seed}");
        (Self(seed), seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n` - 1.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        u32::try_from(self.next() % u64::from(n.max(1))).unwrap()
    }

    pub(super) fn day(&mut self) -> String {
        format!("{}-{:02}-{:02}", 2021 + self.below(3), 1 + self.below(12), 1 + self.below(28))
    }
}

fn measures() -> Vec<MeasureDefinition> {
    let named =
        |measure: &str, definition: MeasureDefinition| MeasureDefinition { measure: key(measure), ..definition };
    vec![
        party_org(),
        party_member(),
        named("net", MeasureDefinition { flow: Flow::Net, ..party_org() }),
        named("stock", MeasureDefinition { flow: Flow::Stock, ..party_org() }),
        named("received", MeasureDefinition { by: What::Received, ..party_member() }),
        named("changing", party_member()),
        named("changing", MeasureDefinition { by: What::Received, from: day("2022-07-01"), ..party_member() }),
    ]
}

/// A ledger of two hundred records: foundings, ends, transfers, corrections, revocations, admissions, batches, ceremonies, targets and moves.
fn ledger(random: &mut Random) -> World {
    let mut world = World::measuring(&measures());
    for n in 11..31 {
        world.unit(n, Some(if n < 19 { CITY } else { 11 + u128::from(random.below(8)) }));
    }
    for _ in 0..160 {
        step(&mut world, random);
    }
    world
}

pub(super) fn step(world: &mut World, random: &mut Random) {
    let (stream, on) = (u128::from(random.below(60)), random.day());
    let credited = 11 + u128::from(random.below(20));
    let holder = 11 + u128::from(random.below(8));
    let mut people = members(credited, &on, 1 + random.below(15));
    if random.below(2) == 0 {
        people.of_which.insert(Trait::Women, random.below(people.n));
    }
    let one = cell(credited, &on);
    match random.below(15) {
        0..=3 => {
            let basis_of = [Basis::New, Basis::New, Basis::Grouping, Basis::Split][random.below(4) as usize];
            world.post(organisation(stream), founded(basis(basis_of, one)));
        }
        4 => {
            world.post(organisation(stream), dissolved(credited, &on));
        }
        5 => {
            let into = cell(11 + u128::from(random.below(20)), &on);
            let adds = vec![what(What::TransferredOut, one), what(What::TransferredIn, into)];
            world.post(organisation(stream), EventBody::OrganisationTransferred { adds });
        }
        6 => {
            let to = cell(11 + u128::from(random.below(20)), &random.day());
            world.post(organisation(stream), corrected(one, to));
        }
        7 => {
            world.post(organisation(stream), revoked(RevocationScope::FromStart, vec![one], vec![]));
        }
        8 | 9 => {
            world.post(batch(stream), EventBody::BatchAdmitted { counted: people });
        }
        10 => {
            world.post(batch(stream), EventBody::BatchCeremonyHeld { counted: what(What::Received, people) });
        }
        11 => {
            let measure = ["party_org", "party_member", "net", "changing"][random.below(4) as usize];
            world.assign(measure, holder, TargetValue::Exactly(1 + random.below(6)));
        }
        12 => {
            let target = World::target(PARTY_ORG, holder, CITY);
            world.target_event(&on, EventBody::TargetWithdrawn { target });
        }
        13 => {
            let year = if random.below(2) == 0 { "2022" } else { "2023" };
            let body = EventBody::PeriodClosed { programme: key("nq28"), period: key(year), number: 1 };
            world.event("2024-01-05", crate::Kind::Period, body);
        }
        _ => world.parent(19 + u128::from(random.below(12)), Some(holder), &on),
    }
}

pub(super) fn queries(world: &World, random: &mut Random) -> Vec<TallyQuery> {
    (0..4)
        .map(|n| TallyQuery {
            valid: day(&random.day()),
            judged_on: day("2023-03-01"),
            ..world.query(if n % 2 == 0 { "2022" } else { "2023" })
        })
        .collect()
}

/// Runs a check on several random ledgers.
pub(super) fn each_ledger(seed: u64, mut check: impl FnMut(World, &mut Random)) {
    let (mut random, _) = Random::new(seed);
    for _ in 0..6 {
        let world = ledger(&mut random);
        check(world, &mut random);
    }
}

#[test]
fn as_of_a_position_is_the_fold_stopped_there() {
    each_ledger(0x5eed, |world, random| {
        for query in queries(&world, random) {
            let last = world.at.0;
            for position in (1..=last).filter(|_| random.below(60) == 0).map(Position) {
                let stopped = world.until(position);
                let known = TallyQuery { known: Some(position), ..query.clone() };
                // The reference is folded to the position by the caller; the facts are cut by the query.
                let asked = tally(&stopped.reference, &world.facts, &known);
                let folded = tally(&stopped.reference, &stopped.facts, &known);
                assert_eq!(asked, folded, "at {position}");
            }
        }
    });
}

#[test]
fn the_sum_of_the_lines_is_the_number() {
    each_ledger(0x11e5, |world, random| {
        for query in queries(&world, random) {
            for measure in world.tally(&query).measures {
                for cell in &measure.cells {
                    let lines = world.lines(measure.measure.as_str(), &query, cell.committee);
                    assert_eq!(lines.iter().map(|line| line.n).sum::<i64>(), cell.actual, "{}", measure.measure);
                    assert_eq!(lines.last().map_or(0, |line| line.sum), cell.actual);
                    assert_eq!(lines.last().map_or(Position::START, |line| line.position), cell.position);
                    assert!(lines.is_sorted_by_key(|line| (line.position, line.line)));
                }
            }
        }
    });
}

#[test]
fn every_fact_that_counts_is_in_exactly_one_cell() {
    each_ledger(0xce11, |world, random| {
        for query in queries(&world, random) {
            for measure in world.tally(&query).measures {
                assert_eq!(measure.total, measure.whole.actual + measure.outside_plan);
                assert_eq!(measure.total, measure.cells.iter().map(|cell| cell.actual).sum::<i64>());
            }
        }
    });
}

#[test]
fn exceeded_is_within_met_and_n_is_met_missed_not_due_and_not_reported() {
    each_ledger(0x0f_4e, |world, random| {
        for query in queries(&world, random) {
            for measure in world.tally(&query).measures {
                let units = measure.whole.units;
                assert!(units.exceeded <= units.met);
                assert_eq!(units.met, units.exceeded + units.exact);
                assert_eq!(units.with_plan, units.met + units.missed + units.not_due + units.not_reported);
                assert_eq!(units.with_plan as usize, measure.cells.iter().filter(|cell| cell.plan.is_some()).count());
                assert_eq!((units.with_plan + units.no_target) as usize, measure.cells.len());
            }
        }
    });
}

#[test]
fn whatever_the_batches_the_facts_are_the_same() {
    each_ledger(0xba7c, |world, random| {
        let mut facts = Facts::default();
        let mut left = world.log.as_slice();
        while !left.is_empty() {
            let (batch, rest) = left.split_at(1 + random.below(u32::try_from(left.len()).unwrap()) as usize);
            let mark = facts.mark();
            // The first attempt does not commit.
            for attempt in 0..2 {
                for (at, stream, events) in batch {
                    events.iter().for_each(|event| facts.fold(*at, *stream, event));
                }
                if attempt == 0 {
                    facts.rewind(&mark);
                }
            }
            left = rest;
        }
        assert_eq!(facts, world.facts);
    });
}

#[test]
fn a_preview_says_what_recording_it_does() {
    each_ledger(0x9e57, |world, random| {
        for query in queries(&world, random) {
            let body = founded(cell(11 + u128::from(random.below(20)), &random.day()));
            let event = Event { effective_on: query.valid, body };
            let stream = organisation(9_999);
            let foreseen = what_if(&world.reference, &world.facts, &query, stream, std::slice::from_ref(&event));
            let mut facts = world.facts.clone();
            facts.fold(world.at, stream, &event);
            let after = tally(&world.reference, &facts, &query).unwrap();
            assert_eq!(foreseen.unwrap(), diff(&world.tally(&query), &after));
        }
    });
}

#[test]
fn a_diff_applied_to_the_older_tally_gives_the_newer_one() {
    each_ledger(0xd1ff, |world, random| {
        let query = world.query("2022");
        let earlier = world.until(Position(1 + u64::from(random.below(u32::try_from(world.at.0).unwrap()))));
        let Ok(before) = tally(&earlier.reference, &earlier.facts, &query) else { return };
        let after = world.tally(&query);
        assert_eq!(applied(before.clone(), &after), after.measures);
        let unchanged = changed_measures(&after, &after);
        assert_eq!((unchanged.len(), diff(&after, &after).len()), (0, 0));
    });
}

/// The older measures with each changed whole and each changed cell put in.
fn applied(before: PeriodTally, after: &PeriodTally) -> Vec<crate::fold::MeasureTally> {
    let changed = changed_measures(&before, after);
    let cells = diff(&before, after);
    let mut measures = before.measures;
    for mut new in changed {
        let place = measures.iter().position(|measure| measure.measure == new.measure).unwrap();
        let of_measure = || cells.iter().filter(|change| change.measure == new.measure);
        let mut merged = std::mem::take(&mut measures[place].cells);
        merged.retain(|cell| !of_measure().any(|change| change.committee == cell.committee));
        merged.extend(of_measure().filter_map(|change| change.after.clone()));
        merged.sort_by_key(|cell| cell.committee);
        new.cells = merged;
        measures[place] = new;
    }
    measures
}

#[test]
fn a_founding_is_foreseen_as_4_of_3_becoming_5_of_3() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    world.found(11, "2022-03-01", 4);
    let event = Event { effective_on: day("2022-05-01"), body: founded(cell(11, "2022-05-01")) };
    let query = world.query("2022");
    let changes = what_if(&world.reference, &world.facts, &query, organisation(9), &[event]).unwrap();
    assert_eq!(changes.iter().map(|change| change.printed()).collect::<Vec<_>>(), ["4/3 → 5/3"]);
    assert_eq!(world.cell(PARTY_ORG, "2022", 11).actual, 4);
}

#[test]
fn a_target_is_foreseen_too() {
    let mut world = World::new();
    world.holders(&[3, 3]);
    let target = World::target(PARTY_ORG, 11, CITY);
    let body = EventBody::TargetAdjusted { target, value: TargetValue::Exactly(5) };
    let event = Event { effective_on: day("2022-05-01"), body };
    let stream = crate::StreamId::new(crate::Kind::Target, uuid::Uuid::nil());
    let changes = what_if(&world.reference, &world.facts, &world.query("2022"), stream, &[event]).unwrap();
    assert_eq!(changes.iter().map(|change| change.printed()).collect::<Vec<_>>(), ["0/3 → 0/5"]);
}

#[test]
fn lines_are_paged_without_gaps() {
    let mut world = World::new();
    world.holders(&[3]);
    world.found(11, "2022-03-01", 7);
    let query = world.query("2022");
    let all = lines(&world.reference, &world.facts, &query, &key(PARTY_ORG), unit(11)).unwrap();
    let (mut after, mut seen) = (Some(0), Vec::new());
    while let Some(at) = after {
        let page = crate::fold::line_page(all.clone(), at, 3);
        assert_eq!((page.count, page.sum), (7, 7));
        seen.extend(page.lines);
        after = page.next_after;
    }
    assert_eq!(seen, all);
}
