//! Words by which a text speaks of the whole: "toàn thành phố", "cả tỉnh".

use std::ops::Range;

use super::{
    narrow::part_start,
    phrases::{Phrases, phrases},
    subject::name_behind_province,
    token::{Kind, Token},
    unit::BODIES,
};

/// Words that bring the text back to the whole.
static WHOLE: Phrases<()> = phrases![() => "toàn thành phố", "cả thành phố", "toàn tỉnh", "cả tỉnh", "toàn đảng bộ thành phố",
    "toàn đảng bộ tỉnh", "toàn thành", "đảng bộ thành phố", "đảng bộ tỉnh"];
/// Those of the whole, or those of the unit of which a text speaks.
static EVERYBODY: Phrases<()> =
    phrases![() => "toàn đảng bộ", "các quận", "các huyện", "các cấp", "các đơn vị", "các địa phương"];
static CITY: Phrases<()> = phrases![() => "thành phố", "tỉnh"];

/// The words that lead to a figure, in which its unit is named: since the last semicolon and the last word for the whole.
pub(super) fn lead(tokens: &[Token], at: usize) -> Range<usize> {
    last_whole(tokens, at).map_or_else(|| part_start(tokens, at), |whole| whole.start + 1)..at
}

/// The last words for the whole that lead to a figure: "toàn thành phố", "các đơn vị".
pub(super) fn last_whole(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let start = part_start(tokens, at);
    let said = |i: usize| whole_at(&tokens[..at], i).or_else(|| everybody_at(&tokens[..at], i));
    (start..at).rev().find_map(|i| said(i).map(|length| i..i + length))
}

/// Of how many tokens the words for the whole are that begin at one.
pub(super) fn whole_at(tokens: &[Token], i: usize) -> Option<usize> {
    if let Some((_, length)) = WHOLE.at(&tokens[i..]) {
        return Some(length);
    }
    // "…, thành phố kết nạp"; in "Khối Doanh nghiệp thành phố" it ends a name.
    let begins = i == 0 || tokens[i - 1].kind != Kind::Word;
    let (_, length) = CITY.at(&tokens[i..]).filter(|_| begins)?;
    let body = BODIES.at(&tokens[i..]).map_or(0, |(_, length)| length);
    (body <= length && name_behind_province(&tokens[i + length..]) == 0).then_some(length)
}

pub(super) fn everybody_at(tokens: &[Token], i: usize) -> Option<usize> {
    EVERYBODY.at(&tokens[i..]).map(|(_, length)| length)
}
