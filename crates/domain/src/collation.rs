//! The order of names in a Vietnamese dictionary: letters first, tones second, syllable by syllable.

use unicode_normalization::UnicodeNormalization;

use crate::text::{is_tone, normalise};

/// The alphabet, one rank a letter (DOMAIN §6.4, the Vietnam Lexicography Centre). f, j, w and z stand where foreign words have them.
const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
/// Huyền, hỏi, ngã, sắc, nặng; no tone stands before them.
const TONES: [char; 5] = ['\u{300}', '\u{309}', '\u{303}', '\u{301}', '\u{323}'];

/// A key by which names sort. Equal keys mean names that differ at most in case, composition, white space and where the tone is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CollationKey(Vec<Syllable>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Syllable {
    letters: Vec<Letter>,
    /// 0 to 5 each, one in a proper syllable.
    tones: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Letter {
    /// Digits and signs stand before letters.
    Sign(char),
    Vietnamese(usize),
    Foreign(char),
}

/// Sorts names as a Vietnamese dictionary does: `a ă â b c d đ e ê …`, and at equal letters by tone: ngang, huyền, hỏi, ngã, sắc, nặng.
pub fn collation_key(name: &str) -> CollationKey {
    let stored = normalise(name).to_lowercase();
    CollationKey(stored.split(' ').filter(|word| !word.is_empty()).map(syllable).collect())
}

fn syllable(word: &str) -> Syllable {
    let (mut bare, mut tones) = (String::new(), Vec::new());
    for c in word.nfd() {
        match TONES.iter().position(|tone| *tone == c) {
            Some(tone) => tones.push(tone + 1),
            None => bare.push(c),
        }
    }
    debug_assert!(!bare.chars().any(is_tone), "every tone has its rank");
    Syllable { letters: bare.nfc().map(letter).collect(), tones }
}

fn letter(c: char) -> Letter {
    // Legacy conversions leave the Icelandic eth where đ belongs.
    let c = if c == 'ð' { 'đ' } else { c };
    match ALPHABET.chars().position(|letter| letter == c) {
        Some(rank) => Letter::Vietnamese(rank),
        None if c.is_alphabetic() => Letter::Foreign(c),
        None => Letter::Sign(c),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::comparison_key;

    fn sorted(names: &[&str]) -> Vec<String> {
        let mut sorted: Vec<String> = names.iter().rev().map(|name| (*name).to_owned()).collect();
        sorted.sort_by_key(|name| collation_key(name));
        sorted
    }

    #[test]
    fn letters_come_in_the_order_of_the_alphabet() {
        let names = [
            "An Dương",
            "ăn",
            "âm",
            "Bạch Đằng",
            "Cát Hải",
            "Dương Kinh",
            "Đồ Sơn",
            "Em",
            "Êm",
            "Ô",
            "Ơ",
            "Uông",
            "Ưng",
            "Vĩnh Bảo",
        ];
        assert_eq!(sorted(&names), names);
    }

    #[test]
    fn tones_only_break_ties() {
        let names = ["ma", "mà", "mả", "mã", "má", "mạ", "mác", "mai", "mài"];
        assert_eq!(sorted(&names), names);
    }

    #[test]
    fn a_syllable_decides_before_the_next_one_is_looked_at() {
        let names = [
            "Cẩm",
            "Cẩm Giang",
            "Cẩm Giàng",
            "Cẩm Thượng",
            "Cấm Ninh",
            "Hải An",
            "Hải Dương",
            "Hồng Bàng",
            "Lê Chân",
            "Lê Chấn",
        ];
        assert_eq!(sorted(&names), names);
    }

    #[test]
    fn digits_stand_before_letters() {
        let names = ["Đông Hải 1", "Đông Hải 2", "Đông Hải A"];
        assert_eq!(sorted(&names), names);
    }

    /// Words out of Vietnamese letters, tones anywhere in them.
    fn names() -> impl Strategy<Value = String> {
        "[a-eăâđêôơư]{1,3}[\u{300}\u{301}\u{303}\u{309}\u{323}]?[nht]{0,2}( [A-EĐƯ][\u{300}\u{301}]?n?){0,2}"
    }

    proptest! {
        #![proptest_config(crate::properties::config())]

        #[test]
        fn names_that_compare_as_equal_sort_as_equal(a in names(), b in names()) {
            prop_assert_eq!(comparison_key(&a) == comparison_key(&b), collation_key(&a) == collation_key(&b));
        }

        #[test]
        fn the_key_is_the_same_composed_and_decomposed(name in names()) {
            let (composed, decomposed): (String, String) = (name.nfc().collect(), name.nfd().collect());
            prop_assert_eq!(collation_key(&composed), collation_key(&decomposed));
        }

        #[test]
        fn a_longer_name_stands_behind_its_beginning(a in names(), b in names()) {
            let longer = format!("{a} {b}");
            prop_assert!(collation_key(&a) < collation_key(&longer));
        }

        #[test]
        fn without_tones_the_letters_alone_decide(a in names(), b in names()) {
            let bare = |name: &str| name.nfd().filter(|c| !is_tone(*c)).nfc().collect::<String>();
            let ranks = |name: &str| {
                let lower = bare(name).to_lowercase();
                lower.split(' ').map(|word| word.chars().map(|c| ALPHABET.chars().position(|l| l == c)).collect::<Vec<_>>()).collect::<Vec<_>>()
            };
            prop_assert_eq!(ranks(&a).cmp(&ranks(&b)), collation_key(&bare(&a)).cmp(&collation_key(&bare(&b))));
        }
    }
}
