//! Percentages as exact fractions, printed by a named rule. No floats; what somebody else printed is matched, never re-derived.

use std::{cmp::Ordering, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// `actual` of `plan`, exactly. There is no ratio to a plan of 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio {
    actual: i64,
    plan: u64,
}

/// What is done with the digits that are not printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rounding {
    /// Half away from zero.
    HalfUp,
    /// Cut off.
    Truncated,
    /// Half to the even digit.
    HalfEven,
}

/// A named rule, written `half-up/1`: how, and to how many decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PercentRule {
    pub rounding: Rounding,
    /// 0 to [`DECIMALS_MAX`].
    pub decimals: u8,
}

/// More decimals are never printed.
pub const DECIMALS_MAX: u8 = 12;

/// The rule of our own pages.
pub const OWN_RULE: PercentRule = PercentRule { rounding: Rounding::HalfUp, decimals: 1 };

impl Ratio {
    /// `None` for a plan of 0.
    pub fn new(actual: i64, plan: u64) -> Option<Self> {
        (plan > 0).then_some(Self { actual, plan })
    }

    pub fn actual(self) -> i64 {
        self.actual
    }

    pub fn plan(self) -> u64 {
        self.plan
    }

    /// Exactly 100 % is `Equal`.
    fn against_whole(self) -> Ordering {
        i128::from(self.actual).cmp(&i128::from(self.plan))
    }

    /// The percentage in units of the last decimal, rounded.
    fn scaled(self, rule: PercentRule) -> i128 {
        let scale = 10_i128.pow(2 + u32::from(rule.decimals.min(DECIMALS_MAX)));
        let (numerator, plan) = (i128::from(self.actual) * scale, i128::from(self.plan));
        let (whole, rest) = (numerator / plan, (numerator % plan).abs());
        let away = if numerator < 0 { -1 } else { 1 };
        match (rule.rounding, (2 * rest).cmp(&plan)) {
            (Rounding::Truncated, _) | (_, Ordering::Less) => whole,
            (Rounding::HalfEven, Ordering::Equal) if whole % 2 == 0 => whole,
            _ => whole + away,
        }
    }
}

/// The percentage as Vietnamese text without its sign: `128,3`. A minus is `−`; zero has none.
pub fn printed(ratio: Ratio, rule: PercentRule) -> String {
    let decimals = rule.decimals.min(DECIMALS_MAX);
    let scaled = ratio.scaled(rule);
    let sign = if scaled < 0 { "−" } else { "" };
    let unit = 10_u128.pow(u32::from(decimals));
    let (whole, rest) = (scaled.unsigned_abs() / unit, scaled.unsigned_abs() % unit);
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole},{rest:0width$}", width = decimals.into())
    }
}

/// As our own pages print it: half-up to one decimal, and with more decimals where it would otherwise stand on the wrong side of 100.
pub fn own(ratio: Ratio) -> (String, PercentRule) {
    let faithful = |rule: &PercentRule| {
        let whole = 10_i128.pow(2 + u32::from(rule.decimals));
        ratio.scaled(*rule).cmp(&whole) == ratio.against_whole()
    };
    let rule = own_rule(faithful);
    (printed(ratio, rule), rule)
}

/// Our own rule, to as many decimals as it takes to be faithful.
fn own_rule(faithful: impl Fn(&PercentRule) -> bool) -> PercentRule {
    let mut rules = (OWN_RULE.decimals..=DECIMALS_MAX).map(|decimals| PercentRule { decimals, ..OWN_RULE });
    rules.find(faithful).unwrap_or(PercentRule { decimals: DECIMALS_MAX, ..OWN_RULE })
}

/// The named rules by which `ratio` prints as `text`, such as `117,07`, to the decimals that it has; none when it cannot follow from it.
/// Half-even is named only where it tells more than half-up, which is at a tie.
pub fn rules_that_give(text: &str, ratio: Ratio) -> Vec<PercentRule> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let gives = |rounding, decimals| {
        let rule = PercentRule { rounding, decimals };
        (printed(ratio, rule) == text).then_some(rule)
    };
    let Ok(decimals) = u8::try_from(text.split_once(',').map_or(0, |(_, rest)| rest.len())) else { return Vec::new() };
    let half_up = gives(Rounding::HalfUp, decimals);
    let half_even = half_up.map_or_else(|| gives(Rounding::HalfEven, decimals), |_| None);
    [half_up, gives(Rounding::Truncated, decimals), half_even].into_iter().flatten().collect()
}

/// The change from `base` to `now` in percent, with its sign: `+11,1`, `−9,1`, `0,0`; half-up to one decimal, and with more decimals where
/// a change would otherwise look like none. `None` against a base of 0 or less.
pub fn change_by(now: i64, base: i64) -> Option<(String, PercentRule)> {
    let ratio = Ratio::new(now.saturating_sub(base), u64::try_from(base).ok()?)?;
    let rule = own_rule(|rule| ratio.scaled(*rule).signum() == i128::from(ratio.actual.signum()));
    let text = printed(ratio, rule);
    Some((if ratio.actual > 0 { format!("+{text}") } else { text }, rule))
}

/// The same as it is printed: `–` where there is none.
pub fn change(now: i64, base: i64) -> String {
    change_by(now, base).map_or_else(|| "–".to_owned(), |(text, _)| text)
}

impl fmt::Display for PercentRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.rounding.word(), self.decimals)
    }
}

impl Rounding {
    const fn word(self) -> &'static str {
        match self {
            Self::HalfUp => "half-up",
            Self::Truncated => "truncated",
            Self::HalfEven => "half-even",
        }
    }
}

/// Text that names no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no rule: write half-up/n, truncated/n or half-even/n, n from 0 to 12")]
pub struct PercentRuleError(String);

impl FromStr for PercentRule {
    type Err = PercentRuleError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || PercentRuleError(text.to_owned());
        let (word, decimals) = text.split_once('/').ok_or_else(wrong)?;
        let known = [Rounding::HalfUp, Rounding::Truncated, Rounding::HalfEven];
        let rounding = known.into_iter().find(|rounding| rounding.word() == word).ok_or_else(wrong)?;
        let decimals = decimals.parse().ok().filter(|n| *n <= DECIMALS_MAX).ok_or_else(wrong)?;
        Ok(Self { rounding, decimals })
    }
}

impl Serialize for PercentRule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PercentRule {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};

    impl utoipa::PartialSchema for super::PercentRule {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some("How a percentage is printed: half-up/n, truncated/n or half-even/n, n decimals."))
                .into()
        }
    }
    impl utoipa::ToSchema for super::PercentRule {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(actual: i64, plan: u64) -> Ratio {
        Ratio::new(actual, plan).unwrap()
    }

    fn found(text: &str, actual: i64, plan: u64) -> Vec<String> {
        rules_that_give(text, ratio(actual, plan)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn our_own_pages_print_half_up_to_one_decimal() {
        for (actual, plan, text) in [
            (47, 42, "111,9"),
            (174, 141, "123,4"),
            (48, 41, "117,1"),
            (449, 350, "128,3"),
            (1071, 444, "241,2"),
            (40, 42, "95,2"),
            (1920, 1950, "98,5"),
            (1920, 1905, "100,8"),
            (8, 10, "80,0"),
            (42, 42, "100,0"),
            (0, 3, "0,0"),
        ] {
            assert_eq!(own(ratio(actual, plan)), (text.to_owned(), OWN_RULE), "{actual}/{plan}");
        }
    }

    #[test]
    fn decimals_are_added_until_it_stands_on_the_right_side_of_100() {
        for (actual, plan, text, rule) in [
            (2499, 2500, "99,96", "half-up/2"),
            (2501, 2500, "100,04", "half-up/2"),
            (99_999, 100_000, "99,999", "half-up/3"),
        ] {
            let (printed, used) = own(ratio(actual, plan));
            assert_eq!((printed.as_str(), used.to_string().as_str()), (text, rule));
        }
    }

    #[test]
    fn the_rules_behind_the_five_percentages_of_the_source_are_found() {
        assert_eq!(found("111,9", 47, 42), ["half-up/1", "truncated/1"]);
        assert_eq!(found("123,4", 174, 141), ["half-up/1", "truncated/1"]);
        assert_eq!(found("117,07", 48, 41), ["half-up/2", "truncated/2"]);
        assert_eq!(found("128,3", 449, 350), ["half-up/1"]);
        assert_eq!(found("241,21", 1071, 444), ["truncated/2"]);
    }

    #[test]
    fn a_figure_that_cannot_follow_is_given_by_no_rule() {
        assert!(found("90,2", 2610, 2819).is_empty());
        assert_eq!(found("92,59", 2610, 2819), ["half-up/2"]);
    }

    #[test]
    fn half_even_is_named_only_at_a_tie() {
        assert_eq!(found("12,2", 49, 400), ["truncated/1", "half-even/1"]);
        assert_eq!(found("12,3", 49, 400), ["half-up/1"]);
    }

    #[test]
    fn a_change_has_a_sign_and_none_against_nothing() {
        assert_eq!(change(20, 18), "+11,1");
        assert_eq!(change(20, 22), "−9,1");
        assert_eq!(change(20, 20), "0,0");
        assert_eq!(change(20, 0), "–");
        assert_eq!(change(20, -3), "–");
        assert_eq!(change(0, 8), "−100,0");
        assert_eq!(change(-4, 8), "−150,0");
        assert_eq!((change(2501, 2500), change(2499, 2500)), ("+0,04".to_owned(), "−0,04".to_owned()));
    }

    #[test]
    fn a_rule_is_written_and_read_by_its_name() {
        for text in ["half-up/1", "truncated/2", "half-even/0"] {
            assert_eq!(text.parse::<PercentRule>().map(|rule| rule.to_string()), Ok(text.to_owned()));
        }
        for wrong in ["half-up", "half-up/13", "nearest/1", "half-up/-1"] {
            assert!(wrong.parse::<PercentRule>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        assert_eq!(printed(ratio(i64::MAX, 1), PercentRule { decimals: DECIMALS_MAX, ..OWN_RULE }).len(), 34);
        assert_eq!(printed(ratio(-3, 2), OWN_RULE), "−150,0");
    }
}
