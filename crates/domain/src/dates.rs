//! Days and instants. The zone is Asia/Ho_Chi_Minh, UTC+7 without exceptions, so no zone file is read.

use std::{fmt, str::FromStr};

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Seconds by which local time is ahead of UTC: 7 hours, without daylight saving.
const ZONE_OFFSET_SECONDS: i64 = 7 * 3_600;
const MICROS: i64 = 1_000_000;

/// A day of the local calendar, written exactly `YYYY-MM-DD`. From 1900-01-01 to 2199-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDate(civil::Date);

impl LocalDate {
    /// The first representable day.
    pub const FIRST: LocalDate = LocalDate(civil::date(1900, 1, 1));
    /// The last representable day.
    pub const LAST: LocalDate = LocalDate(civil::date(2199, 12, 31));

    /// `None` when there is no such day, or it lies outside 1900 to 2199.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        if !(1900..2200).contains(&year) {
            return None;
        }
        civil::Date::new(year, month, day).ok().map(Self)
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    pub fn month(self) -> i8 {
        self.0.month()
    }

    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Days since 1970-01-01; how days are stored.
    pub fn to_days(self) -> i32 {
        self.0.since(civil::date(1970, 1, 1)).map_or(0, |span| span.get_days())
    }

    /// The day that `to_days` numbered; `None` outside 1900 to 2199.
    pub fn from_days(days: i32) -> Option<Self> {
        let date = civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        Self::new(date.year(), date.month(), date.day())
    }

    /// The next day; the last representable day stays.
    #[must_use]
    pub fn tomorrow(self) -> Self {
        self.0.tomorrow().map_or(self, Self)
    }

    /// The day before; the first representable day stays.
    #[must_use]
    pub fn yesterday(self) -> Self {
        self.0.yesterday().map_or(self, Self)
    }

    /// The same day of the month so many months later; where that month has no such day, its last: 29/02/2024 and 12 months are
    /// 28/02/2025. So Điều 148 of the Civil Code of 2015 ends a term of months. Stays within the representable days.
    #[must_use]
    pub fn months_later(self, months: u16) -> Self {
        self.shifted_by_months(months.into()).unwrap_or(Self::LAST)
    }

    /// The same day of the year before; of 29 February the 28th.
    #[must_use]
    pub fn a_year_earlier(self) -> Self {
        self.shifted_by_months(-12).unwrap_or(Self::FIRST)
    }

    fn shifted_by_months(self, months: i32) -> Option<Self> {
        let date = self.0.checked_add(jiff::Span::new().months(months)).ok()?;
        Self::new(date.year(), date.month(), date.day())
    }

    /// Local midnight at which the day begins.
    pub fn begins_at(self) -> Timestamp {
        Timestamp((i64::from(self.to_days()) * 86_400 - ZONE_OFFSET_SECONDS) * MICROS)
    }

    /// As Vietnamese documents print it: `03/01/2023`.
    pub fn printed_vi(self) -> String {
        format!("{:02}/{:02}/{}", self.day(), self.month(), self.year())
    }
}

impl fmt::Display for LocalDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl FromStr for LocalDate {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, DateError> {
        let wrong = || DateError(text.to_owned());
        let b = text.as_bytes();
        let shaped = b.len() == 10
            && b.iter().enumerate().all(|(i, c)| if i == 4 || i == 7 { *c == b'-' } else { c.is_ascii_digit() });
        if !shaped {
            return Err(wrong());
        }
        let part = |range: std::ops::Range<usize>| text[range].parse::<i16>().map_err(|_| wrong());
        let narrow = |n: i16| i8::try_from(n).map_err(|_| wrong());
        Self::new(part(0..4)?, narrow(part(5..7)?)?, narrow(part(8..10)?)?).ok_or_else(wrong)
    }
}

/// Text that is no day of the calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day: write YYYY-MM-DD, a day that exists between 1900-01-01 and 2199-12-31")]
pub struct DateError(String);

impl Serialize for LocalDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// An instant, in microseconds since 1970-01-01T00:00:00Z. Written in UTC, RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The local day on which this instant falls.
    pub fn local_date(self) -> LocalDate {
        let days = (self.0.div_euclid(MICROS) + ZONE_OFFSET_SECONDS).div_euclid(86_400);
        let clamped = i32::try_from(days).unwrap_or(i32::MAX);
        LocalDate::from_days(clamped).unwrap_or(LocalDate::LAST)
    }

    /// Local time of day as `HH:MM`.
    pub fn local_time_printed(self) -> String {
        let seconds = (self.0.div_euclid(MICROS) + ZONE_OFFSET_SECONDS).rem_euclid(86_400);
        format!("{:02}:{:02}", seconds / 3_600, seconds % 3_600 / 60)
    }

    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => instant.fmt(f),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;
    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| TimestampError(text.to_owned()))?;
        Ok(Self(instant.as_microsecond()))
    }
}

/// Text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an instant: write RFC 3339, such as 2023-01-03T06:00:00Z")]
pub struct TimestampError(String);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, schema::Type};

    macro_rules! text_schema {
        ($name:ident, $format:ident, $description:literal) => {
            impl utoipa::PartialSchema for super::$name {
                fn schema() -> RefOr<Schema> {
                    ObjectBuilder::new()
                        .schema_type(Type::String)
                        .format(Some(SchemaFormat::KnownFormat(KnownFormat::$format)))
                        .description(Some($description))
                        .into()
                }
            }
            impl utoipa::ToSchema for super::$name {}
        };
    }

    text_schema!(LocalDate, Date, "A day of the local calendar (Asia/Ho_Chi_Minh), exactly YYYY-MM-DD.");
    text_schema!(Timestamp, DateTime, "An instant in UTC, RFC 3339.");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_is_written_in_one_way_only() {
        assert_eq!("2022-02-28".parse::<LocalDate>().map(|d| d.printed_vi()), Ok("28/02/2022".to_owned()));
        for wrong in [
            "20220103",
            "2022-1-3",
            "2022-02-29",
            "2022-13-01",
            "1899-12-31",
            "2022-01-03T00:00",
            "03/01/2022",
            "٢٠٢٢-01-03",
        ] {
            assert!(wrong.parse::<LocalDate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_local_year_begins_seven_hours_before_utc() {
        let at: Timestamp = "2022-12-31T17:30:00Z".parse().unwrap();
        assert_eq!(at.local_date().to_string(), "2023-01-01");
        let before: Timestamp = "2022-12-31T16:59:59.999999Z".parse().unwrap();
        assert_eq!(before.local_date().to_string(), "2022-12-31");
        assert_eq!(at.local_date().begins_at().to_string(), "2022-12-31T17:00:00Z");
    }

    proptest! {
        #![proptest_config(crate::properties::config())]

        #[test]
        fn a_moment_belongs_to_the_day_and_the_year_that_it_has_seven_hours_later(
            days in LocalDate::FIRST.to_days() + 1..LocalDate::LAST.to_days() - 1,
            seconds in 0_i64..86_400,
        ) {
            let at = Timestamp((i64::from(days) * 86_400 + seconds) * 1_000_000);
            let later = if seconds >= 17 * 3_600 { days + 1 } else { days };
            let local = LocalDate::from_days(later).unwrap();
            prop_assert_eq!((at.local_date(), at.local_date().year()), (local, local.year()));
            prop_assert!(local.begins_at() <= at && at < local.tomorrow().begins_at());
        }
    }

    #[test]
    fn a_month_without_such_a_day_gives_its_last() {
        let day = |text: &str| text.parse::<LocalDate>().unwrap();
        for (from, months, to) in [
            ("2024-02-29", 12, "2025-02-28"),
            ("2023-02-28", 12, "2024-02-28"),
            ("2023-01-31", 12, "2024-01-31"),
            ("2023-08-31", 6, "2024-02-29"),
            ("2023-12-01", 1, "2024-01-01"),
            ("2199-06-01", 12, "2199-12-31"),
        ] {
            assert_eq!(day(from).months_later(months), day(to), "{from} and {months}");
        }
        for (from, to) in [
            ("2024-02-29", "2023-02-28"),
            ("2025-02-28", "2024-02-28"),
            ("2023-12-31", "2022-12-31"),
            ("1900-06-01", "1900-01-01"),
        ] {
            assert_eq!(day(from).a_year_earlier(), day(to), "{from}");
        }
    }

    #[test]
    fn days_are_numbered_from_1970_both_ways() {
        for (text, days) in [("1970-01-01", 0), ("1969-12-31", -1), ("2024-02-29", 19_782)] {
            let date: LocalDate = text.parse().unwrap();
            assert_eq!(date.to_days(), days);
            assert_eq!(LocalDate::from_days(days), Some(date));
        }
    }
}
