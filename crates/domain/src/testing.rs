//! Given what was recorded, when a command comes, then these events or this refusal. Only for the tests of this crate.

use crate::*;

pub(crate) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

pub(crate) fn paper_of(date: &str) -> Document {
    Document {
        number: "12".to_owned(),
        symbol: "QĐ/QU".to_owned(),
        issuer: "Quận ủy Lê Chân".to_owned(),
        date: day(date),
        line: None,
        sha256: None,
    }
}
