//! What was typed, as the command's JSON body. What cannot be a number is passed on as typed, so that the one decoder says what is wrong.

use std::collections::BTreeMap;

use domain::vi;
use kit::FieldError;
use serde_json::{Map, Value, json};

use super::spec::{Field, FieldKind, FormSpec};
use crate::words::Words;

/// Name → what was typed.
pub(super) type Typed = BTreeMap<String, String>;

/// The body that the form stands for.
///
/// # Errors
/// A line for each field that has to be filled in and is empty, or that contradicts another.
pub(super) fn body(spec: &FormSpec, typed: &Typed, words: Words) -> Result<Map<String, Value>, Vec<FieldError>> {
    let mut body = Map::new();
    let mut wrong = Vec::new();
    for field in spec.fields() {
        if is_left_empty(spec, field, typed) {
            continue;
        }
        if let FieldKind::DidNotHappen = field.kind
            && is_filled(typed, &field.name())
            && is_filled(typed, &format!("{}.on", field.name()))
        {
            let detail = words
                .t("Chọn một: ngày đúng, hoặc không diễn ra.", "Choose one: the right day, or that it did not happen.");
            wrong.push(FieldError { pointer: field.pointer.to_owned(), detail: detail.to_owned() });
            continue;
        }
        match value(field, typed) {
            Some(value) => insert(&mut body, field.pointer, value),
            None if field.required => {
                let detail = words.t("Cần điền mục này.", "This has to be filled in.");
                wrong.push(FieldError { pointer: field.pointer.to_owned(), detail: detail.to_owned() });
            }
            None => {}
        }
    }
    if let Some(position) = typed.get("distinct_from").and_then(|text| text.parse::<u64>().ok()) {
        body.insert("distinct_from".to_owned(), position.into());
    }
    if typed.contains_key("late") {
        body.insert("late".to_owned(), true.into());
    }
    if wrong.is_empty() { Ok(body) } else { Err(wrong) }
}

/// An issuer alone, as the form offers it, is no document where none is needed.
fn is_left_empty(spec: &FormSpec, field: &Field, typed: &Typed) -> bool {
    let number = spec.fields().find(|field| field.pointer == "/document/number");
    field.pointer == "/document/issuer"
        && number.is_some_and(|number| !number.required)
        && !["document.number", "document.symbol", "document.date"].into_iter().any(|name| is_filled(typed, name))
}

fn is_filled(typed: &Typed, name: &str) -> bool {
    typed.get(name).is_some_and(|text| !text.trim().is_empty())
}

fn value(field: &Field, typed: &Typed) -> Option<Value> {
    let name = field.name();
    let text = |name: &str| typed.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
    match field.kind {
        FieldKind::Target => {
            let n = number(text(&format!("{name}.n"))?);
            Some(match text(&format!("{name}.shape")) {
                Some("at_least") => json!({ "at_least": n }),
                Some("between") => json!({ "between": { "from": n, "to": text(&format!("{name}.to")).map(number) } }),
                _ => json!({ "exactly": n }),
            })
        }
        FieldKind::Count | FieldKind::Position => text(&name).map(number),
        FieldKind::Tick => text(&name).map(|_| true.into()),
        FieldKind::DidNotHappen => text(&name).map(|_| "did_not_happen".into()),
        FieldKind::Stated => text(&name).map(|text| if text == "true" { true.into() } else { false.into() }),
        // What was printed is not trimmed; browsers end lines by two characters.
        FieldKind::Lines => typed.get(&name).map(|text| lines(text)).filter(|lines| !lines.is_empty()).map(Value::from),
        FieldKind::Day => text(&name).map(|text| iso(text).into()),
        _ => text(&name).map(Value::from),
    }
}

/// `1.071` as people type it; anything else stays text.
fn number(text: &str) -> Value {
    vi::parse_count(text).map_or_else(|| text.into(), Value::from)
}

fn lines(text: &str) -> Vec<&str> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .filter(|line| !line.trim().is_empty())
        .collect()
}

/// `3/1/2023` as `2023-01-03`: what browsers without a calendar let people type.
fn iso(text: &str) -> String {
    let parts: Vec<&str> = text.split('/').map(str::trim).collect();
    let digits =
        |part: &str, max: usize| !part.is_empty() && part.len() <= max && part.bytes().all(|b| b.is_ascii_digit());
    match parts[..] {
        [day, month, year] if digits(day, 2) && digits(month, 2) && digits(year, 4) => {
            format!("{year:0>4}-{month:0>2}-{day:0>2}")
        }
        _ => text.to_owned(),
    }
}

fn insert(body: &mut Map<String, Value>, pointer: &str, value: Value) {
    match pointer.trim_start_matches('/').split_once('/') {
        None => {
            body.insert(pointer.trim_start_matches('/').to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = body.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::{Command, Lang};

    use super::{super::spec::spec, *};

    const VI: Words = Words(Lang::Vi);

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    const BATCH: &[(&str, &str)] = &[
        ("unit", "018f0000-0000-7000-8000-000000000001"),
        ("membership", "youth_union"),
        ("host_kind", "private_enterprise"),
        ("count", " 1.071 "),
        ("of_which.women", "0"),
        ("of_which.worker", ""),
        ("place", ""),
        ("document.number", "27"),
        ("document.symbol", "QĐ/ĐTN"),
        ("document.issuer", "Quận đoàn Lê Chân"),
        ("document.date", "30/12/2022"),
    ];

    #[test]
    fn a_filled_form_is_the_commands_body() {
        let body = body(spec("admit-batch").unwrap(), &typed(BATCH), VI).unwrap();
        assert_eq!(body["count"], 1_071);
        assert_eq!(body["of_which"], json!({ "women": 0 }));
        assert_eq!(body["document"]["date"], "2022-12-30");
        assert!(!body.contains_key("place"));
        let command = Command::read("admit-batch", &Value::Object(body)).unwrap().unwrap();
        assert_eq!(command.name(), "admit-batch");
    }

    #[test]
    fn what_has_to_be_filled_in_is_named_and_what_is_no_number_is_passed_on() {
        let mut typed = typed(BATCH);
        typed.insert("count".into(), "gần 200".into());
        typed.remove("document.number");
        let empty = body(spec("admit-batch").unwrap(), &typed, VI).unwrap_err();
        assert_eq!(empty.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/document/number"]);
        typed.insert("document.number".into(), "27".into());
        let body = body(spec("admit-batch").unwrap(), &typed, VI).unwrap();
        assert_eq!(body["count"], "gần 200");
    }

    #[test]
    fn what_did_not_happen_has_no_right_day() {
        let spec = spec("correct-organisation").unwrap();
        let id = "018f0000-0000-7000-8000-000000000001";
        let mut typed = typed(&[("organisation", id), ("reason", "did_not_happen"), ("dissolution", "true")]);
        let filled = body(spec, &typed, VI).unwrap();
        assert_eq!(filled["dissolution"], "did_not_happen");
        let command = Command::read("correct-organisation", &Value::Object(filled)).unwrap().unwrap();
        assert_eq!(command.name(), "correct-organisation");
        typed.insert("dissolution.on".into(), "2022-12-30".into());
        let both = body(spec, &typed, VI).unwrap_err();
        assert_eq!(both.iter().map(|e| e.pointer.as_str()).collect::<Vec<_>>(), ["/dissolution"]);
    }

    #[test]
    fn each_line_is_a_sentence_as_it_was_typed() {
        let spec = spec("publish").unwrap();
        let typed = typed(&[
            ("outlet", "Báo mẫu"),
            ("title", "Kết quả"),
            ("printed.on", "3/1/2023"),
            ("sentences", "Thành lập 47/42  tổ chức đảng.\r\n\r\n Le\u{302} Cha\u{302}n 4/3\r\n"),
        ]);
        let body = body(spec, &typed, VI).unwrap();
        let sentences = json!(["Thành lập 47/42  tổ chức đảng.", " Le\u{302} Cha\u{302}n 4/3"]);
        assert_eq!((&body["sentences"], &body["printed"]), (&sentences, &json!({ "on": "2023-01-03" })));
        let command = Command::read("publish", &Value::Object(body)).unwrap().unwrap();
        assert_eq!(command.name(), "publish");
    }

    #[test]
    fn a_target_has_one_of_three_shapes() {
        let field = spec("assign-target").unwrap().fields().find(|field| field.pointer == "/value").unwrap();
        let check = |pairs: &[(&str, &str)], want: Option<Value>| assert_eq!(value(field, &typed(pairs)), want);
        check(&[("value.shape", "exactly"), ("value.n", "7")], Some(json!({ "exactly": 7 })));
        check(&[("value.shape", "at_least"), ("value.n", "7")], Some(json!({ "at_least": 7 })));
        let range = [("value.shape", "between"), ("value.n", "190"), ("value.to", "200")];
        check(&range, Some(json!({ "between": { "from": 190, "to": 200 } })));
        check(&[("value.shape", "exactly"), ("value.n", "")], None);
    }
}
