//! Text that was written in an older Vietnamese encoding and read as another: `H¶i Phßng`, `Haûi Phoøng`, `Háº£i PhÃ²ng` for "Hải Phòng".
//!
//! It is valid Unicode, so nothing else notices it. It is told by its words: one that is no Vietnamese syllable as it stands, and is one when it
//! is read by the older table. Such a table also makes syllables of a few words of other languages ("Loïc", "Lü"), so a word whose letters
//! could be meant needs a second one beside it, and none of the letters that the older encoding cannot print.

mod tables;
#[cfg(test)]
mod tests;

use super::syllable::Syllable;
use tables::{bytes_of, reading};
use unicode_normalization::UnicodeNormalization;

/// What a text seems to have been written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = OlderEncoding))]
#[serde(rename_all = "snake_case")]
pub enum Legacy {
    /// TCVN 5712:1993, "ABC": the fonts whose names begin with `.Vn`.
    Tcvn3,
    /// The fonts whose names begin with `VNI-`.
    Vni,
    /// Letters of Windows code page 1258, with loose tones, read as those of 1252.
    Windows1258,
    /// UTF-8 that was read as Windows code page 1252 and encoded once more.
    Utf8Twice,
    /// Bytes that could not be read and became `�`.
    Lost,
}

impl Legacy {
    pub const fn vi(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3 (ABC, phông .Vn…)",
            Self::Vni => "VNI (phông VNI-…)",
            Self::Windows1258 => "Windows-1258",
            Self::Utf8Twice => "UTF-8 bị đọc thành Windows-1252",
            Self::Lost => "chữ đã mất (dấu �)",
        }
    }

    pub const fn en(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3 (ABC, fonts .Vn…)",
            Self::Vni => "VNI (fonts VNI-…)",
            Self::Windows1258 => "Windows-1258",
            Self::Utf8Twice => "UTF-8 read as Windows-1252",
            Self::Lost => "letters that are lost (�)",
        }
    }
}

/// Encodings of one byte a letter, each with its table.
const TABLES: [Legacy; 3] = [Legacy::Tcvn3, Legacy::Vni, Legacy::Windows1258];
/// What somebody may well mean, though an older table makes a syllable of it: the unit of a moment.
const MEANT: [&str; 2] = ["N·m", "n·m"];

/// The older encoding that text seems to have come through; `None` of text that can be read as it stands, in whatever language.
pub fn legacy(text: &str) -> Option<Legacy> {
    if text.is_ascii() {
        return None;
    }
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Some(Legacy::Lost);
    }
    let unicode = text.chars().any(is_beyond_latin_1);
    let mut doubted = Doubted { tables: TABLES.map(Some), first: None, several: false };
    for word in words(text).filter(|word| !word.chars().any(is_beyond_latin_1) && !is_meant(inner(word))) {
        let sure = if is_utf8_twice(word) { Some(Legacy::Utf8Twice) } else { doubted.narrow(bare(word), unicode) };
        if sure.is_some() {
            return sure;
        }
    }
    doubted.confirmed().filter(|_| !unicode)
}

/// The tables that make syllables of words, each word of which could be meant.
struct Doubted<'a> {
    /// Those that do so with all of them.
    tables: [Option<Legacy>; TABLES.len()],
    first: Option<&'a str>,
    /// There is another one than the first.
    several: bool,
}

impl<'a> Doubted<'a> {
    /// Takes in a word; the table for which it speaks alone, if there is one. `unicode` is whether letters stand beside it that no table has.
    fn narrow(&mut self, word: &'a str, unicode: bool) -> Option<Legacy> {
        self.several |= *self.first.get_or_insert(word) != word;
        let readings = TABLES.map(|table| (table, reading(table, word).filter(|reading| is_word(reading))));
        for (place, (_, reading)) in self.tables.iter_mut().zip(&readings) {
            *place = place.filter(|_| reading.is_some());
        }
        let sure = |(table, reading): &(Legacy, Option<String>)| {
            reading.as_ref().is_some_and(|reading| is_sure(*table, word, reading))
                && !(unicode && is_slip(*table, word))
        };
        readings.iter().find(|reading| sure(reading)).map(|(table, _)| *table)
    }

    fn confirmed(&self) -> Option<Legacy> {
        self.tables.iter().copied().flatten().next().filter(|_| self.several)
    }
}

/// A Vietnamese syllable as it stands, or one of the abbreviations that people write with an eth for Đ, such as NÐ-CP.
fn is_meant(word: &str) -> bool {
    let syllable = is_tidy(word) && Syllable::of(word).is_some();
    syllable || MEANT.contains(&word) || is_abbreviation(&word.replace('Ð', "Đ"))
}

/// A syllable as it is spelt, or an abbreviation with Đ.
fn is_word(reading: &str) -> bool {
    Syllable::of(reading).is_some_and(|syllable| syllable.is_spelt()) || is_abbreviation(reading)
}

/// Such as QĐ, LĐLĐ.
fn is_abbreviation(word: &str) -> bool {
    let consonant = |c: char| c == 'Đ' || (c.is_ascii_uppercase() && !"AEIOUY".contains(c));
    word.contains('Đ') && word.chars().nth(1).is_some() && word.chars().all(consonant)
}

/// All small, all capitals, or small behind the first.
fn is_tidy(word: &str) -> bool {
    let behind = |of: fn(char) -> bool| word.chars().skip(1).any(of);
    !behind(char::is_uppercase) || !word.chars().any(char::is_lowercase)
}

/// Whether a word of which a table makes a syllable or an abbreviation holds what stands in no word that is meant.
fn is_sure(table: Legacy, word: &str, reading: &str) -> bool {
    let capitals = word.chars().skip(1).any(|c| c.is_ascii_uppercase());
    let capital_inside = !capitals && !is_tidy(word);
    let length = word.chars().count();
    match table {
        // Nobody writes a section sign behind a capital.
        Legacy::Tcvn3 if is_abbreviation(reading) => word.starts_with(|c: char| c.is_ascii()),
        _ if is_abbreviation(reading) => matches!(word, "QÑ" | "LÑLÑ"),
        Legacy::Vni => length > 2 && is_tidy(word) && has_vni_pair(word),
        Legacy::Tcvn3 if !capitals && !capital_inside => {
            word.contains(|c| is_sign(c) && (length > 2 || c != 'ª'))
                || (length > 2 && word.contains(is_sign_of_figures))
                || (length > 3 && word.contains('×'))
        }
        _ => capital_inside,
    }
}

/// Beside letters that no table has: "maù" for "màu", "hÔi" for "hồi" or "hôi".
fn is_slip(table: Legacy, word: &str) -> bool {
    let vietnamese = |c: char| c.is_ascii() || "àáâãèéêìíòóôõùúý".contains(c.to_lowercase().next().unwrap_or(c));
    match table {
        Legacy::Vni => word.contains(['ù', 'õ']),
        _ => !is_tidy(word) && word.chars().all(vietnamese),
    }
}

/// Signs that do not stand in words.
fn is_sign(c: char) -> bool {
    matches!(c, '¡'..='¦' | '¨'..='®' | '¶'..='¸')
}

/// Signs that stand at figures and their units.
fn is_sign_of_figures(c: char) -> bool {
    matches!(c, '§' | 'µ' | '¹' | '»'..='¾')
}

/// A vowel with one of the letters behind it that VNI takes for tones and hats, and that no language writes there.
fn has_vni_pair(word: &str) -> bool {
    let mut before = ' ';
    word.to_lowercase().chars().any(|c| {
        let pair = match c {
            'ø' | 'õ' => "aeouyôö".contains(before),
            // French has "goûter" and "où".
            'û' | 'ù' => "aeuôö".contains(before),
            'â' => "aeo".contains(before),
            'ê' => before == 'a',
            'ô' => before == 'ö',
            _ => false,
        };
        before = c;
        pair
    })
}

/// Whether the bytes of a word, as code page 1252 has them, are UTF-8 of a Vietnamese word or of quotation marks and dashes.
fn is_utf8_twice(word: &str) -> bool {
    let Some(reading) = bytes_of(word).and_then(|bytes| String::from_utf8(bytes).ok()) else { return false };
    let inner = inner(&reading);
    if inner.is_empty() {
        return reading.chars().any(|c| matches!(c, '\u{2010}'..='\u{203a}'));
    }
    !inner.is_ascii() && is_word(&inner.nfc().collect::<String>())
}

/// Words with what Latin encodings have beside letters; digits and signs of ASCII end them, and white space does. A space that does not break
/// is the second byte of à.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut before = ' ';
    let ends = move |c: char| {
        let of_letter = c == '\u{a0}' && before == 'Ã';
        before = c;
        !of_letter && (c.is_whitespace() || (c.is_ascii() && !c.is_ascii_alphabetic()))
    };
    text.split(ends).filter(|word| !word.is_ascii() && word.chars().nth(1).is_some())
}

/// Without the quotation marks, dashes and spaces around it.
fn inner(word: &str) -> &str {
    bare(word).trim_matches(['«', '»'])
}

/// The same, but for the quotation marks that are ô and ằ in TCVN3.
fn bare(word: &str) -> &str {
    word.trim_matches(|c| matches!(c, '\u{a0}' | '\u{2010}'..='\u{203a}' | '€' | '™'))
}

/// Letters and marks of Vietnamese that no encoding of one byte which is read as Latin can give.
fn is_beyond_latin_1(c: char) -> bool {
    matches!(c, '\u{102}'..='\u{111}' | '\u{128}' | '\u{129}' | '\u{168}' | '\u{169}' | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}' | '\u{300}'..='\u{36f}' | '\u{1ea0}'..='\u{1ef9}')
}
