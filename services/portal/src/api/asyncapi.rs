//! `/asyncapi.json`: what a NATS client gets without HTTP. Commands and their schemas come from the same table as those of `/openapi.json`, subjects
//! from where the servers get them.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use domain::{COMMANDS, CommandRow, Kind};
use http::header;
use journal::nats::Names;
use serde_json::{Map, Value, json};

use super::{command_headers, openapi};

/// AsyncAPI 3.0 is read by every tool of it that is in use.
const VERSION: &str = "3.0.0";
/// In the place of a ledger's name.
const LEDGER: &str = "{ledger}";

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_string());

/// `GET /asyncapi.json`.
pub(crate) async fn get() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, DOCUMENT.as_str()).into_response()
}

/// The whole document, as the ledger's processes see themselves: they send records and cells, and receive commands.
pub(crate) fn document() -> Value {
    let names = Names::new(LEDGER);
    let (mut channels, mut operations) = (Map::new(), Map::new());
    for told in told(&names) {
        operations.insert(
            format!("send-{}", told.name),
            json!({ "action": "send", "channel": reference("channels", told.name) }),
        );
        channels.insert(told.name.to_owned(), told.channel);
    }
    for row in COMMANDS {
        channels.insert(row.name.to_owned(), command_channel(&names, row));
        operations.insert(row.name.to_owned(), command_operation(row));
    }
    channels.insert("answers".to_owned(), json!({
        "address": null,
        "description": "The inbox that a command names for its answer; its subject begins with `_INBOX`.",
        "messages": { "receipt": reference("components/messages", "receipt"), "problem": reference("components/messages", "problem") },
    }));
    json!({
        "asyncapi": VERSION,
        "info": {
            "title": "Sổ cái (socai) · NATS",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The ledger's records as they are appended, the last value of every cell, and commands. Who may do what there is for \
                            the server's permissions to say. A foreign reader gets single messages by direct get and subscribes to what \
                            comes; it needs no consumer. First subscribe, then read what stands, then take what came with a higher position.",
        },
        "defaultContentType": "application/json",
        "servers": { "nats": { "host": "127.0.0.1:4222", "protocol": "nats", "description": "NATS 2.10 or later with JetStream." } },
        "channels": channels,
        "operations": operations,
        "components": { "schemas": schemas(), "messages": messages() },
    })
}

/// A channel that is told something.
struct Told {
    name: &'static str,
    channel: Value,
}

fn told(names: &Names) -> Vec<Told> {
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let cells = names.cells();
    let cell = |rest: &str| cells.replace('>', rest);
    let of_cells = json!({
        "ledger": parameter("The ledger's name."),
        "programme": parameter("Such as `nq28`."),
        "period": parameter("Such as `2022`."),
        "measure": parameter("Such as `party_org`."),
        "unit": parameter("The holder's id, a UUID."),
    });
    let pick = |wanted: &[&str]| {
        let all = of_cells.as_object().into_iter().flatten();
        Value::Object(
            all.filter(|(name, _)| wanted.contains(&name.as_str())).map(|(n, v)| (n.clone(), v.clone())).collect(),
        )
    };
    let log = names.everything().replacen('*', "{kind}", 1).replacen('*', "{id}", 1);
    let channel = |address: String, parameters: Value, message: &str, description: String| {
        json!({
            "address": address, "parameters": parameters, "description": description,
            "messages": { message: reference("components/messages", message) },
        })
    };
    let kept = kept(names);
    vec![
        Told {
            name: "records",
            channel: channel(
                log,
                json!({
                    "ledger": parameter("The ledger's name."),
                    "kind": { "description": "Kind of the stream of records.", "enum": kinds },
                    "id": parameter("Id of the stream of records, a UUID."),
                }),
                "record",
                format!(
                    "Every record, once. The stream `{}` keeps all of them; a record's sequence there is its position.",
                    names.stream()
                ),
            ),
        },
        Told {
            name: "cells",
            channel: channel(
                cell("{programme}.{period}.{measure}.{unit}"),
                of_cells.clone(),
                "cell",
                format!("The last value of a cell, when it changes. {kept}"),
            ),
        },
        Told {
            name: "sums",
            channel: channel(
                cell("{programme}.{period}.{measure}"),
                pick(&["ledger", "programme", "period", "measure"]),
                "sum",
                format!("The last value of a measure's sum over its holders, when it changes. {kept}"),
            ),
        },
        Told {
            name: "cells-position",
            channel: channel(
                names.cells_position(),
                pick(&["ledger"]),
                "cells-position",
                format!("Up to which position cells and sums are told: after all of them. {kept}"),
            ),
        },
    ]
}

/// What is true of everything that is told of cells.
fn kept(names: &Names) -> String {
    format!(
        "Kept in the stream `{}`, one message a subject, which servers with the users of `deploy/nats/users.conf` have in the JetStream domain \
         `cells`. Who subscribes also hears what was sent too late and is not kept: take over a value whose \
         `position` is higher than that of the one you have of its subject, and read any other again by direct get when `cell.position` comes.",
        names.cells_stream()
    )
}

fn command_channel(names: &Names, row: &CommandRow) -> Value {
    let roles: Vec<_> = row.roles.iter().map(|role| role.word()).collect();
    json!({
        "address": names.command(row.name),
        "parameters": { "ledger": parameter("The ledger's name.") },
        "title": format!("{} · {}", row.vi, row.en),
        "description": format!("Roles: {}. Recorded on a stream of kind `{}`.", roles.join(", "), row.kind),
        "messages": { row.name: reference("components/messages", row.name) },
    })
}

fn command_operation(row: &CommandRow) -> Value {
    let answer = |name: &str| json!({ "$ref": format!("#/channels/answers/messages/{name}") });
    json!({
        "action": "receive",
        "channel": reference("channels", row.name),
        "summary": format!("{} · {}", row.vi, row.en),
        "reply": {
            "address": { "location": "$message.header#/reply", "description": "The reply subject that a NATS request has." },
            "channel": reference("channels", "answers"),
            "messages": [answer("receipt"), answer("problem")],
        },
    })
}

fn messages() -> Value {
    let mut messages = Map::new();
    for row in COMMANDS {
        messages.insert(
            row.name.to_owned(),
            json!({
                "title": row.en, "contentType": "application/json", "headers": command_headers::schema(),
                "payload": reference("components/schemas", &openapi::schema_name(row.name)),
            }),
        );
    }
    let plain = |content_type: &str, schema: &str| json!({ "contentType": content_type, "payload": reference("components/schemas", schema) });
    messages.insert("receipt".to_owned(), plain("application/json", "Receipt"));
    let mut problem = plain("application/problem+json", "Problem");
    problem["headers"] = json!({
        "type": "object",
        "properties": {
            "Nats-Service-Error": { "type": "string", "description": "The last part of the problem's type." },
            "Nats-Service-Error-Code": { "type": "string", "description": "What HTTP would answer." },
            "Retry-After": { "type": "string", "description": "Seconds." },
        },
    });
    messages.insert("problem".to_owned(), problem);
    messages.insert("cell".to_owned(), plain("application/json", "CellTold"));
    messages.insert("sum".to_owned(), plain("application/json", "SumTold"));
    messages.insert("cells-position".to_owned(), plain("application/json", "CellsPosition"));
    messages.insert(
        "record".to_owned(),
        json!({
            "title": "A CloudEvent in binary mode: one decision, all of its events",
            "contentType": "application/protobuf",
            "headers": cloud_event_headers(),
            "payload": {
                "schemaFormat": "application/vnd.google.protobuf;version=3",
                "schema": include_str!("../../../../proto/socai/record/v1/record.proto"),
            },
        }),
    );
    Value::Object(messages)
}

fn cloud_event_headers() -> Value {
    let named = [
        ("ce-specversion", "1.0"),
        ("ce-id", "The command's id."),
        ("ce-type", "Such as `vn.socai.organisation-founded.v1`: that of the first event."),
        ("ce-source", "`/socai/<ledger>/<kind>/<uuid>`"),
        ("ce-time", "When it counts: local midnight of the first event's day."),
        ("ce-recordedtime", "When the ledger learned it."),
        ("ce-sequence", "The version within the stream of records, 20 digits."),
        ("ce-datacontenttype", "application/protobuf"),
        ("ce-correlationid", "A UUID, if the caller named one."),
        ("ce-causationid", "A UUID, if the caller named one."),
    ];
    let properties: Map<_, _> = named
        .into_iter()
        .map(|(name, description)| (name.to_owned(), json!({ "type": "string", "description": description })))
        .collect();
    json!({ "type": "object", "properties": properties })
}

/// Those of `/openapi.json`, and what is told of cells.
fn schemas() -> Value {
    let http = serde_json::to_value(openapi::document()).unwrap_or_default();
    let mut schemas = http["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let identity = json!({
        "type": "object",
        "required": ["programme", "period", "measure", "position", "fold_version"],
        "properties": {
            "programme": { "type": "string" }, "period": { "type": "string" }, "measure": { "type": "string" },
            "position": { "type": "integer", "description": "Of the last record that moved it." },
            "fold_version": { "type": "integer", "description": "Grows whenever the same records would give other values." },
        },
    });
    let gone = json!({
        "type": "object", "required": ["gone", "position"],
        "properties": {
            "gone": { "type": "boolean", "description": "In the place of what is no more." },
            "position": { "type": "integer", "description": "As of which it is no more." },
        },
    });
    let told =
        |schema: &str| json!({ "oneOf": [{ "allOf": [identity, reference("components/schemas", schema)] }, gone] });
    schemas.insert("CellTold".to_owned(), told("Cell"));
    let mut sum = schemas.get("MeasureTally").cloned().unwrap_or_default();
    without_cells(&mut sum);
    schemas.insert("Sum".to_owned(), sum);
    schemas.insert("SumTold".to_owned(), told("Sum"));
    schemas.insert("CellsPosition".to_owned(), json!({
        "type": "object",
        "required": ["position", "fold_version", "judged_on", "sha256"],
        "properties": {
            "position": { "type": "integer" }, "fold_version": { "type": "integer" },
            "judged_on": { "type": "string", "format": "date", "description": "The day against which due days are held." },
            "sha256": { "type": "string", "description": "SHA-256 of the body of the record at that position, in hexadecimal digits." },
        },
    }));
    Value::Object(schemas)
}

/// A measure as it is told: its cells have subjects of their own.
fn without_cells(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(properties) = fields.get_mut("properties").and_then(Value::as_object_mut) {
                properties.remove("cells");
            }
            if let Some(required) = fields.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| name != "cells");
            }
            fields.values_mut().for_each(without_cells);
        }
        Value::Array(items) => items.iter_mut().for_each(without_cells),
        _ => {}
    }
}

fn parameter(description: &str) -> Value {
    json!({ "description": description })
}

fn reference(of: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/{of}/{name}") })
}

#[cfg(test)]
mod tests {
    use domain::{StreamId, UnitId};
    use uuid::Uuid;

    use super::*;

    fn filled(address: &str, values: &[(&str, String)]) -> String {
        values.iter().fold(address.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    #[test]
    fn every_subject_is_the_one_that_the_servers_get() {
        let document = document();
        let address = |channel: &str| document["channels"][channel]["address"].as_str().unwrap().to_owned();
        let names = Names::new("hp");
        let (stream, unit) = (StreamId::of_key(Kind::Batch, "x"), UnitId(Uuid::nil()));
        let ledger = ("ledger", "hp".to_owned());
        let of_log = [ledger.clone(), ("kind", stream.kind.to_string()), ("id", stream.id.to_string())];
        assert_eq!(filled(&address("records"), &of_log), names.subject(stream));
        let of_cell = [
            ledger.clone(),
            ("programme", "nq28".to_owned()),
            ("period", "2022".to_owned()),
            ("measure", "party_org".to_owned()),
            ("unit", unit.to_string()),
        ];
        let (programme, period, measure) =
            ("nq28".parse().unwrap(), "2022".parse().unwrap(), "party_org".parse().unwrap());
        assert_eq!(filled(&address("cells"), &of_cell), names.cell(&programme, &period, &measure, unit));
        assert_eq!(filled(&address("sums"), &of_cell), names.whole(&programme, &period, &measure));
        assert_eq!(filled(&address("cells-position"), &of_cell), names.cells_position());
        for row in COMMANDS {
            assert_eq!(filled(&address(row.name), std::slice::from_ref(&ledger)), names.command(row.name));
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let document = document();
        let mut references = Vec::new();
        collect(&document, &mut references);
        assert!(references.len() > COMMANDS.len());
        for reference in references {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
        // For a parser that nobody here wrote: `deploy/tools/asyncapi-check`.
        if let Some(file) = std::env::var_os("SOCAI_WRITE_ASYNCAPI") {
            std::fs::write(file, document.to_string()).unwrap();
        }
    }

    fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(path)) => references.push(path),
                _ => collect(value, references),
            }),
            Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
            _ => {}
        }
    }
}
