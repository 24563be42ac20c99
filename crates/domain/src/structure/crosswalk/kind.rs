//! Kinds of change, in the words that lists use.

use crate::{Extent, Passing, Substance, SuccessionKind, text::comparison_key};

/// What happens to the old unit of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// All of it, or a part, goes to the new unit.
    Passes { how: SuccessionKind, extent: Extent, of: Passing },
    /// It stays the same unit under the new code and name.
    Renamed,
    /// It stays as it is.
    Kept,
}

/// The words that are understood, Vietnamese and English.
pub const KINDS: &[&str] = &[
    "Nhập toàn bộ",
    "Nhập một phần",
    "Nhập một phần diện tích",
    "Nhập một phần diện tích, toàn bộ dân số",
    "một phần diện tích, toàn bộ dân số",
    "Tách ra",
    "Tiếp tục",
    "Đổi tên",
    "Giữ nguyên",
    "merged wholly",
    "merged in part",
    "part of the area",
    "part of the area, all of the population",
    "split off",
    "continues",
    "renamed",
    "unchanged",
];

impl ChangeKind {
    /// # Errors
    /// The nearest known word, when these are none.
    pub fn read(text: &str) -> Result<Self, &'static str> {
        let key = key_of(text);
        match KINDS.iter().position(|known| key_of(known) == key) {
            Some(place) => Ok(Self::of(KINDS[place])),
            None => Err(nearest(&key)),
        }
    }

    fn of(word: &str) -> Self {
        let passes = |how, extent| Self::Passes { how, extent, of: Passing::new() };
        let partly = |of: &[(Substance, Extent)]| Self::Passes {
            how: SuccessionKind::PartlyTransferred,
            extent: Extent::Part,
            of: of.iter().copied().collect(),
        };
        match word {
            "Nhập toàn bộ" | "merged wholly" => passes(SuccessionKind::MergedInto, Extent::Whole),
            "Nhập một phần" | "merged in part" => passes(SuccessionKind::MergedInto, Extent::Part),
            "Nhập một phần diện tích" | "part of the area" => partly(&[(Substance::Area, Extent::Part)]),
            "Tách ra" | "split off" => passes(SuccessionKind::SplitFrom, Extent::Part),
            "Tiếp tục" | "continues" => passes(SuccessionKind::Continues, Extent::Whole),
            "Đổi tên" | "renamed" => Self::Renamed,
            "Giữ nguyên" | "unchanged" => Self::Kept,
            _ => partly(&[(Substance::Area, Extent::Part), (Substance::Population, Extent::Whole)]),
        }
    }

    /// Whole or part; nothing for a unit that stays.
    pub fn extent(&self) -> Option<Extent> {
        match self {
            Self::Passes { extent, .. } => Some(*extent),
            Self::Renamed | Self::Kept => None,
        }
    }
}

/// A column "whole or part"; nothing where it is none of the two.
pub(super) fn extent_of(text: &str) -> Option<Extent> {
    let key = comparison_key(text);
    let says = |extent: &&Extent| [extent.vi(), extent.en()].iter().any(|word| comparison_key(word) == key);
    [Extent::Whole, Extent::Part].iter().find(says).copied()
}

/// Spellings meet, also of the white space around a comma.
fn key_of(text: &str) -> String {
    comparison_key(text).replace(" ,", ",").replace(", ", ",")
}

/// The known word with the fewest letters to change.
fn nearest(key: &str) -> &'static str {
    let far = |known: &&&str| letters_apart(key, &key_of(known));
    KINDS.iter().min_by_key(far).copied().unwrap_or_default()
}

/// Levenshtein's distance, in characters of the decomposed text: a wrong tone mark is one.
fn letters_apart(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            let least = changed.min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], least);
        }
    }
    row[b.len()]
}
