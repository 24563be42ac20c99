//! Words by which a figure is of some units, nobody says which: "nhiều đơn vị", "các đơn vị đạt 100%".

use std::ops::Range;

use super::{
    claim::Level,
    context::clause_start,
    narrow::{clause_behind, part_start},
    phrases::{Phrases, phrases},
    token::Token,
    unit::{named_at, unit_before},
    units::noun,
    whole::whole_at,
};

static SOME: Phrases<()> = phrases![() => "nhiều", "những", "một số", "số ít", "vài", "một vài", "mấy", "đa số", "đại đa số", "phần lớn", "hầu hết", "không ít", "nửa", "một nửa", "quá nửa",
    "hơn nửa", "có nhiều", "một phần", "có"];
/// All of them, unless what follows says which; of a percentage those that have it.
static THE: Phrases<()> = phrases![() => "các", "số", "tất cả", "toàn bộ"];
static WHICH: Phrases<()> = phrases![() => "này", "đó", "ấy", "trên", "nói trên", "kể trên", "sau", "khác", "còn lại", "dẫn đầu", "tiêu biểu", "điển hình", "làm tốt", "trọng điểm"];
/// Before the names of those of whom something is said.
static LISTS: Phrases<()> = phrases![() => "có", "là", "gồm", "gồm có", "bao gồm", "như", "thuộc về"];
/// Such as no plan is given to, beside those that have one.
static NOUNS: Phrases<()> =
    phrases![() => "doanh nghiệp", "công ty", "chi bộ", "chi đoàn", "công đoàn cơ sở", "trường", "nơi", "cấp ủy"];

/// The words by which the figure at `at` is of some units only.
pub(super) fn of_some_units(tokens: &[Token], at: usize, percent: bool) -> Option<Range<usize>> {
    let start = part_start(tokens, at);
    let whole = (start..at).rev().find_map(|i| whole_at(&tokens[..at], i).map(|length| i + length));
    let clause = clause_start(tokens, at);
    let said = |i: usize| {
        let words = &tokens[i..at];
        if let Some((_, length)) = SOME.at(words) {
            return Some(i..i + length + units(&words[length..])?);
        }
        let (_, length) = THE.at(words)?;
        let end = length + units(&words[length..])?;
        let which = WHICH.at(&words[end..]).is_some() && !percent;
        // "Các đơn vị khối doanh nghiệp" may be others than its own.
        let which = which || unit_before(tokens, at).is_some_and(|unit| unit.start == i + end);
        (which || (percent && i >= clause)).then_some(i..i + end)
    };
    (whole.unwrap_or(start)..at).find_map(said).or_else(|| if percent { named_behind(tokens, at + 2) } else { None })
}

/// "Đạt 100% chỉ tiêu kết nạp đảng viên có Kiến An, Đồ Sơn": those that have it are named behind it.
fn named_behind(tokens: &[Token], end: usize) -> Option<Range<usize>> {
    let until = end + clause_behind(tokens, end).len();
    (end..until).find_map(|i| {
        let (_, length) = LISTS.at(&tokens[i..until])?;
        let start = i + length;
        let name = tokens[start..until].iter().take_while(|token| token.title).count();
        let bare = (name >= 2).then_some(start..start + name);
        named_at(&tokens[..until], start).filter(|unit| unit.start == start).or(bare)
    })
}

/// Tokens of the noun for units.
fn units(tokens: &[Token]) -> Option<usize> {
    let of = noun(tokens).filter(|(level, _)| *level == Level::Units).map(|(_, length)| length);
    of.max(NOUNS.at(tokens).map(|(_, length)| length))
}
