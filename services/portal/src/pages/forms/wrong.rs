//! What is wrong with a form, above it and beside its fields.

use domain::{Lang, Position};
use kit::{FieldError, Problem, problem};

use super::{
    super::problems::title,
    Filling,
    shown::without_place,
    spec::{FieldKind, FormSpec},
};
use crate::{
    Portal,
    words::{Words, no_day, no_number, on_a_form},
};

/// What is wrong, above the form.
pub(super) struct ProblemShown {
    pub(super) title: String,
    pub(super) detail: String,
    pub(super) page: String,
    /// Errors that belong to no field.
    pub(super) elsewhere: Vec<String>,
    /// The record of the same paper.
    pub(super) same_paper: Option<u64>,
    /// Whether that record is the visitor's to see.
    pub(super) is_seen: bool,
    /// What the form recorded already, before its fields were changed.
    pub(super) recorded: Option<u64>,
}

impl Filling {
    pub(super) async fn problem(&self, portal: &Portal, problem: &Problem) -> ProblemShown {
        let w = self.signed_in.visitor.words;
        let scope = portal.scope(&self.signed_in.caller.identity.actor);
        let is_seen = match problem.position {
            Some(position) => portal.sees_record(Position(position), &scope).await,
            None => false,
        };
        let elsewhere = without_place(self.spec, &in_language(self.spec, w, problem));
        let detail = match is_unread(problem) && elsewhere.is_empty() {
            true => {
                w.t("Có mục chưa đúng, xem bên cạnh mục đó.", "Something is wrong; see beside the field.").to_owned()
            }
            false => on_a_form(w.0, w.t(&problem.detail, &problem.detail_en)),
        };
        ProblemShown {
            title: on_a_form(w.0, &title(w, problem)),
            page: problem.r#type.clone(),
            elsewhere: elsewhere.into_iter().filter(|line| *line != detail).collect(),
            detail,
            same_paper: problem.position.filter(|_| problem.slug() == "looks-recorded-already"),
            is_seen,
            recorded: problem.position.filter(|_| problem.slug() == problem::KEY_REUSED.slug),
        }
    }
}

/// The errors of a problem in the reader's language: in English the problem's own sentence says what its one error means.
pub(super) fn in_language(spec: &FormSpec, w: Words, problem: &Problem) -> Vec<FieldError> {
    let mut errors = problem.errors.clone();
    if let ([error], Lang::En) = (&mut errors[..], w.0)
        && problem.detail_en != INCOMPLETE
    {
        error.detail.clone_from(&problem.detail_en);
    }
    for error in &mut errors {
        error.detail = match unread(spec, w, problem, &error.pointer) {
            Some(said) => said.to_owned(),
            None => on_a_form(w.0, &error.detail),
        };
    }
    errors
}

/// What was typed is not what the field holds: no decision has looked at it.
fn is_unread(problem: &Problem) -> bool {
    problem.slug() == problem::INVALID_BODY.slug && problem.detail_en != INCOMPLETE
}

/// What belongs in a field that could not be read.
fn unread(spec: &FormSpec, w: Words, problem: &Problem, pointer: &str) -> Option<&'static str> {
    let is_at = |field: &str| pointer == field || pointer.strip_prefix(field).is_some_and(|rest| rest.starts_with('/'));
    let field = spec.fields().filter(|_| is_unread(problem)).find(|field| is_at(field.pointer))?;
    match field.kind {
        FieldKind::Day => Some(no_day(w)),
        FieldKind::Count | FieldKind::Position | FieldKind::Target => Some(no_number(w)),
        FieldKind::Text | FieldKind::Lines | FieldKind::Tick | FieldKind::DidNotHappen => None,
        FieldKind::Subject => Some(w.t("Mở lại biểu mẫu từ hồ sơ cần ghi.", "Open the form again from its case.")),
        _ => Some(w.t("Chọn một mục trong danh sách.", "Choose one of the list.")),
    }
}

/// Its errors are in the reader's language already.
const INCOMPLETE: &str = "Something is missing or wrong; see beside each field.";

pub(super) fn incomplete(errors: Vec<FieldError>) -> Problem {
    let mut problem =
        Problem::new(problem::INVALID_BODY, "Còn mục chưa điền hoặc chưa đúng, xem bên cạnh từng mục.", INCOMPLETE);
    problem.errors = errors;
    problem
}
