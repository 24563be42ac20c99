//! Numbers that count nothing: years, days, ordinals, the numbers of documents and of list items.

use super::{
    mark::Sentence,
    period::THIS,
    phrases::{Phrases, phrases},
    token::{Gap, Kind, Token},
    topic::topic_at,
    units::begins_with_unit,
};
use crate::vi::read_date;

/// Before a number that is the name of something.
static ORDINAL: Phrases<()> = phrases![() => "số", "khóa", "thứ", "lần thứ", "nghị quyết", "điều", "khoản", "mục", "chương", "phụ lục", "quyết định", "chỉ thị",
    "thông tri", "nghị định", "thông tư", "quy định", "hướng dẫn", "kết luận", "kỳ họp", "phiên", "bước", "trang", "biểu", "bảng", "nhiệm kỳ",
    "giai đoạn", "tổ dân phố", "đợt"];
static COUNTS_AS_WELL: Phrases<()> = phrases![() => "số", "quyết định"];
/// "Tổng số 47" counts.
static NUMBERS_OF: Phrases<()> = phrases![() => "tổng số", "con số", "trong số", "trên tổng số"];
static OF_A_YEAR: Phrases<u32> = phrases![12 => "tháng"; 31 => "ngày", "mùng"; 4 => "quý"];
static YEAR: Phrases<()> = phrases![() => "năm"];
/// Behind a number: how long, and not how many.
static LASTS: Phrases<()> = phrases![() => "năm", "tháng", "quý", "tuần", "ngày", "giờ", "phút", "h"];
static YEARS: std::ops::Range<u32> = 1900..2200;

/// Where a number at `i` that counts nothing ends.
pub(super) fn counts_nothing(sentence: Sentence<'_>, i: usize) -> Option<usize> {
    let (before, after) = (&sentence.tokens[..i], sentence.from(i + 1));
    let end = end_of_dashed(sentence, i);
    // "Số 449 đảng viên được kết nạp", "trao quyết định 5 tổ chức đảng" count.
    let counts = COUNTS_AS_WELL.ending(before).is_some() && topic_at(after).is_some();
    let ordinal = ORDINAL.ending(before).is_some() && NUMBERS_OF.ending(before).is_none() && !counts;
    let year = is_year(sentence, i);
    if end > i + 1 {
        // "2020-2025", "ngày 14-1" are no amounts.
        let day = OF_A_YEAR.ending(before).is_some() && read_date(sentence.slice(i..end)).is_some();
        return (year || day || ordinal).then_some(end);
    }
    let bare_year = year && topic_at(after).is_none() && !begins_with_unit(after);
    let named_year = year && YEAR.ending(before).is_some();
    let nothing =
        ordinal || bare_year || named_year || is_of_a_year(sentence, i) || lasts(after) || is_item(sentence, i);
    (nothing || is_of_document(sentence, i)).then_some(i + 1)
}

fn is_year(sentence: Sentence<'_>, i: usize) -> bool {
    sentence.slice(i..i + 1).parse().is_ok_and(|number: u32| YEARS.contains(&number))
}

/// "Tháng 12", "ngày 3", "quý 4".
fn is_of_a_year(sentence: Sentence<'_>, i: usize) -> bool {
    let Some((most, _)) = OF_A_YEAR.ending(&sentence.tokens[..i]) else { return false };
    sentence.slice(i..i + 1).parse().is_ok_and(|number: u32| number <= most)
}

/// "5 năm qua", "6 tháng đầu"; in "42 năm 2022" and "42 năm nay" the year is not how long.
fn lasts(after: &[Token]) -> bool {
    let this_year =
        YEAR.at(after).is_some() && after.get(1).is_some_and(|next| THIS.at(std::slice::from_ref(next)).is_some());
    LASTS.at(after).is_some() && !this_year && after.get(1).is_none_or(|next| next.kind != Kind::Number)
}

/// "1. Thành lập", "2) Kết nạp" at the beginning of a line.
fn is_item(sentence: Sentence<'_>, i: usize) -> bool {
    let begins = i == 0 || sentence.tokens[i].gap >= Gap::Line;
    let [sign, _, ..] = sentence.from(i + 1) else { return false };
    let signed = matches!(sign.kind, Kind::Stop | Kind::Close) && sign.gap == Gap::None;
    begins && signed && sentence.slice(i..i + 1).len() <= 2
}

/// "28-NQ/TU", "COVID-19", "TU/28".
fn is_of_document(sentence: Sentence<'_>, i: usize) -> bool {
    let is_code = |token: &Token| token.kind == Kind::Word && token.capital;
    let ahead = match sentence.from(i + 1) {
        [dash, code, ..] => dash.kind == Kind::Dash && code.gap == Gap::None && is_code(code),
        _ => false,
    };
    let behind = match &sentence.tokens[..i] {
        [.., code, sign] if sign.kind == Kind::Dash => {
            sign.gap == Gap::None && sentence.tokens[i].gap == Gap::None && is_code(code)
        }
        [.., code, sign] if sign.kind == Kind::Slash => is_code(code) || code.kind == Kind::Number,
        _ => false,
    };
    ahead || behind
}

/// Behind `2020-2025`.
fn end_of_dashed(sentence: Sentence<'_>, i: usize) -> usize {
    let dashed = sentence.kind(i + 1) == Some(Kind::Dash) && sentence.kind(i + 2) == Some(Kind::Number);
    if dashed { i + 3 } else { i + 1 }
}
