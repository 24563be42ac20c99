//! Which time a figure speaks of: "năm 2021", "quý III", "6 tháng đầu năm".

use serde::Serialize;

use super::{
    mark::Sentence,
    phrases::{Phrases, phrases},
    token::Kind,
};
use crate::vi::{PrintedDate, read_date};

/// The time that words name for a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PeriodSaid {
    /// None where no year is named.
    pub year: Option<i16>,
    /// Months or a quarter, and not the year.
    pub part: bool,
}

static YEAR: Phrases<()> = phrases![() => "năm"];
/// "So với năm 2021", "đến năm 2025" name no time of the figure.
static NOT_ITS_OWN: Phrases<()> =
    phrases![() => "so với", "cùng kỳ", "đến", "từ", "so với cùng kỳ", "giai đoạn", "khóa"];
static WHOLE: Phrases<()> = phrases![() => "cả năm", "hết năm", "trong năm"];
static PART: Phrases<()> = phrases![() => "quý", "tháng đầu năm", "tháng", "tháng cuối năm"];

static PART_OF: Phrases<()> = phrases![() => "tháng đầu", "tháng cuối"];
static DAY: Phrases<()> = phrases![() => "ngày"];

/// What is said last before the token at `at`, else first behind it; else what an earlier sentence of the paragraph said.
pub(super) fn period_of(sentence: Sentence<'_>, at: usize, carried: PeriodSaid) -> PeriodSaid {
    let said = |i: usize| said_at(sentence, i);
    let (before, after) = ((0..at).rev().find_map(said), || (at..sentence.tokens.len()).find_map(said));
    let said = before.or_else(after).unwrap_or(carried);
    // "Quý III" of the year that was named before it.
    let year = said.year.or_else(|| (0..at).rev().find_map(|i| said_at(sentence, i)?.year)).or(carried.year);
    PeriodSaid { year, ..said }
}

fn said_at(sentence: Sentence<'_>, i: usize) -> Option<PeriodSaid> {
    let (before, after) = sentence.tokens.split_at(i);
    if YEAR.at(after).is_some() && sentence.kind(i + 1) == Some(Kind::Number) && NOT_ITS_OWN.ending(before).is_none() {
        let year = sentence.slice(i + 1..i + 2).parse().ok().filter(|year| (1900..2200).contains(year))?;
        return (!ends_a_day(sentence, i)).then(|| PeriodSaid { year: Some(year), part: ends_a_part(sentence, i) });
    }
    if let Some((_, length)) = WHOLE.at(after)
        && sentence.kind(i + length) != Some(Kind::Number)
    {
        return Some(PeriodSaid::default());
    }
    PART.at(after).filter(|_| !ends_a_day(sentence, i))?;
    // "Quý III/2022", "tháng 6/2022"; a month of a day, as in "ngày 3 tháng 1", is no period.
    let with_year = (i + 4 <= sentence.tokens.len()).then(|| read_date(sentence.slice(i..i + 4))).flatten();
    match with_year {
        Some(PrintedDate::Quarter { year, .. }) => Some(PeriodSaid { year, part: true }),
        Some(PrintedDate::Month { year, .. }) => Some(PeriodSaid { year: Some(year), part: true }),
        _ => {
            let counted = before.last().is_some_and(|token| token.kind == Kind::Number);
            let quarter = (i + 2 <= sentence.tokens.len()).then(|| read_date(sentence.slice(i..i + 2))).flatten();
            (counted || matches!(quarter, Some(PrintedDate::Quarter { .. })))
                .then_some(PeriodSaid { year: None, part: true })
        }
    }
}

/// "Ngày 3" before "tháng", "ngày 3 tháng 1" before "năm".
fn ends_a_day(sentence: Sentence<'_>, i: usize) -> bool {
    [2, 4].iter().any(|back| i.checked_sub(*back).is_some_and(|day| DAY.at(&sentence.tokens[day..]).is_some()))
}

/// "6 tháng đầu" or "quý III" or "tháng 9" before "năm".
fn ends_a_part(sentence: Sentence<'_>, i: usize) -> bool {
    let before = &sentence.tokens[..i];
    let named = i >= 2 && PART.at(&before[i - 2..]).is_some();
    named || PART_OF.ending(before).is_some()
}

/// What a sentence says last, for those that follow it; months and quarters end with their sentence.
pub(super) fn carried_from(sentence: Sentence<'_>, carried: PeriodSaid) -> PeriodSaid {
    let year = (0..sentence.tokens.len()).rev().find_map(|i| said_at(sentence, i)?.year);
    PeriodSaid { year: year.or(carried.year), part: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::token::tokens;

    fn said(text: &str) -> (Option<i16>, bool) {
        let tokens = tokens(text);
        let at = tokens.iter().position(|token| token.key == "x").unwrap();
        let found = period_of(Sentence { text, tokens: &tokens }, at, PeriodSaid::default());
        (found.year, found.part)
    }

    #[test]
    fn the_year_named_last_before_a_figure_is_its_own() {
        assert_eq!(said("Năm 2021 được 5, năm 2022 được x"), (Some(2022), false));
        assert_eq!(said("Kết nạp x trong năm 2021"), (Some(2021), false));
        assert_eq!(said("Năm 2022, so với năm 2021, được x"), (Some(2022), false));
        assert_eq!(said("Ngày 3/1/2023 công bố x"), (None, false));
    }

    #[test]
    fn months_and_quarters_are_a_part_of_a_year() {
        assert_eq!(said("Quý III/2022 kết nạp x"), (Some(2022), true));
        assert_eq!(said("Năm 2022, riêng quý IV được x"), (Some(2022), true));
        assert_eq!(said("6 tháng đầu năm 2023 kết nạp x"), (Some(2023), true));
        assert_eq!(said("9 tháng được 5, cả năm x"), (None, false));
        assert_eq!(said("Tháng 9 năm 2022 được x"), (Some(2022), true));
        assert_eq!(said("Quý III năm 2022 được x"), (Some(2022), true));
        assert_eq!(said("Ngày 3 tháng 1 năm 2023 được x"), (None, false));
    }
}
