//! Sealed segments and rows: what a store keeps, and that it comes back.

use super::{properties::Random, world::*};
use crate::{
    Position, Trait,
    fold::{FactRow, Facts, SEGMENT_FACTS, SegmentError, facts_of},
};

/// Facts of 2022 and 2023, `n` in all.
fn facts(n: u32) -> (Facts, u64) {
    let (mut random, seed) = Random::new(0x5e9);
    let mut facts = Facts::default();
    for at in 0..n {
        let credited = 11 + u128::from(random.below(40));
        let on = ["2022-01-01", "2022-12-31", "2023-06-15"][random.below(3) as usize];
        let mut counted = members(credited, on, 1 + random.below(15));
        if random.below(2) == 0 {
            counted.of_which.insert(Trait::Women, random.below(counted.n + 1));
        }
        if random.below(3) == 0 {
            counted.place = Some(format!("{:05}", random.below(60)));
        }
        let event =
            crate::Event { effective_on: counted.effective_on, body: crate::EventBody::BatchAdmitted { counted } };
        facts.fold(Position(u64::from(at) + 1), batch(at.into()), &event);
    }
    (facts, seed)
}

/// What a store keeps of some facts, loaded into new ones.
fn stored_and_loaded(facts: &Facts) -> Facts {
    let mut loaded = Facts::default();
    for (year, _) in facts.partitions() {
        for segment in 0..facts.sealed_segments(year) {
            loaded.load_segment(year, segment, &facts.encode_segment(year, segment).unwrap()).unwrap();
        }
        for row in facts.tail(year) {
            loaded.push_row(&row).unwrap();
        }
    }
    loaded
}

#[test]
fn sealed_segments_and_the_tail_give_the_same_facts_and_the_same_bytes() {
    let (facts, seed) = facts(14_000);
    let loaded = stored_and_loaded(&facts);
    assert_eq!(loaded, facts, "seed {seed}");
    for (year, len) in facts.partitions() {
        assert_eq!(facts.sealed_segments(year), len / SEGMENT_FACTS as u64);
        for segment in 0..facts.sealed_segments(year) {
            assert_eq!(loaded.encode_segment(year, segment), facts.encode_segment(year, segment), "seed {seed}");
        }
    }
}

#[test]
fn a_segment_that_is_not_full_has_no_bytes() {
    let (facts, _) = facts(100);
    assert_eq!(facts.encode_segment(2022, 0), None);
    assert_eq!(facts.tail(2022).count() as u64, facts.len(2022));
}

#[test]
fn a_segment_costs_about_twenty_bytes_a_fact() {
    let (facts, _) = facts(14_000);
    let bytes = facts.encode_segment(2022, 0).unwrap().len();
    assert!(bytes / SEGMENT_FACTS < 32, "{bytes}");
}

#[test]
fn damage_anywhere_is_refused_or_changes_nothing_else() {
    let (facts, seed) = facts(8_000);
    let bytes = facts.encode_segment(2022, 0).unwrap();
    for cut in [0, 1, 2, 50, bytes.len() / 2, bytes.len() - 1] {
        let mut loaded = Facts::default();
        let error = loaded.load_segment(2022, 0, &bytes[..cut]).unwrap_err();
        assert!(matches!(error, SegmentError::Damaged { .. }), "{error}");
        assert_eq!(loaded, Facts::default());
    }
    let (mut random, _) = Random::new(seed);
    for _ in 0..20 {
        let mut damaged = bytes.clone();
        let at = random.below(u32::try_from(bytes.len()).unwrap()) as usize;
        damaged[at] ^= 1 << random.below(8);
        // It may happen to be another valid segment; it must never panic.
        let _ = Facts::default().load_segment(2022, 0, &damaged);
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(Facts::default().load_segment(2022, 0, &longer).is_err());
}

#[test]
fn a_segment_out_of_order_or_of_another_year_is_refused() {
    let (facts, _) = facts(14_000);
    let second = facts.encode_segment(2022, 1).unwrap();
    let mut loaded = Facts::default();
    assert_eq!(
        loaded.load_segment(2022, 1, &second),
        Err(SegmentError::OutOfOrder { year: 2022, segment: 1, loaded: 0 })
    );
    assert!(loaded.load_segment(2022, 0, &second).is_err());
    assert!(loaded.load_segment(2023, 0, &facts.encode_segment(2022, 0).unwrap()).is_err());
}

#[test]
fn a_row_out_of_order_or_with_an_unknown_word_is_refused() {
    let (facts, _) = facts(10);
    let row = facts.rows_from(2022, 0).next().unwrap();
    let mut loaded = Facts::default();
    for wrong in [
        FactRow { number: 1, ..row.clone() },
        FactRow { what: 99, ..row.clone() },
        FactRow { partition: 2023, ..row.clone() },
        FactRow { of_which: "women".to_owned(), ..row.clone() },
        FactRow { unit: vec![1, 2], ..row.clone() },
    ] {
        assert!(loaded.push_row(&wrong).is_err(), "{wrong:?}");
    }
    assert_eq!(loaded.push_row(&FactRow { position: 9, ..row.clone() }), Ok(()));
    assert!(loaded.push_row(&FactRow { number: 1, position: 8, ..row }).is_err());
}

#[test]
fn rewinding_forgets_what_came_after_the_mark() {
    let (all, seed) = facts(10_000);
    let mut facts = Facts::default();
    let (mut random, _) = Random::new(seed);
    let marked = random.below(10_000) as usize;
    for fact in all.iter().take(marked) {
        facts.push(&fact);
    }
    let (mark, before) = (facts.mark(), facts.clone());
    for fact in all.iter().skip(marked) {
        facts.push(&fact);
    }
    facts.rewind(&mark);
    assert_eq!(facts, before, "seed {seed}");
}

#[test]
fn an_event_is_its_facts() {
    let counted = members(11, "2022-03-01", 15);
    let body = crate::EventBody::BatchCorrected {
        reason: crate::Reason::Typo,
        takes: vec![counted.clone()],
        adds: vec![crate::Counted { n: 14, ..counted }],
    };
    let event = crate::Event { effective_on: day("2022-04-01"), body };
    let signed: Vec<_> = facts_of(Position(1), batch(1), &event).map(|fact| fact.n).collect();
    assert_eq!(signed, [-15, 14]);
}

#[test]
fn tails_in_pieces_give_the_same_facts_and_what_is_there_already_is_passed_over() {
    let (facts, seed) = facts(30_000);
    let mut loaded = Facts::default();
    for (year, len) in facts.partitions() {
        let mut from = 0;
        while let Some(tail) = facts.encode_tail(year, from) {
            loaded.load_tail(year, &tail).unwrap();
            from = loaded.len(year);
        }
        assert_eq!(from, len, "seed {seed}");
    }
    assert_eq!(loaded, facts, "seed {seed}");

    let mut behind = Facts::default();
    facts.iter_from(2022, 0).take(1_000).for_each(|fact| behind.push(&fact));
    assert_eq!(behind.load_segment(2022, 0, &facts.encode_segment(2022, 0).unwrap()), Ok(()));
    behind.load_tail(2022, &facts.encode_tail(2022, SEGMENT_FACTS as u64).unwrap()).unwrap();
    assert!(behind.iter().eq(facts.iter_from(2022, 0).take(2 * SEGMENT_FACTS)), "seed {seed}");

    for from in [0, 5, 3 * SEGMENT_FACTS as u64] {
        let tail = facts.encode_tail(2022, from).unwrap();
        assert!(matches!(behind.load_tail(2022, &tail), Err(SegmentError::OutOfOrder { .. })));
        assert!(Facts::default().load_tail(2023, &tail).is_err());
    }
    assert_eq!(facts.encode_tail(2022, facts.len(2022)), None);
}
