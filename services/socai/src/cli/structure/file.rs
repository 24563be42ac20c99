//! A crosswalk as CSV: a header in Vietnamese or English, then a row a line.

use std::path::Path;

use anyhow::{Context, bail};
use domain::{
    structure::crosswalk::{Misfit, Row},
    text::comparison_key,
    vi::text_of,
};

/// What each column may be called.
const OLD_CODE: &[&str] = &["mã cũ", "mã đơn vị cũ", "old code"];
const OLD_NAME: &[&str] = &["tên cũ", "tên đơn vị cũ", "old name"];
const NEW_CODE: &[&str] = &["mã mới", "mã đơn vị mới", "new code"];
const NEW_NAME: &[&str] = &["tên mới", "tên đơn vị mới", "new name"];
const KIND: &[&str] = &["loại thay đổi", "hình thức", "kind of change", "kind", "change"];
const EXTENT: &[&str] = &["mức độ", "toàn bộ hay một phần", "whole or part", "extent"];

/// Most rows of one file; the country's list of communes has about 10,500.
const ROWS_MAX: usize = 20_000;

/// All rows, with the numbers of their lines.
///
/// # Errors
/// When the file cannot be read, is not UTF-8, lacks a column or has it twice, or has too many rows.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<Row>> {
    let bytes = std::fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
    rows(&bytes).with_context(|| format!("in {}", path.display()))
}

fn rows(bytes: &[u8]) -> anyhow::Result<Vec<Row>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let bytes = text_of(bytes)?.as_bytes();
    let mut csv = csv::ReaderBuilder::new().flexible(true).delimiter(delimiter_of(bytes)).from_reader(bytes);
    let header = csv.headers().context("the header cannot be read")?.clone();
    let needed = |names: &[&str]| {
        column(&header, names)?
            .with_context(|| format!("the header has no column “{}” (or “{}”)", names[0], names[names.len() - 1]))
    };
    let (old_code, old_name) = (needed(OLD_CODE)?, needed(OLD_NAME)?);
    let (new_code, new_name, kind) = (needed(NEW_CODE)?, needed(NEW_NAME)?, needed(KIND)?);
    let extent = column(&header, EXTENT)?;
    let mut rows = Vec::new();
    for record in csv.records() {
        let record = record.context("a row cannot be read")?;
        let cell = |place: usize| record.get(place).unwrap_or_default().to_owned();
        rows.push(Row {
            line: record.position().map_or(0, |begins| line_of(bytes, begins)),
            old_code: cell(old_code),
            old_name: cell(old_name),
            new_code: cell(new_code),
            new_name: cell(new_name),
            kind: cell(kind),
            extent: extent.map(cell),
            misfit: (record.len() != header.len()).then(|| Misfit { fields: record.len(), columns: header.len() }),
        });
        if rows.len() > ROWS_MAX {
            bail!("there are more than {ROWS_MAX} rows");
        }
    }
    Ok(rows)
}

/// The place of the one column that has one of these names, if there is one.
fn column(header: &csv::StringRecord, names: &[&str]) -> anyhow::Result<Option<usize>> {
    let named = |cell: &str| names.iter().any(|name| comparison_key(name) == comparison_key(cell));
    let mut found = header.iter().enumerate().filter(|(_, cell)| named(cell));
    let (first, again) = (found.next(), found.next());
    if let (Some((_, first)), Some((_, again))) = (first, again) {
        bail!("the header has the column “{}” twice (“{first}” and “{again}”): leave one of them out", names[0]);
    }
    Ok(first.map(|(place, _)| place))
}

/// Of comma, semicolon and tab the one that the header has most of; Excel in Vietnamese writes semicolons.
fn delimiter_of(bytes: &[u8]) -> u8 {
    let lines = bytes.split(|byte| matches!(byte, b'\r' | b'\n'));
    let header = lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default();
    let count = |delimiter: u8| header.iter().filter(|byte| **byte == delimiter).count();
    // Of equals the last: a header of one column reads the same by all.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// The line of a row. The reader's own number is that of the first blank line before it.
fn line_of(bytes: &[u8], begins: &csv::Position) -> u64 {
    let from = usize::try_from(begins.byte()).map_or(bytes.len(), |byte| byte.min(bytes.len()));
    let blank = bytes[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    blank.filter(|byte| **byte == b'\n').fold(begins.line(), |line, _| line + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_either_language_in_any_order_and_lines_keep_their_numbers() {
        let text = "\u{feff}Tên mới,MÃ MỚI,old name,Old Code,ghi chú,Hình thức,Mức độ\n\nPhường B,2,Phường A,1,x,Nhập toàn bộ,toàn bộ\n";
        let row = Row {
            line: 3,
            old_code: "1".to_owned(),
            old_name: "Phường A".to_owned(),
            new_code: "2".to_owned(),
            new_name: "Phường B".to_owned(),
            kind: "Nhập toàn bộ".to_owned(),
            extent: Some("toàn bộ".to_owned()),
            misfit: None,
        };
        assert_eq!(rows(text.as_bytes()).unwrap(), [row]);
    }

    #[test]
    fn semicolons_and_tabs_are_read_as_commas_are_also_behind_a_byte_order_mark() {
        let text = "\u{feff}Mã cũ;Tên cũ;Mã mới;Tên mới;Hình thức\r\n1;Phường A;2;Phường B;một phần diện tích, toàn bộ dân số\r\n";
        let read = |text: &str| {
            let [row] = &rows(text.as_bytes()).unwrap()[..] else { panic!("{text}") };
            (row.line, row.old_code.clone(), row.new_name.clone(), row.kind.clone())
        };
        let expected = (2, "1".to_owned(), "Phường B".to_owned(), "một phần diện tích, toàn bộ dân số".to_owned());
        assert_eq!(read(text), expected);
        assert_eq!(read(&text.replace(';', "\t")), expected);
        assert_eq!(read(&text.replace(", ", "+").replace(';', ",")).3, "một phần diện tích+toàn bộ dân số");
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = rows("mã cũ,tên cũ,mã mới,tên mới\n".as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "the header has no column “loại thay đổi” (or “change”)");
    }

    #[test]
    fn a_column_that_stands_there_twice_is_named() {
        for (header, told) in [
            (
                "mã cũ,tên cũ,mã mới,tên mới,hình thức,Kind of change\n",
                "“loại thay đổi” twice (“hình thức” and “Kind of change”)",
            ),
            ("mã cũ,Old code,tên cũ,mã mới,tên mới,hình thức\n", "“mã cũ” twice (“mã cũ” and “Old code”)"),
            ("mã cũ,tên cũ,mã mới,tên mới,hình thức,mức độ,mức độ\n", "“mức độ” twice (“mức độ” and “mức độ”)"),
        ] {
            let error = rows(header.as_bytes()).unwrap_err().to_string();
            assert_eq!(error, format!("the header has the column {told}: leave one of them out"));
        }
        let notes = "ghi chú,mã cũ,tên cũ,mã mới,tên mới,hình thức,ghi chú\n";
        assert_eq!(rows(notes.as_bytes()).unwrap(), [], "a column that is not read");
    }

    #[test]
    fn a_row_of_other_fields_than_the_header_has_is_marked() {
        let header = "mã cũ,tên cũ,mã mới,tên mới,hình thức\n";
        let list = format!("{header}1,A,2,B,Nhập toàn bộ\n1,A,2,B,Nhập một phần diện tích, toàn bộ dân số\n1,A,2,B\n");
        let marked: Vec<_> = rows(list.as_bytes()).unwrap().iter().map(|row| (row.line, row.misfit)).collect();
        let misfit = |fields| Some(Misfit { fields, columns: 5 });
        assert_eq!(marked, [(2, None), (3, misfit(6)), (4, misfit(4))]);
    }

    #[test]
    fn what_is_not_utf_8_is_refused() {
        let error = rows(b"old code,old name,new code,new name,kind\n1,Ph\xad\xeang \xb8i,2,B,renamed\n").unwrap_err();
        assert!(error.to_string().starts_with("byte 45 (line 2) is not UTF-8, it looks like TCVN3"), "{error}");
    }
}
