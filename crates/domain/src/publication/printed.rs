//! When something was printed, and text that is kept as it was printed.

use serde::{Deserialize, Serialize};

use crate::{LocalDate, Refusal, Timestamp, guard};

/// When it was printed, as closely as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Printed {
    /// Some time that day.
    On(LocalDate),
    At(Timestamp),
}

impl Printed {
    /// The local day.
    pub fn day(self) -> LocalDate {
        match self {
            Self::On(day) => day,
            Self::At(at) => at.local_date(),
        }
    }

    /// The moment up to which its writer can have known the ledger: of a day its last.
    pub fn known_until(self) -> Timestamp {
        match self {
            Self::On(day) => day.tomorrow().begins_at().plus_micros(-1),
            Self::At(at) => at,
        }
    }

    /// As its JSON Pointer ends.
    pub(super) const fn pointer(self) -> &'static str {
        match self {
            Self::On(_) => "/printed/on",
            Self::At(_) => "/printed/at",
        }
    }
}

/// Refuses text that cannot be kept byte for byte and shown. Its form is not changed: composed or not, with whatever spaces.
pub(super) fn as_printed(text: &str, max: usize, pointer: impl Fn() -> String) -> Result<(), Refusal> {
    guard::unicode(text, &pointer)?;
    let unfit = text.trim().is_empty() || text.len() > max || text.chars().any(deceives);
    if unfit { Err(Refusal::PrintedTextUnfit { max, pointer: pointer() }) } else { Ok(()) }
}

/// Controls but for line breaks and tabs; and marks that show text in another order than it is stored in.
fn deceives(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_known_up_to_its_last_moment_by_local_time() {
        let printed = Printed::On("2023-01-03".parse().unwrap());
        assert_eq!(printed.known_until().to_string(), "2023-01-03T16:59:59.999999Z");
        let at = Printed::At("2023-01-02T17:30:00Z".parse().unwrap());
        assert_eq!(
            (at.day().to_string(), at.known_until().to_string().as_str()),
            ("2023-01-03".to_owned(), "2023-01-02T17:30:00Z")
        );
    }

    #[test]
    fn what_prints_is_kept_and_what_does_not_is_refused() {
        for text in ["47/42", "1\u{a0}071 đảng viên", "Le\u{302} Cha\u{302}n  đạt\n\t4/3 ", "mềm\u{ad}mỏng\u{200b} 4/3"]
        {
            assert_eq!(as_printed(text, 64, String::new), Ok(()), "{text:?}");
        }
        for text in [
            "H¶i Phßng ®¹t 47/42",
            "ThÃ nh láº\u{ad}p 47/42",
            "",
            " \n",
            "a\u{0}b",
            "a\u{202e}b",
            "a\rb",
            &"x".repeat(65),
        ] {
            assert!(as_printed(text, 64, String::new).is_err(), "{text:?}");
        }
    }
}
