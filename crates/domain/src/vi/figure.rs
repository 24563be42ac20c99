//! Digits as a document prints them: counts and decimals. What could be read in two ways is refused, not guessed.

use std::{cmp::Ordering, fmt};

use serde::{Serialize, Serializer};

use super::parse_count;
use crate::percent::DECIMALS_MAX;

/// Why digits are no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoFigure {
    #[error("it can be read as a grouped number and as a decimal")]
    Ambiguous,
    #[error("a count has no decimals")]
    Decimals,
    #[error("its groups are not of three digits")]
    Grouping,
    #[error("it is too large")]
    TooLarge,
    #[error("it holds no digits")]
    NoDigits,
}

/// A decimal number exactly as printed: 111,9 is 1119 with one decimal, and 111,90 is another text of the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// In units of the last decimal.
    pub units: u64,
    /// 0 to [`DECIMALS_MAX`].
    pub decimals: u8,
}

/// A count in running text: `1071`, `1.071`, `1 071` with a space that does not break. `1,071` is refused, for elsewhere it is a decimal.
///
/// # Errors
/// [`NoFigure`] says why it is no count.
pub fn read_count(text: &str) -> Result<u32, NoFigure> {
    let text = grouped_by_points(text);
    if let Some(count) = parse_count(&text) {
        return Ok(count);
    }
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    if !groups.iter().all(|group| is_digits(group)) {
        return Err(NoFigure::NoDigits);
    }
    let thousands = groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3);
    Err(match (text.contains(','), thousands) {
        (true, true) => NoFigure::Ambiguous,
        (true, false) => NoFigure::Decimals,
        (false, false) if groups.len() > 1 => NoFigure::Grouping,
        _ => NoFigure::TooLarge,
    })
}

/// A decimal in running text: `111,9`, `1.071,5`, `100`. A point before one or two digits is taken for a comma; `1.071` is refused, for it may be either.
///
/// # Errors
/// [`NoFigure`] says why it is no decimal.
pub fn read_decimal(text: &str) -> Result<Decimal, NoFigure> {
    let text = grouped_by_points(text);
    let (whole, rest) = match (text.split_once(','), text.rsplit_once('.')) {
        (Some(parts), _) => parts,
        (None, Some((whole, rest))) if !whole.contains('.') && rest.len() < 3 => (whole, rest),
        (None, Some((whole, _))) if !whole.contains('.') && whole.len() <= 3 => return Err(NoFigure::Ambiguous),
        (None, _) => (text.as_str(), ""),
    };
    let whole = read_count(whole)?;
    if rest.is_empty() && text.contains(',') || !rest.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NoFigure::Grouping);
    }
    let decimals = u8::try_from(rest.len()).ok().filter(|n| *n <= DECIMALS_MAX).ok_or(NoFigure::TooLarge)?;
    let units = format!("{whole}{rest}").parse().map_err(|_| NoFigure::TooLarge)?;
    Ok(Decimal { units, decimals })
}

/// Documents also group by a space that does not break.
fn grouped_by_points(text: &str) -> String {
    text.trim().replace(['\u{a0}', '\u{202f}', '\u{2009}'], ".")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

impl Decimal {
    /// Against `numerator/denominator`, exactly. The denominator is positive.
    pub fn against(self, numerator: i128, denominator: i128) -> Ordering {
        let scale = 10_i128.pow(u32::from(self.decimals));
        (i128::from(self.units) * denominator).cmp(&(numerator * scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u64.pow(u32::from(self.decimals));
        match self.decimals {
            0 => write!(f, "{}", self.units),
            decimals => {
                write!(f, "{},{:0width$}", self.units / unit, self.units % unit, width = usize::from(decimals))
            }
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_its_thousands_grouped_by_points_or_not_at_all() {
        for (text, n) in [("1.071", 1_071), ("2492", 2_492), ("1\u{a0}071", 1_071), ("213.724", 213_724), ("05", 5)] {
            assert_eq!(read_count(text), Ok(n), "{text}");
        }
    }

    #[test]
    fn a_count_that_may_be_a_decimal_is_refused() {
        for (text, why) in [
            ("1,071", NoFigure::Ambiguous),
            ("12,5", NoFigure::Decimals),
            ("1.07", NoFigure::Grouping),
            ("2022.16", NoFigure::Grouping),
            ("99999999999", NoFigure::TooLarge),
            ("", NoFigure::NoDigits),
            ("1.", NoFigure::NoDigits),
        ] {
            assert_eq!(read_count(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_decimal_keeps_the_decimals_that_are_printed() {
        for (text, printed) in [
            ("111,9", "111,9"),
            ("111,90", "111,90"),
            ("100", "100"),
            ("1.071,5", "1071,5"),
            ("123.4", "123,4"),
            ("0,05", "0,05"),
            ("12,345", "12,345"),
            ("1.071.000", "1071000"),
        ] {
            assert_eq!(read_decimal(text).map(|decimal| decimal.to_string()), Ok(printed.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_decimal_that_may_be_a_count_is_refused() {
        for (text, why) in [
            ("1.071", NoFigure::Ambiguous),
            ("1,2,3", NoFigure::Grouping),
            ("5,", NoFigure::Grouping),
            ("1,1234567890123", NoFigure::TooLarge),
            ("4000000000,123456789012", NoFigure::TooLarge),
        ] {
            assert_eq!(read_decimal(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_decimal_is_held_against_a_fraction_exactly() {
        let printed = |text| read_decimal(text).unwrap();
        assert_eq!(printed("11,7").against(600, 51), Ordering::Less);
        assert_eq!(printed("12,5").against(100, 8), Ordering::Equal);
        assert_eq!(printed("12,50").against(100, 8), Ordering::Equal);
        assert_eq!(printed("12,6").against(100, 8), Ordering::Greater);
    }
}
