//! Somebody who is told without a name: "huyện", "Đảng bộ phường", "chi bộ". Whoever it is, it is one of many, and not the whole.

use super::{
    named::{Area, area_of},
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::topic_at,
};

/// What a noun without a name takes up of what was told before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    /// A unit of such an area.
    Of(Area),
    /// Any unit.
    Any,
    /// None: bodies that are nobody's unit.
    Other,
}

/// Wherever they stand, they are one area, or the committee of one.
static AREAS: Phrases<Noun> = phrases![
    Noun::Of(Area::UrbanDistrict) => "quận", "quận ủy", "đảng bộ quận", "đảng ủy quận", "ban thường vụ quận ủy", "liên đoàn lao động quận", "LĐLĐ quận";
    Noun::Of(Area::RuralDistrict) => "huyện", "huyện ủy", "đảng bộ huyện", "đảng ủy huyện", "ban thường vụ huyện ủy", "liên đoàn lao động huyện", "LĐLĐ huyện";
    Noun::Of(Area::Town) => "thị xã", "thị ủy", "đảng bộ thị xã";
    Noun::Of(Area::Ward) => "phường", "đảng bộ phường", "đảng ủy phường";
    Noun::Of(Area::Commune) => "xã", "đảng bộ xã", "đảng ủy xã";
    Noun::Of(Area::Township) => "thị trấn", "đảng bộ thị trấn", "đảng ủy thị trấn";
    Noun::Of(Area::SpecialZone) => "đặc khu", "đảng bộ đặc khu", "đảng ủy đặc khu";
    Noun::Other => "quận đoàn", "huyện đoàn", "đoàn xã", "đoàn phường", "cấp quận", "cấp huyện", "cấp phường", "cấp xã", "cấp cơ sở"
];
/// They are one where they begin a clause: elsewhere they are what is founded, or where.
static BODIES: Phrases<Noun> = phrases![
    Noun::Any => "đảng ủy", "đảng bộ", "đơn vị", "địa phương", "ban thường vụ đảng ủy", "đảng ủy khối", "đảng bộ khối";
    Noun::Other => "doanh nghiệp", "công ty", "nhà máy", "xí nghiệp", "tập đoàn", "cấp ủy cơ sở", "đảng ủy cơ sở", "đảng bộ cơ sở", "chi bộ cơ sở", "cơ sở", "chi bộ", "chi đoàn", "chi hội",
        "công đoàn cơ sở", "đoàn cơ sở", "trường", "bệnh viện", "chi ủy", "tổng công ty", "thôn", "tổ dân phố", "cơ quan", "cụm", "cụm thi đua", "khối thi đua", "khu công nghiệp", "khối quận", "khối huyện", "nghiệp đoàn"
];
/// Before a noun of which all are meant, or any.
static GENERAL: Phrases<()> = phrases![() => "các", "những", "mỗi", "từng", "nhiều", "mọi", "cấp", "khối", "một số", "từ", "đến", "tới", "hợp tác"];
/// Behind a noun, so that it is none: "xã hội".
static NOT_IT: Phrases<()> = phrases![() => "hội", "viên", "luận", "thuyết"];
/// What stands in a row with areas and committees.
static ROW: Phrases<()> = phrases![() => "quận", "huyện", "thị xã", "phường", "xã", "thị trấn", "quận ủy", "huyện ủy", "thị ủy", "đảng ủy", "đảng bộ", "chi bộ", "chi ủy", "cấp ủy",
    "chính quyền", "mặt trận", "đoàn thể", "các đoàn thể", "các ngành", "ngành", "sở", "đơn vị", "địa phương", "doanh nghiệp", "khu kinh tế", "khối doanh nghiệp", "cơ sở", "thành phố", "tỉnh",
    "quận đoàn", "huyện đoàn", "các", "công ty", "người lao động", "đảng bộ cơ sở", "chi đoàn", "chi hội", "đặc khu"];
/// Before a noun that begins a clause they are of the clause before.
static NOT_BEFORE: Phrases<()> = phrases![() => "thành phố", "tỉnh", "đơn vị", "địa phương", "cơ sở", "doanh nghiệp", "công ty", "ngành", "người lao động", "các"];
static AND: Phrases<()> = phrases![() => "và", "hoặc", "hay"];
static YEAR: Phrases<()> = phrases![() => "năm"];
/// Words before the noun with which a clause begins.
static BEFORE: Phrases<()> = phrases![() => "trong năm", "năm qua", "trong năm qua", "đến nay", "hiện nay", "vừa qua", "nhờ đó", "do đó", "vì vậy", "năm nay", "mỗi", "cũng", "riêng", "thời gian qua", "nhờ vậy", "theo đó"];
/// Behind what is founded, of which a result is told.
static RESULTS: Phrases<()> = phrases![() => "đạt", "được", "mới", "và", "đã được", "là", "trong", "tại"];

/// What begins here without a name, and of how many tokens its noun is.
pub(super) fn nameless_at(tokens: &[Token], i: usize) -> Option<(Noun, usize)> {
    let area = AREAS.at(&tokens[i..]);
    let body = BODIES.at(&tokens[i..]).filter(|(_, length)| {
        area.is_none_or(|(_, area)| *length > area) && begins_clause(tokens, i) && !is_founded(&tokens[i..], *length)
    });
    let (noun, length) = body.or(area)?;
    let behind = &tokens[i + length..];
    // "Chi bộ Công ty" has no name that is read.
    let name = body.is_none() && behind.first().is_some_and(|next| next.kind == Kind::Word && next.capital);
    let counted = i > 0 && matches!(tokens[i - 1].kind, Kind::Number | Kind::Percent) && !is_behind_a_year(tokens, i);
    let general = GENERAL.ending(&tokens[..i]).is_some() || NOT_IT.at(behind).is_some();
    let passed = name || is_numbered(behind) || counted || general || is_in_a_row(tokens, i, length);
    (!passed).then_some((noun, length))
}

/// "Phường 5".
fn is_numbered(behind: &[Token]) -> bool {
    let number = behind.first().is_some_and(|next| next.kind == Kind::Number);
    number && behind.get(1).is_none_or(|next| next.kind != Kind::Slash)
}

/// "Chi bộ mới thành lập đạt 34": what is founded, and nobody who does something.
fn is_founded(words: &[Token], length: usize) -> bool {
    let behind = &words[length..];
    let told = behind.first().is_none_or(|next| next.kind != Kind::Word) || RESULTS.at(behind).is_some();
    topic_at(words).is_some() && told
}

/// What a noun takes up of a name: "huyện" of "Thủy Nguyên" is "huyện Thủy Nguyên", and of "Quận ủy Lê Chân" nothing.
pub(super) fn taken_up(noun: Noun, words: &str, name: &str) -> Option<String> {
    match (noun, area_of(name)) {
        (Noun::Other, _) => None,
        (Noun::Any, _) => Some(name.to_owned()),
        (Noun::Of(area), Some(named)) => (area == named).then(|| name.to_owned()),
        (Noun::Of(_), None) => Some(format!("{words} {name}")),
    }
}

fn begins_clause(tokens: &[Token], i: usize) -> bool {
    let before = &tokens[..i];
    let of_figure = |token: &Token| {
        matches!(token.kind, Kind::Word | Kind::Number | Kind::Percent | Kind::Slash | Kind::Equals | Kind::Close)
    };
    !before.last().is_some_and(of_figure) || is_behind_a_year(tokens, i) || BEFORE.ending(before).is_some()
}

/// "Năm 2022 huyện kết nạp".
fn is_behind_a_year(tokens: &[Token], i: usize) -> bool {
    i > 1 && tokens[i - 1].kind == Kind::Number && YEAR.ending(&tokens[..i - 1]).is_some()
}

/// "Quận, huyện", "cấp ủy, chính quyền", "xã, phường": all of them.
fn is_in_a_row(tokens: &[Token], i: usize, length: usize) -> bool {
    let joins = |token: &Token| matches!(token.kind, Kind::Comma | Kind::Slash | Kind::Dash);
    let behind = &tokens[i + length..];
    let sign = AND.at(behind).map_or_else(|| usize::from(behind.first().is_some_and(joins)), |(_, length)| length);
    let before = &tokens[..i];
    let last = AND.ending(before).map_or_else(|| usize::from(before.last().is_some_and(joins)), |(_, length)| length);
    // "Xã phường" without a sign, but not "công đoàn cơ sở doanh nghiệp".
    let goes_on = if sign > 0 { ROW.at(&behind[sign..]).is_some() } else { AREAS.at(behind).is_some() };
    let before = &before[..i - last];
    goes_on || (last > 0 && ROW.ending(before).is_some() && NOT_BEFORE.ending(before).is_none())
}
