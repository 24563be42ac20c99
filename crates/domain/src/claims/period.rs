//! Which time a figure speaks of: "năm 2021", "quý III", "6 tháng đầu năm".

use serde::Serialize;

use super::{
    mark::Sentence,
    narrow::part_start,
    phrases::{Phrases, phrases},
    token::{Kind, Token},
};
use crate::{
    LocalDate,
    vi::{PrintedDate, read_date},
};

/// The time that words name for a claim.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PeriodSaid {
    /// None where no year is named.
    pub year: Option<i16>,
    /// A quarter, months, days, or up to a day of which the year is not known: not the year.
    pub part: bool,
    /// More than one year: "trong 5 năm qua", "giai đoạn 2020-2025".
    pub several: bool,
    /// "Tính đến 15/12/2022": the last day that is counted.
    pub until: Option<LocalDate>,
}

static YEAR: Phrases<()> = phrases![() => "năm"];
/// "So với năm 2021" names no time of the figure.
static NOT_ITS_OWN: Phrases<()> =
    phrases![() => "so với", "cùng kỳ", "đến", "từ", "so với cùng kỳ", "giai đoạn", "khóa", "hết", "cuối", "trước"];
static UNTIL: Phrases<()> = phrases![() => "đến", "đến hết", "đến cuối", "tính đến", "tính đến hết", "hết", "trước", "đến trước", "đến ngày", "đến hết ngày", "tính đến ngày",
    "tính đến hết ngày", "trước ngày", "hết ngày", "tới", "tới ngày", "tính tới", "tính tới ngày"];
static UNTIL_NOW: Phrases<()> = phrases![() => "tính đến", "tính đến ngày", "tính đến hết ngày", "tính tới", "tính tới ngày", "tính đến hết", "đến hết ngày"];
static ON_A_DAY: Phrases<()> = phrases![() => "trong ngày", "vào ngày", "dịp", "đợt", "sáng", "chiều", "tối", "ngày"];
static FROM: Phrases<()> = phrases![() => "từ", "từ ngày", "kể từ", "kể từ ngày", "sau", "sau ngày"];
static WHOLE: Phrases<()> = phrases![() => "cả năm", "hết năm", "trong năm"];
static PART: Phrases<()> = phrases![() => "quý", "tháng"];
/// Some of a year, however it goes on.
static SHORT: Phrases<()> = phrases![() => "đợt", "dịp", "tuần", "tháng đầu", "tháng cuối", "tháng này", "tháng qua", "tháng trước", "quý này", "quý qua", "quý trước",
    "trong tháng", "trong quý", "nửa năm", "hôm nay", "hôm qua", "vừa qua", "vừa kết nạp", "vừa thành lập", "mới đây", "sáng nay", "chiều nay", "tối nay", "lần này", "kỳ này", "buổi lễ", "tại lễ", "lễ kết nạp", "lễ công bố", "lễ trao", "lễ ra mắt", "nửa đầu năm", "nửa cuối năm"];
static SEVERAL: Phrases<()> = phrases![() => "kể từ khi", "từ khi", "hai năm", "ba năm", "bốn năm", "mười năm", "những năm", "các năm", "nhiều năm", "mấy năm", "nhiệm kỳ qua", "đầu nhiệm kỳ", "cả nhiệm kỳ", "nửa nhiệm kỳ", "nhiệm kỳ này",
    "trong nhiệm kỳ", "từ năm"];
/// Of what a plan is, and of when nothing that follows it is.
static PLANS_OF_A_TERM: Phrases<()> = phrases![() => "chỉ tiêu nhiệm kỳ", "kế hoạch nhiệm kỳ", "mục tiêu nhiệm kỳ"];
static SPAN: Phrases<()> = phrases![() => "giai đoạn", "nhiệm kỳ", "năm", "các năm"];
pub(super) static THIS: Phrases<()> = phrases![() => "nay", "này"];
static PART_OF: Phrases<()> = phrases![() => "tháng đầu", "tháng cuối", "nửa đầu", "nửa cuối"];
/// Another year than the one that is told of, when a clause begins with it or counts in it.
static OTHER_YEARS: Phrases<()> = phrases![() => "năm trước", "năm ngoái", "năm tới", "năm sau", "thời gian tới", "giai đoạn tới", "những năm tới", "kỳ trước"];
/// Before such words: what is compared, and not counted.
static COMPARED: Phrases<()> = phrases![() => "so với", "hơn", "bằng", "với", "của", "như", "so với cùng kỳ", "bằng cùng kỳ", "hơn cùng kỳ", "với cùng kỳ"];
static SAME_TIME: Phrases<()> = phrases![() => "cùng kỳ"];
static ALL_MONTHS: &str = "12";
static DAY: Phrases<()> = phrases![() => "ngày"];
/// Before a day without its year.
static SAID: Phrases<()> = phrases![() => "ngày", "sáng", "chiều", "tối", "mùng", "dịp", "đợt", "tính đến", "đến hết", "trước", "từ", "hết", "đến"];
static MONTH: Phrases<()> = phrases![() => "tháng"];
/// What is done on a day, and who only tells of it on one.
static DONE: Phrases<()> = phrases![() => "kết nạp", "thành lập", "ra mắt", "phát triển"];
static TOLD: Phrases<()> = phrases![() => "hội nghị", "báo cáo", "công bố kết quả", "cho biết", "theo", "tổng kết", "đánh giá", "thông báo", "họp", "sơ kết", "nghị quyết", "kế hoạch",
    "chỉ thị", "hướng dẫn"];

/// What is said last before the token at `at`, else first behind it; else what an earlier sentence of the paragraph said.
pub(super) fn period_of(sentence: Sentence<'_>, at: usize, carried: PeriodSaid) -> PeriodSaid {
    let said = |i: usize| said_at(sentence, i);
    let (before, after) = ((0..at).rev().find_map(said), || (at..sentence.tokens.len()).find_map(said));
    let said = before.or_else(after).unwrap_or(carried);
    // "Quý III" of the year that was named before it.
    let year = said.year.or_else(|| (0..at).rev().find_map(|i| said_at(sentence, i)?.year)).or(carried.year);
    let (days, behind) = (days_before(sentence, at, year), days_behind(sentence, at, year));
    let until = days.until.or(behind.until).or(carried.until);
    let year = compared_year(sentence, at).or(year);
    let several = said.several || is_of_another_year(sentence, at);
    PeriodSaid { year, until, part: said.part || days.part || behind.part, several }
}

/// "Năm trước, thành phố kết nạp", "chỉ tiêu năm tới": since the last semicolon, and not behind words that compare.
fn is_of_another_year(sentence: Sentence<'_>, at: usize) -> bool {
    let tokens = sentence.tokens;
    let said = |i: usize| {
        let compared =
            COMPARED.ending(&tokens[..i]).is_some() || matches!(sentence.kind(i.wrapping_sub(1)), Some(Kind::Percent));
        OTHER_YEARS.at(&tokens[i..at]).is_some() && !compared
    };
    (part_start(tokens, at)..at).rev().any(said)
}

/// "So với năm 2021 (kết nạp 387)": the brackets tell of the year before them.
fn compared_year(sentence: Sentence<'_>, at: usize) -> Option<i16> {
    let opened = sentence.tokens[..at].iter().rposition(|token| matches!(token.kind, Kind::Open | Kind::Close))?;
    let named = opened.checked_sub(2).filter(|_| sentence.tokens[opened].kind == Kind::Open)?;
    YEAR.at(&sentence.tokens[named..])?;
    year_at(sentence, named + 1)
}

/// What the printed days before a token leave of a year.
fn days_before(sentence: Sentence<'_>, at: usize, year: Option<i16>) -> PeriodSaid {
    let mut said = PeriodSaid::default();
    for i in 0..at {
        if let Some(year) = year_until(sentence, i) {
            said.until = LocalDate::new(year, 12, 31);
        }
        let Some((date, end)) = date_at(sentence, i) else { continue };
        let before = &sentence.tokens[..i];
        let (day, month, of) = match date {
            PrintedDate::Day(day) => (day.day(), day.month(), Some(day.year())),
            PrintedDate::DayAndMonth { day, month } => (day, month, year),
            _ => continue,
        };
        if FROM.ending(before).is_some() {
            said.part |= (day, month) != (1, 1);
        } else if UNTIL.ending(before).is_some() {
            said.until = of.and_then(|year| LocalDate::new(year, month, day));
            said.part |= said.until.is_none() && (day, month) != (31, 12);
        } else {
            // "Sáng 3/2, kết nạp 45": what is done on a day.
            let done = DONE.within(&sentence.tokens[end..at]) && !TOLD.within(&sentence.tokens[..at]);
            said.part |= done && said_between(sentence, end, at).is_none();
        }
    }
    said
}

/// "46 tổ chức đảng, tính đến 15/12/2022", "25 đảng viên trong ngày 3/2".
fn days_behind(sentence: Sentence<'_>, at: usize, year: Option<i16>) -> PeriodSaid {
    let mut said = PeriodSaid::default();
    let rest = &sentence.tokens[at..];
    let end = at + rest.iter().position(|token| token.kind == Kind::Semicolon).unwrap_or(rest.len());
    let comma = at + rest.iter().position(|token| token.kind == Kind::Comma).unwrap_or(rest.len());
    for i in at..end {
        let Some((date, _)) = date_at(sentence, i) else { continue };
        let before = &sentence.tokens[..i];
        let (day, month, of) = match date {
            PrintedDate::Day(day) => (day.day(), day.month(), Some(day.year())),
            PrintedDate::DayAndMonth { day, month } => (day, month, year),
            _ => continue,
        };
        if UNTIL_NOW.ending(before).is_some() {
            said.until = of.and_then(|year| LocalDate::new(year, month, day));
            said.part |= said.until.is_none() && (day, month) != (31, 12);
        } else {
            said.part |= i < comma && ON_A_DAY.ending(before).is_some();
        }
    }
    said
}

/// "Đến năm 2025", "hết năm 2022".
fn year_until(sentence: Sentence<'_>, i: usize) -> Option<i16> {
    YEAR.at(&sentence.tokens[i..])?;
    let year = year_at(sentence, i + 1)?;
    UNTIL.ending(&sentence.tokens[..i]).map(|_| year)
}

fn year_at(sentence: Sentence<'_>, i: usize) -> Option<i16> {
    (sentence.kind(i)? == Kind::Number)
        .then(|| sentence.slice(i..i + 1).parse().ok())?
        .filter(|year| (1900..2200).contains(year))
}

/// "Cùng kỳ năm 2021 kết nạp 387": of that year, where nothing is compared with it.
fn begins_with_same_time(before: &[Token]) -> bool {
    let Some((_, length)) = SAME_TIME.ending(before) else { return false };
    before[..before.len() - length].last().is_none_or(|sign| sign.kind != Kind::Word)
}

/// A year that is named behind a day takes the figure from it.
fn said_between(sentence: Sentence<'_>, from: usize, at: usize) -> Option<PeriodSaid> {
    (from..at).find_map(|i| said_at(sentence, i)).filter(|said| !said.part)
}

/// A day that begins at a token, in figures or in words, and where it ends.
fn date_at(sentence: Sentence<'_>, i: usize) -> Option<(PrintedDate, usize)> {
    let inside = i > 0 && sentence.kind(i - 1) == Some(Kind::Slash);
    if inside || sentence.kind(i)? != Kind::Number {
        return None;
    }
    let in_words = MONTH.at(&sentence.tokens[i + 1..]).is_some();
    if !in_words && !matches!(sentence.kind(i + 1), Some(Kind::Slash | Kind::Dash)) {
        return None;
    }
    [5, 3].into_iter().find_map(|length| {
        let end = i + length;
        let ends = sentence.kind(end - 1) == Some(Kind::Number) && sentence.kind(end) != Some(Kind::Slash);
        let date = ends.then(|| read_date(sentence.slice(i..end))).flatten()?;
        // "30/6" is a day where words say so; "7/8" may be a result.
        let is_day = in_words || matches!(date, PrintedDate::Day(_)) || is_said_to_be_a_day(sentence, i);
        is_day.then_some((date, end))
    })
}

fn is_said_to_be_a_day(sentence: Sentence<'_>, i: usize) -> bool {
    SAID.ending(&sentence.tokens[..i]).is_some()
}

fn said_at(sentence: Sentence<'_>, i: usize) -> Option<PeriodSaid> {
    let (before, after) = sentence.tokens.split_at(i);
    if is_several(sentence, i) {
        return Some(PeriodSaid { several: true, ..PeriodSaid::default() });
    }
    // "Bằng 116% năm 2021".
    let of_percent = before.last().is_some_and(|sign| sign.kind == Kind::Percent);
    let own = !of_percent && (NOT_ITS_OWN.ending(before).is_none() || begins_with_same_time(before));
    if YEAR.at(after).is_some() && sentence.kind(i + 1) == Some(Kind::Number) && own {
        let year = year_at(sentence, i + 1)?;
        let part = ends_a_part(sentence, i);
        return (!ends_a_day(sentence, i)).then(|| PeriodSaid { year: Some(year), part, ..PeriodSaid::default() });
    }
    if let Some((_, length)) = WHOLE.at(after)
        && sentence.kind(i + length) != Some(Kind::Number)
    {
        return Some(PeriodSaid::default());
    }
    let part = PeriodSaid { part: true, ..PeriodSaid::default() };
    // "Năm vừa qua" is the year.
    if SHORT.at(after).is_some() && YEAR.ending(before).is_none() {
        return Some(PeriodSaid { year: year_of_part(sentence, i), ..part });
    }
    PART.at(after).filter(|_| !ends_a_day(sentence, i))?;
    // "Quý III/2022", "tháng 6/2022"; a month of a day, as in "ngày 3 tháng 1", is no period.
    let with_year = (i + 4 <= sentence.tokens.len()).then(|| read_date(sentence.slice(i..i + 4))).flatten();
    match with_year {
        Some(PrintedDate::Quarter { year, .. }) => Some(PeriodSaid { year, ..part }),
        Some(PrintedDate::Month { year, .. }) => Some(PeriodSaid { year: Some(year), ..part }),
        _ => {
            let counted = before.last().is_some_and(|token| token.kind == Kind::Number);
            let numbered = sentence.kind(i + 1) == Some(Kind::Number);
            let quarter = (i + 2 <= sentence.tokens.len()).then(|| read_date(sentence.slice(i..i + 2))).flatten();
            (counted || numbered || matches!(quarter, Some(PrintedDate::Quarter { .. }))).then_some(part)
        }
    }
}

/// The year behind "tháng đầu năm": the words for a part come first.
fn year_of_part(sentence: Sentence<'_>, i: usize) -> Option<i16> {
    (i..sentence.tokens.len().min(i + 4))
        .find_map(|i| YEAR.at(&sentence.tokens[i..]).and_then(|_| year_at(sentence, i + 1)))
}

/// "5 năm qua", "những năm", "giai đoạn 2020-2025".
fn is_several(sentence: Sentence<'_>, i: usize) -> bool {
    let (before, after) = sentence.tokens.split_at(i);
    if SEVERAL.at(after).is_some() || PLANS_OF_A_TERM.at(after).is_some() {
        return true;
    }
    let counted = before.last().is_some_and(|token| token.kind == Kind::Number)
        && !matches!(sentence.kind(i + 1), Some(Kind::Number));
    let now = after.get(1..).is_some_and(|behind| THIS.at(behind).is_some());
    if YEAR.at(after).is_some() && counted && !now && year_at(sentence, i - 1).is_none() {
        return true;
    }
    let Some((_, length)) = SPAN.at(after) else { return false };
    let span = year_at(sentence, i + length).and_then(|_| year_at(sentence, i + length + 2));
    span.is_some() && sentence.kind(i + length + 1) != Some(Kind::Slash)
}

/// "Ngày 3" before "tháng", "ngày 3 tháng 1" before "năm".
fn ends_a_day(sentence: Sentence<'_>, i: usize) -> bool {
    [2, 4].iter().any(|back| i.checked_sub(*back).is_some_and(|day| DAY.at(&sentence.tokens[day..]).is_some()))
}

/// "6 tháng đầu" or "quý III" or "tháng 9" before "năm".
fn ends_a_part(sentence: Sentence<'_>, i: usize) -> bool {
    let before = &sentence.tokens[..i];
    let named = i >= 2 && PART.at(&before[i - 2..]).is_some();
    // "11 tháng năm 2022"; twelve are all of it.
    let months = i >= 2 && MONTH.ending(before).is_some() && before[i - 2].kind == Kind::Number;
    let counted = months && sentence.slice(i - 2..i - 1) != ALL_MONTHS;
    named || counted || PART_OF.ending(before).is_some()
}

/// What a sentence says last, for those that follow it; months and quarters end with their sentence.
pub(super) fn carried_from(sentence: Sentence<'_>, carried: PeriodSaid) -> PeriodSaid {
    let end = sentence.tokens.len();
    let named = (0..end).rev().filter(|i| PLANS_OF_A_TERM.at(&sentence.tokens[*i..]).is_none());
    let said = named.filter_map(|i| said_at(sentence, i)).find(|said| said.year.is_some() || said.several);
    let said = said.unwrap_or(carried);
    let until = days_before(sentence, end, said.year).until.or(carried.until);
    PeriodSaid { until, part: false, ..said }
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
