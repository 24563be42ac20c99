//! Codes that pass from one unit to another, as stories, and the property that on a day a code means one unit.

use super::*;
use crate::{
    Refusal,
    programme::samples::create,
    scenario::{Dice, Given, day, given, unit},
    structure::lineage_tests::{change, end},
};

fn coded(n: u128, code: Option<&str>, from: &str) -> StructureChange {
    let code = code.map(str::to_owned);
    StructureChange::CreateUnit(CreateUnit { from: day(from), code, ..create(n, &format!("Phường {n}"), None) })
}

fn code(n: u128, code: Option<&str>, from: &str) -> StructureChange {
    StructureChange::AssignCode(AssignCode { unit: unit(n), code: code.map(str::to_owned), from: day(from) })
}

/// Wards 1 and 2 since 2010, with the codes A and B.
fn two() -> Given {
    given().then(&change([coded(1, Some("A"), "2010-01-01"), coded(2, Some("B"), "2010-01-01")]))
}

fn on(given: &Given, code: &str, on: &str) -> Vec<UnitId> {
    given.reference.structure.find(code, day(on))
}

fn taken(by: u128, on: &str, until: Option<&str>, pointer: &str) -> Refusal {
    Refusal::CodeTaken {
        code: "A".to_owned(),
        unit: unit(by),
        name: format!("Phường {by}"),
        on: day(on),
        until: until.map(day),
        pointer: pointer.to_owned(),
    }
}

#[test]
fn a_code_that_a_unit_has_on_that_day_is_given_to_no_other() {
    let refused = taken(1, "2025-07-01", None, "/changes/0/assign_code/code");
    two().when(&change([code(2, Some("A"), "2025-07-01")])).refuses_with(&refused);
    let refused = taken(1, "2025-07-01", None, "/changes/0/create_unit/code");
    two().when(&change([coded(3, Some(" A "), "2025-07-01")])).refuses_with(&refused);
    let ends = two().then(&change([end(1, "2026-01-01")]));
    let refused = taken(1, "2025-07-01", Some("2026-01-01"), "/changes/0/assign_code/code");
    ends.when(&change([code(2, Some("A"), "2025-07-01")])).refuses_with(&refused);
    assert_eq!(
        refused.text(crate::Lang::En),
        "From 2025-07-01 on the code A is that of Phường 1, until 2025-12-31: end or recode one of the two first, \
         in the same command if you like, or check the code and the day."
    );
    let after = ends.then(&change([code(2, Some("A"), "2026-01-01")]));
    assert_eq!((on(&after, "A", "2025-12-31"), on(&after, "A", "2026-01-01")), (vec![unit(1)], vec![unit(2)]));
}

#[test]
fn a_code_passes_over_within_one_record_whatever_step_comes_first() {
    let steps = [end(1, "2025-07-01"), coded(3, Some("A"), "2025-07-01")];
    let backwards = [steps[1].clone(), steps[0].clone()];
    for steps in [steps, backwards, [code(1, None, "2025-07-01"), coded(3, Some("A"), "2025-07-01")]] {
        let after = two().then(&change(steps));
        assert_eq!((on(&after, "A", "2025-06-30"), on(&after, "A", "2025-07-01")), (vec![unit(1)], vec![unit(3)]));
    }
    let exchanged = two().then(&change([code(1, Some("B"), "2025-07-01"), code(2, Some("A"), "2025-07-01")]));
    assert_eq!((on(&exchanged, "A", "2025-07-01"), on(&exchanged, "B", "2025-07-01")), (vec![unit(2)], vec![unit(1)]));
}

#[test]
fn of_two_steps_that_give_one_code_the_later_is_named() {
    let both = [coded(3, Some("A"), "2025-07-01"), end(1, "2025-07-01"), code(2, Some("A"), "2025-07-01")];
    let refused = taken(3, "2025-07-01", None, "/changes/2/assign_code/code");
    two().when(&change(both)).refuses_with(&refused);
}

#[test]
fn a_code_that_another_unit_will_have_is_free_only_until_then() {
    let later = given().then(&change([coded(1, Some("A"), "2025-07-01")]));
    let refused = taken(1, "2025-07-01", None, "/changes/0/create_unit/code");
    later.when(&change([coded(2, Some("A"), "2010-01-01")])).refuses_with(&refused);
    let before = later.then(&change([coded(2, Some("A"), "2010-01-01"), end(2, "2025-07-01")]));
    assert_eq!((on(&before, "A", "2025-06-30"), on(&before, "A", "2025-07-01")), (vec![unit(2)], vec![unit(1)]));
}

#[test]
fn a_unit_without_a_code_gets_one_on_its_first_day_and_no_second_one() {
    let given = given().then(&change([coded(1, None, "2010-01-01"), code(1, Some("A"), "2010-01-01")]));
    assert_eq!(on(&given, "A", "2010-01-01"), [unit(1)]);
    for again in [Some("C"), None] {
        let again = code(1, again, "2010-01-01");
        given.when(&change([again])).refuses_at("from-too-early", "/changes/0/assign_code/from");
    }
}

#[test]
fn no_series_of_accepted_changes_gives_two_units_one_code_on_a_day() {
    const DAYS: [&str; 4] = ["2010-01-01", "2015-01-01", "2020-01-01", "2025-07-01"];
    let mut dice = Dice::seeded(209);
    let (mut accepted, mut refused) = (0_u32, 0_u32);
    for _ in 0..200 {
        let mut given = given();
        for _ in 0..30 {
            let steps: Vec<_> = (0..=dice.below(2))
                .map(|_| {
                    let (n, from) = (dice.pick(&[1, 2, 3, 4]), dice.pick(&DAYS));
                    let text = dice.pick(&[None, Some("A"), Some("B"), Some("C")]);
                    match dice.below(6) {
                        0 | 1 => coded(n, text, from),
                        2 => end(n, from),
                        _ => code(n, text, from),
                    }
                })
                .collect();
            match given.when(&change(steps.clone())).0 {
                Ok(_) => accepted += 1,
                Err(Refusal::CodeTaken { on: day, code, unit, .. }) => {
                    refused += 1;
                    assert!(!code.is_empty() && DAYS.contains(&day.to_string().as_str()), "{unit}");
                    continue;
                }
                Err(_) => continue,
            }
            given = given.then(&change(steps));
            for on in DAYS.map(day) {
                let codes: Vec<_> = given.reference.structure.units().filter(|unit| unit.exists_on(on)).collect();
                let mut codes: Vec<_> = codes.iter().filter_map(|unit| unit.code_on(on)).collect();
                let all = codes.len();
                codes.sort_unstable();
                codes.dedup();
                assert_eq!(codes.len(), all, "on {on}");
            }
        }
    }
    assert!(accepted > 500 && refused > 100, "{accepted} accepted, {refused} refused");
}
