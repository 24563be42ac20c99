//! `/problems` and `/problems/{slug}`: what each problem type means and what to do.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::Lang;
use http::StatusCode;
use kit::{Problem, problem::NOT_FOUND};

use super::{
    frame::{Frame, Here, InPath, Visitor},
    problem_page,
};
use crate::{
    Portal,
    problems::{ProblemType, problem_types},
    words::{Words, capitalised, on_a_form},
};

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    frame: Frame,
    w: Words,
    problems: Vec<ProblemType>,
}

#[derive(Template)]
#[template(path = "problem_type.html")]
struct ProblemTypePage {
    frame: Frame,
    w: Words,
    problem: ProblemType,
}

/// A problem's title in the reader's language.
pub(super) fn title(w: Words, problem: &Problem) -> String {
    let known = problem_types().find(|known| known.slug == problem.slug());
    capitalised(known.map_or(problem.title.as_str(), |known| known.title(w.0)))
}

pub(crate) async fn list(State(portal): State<Portal>, visitor: Visitor) -> Response {
    let w = visitor.words;
    let frame = visitor.frame(&portal, Here::Elsewhere, w.t("Các thông báo lỗi", "Problems"));
    visitor.show(&ProblemsPage { frame, w, problems: problem_types().collect() })
}

pub(crate) async fn get(State(portal): State<Portal>, visitor: Visitor, InPath(slug): InPath<String>) -> Response {
    let w = visitor.words;
    let Some(problem) = problem_types().find(|problem| problem.slug == slug) else {
        let unknown = Problem::new(NOT_FOUND, "Không có loại lỗi này.", "There is no such problem type.");
        return problem_page(&portal, &visitor, &unknown);
    };
    let frame = visitor.frame(&portal, Here::Elsewhere, capitalised(problem.title(w.0)));
    visitor.show_as(StatusCode::OK, &ProblemTypePage { frame, w, problem })
}

impl ProblemTypePage {
    fn sentence(&self, lang: Lang) -> String {
        format!("{}.", capitalised(self.problem.remedy(lang).trim_end_matches('.')))
    }

    /// For whoever fills in a form, where that is something else.
    fn on_a_form(&self, lang: Lang) -> Option<String> {
        let remedy = self.problem.remedy(lang);
        let said = on_a_form(lang, remedy);
        (said != remedy).then(|| format!("{}.", capitalised(said.trim_end_matches('.'))))
    }

    fn titled(&self, lang: Lang) -> String {
        capitalised(self.problem.title(lang))
    }
}
