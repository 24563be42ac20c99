//! Whether a text names a person. No proof of the contrary: it catches the usual ways in which an article introduces somebody.

use crate::text::{comparison_key, normalise};

/// Words before a name.
const ADDRESSES: [&str; 4] = ["ông", "bà", "đ/c", "t/g"];
const COMRADE: [&str; 2] = ["đồng", "chí"];
/// What follows "Bà" in the names of places.
const PLACES: [&str; 6] = ["rịa", "triệu", "trưng", "nà", "điểm", "đen"];

/// "ông Nguyễn …", "đồng chí Trần …", "Đ/c Lê …".
pub(super) fn names_a_person(text: &str) -> bool {
    // Composed, so that no mark is taken for a sign at the end of its word.
    let text = normalise(text);
    let words: Vec<&str> = text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
    let keys: Vec<String> = words.iter().map(|word| comparison_key(word)).collect();
    let is = |i: usize, word: &str| keys.get(i).is_some_and(|key| *key == comparison_key(word));
    let named = |i: usize| words.get(i).is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase));
    (0..words.len()).any(|i| {
        let addressed = ADDRESSES.iter().any(|word| is(i, word)) && !PLACES.iter().any(|place| is(i + 1, place));
        let comrade = is(i, COMRADE[0]) && is(i + 1, COMRADE[1]);
        (addressed && named(i + 1)) || (comrade && named(i + 2))
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    #[test]
    fn whoever_is_introduced_with_an_address_is_a_person() {
        for text in [
            "Theo ông Văn A, toàn thành phố đạt 47/42",
            "Đồng chí Thị B cho biết: đạt 47/42",
            "(đ/c Văn C) 47/42",
            "Bà Thị D nói 47/42",
        ] {
            assert!(names_a_person(text), "{text}");
            assert!(names_a_person(&text.nfd().collect::<String>()), "{text}");
        }
    }

    #[test]
    fn places_and_words_that_only_look_alike_name_nobody() {
        for text in [
            "Bà Rịa – Vũng Tàu kết nạp 47 đảng viên",
            "Phường Bà Triệu thành lập 4/3",
            "Các đồng chí mới kết nạp là 449 đảng viên",
            "Quận ủy Lê Chân đạt 4/3, Hồng Bàng 5/4",
            "Ban Thông tin: 47/42",
        ] {
            assert!(!names_a_person(text), "{text}");
        }
    }
}
