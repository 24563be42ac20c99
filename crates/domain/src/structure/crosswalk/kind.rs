//! Kinds of change, in the words that lists use.

use super::{Fault, Row};
use crate::{
    Extent, Passing, Substance, SuccessionKind,
    text::{comparison_key, normalise},
};

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
    "Sáp nhập",
    "Sáp nhập toàn bộ",
    "Sáp nhập một phần",
    "Hợp nhất",
    "Chia",
    "Chia tách",
    "Tách",
    "Tách ra",
    "Tiếp tục",
    "Đổi tên",
    "Giữ nguyên",
    "merged",
    "merged wholly",
    "merged in part",
    "consolidated",
    "part of the area",
    "part of the area, all of the population",
    "divided",
    "split off",
    "continues",
    "renamed",
    "unchanged",
];

/// Those that leave open how much passes.
const BARE: &[&str] = &["Sáp nhập", "merged"];

/// One letter in so many may differ in a word that is near.
const NEAR: usize = 3;

impl ChangeKind {
    /// What a row says, in its one column or its two. A bare “merged” is of the whole unless the other column says that it is of a part.
    pub(super) fn of_row(row: &Row) -> Result<Self, Fault> {
        let written = || normalise(&row.kind).into_owned();
        let kind = Self::read(&row.kind).map_err(|nearest| Fault::KindUnknown { kind: written(), nearest })?;
        let Some(extent) = row.extent.as_deref().filter(|text| !text.trim().is_empty()) else { return Ok(kind) };
        let said = extent_of(extent);
        if said == Some(Extent::Part) && BARE.iter().any(|bare| key_of(bare) == key_of(&row.kind)) {
            return Ok(Self::of("Nhập một phần"));
        }
        let fits = said == kind.extent().or(Some(Extent::Whole));
        if fits { Ok(kind) } else { Err(Fault::ExtentDiffers { extent: extent.to_owned(), kind: written() }) }
    }

    /// # Errors
    /// The nearest known word, when these are none and one is near.
    pub fn read(text: &str) -> Result<Self, Option<&'static str>> {
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
            "Nhập toàn bộ"
            | "Sáp nhập"
            | "Sáp nhập toàn bộ"
            | "Hợp nhất"
            | "merged"
            | "merged wholly"
            | "consolidated" => passes(SuccessionKind::MergedInto, Extent::Whole),
            "Nhập một phần" | "Sáp nhập một phần" | "merged in part" => {
                passes(SuccessionKind::MergedInto, Extent::Part)
            }
            "Nhập một phần diện tích" | "part of the area" => partly(&[(Substance::Area, Extent::Part)]),
            "Chia" | "Chia tách" | "Tách" | "Tách ra" | "divided" | "split off" => {
                passes(SuccessionKind::SplitFrom, Extent::Part)
            }
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
fn extent_of(text: &str) -> Option<Extent> {
    let key = key_of(text);
    let says = |extent: &&Extent| [extent.vi(), extent.en()].iter().any(|word| key_of(word) == key);
    [Extent::Whole, Extent::Part].iter().find(says).copied()
}

/// Spellings meet, also of the white space around a comma, and with a full stop behind.
fn key_of(text: &str) -> String {
    let text = text.trim().trim_end_matches(['.', ';', ',']);
    comparison_key(text).replace(" ,", ",").replace(", ", ",")
}

/// The known word with the fewest letters to change, if that leaves most of it.
fn nearest(key: &str) -> Option<&'static str> {
    let near = |known: &&'static str| {
        let other = key_of(known);
        let (apart, longer) = (letters_apart(key, &other), key.chars().count().max(other.chars().count()));
        (NEAR * apart <= longer).then_some((apart, *known))
    };
    KINDS.iter().filter_map(near).min_by_key(|(apart, _)| *apart).map(|(_, known)| known)
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
