//! Lists of Vietnamese phrases, found among tokens however they are spelled.

use std::sync::LazyLock;

use super::token::Token;
use crate::text::comparison_key;

/// Phrases and what each means.
pub(super) struct Phrases<T: 'static> {
    keys: LazyLock<Vec<(Vec<String>, T)>>,
}

impl<T: Copy> Phrases<T> {
    /// `init` makes the list; see [`phrases!`].
    pub(super) const fn new(init: fn() -> Vec<(Vec<String>, T)>) -> Self {
        Self { keys: LazyLock::new(init) }
    }

    /// The longest phrase that begins at the first token: what it means, and of how many tokens it is.
    pub(super) fn at(&self, tokens: &[Token]) -> Option<(T, usize)> {
        let begins = |words: &[String]| {
            words.len() <= tokens.len() && words.iter().zip(tokens).all(|(word, token)| *word == token.key)
        };
        let found = self.keys.iter().filter(|(words, _)| begins(words)).max_by_key(|(words, _)| words.len());
        found.map(|(words, means)| (*means, words.len()))
    }

    /// The longest phrase that ends with the last token.
    pub(super) fn ending(&self, tokens: &[Token]) -> Option<(T, usize)> {
        let longest = self.keys.iter().map(|(words, _)| words.len()).max()?.min(tokens.len());
        (1..=longest).rev().find_map(|n| self.at(&tokens[tokens.len() - n..]).filter(|(_, length)| *length == n))
    }

    /// Whether one of them stands anywhere among the tokens.
    pub(super) fn within(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|i| self.at(&tokens[i..]).is_some())
    }
}

/// Keys of the words of a phrase.
pub(super) fn keys(phrase: &str) -> Vec<String> {
    phrase.split(' ').map(comparison_key).collect()
}

/// `phrases![MEANING: "phrase", "phrase"; OTHER: …]`.
macro_rules! phrases {
    ($($means:expr => $($phrase:literal),+);+ $(;)?) => {
        $crate::claims::phrases::Phrases::new(|| vec![$($(($crate::claims::phrases::keys($phrase), $means)),+),+])
    };
}
pub(super) use phrases;
