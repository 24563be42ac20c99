//! Ceremonies kept by their cases: the same as when all of them are joined with all decisions, whichever way the facts came.

use super::{
    properties::{Random, each_ledger},
    world::*,
};
use crate::{
    EventBody, LocalDate, Membership, Position, Reason,
    fold::{Facts, TallyQuery, tally::Question},
};

/// Batches and ceremonies as they mostly are: one admission, perhaps another a year later, one ceremony for all or several for a part each.
fn plain_ceremonies(world: &mut World, random: &mut Random) {
    for _ in 0..60 {
        let stream = batch(1_000_000 + u128::from(world.at.0));
        let mut left = 0;
        for _ in 0..=random.below(2) {
            let n = 1 + random.below(9);
            let people = members(11 + u128::from(random.below(20)), &random.day(), n);
            world.post(stream, EventBody::BatchAdmitted { counted: people });
            left += n;
        }
        while left > 0 && random.below(5) > 0 {
            let n = if random.below(3) > 0 { left } else { 1 + random.below(left) };
            let people = members(11, &random.day(), n);
            world.post(stream, EventBody::BatchCeremonyHeld { counted: what(crate::What::Received, people) });
            left -= n;
        }
    }
}

/// Batches and ceremonies of few streams over three years, some of them corrected: also before their admission, and with more received than admitted.
fn ceremonies(world: &mut World, random: &mut Random) {
    plain_ceremonies(world, random);
    for _ in 0..200 {
        let (stream, on) = (batch(200 + u128::from(random.below(40))), random.day());
        let mut people = members(11 + u128::from(random.below(20)), &on, 1 + random.below(9));
        if random.below(4) == 0 {
            people.countable.of = crate::Countee::Member(Membership::YouthUnion);
        }
        let again = LocalDate::to_string(&day(&random.day()));
        let moved = crate::Counted { effective_on: day(&again), ..people.clone() };
        let body = match random.below(5) {
            0 | 1 => EventBody::BatchAdmitted { counted: people },
            2 => EventBody::BatchCorrected { reason: Reason::WrongDate, takes: vec![people], adds: vec![moved] },
            3 => EventBody::BatchCeremonyHeld { counted: what(crate::What::Received, people) },
            _ => {
                let [takes, adds] = [people, moved].map(|counted| vec![what(crate::What::Received, counted)]);
                EventBody::BatchCorrected { reason: Reason::WrongDate, takes, adds }
            }
        };
        world.post(stream, body);
    }
}

/// Loaded year by year from what a store keeps.
fn loaded(facts: &Facts) -> Facts {
    let mut loaded = Facts::default();
    for (year, _) in facts.partitions() {
        facts.tail(year).for_each(|row| loaded.push_row(&row).unwrap());
    }
    loaded.advance(facts.position());
    loaded
}

#[test]
fn the_received_are_those_of_a_join_by_streams() {
    let mut received = 0;
    each_ledger(0xce4e, |mut world, random| {
        ceremonies(&mut world, random);
        let mut folded_again = world.facts.clone();
        let mark = folded_again.mark();
        let mut more = world.clone();
        ceremonies(&mut more, random);
        for (at, stream, events) in &more.log[world.log.len()..] {
            events.iter().for_each(|event| folded_again.fold(*at, *stream, event));
        }
        folded_again.rewind(&mark);
        for facts in [&world.facts, &loaded(&world.facts), &folded_again] {
            for _ in 0..12 {
                let known = Some(Position(u64::from(random.below(u32::try_from(world.at.0).unwrap()))));
                let year = ["2022", "2023"][random.below(2) as usize];
                let query = TallyQuery { known, valid: day(&random.day()), ..world.query(year) };
                let question = Question::new(&world.reference, &query).unwrap();
                let sources = [facts];
                let asked = question.asked(&sources);
                let until = day(&random.day());
                for measure in question.measures.iter().filter(|measure| measure.key.as_str() == PARTY_MEMBER) {
                    let mut kept = asked.received(&[&measure.rule], until).remove(0);
                    let mut joined = asked.received_by_stream(&measure.rule, until);
                    kept.retain(|_, n| *n != 0);
                    joined.retain(|_, n| *n != 0);
                    assert_eq!(kept, joined, "{year} until {until}");
                    received += kept.values().sum::<i64>();
                }
            }
        }
    });
    assert!(received > 100, "only {received} were received");
}
