//! What the letters of older encodings are, by the characters that code page 1252 shows for their bytes.

use unicode_normalization::UnicodeNormalization;

use super::Legacy;

/// TCVN3, byte by byte: `(shown, meant)`. Capitals with a tone are small letters in a font of capitals.
const TCVN3: &str = "¡Ă¢Â£Ê¤Ô¥Ơ¦Ư§Đ¨ă©âªê«ô¬ơ\u{ad}ư®đµà¶ả·ã¸á¹ạ»ằ¼ẳ½ẵ¾ắÆặÇầÈẩÉẫÊấËậÌèÎẻÏẽÐéÑẹÒềÓểÔễÕếÖệ×ìØỉÜĩÝíÞị\
    ßòáỏâõãóäọåồæổçỗèốéộêờëởìỡíớîợïùñủòũóúôụõừöử÷ữøứùựúỳûỷüỹýýþỵ";
/// Code page 1258: letters, and tones that stand behind their vowel.
const WINDOWS_1258: &str = "ÃĂãăÐĐðđÕƠõơÝƯýưÌ\u{300}Ò\u{309}Þ\u{303}ì\u{301}ò\u{323}";
/// VNI: letters of one byte.
const VNI: &str = "ñđôơöưííììæỉóĩòịîỵ";
/// VNI: tones that stand behind their vowel.
const VNI_TONES: &str = "ù\u{301}ø\u{300}û\u{309}õ\u{303}ï\u{323}";
/// VNI: hats behind a, e or o, alone and with a tone.
const VNI_HATS: [(char, &str); 6] = [
    ('â', "\u{302}"),
    ('á', "\u{302}\u{301}"),
    ('à', "\u{302}\u{300}"),
    ('å', "\u{302}\u{309}"),
    ('ã', "\u{302}\u{303}"),
    ('ä', "\u{302}\u{323}"),
];
/// VNI: bows behind a, alone and with a tone.
const VNI_BOWS: [(char, &str); 6] = [
    ('ê', "\u{306}"),
    ('é', "\u{306}\u{301}"),
    ('è', "\u{306}\u{300}"),
    ('ú', "\u{306}\u{309}"),
    ('ü', "\u{306}\u{303}"),
    ('ë', "\u{306}\u{323}"),
];
/// Code page 1252 where it is not Latin-1, from 0x80; a space where it has nothing.
const WINDOWS_1252: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// The word that a word means by a table of one byte a letter; `None` where the table has no such letters.
pub(super) fn reading(table: Legacy, word: &str) -> Option<String> {
    match table {
        Legacy::Tcvn3 => tcvn3(word),
        Legacy::Vni => vni(word),
        Legacy::Windows1258 => windows_1258(word),
        Legacy::Utf8Twice | Legacy::Lost => None,
    }
}

/// `None` where TCVN3 has no such letter.
fn tcvn3(word: &str) -> Option<String> {
    word.chars().map(|c| if c.is_ascii() { Some(c) } else { meant(TCVN3, c) }).collect()
}

/// `None` where VNI has no such letter, or it stands behind another than its vowel.
fn vni(word: &str) -> Option<String> {
    let (mut decomposed, mut before) = (String::new(), ' ');
    for shown in word.chars() {
        let c = shown.to_lowercase().next().unwrap_or(shown);
        before = match vni_marks(before, c) {
            Some(marks) => {
                decomposed.push_str(&marks);
                // A letter bears no second one.
                ' '
            }
            None if c.is_ascii() => {
                decomposed.push(shown);
                c
            }
            None => {
                let letter = meant(VNI, c)?;
                if shown.is_uppercase() {
                    decomposed.extend(letter.to_uppercase())
                } else {
                    decomposed.push(letter)
                }
                c
            }
        };
    }
    Some(decomposed.nfc().collect())
}

/// The marks that a letter is behind another.
fn vni_marks(before: char, c: char) -> Option<String> {
    let of = |table: &[(char, &str)]| table.iter().find(|(shown, _)| *shown == c).map(|(_, marks)| (*marks).to_owned());
    let tone = || meant(VNI_TONES, c).map(String::from);
    match before {
        'a' => tone().or_else(|| of(&VNI_HATS)).or_else(|| of(&VNI_BOWS)),
        'e' | 'o' => tone().or_else(|| of(&VNI_HATS)),
        'u' | 'y' | 'ô' | 'ö' => tone(),
        _ => None,
    }
}

/// Letters and loose tones of code page 1258; others are as they are in 1252. `None` where there are none.
fn windows_1258(word: &str) -> Option<String> {
    let of = |c| meant(WINDOWS_1258, c);
    word.chars().any(|c| of(c).is_some()).then(|| word.chars().map(|c| of(c).unwrap_or(c)).nfc().collect())
}

/// The bytes of which code page 1252, or Latin-1 where that has none, shows these characters.
pub(super) fn bytes_of(word: &str) -> Option<Vec<u8>> {
    let byte = |c: char| match u8::try_from(c) {
        Ok(byte) => Some(byte),
        Err(_) => WINDOWS_1252.chars().zip(0x80..).find(|(shown, _)| *shown == c).map(|(_, byte)| byte),
    };
    word.chars().map(byte).collect()
}

/// What a character stands for in a table of pairs.
fn meant(table: &str, shown: char) -> Option<char> {
    let pairs = table.chars().step_by(2).zip(table.chars().skip(1).step_by(2));
    pairs.into_iter().find(|(c, _)| *c == shown).map(|(_, letter)| letter)
}
