//! JSON to command, with the place that is wrong as a JSON Pointer and what to do in both languages.

mod words;

use domain::{
    Command,
    vi::{NotUtf8, text_of},
};
use serde::{Deserialize, de};
use serde_path_to_error::{Path, Segment, Track};

pub(crate) use self::words::listed;
use self::words::{plain, quoted_after, vietnamese};
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
    tracked(place, Sent::UnderKey, data, |json| {
        Command::read(name, json).unwrap_or_else(|| Err(de::Error::custom("unknown command")))
    })
}

/// Any value from JSON that is sent under a key, with the same problems.
///
/// # Errors
/// `invalid-body` with a pointer.
pub fn value<'de, T: Deserialize<'de>>(data: &'de [u8]) -> Result<T, Problem> {
    value_sent(Sent::UnderKey, data)
}

/// Any value from JSON that has no key, as what is put at an address of its own.
///
/// # Errors
/// `invalid-body` with a pointer.
pub fn keyless_value<'de, T: Deserialize<'de>>(data: &'de [u8]) -> Result<T, Problem> {
    value_sent(Sent::WithoutKey, data)
}

fn value_sent<'de, T: Deserialize<'de>>(sent: Sent, data: &'de [u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(data);
    if let Ok(value) = T::deserialize(Named(&mut json))
        && json.end().is_ok()
    {
        return Ok(value);
    }
    tracked("", sent, data, |json| T::deserialize(json))
}

/// How a body came, and so how it is sent again.
#[derive(Clone, Copy)]
enum Sent {
    UnderKey,
    WithoutKey,
}

impl Sent {
    const fn again(self) -> (&'static str, &'static str) {
        match self {
            Self::UnderKey => (", với cùng Idempotency-Key", ", with the same Idempotency-Key"),
            Self::WithoutKey => ("", ""),
        }
    }
}

type Tracked<'a, 'b, 'de> = Named<serde_path_to_error::Deserializer<'a, 'b, &'b mut Json<'de>>>;
type Json<'de> = serde_json::Deserializer<serde_json::de::SliceRead<'de>>;

/// Reads once more what could not be read, noting where it is: that costs half as much again, which nobody pays whose JSON is right.
fn tracked<'de, T>(
    place: &str,
    sent: Sent,
    data: &'de [u8],
    read: impl FnOnce(Tracked<'_, '_, 'de>) -> Result<T, serde_json::Error>,
) -> Result<T, Problem> {
    if data.starts_with(BYTE_ORDER_MARK) {
        return Err(marked(sent));
    }
    let mut json = serde_json::Deserializer::from_slice(data);
    let mut track = Track::new();
    let read = read(Named(serde_path_to_error::Deserializer::new(&mut json, &mut track)));
    let value = read.map_err(|error| match text_of(data) {
        // The place is that of the text that holds it: nothing before it was wrong.
        Err(not_utf8) if error.to_string().contains("unicode code point") => {
            not_text((place, sent), &track.path(), &not_utf8)
        }
        _ => invalid((place, sent), &track.path(), &error, data),
    })?;
    json.end().map_err(|error| invalid((place, sent), &Track::new().path(), &error, data))?;
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

fn marked(sent: Sent) -> Problem {
    let (again, again_en) = sent.again();
    let vi = "nội dung bắt đầu bằng dấu thứ tự byte (BOM, ba byte EF BB BF); bỏ dấu đó, lưu lại dạng UTF-8 không BOM";
    Problem::new(
        problem::INVALID_BODY,
        format!("Chỗ `/`: {vi}, rồi gửi lại{again}."),
        format!(
            "At `/`: the body begins with a byte order mark (the three bytes EF BB BF); send it without{again_en}."
        ),
    )
    .at("", vi)
}

fn not_text((place, sent): (&str, Sent), path: &Path, not_utf8: &NotUtf8) -> Problem {
    let (again, again_en) = sent.again();
    let pointer = format!("{place}{}", pointer_of(path, ""));
    let shown = if pointer.is_empty() { "/" } else { pointer.as_str() };
    let vi = format!("Chỗ `{shown}`: {}{again}.", not_utf8.vi());
    let en = format!("At `{shown}`: {not_utf8}{again_en}.");
    Problem::new(problem::INVALID_BODY, vi, en).at(pointer, not_utf8.vi())
}

fn invalid((place, sent): (&str, Sent), path: &Path, error: &serde_json::Error, data: &[u8]) -> Problem {
    let (again, again_en) = sent.again();
    let message = plain(without_place(&error.to_string()), data);
    let pointer = format!("{place}{}", pointer_of(path, &message));
    let shown = if pointer.is_empty() { "/" } else { pointer.as_str() };
    let vi = format!("Chỗ `{shown}`: {}. Sửa rồi gửi lại{again}.", vietnamese(&message));
    let en = format!("At `{shown}`: {message}. Mend it and send it again{again_en}.");
    Problem::new(problem::INVALID_BODY, vi, en).at(pointer, vietnamese(&message))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_zero_in_front_is_told_in_the_reader_s_language() {
        let problem = command("found-organisation", br#"{"members": 05}"#).unwrap_err();
        assert!(
            problem.detail.contains("không có số 0 ở đầu") && !problem.detail.contains("invalid"),
            "{}",
            problem.detail
        );
        assert!(problem.detail_en.contains("without zeros in front"), "{}", problem.detail_en);
    }

    #[test]
    fn what_has_no_key_is_not_told_to_keep_it() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Put {
            #[expect(dead_code, reason = "read")]
            entries: Vec<u64>,
        }
        for body in [&br#"{"entrys":[]}"#[..], b"\xef\xbb\xbf{}", b"{\"entries\":[\"\xff\"]}", b"[]", b"{"] {
            let keyed = value::<Put>(body).unwrap_err();
            assert!(
                keyed.detail.contains("Idempotency-Key") && keyed.detail_en.contains("Idempotency-Key"),
                "{keyed:?}"
            );
            let told = keyless_value::<Put>(body).unwrap_err();
            assert!(
                !told.detail.contains("Idempotency-Key") && !told.detail_en.contains("Idempotency-Key"),
                "{told:?}"
            );
            assert_eq!(told.errors, keyed.errors);
        }
        let told = keyless_value::<Put>(br#"{"entrys":[]}"#).unwrap_err();
        assert!(told.detail.contains("`entries`") && told.detail_en.contains("`entries`"), "{told:?}");
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
