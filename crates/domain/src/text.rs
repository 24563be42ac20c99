//! Vietnamese text: one stored form, and a key under which spellings of the same name meet.

use std::borrow::Cow;

use unicode_normalization::{
    IsNormalized, UnicodeNormalization,
    char::{decompose_canonical, is_combining_mark},
    is_nfc_quick,
};

/// The form in which text is stored: NFC, trimmed, each run of white space one space.
pub fn normalise(text: &str) -> Cow<'_, str> {
    if is_stored_form(text) {
        return Cow::Borrowed(text);
    }
    let composed: String = text.nfc().collect();
    Cow::Owned(composed.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Sure to be as [`normalise`] leaves it. Most text is, and to compose it again costs twenty times as much.
fn is_stored_form(text: &str) -> bool {
    let (mut after_space, mut plain) = (true, true);
    for c in text.chars() {
        if c.is_whitespace() && (after_space || c != ' ') {
            return false;
        }
        after_space = c == ' ';
        plain &= is_plain_latin(c);
    }
    // Plain letters are composed; to look each of them up in the tables of Unicode costs most of the rest.
    !after_space && (plain || is_nfc_quick(text.chars()) == IsNormalized::Yes)
}

/// Whether text holds characters that print nothing: controls, line separators, direction marks, zero-width characters.
pub fn has_control(text: &str) -> bool {
    text.chars().any(|c| {
        c.is_control()
            || matches!(c, '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    })
}

/// Equal for spellings of one name: composed or not, old-style or new-style tone marks (`uỷ`, `ủy`), upper or lower case, any white space.
///
/// Within a word the tone mark goes to its end, so that only its place is forgotten, never the tone (DOMAIN §6.4).
pub fn comparison_key(text: &str) -> String {
    let mut key = Key::with_capacity(text.len());
    if is_stored_form(text) && text.chars().all(is_plain_latin) {
        // One letter after the other gives the same, without the buffers that loose marks need.
        for c in text.chars() {
            if c.is_ascii() {
                key.push(c.to_ascii_lowercase());
            } else {
                c.to_lowercase().for_each(|c| decompose_canonical(c, |c| key.push(c)));
            }
        }
    } else {
        normalise(text).to_lowercase().nfd().for_each(|c| key.push(c));
    }
    key.end()
}

/// ASCII, and the precomposed Latin letters, of which all Vietnamese ones are. The dotted capital İ becomes two characters.
const fn is_plain_latin(c: char) -> bool {
    matches!(c, '\u{0}'..='\u{7f}' | 'À'..='\u{12f}' | '\u{131}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// A key in the making: of each word, letters first, then its tones.
struct Key {
    text: String,
    tones: String,
}

impl Key {
    fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(2 * bytes), tones: String::new() }
    }

    /// Takes lower-case text, decomposed.
    fn push(&mut self, c: char) {
        if is_tone(c) {
            self.tones.push(c);
            return;
        }
        if !self.tones.is_empty() && !c.is_alphabetic() && !is_combining_mark(c) {
            self.flush();
        }
        // Legacy conversions leave the Icelandic eth where đ belongs.
        self.text.push(if c == 'ð' { 'đ' } else { c });
    }

    fn flush(&mut self) {
        self.text.push_str(&self.tones);
        self.tones.clear();
    }

    fn end(mut self) -> String {
        self.flush();
        self.text
    }
}

/// The five tone marks: huyền, sắc, ngã, hỏi, nặng. The marks of ă, â, ê, ô, ơ, ư make other letters and stay where they are.
pub(crate) const fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(a: &str, b: &str) {
        assert_eq!(comparison_key(a), comparison_key(b), "{a} = {b}");
    }

    fn differ(a: &str, b: &str) {
        assert_ne!(comparison_key(a), comparison_key(b), "{a} ≠ {b}");
    }

    #[test]
    fn old_style_and_new_style_tone_marks_are_one_name() {
        same("Thuỷ Nguyên", "Thủy Nguyên");
        same("Kiến Thuỵ", "Kiến Thụy");
        same("uỷ", "ủy");
        same("Hoà", "Hòa");
        same("Đảng uỷ Khối", "Đảng ủy Khối");
        same("quý", "qúy");
    }

    /// Names out of Vietnamese letters, a tone on some of their words.
    fn words() -> impl Strategy<Value = Vec<(String, usize)>> {
        let letters = prop::sample::select(vec!["hoa", "thuy", "khoe", "Đông", "lưu", "giang", "nghiêm", "Ăn", "ơn"]);
        prop::collection::vec((letters.prop_map(str::to_owned), 0..TONES.len()), 1..4)
    }

    const TONES: [&str; 6] = ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"];

    /// With each tone on the first or the last vowel of its word.
    fn written(words: &[(String, usize)], last: bool) -> String {
        let word = |(letters, tone): &(String, usize)| {
            let vowels: Vec<usize> = letters
                .char_indices()
                .filter(|(_, c)| !"bcdđghklmnprstvxĐ".contains(*c))
                .map(|(at, c)| at + c.len_utf8())
                .collect();
            let at = if last { vowels[vowels.len() - 1] } else { vowels[0] };
            format!("{}{}{}", &letters[..at], TONES[*tone], &letters[at..]).nfc().collect::<String>()
        };
        words.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    proptest! {
        #![proptest_config(crate::properties::config())]

        #[test]
        fn a_name_is_the_same_however_it_is_written_and_another_with_another_tone(words in words(), at in 0..3_usize, turn in 1..6_usize) {
            let name = written(&words, false);
            let key = comparison_key(&name);
            for same in [written(&words, true), name.nfd().collect(), name.to_uppercase(), name.replace(' ', " \u{a0}"), format!(" {name} ")] {
                prop_assert_eq!(comparison_key(&same), key.clone(), "{} = {}", same, name);
            }
            let mut other = words.clone();
            let at = at % other.len();
            other[at].1 = (other[at].1 + turn) % TONES.len();
            prop_assert_ne!(comparison_key(&written(&other, false)), key, "{}", name);
        }
    }

    #[test]
    fn a_tone_or_a_letter_makes_another_name() {
        differ("Cẩm Giang", "Cẩm Giàng");
        differ("An Lão", "An Lao");
        differ("Đồ Sơn", "Do Son");
        differ("Lê Chân", "Lê Chấn");
        differ("mà ma", "ma mà");
    }

    #[test]
    fn case_composition_and_white_space_make_no_difference() {
        let decomposed: String = "Quận ủy Hải An".nfd().collect();
        same(&decomposed, "QUẬN UỶ HẢI AN");
        same("Cát\u{a0}Hải ", "Cát  Hải");
        same("Ðồ Sơn", "Đồ Sơn");
    }

    #[test]
    fn every_letter_has_the_key_that_its_decomposition_has() {
        for c in (0..=0x1fff_u32).filter_map(char::from_u32) {
            // A control in front takes the other way and stays what it is.
            let (short, long) = (format!("aủ{c}ệb"), format!("\u{1}aủ{c}\u{338}\u{1}"));
            let slow = |text: &str| {
                let mut key = Key::with_capacity(0);
                normalise(text).to_lowercase().nfd().for_each(|c| key.push(c));
                key.end()
            };
            assert_eq!(comparison_key(&short), slow(&short), "{c:?}");
            assert_eq!(comparison_key(&long), slow(&long), "{c:?}");
        }
    }

    #[test]
    fn plain_letters_are_composed_whatever_stands_beside_them() {
        for c in (0..=0x1fff_u32).filter_map(char::from_u32).filter(|c| is_plain_latin(*c)) {
            for text in [format!("a{c}"), format!("{c}a")] {
                assert_eq!(text.nfc().collect::<String>(), text, "{c:?}");
            }
        }
    }

    #[test]
    fn text_is_stored_composed_and_trimmed() {
        let decomposed: String = "  Huyện ủy   Tiên Lãng ".nfd().collect();
        assert_eq!(normalise(&decomposed), "Huyện ủy Tiên Lãng");
        for stored in ["Huyện ủy Tiên Lãng", "12-QĐ/QU", "a", ""] {
            assert_eq!(normalise(stored), stored);
        }
        for text in [" a", "a ", "a  b", "a\u{a0}b", "a\nb", "a\t b"] {
            assert_eq!(normalise(text), text.split_whitespace().collect::<Vec<_>>().join(" "), "{text:?}");
        }
    }

    #[test]
    fn characters_that_print_nothing_are_noticed() {
        for text in ["a\tb", "a\nb", "a\u{0}b", "a\u{202e}b", "a\u{200b}b", "\u{feff}a", "a\u{2028}b"] {
            assert!(has_control(text), "{text:?}");
        }
        assert!(!has_control("Đảng ủy Khối Doanh nghiệp"));
    }
}
