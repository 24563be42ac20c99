//! Forms that work without scripts: fill in, see what would change, confirm, and get a receipt.

mod body;
mod shown;
mod signing;
mod spec;
mod standing;
mod wrong;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use bytes::Bytes;
use domain::{CommandId, Kind, Position, Role, StreamId, UnitId};
use http::{HeaderMap, StatusCode};
use kit::{CommandRequest, Problem, http::check_origin, problem};
use serde_json::Value;
use uuid::Uuid;

use self::{
    body::{Typed, body},
    shown::{Input, Showing, ShownGroup, WrongField, wrong_fields},
    signing::{TOKEN, sign_in_first},
    spec::{FORMS, FieldKind, FormSpec, spec},
    wrong::{ProblemShown, in_language, incomplete},
};
use super::{
    frame::{Frame, Here, InForm, InPath, InQuery, SignedIn, Visitor},
    moves::{Moves, moves},
    problem_page,
    shown::{EventShown, HistoryEntry, history},
};
use crate::{
    Portal,
    case::{Case, Records},
    scope::not_seen,
    words::{Words, command_words},
};

/// Whether a command can be posted by a form.
pub(crate) fn has_form(command: &str) -> bool {
    spec(command).is_some()
}

/// Whether a command's form can be opened without saying about what.
pub(crate) fn begins_by(command: &str) -> bool {
    spec(command).is_some_and(begins)
}

/// Whether a command's form takes the id of a case under this name.
pub(crate) fn continues(command: &str, field: &str) -> bool {
    spec(command)
        .is_some_and(|spec| spec.fields().any(|one| matches!(one.kind, FieldKind::Subject) && one.name() == field))
}

/// Whether the form begins something, so that it can be opened without saying about what.
fn begins(spec: &FormSpec) -> bool {
    spec.fields().all(|field| !matches!(field.kind, FieldKind::Subject))
}

#[derive(Template)]
#[template(path = "forms.html")]
struct FormsPage {
    frame: Frame,
    w: Words,
    beginning: Vec<(&'static str, String)>,
    continuing: Vec<String>,
}

/// `GET /forms`: what this visitor may record.
pub(crate) async fn index(State(portal): State<Portal>, SignedIn { visitor, caller }: SignedIn) -> Response {
    let w = visitor.words;
    let role = caller.identity.actor.role;
    let named = |form: &&'static FormSpec| command_words(w, form.command).filter(|(row, _)| row.roles.contains(&role));
    let beginning = FORMS.iter().filter(|form| begins(form)).filter_map(|form| Some((form.command, named(&form)?.1)));
    let continuing = FORMS.iter().filter(|form| !begins(form)).filter_map(|form| Some(named(&form)?.1));
    visitor.show(&FormsPage {
        frame: visitor.frame(&portal, Here::Entry, w.t("Nhập quyết định", "Record a decision")),
        w,
        beginning: beginning.collect(),
        continuing: continuing.collect(),
    })
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    frame: Frame,
    w: Words,
    command: String,
    key: String,
    groups: Vec<ShownGroup>,
    problem: Option<ProblemShown>,
    wrong_fields: Vec<WrongField>,
    /// Whether it is said that the case is late, once that was asked.
    late: Option<bool>,
    history: Vec<HistoryEntry>,
    /// With what the fields were filled in.
    was: Vec<(String, String)>,
}

/// One form being filled in.
struct Filling {
    spec: &'static FormSpec,
    signed_in: SignedIn,
    key: CommandId,
    typed: Typed,
}

/// `GET /forms/{command}`; the query fills in fields by their names.
pub(crate) async fn get(
    State(portal): State<Portal>,
    signed_in: SignedIn,
    InPath(command): InPath<String>,
    InQuery(mut typed): InQuery<Typed>,
) -> Response {
    typed.remove("lang");
    match open(&signed_in, &command) {
        // The key is made here, so that pressing "record" twice sends the same one.
        Ok(spec) => {
            prefill(&portal, &signed_in, &mut typed);
            let mut filling = Filling { spec, signed_in, key: CommandId(Uuid::now_v7()), typed };
            filling.fill_in(&portal).await;
            filling.show(&portal, None).await
        }
        Err(problem) => problem_page(&portal, &signed_in.visitor, &problem),
    }
}

/// Most papers are the office's own.
fn prefill(portal: &Portal, signed_in: &SignedIn, typed: &mut Typed) {
    let reference = portal.reference();
    if let Some(name) = reference.structure.name_on(signed_in.caller.identity.actor.office, portal.today()) {
        typed.entry("document.issuer".to_owned()).or_insert_with(|| name.to_owned());
    }
}

/// `POST /forms/{command}` with `step` = `preview`, `confirm` or `edit`.
pub(crate) async fn post(
    State(portal): State<Portal>,
    visitor: Visitor,
    InPath(command): InPath<String>,
    headers: HeaderMap,
    InForm(mut typed): InForm<Typed>,
) -> Response {
    if let Err(problem) = check_origin(&headers) {
        return problem_page(&portal, &visitor, &problem);
    }
    let token = typed.remove(TOKEN);
    match (visitor.caller.clone(), spec(&command)) {
        (Some(caller), _) => sent(&portal, visitor.signed_in(caller), &command, typed).await,
        (None, Some(spec)) => sign_in_first(&portal, visitor, &headers, spec, typed, token).await,
        (None, None) => problem_page(&portal, &visitor, &no_such_form()),
    }
}

/// What somebody who is signed in has sent.
async fn sent(portal: &Portal, signed_in: SignedIn, command: &str, mut typed: Typed) -> Response {
    let step = typed.remove("step").unwrap_or_default();
    let key = typed.remove("key").and_then(|key| key.parse().ok());
    let (spec, key) = match (open(&signed_in, command), key) {
        (Ok(spec), Some(key)) => (spec, key),
        (Ok(_), None) => return problem_page(portal, &signed_in.visitor, &without_key()),
        (Err(problem), _) => return problem_page(portal, &signed_in.visitor, &problem),
    };
    let filling = Filling { spec, signed_in, key, typed };
    let outcome = match step.as_str() {
        "confirm" => filling.confirm(portal).await,
        "edit" => Ok(filling.show(portal, None).await),
        _ => filling.preview(portal).await,
    };
    match outcome {
        Ok(response) => response,
        Err(problem) => filling.able_to_be_sent(&problem).show(portal, Some(&problem)).await,
    }
}

fn open(signed_in: &SignedIn, command: &str) -> Result<&'static FormSpec, Problem> {
    let known = spec(command).zip(command_words(signed_in.visitor.words, command));
    let (spec, (row, name)) = known.ok_or_else(no_such_form)?;
    if row.roles.contains(&signed_in.caller.identity.actor.role) {
        return Ok(spec);
    }
    Err(Problem::new(
        problem::FORBIDDEN,
        format!("Vai trò của bạn không được dùng biểu mẫu “{name}”."),
        format!("Your role may not use the form “{name}”."),
    ))
}

fn no_such_form() -> Problem {
    Problem::new(problem::NOT_FOUND, "Không có biểu mẫu này.", "There is no such form.")
}

fn without_key() -> Problem {
    Problem::new(
        problem::INVALID_KEY,
        "Biểu mẫu thiếu khóa; hãy mở lại biểu mẫu.",
        "The form has lost its key; open it again.",
    )
}

impl Filling {
    /// Under a key that was used for something else, what is typed could never be recorded.
    fn able_to_be_sent(self, problem: &Problem) -> Self {
        match [problem::KEY_REUSED.slug, "stream-begun"].contains(&problem.slug()) {
            true => Self { key: CommandId(Uuid::now_v7()), ..self },
            false => self,
        }
    }

    async fn show(&self, portal: &Portal, problem: Option<&Problem>) -> Response {
        let visitor = &self.signed_in.visitor;
        let w = visitor.words;
        let Some(case) = self.case(portal).await else { return problem_page(portal, visitor, &not_seen()) };
        let name = command_words(w, self.spec.command).map(|(_, name)| name).unwrap_or_default();
        let none = Vec::new();
        let wrong = problem.map_or(none, |problem| in_language(self.spec, w, problem));
        let reference = portal.reference();
        let showing = Showing {
            words: w,
            reference: &reference,
            today: portal.today(),
            office: self.office(),
            typed: &self.typed,
            wrong: &wrong,
        };
        let groups = showing.groups(self.spec);
        let page = FormPage {
            frame: visitor.frame(portal, Here::Entry, name),
            w,
            command: self.spec.command.to_owned(),
            key: self.key.to_string(),
            wrong_fields: wrong_fields(&groups),
            groups,
            late: self.late(problem),
            problem: match problem {
                Some(problem) => Some(self.problem(portal, problem).await),
                None => None,
            },
            history: history(portal, w, &case),
            was: self.was(),
        };
        let status = problem.and_then(|problem| StatusCode::from_u16(problem.status).ok()).unwrap_or(StatusCode::OK);
        visitor.show_as(status, &page)
    }

    /// A correction begins with what is on record.
    async fn fill_in(&mut self, portal: &Portal) {
        if standing::corrects(self.spec)
            && let Some(case) = self.case(portal).await.as_ref().and_then(|records| Case::of(records))
        {
            standing::fill(self.spec, &mut self.typed, &case);
        }
    }

    /// The records that the form goes on with; none where it begins something. `None` where there is no such case, or another's.
    async fn case(&self, portal: &Portal) -> Option<Records> {
        let Some(stream) = self.subject() else { return Some(Records::new()) };
        let scope = portal.scope(&self.signed_in.caller.identity.actor);
        // While the journal cannot be read, what was typed is shown without them.
        portal.case_records(&scope, &stream).await.unwrap_or_else(|_| Some(Records::new()))
    }

    fn was(&self) -> Vec<(String, String)> {
        let was = self.typed.iter().filter(|(name, _)| name.starts_with(standing::WAS));
        was.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn late(&self, problem: Option<&Problem>) -> Option<bool> {
        let said = self.typed.contains_key("late");
        let asked = problem.is_some_and(|problem| problem.slug() == "period-closed");
        (said || asked).then_some(said)
    }

    fn office(&self) -> UnitId {
        self.signed_in.caller.identity.actor.office
    }

    /// The stream that the form goes on with.
    fn subject(&self) -> Option<StreamId> {
        let field = self.spec.fields().find(|field| matches!(field.kind, FieldKind::Subject))?;
        let id = self.typed.get(&field.name())?.parse().ok()?;
        let kind = match field.pointer {
            "/organisation" => Kind::Organisation,
            "/admission" => Kind::Admission,
            "/batch" => Kind::Batch,
            "/publication" => Kind::Publication,
            _ => Kind::Query,
        };
        Some(StreamId::new(kind, id))
    }

    /// The command as JSON.
    async fn data(&self, portal: &Portal) -> Result<Bytes, Problem> {
        let w = self.signed_in.visitor.words;
        let case = match self.subject() {
            Some(stream) => portal.case_of(stream).await?,
            None => None,
        };
        let said = standing::said(self.spec, &self.typed, case.as_ref(), w).map_err(incomplete)?;
        let mut body = body(self.spec, &said.typed, w).map_err(incomplete)?;
        for whole in said.restated {
            body.entry(whole.trim_start_matches('/')).or_insert_with(|| Value::Object(serde_json::Map::new()));
        }
        let posted_for = self.posted_for(case.as_ref(), &body);
        if let Some(unit) = posted_for.filter(|unit| *unit != self.office()) {
            body.insert("on_behalf_of".to_owned(), unit.to_string().into());
        }
        serde_json::to_vec(&body).map(Bytes::from).map_err(|_| incomplete(Vec::new()))
    }

    /// The unit that a clerk posts for: the one chosen, or the one whose case it is. Only clerks post on behalf of others.
    fn posted_for(&self, case: Option<&Case>, body: &serde_json::Map<String, Value>) -> Option<UnitId> {
        if self.signed_in.caller.identity.actor.role != Role::Office {
            return None;
        }
        let chosen = |pointer: &str| body.get(pointer).and_then(Value::as_str).and_then(|id| id.parse().ok());
        match self.subject() {
            Some(_) => case.map(|case| case.unit),
            None => chosen("unit"),
        }
    }

    async fn preview(&self, portal: &Portal) -> Result<Response, Problem> {
        let data = self.data(portal).await?;
        // Who comes back to a form that was confirmed finds what it recorded.
        if let Some(position) = portal.recorded_by(&self.signed_in.caller, self.key, self.spec.command, &data).await? {
            return Ok(to_receipt(position));
        }
        let previewed = portal.preview(&self.signed_in.caller, self.key, self.spec.command, &data).await?;
        let visitor = &self.signed_in.visitor;
        let w = visitor.words;
        let name = command_words(w, self.spec.command).map(|(_, name)| name).unwrap_or_default();
        let reference = portal.reference();
        let page = PreviewPage {
            frame: visitor.frame(portal, Here::Entry, name),
            w,
            command: self.spec.command.to_owned(),
            key: self.key.to_string(),
            moves: moves(portal, w, &previewed.effects),
            events: previewed.events.iter().map(|event| EventShown::of(w, &reference.structure, event)).collect(),
            document: previewed.command.document().map(|document| w.document(document)),
            typed: self.typed.clone().into_iter().collect(),
        };
        Ok(visitor.show(&page))
    }

    async fn confirm(&self, portal: &Portal) -> Result<Response, Problem> {
        let request = CommandRequest {
            name: self.spec.command.to_owned(),
            key: self.key,
            data: self.data(portal).await?,
            precondition: None,
        };
        let receipt = portal.submit(&self.signed_in.caller.bearer, request).await?;
        Ok(to_receipt(receipt.position))
    }
}

fn to_receipt(position: Position) -> Response {
    Redirect::to(&format!("/receipts/{position}")).into_response()
}

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewPage {
    frame: Frame,
    w: Words,
    command: String,
    key: String,
    moves: Moves,
    events: Vec<EventShown>,
    document: Option<String>,
    typed: Vec<(String, String)>,
}
