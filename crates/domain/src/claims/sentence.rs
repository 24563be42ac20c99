//! Cuts tokens into sentences.

use std::ops::Range;

use super::{
    phrases::{Phrases, phrases},
    token::{Gap, Kind, Token},
};

/// Words after which a point does not end a sentence.
static ABBREVIATIONS: Phrases<()> =
    phrases![() => "TP", "Tp", "TS", "ThS", "PGS", "GS", "TX", "TT", "TTr", "Nxb", "tr", "đ", "vv"];

/// Tokens after which a sentence is cut. No writer gets there, but a table without a full stop does.
const SENTENCE_MAX: usize = 1_000;

/// The sentences of a text, each a range of tokens. A line break is a space, unless a list item or an empty line follows.
pub(super) fn sentences(tokens: &[Token]) -> Vec<Range<usize>> {
    let (mut found, mut start) = (Vec::new(), 0);
    for i in 1..=tokens.len() {
        if i == tokens.len() || i - start == SENTENCE_MAX || ends_before(&tokens[start..], i - start) {
            found.push(start..i);
            start = i;
        }
    }
    found.retain(|range| !range.is_empty());
    found
}

/// Whether the sentence of which these are the tokens ends before the one at `i`. There is one before it.
fn ends_before(tokens: &[Token], i: usize) -> bool {
    let (last, next) = (&tokens[i - 1], &tokens[i]);
    if next.gap == Gap::Blank {
        return true;
    }
    if next.gap == Gap::Line && begins_item(&tokens[i..]) {
        return !matches!(last.kind, Kind::Comma | Kind::Semicolon | Kind::Colon);
    }
    last.kind == Kind::Stop && next.gap >= Gap::Space && !is_lower(next) && !is_abbreviated(&tokens[..i - 1])
}

/// `- …`, `• …`, `+ …`, `1. …`, `a) …`.
fn begins_item(line: &[Token]) -> bool {
    match line {
        [Token { kind: Kind::Dash | Kind::Bullet | Kind::Plus, .. }, ..] => true,
        [
            Token { kind: Kind::Number | Kind::Word, span, .. },
            Token { kind: Kind::Stop | Kind::Close, gap, .. },
            ..,
        ] => span.len() <= 2 && *gap == Gap::None,
        _ => false,
    }
}

fn is_lower(token: &Token) -> bool {
    token.kind == Kind::Word && !token.capital
}

/// Whether the point after these tokens belongs to their last: "TP.", a single letter, the number of a list item.
fn is_abbreviated(tokens: &[Token]) -> bool {
    match tokens {
        [Token { kind: Kind::Number, .. }] => true,
        [.., last] if last.kind == Kind::Word => {
            last.key.chars().count() == 1 || ABBREVIATIONS.at(std::slice::from_ref(last)).is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::token::tokens;

    fn cut(text: &str) -> Vec<&str> {
        let tokens = tokens(text);
        let of = |range: Range<usize>| &text[tokens[range.start].span.start..tokens[range.end - 1].span.end];
        sentences(&tokens).into_iter().map(of).collect()
    }

    #[test]
    fn a_point_ends_a_sentence_unless_it_belongs_to_a_number_or_an_abbreviation() {
        assert_eq!(cut("Đạt 1.071. Năm 2022. Hết."), ["Đạt 1.071.", "Năm 2022.", "Hết."]);
        assert_eq!(cut("TP. Hải Phòng có Q. Lê Chân. Hết"), ["TP. Hải Phòng có Q. Lê Chân.", "Hết"]);
        assert_eq!(cut("1. Thành lập tổ chức đảng"), ["1. Thành lập tổ chức đảng"]);
    }

    #[test]
    fn what_never_ends_is_cut() {
        let tokens = tokens(&"47/42 ".repeat(1_000));
        assert_eq!(sentences(&tokens), [0..1_000, 1_000..2_000, 2_000..3_000]);
    }

    #[test]
    fn a_line_break_is_a_space_and_an_empty_line_is_an_end() {
        assert_eq!(cut("đạt\n47/42\n\nđạt 5"), ["đạt\n47/42", "đạt 5"]);
    }

    #[test]
    fn a_list_item_is_a_sentence_unless_the_line_before_goes_on() {
        assert_eq!(cut("Kết quả\n- một\n- hai"), ["Kết quả", "- một", "- hai"]);
        assert_eq!(cut("Kết quả:\n- một;\n- hai."), ["Kết quả:\n- một;\n- hai."]);
    }
}
