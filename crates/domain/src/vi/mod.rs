//! Numbers and dates as Vietnamese documents print them, counts as clerks type them, and text that is no Unicode or was none.

mod amount;
mod figure;
mod legacy;
mod printed_date;
mod syllable;
mod utf8;

pub use amount::{Amount, Qualifier, read_amount};
pub use figure::{Decimal, NoFigure, read_count, read_decimal};
pub use legacy::{Legacy, legacy};
pub use printed_date::{PrintedDate, read_date};
pub use utf8::{Like, NotUtf8, text_of};

use crate::LocalDate;

/// A count with its thousands grouped by a point: `1.071`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut printed = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            printed.push('.');
        }
        printed.push(digit);
    }
    printed
}

/// A difference with its sign: `+4`, `−1`, `0`.
pub fn difference(n: i64) -> String {
    match n {
        0 => "0".to_owned(),
        1.. => format!("+{}", count(n.unsigned_abs())),
        _ => format!("−{}", count(n.unsigned_abs())),
    }
}

/// A count as it may be typed: digits, or digits grouped by points. `1,071`, `gần 200` and a misplaced point are none.
pub fn parse_count(text: &str) -> Option<u32> {
    let text = text.trim();
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if plain(text) {
        return text.parse().ok();
    }
    let mut groups = text.split('.');
    let head = groups.next().filter(|head| plain(head) && head.len() <= 3)?;
    groups
        .try_fold(head.to_owned(), |digits, group| (plain(group) && group.len() == 3).then(|| digits + group))?
        .parse()
        .ok()
}

/// A day in words: `ngày 3 tháng 1 năm 2023`. Days and months below 10 (months below 3) take a leading zero, as in documents.
pub fn date_in_words(day: LocalDate) -> String {
    let month = if day.month() < 3 { format!("{:02}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn thousands_are_grouped_by_points_and_differences_carry_their_sign() {
        assert_eq!([0, 7, 999, 1_071, 12_345_678].map(count), ["0", "7", "999", "1.071", "12.345.678"]);
        assert_eq!([4, 0, -1, -1_071].map(difference), ["+4", "0", "−1", "−1.071"]);
    }

    #[test]
    fn a_typed_count_is_digits_or_digits_grouped_by_points() {
        assert_eq!(
            ["1071", "1.071", " 12 ", "12.345.678"].map(parse_count),
            [Some(1_071), Some(1_071), Some(12), Some(12_345_678)]
        );
        for wrong in ["", "1,071", "gần 200", "1.07", "1071.000", ".100", "1..000", "-1", "+1", "99999999999"] {
            assert_eq!(parse_count(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #![proptest_config(crate::properties::config())]

        #[test]
        fn a_printed_count_is_read_back_and_with_a_comma_it_is_refused(n in 0_u32.., hidden in 1_000_u32..) {
            let printed = count(n.into());
            prop_assert_eq!((parse_count(&printed), read_count(&printed)), (Some(n), Ok(n)));
            prop_assert_eq!((parse_count(&n.to_string()), read_count(&n.to_string())), (Some(n), Ok(n)));
            let comma = count(hidden.into()).replace('.', ",");
            prop_assert_eq!((parse_count(&comma), read_count(&comma)), (None, Err(NoFigure::Ambiguous)));
        }

        #[test]
        fn a_qualifier_stays_with_whatever_number_it_softens(n in 1_u32.., word in prop::sample::select(QUALIFIERS.to_vec())) {
            let (before, after) = word;
            let amount = read_amount(&format!("{before}{}{after}", count(n.into()))).unwrap();
            prop_assert_eq!(amount.number(), n);
            prop_assert!(matches!(amount, Amount::Qualified(..)), "{:?}", amount);
        }
    }

    const QUALIFIERS: [(&str, &str); 8] = [
        ("gần ", ""),
        ("trên ", ""),
        ("hơn ", ""),
        ("ít nhất ", ""),
        ("không quá ", ""),
        ("khoảng ", ""),
        ("", " trở lên"),
        ("", " trở xuống"),
    ];

    #[test]
    fn a_day_in_words_is_written_as_in_documents() {
        assert_eq!(date_in_words("2023-01-03".parse().unwrap()), "ngày 03 tháng 01 năm 2023");
        assert_eq!(date_in_words("2022-12-30".parse().unwrap()), "ngày 30 tháng 12 năm 2022");
        assert_eq!(date_in_words("2022-04-05".parse().unwrap()), "ngày 05 tháng 4 năm 2022");
    }
}
