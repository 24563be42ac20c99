//! `/openapi.json`: the reading surface from its handlers, the commands from their one table.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use domain::{COMMANDS, CommandRow, Role, command_schemas};
use http::header;
use kit::{Problem, Receipt};
use utoipa::{
    OpenApi,
    openapi::{
        Components, Content, HttpMethod, Ref, Required, Response as ApiResponse,
        path::{OperationBuilder, PathItem},
        request_body::RequestBodyBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use super::{
    changes, command_headers, committees, details, diff, directory, failures, lineage, lists, numbers, page,
    programmes, publications, records, restated, restated_records, tallies, trail,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sổ cái (socai)",
        description = "A ledger of organisations founded and members admitted. Every number leads to the records it is made of. \
                       Dates are local (Asia/Ho_Chi_Minh), instants UTC. Errors are `application/problem+json`; each `type` is a page."
    ),
    paths(
        records::list,
        records::get,
        programmes::list,
        tallies::get,
        changes::get,
        diff::get,
        restated::get,
        restated_records::get,
        numbers::get,
        trail::get,
        committees::list,
        lineage::get,
        lists::organisations,
        details::organisation,
        details::admission,
        details::batch,
        lists::queries,
        publications::list,
        publications::get,
        lists::grants,
        directory::get,
        directory::put
    ),
    components(schemas(Problem, Receipt, CommandLine, CommandAnswer))
)]
struct Reading;

/// A line that is sent.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "described; who takes lines has its own")]
struct CommandLine {
    /// Once for one command, for ever.
    key: uuid::Uuid,
    /// Its name, such as `found-organisation`.
    command: String,
    /// The stream's last position; refused when it has moved.
    if_match: Option<domain::Position>,
    /// The command's body.
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

/// A line that is answered.
#[derive(utoipa::ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "described; who answers lines has its own")]
enum CommandAnswer {
    Answered(Box<CommandAnswered>),
    End(CommandsEnd),
}

/// What became of a line.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "described")]
struct CommandAnswered {
    /// From 1, as they were sent.
    line: u64,
    /// None where the line could not be read.
    key: Option<uuid::Uuid>,
    /// As of the same command sent alone.
    status: u16,
    /// Of what is recorded.
    receipt: Option<Receipt>,
    /// Of what is not.
    problem: Option<Problem>,
}

/// The last line.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "described")]
struct CommandsEnd {
    /// Always true.
    end: bool,
    accepted: u64,
    refused: u64,
}

static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

/// `GET /openapi.json`.
pub(crate) async fn get() -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, DOCUMENT.as_str()).into_response()
}

/// The whole document.
pub(crate) fn document() -> utoipa::openapi::OpenApi {
    let mut document = Reading::openapi();
    let components = document.components.get_or_insert_with(Components::new);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("socai_…").build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    for (name, schema, parts) in command_schemas() {
        components.schemas.insert(schema_name(name), schema);
        for (part, schema) in parts {
            components.schemas.entry(part).or_insert(schema);
        }
    }
    for row in COMMANDS {
        document.paths.paths.insert(format!("/v1/commands/{}", row.name), single(row));
    }
    document.paths.paths.insert("/v1/commands".to_owned(), stream());
    page::describe_limits(&mut document);
    failures::share(&mut document);
    document.security = Some(vec![SecurityRequirement::new("token", Vec::<String>::new())]);
    document
}

/// `found-organisation` as `FoundOrganisation`.
pub(super) fn schema_name(command: &str) -> String {
    command.split('-').map(crate::words::capitalised).collect()
}

fn single(row: &CommandRow) -> PathItem {
    let roles: Vec<_> = row.roles.iter().map(|role| role.word()).collect();
    let of_the_root = match row.concerns_the_ledger() && row.roles.contains(&Role::Admin) {
        true => ", of a unit that nothing is above",
        false => "",
    };
    let body = RequestBodyBuilder::new()
        .content("application/json", Content::new(Some(Ref::from_schema_name(schema_name(row.name)))))
        .required(Some(Required::True));
    let mut operation = OperationBuilder::new()
        .operation_id(Some(row.name))
        .tag("commands")
        .summary(Some(format!("{} · {}", row.vi, row.en)))
        .description(Some(format!(
            "Roles: {}{of_the_root}. Recorded on a stream of kind `{}`.",
            roles.join(", "),
            row.kind
        )))
        .request_body(Some(body.build()));
    for header in command_headers::parameters() {
        operation = operation.parameter(header);
    }
    for (status, description) in [("201", "Recorded"), ("200", "Recorded before: the same receipt")] {
        operation = operation.response(status, answer(description, "application/json", "Receipt"));
    }
    for (status, description) in PROBLEMS {
        operation = operation.response(*status, failures::problem(description));
    }
    PathItem::new(HttpMethod::Post, operation)
}

const PROBLEMS: &[(&str, &str)] = &[
    ("400", "Not decodable, or an unknown field"),
    ("403", "The role or office may not"),
    ("409", "Others were first, or the paper is recorded already"),
    ("412", "`If-Match` or `If-None-Match` does not hold"),
    ("422", "Refused by the domain, or the key was used for another body"),
    ("503", "Not available, or the outcome is unknown: same key again"),
];

fn stream() -> PathItem {
    let body = RequestBodyBuilder::new()
        .description(Some(
            "One `{key, command, if_match?, data}` a line; at most 10,000 lines of 64 KiB. Commands on one stream are decided in the order of \
             their lines, those on different streams side by side. A command on reference data (such as `change-structure`, `open-period` or \
             `assign-target`) waits for all lines before it, and all lines behind it wait for it.",
        ))
        .content("application/x-ndjson", Content::new(Some(Ref::from_schema_name("CommandLine"))))
        .required(Some(Required::True));
    let mut operation = OperationBuilder::new()
        .operation_id(Some("commands"))
        .tag("commands")
        .summary(Some("Nhiều lệnh, mỗi dòng một lệnh · many commands, one a line"))
        .request_body(Some(body.build()))
        .response(
            "200",
            answer(
                "`{line, key, status, receipt or problem}` for each line in order, at last `{end, accepted, refused}`",
                "application/x-ndjson",
                "CommandAnswer",
            ),
        );
    for header in command_headers::of_many() {
        operation = operation.parameter(header);
    }
    PathItem::new(HttpMethod::Post, operation)
}

fn answer(description: &str, media_type: &str, schema: &str) -> ApiResponse {
    utoipa::openapi::ResponseBuilder::new()
        .description(description)
        .content(media_type, Content::new(Some(Ref::from_schema_name(schema))))
        .build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{HostKind, SuccessionKind};
    use serde_json::Value;
    use utoipa::openapi::{RefOr, Schema};

    use super::*;

    fn json() -> Value {
        serde_json::from_str(&document().to_json().unwrap()).unwrap()
    }

    #[test]
    fn every_command_has_its_path_with_its_names_and_roles() {
        let json = json();
        for row in COMMANDS {
            let operation = &json["paths"][format!("/v1/commands/{}", row.name)]["post"];
            assert!(operation["summary"].as_str().unwrap().contains(row.vi), "{}", row.name);
            let roles = operation["description"].as_str().unwrap();
            assert!(row.roles.iter().all(|role| roles.contains(role.word())), "{}", row.name);
            let of_the_root = roles.contains("admin, of a unit that nothing is above");
            assert_eq!(of_the_root, row.roles.contains(&Role::Admin) && row.concerns_the_ledger(), "{}", row.name);
        }
    }

    /// What the answer of a handler names, with all that is below.
    type Parts = Vec<(String, RefOr<Schema>)>;

    macro_rules! parts_of {
        ($($module:ident::$path:ident)*) => {
            vec![$((stringify!($module::$path), {
                let mut parts = Parts::new();
                <$module::$path as utoipa::__dev::SchemaReferences>::schemas(&mut parts);
                parts
            }),)*]
        };
    }

    /// By handler, and by command.
    fn all_parts() -> Vec<(&'static str, Parts)> {
        let mut all = parts_of! {
            records::__path_list records::__path_get programmes::__path_list tallies::__path_get changes::__path_get
            diff::__path_get restated::__path_get restated_records::__path_get numbers::__path_get trail::__path_get
            committees::__path_list lineage::__path_get lists::__path_organisations details::__path_organisation
            details::__path_admission details::__path_batch lists::__path_queries lists::__path_grants publications::__path_list
            publications::__path_get directory::__path_get directory::__path_put
        };
        let read: usize = Reading::openapi()
            .paths
            .paths
            .values()
            .map(|item| usize::from(item.get.is_some()) + usize::from(item.put.is_some()))
            .sum();
        assert_eq!(all.len(), read, "a handler is missing in this list");
        all.extend(command_schemas().into_iter().map(|(name, schema, mut parts)| {
            parts.push((schema_name(name), schema));
            (name, parts)
        }));
        all
    }

    /// Of two types under one name the document would tell one, and answers of the other would not be as it says.
    #[test]
    fn no_two_types_share_a_name() {
        let mut known = std::collections::BTreeMap::new();
        let mut shared = BTreeSet::new();
        for (of, parts) in all_parts() {
            for (name, schema) in parts {
                let told = serde_json::to_value(&schema).unwrap();
                if *known.entry(name.clone()).or_insert_with(|| told.clone()) != told {
                    shared.insert(format!("{name} of {of}"));
                }
            }
        }
        assert!(known.len() > 100, "{} types", known.len());
        assert!(shared.is_empty(), "{shared:?}");
    }

    #[test]
    fn every_reference_leads_to_a_schema() {
        let json = json();
        let mut named = BTreeSet::new();
        collect(&json, &mut named);
        let known = json["components"]["schemas"].as_object().unwrap();
        let missing: Vec<_> = named.iter().filter(|name| !known.contains_key(*name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// The words that JSON takes, all of them in snake_case or kebab-case; and no generic map that gives its name to all others.
    #[test]
    fn closed_lists_are_told_in_the_words_that_are_taken() {
        let json = json();
        let schemas = json["components"]["schemas"].as_object().unwrap();
        let words = |name: &str| -> Vec<&str> {
            schemas[name]["enum"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
        };
        assert_eq!(words("HostKind"), HostKind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>());
        assert_eq!(words("SuccessionKind"), SuccessionKind::ALL.iter().map(|how| how.word()).collect::<Vec<_>>());
        let mut listed = BTreeSet::new();
        enumerated(&json, &mut listed);
        let wrong: Vec<_> = listed.iter().filter(|word| word.chars().any(|c| c.is_uppercase())).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        assert!(listed.len() > 100, "only {} words", listed.len());
        assert!(!schemas.contains_key("BTreeMap"));
    }

    #[test]
    fn counts_are_told_with_their_range() {
        let schemas = &json()["components"]["schemas"];
        for (command, field) in [("AdmitBatch", "count"), ("HoldBatchCeremony", "received"), ("CorrectBatch", "count")]
        {
            let field = &schemas[command]["properties"][field];
            assert_eq!((&field["minimum"], &field["maximum"]), (&1.into(), &10_000.into()), "{command}: {field}");
        }
        let target = &schemas["TargetCount"];
        assert_eq!((&target["minimum"], &target["maximum"]), (&1.into(), &1_000_000.into()), "{target}");
        let told = schemas["TargetValue"].to_string();
        assert_eq!(told.matches("#/components/schemas/TargetCount").count(), 2, "{told}");
    }

    #[test]
    fn every_limit_is_told_with_its_range_and_every_kept_answer_with_its_tag() {
        let json = json();
        let (mut limits, mut tagged) = (0, 0);
        for (path, item) in json["paths"].as_object().unwrap() {
            let read = &item["get"];
            let parameters = || read["parameters"].as_array().into_iter().flatten();
            for limit in parameters().filter(|one| one["name"] == "limit").map(|one| &one["schema"]) {
                let range = (&limit["minimum"], &limit["maximum"], &limit["default"]);
                assert_eq!(range, (&1.into(), &1_000.into(), &100.into()), "{path}");
                limits += 1;
            }
            let takes_tag = parameters().any(|one| one["name"] == "If-None-Match");
            assert_eq!(takes_tag, read["responses"]["304"].is_object(), "{path}");
            tagged += usize::from(takes_tag);
        }
        assert!(limits > 8 && tagged > 12, "{limits} {tagged}");
    }

    fn enumerated(value: &Value, listed: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| match (key.as_str(), value) {
                ("enum", Value::Array(words)) => {
                    listed.extend(words.iter().filter_map(Value::as_str).map(str::to_owned))
                }
                _ => enumerated(value, listed),
            }),
            Value::Array(list) => list.iter().for_each(|value| enumerated(value, listed)),
            _ => {}
        }
    }

    fn collect(value: &Value, named: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| match (key.as_str(), value) {
                ("$ref", Value::String(path)) => {
                    named.extend(path.strip_prefix("#/components/schemas/").map(str::to_owned));
                }
                _ => collect(value, named),
            }),
            Value::Array(list) => list.iter().for_each(|value| collect(value, named)),
            _ => {}
        }
    }
}
