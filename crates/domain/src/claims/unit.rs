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

/// "…, Hồng Bàng đạt 150%": a name without its noun begins the part between commas.
fn bare_name(tokens: &[Token], at: usize) -> Option<Range<usize>> {
    let divides = |token: &Token| token.kind != Kind::Word;
    let sign = tokens[..at].iter().rposition(divides)?;
    // At the beginning of a sentence the name may be that of the city itself.
    let listed = matches!(tokens[sign].kind, Kind::Comma | Kind::Semicolon | Kind::Colon);
    let start = sign + 1 + LEADS.at(&tokens[sign + 1..at]).map_or(0, |(_, length)| length);
    let name = tokens[start..at].iter().take_while(|token| token.title).count();
    (listed && name >= 2 && topic_at(&tokens[start..at]).is_none()).then_some(start..start + name)
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
    fn words_for_the_whole_and_semicolons_lead_away_from_it() {
        assert_eq!(unit("Theo Quận ủy Lê Chân, toàn thành phố thành lập 47"), None);
        assert_eq!(unit("Quận ủy Lê Chân vượt; thành lập 47"), None);
    }
}
