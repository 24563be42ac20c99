//! What makes a figure another than the whole of its measure: a difference, an average, a part.

use std::ops::Range;

use super::{
    claim::{Level, NarrowedBy},
    context::clause_start,
    mark::{Mark, Sentence},
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    unit::unit_before,
    units::{noun, stand_at},
    words::is_number_alone,
};
use crate::Trait;

/// Before a figure: by how much, and not how much.
static DIFFERENCE: Phrases<bool> = phrases![
    true => "tăng", "giảm", "tăng thêm", "giảm bớt", "nhiều hơn", "ít hơn", "cao hơn", "thấp hơn", "vượt", "thiếu", "còn thiếu", "hụt", "chênh",
        "thêm", "gấp", "còn lại";
    false => "tăng cường", "vượt khó", "vượt qua"
];
/// Words between those for a difference and the figure, such as "so với chỉ tiêu là".
const DIFFERENCE_WITHIN: usize = 7;
static SAME_TIME: Phrases<()> = phrases![() => "cùng kỳ", "năm trước", "năm ngoái", "tháng trước", "quý trước"];
static AGAINST: Phrases<()> = phrases![() => "so với", "so"];
pub(super) static PLAN: Phrases<()> = phrases![() => "kế hoạch", "chỉ tiêu", "mục tiêu"];
static AVERAGE: Phrases<()> = phrases![() => "bình quân", "trung bình", "mỗi", "hằng năm", "hàng năm", "hằng tháng", "hàng tháng", "hằng quý", "hàng quý"];
static TIMES: Phrases<()> = phrases![() => "lần"];

/// Of whom an "of which" is.
static TRAITS: Phrases<Trait> = phrases![
    Trait::Women => "nữ", "phụ nữ", "là nữ", "nữ giới", "đảng viên nữ", "đồng chí nữ";
    Trait::EthnicMinority => "dân tộc thiểu số", "người dân tộc thiểu số", "là người dân tộc thiểu số";
    Trait::Religious => "có đạo", "theo đạo", "người có đạo";
    Trait::YouthUnionMember => "đoàn viên thanh niên", "là đoàn viên thanh niên", "đoàn viên ưu tú";
    Trait::PrivateBusinessOwner => "chủ doanh nghiệp", "chủ doanh nghiệp tư nhân", "là chủ doanh nghiệp", "là chủ doanh nghiệp tư nhân", "chủ DN";
    Trait::Worker => "công nhân", "là công nhân", "công nhân lao động"
];
/// Who and what is some of the whole, wherever it stands around a figure.
static PARTS: Phrases<()> = phrases![() => "doanh nghiệp tư nhân", "kinh tế tư nhân", "khu vực tư nhân", "FDI", "đầu tư nước ngoài", "vốn nước ngoài",
    "hợp tác xã", "HTX", "cổ phần", "TNHH", "doanh nghiệp nhà nước", "đơn vị sự nghiệp", "trường học", "trường đại học", "bệnh viện", "khu công nghiệp",
    "khu chế xuất", "khu dân cư", "khu dân cư mới", "nông thôn", "hộ kinh doanh", "học sinh", "sinh viên", "giáo viên", "trí thức", "nông dân", "bộ đội", "công an",
    "quân đội", "lực lượng vũ trang", "quân khu", "bộ quốc phòng", "bộ công an", "bộ tư lệnh", "sư đoàn", "lữ đoàn", "trung đoàn", "người lao động", "tuổi", "trẻ", "dân quân", "cựu chiến binh", "một số", "cả nước", "toàn quốc", "trung ương", "công ty", "tổng công ty", "tập đoàn", "nhà máy", "xí nghiệp", "chi nhánh", "công đoàn ngành", "khối quận", "khối huyện",
    "khối phường", "khối xã", "khối cơ quan", "khối các cơ quan", "nội thành", "ngoại thành", "hải đảo"];
/// Who stands at the end of a row.
static FIRST_AND_LAST: Phrases<()> = phrases![() => "thấp nhất", "cao nhất", "nhiều nhất", "dẫn đầu"];
/// The hosts of which a programme may be as a whole.
static HOSTS: Phrases<()> = phrases![() => "ngoài nhà nước", "ngoài khu vực nhà nước", "trong doanh nghiệp", "trong các doanh nghiệp", "tại doanh nghiệp",
    "tại các doanh nghiệp", "khu vực doanh nghiệp", "các doanh nghiệp"];
static BODIES: Phrases<()> = phrases![() => "sở", "ngành", "ban quản lý", "cục", "chi cục", "bệnh viện", "trường"];
static OF_BODY: Phrases<()> = phrases![() => "thuộc", "của", "trong", "tại", "toàn"];
/// Units of one kind, unless more are named with them.
static OF_ONE_KIND: Phrases<()> = phrases![() => "các quận", "các huyện", "các quận ủy", "các huyện ủy", "các phường", "các xã", "các thị trấn", "các thị xã",
    "các sở", "các quận đoàn", "các huyện đoàn"];
static AND: Phrases<()> = phrases![() => "và"];
static AND_OTHERS: Phrases<()> = phrases![() => "quận", "huyện", "các huyện", "các quận", "khu kinh tế", "khối doanh nghiệp", "quận ủy", "huyện ủy", "thị xã", "phường",
    "xã", "thị trấn", "các ngành", "ngành", "huyện đoàn", "quận đoàn"];
static AND_ALL: Phrases<()> = phrases![() => "đơn vị", "đảng ủy", "đảng bộ", "trực thuộc", "toàn thành phố", "cả thành phố",
    "trên địa bàn thành phố", "trong thành phố", "địa phương"];
static WITHIN: Phrases<()> = phrases![() => "trong đó", "trong số đó", "trong số này"];
static IN: Phrases<()> = phrases![() => "trong", "trong các", "tại", "tại các", "ở", "ở các"];
static AMONG: Phrases<()> = phrases![() => "ở", "tại", "của", "thuộc"];
static DOES: Phrases<()> = phrases![() => "thành lập", "kết nạp", "phát triển", "ra mắt", "có"];
static YEAR: Phrases<()> = phrases![() => "năm"];
/// In front of a trait behind its figure.
static WHO: Phrases<()> =
    phrases![() => "là", "đảng viên", "đảng viên là", "đồng chí", "đồng chí là", "người", "người là", "có", "của"];

/// Whether a count is no total: "tăng 49", "bình quân mỗi quận 28", "gấp 2 lần", "49 … so với năm 2021". It counts up to `end`.
pub(super) fn is_no_total(sentence: Sentence<'_>, marks: &[Mark], mark: usize, end: usize) -> bool {
    let at = &marks[mark].at;
    let before = &sentence.tokens[..at.start];
    let behind = clause_behind(sentence.tokens, end);
    let near = &before[before.len() - before.iter().rev().take_while(|token| token.kind == Kind::Word).count()..];
    let near = &near[near.len().saturating_sub(DIFFERENCE_WITHIN)..];
    let differs = (0..near.len()).any(|i| DIFFERENCE.at(&near[i..]).is_some_and(|(differs, _)| differs));
    let against = (0..behind.len())
        .any(|i| AGAINST.at(&behind[i..]).is_some_and(|(_, length)| PLAN.at(&behind[i + length..]).is_none()));
    let from = marks[..mark].last().map_or(0, |before| before.at.end).max(part_start(sentence.tokens, at.start));
    let average = AVERAGE.within(&sentence.tokens[from.min(at.start)..at.start]) || AVERAGE.within(behind);
    let per = matches!(sentence.tokens.get(end), Some(token) if token.kind == Kind::Slash);
    let times = TIMES.at(sentence.tokens.get(at.end..).unwrap_or_default()).is_some();
    differs || against || SAME_TIME.within(behind) || average || per || times
}

/// The words by which a figure at `at` is of a part, the units of one kind among them. It counts up to `end`.
pub(super) fn narrowed(
    sentence: Sentence<'_>,
    marks: &[Mark],
    at: usize,
    end: usize,
) -> Option<(Range<usize>, NarrowedBy)> {
    let tokens = sentence.tokens;
    let behind = end..end + clause_behind(tokens, end).len();
    if let Some((range, of)) = behind
        .clone()
        .find_map(|i| Some((i, TRAITS.at(&tokens[i..behind.end])?)))
        .map(|(i, (of, length))| (i..i + length, of))
    {
        let others = is_with_others(&tokens[range.end..]);
        return Some((range, if others { NarrowedBy::Part } else { NarrowedBy::Trait(of) }));
    }
    let start = part_start(tokens, at);
    // What an earlier figure counts, up to its comma, says nothing of this one.
    let carried = |i: &usize| {
        let counted = marks.iter().any(|mark| (start..*i).contains(&mark.at.start));
        !(counted && tokens[*i..at].iter().any(|token| token.kind == Kind::Comma))
    };
    let unit = unit_before(tokens, at);
    let in_name = |i: &usize| unit.as_ref().is_some_and(|unit| unit.contains(i));
    if let Some(range) = counted_units(tokens, marks, start, at).or_else(|| among_units(tokens, behind.end)) {
        return Some((range, NarrowedBy::Perhaps));
    }
    let places = behind.chain((start..at).filter(carried)).filter(|i| !in_name(i));
    places.filter_map(|i| some_at(tokens, i)).next()
}

/// "Công nhân, người lao động": more than those that a ledger counts so.
fn is_with_others(behind: &[Token]) -> bool {
    let sign = behind.first().is_some_and(|token| token.kind == Kind::Comma);
    let joined = AND.at(behind).map_or_else(|| usize::from(sign), |(_, length)| length);
    joined > 0 && PARTS.at(&behind[joined..]).is_some()
}

/// So many units that do it begin here: "14 quận, huyện thành lập 37".
pub(super) fn counted_units_at(tokens: &[Token], i: usize) -> Option<usize> {
    let number = (tokens[i].kind == Kind::Number && YEAR.ending(&tokens[..i]).is_none()) || is_number_alone(&tokens[i]);
    let (_, length) = noun(&tokens[i + 1..]).filter(|(level, _)| number && *level == Level::Units)?;
    let rest = &tokens[i + 1 + length..];
    let rest = &rest[..rest.iter().take_while(|token| matches!(token.kind, Kind::Word | Kind::Comma)).count()];
    do_it(rest).then_some(1 + length)
}

/// Whether units are said to found or admit, and not how they stand.
fn do_it(words: &[Token]) -> bool {
    let stands = (0..words.len()).any(|i| stand_at(&words[i..]).is_some());
    !stands && (0..words.len()).any(|i| DOES.at(&words[i..]).is_some())
}

/// Some of the whole, of whom a text goes on to speak: "các huyện ngoại thành kết nạp". Behind a figure they are only of that.
pub(super) fn part_at(tokens: &[Token], i: usize) -> Option<usize> {
    let before = &tokens[..i];
    let begins = before.last().is_none_or(|last| last.kind != Kind::Word) || IN.ending(before).is_some();
    let (range, _) = begins.then(|| some_at(tokens, i)).flatten().filter(|(_, by)| *by == NarrowedBy::Part)?;
    let counted = tokens[clause_start(tokens, i)..i].iter().any(|token| token.kind == Kind::Number);
    (!counted).then_some(range.len())
}

/// The words since the last semicolon by which units that are counted at `at` are some of all: "khối quận có 4/7".
pub(super) fn some_before(tokens: &[Token], at: usize) -> Option<(Range<usize>, NarrowedBy)> {
    (part_start(tokens, at)..at).find_map(|i| some_at(&tokens[..at], i))
}

/// "…, trong đó 449 đảng viên trong các doanh nghiệp": what is counted there is of all hosts, and the part is of those that a programme counts.
pub(super) fn is_of_hosts(tokens: &[Token], end: usize) -> bool {
    let behind = clause_behind(tokens, end);
    (0..behind.len()).any(|i| HOSTS.at(&behind[i..]).is_some())
}

/// "… được thành lập ở 12 quận, huyện".
fn among_units(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    AMONG.ending(&tokens[..i])?;
    let number = tokens.get(i).filter(|token| token.kind == Kind::Number);
    let (_, length) = noun(tokens.get(i + 1..)?).filter(|(level, _)| number.is_some() && *level == Level::Units)?;
    Some(i..i + 1 + length)
}

/// "3 quận thành lập 12", "hai đơn vị dẫn đầu kết nạp 69": so many units that do it.
fn counted_units(tokens: &[Token], marks: &[Mark], start: usize, at: usize) -> Option<Range<usize>> {
    let counted = |i: usize| {
        let number = marks.iter().any(|mark| mark.at.start == i) || is_number_alone(&tokens[i]);
        let (_, length) = noun(&tokens[i + 1..at]).filter(|(level, _)| number && *level == Level::Units)?;
        do_it(&tokens[i + 1 + length..at]).then_some(i..i + 1 + length)
    };
    (start..at).find_map(counted)
}

fn some_at(tokens: &[Token], i: usize) -> Option<(Range<usize>, NarrowedBy)> {
    if let Some((_, length)) = HOSTS.at(&tokens[i..]).or_else(|| FIRST_AND_LAST.at(&tokens[i..])) {
        return Some((i..i + length, NarrowedBy::Perhaps));
    }
    // "Sở Y tế", "ngành y tế"; "cơ sở" and "các ngành" are other words.
    let body = BODIES.at(&tokens[i..]).filter(|_| tokens[i].capital || OF_BODY.ending(&tokens[..i]).is_some());
    if let Some((_, length)) = body {
        return Some((i..i + length, NarrowedBy::Part));
    }
    if let Some((_, length)) = PARTS.at(&tokens[i..]) {
        return Some((i..i + length, NarrowedBy::Part));
    }
    let (_, length) = OF_ONE_KIND.at(&tokens[i..])?;
    let with = i + tokens[i..].iter().take_while(|token| matches!(token.kind, Kind::Word | Kind::Comma)).count();
    let rest = &tokens[i + length..with];
    if AND_ALL.within(rest) {
        return None;
    }
    // "Các quận, huyện", "các quận và Khu kinh tế" may be all of them.
    let sign = rest.first().is_some_and(|token| token.kind == Kind::Comma);
    let joined = AND.at(rest).map_or_else(|| usize::from(sign), |(_, length)| length);
    let more = joined > 0 && AND_OTHERS.at(&rest[joined..]).is_some();
    Some((i..i + length, if more { NarrowedBy::Perhaps } else { NarrowedBy::Part }))
}

/// The trait of a figure that is one of an "of which": "nữ 171", "171 nữ", "6 đồng chí là chủ doanh nghiệp"; and where its words end.
pub(super) fn trait_of(sentence: Sentence<'_>, mark: &Mark) -> Option<(Trait, Range<usize>)> {
    let tokens = sentence.tokens;
    let after = tokens.get(mark.at.end..).unwrap_or_default();
    let who = WHO.at(after).filter(|_| TRAITS.at(after).is_none()).map_or(0, |(_, length)| length);
    if let Some((of, length)) = TRAITS.at(&after[who..]) {
        return Some((of, mark.at.start..mark.at.end + who + length));
    }
    let mut end = mark.at.start;
    let is_led = |token: &Token| matches!(token.kind, Kind::Colon) || ["la", "co"].contains(&plain(token));
    while end > 0 && is_led(&tokens[end - 1]) {
        end -= 1;
    }
    let (of, length) = TRAITS.ending(&tokens[..end])?;
    Some((of, end - length..mark.at.end))
}

/// "là" and "có" by their keys.
fn plain(token: &Token) -> &'static str {
    static LED: Phrases<&'static str> = phrases!["la" => "là"; "co" => "có"];
    LED.at(std::slice::from_ref(token)).map_or("", |(word, _)| word)
}

/// Words behind a figure up to the next sign or number, or up to "trong đó".
pub(super) fn clause_behind(tokens: &[Token], end: usize) -> &[Token] {
    let rest = tokens.get(end..).unwrap_or_default();
    let words = rest.iter().take_while(|token| token.kind == Kind::Word).count();
    let within = (0..words).find(|i| WITHIN.at(&rest[*i..words]).is_some());
    &rest[..within.unwrap_or(words)]
}

/// Behind the last semicolon before a token.
pub(super) fn part_start(tokens: &[Token], at: usize) -> usize {
    tokens[..at].iter().rposition(|token| token.kind == Kind::Semicolon).map_or(0, |i| i + 1)
}
