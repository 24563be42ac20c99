//! Which letters make a Vietnamese syllable: an onset, a rhyme and at most one tone. Words of other languages and wrongly decoded ones rarely do.

use unicode_normalization::char::{compose, decompose_canonical};

use crate::text::is_tone;

/// Beginnings of a syllable, longest first where one begins another. `p` stands in names of the mountains.
const ONSETS: [&str; 28] = [
    "ngh", "ng", "nh", "ph", "th", "tr", "ch", "gh", "gi", "kh", "qu", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x", "",
];
/// What follows the onset, without its tone, in the order of their characters.
const RHYMES: [&str; 166] = [
    "a", "ac", "ach", "ai", "am", "an", "ang", "anh", "ao", "ap", "at", "au", "ay", "e", "ec", "em", "en", "eng", "eo",
    "ep", "et", "i", "ia", "ich", "im", "in", "inh", "ip", "it", "iu", "iêc", "iêm", "iên", "iêng", "iêp", "iêt",
    "iêu", "o", "oa", "oac", "oach", "oai", "oam", "oan", "oang", "oanh", "oao", "oap", "oat", "oay", "oc", "oe",
    "oen", "oeo", "oet", "oi", "om", "on", "ong", "ooc", "oong", "op", "ot", "oăc", "oăm", "oăn", "oăng", "oăt", "u",
    "ua", "uc", "ui", "um", "un", "ung", "up", "ut", "uy", "uya", "uych", "uynh", "uyp", "uyt", "uyu", "uyên", "uyêt",
    "uân", "uâng", "uât", "uây", "uê", "uêch", "uênh", "uô", "uôc", "uôi", "uôm", "uôn", "uông", "uôp", "uôt", "uơ",
    "y", "ych", "ynh", "yt", "yêm", "yên", "yêng", "yêt", "yêu", "âc", "âm", "ân", "âng", "âp", "ât", "âu", "ây", "ê",
    "êch", "êm", "ên", "ênh", "êp", "êt", "êu", "ô", "ôc", "ôi", "ôm", "ôn", "ông", "ôp", "ôt", "ăc", "ăm", "ăn",
    "ăng", "ăp", "ăt", "ơ", "ơc", "ơi", "ơm", "ơn", "ơng", "ơp", "ơt", "ư", "ưa", "ưc", "ưi", "ưm", "ưn", "ưng", "ưt",
    "ưu", "ươc", "ươi", "ươm", "ươn", "ương", "ươp", "ươt", "ươu",
];
const VOWELS: [char; 12] = ['a', 'ă', 'â', 'e', 'ê', 'i', 'o', 'ô', 'ơ', 'u', 'ư', 'y'];
const SAC: char = '\u{301}';
const NANG: char = '\u{323}';

/// A word taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Syllable {
    /// All letters, lower case, without tones.
    bare: String,
    tone: Option<char>,
}

impl Syllable {
    /// `None` unless the letters can stand in one syllable in which at most one letter bears a tone, and not the glide at its end ("aõ"). The eth
    /// that stands for đ is taken for one.
    pub(super) fn of(word: &str) -> Option<Self> {
        let mut bare = String::with_capacity(word.len());
        let mut tone = None;
        for c in word.chars().flat_map(char::to_lowercase) {
            let mut odd = false;
            decompose_canonical(c, |part| {
                if is_tone(part) {
                    odd |= !bare.ends_with(VOWELS) || tone.replace(part).is_some();
                } else {
                    push(&mut bare, if part == 'ð' { 'đ' } else { part });
                }
            });
            if odd {
                return None;
            }
        }
        let syllable = ONSETS.iter().any(|onset| bare.strip_prefix(onset).is_some_and(is_rhyme));
        (syllable && !(bears_tone(word.chars().last()) && ends_in_glide(&bare))).then_some(Self { bare, tone })
    }

    /// Whether it is also written as the rules of spelling have it, which names and loanwords need not be.
    pub(super) fn is_spelt(&self) -> bool {
        let rest = |onset| self.bare.strip_prefix(onset);
        let light = |rest: &str| rest.starts_with(['e', 'ê', 'i', 'y']);
        let c_or_k = match (rest("c"), rest("k")) {
            (Some(rest), _) => !light(rest),
            (_, Some(rest)) => light(rest) || rest.starts_with('h'),
            _ => true,
        };
        let with_h = [rest("ngh"), rest("gh")].into_iter().flatten().all(light);
        let without_h = match (rest("ng"), rest("g")) {
            (Some(rest), _) => !light(rest),
            (_, Some(rest)) => !rest.starts_with(['e', 'ê', 'y']),
            _ => true,
        };
        let p = self.bare.starts_with('p') && !self.bare.starts_with("ph");
        // What ends in c, ch, p or t bears sắc or nặng.
        let stops = self.bare.ends_with(['c', 'p', 't']) || self.bare.ends_with("ch");
        c_or_k && with_h && without_h && !p && (!stops || matches!(self.tone, Some(SAC | NANG)))
    }
}

/// Adds a letter, or makes another one of the last by its mark.
fn push(bare: &mut String, part: char) {
    match bare.pop() {
        Some(last) => match compose(last, part) {
            Some(letter) => bare.push(letter),
            None => bare.extend([last, part]),
        },
        None => bare.push(part),
    }
}

fn bears_tone(letter: Option<char>) -> bool {
    let mut tone = false;
    letter.into_iter().for_each(|c| decompose_canonical(c, |part| tone |= is_tone(part)));
    tone
}

/// Two vowels of which the first bears the tone.
fn ends_in_glide(bare: &str) -> bool {
    let mut backwards = bare.chars().rev();
    let (last, before) = (backwards.next(), backwards.next());
    matches!(last, Some('i' | 'o' | 'u' | 'y')) && matches!(before, Some('a' | 'â' | 'e' | 'ê' | 'ô' | 'ơ' | 'ư'))
}

fn is_rhyme(letters: &str) -> bool {
    RHYMES.binary_search(&letters).is_ok()
}
