//! Dates as documents print them, some without a year, and quarters.

use crate::{LocalDate, text::comparison_key};

/// What a printed date says; what it leaves out is not guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintedDate {
    Day(LocalDate),
    /// A day and a month that a year may have, the year not said.
    DayAndMonth {
        day: i8,
        month: i8,
    },
    Month {
        month: i8,
        year: i16,
    },
    /// 1 to 4.
    Quarter {
        quarter: i8,
        year: Option<i16>,
    },
}

/// Reads `03/01/2023`, `3/1/2023`, `30-6-2022`, `14-1`, `3/1`, `6/2022`, `ngày 3 tháng 1 năm 2023`, `quý I/2022`, `quý 4 năm 2022`.
/// `None` for anything else, such as a day that no year has.
pub fn read_date(text: &str) -> Option<PrintedDate> {
    let key = comparison_key(text);
    let mut words: Vec<&str> = key.split(['/', '-', ' ']).filter(|word| !word.is_empty()).collect();
    if words.first() == Some(&comparison_key("quý").as_str()) {
        words.retain(|word| *word != comparison_key("năm"));
        return quarter(&words[1..]);
    }
    words.retain(|word| !["ngày", "tháng", "năm"].iter().any(|said| *word == comparison_key(said)));
    match words[..] {
        [day, month, year] => LocalDate::new(year_of(year)?, short(month)?, short(day)?).map(PrintedDate::Day),
        [month, year] if year.len() == 4 => {
            let month = short(month).filter(|month| (1..=12).contains(month))?;
            Some(PrintedDate::Month { month, year: year_of(year)? })
        }
        [day, month] => {
            let (day, month) = (short(day)?, short(month)?);
            // A leap year has every day that any year has.
            LocalDate::new(2024, month, day).map(|_| PrintedDate::DayAndMonth { day, month })
        }
        _ => None,
    }
}

fn quarter(words: &[&str]) -> Option<PrintedDate> {
    let (number, year) = match *words {
        [number] => (number, None),
        [number, year] => (number, Some(year_of(year)?)),
        _ => return None,
    };
    let quarter = match number {
        "i" | "1" => 1,
        "ii" | "2" => 2,
        "iii" | "3" => 3,
        "iv" | "4" => 4,
        _ => return None,
    };
    Some(PrintedDate::Quarter { quarter, year })
}

fn year_of(digits: &str) -> Option<i16> {
    let year = (digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())??;
    (1900..2200).contains(&year).then_some(year)
}

fn short(digits: &str) -> Option<i8> {
    ((1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_may_be_written_with_or_without_zeros_and_in_words() {
        let day = PrintedDate::Day("2023-01-03".parse().unwrap());
        for text in ["03/01/2023", "3/1/2023", "3-1-2023", "ngày 3 tháng 1 năm 2023", "Ngày 03/01/2023"] {
            assert_eq!(read_date(text), Some(day), "{text}");
        }
    }

    #[test]
    fn a_date_without_its_year_stays_without_it() {
        assert_eq!(read_date("14-1"), Some(PrintedDate::DayAndMonth { day: 14, month: 1 }));
        assert_eq!(read_date("29/2"), Some(PrintedDate::DayAndMonth { day: 29, month: 2 }));
        assert_eq!(read_date("tháng 6/2022"), Some(PrintedDate::Month { month: 6, year: 2022 }));
    }

    #[test]
    fn a_quarter_is_numbered_in_roman_or_arabic_figures() {
        let of = |quarter, year| Some(PrintedDate::Quarter { quarter, year });
        assert_eq!(read_date("quý I/2022"), of(1, Some(2022)));
        assert_eq!(read_date("Quý IV năm 2022"), of(4, Some(2022)));
        assert_eq!(read_date("Qúy 3"), of(3, None));
    }

    #[test]
    fn what_no_calendar_has_is_no_date() {
        for text in
            ["", "47/42", "30/2", "31/4/2022", "13/2022", "1/1/22", "quý V/2022", "28-NQ/TU", "1/2/3/4", "29/2/2023"]
        {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
