//! Cuts a text into words, numbers and signs, each with its bytes.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::text::comparison_key;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// ASCII digits with the points, commas and unbreakable spaces between them.
    Number,
    /// The sign, or "phần trăm".
    Percent,
    Slash,
    Equals,
    Plus,
    Open,
    Close,
    Comma,
    Colon,
    Semicolon,
    /// What may end a sentence.
    Stop,
    Dash,
    Bullet,
    Other,
}

/// The white space before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    Line,
    /// An empty line.
    Blank,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    pub(super) gap: Gap,
    /// Of a word, the key under which its spellings meet; empty otherwise.
    pub(super) key: String,
    /// Of the key; 0 of what has none.
    pub(super) hash: u64,
    pub(super) capital: bool,
    /// A capital and then small letters.
    pub(super) title: bool,
}

/// The tokens of a text in order. White space and characters that print nothing are no tokens.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let (mut tokens, mut at, mut gap) = (Vec::new(), 0, Gap::None);
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            let end = at + run(&text[at..], char::is_whitespace);
            gap = gap.max(gap_of(&text[at..end]));
            at = end;
            continue;
        }
        if matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}') {
            at += c.len_utf8();
            continue;
        }
        let (kind, length) = match c {
            '0'..='9' => (Kind::Number, number(&text[at..])),
            _ if c.is_alphabetic() => (Kind::Word, run(&text[at..], |c| c.is_alphanumeric() || is_combining_mark(c))),
            _ => (sign(c), c.len_utf8()),
        };
        let span = at..at + length;
        let key = if kind == Kind::Word { comparison_key(&text[span.clone()]) } else { String::new() };
        let title = c.is_uppercase() && text[span.clone()].chars().any(char::is_lowercase);
        let hash = if key.is_empty() { 0 } else { hash_of(&key) };
        tokens.push(Token { kind, span, gap, key, hash, capital: c.is_uppercase(), title });
        (at, gap) = (at + length, Gap::None);
    }
    with_percent_words(tokens)
}

/// The same for the same key, and never 0 (FNV-1a).
pub(super) fn hash_of(key: &str) -> u64 {
    let mixed = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    key.bytes().fold(0xcbf2_9ce4_8422_2325, mixed).max(1)
}

/// Bytes of the leading characters that are such.
fn run(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is(c)).unwrap_or(text.len())
}

fn gap_of(white: &str) -> Gap {
    match white.replace("\r\n", "\n").chars().filter(|c| matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')).count() {
        0 => Gap::Space,
        1 => Gap::Line,
        _ => Gap::Blank,
    }
}

/// Bytes of the number at the beginning of `text`.
fn number(text: &str) -> usize {
    let digits = |from: usize| run(&text[from..], |c| c.is_ascii_digit());
    let first = digits(0);
    let mut end = first;
    while let Some(c) = text[end..].chars().next() {
        let next = end + c.len_utf8();
        let grouped = match c {
            '.' | ',' => digits(next) > 0,
            '\u{a0}' | '\u{202f}' | '\u{2009}' => first <= 3 && digits(next) == 3,
            _ => false,
        };
        if !grouped {
            break;
        }
        end = next + digits(next);
    }
    end
}

const fn sign(c: char) -> Kind {
    match c {
        '%' | '％' => Kind::Percent,
        '/' | '∕' | '⁄' => Kind::Slash,
        '=' | '≈' | '~' => Kind::Equals,
        '+' => Kind::Plus,
        '(' | '[' => Kind::Open,
        ')' | ']' => Kind::Close,
        ',' => Kind::Comma,
        ':' => Kind::Colon,
        ';' => Kind::Semicolon,
        '.' | '!' | '?' | '…' => Kind::Stop,
        '-' | '–' | '—' | '−' | '‐' | '‑' => Kind::Dash,
        '•' | '*' | '●' | '▪' | '◦' | '·' => Kind::Bullet,
        _ => Kind::Other,
    }
}

/// "phần trăm" becomes the sign it stands for.
fn with_percent_words(tokens: Vec<Token>) -> Vec<Token> {
    let (part, hundred) = (comparison_key("phần"), comparison_key("trăm"));
    let mut joined: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match joined.last_mut() {
            Some(last) if token.key == hundred && last.key == part => {
                last.kind = Kind::Percent;
                last.span.end = token.span.end;
                last.key.clear();
                last.hash = 0;
            }
            _ => joined.push(token),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| &text[token.span]).collect()
    }

    #[test]
    fn numbers_keep_their_groups_and_leave_the_stop_behind_them() {
        assert_eq!(cut("1.071/444=241,21%."), ["1.071", "/", "444", "=", "241,21", "%", "."]);
        assert_eq!(cut("1\u{a0}071 và 47\u{a0}đơn vị"), ["1\u{a0}071", "và", "47", "đơn", "vị"]);
        assert_eq!(cut("28-NQ/TU"), ["28", "-", "NQ", "/", "TU"]);
    }

    #[test]
    fn decomposed_words_are_whole_and_have_the_key_of_composed_ones() {
        let composed = "Đảng uỷ đạt";
        let decomposed: String = composed.nfd().collect();
        let keys = |text: &str| tokens(text).into_iter().map(|token| token.key).collect::<Vec<_>>();
        assert_eq!(keys(&decomposed), keys(composed));
        assert_eq!(keys("Đảng ủy đạt"), keys(composed));
    }

    #[test]
    fn percent_in_words_is_the_sign() {
        let kinds: Vec<Kind> = tokens("95 phần trăm").into_iter().map(|token| token.kind).collect();
        assert_eq!(kinds, [Kind::Number, Kind::Percent]);
    }

    #[test]
    fn a_gap_remembers_the_lines_it_spans() {
        let gaps: Vec<Gap> = tokens("a b\nc \r\n\r\n d").into_iter().map(|token| token.gap).collect();
        assert_eq!(gaps, [Gap::None, Gap::Space, Gap::Line, Gap::Blank]);
    }
}
