//! `/queries`: what reviewers ask, and what the owners answered.

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{Position, Role};
use serde::Deserialize;

use super::{
    day_and_known,
    frame::{Frame, Here, InQuery, SignedIn},
    problem_page,
};
use crate::{Portal, cases::QueryCase, words::Words};

/// Rows of one page.
const ROWS: usize = 50;

#[derive(Deserialize)]
pub(crate) struct Params {
    after: Option<Position>,
    #[serde(default)]
    known: String,
}

#[derive(Template)]
#[template(path = "queries.html")]
struct QueriesPage {
    frame: Frame,
    w: Words,
    rows: Vec<QueryShown>,
    next_after: Option<u64>,
    known_field: String,
    /// The position of an earlier moment that was asked for.
    known: Option<u64>,
}

struct QueryShown {
    id: String,
    position: u64,
    about: u64,
    /// Whether that record is the visitor's to see.
    about_seen: bool,
    owner: String,
    question: &'static str,
    answer: Option<&'static str>,
    corrected_at: Option<u64>,
    closed: bool,
    raised_at: String,
    may_answer: bool,
    may_close: bool,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InQuery(params): InQuery<Params>,
) -> Response {
    let w = visitor.words;
    let actor = caller.identity.actor;
    let scope = portal.scope(&actor);
    let asked = async {
        let (_, known) = day_and_known("", &params.known)?;
        let moment = portal.moment(None, known).await?;
        let page = portal.queries(&scope, (params.after.unwrap_or_default(), moment.known), ROWS).await?;
        let mut seen = BTreeSet::new();
        for case in &page.found {
            if portal.sees_record(case.about, &scope).await {
                seen.insert(case.about);
            }
        }
        Ok((page, seen, known.map(|_| moment.known.0)))
    };
    match asked.await {
        Ok((page, seen, known)) => visitor.show(&QueriesPage {
            frame: visitor.frame(&portal, Here::Queries, w.t("Yêu cầu làm rõ", "Queries")),
            w,
            // What can be recorded next stands beside how it stands now.
            rows: page
                .found
                .iter()
                .map(|case| QueryShown {
                    about_seen: seen.contains(&case.about),
                    ..shown(&portal, w, case, Some(actor.role).filter(|_| known.is_none()))
                })
                .collect(),
            next_after: page.next_after.map(|position| position.0),
            known_field: params.known.clone(),
            known,
        }),
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

fn shown(portal: &Portal, w: Words, case: &QueryCase, role: Option<Role>) -> QueryShown {
    let reference = portal.reference();
    QueryShown {
        id: case.query.to_string(),
        position: case.stream_position.0,
        about: case.about.0,
        about_seen: false,
        owner: reference.structure.name_on(case.owner, portal.today()).unwrap_or_default().to_owned(),
        question: w.t(case.question.vi(), case.question.en()),
        answer: case.answer.map(|answer| w.t(answer.vi(), answer.en())),
        corrected_at: case.corrected_at.map(|position| position.0),
        closed: case.closed,
        raised_at: w.instant(case.raised_at),
        may_answer: role == Some(Role::Office) && !case.closed,
        may_close: role == Some(Role::Auditor) && !case.closed,
    }
}
