//! What is passed over because it counts alike changes nothing: the same differences as of both questions counted whole.

use std::collections::BTreeMap;

use super::properties::{each_ledger, queries};
use crate::{
    Position,
    fold::{
        TallyQuery,
        compared::{Changed, Pair, TakingBack},
        tally::Question,
    },
};

/// What all lines of one row, record and happening add.
fn summed(each: impl FnOnce(&mut dyn FnMut(Changed))) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    each(&mut |changed| {
        let Changed { row, position, what, n, in_both } = changed;
        *sums.entry(format!("{position} {row} {what:?} {in_both:?}")).or_default() += n;
    });
    sums.retain(|_, n| *n != 0);
    sums
}

#[test]
fn the_changes_are_those_of_both_states_counted_whole() {
    let (mut compared, mut differing) = (0, 0);
    each_ledger(0xc0de, |world, random| {
        for later in queries(&world, random) {
            let mut position = || Position(1 + u64::from(random.below(u32::try_from(world.at.0).unwrap())));
            let (one, two) = (position(), position());
            let states = [one.min(two), one.max(two)].map(|known| (world.until(known), known));
            let valid = queries(&world, random).remove(0).valid;
            let queries = [
                TallyQuery { known: Some(states[0].1), valid, ..later.clone() },
                TallyQuery { known: Some(states[1].1), ..later.clone() },
            ];
            let question = |n: usize| Question::new(&states[n].0.reference, &queries[n]);
            let (Ok(earlier), Ok(later)) = (question(0), question(1)) else { continue };
            for of_later in &later.measures {
                let of_earlier = earlier.measures.iter().find(|measure| measure.key == of_later.key);
                let pair = Pair { earlier: &earlier, later: &later, of_earlier, of_later };
                let quick = summed(|take| pair.each(&world.facts, take));
                assert_eq!(quick, summed(|take| pair.each_of_both(&world.facts, take)), "{}", of_later.key);
                compared += 1;
                differing += usize::from(!quick.is_empty());
            }
        }
    });
    assert!(differing > compared / 2, "{differing} of {compared} differ");
}

#[test]
fn the_records_that_take_something_back_are_found_in_any_order_of_asking() {
    each_ledger(0x7ba0, |world, random| {
        let known = Position(1 + u64::from(random.below(u32::try_from(world.at.0).unwrap())));
        let mut found = TakingBack::up_to(&world.facts, Some(known));
        let plain = |at| world.facts.iter().any(|fact| fact.position == at && fact.n < 0) && at <= known;
        for _ in 0..200 {
            let at = Position(u64::from(random.below(u32::try_from(world.at.0).unwrap())));
            assert_eq!(found.contains(at), plain(at), "{at} of {known}");
        }
    });
}
