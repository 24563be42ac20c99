//! Names of commands and of kinds of stream.

use domain::{COMMANDS, CommandRow, Kind};

use super::Words;

/// The row of a command, and its name in the reader's language.
pub(crate) fn command_words(words: Words, name: &str) -> Option<(&'static CommandRow, String)> {
    let row = COMMANDS.iter().find(|row| row.name == name)?;
    Some((row, capitalised(words.t(row.vi, row.en))))
}

/// What a stream is the history of.
pub(crate) fn kind_words(words: Words, kind: Kind) -> &'static str {
    match kind {
        Kind::Ledger => words.t("sổ", "ledger"),
        Kind::Structure => words.t("cơ cấu đơn vị", "structure"),
        Kind::Rules => words.t("quy định điều kiện", "rules"),
        Kind::Programme => words.t("chương trình", "programme"),
        Kind::Period => words.t("kỳ báo cáo", "period"),
        Kind::Target => words.t("chỉ tiêu", "target"),
        Kind::Organisation => words.t("tổ chức", "organisation"),
        Kind::Admission => words.t("kết nạp", "admission"),
        Kind::Batch => words.t("đợt kết nạp", "batch"),
        Kind::Query => words.t("yêu cầu làm rõ", "query"),
        Kind::Access => words.t("quyền truy cập", "access"),
        Kind::Publication => words.t("bài đăng", "publication"),
    }
}

/// With a capital first letter.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str()
}
