//! What is said in words and not in figures: "bốn mươi bảy tổ chức", "tất cả đơn vị đều vượt".

use std::ops::Range;

use super::{
    claim::Level,
    mark::Sentence,
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::topic_at,
    units::{noun, stand_at},
};

static NUMBERS: Phrases<()> = phrases![() => "một", "hai", "ba", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "mươi", "mốt", "trăm",
    "nghìn", "ngàn", "vạn", "triệu", "chục", "linh", "lẻ", "rưỡi"];
/// One word that means something else as often: "một đơn vị" is some unit, "năm" a year, "tư" stands in "đầu tư".
static OFTEN_NOT: Phrases<()> = phrases![() => "một", "năm", "tư", "ba", "chục", "mốt", "lẻ", "linh", "triệu", "vạn"];
static THREE: Phrases<()> = phrases![() => "ba"];
static BEFORE_A_YEAR: Phrases<()> = phrases![() => "trong", "cả", "hết", "đầu", "cuối", "hằng", "hàng", "mỗi", "giữa", "kế hoạch", "chỉ tiêu", "đầu tư", "thứ", "số"];
static COUNTED: Phrases<()> = phrases![() => "tổ chức", "đồng chí", "quần chúng"];
static ALL: Phrases<()> = phrases![() => "tất cả", "toàn bộ", "toàn thể", "hầu hết", "đa số", "phần lớn", "đại đa số", "các", "mọi", "nửa", "một nửa", "quá nửa", "hơn nửa"];
static OF: Phrases<()> = phrases![() => "số", "tổng số", "trong số"];
static NONE: Phrases<()> = phrases![() => "không có", "không còn", "chưa có"];
/// Tokens between the units and how they stand.
const REACH: usize = 10;

/// Whether a word alone is a number, and hardly anything else.
pub(super) fn is_number_alone(token: &Token) -> bool {
    is_number(token)
        && (OFTEN_NOT.at(std::slice::from_ref(token)).is_none() || THREE.at(std::slice::from_ref(token)).is_some())
}

/// Whether a word is one of a number.
fn is_number(token: &Token) -> bool {
    NUMBERS.at(std::slice::from_ref(token)).is_some()
}

/// Tokens of each statement that no figure makes.
pub(super) fn in_words(sentence: Sentence<'_>) -> Vec<Range<usize>> {
    let (mut found, mut i) = (Vec::new(), 0);
    while i < sentence.tokens.len() {
        let said = number(sentence.tokens, i).or_else(|| all_or_none(sentence.tokens, i));
        i = said.as_ref().map_or(i + 1, |said| said.end.max(i + 1));
        found.extend(said);
    }
    found
}

/// "Bốn mươi bảy tổ chức đảng".
fn number(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    let length = tokens[i..].iter().take_while(|token| is_number(token)).count();
    if length == 0 {
        return None;
    }
    let after = &tokens[i + length..];
    let counted = topic_at(after)
        .map(|(_, length)| length)
        .or_else(|| COUNTED.at(after).map(|(_, length)| length))
        .or_else(|| noun(after).filter(|(level, _)| *level == Level::Units).map(|(_, length)| length))?;
    let stands = || stand_within(after, counted).is_some();
    let doubtful = length == 1 && OFTEN_NOT.at(&tokens[i..]).is_some();
    let a_year = BEFORE_A_YEAR.ending(&tokens[..i]).is_some();
    let is_number = if doubtful { !a_year && stands() } else { true };
    is_number.then(|| i..i + length + counted)
}

/// "Tất cả đơn vị đều vượt", "không có đơn vị nào chưa hoàn thành".
fn all_or_none(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    let (_, length) = ALL.at(&tokens[i..]).or_else(|| NONE.at(&tokens[i..]))?;
    // "Các" is skipped with the noun.
    let after = &tokens[i + length..];
    let of = OF.at(after).map_or(0, |(_, length)| length);
    let (level, counted) = noun(&after[of..]).map(|(level, counted)| (level, of + counted))?;
    let end = stand_within(after, counted)?;
    (level == Level::Units).then(|| i..i + length + end)
}

/// Where the words end that say how units stand, before any figure or sign other than a comma.
fn stand_within(after: &[Token], from: usize) -> Option<usize> {
    let words =
        after.iter().take(from + REACH).take_while(|token| matches!(token.kind, Kind::Word | Kind::Comma)).count();
    (from..words).find_map(|i| Some(i + stand_at(&after[i..words])?))
}
