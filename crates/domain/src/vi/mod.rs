//! Numbers and dates as Vietnamese documents print them, and counts as clerks type them.

mod amount;
mod figure;
mod printed_date;

pub use amount::{Amount, Qualifier, read_amount};
pub use figure::{Decimal, NoFigure, read_count, read_decimal};
pub use printed_date::{PrintedDate, read_date};

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

    #[test]
    fn a_day_in_words_is_written_as_in_documents() {
        assert_eq!(date_in_words("2023-01-03".parse().unwrap()), "ngày 03 tháng 01 năm 2023");
        assert_eq!(date_in_words("2022-12-30".parse().unwrap()), "ngày 30 tháng 12 năm 2022");
        assert_eq!(date_in_words("2022-04-05".parse().unwrap()), "ngày 05 tháng 4 năm 2022");
    }
}
