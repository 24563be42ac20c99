//! What people wrote in the encodings of their time, encoded here by tables of the tests' own, is told from what people mean.

use std::collections::BTreeSet;

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::{properties::config, text::is_tone};

/// All texts of both demonstrations: names of units, titles, nouns, papers, printed sentences.
fn texts() -> Vec<String> {
    fn strings(value: &serde_json::Value, into: &mut Vec<String>) {
        match value {
            serde_json::Value::String(text) => into.push(text.clone()),
            serde_json::Value::Array(list) => list.iter().for_each(|value| strings(value, into)),
            serde_json::Value::Object(fields) => fields.values().for_each(|value| strings(value, into)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for script in [
        include_str!("../../../../../tests/data/replay_2022/commands.ndjson"),
        include_str!("../../../../../tests/data/replay_2025/commands.ndjson"),
    ] {
        script.lines().for_each(|line| strings(&serde_json::from_str(line).unwrap(), &mut texts));
    }
    texts
}

/// Every syllable of them that has a letter of its own, and those of the alphabet.
fn syllables() -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for text in texts()
        .iter()
        .map(String::as_str)
        .chain(["ăn âm đi êm ôn ơn ưng khuyên khuỷu nghĩa ngoằn ngoèo thuở kỳ kỷ kỹ kỵ quýt"])
    {
        let abbreviated = |word: &&str| word.chars().skip(1).any(char::is_uppercase);
        let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_ascii() && !abbreviated(word));
        found.extend(words.map(|word| word.nfc().collect()));
    }
    found.into_iter().collect()
}

/// Letters in the order of TCVN3's own table, bytes from 0xA1; a space where it has none. Its capitals with tones are small letters.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđ      àảãáạ ằẳẵắ       ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ";

fn as_tcvn3(text: &str) -> String {
    let byte =
        |c: char| TCVN3.chars().position(|letter| letter == c).map(|at| char::from(0xa1 + u8::try_from(at).unwrap()));
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let shown = |c: char| if c.is_ascii() { c } else { byte(c).or_else(|| byte(lower(c))).unwrap_or(c) };
    text.chars().map(shown).collect()
}

/// Base letter, hat, tone.
fn parts(c: char) -> (char, Option<char>, Option<char>) {
    let (mut base, mut hat, mut tone) = (' ', None, None);
    for part in c.nfd() {
        match part {
            '\u{302}' | '\u{306}' | '\u{31b}' => hat = Some(part),
            part if is_tone(part) => tone = Some(part),
            part => base = part,
        }
    }
    (base, hat, tone)
}

/// VNI: đ, ơ, ư and the tones of i are letters; other hats and tones stand behind, one letter for both.
fn as_vni(text: &str) -> String {
    let tone_of = |tone: Option<char>, letters: [&str; 6]| match tone {
        None => letters[0].to_owned(),
        Some('\u{301}') => letters[1].to_owned(),
        Some('\u{300}') => letters[2].to_owned(),
        Some('\u{309}') => letters[3].to_owned(),
        Some('\u{303}') => letters[4].to_owned(),
        Some(_) => letters[5].to_owned(),
    };
    let shown = |c: char| {
        if c.is_ascii() {
            return c.to_string();
        }
        let lower = c.to_lowercase().next().unwrap();
        let behind = ["", "ù", "ø", "û", "õ", "ï"];
        let written = match parts(lower) {
            ('đ', ..) => "ñ".to_owned(),
            ('i', None, tone) => tone_of(tone, ["i", "í", "ì", "æ", "ó", "ò"]),
            ('y', None, Some('\u{323}')) => "î".to_owned(),
            ('o', Some('\u{31b}'), tone) => format!("ô{}", tone_of(tone, behind)),
            ('u', Some('\u{31b}'), tone) => format!("ö{}", tone_of(tone, behind)),
            (base, Some('\u{306}'), tone) => format!("{base}{}", tone_of(tone, ["ê", "é", "è", "ú", "ü", "ë"])),
            (base, Some(_), tone) => format!("{base}{}", tone_of(tone, ["â", "á", "à", "å", "ã", "ä"])),
            (base, None, tone) => format!("{base}{}", tone_of(tone, behind)),
        };
        if c.is_uppercase() { written.to_uppercase() } else { written }
    };
    text.chars().map(shown).collect()
}

/// Windows-1258 read as 1252: the letters that it has, each with its tone behind it.
fn as_windows_1258(text: &str) -> String {
    let shown = |c: char| {
        let (base, hat, tone) = parts(c);
        let letter: char = [base].into_iter().chain(hat).nfc().next().unwrap();
        let instead = [('Ă', 'Ã'), ('ă', 'ã'), ('Đ', 'Ð'), ('đ', 'ð'), ('Ơ', 'Õ'), ('ơ', 'õ'), ('Ư', 'Ý'), ('ư', 'ý')];
        let letter = instead.iter().find(|(of, _)| *of == letter).map_or(letter, |(_, shown)| *shown);
        let tones = [('\u{300}', 'Ì'), ('\u{309}', 'Ò'), ('\u{303}', 'Þ'), ('\u{301}', 'ì'), ('\u{323}', 'ò')];
        let tone = tone.map(|tone| tones.iter().find(|(of, _)| *of == tone).unwrap().1);
        [letter].into_iter().chain(tone)
    };
    text.nfc().flat_map(shown).collect()
}

/// UTF-8 read as 1252 as browsers do: where it has no letter, as Latin-1.
fn as_utf8_twice(text: &str) -> String {
    let upper = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let shown = |byte: u8| match byte {
        0x80..=0x9f => upper.chars().nth(usize::from(byte - 0x80)).unwrap(),
        _ => char::from(byte),
    };
    text.bytes().map(shown).collect()
}

type Encode = fn(&str) -> String;
const ENCODINGS: [(Legacy, Encode); 4] = [
    (Legacy::Tcvn3, as_tcvn3),
    (Legacy::Vni, as_vni),
    (Legacy::Windows1258, as_windows_1258),
    (Legacy::Utf8Twice, as_utf8_twice),
];

/// Words with which units and papers begin; enough to tell each encoding.
const BEGINNINGS: [&str; 8] =
    ["Quận ủy", "Huyện ủy", "Phường", "Xã", "Công đoàn", "Liên đoàn Lao động", "Đoàn Thanh niên", "Thành phố"];

fn words_of(count: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(syllables()), count).prop_map(|syllables| syllables.join(" "))
}

/// How many words of a name hold, in an older encoding, what is no Vietnamese letter.
fn odd_words(shown: &str) -> usize {
    let odd = |c: char| !c.is_ascii() && !"àáâãèéêìíòóôõùúýÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝđĐ".contains(c);
    shown.split(' ').filter(|word| word.contains(odd)).collect::<BTreeSet<_>>().len()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_name_in_an_older_encoding_is_told_by_its_beginning_alone(
        beginning in prop::sample::select(BEGINNINGS.to_vec()),
        rest in words_of(0..4),
    ) {
        let name = format!("{beginning} {rest}");
        for (expected, encode) in ENCODINGS {
            prop_assert_eq!(legacy(&encode(&name)), Some(expected), "{} is {}", encode(&name), name);
        }
    }

    #[test]
    fn two_odd_words_of_tcvn3_are_enough(name in words_of(2..7)) {
        let shown = as_tcvn3(&name);
        prop_assert!(odd_words(&shown) < 2 || legacy(&shown) == Some(Legacy::Tcvn3), "{} is {}", shown, name);
    }

    #[test]
    fn what_is_encoded_as_it_should_be_is_never_told_to_be_otherwise(name in words_of(1..12)) {
        for text in [name.clone(), name.nfd().collect(), name.to_uppercase(), name.to_lowercase(), format!("“{name}”…"), format!("«{name}»")] {
            prop_assert_eq!(legacy(&text), None, "{}", text);
        }
    }
}

#[test]
fn no_text_of_the_demonstrations_is_told_to_be_otherwise() {
    for text in texts() {
        assert_eq!(legacy(&text), None, "{text}");
    }
}

#[test]
fn names_of_others_quotes_and_signs_are_none_of_it() {
    for text in [
        "Công ty TNHH Müller",
        "Société Générale",
        "Société Générale, chi nhánh Hải Phòng",
        "Công ty Loïc",
        "Công ty Lü",
        "Crédit Agricole – Việt Nam",
        "Nestlé, L’Oréal, Citroën, Škoda, Žabka, Møller, Ørsted, Ångström",
        "São Paulo, Curaçao, Peña, Muñoz, Straße",
        "José Núñez y Cía. 1ª, Mª del Mar, 2º",
        "삼성전자, ບໍລິສັດ, 株式会社",
        "Công ty Viêng Chăn, Phôngsaly, Xê Kông",
        "“Ngân hàng” ‘An Bình’ «Hải An» … – — •",
        "§ 5, §5, Điều 5§, 20 °C, 5 m², 3 m³, ½ ngày, 10×20, a×b, 5 µm, 50 N·m, ±2, 7·8, ©2022, Vinamilk®, ABC™, 10€, £5, ¥3",
        "12-QÐ/QU, NÐ-CP, HÐND, Ðồ Sơn",
        "HỢP TÁC XÃ” – HỢP TÁC XÃ… HỢP TÁC XÃ\u{a0}SỐ 1",
        "Hoà, Thuỷ, Quí, Qúy, Tóan, màu, maù Hải, Nhâp một phần, tổ chức đảng bÔ",
        "việc làm¹, công ty², KH¹",
        "mềm\u{ad}mỏng, coopé\u{ad}ration",
        "Đắk Lắk, Kon Tum, Krông Nô, Plei Ku, Ea H’leo, Ê-đê",
        "Où est le siège ? Là-bas, près de l’hôtel. Goûter. Août.",
        "Gött mos, på svenska: så må det gå",
    ] {
        assert_eq!(legacy(text), None, "{text}");
    }
}

#[test]
fn what_offices_send_is_told() {
    use Legacy::*;
    for (text, told) in [
        ("H¶i Phßng", Tcvn3),
        ("Huaän, Haûi Phoøng", Vni),
        ("HAÛI PHOØNG", Vni),
        ("Háº£i PhÃ²ng", Utf8Twice),
        ("HaÒi PhoÌng", Windows1258),
        ("X· Vinh Quang", Tcvn3),
        ("Khu kinh tÕ", Tcvn3),
        ("12-Q§/QU", Tcvn3),
        ("12-QÑ/QU", Vni),
        ("Công ty C«ng ®oµn", Tcvn3),
        ("Thành phố Leâ Chaân", Vni),
        ("ThÃ\u{a0}nh phá»‘", Utf8Twice),
        ("47/42 â€“ 2022", Utf8Twice),
        ("Qu�n ủy", Lost),
    ] {
        assert_eq!(legacy(text), Some(told), "{text}");
    }
}
