//! Lists of Vietnamese phrases, found among tokens however they are spelled.

use std::{collections::BTreeMap, sync::LazyLock};

use super::token::Token;
use crate::text::comparison_key;

/// Phrases by their first word, each as the keys of its words.
type ByFirstWord<T> = BTreeMap<String, Vec<(Vec<String>, T)>>;

/// Phrases and what each means.
pub(super) struct Phrases<T: 'static> {
    keys: LazyLock<ByFirstWord<T>>,
}

impl<T: Copy> Phrases<T> {
    /// `init` makes the list; see [`phrases!`].
    pub(super) const fn new(init: fn() -> ByFirstWord<T>) -> Self {
        Self { keys: LazyLock::new(init) }
    }

    /// The longest phrase that begins at the first token: what it means, and of how many tokens it is.
    pub(super) fn at(&self, tokens: &[Token]) -> Option<(T, usize)> {
        let begins = |words: &[String]| {
            words.len() <= tokens.len() && words.iter().zip(tokens).all(|(word, token)| *word == token.key)
        };
        let candidates = self.keys.get(&tokens.first()?.key)?;
        let found = candidates.iter().filter(|(words, _)| begins(words)).max_by_key(|(words, _)| words.len());
        found.map(|(words, means)| (*means, words.len()))
    }

    /// The longest phrase that ends with the last token.
    pub(super) fn ending(&self, tokens: &[Token]) -> Option<(T, usize)> {
        let longest = self.keys.values().flatten().map(|(words, _)| words.len()).max()?.min(tokens.len());
        (1..=longest).rev().find_map(|n| self.at(&tokens[tokens.len() - n..]).filter(|(_, length)| *length == n))
    }

    /// Whether one of them stands anywhere among the tokens.
    pub(super) fn within(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|i| self.at(&tokens[i..]).is_some())
    }
}

/// Phrases with the keys of their words.
pub(super) fn by_first_word<T, const N: usize>(phrases: [(&str, T); N]) -> ByFirstWord<T> {
    let mut by_first = ByFirstWord::new();
    for (phrase, means) in phrases {
        let words: Vec<String> = phrase.split(' ').map(comparison_key).collect();
        by_first.entry(words[0].clone()).or_default().push((words, means));
    }
    by_first
}

/// `phrases![MEANING: "phrase", "phrase"; OTHER: …]`.
macro_rules! phrases {
    ($($means:expr => $($phrase:literal),+);+ $(;)?) => {
        $crate::claims::phrases::Phrases::new(|| $crate::claims::phrases::by_first_word([$($(($phrase, $means)),+),+]))
    };
}
pub(super) use phrases;
