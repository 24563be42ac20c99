//! `/organisations`: what was founded, recognised or registered, with what can be recorded next about each.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{COMMANDS, Kind, OrganisationKind, Position, Role};
use serde::Deserialize;

use super::{
    day_and_known,
    forms::{continues, has_form},
    frame::{Frame, Here, InQuery, SignedIn},
    problem_page,
};
use crate::{
    Portal,
    case::{Case, CaseState},
    words::{Words, capitalised},
};

/// Rows of one page.
const ROWS: usize = 50;

#[derive(Deserialize)]
pub(crate) struct Params {
    after: Option<Position>,
    #[serde(default)]
    valid: String,
    #[serde(default)]
    known: String,
}

#[derive(Template)]
#[template(path = "organisations.html")]
struct OrganisationsPage {
    frame: Frame,
    w: Words,
    rows: Vec<OrganisationShown>,
    next_after: Option<u64>,
    valid_field: String,
    known_field: String,
}

struct OrganisationShown {
    stream: String,
    position: u64,
    kind: String,
    unit: String,
    host: &'static str,
    effective_on: String,
    state: &'static str,
    actions: Vec<(String, String)>,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InQuery(params): InQuery<Params>,
) -> Response {
    let w = visitor.words;
    let actor = caller.identity.actor;
    let scope = portal.scope(&actor);
    let now = params.valid.is_empty() && params.known.is_empty();
    let asked = async {
        let (valid, known) = day_and_known(&params.valid, &params.known)?;
        let moment = portal.listed_moment(valid, known).await?;
        portal.organisations(&scope, &moment, params.after.unwrap_or_default(), ROWS).await
    };
    match asked.await {
        Ok(page) => visitor.show(&OrganisationsPage {
            frame: visitor.frame(&portal, Here::Organisations, w.t("Tổ chức", "Organisations")),
            w,
            // What can be recorded next stands beside how it stands now.
            rows: page.found.iter().map(|case| shown(&portal, w, case, Some(actor.role).filter(|_| now))).collect(),
            next_after: page.next_after.map(|position| position.0),
            valid_field: params.valid.clone(),
            known_field: params.known.clone(),
        }),
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

fn shown(portal: &Portal, w: Words, case: &Case, role: Option<Role>) -> OrganisationShown {
    let reference = portal.reference();
    let kind: Option<OrganisationKind> = case.of.parse().ok();
    let kind = kind.map_or(case.of, |kind| w.t(kind.vi(), kind.en()));
    let unit = reference.structure.name_on(case.unit, portal.today()).unwrap_or_default();
    let (state_vi, state_en) = case.state.words();
    let standing = case.state == CaseState::Standing;
    OrganisationShown {
        stream: case.stream.id.to_string(),
        position: case.stream_position.0,
        kind: capitalised(kind),
        unit: unit.to_owned(),
        host: w.t(case.host_kind.vi(), case.host_kind.en()),
        effective_on: w.day(case.effective_on),
        state: w.t(state_vi, state_en),
        actions: role.filter(|_| standing).map(|role| actions(w, case, role)).unwrap_or_default(),
    }
}

fn actions(w: Words, case: &Case, role: Role) -> Vec<(String, String)> {
    let rows = COMMANDS.iter().filter(|row| row.kind == Kind::Organisation && row.roles.contains(&role));
    rows.filter(|row| has_form(row.name) && continues(row.name, "organisation"))
        .map(|row| (format!("/forms/{}?organisation={}", row.name, case.stream.id), w.t(row.vi, row.en).to_owned()))
        .collect()
}
