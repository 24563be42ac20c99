//! The paper that a decision stands on, and other text: stored normalised, refused when it cannot be used.

use std::borrow::Cow;

use crate::{
    Context, Document, Reason, Refusal,
    text::{has_control, normalise},
    vi::legacy,
};

const NUMBER_MAX_CHARS: u32 = 20;
const SYMBOL_MAX_CHARS: u32 = 40;
const ISSUER_MAX_CHARS: u32 = 200;
const PLACE_MAX_CHARS: u32 = 20;
const SHA256_HEX_DIGITS: usize = 64;

/// A document of any date: complete, and fit to be stored as [`Document::normalised`]. `at` is its JSON Pointer.
pub(crate) fn paper(document: &Document, at: &str) -> Result<(), Refusal> {
    let field = |text: &str, max: u32, name: &str| {
        let pointer = || format!("{at}/{name}");
        if text.trim().is_empty() {
            Err(Refusal::DocumentIncomplete { pointer: pointer() })
        } else {
            fitting(text, max, pointer).map(drop)
        }
    };
    if document.line == Some(0) {
        return Err(Refusal::DocumentLineZero { pointer: format!("{at}/line") });
    }
    if let Some(sha256) = &document.sha256 {
        sha256_of(sha256, &format!("{at}/sha256"))?;
    }
    field(&document.number, NUMBER_MAX_CHARS, "number")?;
    field(&document.symbol, SYMBOL_MAX_CHARS, "symbol")?;
    field(&document.issuer, ISSUER_MAX_CHARS, "issuer")
}

/// A document is signed by the ledger's own day. For what has been decided; targets and structure may be ahead of their papers.
pub(crate) fn signed(document: &Document, context: &Context, at: &str) -> Result<(), Refusal> {
    let today = context.today();
    if document.date > today {
        return Err(Refusal::DocumentInFuture { date: document.date, today, pointer: format!("{at}/date") });
    }
    Ok(())
}

/// The paper of a correction, which only the reason `other` needs.
pub(crate) fn paper_of_correction(
    reason: Reason,
    document: Option<&Document>,
    context: &Context,
) -> Result<(), Refusal> {
    match document {
        Some(document) => signed(document, context, "/document"),
        None if reason == Reason::Other => Err(Refusal::ReasonNeedsDocument { reason }),
        None => Ok(()),
    }
}

/// A paper that need not be there, such as the minutes of a ceremony.
pub(crate) fn optional_paper(document: Option<&Document>, context: &Context) -> Result<(), Refusal> {
    document.map_or(Ok(()), |document| signed(document, context, "/document"))
}

/// One line of text as it is stored: NFC, trimmed, 1 to `max` characters that print, of no older encoding.
pub(crate) fn line_of_text(text: &str, max: u32, at: &str) -> Result<String, Refusal> {
    fitting(text, max, || at.to_owned()).map(Cow::into_owned)
}

/// Refuses text that has come through an older encoding: what it meant is not guessed.
pub(crate) fn unicode(text: &str, pointer: impl FnOnce() -> String) -> Result<(), Refusal> {
    match legacy(text) {
        Some(found) => Err(Refusal::TextNotUnicode { found, pointer: pointer() }),
        None => Ok(()),
    }
}

fn fitting(text: &str, max: u32, pointer: impl Fn() -> String) -> Result<Cow<'_, str>, Refusal> {
    unicode(text, &pointer)?;
    let stored = normalise(text);
    let fits = !stored.is_empty() && stored.chars().count() <= max as usize;
    if fits && !has_control(text.trim()) { Ok(stored) } else { Err(Refusal::TextUnfit { max, pointer: pointer() }) }
}

/// Code of an administrative unit, as it is stored.
pub(crate) fn place(place: Option<&str>) -> Result<Option<String>, Refusal> {
    place.map(|code| line_of_text(code, PLACE_MAX_CHARS, "/place")).transpose()
}

/// The 32 bytes that 64 lowercase hexadecimal digits stand for.
pub(crate) fn sha256_of(hex: &str, at: &str) -> Result<[u8; 32], Refusal> {
    let malformed = || Refusal::Sha256Malformed { pointer: at.to_owned() };
    let digit = |b: u8| match b {
        b'0'..=b'9' => Ok(b - b'0'),
        b'a'..=b'f' => Ok(b - b'a' + 10),
        _ => Err(malformed()),
    };
    if hex.len() != SHA256_HEX_DIGITS {
        return Err(malformed());
    }
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        testing::{day, paper_of},
        vi::Legacy,
    };

    fn check(change: impl FnOnce(&mut Document)) -> Result<Document, Refusal> {
        let mut document = paper_of("2022-05-04");
        change(&mut document);
        paper(&document, "/document").map(|()| document.normalised())
    }

    fn at(pointer: &str) -> String {
        pointer.to_owned()
    }

    #[test]
    fn a_paper_is_stored_composed_and_trimmed() {
        // `Quận ủy` decomposed, as some keyboards and PDF files write it.
        let stored = check(|d| d.issuer = " Qua\u{323}\u{302}n u\u{309}y  Le\u{302} Cha\u{302}n ".to_owned()).unwrap();
        assert_eq!(stored.issuer, "Quận ủy Lê Chân");
    }

    #[test]
    fn a_paper_without_number_symbol_or_issuer_is_incomplete() {
        let refused = |pointer: &str| Err(Refusal::DocumentIncomplete { pointer: at(pointer) });
        assert_eq!(check(|d| d.number = String::new()), refused("/document/number"));
        assert_eq!(check(|d| d.symbol = " \u{a0}".to_owned()), refused("/document/symbol"));
        assert_eq!(check(|d| d.issuer = "\n".to_owned()), refused("/document/issuer"));
    }

    #[test]
    fn text_that_is_too_long_or_does_not_print_is_unfit() {
        let refused = |max, pointer: &str| Err(Refusal::TextUnfit { max, pointer: at(pointer) });
        assert!(check(|d| d.number = "9".repeat(20)).is_ok());
        assert_eq!(check(|d| d.number = "9".repeat(21)), refused(20, "/document/number"));
        assert_eq!(check(|d| d.symbol = "Đ".repeat(41)), refused(40, "/document/symbol"));
        assert_eq!(check(|d| d.issuer = "Quận ủy\u{0}".to_owned()), refused(200, "/document/issuer"));
        assert_eq!(check(|d| d.issuer = "Quận\nủy".to_owned()), refused(200, "/document/issuer"));
    }

    #[test]
    fn text_in_an_older_encoding_is_refused_and_its_field_named() {
        let refused = |found, pointer: &str| Err(Refusal::TextNotUnicode { found, pointer: at(pointer) });
        assert_eq!(check(|d| d.issuer = "QuËn ñy Lª Ch©n".to_owned()), refused(Legacy::Tcvn3, "/document/issuer"));
        assert_eq!(
            check(|d| d.issuer = "Thµnh ñy H¶i Ph\u{ad}¬ng".to_owned()),
            refused(Legacy::Tcvn3, "/document/issuer")
        );
        assert_eq!(check(|d| d.symbol = "Q§/QU".to_owned()), refused(Legacy::Tcvn3, "/document/symbol"));
        assert_eq!(check(|d| d.issuer = "Quáº\u{ad}n á»§y".to_owned()), refused(Legacy::Utf8Twice, "/document/issuer"));
        assert!(check(|d| d.issuer = "Société Générale".to_owned()).is_ok());
    }

    #[test]
    fn a_fingerprint_is_sixty_four_lowercase_hexadecimal_digits() {
        assert!(check(|d| d.sha256 = Some("0123456789abcdef".repeat(4))).is_ok());
        for wrong in ["", "abc", &"A".repeat(64), &"g".repeat(64), &"0".repeat(65)] {
            let refused = Err(Refusal::Sha256Malformed { pointer: at("/document/sha256") });
            assert_eq!(check(|d| d.sha256 = Some(wrong.to_owned())), refused, "{wrong}");
        }
        assert_eq!(sha256_of(&format!("{}ff", "00".repeat(31)), "").unwrap()[31], 255);
    }

    #[test]
    fn lines_on_a_paper_are_numbered_from_one() {
        assert!(check(|d| d.line = Some(1)).is_ok());
        assert_eq!(check(|d| d.line = Some(0)), Err(Refusal::DocumentLineZero { pointer: at("/document/line") }));
        assert_eq!(check(|_| ()).unwrap().date, day("2022-05-04"));
    }
}
