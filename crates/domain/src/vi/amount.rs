//! Amounts with the word that softens them: "gần 200", "từ 190 đến 200", "2.200 trở lên".

use serde::Serialize;

use super::{NoFigure, read_count};
use crate::text::comparison_key;

/// How a printed amount is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// "gần": a little less.
    Nearly,
    /// "trên", "hơn": a little more.
    Over,
    /// "ít nhất", "trở lên".
    AtLeast,
    /// "không quá", "trở xuống".
    AtMost,
    /// "khoảng": a little less or more.
    About,
}

/// A printed amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    Exactly(u32),
    Qualified(Qualifier, u32),
    /// Both ends included, the first not above the last.
    Between(u32, u32),
}

/// Words that stand before an amount, longest first where one begins another.
const BEFORE: &[(&str, Qualifier)] = &[
    ("không dưới", Qualifier::AtLeast),
    ("không quá", Qualifier::AtMost),
    ("ít nhất", Qualifier::AtLeast),
    ("tối thiểu", Qualifier::AtLeast),
    ("tối đa", Qualifier::AtMost),
    ("xấp xỉ", Qualifier::About),
    ("khoảng", Qualifier::About),
    ("chừng", Qualifier::About),
    ("gần", Qualifier::Nearly),
    ("trên", Qualifier::Over),
    ("hơn", Qualifier::Over),
];
/// Words that stand after it.
const AFTER: &[(&str, Qualifier)] = &[("trở lên", Qualifier::AtLeast), ("trở xuống", Qualifier::AtMost)];
/// "A little" is up to a tenth of what is printed. The texts do not say how much; this is our reading.
const A_LITTLE: i128 = 10;

impl Qualifier {
    /// The words at the end of `text` that qualify what follows, and where they begin, in bytes.
    pub fn ending(text: &str) -> Option<(Self, usize)> {
        BEFORE.iter().find_map(|(words, qualifier)| {
            let start = last_words(text, words.split(' ').count())?;
            (comparison_key(&text[start..]) == comparison_key(words)).then_some((*qualifier, start))
        })
    }

    /// The words at the beginning of `text` that qualify what stands before, and where they end, in bytes.
    pub fn beginning(text: &str) -> Option<(Self, usize)> {
        AFTER.iter().find_map(|(words, qualifier)| {
            let end = first_words(text, words.split(' ').count())?;
            (comparison_key(&text[..end]) == comparison_key(words)).then_some((*qualifier, end))
        })
    }

    /// Whether the exact fraction `numerator/denominator` may be printed as this of `printed`. The denominator is positive.
    pub fn admits(self, numerator: i128, denominator: i128, printed: i128) -> bool {
        let (is, said) = (numerator, printed * denominator);
        let near = (is - said).abs() * A_LITTLE <= said.abs();
        match self {
            Self::Nearly => is < said && near,
            Self::Over => is > said && near,
            Self::About => near,
            Self::AtLeast => is >= said,
            Self::AtMost => is <= said,
        }
    }
}

impl Amount {
    /// The number that is printed; of a range its lower end.
    pub const fn number(self) -> u32 {
        match self {
            Self::Exactly(n) | Self::Qualified(_, n) | Self::Between(n, _) => n,
        }
    }

    /// Whether an exact count may be printed as this amount.
    pub fn admits(self, count: i64) -> bool {
        match self {
            Self::Exactly(n) => count == i64::from(n),
            Self::Qualified(qualifier, n) => qualifier.admits(count.into(), 1, n.into()),
            Self::Between(from, to) => (i64::from(from)..=i64::from(to)).contains(&count),
        }
    }
}

/// Reads a count with or without its qualifier: `gần 200`, `từ 190 đến 200`, `190-200`, `2.200 trở lên`.
///
/// # Errors
/// [`NoFigure`] of the digits in it; other words than those of a qualifier hold no digits.
pub fn read_amount(text: &str) -> Result<Amount, NoFigure> {
    let text = text.trim();
    if let Some((from, to)) = range_of(text) {
        return match (read_count(from)?, read_count(to)?) {
            (from, to) if from <= to => Ok(Amount::Between(from, to)),
            _ => Err(NoFigure::Ambiguous),
        };
    }
    let first = text.find(|c: char| c.is_ascii_digit()).ok_or(NoFigure::NoDigits)?;
    let after_digits = text.rfind(|c: char| c.is_ascii_digit()).map_or(first, |last| last + 1);
    let count = read_count(&text[first..after_digits]);
    match (text[..first].trim(), text[after_digits..].trim()) {
        ("", "") => count.map(Amount::Exactly),
        (before, "") => match Qualifier::ending(before) {
            Some((qualifier, 0)) => Ok(Amount::Qualified(qualifier, count?)),
            _ => Err(NoFigure::NoDigits),
        },
        ("", after) => match Qualifier::beginning(after) {
            Some((qualifier, end)) if end == after.len() => Ok(Amount::Qualified(qualifier, count?)),
            _ => Err(NoFigure::NoDigits),
        },
        _ => Err(NoFigure::NoDigits),
    }
}

/// `từ a đến b`, `a đến b`, `a-b`.
fn range_of(text: &str) -> Option<(&str, &str)> {
    if let Some(parts) = text.split_once(['-', '–']) {
        return Some((parts.0.trim(), parts.1.trim()));
    }
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let is = |word: &str, said: &str| comparison_key(word) == comparison_key(said);
    match words[..] {
        [from, until, to] if is(until, "đến") => Some((from, to)),
        [begin, from, until, to] if is(begin, "từ") && is(until, "đến") => Some((from, to)),
        _ => None,
    }
}

/// Where the last `n` words begin.
fn last_words(text: &str, n: usize) -> Option<usize> {
    let starts = text.split_whitespace().rev().take(n);
    starts.last().filter(|_| text.split_whitespace().count() >= n).map(|word| offset(text, word))
}

/// Where the first `n` words end.
fn first_words(text: &str, n: usize) -> Option<usize> {
    text.split_whitespace().nth(n - 1).map(|word| offset(text, word) + word.len())
}

/// Where `part`, a slice of `whole`, begins in it.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr().addr() - whole.as_ptr().addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qualifier_stays_with_its_number() {
        use Qualifier::*;
        for (text, amount) in [
            ("200", Amount::Exactly(200)),
            ("gần 200", Amount::Qualified(Nearly, 200)),
            ("trên 1.000", Amount::Qualified(Over, 1_000)),
            ("Hơn 30", Amount::Qualified(Over, 30)),
            ("ít nhất 25", Amount::Qualified(AtLeast, 25)),
            ("khoảng  40", Amount::Qualified(About, 40)),
            ("2.200 trở lên", Amount::Qualified(AtLeast, 2_200)),
            ("từ 190 đến 200", Amount::Between(190, 200)),
            ("190 – 200", Amount::Between(190, 200)),
            ("190-200", Amount::Between(190, 200)),
        ] {
            assert_eq!(read_amount(text), Ok(amount), "{text}");
        }
    }

    #[test]
    fn other_words_and_ranges_that_run_backwards_are_no_amount() {
        for (text, why) in [
            ("gần", NoFigure::NoDigits),
            ("đủ 200", NoFigure::NoDigits),
            ("200 đảng viên", NoFigure::NoDigits),
            ("gần 1,071", NoFigure::Ambiguous),
            ("200-190", NoFigure::Ambiguous),
        ] {
            assert_eq!(read_amount(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_qualified_amount_admits_what_lies_on_its_side() {
        let amount = |text| read_amount(text).unwrap();
        for (text, yes, no) in [
            ("gần 450", vec![449, 405], vec![450, 451, 300]),
            ("trên 440", vec![441, 449], vec![440, 430, 900]),
            ("khoảng 450", vec![449, 450, 460], vec![350]),
            ("ít nhất 25", vec![25, 100], vec![24]),
            ("từ 190 đến 200", vec![190, 195, 200], vec![189, 201]),
            ("449", vec![449], vec![448]),
        ] {
            assert!(yes.iter().all(|n| amount(text).admits(*n)), "{text}");
            assert!(!no.iter().any(|n| amount(text).admits(*n)), "{text}");
        }
    }
}
