//! What any route may answer instead of what it is asked for, told in one place: handlers list only what is particular to them.

use utoipa::openapi::{
    Content, Header, HttpMethod, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    path::{Operation, PathItem},
    schema::{ObjectBuilder, Type},
};

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// Of every route that needs a token.
const OF_ALL: &[(&str, &str)] = &[
    ("401", "`unauthenticated`: no valid token"),
    (
        "500",
        "`internal`: a fault of the server; `record-unreadable`: a record that this version cannot read, with its position",
    ),
    ("503", "`unavailable`, `view-behind` and others: ask again after `Retry-After` seconds"),
];

/// Of every route that takes a body.
const OF_BODIES: &[(&str, &str)] = &[("413", "`too-large`")];

/// Of commands, one or many.
const OF_COMMANDS: &[(&str, &str)] = &[
    ("415", "`unsupported-media-type`: another media type, a `charset` other than UTF-8, or a `Content-Encoding`"),
    ("429", "`too-many-requests`: a proxy before the node may limit; ask again after `Retry-After` seconds"),
];

/// Adds to each operation what all share, and gives every problem the media type that it comes with.
pub(super) fn share(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let of_commands = path.starts_with("/v1/commands");
        for (method, operation) in operations(item) {
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response {
                    as_problem(response);
                }
            }
            let bodies = if method == HttpMethod::Get { &[][..] } else { OF_BODIES };
            let commands = if of_commands { OF_COMMANDS } else { &[] };
            for (status, description) in OF_ALL.iter().chain(bodies).chain(commands) {
                let responses = &mut operation.responses.responses;
                let response = responses.entry((*status).to_owned()).or_insert_with(|| problem(description).into());
                if let RefOr::T(response) = response
                    && matches!(*status, "429" | "503")
                {
                    response.headers.insert("Retry-After".to_owned(), seconds().into());
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    let of = |method, operation: Option<_>| operation.map(|operation| (method, operation));
    let all = [
        of(HttpMethod::Get, item.get.as_mut()),
        of(HttpMethod::Put, item.put.as_mut()),
        of(HttpMethod::Post, item.post.as_mut()),
    ];
    all.into_iter().flatten()
}

/// A problem never comes as plain JSON.
fn as_problem(response: &mut Response) {
    let told = |content: &RefOr<Content>| matches!(content, RefOr::T(content) if matches!(&content.schema, Some(RefOr::Ref(of)) if of.ref_location.ends_with("/Problem")));
    if let Some(content) = response.content.get(JSON).filter(|content| told(content)).cloned() {
        response.content.clear();
        response.content.insert(PROBLEM.to_owned(), content);
    }
}

/// A problem as an answer.
pub(super) fn problem(description: &str) -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new().description(description).content(PROBLEM, content).build()
}

fn seconds() -> Header {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build());
    header.description = Some("Seconds".to_owned());
    header
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::openapi::document;

    /// Path and method of every operation.
    fn operations() -> Vec<(String, Value)> {
        let json: Value = serde_json::from_str(&document().to_json().unwrap()).unwrap();
        let paths = json["paths"].as_object().unwrap();
        let of_path = |(path, item): (&String, &Value)| -> Vec<(String, Value)> {
            item.as_object().unwrap().iter().map(|(method, told)| (format!("{method} {path}"), told.clone())).collect()
        };
        paths.iter().flat_map(of_path).collect()
    }

    #[test]
    fn every_problem_has_its_media_type_and_nothing_else_has_it() {
        for (name, operation) in operations() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let Some(content) = response.get("content").and_then(Value::as_object) else { continue };
                let problem = status.starts_with('4') || status.starts_with('5');
                let media_types: Vec<_> = content.keys().map(String::as_str).collect();
                assert_eq!(media_types == ["application/problem+json"], problem, "{name} {status}: {media_types:?}");
            }
        }
    }

    #[test]
    fn every_operation_tells_of_a_missing_token_and_of_when_to_ask_again() {
        let all = operations();
        assert!(all.len() > 60, "{} operations", all.len());
        for (name, operation) in all {
            let responses = &operation["responses"];
            assert!(responses["401"].is_object(), "{name}");
            let again = &responses["503"]["headers"]["Retry-After"]["schema"]["type"];
            assert_eq!(again, "integer", "{name}");
            if name.starts_with("post /v1/commands") {
                for status in ["413", "415", "429"] {
                    assert!(responses[status].is_object(), "{name} {status}");
                }
                assert_eq!(responses["429"]["headers"]["Retry-After"]["schema"]["type"], "integer", "{name}");
            }
        }
    }
}
