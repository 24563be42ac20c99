//! Lists of Vietnamese phrases, found among tokens however they are spelled.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::LazyLock,
};

use super::token::{Token, hash_of};
use crate::text::comparison_key;

/// The keys of its words, and what it means.
type Phrase<T> = (Vec<String>, T);

/// A list with what is looked up most: a text asks for a phrase at each of its words, many times.
pub(super) struct List<T> {
    /// By the hash of the first word's key.
    by_first: HashMap<u64, Vec<Phrase<T>>, BuildHasherDefault<AsItIs>>,
    /// Words of the longest.
    longest: usize,
}

/// What is hashed already.
#[derive(Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// Phrases and what each means.
pub(super) struct Phrases<T: 'static> {
    list: LazyLock<List<T>>,
}

impl<T: Copy> Phrases<T> {
    /// `init` makes the list; see [`phrases!`].
    pub(super) const fn new(init: fn() -> List<T>) -> Self {
        Self { list: LazyLock::new(init) }
    }

    /// The longest phrase that begins at the first token: what it means, and of how many tokens it is.
    pub(super) fn at(&self, tokens: &[Token]) -> Option<(T, usize)> {
        #[cfg(test)]
        work::count();
        let first = tokens.first().filter(|first| first.hash != 0)?;
        let begins = |words: &[String]| {
            words.len() <= tokens.len() && words.iter().zip(tokens).all(|(word, token)| *word == token.key)
        };
        let candidates = self.list.by_first.get(&first.hash)?;
        let found = candidates.iter().filter(|(words, _)| begins(words)).max_by_key(|(words, _)| words.len());
        found.map(|(words, means)| (*means, words.len()))
    }

    /// The longest phrase that ends with the last token.
    pub(super) fn ending(&self, tokens: &[Token]) -> Option<(T, usize)> {
        // Signs and numbers end none.
        tokens.last().filter(|last| last.hash != 0)?;
        let longest = self.list.longest.min(tokens.len());
        (1..=longest).rev().find_map(|n| self.at(&tokens[tokens.len() - n..]).filter(|(_, length)| *length == n))
    }

    /// Whether one of them stands anywhere among the tokens.
    pub(super) fn within(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|i| self.at(&tokens[i..]).is_some())
    }
}

/// Phrases with the keys of their words.
pub(super) fn by_first_word<T, const N: usize>(phrases: [(&str, T); N]) -> List<T> {
    let mut list = List { by_first: HashMap::default(), longest: 0 };
    for (phrase, means) in phrases {
        let words: Vec<String> = phrase.split(' ').map(comparison_key).collect();
        list.longest = list.longest.max(words.len());
        list.by_first.entry(hash_of(&words[0])).or_default().push((words, means));
    }
    list
}

/// `phrases![MEANING: "phrase", "phrase"; OTHER: …]`.
macro_rules! phrases {
    ($($means:expr => $($phrase:literal),+);+ $(;)?) => {
        $crate::claims::phrases::Phrases::new(|| $crate::claims::phrases::by_first_word([$($(($phrase, $means)),+),+]))
    };
}
pub(super) use phrases;

/// How often a phrase was looked for, by which tests tell how the work grows with a text.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local!(static LOOKED: Cell<u64> = const { Cell::new(0) });

    pub(super) fn count() {
        LOOKED.set(LOOKED.get() + 1);
    }

    pub(crate) fn of(work: impl FnOnce()) -> u64 {
        let before = LOOKED.get();
        work();
        LOOKED.get() - before
    }
}
