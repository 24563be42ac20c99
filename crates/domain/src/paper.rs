//! The same paper, however it is typed: posted twice under two keys it is the commonest real error.

use crate::{BatchId, Command, Document, EventBody, Kind, LocalDate, Record, text::comparison_key};

/// What a paper decides; part of the key under which the same paper is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaperKind {
    Founding = 1,
    Admission = 2,
    Dissolution = 3,
    TypeChange = 4,
    Transfer = 5,
    BatchCeremony = 6,
}

/// A paper that must not be recorded twice.
#[derive(Clone, Copy, Debug)]
pub struct Paper<'a> {
    pub kind: PaperKind,
    pub document: &'a Document,
    /// What it is about, where one paper is about several by nature: the minutes of a ceremony name its day, and may name several batches.
    pub about: Option<(BatchId, LocalDate)>,
}

impl<'a> Paper<'a> {
    pub fn of_command(command: &'a Command) -> Option<Self> {
        let about = match command {
            Command::HoldBatchCeremony(held) => Some((held.batch, held.held_on)),
            _ => None,
        };
        Some(Self { kind: kind_of(command.name())?, document: command.document()?, about })
    }

    pub fn of_record(record: &'a Record) -> Option<Self> {
        if !matches!(record.stream.kind, Kind::Organisation | Kind::Admission | Kind::Batch) {
            return None;
        }
        let held = record.events.iter().find(|event| matches!(event.body, EventBody::BatchCeremonyHeld { .. }));
        let about = held.map(|event| (BatchId(record.stream.id), event.effective_on));
        Some(Self { kind: kind_of(&record.command_name)?, document: record.document.as_ref()?, about })
    }
}

/// What the paper of the named command decides, if the same paper must not be recorded twice. A batch and singles of one paper collide;
/// a founding and a dissolution by one paper do not.
fn kind_of(command: &str) -> Option<PaperKind> {
    match command {
        "found-organisation" | "recognise-union" | "register-existing" => Some(PaperKind::Founding),
        "admit-member" | "admit-batch" => Some(PaperKind::Admission),
        "hold-batch-ceremony" => Some(PaperKind::BatchCeremony),
        "dissolve-organisation" => Some(PaperKind::Dissolution),
        "change-organisation-type" => Some(PaperKind::TypeChange),
        "transfer-organisation" => Some(PaperKind::Transfer),
        _ => None,
    }
}

/// Equal for the spellings of one symbol: however it is separated, and whether or not the keyboard had a `đ`.
pub fn symbol_key(text: &str) -> String {
    let mut key = comparison_key(text);
    if key.contains('đ') {
        key = key.replace('đ', "d");
    }
    key.retain(char::is_alphanumeric);
    key
}

/// Equal for the spellings of one number beside its symbol, of which the key is given: `02`, `số 2`, `2/` and a `２` of full width are the
/// number 2, and so is `2-QĐ/QU` where the symbol is `QĐ/QU`.
pub fn number_key(text: &str, symbol: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.trim_start_matches('0').to_owned();
    }
    let of_full_width = |c: char| match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        c => c,
    };
    let key: String = comparison_key(text).chars().map(of_full_width).collect();
    let digits = key.find(|c: char| c.is_ascii_digit()).unwrap_or_default();
    // A key has the marks of a word behind it.
    let after_word = key[..digits].chars().filter(char::is_ascii_alphabetic).eq("so".chars());
    let number = if after_word { &key[digits..] } else { &key };
    let number = number.trim_matches(|c: char| !c.is_alphanumeric()).trim_start_matches('0');
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    let (leading, rest) = number.split_at(end);
    if !leading.is_empty() && !symbol.is_empty() && symbol_key(rest) == symbol { leading } else { number }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_same_however_it_is_typed() {
        let symbol = symbol_key("QĐ/ĐU");
        for typed in [
            "8812",
            "08812",
            "８８１２",
            "8812/",
            "8812.",
            "số 8812",
            "Số: 8812",
            "8812-QĐ/ĐU",
            "8812/qd-du",
            "Số 8812-QĐ/ĐU",
        ] {
            assert_eq!(number_key(typed, &symbol), "8812", "{typed}");
        }
        for other in ["881", "88120", "8812a", "88/12", "8812-QĐ/QU"] {
            assert_ne!(number_key(other, &symbol), "8812", "{other}");
        }
        assert_eq!(number_key("12", ""), "12");
    }

    #[test]
    fn a_symbol_is_the_same_however_it_is_separated() {
        for typed in ["QĐ/ĐU", "QD/DU", "-qđ/đu", "QĐ-ĐU", "qđ đu"] {
            assert_eq!(symbol_key(typed), "qddu", "{typed}");
        }
        assert_ne!(symbol_key("QĐ/QU"), symbol_key("QĐ/ĐU"));
    }
}
