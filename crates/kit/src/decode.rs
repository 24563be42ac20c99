//! JSON to command, with the place that is wrong as a JSON Pointer and what to do in both languages.

use domain::{
    Command,
    vi::{NotUtf8, text_of},
};
use serde::{Deserialize, de};
use serde_path_to_error::{Path, Segment, Track};

use crate::{Problem, named::Named, problem};

/// The named command from its JSON body.
///
/// # Errors
/// `unknown-command`, or `invalid-body` with a pointer.
pub fn command(name: &str, data: &[u8]) -> Result<Command, Problem> {
    command_at("", name, data)
}

/// The same, where the body is a part of what was sent and stands there at a JSON Pointer.
///
/// # Errors
/// As `command`.
pub fn command_at(place: &str, name: &str, data: &[u8]) -> Result<Command, Problem> {
    let mut json = serde_json::Deserializer::from_slice(data);
    let read = Command::read(name, Named(&mut json)).ok_or_else(|| unknown_command(name))?;
    if let Ok(command) = read
        && json.end().is_ok()
    {
        return Ok(command);
    }
    tracked(place, data, |json| Command::read(name, json).unwrap_or_else(|| Err(de::Error::custom("unknown command"))))
}

/// Any value from JSON, with the same problems.
///
/// # Errors
/// `invalid-body` with a pointer.
pub fn value<'de, T: Deserialize<'de>>(data: &'de [u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(data);
    if let Ok(value) = T::deserialize(Named(&mut json))
        && json.end().is_ok()
    {
        return Ok(value);
    }
    tracked("", data, |json| T::deserialize(json))
}

type Tracked<'a, 'b, 'de> = Named<serde_path_to_error::Deserializer<'a, 'b, &'b mut Json<'de>>>;
type Json<'de> = serde_json::Deserializer<serde_json::de::SliceRead<'de>>;

/// Reads once more what could not be read, noting where it is: that costs half as much again, which nobody pays whose JSON is right.
fn tracked<'de, T>(
    place: &str,
    data: &'de [u8],
    read: impl FnOnce(Tracked<'_, '_, 'de>) -> Result<T, serde_json::Error>,
) -> Result<T, Problem> {
    if data.starts_with(BYTE_ORDER_MARK) {
        return Err(marked());
    }
    let mut json = serde_json::Deserializer::from_slice(data);
    let mut track = Track::new();
    let read = read(Named(serde_path_to_error::Deserializer::new(&mut json, &mut track)));
    let value = read.map_err(|error| match text_of(data) {
        // The place is that of the text that holds it: nothing before it was wrong.
        Err(not_utf8) if error.to_string().contains("unicode code point") => not_text(place, &track.path(), &not_utf8),
        _ => invalid(place, &track.path(), &error, data),
    })?;
    json.end().map_err(|error| invalid(place, &Track::new().path(), &error, data))?;
    Ok(value)
}

fn unknown_command(name: &str) -> Problem {
    let shown: String = name.chars().take(64).collect();
    Problem::new(
        problem::UNKNOWN_COMMAND,
        format!("Không có lệnh `{shown}`; danh sách lệnh ở /docs."),
        format!("There is no command `{shown}`; /docs lists them."),
    )
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

fn marked() -> Problem {
    let vi = "nội dung bắt đầu bằng dấu thứ tự byte (BOM, ba byte EF BB BF); bỏ dấu đó, lưu lại dạng UTF-8 không BOM";
    Problem::new(
        problem::INVALID_BODY,
        format!("Chỗ `/`: {vi}, rồi gửi lại với cùng Idempotency-Key."),
        "At `/`: the body begins with a byte order mark (the three bytes EF BB BF); send it without, with the same Idempotency-Key.",
    )
    .at("", vi)
}

fn not_text(place: &str, path: &Path, not_utf8: &NotUtf8) -> Problem {
    let pointer = format!("{place}{}", pointer_of(path, ""));
    let shown = if pointer.is_empty() { "/" } else { pointer.as_str() };
    let vi = format!("Chỗ `{shown}`: {}, với cùng Idempotency-Key.", not_utf8.vi());
    let en = format!("At `{shown}`: {not_utf8}, with the same Idempotency-Key.");
    Problem::new(problem::INVALID_BODY, vi, en).at(pointer, not_utf8.vi())
}

fn invalid(place: &str, path: &Path, error: &serde_json::Error, data: &[u8]) -> Problem {
    let message = plain(without_place(&error.to_string()), data);
    let pointer = format!("{place}{}", pointer_of(path, &message));
    let shown = if pointer.is_empty() { "/" } else { pointer.as_str() };
    let vi = format!("Chỗ `{shown}`: {}. Sửa rồi gửi lại với cùng Idempotency-Key.", vietnamese(&message));
    let en = format!("At `{shown}`: {message}. Mend it and send it again with the same Idempotency-Key.");
    Problem::new(problem::INVALID_BODY, vi, en).at(pointer, vietnamese(&message))
}

/// What readers say of forms, ids and types of ours, in words that whoever sent the body knows.
fn plain(message: String, data: &[u8]) -> String {
    if message.starts_with("UUID parsing failed") {
        return NO_UUID.to_owned();
    }
    // An object with one of several names, read from something else: that is JSON, and no such form.
    let of_form = message.starts_with("expected value") || message.contains("expected `");
    if of_form && serde_json::from_slice::<de::IgnoredAny>(data).is_ok() {
        return NO_FORM.to_owned();
    }
    match message.split_once(", expected ") {
        Some((found, expected)) if is_object(expected) => format!("{found}, expected an object"),
        _ => message,
    }
}

const NO_UUID: &str = "this is no UUID; copy the whole id";
const NO_FORM: &str = "one of the forms that /docs shows belongs here, and one only";

/// A type of ours, by a name that says nothing to others.
fn is_object(expected: &str) -> bool {
    ["struct ", "internally tagged enum "].iter().any(|kind| expected.starts_with(kind))
}

/// serde_json ends its messages with a line and a column, which mean nothing to a form.
fn without_place(message: &str) -> String {
    message.rsplit_once(" at line ").map_or(message, |(what, _)| what).to_owned()
}

/// RFC 6901. A missing field is named itself, not the object that lacks it.
fn pointer_of(path: &Path, message: &str) -> String {
    let mut segments: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { variant } => Some(variant.clone()),
            Segment::Unknown => None,
        })
        .collect();
    let named = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|prefix| quoted_after(message, prefix));
    if let Some(field) = named
        && segments.last().map(String::as_str) != Some(field)
    {
        segments.push(field.to_owned());
    }
    segments.iter().map(|segment| format!("/{}", segment.replace('~', "~0").replace('/', "~1"))).collect()
}

fn quoted_after<'a>(message: &'a str, prefix: &str) -> Option<&'a str> {
    message.strip_prefix(prefix)?.split('`').next()
}

/// The sentences that serde makes, by their beginnings; what is not known stays English.
fn vietnamese(message: &str) -> String {
    let rest = |prefix: &str| message.strip_prefix(prefix);
    if let Some(field) = quoted_after(message, "missing field `") {
        format!("thiếu trường `{field}`")
    } else if let Some(field) = quoted_after(message, "unknown field `") {
        format!("không có trường `{field}`")
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
        || message.starts_with("key must be")
        || message.contains("expected `")
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
        ] {
            assert_eq!(vietnamese(message), told);
        }
    }

    #[test]
    fn no_sentence_names_a_type_of_the_program_or_calls_json_what_is_json() {
        let told = |name: &str, body: &str| {
            let problem = command(name, body.as_bytes()).unwrap_err();
            (problem.detail, problem.detail_en)
        };
        let (vi, en) = told(CEREMONY, "[]");
        assert!(vi.contains("cần đối tượng") && en.contains("expected an object."), "{vi} {en}");
        let (vi, en) = told(CEREMONY, r#"{"admission":"305","held_on":"2022-02-03"}"#);
        assert!(vi.contains("không phải mã UUID") && en.contains("no UUID"), "{vi} {en}");
        let id = "018f0000-0000-7000-8000-000000000001";
        for value in ["3", r#"{"number":1,"at_least":2}"#] {
            let body = format!(
                r#"{{"programme":"a","period":"2022","measure":"m","unit":"{id}","assigner":"{id}","value":{value},
                    "document":{{"number":"1","symbol":"S","issuer":"I","date":"2022-01-01"}}}}"#
            );
            let (vi, en) = told("assign-target", &body);
            assert!(!vi.contains("JSON") && !en.contains("expected value") && !en.contains("expected `"), "{vi} {en}");
        }
    }

    fn pointer(name: &str, body: &str) -> (String, String) {
        let problem = command(name, body.as_bytes()).unwrap_err();
        (problem.errors.first().map(|e| e.pointer.clone()).unwrap_or_default(), problem.slug().to_owned())
    }

    const CEREMONY: &str = "hold-ceremony";

    #[test]
    fn the_place_that_is_wrong_is_a_json_pointer() {
        let id = "018f0000-0000-7000-8000-000000000001";
        for (body, at) in [
            (format!(r#"{{"admission":"{id}"}}"#), "/held_on"),
            (format!(r#"{{"admission":"{id}","held_on":"2022-02-30"}}"#), "/held_on"),
            (format!(r#"{{"admission":"{id}","held_on":"2022-02-03","note":"x"}}"#), "/note"),
            (r#"{"admission":7,"held_on":"2022-02-03"}"#.to_owned(), "/admission"),
            (
                format!(r#"{{"admission":"{id}","held_on":"2022-02-03","document":{{"number":"1"}}}}"#),
                "/document/symbol",
            ),
        ] {
            assert_eq!(pointer(CEREMONY, &body), (at.to_owned(), "invalid-body".to_owned()), "{body}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_named_by_their_field_and_place() {
        let body = b"{\"admission\":\"018f0000-0000-7000-8000-000000000001\",\"held_on\":\"2022-02-03\",\n\"document\":{\"issuer\":\"Qu\xcbn \xf1y\"}}";
        let problem = command(CEREMONY, body).unwrap_err();
        assert_eq!((problem.slug(), problem.errors[0].pointer.as_str()), ("invalid-body", "/document/issuer"));
        assert!(
            problem.detail_en.contains("byte 100 (line 2) is not UTF-8, it looks like TCVN3"),
            "{}",
            problem.detail_en
        );
        assert!(problem.detail.contains("byte 100 (dòng 2) không phải UTF-8"), "{}", problem.detail);
        assert_eq!(value::<serde_json::Value>(b"[\"\xff\"]").unwrap_err().errors[0].pointer, "/0");
    }

    #[test]
    fn an_object_is_not_taken_from_a_list_of_its_fields_and_lists_are_lists() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let paper = r#"["1","QĐ/ĐU","Đảng ủy","2022-02-03",null,null]"#;
        for (name, body, at) in [
            (CEREMONY, format!(r#"["{id}","2022-02-03",null,null]"#), ""),
            (CEREMONY, format!(r#"{{"admission":"{id}","held_on":"2022-02-03","document":{paper}}}"#), "/document"),
            (CEREMONY, format!(r#"{{"admission":"{id}","held_on":["2022-02-03"]}}"#), "/held_on"),
            ("open-ledger", r#"["hp",false]"#.to_owned(), ""),
        ] {
            assert_eq!(pointer(name, &body), (at.to_owned(), "invalid-body".to_owned()), "{body}");
        }
        let told = command("open-ledger", br#"["hp",false]"#).unwrap_err();
        assert!(told.detail.contains("gặp danh sách, cần đối tượng"), "{}", told.detail);
        assert_eq!(value::<Vec<u32>>(b"[1, 2]").unwrap(), [1, 2]);
        assert_eq!(value::<(u32, String)>(b"[1, \"a\"]").unwrap(), (1, "a".to_owned()));
    }

    #[test]
    fn a_byte_order_mark_is_named() {
        let marked = command(CEREMONY, "\u{feff}{}".as_bytes()).unwrap_err();
        assert_eq!(marked.slug(), "invalid-body");
        assert!(marked.detail_en.contains("begins with a byte order mark"), "{}", marked.detail_en);
        assert!(value::<u32>("\u{feff}1".as_bytes()).unwrap_err().detail.contains("BOM"));
    }

    #[test]
    fn what_is_no_json_is_said_to_be_none() {
        assert_eq!(pointer(CEREMONY, "{").1, "invalid-body");
        assert_eq!(pointer(CEREMONY, "{} {}").1, "invalid-body");
        assert_eq!(command(CEREMONY, b"{\"admission\":\"\xff\"}").unwrap_err().slug(), "invalid-body");
        assert_eq!(pointer("found-a-bank", "{}").1, "unknown-command");
    }
}
