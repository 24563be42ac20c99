//! Of which single unit a figure speaks: "Quận ủy Lê Chân đạt 4/3" says nothing of the whole.

use std::ops::Range;

use super::{
    phrases::{Phrases, phrases},
    token::{Kind, Token},
    topic::topic_at,
};

static NOUNS: Phrases<()> = phrases![() => "quận", "huyện", "thị xã", "quận ủy", "huyện ủy", "thị ủy", "đảng ủy", "đảng bộ", "phường", "xã", "thị trấn",
    "huyện đoàn", "quận đoàn", "thị đoàn", "công đoàn ngành", "liên đoàn lao động quận", "liên đoàn lao động huyện"];
/// A district that speaks of itself.
static ITSELF: Phrases<()> = phrases![() => "toàn huyện", "toàn quận", "toàn xã", "toàn phường", "toàn thị xã"];
/// Words before a name that has no noun.
static LEADS: Phrases<()> = phrases![() => "trong đó", "trong đó có", "riêng", "và", "như"];
/// Names that are not written with capitals throughout.
static KNOWN: Phrases<()> =
    phrases![() => "khu kinh tế", "khối doanh nghiệp", "khu kinh tế hải phòng", "khối doanh nghiệp thành phố"];
/// Words that bring the text back to the whole.
static WHOLE: Phrases<()> = phrases![() => "toàn thành phố", "cả thành phố", "toàn tỉnh", "cả tỉnh", "toàn đảng bộ", "toàn đảng bộ thành phố",
    "toàn đảng bộ tỉnh", "các quận", "các huyện", "các cấp", "các đơn vị", "các địa phương", "đảng bộ thành phố", "đảng bộ tỉnh"];

/// The unit that is named last before the token at `at`, since the last semicolon and after the last word for the whole.
pub(super) fn unit_before(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let start = tokens[..at].iter().rposition(|token| token.kind == Kind::Semicolon).map_or(0, |i| i + 1);
    let whole = (start..at).rev().find(|i| WHOLE.at(&tokens[*i..at]).is_some());
    let from = whole.map_or(start, |i| i + 1);
    let noun = (from..at).rev().find_map(|i| {
        if let Some((_, length)) = ITSELF.at(&tokens[i..at]) {
            return Some(i..i + length);
        }
        let (_, length) = NOUNS.at(&tokens[i..at])?;
        let name = tokens[i + length..at].iter().take_while(|token| token.kind == Kind::Word && token.capital).count();
        (name > 0).then_some(i..i + length + name)
    });
    bare_name(tokens, at).or(noun)
}

/// "…, Hồng Bàng đạt 150%", "Lê Chân 4/3, Hồng Bàng (5/4) và Kiến An: 2/2": a name without its noun begins the part between signs.
fn bare_name(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let is_word = |i: usize| tokens[i].kind == Kind::Word;
    // "Lê Chân: 4/3", "Lê Chân (4/3)", "Lê Chân - 4/3".
    let joined = at >= 2
        && matches!(tokens[at - 1].kind, Kind::Colon | Kind::Open | Kind::Dash | Kind::Equals)
        && is_word(at - 2);
    let end = if joined { at - 1 } else { at };
    let first = (0..end).rev().take_while(|i| is_word(*i)).last()?;
    let lead = LEADS.at(&tokens[first..end]).map_or(0, |(_, length)| length);
    let start = first + lead;
    let name = name_of(&tokens[start..end]);
    let listed = match first.checked_sub(1).map(|sign| tokens[sign].kind) {
        Some(Kind::Comma | Kind::Semicolon | Kind::Colon) => true,
        // "… 4/3 và Hồng Bàng 5/4".
        Some(Kind::Number | Kind::Percent | Kind::Close) => lead > 0,
        // At the beginning of a sentence the name may be that of the city itself, unless others like it follow.
        None | Some(Kind::Dash | Kind::Bullet | Kind::Plus) => name == end - start && goes_on_as_list(tokens, at),
        _ => false,
    };
    (listed && name > 0 && topic_at(&tokens[start..end]).is_none()).then_some(start..start + name)
}

/// Tokens of the name at the beginning: two capitals or more, or a name that is known, when nothing but its figure follows.
fn name_of(tokens: &[Token]) -> usize {
    if let Some((_, length)) = KNOWN.at(tokens).filter(|(_, length)| *length == tokens.len()) {
        return length;
    }
    let name = tokens.iter().take_while(|token| token.title).count();
    if name >= 2 { name } else { 0 }
}

/// Whether behind the figure at `at` comes a name with a figure of its own.
fn goes_on_as_list(tokens: &[Token], at: usize) -> bool {
    let in_figure = |token: &&Token| {
        matches!(token.kind, Kind::Number | Kind::Slash | Kind::Equals | Kind::Percent | Kind::Open | Kind::Close)
    };
    let behind = &tokens[at + tokens[at..].iter().take_while(in_figure).count()..];
    let sign = match behind {
        [Token { kind: Kind::Comma | Kind::Semicolon, .. }, ..] => 1,
        _ => 0,
    };
    let lead = LEADS.at(&behind[sign..]).map_or(0, |(_, length)| length);
    let words = behind[sign + lead..].iter().take_while(|token| token.kind == Kind::Word).count();
    let rest = &behind[sign + lead..];
    let figure = rest[words..].iter().find(|token| !matches!(token.kind, Kind::Colon | Kind::Open | Kind::Dash));
    let named = name_of(&rest[..words]) == words && words > 0;
    sign + lead > 0 && named && figure.is_some_and(|token| token.kind == Kind::Number)
}

/// Whether a figure stands at once behind the name of one unit, as in a list of them.
pub(super) fn is_of_listed_unit(tokens: &[Token], at: usize) -> bool {
    let joined = at >= 1 && matches!(tokens[at - 1].kind, Kind::Colon | Kind::Open | Kind::Dash | Kind::Equals);
    let end = if joined { at - 1 } else { at };
    bare_name(tokens, at).is_some_and(|name| name.end == end)
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
        assert_eq!(unit("Hải Phòng 47/42, đạt kế hoạch"), None);
        assert_eq!(unit("Hải Phòng kết nạp 47, Lê Chân 4/3"), None);
    }

    #[test]
    fn words_for_the_whole_and_semicolons_lead_away_from_it() {
        assert_eq!(unit("Theo Quận ủy Lê Chân, toàn thành phố thành lập 47"), None);
        assert_eq!(unit("Quận ủy Lê Chân vượt; thành lập 47"), None);
    }
}
