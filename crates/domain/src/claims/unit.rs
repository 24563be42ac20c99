//! Of which single unit a figure speaks: "Quận ủy Lê Chân đạt 4/3" says nothing of the whole.

use std::ops::Range;

use super::{
    narrow::clause_behind,
    phrases::{Phrases, phrases},
    subject::{PROVINCES, name_behind_province, subject_before},
    token::{Gap, Kind, Token},
    topic::{topic_at, topics_of},
    whole::{lead, whole_at},
};

static NOUNS: Phrases<()> = phrases![() => "quận", "huyện", "thị xã", "quận ủy", "huyện ủy", "thị ủy", "đảng ủy", "đảng bộ", "phường", "xã", "thị trấn",
    "đặc khu", "huyện đoàn", "quận đoàn", "thị đoàn", "công đoàn ngành", "liên đoàn lao động quận", "liên đoàn lao động huyện", "đảng bộ quận", "đảng bộ huyện",
    "công đoàn quận", "công đoàn huyện"];
/// Bodies that are named by their own words as well: "Đoàn Thanh niên", "Công đoàn Việt Nam".
pub(super) static BODIES: Phrases<()> = phrases![() => "công đoàn", "đoàn", "đoàn thanh niên", "liên đoàn lao động", "LĐLĐ", "đảng ủy", "đảng bộ", "chi bộ", "chi đoàn",
    "công đoàn cơ sở", "ủy ban", "thành phố", "TP", "tỉnh", "thành ủy", "tỉnh ủy", "thành đoàn", "tỉnh đoàn"];
/// Words for areas, without those of bodies.
pub(super) static NOUNS_OF_AREAS: Phrases<()> =
    phrases![() => "quận", "huyện", "thị xã", "phường", "xã", "thị trấn", "đặc khu", "quận ủy", "huyện ủy", "thị ủy"];
static NOT_ITS_NAME: Phrases<()> = phrases![() => "thanh niên", "việt nam", "cộng sản", "lao động", "viên chức"];
/// A district that speaks of itself.
static ITSELF: Phrases<()> =
    phrases![() => "toàn huyện", "toàn quận", "toàn xã", "toàn phường", "toàn thị xã", "toàn thị trấn", "toàn đặc khu"];
/// Words of what a figure counts, before the next of its list.
const COUNTED_WITHIN: usize = 6;
/// Words before a name that has no noun.
static LEADS: Phrases<()> = phrases![() => "trong đó", "trong đó có", "riêng", "và", "như"];
/// Names that are not written with capitals throughout.
static KNOWN: Phrases<()> = phrases![() => "khu kinh tế", "khối doanh nghiệp", "khối doanh nghiệp thành phố", "khối các cơ quan", "khối cơ quan",
    "khối các cơ quan thành phố", "khối dân chính đảng"];
static AND: Phrases<()> = phrases![() => "và"];
static MANY: Phrases<()> = phrases![() => "quận", "huyện", "thị xã", "đơn vị", "ngành", "quận ủy", "huyện ủy", "đảng ủy", "đảng bộ", "xã", "phường",
    "quận đoàn", "huyện đoàn", "địa phương", "doanh nghiệp"];
static PLACES: Phrases<()> = phrases![() => "tại", "ở", "của", "thuộc", "trên địa bàn", "cho", "tại địa bàn"];
static OF_ITS_OWN: Phrases<()> = phrases![() => "thuộc", "trực thuộc", "ở các xã", "cơ sở của"];
/// Before the name of a city or a province, which is not joined to what follows it: "tại Hải Phòng, Quận ủy Lê Chân".
static WHERE: Phrases<()> =
    phrases![() => "tại", "ở", "của", "thuộc", "thành phố", "TP", "tỉnh", "thành ủy", "tỉnh ủy"];

/// The unit that is named last before the token at `at`, since the last semicolon and after the last word for the whole.
pub(super) fn unit_before(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let from = lead(tokens, at).start;
    let noun = (from..at).rev().find_map(|i| named_at(&tokens[..at], i).filter(|unit| !is_aside(&tokens[..at], unit)));
    let found = bare_name(tokens, at).or_else(|| nearer(noun, subject_before(tokens, at)))?;
    Some(with_those_beside(&tokens[..at], from, found))
}

/// "Phường Đông Hải 1 (quận Hải An)": where it is, and not who.
pub(super) fn is_aside(tokens: &[Token], unit: &Range<usize>) -> bool {
    let opens = unit.start > 0 && tokens[unit.start - 1].kind == Kind::Open;
    opens && tokens.get(unit.end).is_some_and(|next| next.kind == Kind::Close)
}

/// A name that is known though it is not written with capitals throughout.
pub(super) fn is_known(tokens: &[Token]) -> bool {
    KNOWN.at(tokens).is_some()
}

/// "Toàn huyện", which a district says of itself.
pub(super) fn is_itself(unit: &[Token]) -> bool {
    ITSELF.at(unit).is_some()
}

/// The later of two names; with its nouns where they are one.
fn nearer(noun: Option<Range<usize>>, subject: Option<Range<usize>>) -> Option<Range<usize>> {
    match (noun, subject) {
        (Some(noun), Some(subject)) if subject.start >= noun.end => Some(subject),
        (noun, subject) => noun.or(subject),
    }
}

/// Whether a name stands in a list, each with its figure.
pub(super) fn is_listed(tokens: &[Token], at: usize) -> bool {
    bare_name(tokens, at).is_some()
}

/// The name in a run of capitals, unless that is made of words for bodies alone.
pub(super) fn own_name(tokens: &[Token], run: Range<usize>) -> Option<Range<usize>> {
    let mut rest = run.start;
    let noun = |i: usize| {
        let words = &tokens[i..run.end];
        [NOUNS.at(words), BODIES.at(words), KNOWN.at(words)].into_iter().flatten().map(|(_, length)| length).max()
    };
    while let Some(length) = noun(rest) {
        rest += length;
    }
    let body = rest > run.start && NOT_ITS_NAME.at(&tokens[rest..run.end]).is_some();
    (run.end >= rest + 2 && !body).then_some(run)
}

/// "Các quận, huyện và Khu kinh tế" are many, and a name that begins at `i` is not the one of which they speak.
pub(super) fn is_beside_many(tokens: &[Token], i: usize) -> bool {
    let end = BODIES.ending(&tokens[..i]).map_or(i, |(_, length)| i - length);
    let and = AND.ending(&tokens[..end]).map(|(_, length)| length);
    let comma = tokens[..end].last().filter(|sign| sign.kind == Kind::Comma).map(|_| 1);
    and.or(comma).is_some_and(|sign| MANY.ending(&tokens[..end - sign]).is_some())
}

/// "Các chi bộ thuộc Quận ủy Lê Chân" may be some of it.
pub(super) fn is_of_its_own(tokens: &[Token], unit: &Range<usize>) -> bool {
    OF_ITS_OWN.ending(&tokens[..unit.start]).is_some()
}

/// The unit behind a figure: "36 đảng viên tại quận Lê Chân", "4 tổ chức đảng ở Lê Chân".
pub(super) fn unit_behind(tokens: &[Token], end: usize) -> Option<Range<usize>> {
    let until = end + clause_behind(tokens, end).len();
    let (place, length) = (end..until).find_map(|i| Some((i, PLACES.at(&tokens[i..until])?.1)))?;
    let start = place + length;
    let name = titles(&tokens[start..until]);
    let bare = (name >= 2).then(|| start..start + name);
    let found = named_at(&tokens[..until], start).filter(|found| found.start == start).or(bare)?;
    let mut end = found.end;
    while let Some(next) = joined_behind(tokens, end) {
        end = next;
    }
    Some(found.start..end)
}

/// A noun with its name, or a name that is known, at a token.
pub(super) fn named_at(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    if let Some((_, length)) = ITSELF.at(&tokens[i..]) {
        return Some(i..i + length);
    }
    if let Some((_, length)) = KNOWN.at(&tokens[i..]).filter(|_| !is_beside_many(tokens, i)) {
        let noun = BODIES.ending(&tokens[..i]).map_or(0, |(_, length)| length);
        return Some(i - noun..i + length + titles(&tokens[i + length..]));
    }
    let body = BODIES.at(&tokens[i..]).map(|(_, length)| length + point_of(&tokens[i + length..]));
    if let Some(length) = body.filter(|length| NOT_ITS_NAME.at(&tokens[i + length..]).is_none()) {
        let province = PROVINCES.at(&tokens[i..]).is_some();
        let rest = &tokens[i + length..];
        let name = if province { name_behind_province(rest) } else { titles(rest) };
        if name >= if province { 1 } else { 2 } {
            // "Quận đoàn Lê Chân" begins with "Quận đoàn", and not with "đoàn".
            let end = i + length;
            let end = end - point_of(&tokens[end - 1..]);
            let longer = [NOUNS.ending(&tokens[..end]), BODIES.ending(&tokens[..end])];
            let longest = longer.into_iter().flatten().map(|(_, length)| length).max().unwrap_or(length);
            return Some(end - longest..i + length + name);
        }
    }
    let (_, length) = NOUNS.at(&tokens[i..]).filter(|_| whole_at(tokens, i).is_none())?;
    let name = tokens[i + length..].iter().take_while(|token| token.kind == Kind::Word && token.capital).count();
    let end = i + length + name;
    let numeral = end < tokens.len() && is_numeral(tokens, end);
    // "Thị xã Đông Triều" is no "xã".
    let longest = NOUNS.ending(&tokens[..i + length]).map_or(length, |(_, longer)| longer.max(length));
    (name > 0).then_some(i + length - longest..end + usize::from(numeral))
}

/// The point of "TP." before a name.
fn point_of(tokens: &[Token]) -> usize {
    let point = tokens.first().is_some_and(|sign| sign.kind == Kind::Stop && sign.gap == Gap::None);
    usize::from(point && tokens.get(1).is_some_and(|next| next.capital))
}

/// "Quận ủy Lê Chân và Hồng Bàng", "Lê Chân, Hồng Bàng" with one figure: what is said of several is said of none of them.
pub(super) fn with_those_beside(tokens: &[Token], from: usize, found: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = found;
    while let Some(next) = joined_behind(tokens, end) {
        end = next;
    }
    while let Some(previous) = joined_before(tokens, from, start) {
        start = previous;
    }
    start..end
}

/// Behind the next name, when "và" or a comma and no figure stands between.
fn joined_behind(tokens: &[Token], end: usize) -> Option<usize> {
    let sign = match tokens.get(end)? {
        comma if comma.kind == Kind::Comma => 1,
        _ => AND.at(&tokens[end..])?.1,
    };
    let rest = &tokens[end + sign..];
    let noun = NOUNS.at(rest).or_else(|| BODIES.at(rest)).map_or(0, |(_, length)| length);
    let name = KNOWN.at(&rest[noun..]).map_or_else(|| titles(&rest[noun..]), |(_, length)| length);
    (name >= 2 || (noun > 0 && name > 0)).then_some(end + sign + noun + name)
}

/// Where the name before begins.
fn joined_before(tokens: &[Token], from: usize, start: usize) -> Option<usize> {
    let before = tokens[from..start].last()?;
    let sign = if before.kind == Kind::Comma { 1 } else { AND.ending(&tokens[from..start])?.1 };
    let end = start - sign;
    let name = KNOWN
        .ending(&tokens[from..end])
        .map_or_else(|| tokens[from..end].iter().rev().take_while(|token| token.title).count(), |(_, length)| length);
    let start = end - name;
    let place = WHERE.ending(&tokens[..start]).is_some() || WHERE.at(&tokens[start..end]).is_some();
    (name >= 2 && !place).then_some(start)
}

/// "Cát Hải: …", "Cát Hải (…": a name alone that begins a part, and to which what follows belongs.
pub(super) fn heading_at(tokens: &[Token], i: usize) -> Option<Range<usize>> {
    let begins =
        i == 0 || !matches!(tokens[i - 1].kind, Kind::Word | Kind::Number) || AND.ending(&tokens[..i]).is_some();
    let end = i + titles(&tokens[i..]);
    let next = tokens.get(end)?.kind;
    let told = next == Kind::Comma && topic_at(&tokens[end + 1..]).is_some();
    let joined = told || matches!(next, Kind::Colon | Kind::Open | Kind::Number | Kind::Dash | Kind::Equals);
    let named = begins && joined && end >= i + 2 && topics_of(&tokens[i..end]).is_empty();
    own_name(tokens, i..end).filter(|_| named)
}

fn titles(tokens: &[Token]) -> usize {
    tokens.iter().take_while(|token| token.title).count()
}

/// "…, Hồng Bàng đạt 150%", "Lê Chân 4/3, Hồng Bàng (5/4) và Kiến An: 2/2": a name without its noun begins the part between signs.
fn bare_name(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let is_word = |i: usize| tokens[i].kind == Kind::Word;
    // "Lê Chân: 4/3", "Lê Chân (4/3)", "Lê Chân - 4/3".
    let joined = at >= 2
        && matches!(tokens[at - 1].kind, Kind::Colon | Kind::Open | Kind::Dash | Kind::Equals)
        && (is_word(at - 2) || is_numeral(tokens, at - 2));
    let end = if joined { at - 1 } else { at };
    // "Đông Hải 1: 2/2".
    let numbered = end > 0 && is_numeral(tokens, end - 1);
    let words_end = if numbered { end - 1 } else { end };
    let first = (0..words_end).rev().take_while(|i| is_word(*i)).last()?;
    let sign = first.checked_sub(1).map(|sign| tokens[sign].kind);
    let behind_figure = matches!(sign, Some(Kind::Number | Kind::Percent | Kind::Close));
    let lead = LEADS.at(&tokens[first..words_end]).map_or(0, |(_, length)| length);
    // "… 4/3 tổ chức đảng và Hồng Bàng đạt 5/4".
    let and = (first..words_end).rev().find(|i| AND.at(&tokens[*i..words_end]).is_some());
    let start = and.filter(|_| behind_figure).map_or(first + lead, |and| and + 1);
    let name = names_of(&tokens[start..words_end]);
    let listed = match sign {
        Some(Kind::Comma | Kind::Semicolon | Kind::Colon) => true,
        _ if behind_figure => start > first,
        // At the beginning of a sentence the name may be that of the city itself, unless others like it follow.
        None | Some(Kind::Dash | Kind::Bullet | Kind::Plus) => {
            goes_on_as_list(&tokens[at..], &tokens[start + name..words_end])
        }
        _ => false,
    };
    let fits = listed && name > 0 && topic_at(&tokens[start..words_end]).is_none();
    match numbered {
        true => (fits && start + name == words_end).then_some(start..end),
        false => fits.then_some(start..start + name),
    }
}

/// "Đông Hải 1": the number that ends a name.
fn is_numeral(tokens: &[Token], i: usize) -> bool {
    tokens[i].kind == Kind::Number && tokens[i].span.len() <= 2 && i > 0 && tokens[i - 1].title
}

/// Tokens of the name at the beginning, and of those that "và" joins to it: what is said of two is said of neither.
fn names_of(tokens: &[Token]) -> usize {
    let name = name_of(tokens);
    let Some((_, and)) = AND.at(&tokens[name..]).filter(|_| name > 0) else { return name };
    match names_of(&tokens[name + and..]) {
        0 => name,
        other => name + and + other,
    }
}

/// Tokens of the name at the beginning: two capitals or more, or a name that is known, when nothing but its figure follows.
fn name_of(tokens: &[Token]) -> usize {
    if let Some((_, length)) = KNOWN.at(tokens).filter(|(_, length)| *length == tokens.len()) {
        return length;
    }
    let name = tokens.iter().take_while(|token| token.title).count();
    if name >= 2 { name } else { 0 }
}

/// Whether behind the figure at the beginning, and what it counts, comes another name with a figure of its own, led to by the same words: "Lê Chân
/// đạt 4/3 tổ chức đảng, Hồng Bàng đạt 5/4".
fn goes_on_as_list(tokens: &[Token], by: &[Token]) -> bool {
    let in_figure = |token: &&Token| {
        matches!(token.kind, Kind::Number | Kind::Slash | Kind::Equals | Kind::Percent | Kind::Open | Kind::Close)
    };
    let behind = &tokens[tokens.iter().take_while(in_figure).count()..];
    let counted = (0..behind.len())
        .take(COUNTED_WITHIN + 1)
        .take_while(|i| behind[..*i].iter().all(|token| token.kind == Kind::Word));
    let next = counted.filter_map(|i| match behind[i].kind {
        Kind::Comma | Kind::Semicolon => Some(i + 1 + LEADS.at(&behind[i + 1..]).map_or(0, |(_, length)| length)),
        _ => LEADS.at(&behind[i..]).map(|(_, length)| i + length),
    });
    next.map(|i| &behind[i..]).any(|rest| {
        let words = rest.iter().take_while(|token| token.kind == Kind::Word).count();
        let figure = rest[words..].iter().find(|token| !matches!(token.kind, Kind::Colon | Kind::Open | Kind::Dash));
        let Some(name) = words.checked_sub(by.len()).filter(|name| *name > 0) else { return false };
        let led = rest[name..words].iter().zip(by).all(|(one, other)| one.key == other.key);
        led && name_of(&rest[..name]) == name && figure.is_some_and(|token| token.kind == Kind::Number)
    })
}

/// Whether a figure stands at once behind the name of one unit, as in a list of them.
pub(super) fn is_of_listed_unit(tokens: &[Token], at: usize) -> bool {
    let joined = at >= 1 && matches!(tokens[at - 1].kind, Kind::Colon | Kind::Open | Kind::Dash | Kind::Equals);
    let end = if joined { at - 1 } else { at };
    bare_name(tokens, at).is_some_and(|name| name.end == end)
}

/// Whether a figure stands at once behind the name of a unit: "Quận Đồ Sơn (10/10)", "Kiến An 15/15".
pub(super) fn is_behind_unit(tokens: &[Token], at: usize) -> bool {
    let joined = at >= 1 && matches!(tokens[at - 1].kind, Kind::Colon | Kind::Open | Kind::Dash | Kind::Equals);
    let end = if joined { at - 1 } else { at };
    let last = end.checked_sub(1).is_some_and(|last| tokens[last].title || is_numeral(tokens, last));
    last && unit_before(tokens, at).is_some_and(|unit| unit.end == end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::token::tokens;

    fn unit(text: &str) -> Option<&str> {
        let tokens = tokens(text);
        let at = tokens.iter().position(|token| token.kind == Kind::Number)?;
        unit_before(&tokens, at).map(|name| &text[tokens[name.start].span.start..tokens[name.end - 1].span.end])
    }

    #[test]
    fn a_unit_is_a_noun_with_a_name() {
        assert_eq!(unit("Trong đó, Quận ủy Lê Chân thành lập 4"), Some("Quận ủy Lê Chân"));
        assert_eq!(unit("Có kết quả, trong đó Hồng Bàng đạt 150"), Some("Hồng Bàng"));
        assert_eq!(unit("Đoàn Thanh niên thành lập 48"), None);
        assert_eq!(unit("KẾT NẠP ĐẢNG VIÊN ĐẠT 449"), None);
        assert_eq!(unit("Toàn thành phố đạt, trong đó Kiến An 5"), Some("Kiến An"));
        assert_eq!(unit("Toàn huyện có 42"), Some("Toàn huyện"));
        assert_eq!(unit("Huyện A kết nạp 25"), Some("Huyện A"));
        assert_eq!(unit("Có 16"), None);
        assert_eq!(unit("các quận, huyện và Khu kinh tế thành lập 174"), None);
    }

    #[test]
    fn each_name_of_a_list_is_a_unit() {
        let text = "Lê Chân 4/3, Hồng Bàng (5/4); Khu kinh tế: 2/2 và Kiến An 1/1";
        let tokens = tokens(text);
        let at: Vec<usize> = (0..tokens.len() - 1)
            .filter(|i| tokens[*i].kind == Kind::Number && tokens[i + 1].kind == Kind::Slash)
            .collect();
        let name = |at: &usize| {
            let name = unit_before(&tokens, *at).unwrap();
            assert!(is_of_listed_unit(&tokens, *at));
            &text[tokens[name.start].span.start..tokens[name.end - 1].span.end]
        };
        assert_eq!(at.iter().map(name).collect::<Vec<_>>(), ["Lê Chân", "Hồng Bàng", "Khu kinh tế", "Kiến An"]);
        assert_eq!(unit("Lê Chân đạt 4/3 tổ chức đảng, Hồng Bàng đạt 5/4"), Some("Lê Chân"));
        assert_eq!(unit("Hải Phòng 47/42, đạt kế hoạch"), Some("Hải Phòng"), "which a ledger knows to be the whole");
        assert_eq!(unit("Hải Phòng kết nạp 47, Lê Chân 4/3"), Some("Hải Phòng"));
    }

    #[test]
    fn a_number_may_end_a_name_and_two_names_are_neither_of_them() {
        let last = |text: &str| {
            let tokens = tokens(text);
            let at = tokens.iter().rposition(|token| token.kind == Kind::Slash).unwrap() - 1;
            unit_before(&tokens, at)
                .map(|name| text[tokens[name.start].span.start..tokens[name.end - 1].span.end].to_owned())
        };
        assert_eq!(last("Kết quả: Đông Hải 1: 2/2").as_deref(), Some("Đông Hải 1"));
        assert_eq!(last("Kết quả: Đông Hải 1: 2/2, Đông Hải 2 (3/3)").as_deref(), Some("Đông Hải 2"));
        assert_eq!(last("Phường Đông Hải 1: 2/2").as_deref(), Some("Phường Đông Hải 1"));
        assert_eq!(last("Kết quả: Đông Hải 1 2/2").as_deref(), Some("Đông Hải 1"));
        assert_eq!(last("Lê Chân đạt 4/3 tổ chức đảng và Hồng Bàng đạt 5/4").as_deref(), Some("Hồng Bàng"));
        assert_eq!(last("Trong đó, Hồng Bàng và Lê Chân đạt 7/6").as_deref(), Some("Hồng Bàng và Lê Chân"));
    }

    #[test]
    fn whoever_begins_a_clause_and_does_something_is_named() {
        for (text, name) in [
            ("TP. Hồ Chí Minh kết nạp 9.000", "TP. Hồ Chí Minh"),
            ("Năm qua, Đảng bộ TP Hồ Chí Minh kết nạp 9.000", "TP Hồ Chí Minh"),
            ("Đảng bộ tỉnh Quảng Ninh phát triển 812", "tỉnh Quảng Ninh"),
            ("Thành ủy Hà Nội đã kết nạp 9.000", "Thành ủy Hà Nội"),
            ("Hà Nội, trong năm qua, đã kết nạp 9.000", "Hà Nội"),
            ("Hà Nội thành lập tổ chức đảng, kết nạp 9.000", "Hà Nội"),
            ("Hà Nội và Quảng Ninh kết nạp 9.812", "Hà Nội và Quảng Ninh"),
            ("Tại Hà Nội, kết nạp 9.000", "Hà Nội"),
            ("Đặc khu Cát Hải kết nạp 12", "Đặc khu Cát Hải"),
        ] {
            assert_eq!(unit(text), Some(name), "{text}");
        }
        for text in [
            "Kết Quả Thành Lập Tổ Chức Đảng: 47",
            "Đoàn Thanh Niên thành lập 48",
            "Cùng với Hà Nội, đã kết nạp 449",
            "Ban Tổ chức Thành ủy cho biết đã kết nạp 449",
        ] {
            assert_eq!(unit(text), None, "{text}");
        }
    }

    #[test]
    fn words_for_the_whole_and_semicolons_lead_away_from_it() {
        assert_eq!(unit("Theo Quận ủy Lê Chân, toàn thành phố thành lập 47"), None);
        assert_eq!(unit("Quận ủy Lê Chân vượt; thành lập 47"), None);
    }
}
