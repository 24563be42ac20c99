//! Who is said to have done it, where only a ledger can tell whether that is the whole or somebody else: "Hà Nội kết nạp", "TP. Hồ Chí Minh đạt".

use std::ops::Range;

use super::{
    claim::Told,
    mark::Sentence,
    narrow::part_start,
    phrases::{Phrases, phrases},
    scope::{Scope, Speaks, Spoken},
    token::{Kind, Token},
    topic::topics_of,
    unit::{self, NOUNS_OF_AREAS},
    whole::{last_whole, lead},
};

/// Words for what may have a whole of its own, before its name, which may be one word: "thành phố Huế", "TP.HCM".
pub(super) static PROVINCES: Phrases<()> =
    phrases![() => "thành phố", "TP", "tỉnh", "thành ủy", "tỉnh ủy", "thành đoàn", "tỉnh đoàn"];
/// What whoever is named before it does.
static DOES: Phrases<()> = phrases![() => "kết nạp", "thành lập", "phát triển", "ra mắt", "vận động", "bồi dưỡng", "công nhận", "có", "đạt", "hoàn thành",
    "thực hiện", "vượt", "đã", "được", "cũng", "phấn đấu", "dự kiến", "ước"];
/// Words straight behind a name; others are its end: "Ban Tổ|chức".
static THEN: Phrases<()> = phrases![() => "năm", "trong", "tính", "hiện", "mới", "và", "là", "với", "do", "sau", "từ", "hằng năm", "chỉ", "còn", "cùng"];
static LEADS: Phrases<()> =
    phrases![() => "trong đó", "riêng", "còn", "trong khi", "trong khi đó", "khi", "và", "nhưng", "song", "theo", "do"];
static PLACES: Phrases<()> = phrases![() => "tại", "ở"];
/// All of which any city or province is a part.
static NATION: Phrases<()> = phrases![() => "cả nước", "toàn quốc", "trung ương", "các tỉnh", "các tỉnh thành", "các thành phố", "nhiều tỉnh", "tổng liên đoàn",
    "công đoàn việt nam"];
/// Tokens between a name and what it does: "Hà Nội, trong năm 2022, đã kết nạp".
const DOES_WITHIN: usize = 7;

/// Of whom a figure speaks.
pub(super) struct Who {
    pub(super) unit: Option<String>,
    pub(super) told: Told,
    pub(super) lead: String,
    pub(super) whole_said: String,
    pub(super) perhaps_whole: bool,
    /// Somebody without a name, who is not the whole.
    pub(super) nameless: Option<String>,
}

impl Who {
    /// By the words before the token at `at`, or else behind `end`, or else of whom the text speaks there.
    pub(super) fn of(sentence: Sentence<'_>, scope: &Scope<'_>, at: usize, end: usize, units: bool) -> Self {
        let tokens = sentence.tokens;
        let said = |range: Range<usize>| if range.is_empty() { "" } else { sentence.slice(range) };
        let beside = unit::unit_before(tokens, at).or_else(|| unit::unit_behind(tokens, end));
        let perhaps_whole = beside.as_ref().is_some_and(|unit| may_be_the_whole(tokens, at, unit));
        let itself = beside.as_ref().and_then(|unit| scope.itself(unit));
        let Speaks { unit, nameless } = scope.at(at);
        let lead = lead(tokens, at);
        let lead = beside.as_ref().map_or_else(|| lead.clone(), |unit| unit.start..unit.end.max(lead.end));
        let before = |unit: Spoken| (Some(unit.said), if unit.surely { Told::Before } else { Told::Perhaps });
        let (unit, told) = match (beside, itself) {
            (Some(_), Some(unit)) => before(unit),
            (Some(unit), None) => {
                // "Lê Chân đạt 4/3, 16/16 đơn vị hoàn thành": the units may be those of the whole.
                let apart = tokens.get(unit.end..at).unwrap_or_default().iter().any(|token| token.kind == Kind::Comma);
                let told = if units && apart { Told::Perhaps } else { Told::Beside };
                (Some(said(unit).split_whitespace().collect::<Vec<_>>().join(" ")), told)
            }
            (None, _) => scope.ahead(at).or(unit).map_or((None, Told::Beside), before),
        };
        Self {
            unit,
            told,
            lead: said(lead).to_owned(),
            whole_said: last_whole(tokens, at).map(said).unwrap_or_default().to_owned(),
            perhaps_whole,
            nameless,
        }
    }
}

/// The last name before the token at `at` that begins a clause and does something, or to which the figure belongs at once.
pub(super) fn subject_before(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    lead(tokens, at).rev().find_map(|i| subject_at(&tokens[..at], i))
}

/// Whether a unit that is named so may be the whole itself, as far as words tell.
fn may_be_the_whole(tokens: &[Token], at: usize, unit: &Range<usize>) -> bool {
    let province = PROVINCES.at(&tokens[unit.clone()]).is_some()
        || unit.clone().any(|i| PROVINCES.at(&tokens[i..unit.end]).is_some() && !in_area(&tokens[unit.start..i]));
    // "Cát Hải: 2/2" is one of a list, though it be the only one.
    let heads = |next: &Token| matches!(next.kind, Kind::Colon | Kind::Open | Kind::Dash);
    let listed = unit::is_listed(tokens, at) || tokens.get(unit.end).is_some_and(heads);
    !listed && (province || subject_before(tokens, at).is_some_and(|subject| subject.start == unit.start))
}

/// Whether words for an area stand before: "phường An Biên, thành phố Hải Phòng".
fn in_area(before: &[Token]) -> bool {
    NOUNS_OF_AREAS.within(before)
}

/// The words for a whole of which every city and province is a part, in the same part of the sentence.
pub(super) fn nation(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let from = part_start(tokens, at);
    (from..at).find_map(|i| NATION.at(&tokens[i..at]).map(|(_, length)| i..i + length))
}

/// A name that begins a clause at a token and does something, or ends the tokens.
pub(super) fn subject_at(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    if !tokens[i].capital {
        return None;
    }
    let place = PLACES.ending(&tokens[..i]).is_some();
    let begins = i == 0 || tokens[i - 1].kind != Kind::Word || place || LEADS.ending(&tokens[..i]).is_some();
    if !begins {
        return None;
    }
    let end = i + tokens[i..].iter().take_while(|token| token.title).count();
    let run = &tokens[i..end];
    let abbreviated = is_abbreviated_city(&tokens[i]);
    if !abbreviated && (run.len() < 2 || DOES.within(run) || !topics_of(run).is_empty()) {
        return None;
    }
    let (name, end) = if abbreviated { (i..i + 1, i + 1) } else { (unit::own_name(tokens, i..end)?, end) };
    let rest = &tokens[end..];
    let joined = match rest {
        [] => true,
        [sign] if sign.kind == Kind::Comma => place,
        [sign] => matches!(sign.kind, Kind::Colon | Kind::Open | Kind::Dash | Kind::Equals),
        _ => false,
    };
    let passed = |token: &Token| matches!(token.kind, Kind::Word | Kind::Number | Kind::Comma);
    let near = rest.iter().take(DOES_WITHIN).take_while(|token| passed(token)).count();
    let ends =
        rest.first().is_some_and(|next| next.kind != Kind::Word) || DOES.at(rest).is_some() || THEN.at(rest).is_some();
    let does = ends && (0..near).any(|j| DOES.at(&rest[j..]).is_some());
    (joined || does).then_some(name)
}

/// What only somebody does of whom a text goes on to speak: "Lê Chân đề ra mục tiêu".
static ACTS: Phrases<()> = phrases![() => "là", "trở thành", "đề ra", "xác định", "đặt", "đặt ra", "giao", "tiếp tục", "tổ chức", "quản lý", "chủ trương", "ban hành", "triển khai", "chỉ đạo", "tập trung",
    "chú trọng", "quan tâm", "vẫn", "luôn", "từng", "không", "chưa", "dẫn đầu", "đứng", "đứng đầu", "nằm", "thuộc", "sở hữu", "báo cáo", "cho biết", "khảo sát", "rà soát", "làm", "nổi lên", "phát huy",
    "đăng ký", "nỗ lực", "tích cực", "chủ động", "đẩy mạnh", "tăng", "giảm", "bị", "gặp", "ghi nhận", "đóng góp", "cần", "phải", "đang", "lại", "thì", "ưu tiên", "lãnh đạo"];

/// A name that begins a clause and acts, whatever figures follow.
pub(super) fn actor_at(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    let begins = i == 0 || tokens[i - 1].kind != Kind::Word || LEADS.ending(&tokens[..i]).is_some();
    let end = i + tokens[i..].iter().take_while(|token| token.title).count();
    let acts = begins && end >= i + 2 && ACTS.at(&tokens[end..]).is_some();
    unit::own_name(tokens, i..end).filter(|_| acts && topics_of(&tokens[i..end]).is_empty())
}

/// A name behind "tại" or "của", when it ends before what is said of it: "chỉ tiêu của Hải An là", and not "của Ban Thường vụ".
pub(super) fn place_at(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    let end = i + tokens[i..].iter().take_while(|token| token.title).count();
    let rest = &tokens[end..];
    let ends =
        rest.first().is_none_or(|next| next.kind != Kind::Word) || DOES.at(rest).is_some() || THEN.at(rest).is_some();
    unit::own_name(tokens, i..end).filter(|_| ends && topics_of(&tokens[i..end]).is_empty())
}

/// "TPHCM" in one word.
fn is_abbreviated_city(token: &Token) -> bool {
    token.capital && !token.title && token.key.len() > 3 && token.key.starts_with("tp")
}

/// Tokens of the name behind the word for a city or a province: capitals up to what it does. In a heading all words are capitals.
pub(super) fn name_behind_province(tokens: &[Token]) -> usize {
    let ends = |i: usize| !tokens[i].capital || DOES.at(&tokens[i..]).is_some() || THEN.at(&tokens[i..]).is_some();
    (0..tokens.len()).find(|i| ends(*i)).unwrap_or(tokens.len())
}
