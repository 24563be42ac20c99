//! What serde says of a body, in words that whoever sent it knows: plain English, and Vietnamese.

use serde::de;

/// What readers say of forms, ids and types of ours, in words that whoever sent the body knows.
pub(super) fn plain(message: String, data: &[u8]) -> String {
    if message.starts_with("UUID parsing failed") {
        return NO_UUID.to_owned();
    }
    if message.starts_with("invalid number") {
        return NO_NUMBER.to_owned();
    }
    // An object with one of several names, read from something else: that is JSON, and no such form.
    let of_form = message.starts_with("expected value") || message.starts_with("expected `");
    if of_form && serde_json::from_slice::<de::IgnoredAny>(data).is_ok() {
        return NO_FORM.to_owned();
    }
    match message.split_once(", expected ") {
        Some((found, expected)) if is_object(expected) => format!("{found}, expected an object"),
        _ => message,
    }
}

const NO_UUID: &str = "this is no UUID; copy the whole id";
const NO_NUMBER: &str = "this is no number of JSON: write it as 5 or 12, without zeros in front";
const NO_FORM: &str = "one of the forms that /docs shows belongs here, and one only";

/// A type of ours, by a name that says nothing to others.
fn is_object(expected: &str) -> bool {
    ["struct ", "internally tagged enum "].iter().any(|kind| expected.starts_with(kind))
}

pub(super) fn quoted_after<'a>(message: &'a str, prefix: &str) -> Option<&'a str> {
    message.strip_prefix(prefix)?.split('`').next()
}

/// The sentences that serde makes, by their beginnings; what is not known stays English.
pub(super) fn vietnamese(message: &str) -> String {
    let rest = |prefix: &str| message.strip_prefix(prefix);
    if let Some(field) = quoted_after(message, "missing field `") {
        format!("thiếu trường `{field}`")
    } else if let Some(field) = quoted_after(message, "unknown field `") {
        match listed(message).replace(" or ", ", ") {
            fields if fields.contains('`') => format!("không có trường `{field}`; có: {fields}"),
            _ => format!("không có trường `{field}`"),
        }
    } else if let Some(field) = quoted_after(message, "duplicate field `") {
        format!("trường `{field}` lặp lại")
    } else if let Some(variant) = quoted_after(message, "unknown variant `") {
        format!("`{variant}` không nằm trong danh sách; được dùng: {}", listed(message).replace(" or ", ", "))
    } else if let Some(number) = rest("invalid value: integer `").and_then(|rest| rest.split('`').next()) {
        format!("số {number} không dùng được ở đây: nhỏ hơn 0 hoặc quá lớn")
    } else if message == NO_UUID {
        "không phải mã UUID; chép lại nguyên mã".to_owned()
    } else if message == NO_FORM {
        "ở đây cần một trong các dạng nêu ở /docs, và chỉ một".to_owned()
    } else if message == NO_NUMBER {
        "số viết sai; viết như 5 hoặc 12, không có số 0 ở đầu".to_owned()
    } else if message.starts_with("recursion limit") {
        "lồng nhau quá nhiều lớp".to_owned()
    } else if message.starts_with("number out of range") {
        "số quá lớn".to_owned()
    } else if message.contains("hex escape") || message.contains("surrogate") || message.starts_with("invalid escape") {
        "chuỗi có ký tự thoát `\\` viết hỏng".to_owned()
    } else if message.starts_with("control character") {
        "chuỗi có ký tự điều khiển; viết xuống dòng là \\n".to_owned()
    } else if let Some(what) = rest("invalid type: ").or_else(|| rest("invalid value: ")) {
        let (found, expected) = what.split_once(", expected ").unwrap_or((what, "?"));
        format!("sai kiểu: gặp {}, cần {}", kind_of_value(found), kind_of_value(expected))
    } else if message.starts_with("expected value")
        || message.starts_with("expected ident")
        || message.starts_with("key must be")
        || message.starts_with("expected `")
    {
        "chỗ này không phải JSON hợp lệ".to_owned()
    } else if message.starts_with("trailing ") {
        "còn ký tự thừa phía sau".to_owned()
    } else if message.ends_with("2199-12-31") {
        "không phải một ngày có thật; viết YYYY-MM-DD, từ 1900-01-01 đến 2199-12-31".to_owned()
    } else if message.starts_with("EOF") {
        "nội dung bị cụt".to_owned()
    } else {
        message.to_owned()
    }
}

/// What a message of serde says that it expects, without its English.
pub(crate) fn listed(message: &str) -> &str {
    let expected = message.split_once("expected ").map_or("", |(_, expected)| expected);
    expected.strip_prefix("one of ").unwrap_or(expected)
}

/// "string \"x\"", "a map", "u32" in Vietnamese.
fn kind_of_value(text: &str) -> String {
    const KINDS: &[(&str, &str)] = &[
        ("a string", "chuỗi"),
        ("string", "chuỗi"),
        ("a formatted UUID string", "chuỗi UUID"),
        ("a UUID string", "chuỗi UUID"),
        ("a map", "đối tượng"),
        ("an object", "đối tượng"),
        ("map", "đối tượng"),
        ("struct", "đối tượng"),
        ("internally tagged enum", "đối tượng"),
        ("a sequence", "danh sách"),
        ("sequence", "danh sách"),
        ("a boolean", "true hoặc false"),
        ("boolean", "giá trị đúng sai"),
        ("integer", "số nguyên"),
        ("floating point", "số thập phân"),
        ("null", "null"),
        ("u", "số nguyên không âm"),
        ("i", "số nguyên"),
    ];
    let of = |(name, vi): &&(&str, &str)| {
        let rest = text.strip_prefix(name)?;
        // `u32` and `i64` are numbers; other words that begin so are not.
        let is_it = if name.len() == 1 {
            rest.chars().all(|c| c.is_ascii_digit())
        } else {
            rest.is_empty() || rest.starts_with(' ')
        };
        is_it.then(|| match rest.trim() {
            "" => (*vi).to_owned(),
            // The name of a type of ours says nothing to whoever sent the body.
            _ if name.len() == 1 || *name == "struct" || name.ends_with("enum") => (*vi).to_owned(),
            value => format!("{vi} {value}"),
        })
    };
    KINDS.iter().find_map(|kind| of(&kind)).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serde_says_is_told_in_vietnamese() {
        for (message, told) in [
            ("invalid type: string \"x\", expected u32", "sai kiểu: gặp chuỗi \"x\", cần số nguyên không âm"),
            ("invalid type: integer `7`, expected struct Succeed", "sai kiểu: gặp số nguyên `7`, cần đối tượng"),
            ("invalid type: map, expected a string", "sai kiểu: gặp đối tượng, cần chuỗi"),
            ("unknown variant `x`, expected one of `a`, `b`", "`x` không nằm trong danh sách; được dùng: `a`, `b`"),
            ("unknown variant `x`, expected `a` or `b`", "`x` không nằm trong danh sách; được dùng: `a`, `b`"),
            ("expected value", "chỗ này không phải JSON hợp lệ"),
            ("invalid value: integer `-1`, expected u32", "số -1 không dùng được ở đây: nhỏ hơn 0 hoặc quá lớn"),
            ("number out of range", "số quá lớn"),
            ("unexpected end of hex escape", "chuỗi có ký tự thoát `\\` viết hỏng"),
            ("trailing characters", "còn ký tự thừa phía sau"),
            (NO_NUMBER, "số viết sai; viết như 5 hoặc 12, không có số 0 ở đầu"),
            ("recursion limit exceeded", "lồng nhau quá nhiều lớp"),
            ("unknown field `x`, expected one of `a`, `b`", "không có trường `x`; có: `a`, `b`"),
            ("unknown field `x`, there are no fields", "không có trường `x`"),
        ] {
            assert_eq!(vietnamese(message), told);
        }
    }
}
