//! The headers that a command has, over HTTP and over NATS: told in one table, of which both descriptions are made.

use serde_json::{Map, Value, json};
use utoipa::openapi::{
    Required, SchemaFormat,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::{ObjectBuilder, Type},
};

struct CommandHeader {
    name: &'static str,
    required: bool,
    /// Of JSON Schema; nothing for text.
    format: Option<&'static str>,
    /// Also of a request with many commands, for each of them.
    of_many: bool,
    description: &'static str,
}

/// Told as a security scheme where that exists.
const AUTHORIZATION: CommandHeader = CommandHeader {
    name: "Authorization",
    required: true,
    format: None,
    of_many: false,
    description: "`Bearer` and the token of whoever decides.",
};

const HEADERS: &[CommandHeader] = &[
    CommandHeader {
        name: "Idempotency-Key",
        required: true,
        format: Some("uuid"),
        of_many: false,
        description: "A UUID, bare or quoted. The same key with the same body is recorded once, for ever.",
    },
    CommandHeader {
        name: "If-Match",
        required: false,
        format: None,
        of_many: false,
        description: "The stream's last position, quoted; 412 when it has moved.",
    },
    CommandHeader {
        name: "If-None-Match",
        required: false,
        format: None,
        of_many: false,
        description: "`*`: only while nothing is recorded on the stream, else 412. Not together with `If-Match`.",
    },
    CommandHeader {
        name: "Correlation-Id",
        required: false,
        format: Some("uuid"),
        of_many: true,
        description: "A UUID of yours for everything that belongs together. It stands in the record and in its CloudEvent; anything but a UUID is left out.",
    },
    CommandHeader {
        name: "Causation-Id",
        required: false,
        format: Some("uuid"),
        of_many: true,
        description: "A UUID of yours for what gave rise to the command. It stands in the record and in its CloudEvent; anything but a UUID is left out.",
    },
    CommandHeader {
        name: "traceparent",
        required: false,
        format: None,
        of_many: true,
        description: "W3C Trace Context, version 00, of 55 characters. It stands in the record; anything of another length is left out.",
    },
];

/// As parameters of an operation of HTTP.
pub(super) fn parameters() -> impl Iterator<Item = Parameter> {
    HEADERS.iter().map(CommandHeader::parameter)
}

/// Those that many commands of one request share; what is particular to each stands in its line.
pub(super) fn of_many() -> impl Iterator<Item = Parameter> {
    HEADERS.iter().filter(|header| header.of_many).map(CommandHeader::parameter)
}

impl CommandHeader {
    fn parameter(&self) -> Parameter {
        let header = self;
        let format = header.format.map(|format| SchemaFormat::Custom(format.to_owned()));
        ParameterBuilder::new()
            .name(header.name)
            .parameter_in(ParameterIn::Header)
            .required(if header.required { Required::True } else { Required::False })
            .description(Some(header.description))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String).format(format)))
            .build()
    }
}

/// As the schema of a message's headers.
pub(super) fn schema() -> Value {
    let all = || std::iter::once(&AUTHORIZATION).chain(HEADERS);
    let property = |header: &CommandHeader| {
        let mut told = json!({ "type": "string", "description": header.description });
        if let Some(format) = header.format {
            told["format"] = format.into();
        }
        (header.name.to_owned(), told)
    };
    let required: Vec<_> = all().filter(|header| header.required).map(|header| header.name).collect();
    json!({ "type": "object", "required": required, "properties": all().map(property).collect::<Map<_, _>>() })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::COMMANDS;
    use serde_json::Value;

    use super::super::{asyncapi, openapi};

    /// What `services/intake/src/single.rs` takes of a request, beside its body and its type.
    const TAKEN: [&str; 6] =
        ["Causation-Id", "Correlation-Id", "Idempotency-Key", "If-Match", "If-None-Match", "traceparent"];

    #[test]
    fn both_descriptions_name_every_header_that_is_taken() {
        let http: Value = serde_json::from_str(&openapi::document().to_json().unwrap()).unwrap();
        let nats = asyncapi::document();
        let many = http["paths"]["/v1/commands"]["post"]["parameters"].as_array().unwrap();
        let many: Vec<_> = many.iter().map(|told| told["name"].as_str().unwrap()).collect();
        assert_eq!(many, ["Correlation-Id", "Causation-Id", "traceparent"]);
        for row in COMMANDS {
            let parameters = &http["paths"][format!("/v1/commands/{}", row.name)]["post"]["parameters"];
            let of_header = |told: &&Value| told["in"] == "header";
            let told: BTreeSet<_> = parameters
                .as_array()
                .unwrap()
                .iter()
                .filter(of_header)
                .map(|told| told["name"].as_str().unwrap())
                .collect();
            assert_eq!(told, TAKEN.into(), "{}", row.name);

            let headers = &nats["components"]["messages"][row.name]["headers"];
            let told: BTreeSet<_> = headers["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(told, TAKEN.into_iter().chain(["Authorization"]).collect(), "{}", row.name);
            assert_eq!(headers["required"], serde_json::json!(["Authorization", "Idempotency-Key"]));
        }
    }
}
