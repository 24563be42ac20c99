//! `/docs`: the surface for people who write programs, and a console to try it; neither needs the internet.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use domain::{
    COMMANDS,
    fold::{EVENT_WORDS, EventWord},
};
use serde_json::Value;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::frame::{Frame, Here, Visitor};
use crate::{
    Portal,
    api::openapi,
    words::{Words, capitalised, kind_words},
};

pub(super) fn routes() -> Router<Portal> {
    let console = SwaggerUi::new("/docs/try").config(Config::from("/openapi.json"));
    Router::new().route("/docs", get(page)).merge(Router::<Portal>::from(console))
}

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage {
    frame: Frame,
    w: Words,
    commands: Vec<CommandShown>,
    calls: Vec<(String, String)>,
    events: &'static [EventWord],
}

struct CommandShown {
    name: &'static str,
    title: String,
    kind: &'static str,
    roles: String,
}

async fn page(State(portal): State<Portal>, visitor: Visitor) -> Response {
    let w = visitor.words;
    let commands = COMMANDS.iter().map(|row| CommandShown {
        name: row.name,
        title: capitalised(w.t(row.vi, row.en)),
        kind: kind_words(w, row.kind),
        roles: row.roles.iter().map(|role| w.t(role.vi(), role.en())).collect::<Vec<_>>().join(", "),
    });
    visitor.show(&DocsPage {
        frame: visitor.frame(&portal, Here::Elsewhere, w.t("Giao diện lập trình", "API")),
        w,
        commands: commands.collect(),
        calls: calls(),
        events: EVENT_WORDS,
    })
}

/// Method and path of what is read, with the handler's own summary.
fn calls() -> Vec<(String, String)> {
    let json = serde_json::to_value(openapi::document()).unwrap_or_default();
    let paths = json["paths"].as_object().into_iter().flatten();
    let reading = paths.filter(|(path, _)| !path.starts_with("/v1/commands"));
    let of = |(path, item): (&String, &Value)| -> Vec<(String, String)> {
        let methods = item.as_object().into_iter().flatten();
        let parameters = |operation: &Value| {
            let list = operation["parameters"].as_array().into_iter().flatten();
            let query = list.filter(|one| one["in"] == "query").filter_map(|one| one["name"].as_str());
            query.collect::<Vec<_>>().join(", ")
        };
        methods
            .filter(|(method, _)| ["get", "put"].contains(&method.as_str()))
            .map(|(method, operation)| (format!("{} {path}", method.to_uppercase()), parameters(operation)))
            .collect()
    };
    reading.flat_map(of).collect()
}
