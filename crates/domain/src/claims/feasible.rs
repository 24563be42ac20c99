//! Whether k of n can be true beside the whole's actual and plan, over every way in which units could make them.

/// What is said of how units stand; what is not said is free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stands {
    pub n: Option<u32>,
    /// Exceeded ones included.
    pub met: Option<u32>,
    pub exceeded: Option<u32>,
    /// At least so many have not met.
    pub missed: Option<u32>,
}

/// Whether n units with plans of at least 1 each can sum to `plan` and `actual` and stand as is said.
///
/// Exceeded units bring a surplus of at least 1 each. Missed units take from it: at least 1 each, and at most their plans, which is what the plans
/// of the others leave, at least 1 each.
pub fn is_feasible(stands: Stands, actual: u32, plan: u32) -> bool {
    let (actual, plan) = (i64::from(actual), i64::from(plan));
    let missed = i64::from(stands.missed.unwrap_or(0));
    let said_met = stands.met.map(i64::from);
    let said_exceeded = stands.exceeded.map(i64::from);
    let least = said_met.unwrap_or(0).max(said_exceeded.unwrap_or(0)) + missed;
    // One unit more than the least is as good as many: it may be the one that missed.
    let ns = stands.n.map_or_else(|| vec![least.max(1), least + 1], |n| vec![i64::from(n)]);
    ns.into_iter().any(|n| {
        exceeded_to_try(said_exceeded).any(|exceeded| {
            met_to_try(said_met, n, missed, exceeded, plan - actual, plan).any(|met| {
                let sound = exceeded <= met && met + missed <= n;
                sound && has_room(Split { n, met, exceeded }, actual, plan)
            })
        })
    })
}

/// A surplus large enough for many is large enough for one.
fn exceeded_to_try(said: Option<i64>) -> impl Iterator<Item = i64> {
    said.map_or(0..2, |exceeded| exceeded..exceeded + 1)
}

/// The ends of the range, and between them where the missed units fill their plans.
fn met_to_try(
    said: Option<i64>,
    n: i64,
    missed: i64,
    exceeded: i64,
    shortfall: i64,
    plan: i64,
) -> impl Iterator<Item = i64> {
    let all = n - missed;
    let filled = (n - (shortfall - plan + n)).clamp(exceeded.min(all), all);
    let free = [exceeded, filled, all, (n - shortfall).clamp(exceeded.min(all), all)];
    said.map_or_else(|| free.to_vec(), |met| vec![met]).into_iter()
}

struct Split {
    n: i64,
    met: i64,
    exceeded: i64,
}

fn has_room(Split { n, met, exceeded }: Split, actual: i64, plan: i64) -> bool {
    let missed = n - met;
    let (shortfall_min, shortfall_max) = if missed == 0 { (0, 0) } else { (missed, plan - met) };
    let surplus = actual - plan;
    if plan < n {
        return false;
    }
    if exceeded == 0 {
        return (shortfall_min..=shortfall_max).contains(&-surplus);
    }
    surplus + shortfall_max >= exceeded
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn said(n: u32, met: u32, exceeded: u32) -> Stands {
        Stands { n: Some(n), met: Some(met), exceeded: Some(exceeded), missed: None }
    }

    #[test]
    fn a_surplus_of_five_has_no_room_for_six_that_exceed_unless_one_missed() {
        assert!(is_feasible(said(16, 16, 4), 47, 42));
        assert!(is_feasible(said(16, 16, 5), 47, 42));
        assert!(!is_feasible(said(16, 16, 6), 47, 42));
        assert!(is_feasible(said(16, 15, 6), 47, 42));
        assert!(is_feasible(said(16, 15, 5), 48, 41));
        assert!(is_feasible(said(16, 16, 10), 449, 350));
        assert!(is_feasible(Stands { exceeded: Some(6), ..Stands::default() }, 174, 141));
    }

    #[test]
    fn a_surplus_needs_somebody_who_exceeds_and_a_shortfall_somebody_who_missed() {
        assert!(!is_feasible(said(16, 16, 0), 47, 42));
        assert!(!is_feasible(said(16, 16, 0), 41, 42));
        assert!(is_feasible(said(16, 16, 0), 42, 42));
        assert!(is_feasible(said(16, 15, 0), 41, 42));
        assert!(!is_feasible(said(3, 1, 0), 5, 6), "two that missed lack at least two");
        assert!(!is_feasible(said(16, 0, 0), 5, 15), "sixteen plans of at least one");
    }

    /// Actual and plan of each unit.
    type Units = Vec<(u32, u32)>;

    fn lists(n: usize, plan_max: u32, actual_max: u32) -> Vec<Units> {
        (0..n).fold(vec![Vec::new()], |lists, _| {
            let one = |list: &Units| {
                let units = (1..=plan_max).flat_map(|plan| (0..=actual_max).map(move |actual| (actual, plan)));
                units.map(|unit| [list.clone(), vec![unit]].concat()).collect::<Vec<_>>()
            };
            lists.iter().flat_map(one).collect()
        })
    }

    /// n, met, exceeded, actual, plan.
    fn summed(units: &Units) -> (u32, u32, u32, u32, u32) {
        let count = |is: fn(&&(u32, u32)) -> bool| u32::try_from(units.iter().filter(is).count()).unwrap();
        let (actual, plan) = units.iter().fold((0, 0), |sum, unit| (sum.0 + unit.0, sum.1 + unit.1));
        (count(|_| true), count(|(actual, plan)| actual >= plan), count(|(actual, plan)| actual > plan), actual, plan)
    }

    #[test]
    fn it_is_feasible_exactly_when_some_list_of_units_makes_it() {
        // No unit of a list can have more than the whole, and none a plan above what the others leave.
        const ACTUAL_MAX: u32 = 5;
        let made: BTreeSet<_> = (1..=3).flat_map(|n| lists(n, 4, ACTUAL_MAX)).map(|units| summed(&units)).collect();
        let options = |max: u32| (0..=max).map(Some).chain([None]);
        for n in 1..=3_u32 {
            for (actual, plan) in (0..=ACTUAL_MAX).flat_map(|actual| (n..=n + 3).map(move |plan| (actual, plan))) {
                for (met, exceeded) in options(n).flat_map(|met| options(n).map(move |exceeded| (met, exceeded))) {
                    for missed in options(n) {
                        let stands = Stands { n: Some(n), met, exceeded, missed };
                        let is = |made: &&(u32, u32, u32, u32, u32)| {
                            let fits = |said: Option<u32>, is: u32| said.is_none_or(|said| said == is);
                            (made.0, made.3, made.4) == (n, actual, plan)
                                && fits(met, made.1)
                                && fits(exceeded, made.2)
                                && missed.is_none_or(|missed| n - made.1 >= missed)
                        };
                        assert_eq!(
                            is_feasible(stands, actual, plan),
                            made.iter().any(|made| is(&made)),
                            "{stands:?} {actual}/{plan}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn without_n_it_is_feasible_exactly_when_it_is_for_some_n() {
        let options = |max: u32| (0..=max).map(Some).chain([None]);
        for (actual, plan) in (0..=8).flat_map(|actual| (1..=6).map(move |plan| (actual, plan))) {
            for (met, exceeded) in options(4).flat_map(|met| options(4).map(move |exceeded| (met, exceeded))) {
                for missed in options(2) {
                    let stands = Stands { n: None, met, exceeded, missed };
                    let some = (1..=12).any(|n| is_feasible(Stands { n: Some(n), ..stands }, actual, plan));
                    assert_eq!(is_feasible(stands, actual, plan), some, "{stands:?} {actual}/{plan}");
                }
            }
        }
    }

    proptest! {
        #![proptest_config(crate::properties::config())]

        #[test]
        fn nothing_that_is_true_of_units_is_refused(
            units in prop::collection::vec((0..60_u32, 1..40_u32), 1..20),
            told in prop::array::uniform4(any::<bool>()),
        ) {
            let (n, met, exceeded, actual, plan) = summed(&units);
            let [says_n, says_met, says_exceeded, says_missed] = told;
            let stands = Stands {
                n: says_n.then_some(n),
                met: says_met.then_some(met),
                exceeded: says_exceeded.then_some(exceeded),
                missed: says_missed.then_some(n - met),
            };
            prop_assert!(is_feasible(stands, actual, plan), "{:?} {}/{}", stands, actual, plan);
        }
    }
}
