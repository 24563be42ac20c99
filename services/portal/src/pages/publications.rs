//! `/publications` and `/publications/{id}`: what was printed, each sentence beside the ledger as it was known then and as it is known by now.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    COMMANDS, Kind, Position, PublicationId, Role,
    claims::{Finding, Unread},
    fold::Lens,
    publication::Printed,
};
use serde::Deserialize;

use super::{
    day_and_known, encoded,
    forms::{begins_by, continues, has_form},
    frame::{Frame, Here, InPath, InQuery, SignedIn},
    problem_page,
};
use crate::{
    Portal,
    api::publications::{listed_up_to, pinned, wanted},
    publications::{Absent, ClaimCompared, Found, PassageCompared, PublicationCase, Side},
    words::{Words, capitalised, claim_about, finding_detail, finding_word, unread_why},
};

/// Rows of one page.
const ROWS: usize = 50;

#[derive(Deserialize)]
pub(crate) struct Params {
    programme: Option<String>,
    period: Option<String>,
    after: Option<Position>,
    #[serde(default)]
    known: String,
}

#[derive(Deserialize)]
pub(crate) struct DetailParams {
    #[serde(default)]
    known: String,
}

#[derive(Template)]
#[template(path = "publications.html")]
struct PublicationsPage {
    frame: Frame,
    w: Words,
    rows: Vec<Row>,
    /// What the list is restricted to.
    only: Option<String>,
    programme_field: Option<String>,
    period_field: Option<String>,
    known_field: String,
    /// The position of an earlier moment that was asked for.
    known: Option<u64>,
    /// With which each is opened as of the same moment.
    asked: String,
    may_publish: bool,
    next: Option<String>,
}

struct Row {
    id: String,
    title: String,
    outlet: String,
    printed: String,
    about: String,
    state: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "publication.html")]
struct PublicationPage {
    frame: Frame,
    w: Words,
    case: Row,
    position: u64,
    recorded_at: String,
    office: String,
    place: Option<String>,
    /// The place is an address that can be followed.
    is_link: bool,
    replaces: Option<String>,
    replaced_by: Vec<String>,
    withdrawn_at: Option<u64>,
    then: String,
    now: String,
    known_field: String,
    /// The position of an earlier moment that was asked for.
    known: Option<u64>,
    asked: String,
    passages: Vec<PassageShown>,
    actions: Vec<(String, String)>,
}

struct PassageShown {
    text: String,
    claims: Vec<ClaimShown>,
    unread: Vec<(String, String)>,
}

struct ClaimShown {
    figure: String,
    about: String,
    /// By arithmetic, then, now.
    findings: [FindingShown; 3],
}

struct FindingShown {
    word: &'static str,
    detail: String,
    /// As the sheet of styles knows how figures stand.
    status: &'static str,
}

pub(crate) async fn list(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InQuery(params): InQuery<Params>,
) -> Response {
    let w = visitor.words;
    let scope = portal.scope(&caller.identity.actor);
    let (programme, period) = (filled(params.programme), filled(params.period));
    let listed = async {
        let (_, asked) = day_and_known("", &params.known)?;
        let known = listed_up_to(&portal, asked, None).await?.known;
        let wanted = wanted(&portal, programme.as_deref(), period.as_deref())?;
        let after = params.after.unwrap_or_default();
        let (cases, next_after) = portal.publications((after, known), wanted, &scope, ROWS).await?;
        Ok((cases, next_after, asked.map(|_| known.0)))
    };
    match listed.await {
        Ok((cases, next_after, known)) => {
            let asked = filled(Some(params.known.clone()));
            let only = [("programme", &programme), ("period", &period), ("known", &asked)];
            let kept: String = only
                .iter()
                .filter_map(|(name, key)| Some(format!("&{name}={}", encoded((*key).as_deref()?))))
                .collect();
            let names: Vec<&str> = [&programme, &period].into_iter().flatten().map(String::as_str).collect();
            let role = caller.identity.actor.role;
            visitor.show(&PublicationsPage {
                frame: visitor.frame(&portal, Here::Results, w.t("Số liệu đã đăng", "What was printed")),
                w,
                rows: cases.iter().map(|case| row(w, case)).collect(),
                only: (!names.is_empty()).then(|| names.join(" · ")),
                may_publish: known.is_none() && may(role, "publish") && begins_by("publish"),
                programme_field: programme,
                period_field: period,
                asked: asked_as(&params.known),
                known_field: params.known,
                known,
                next: next_after.map(|after| format!("/publications?after={after}{kept}")),
            })
        }
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InPath(id): InPath<PublicationId>,
    InQuery(params): InQuery<DetailParams>,
) -> Response {
    let scope = portal.scope(&caller.identity.actor);
    let shown = async {
        let (_, asked) = day_and_known("", &params.known)?;
        let (known, as_of) = pinned(&portal, asked, None).await?;
        let found = portal.publication(id, (known, as_of.known_position), &scope).await?;
        let (then, now) = (portal.side(&found.then).await?, portal.side(&found.now).await?);
        let passages = portal.compare(&found)?;
        Ok((found, then, now, passages, asked.map(|_| as_of.known_position.0)))
    };
    match shown.await {
        Ok((found, then, now, passages, known)) => {
            let frame = visitor.frame(&portal, Here::Results, found.case.title.clone());
            let page = page(&portal, frame, caller.identity.actor.role, &found, (&then, &now), &passages);
            // What can be recorded next stands beside how it stands now.
            let actions = if known.is_some() { Vec::new() } else { page.actions };
            let asked = asked_as(&params.known);
            visitor.show(&PublicationPage { known, known_field: params.known, asked, actions, ..page })
        }
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

fn page(
    portal: &Portal,
    frame: Frame,
    role: Role,
    found: &Found,
    (then, now): (&Side, &Side),
    passages: &[PassageCompared],
) -> PublicationPage {
    let w = frame.w;
    let case = &found.case;
    let reference = portal.reference();
    let name = reference.structure.name_on(case.office, case.recorded_at.local_date());
    let measure = |key: &str| {
        let programme = reference.programme(case.programme.as_ref()?)?;
        let definition = programme.measure_on(&key.parse().ok()?, portal.today())?;
        Some(definition.name(w.0).to_owned())
    };
    PublicationPage {
        w,
        case: row(w, case),
        position: case.position.0,
        recorded_at: w.instant(case.recorded_at),
        office: name.map_or_else(|| case.office.to_string(), str::to_owned),
        is_link: case
            .place
            .as_deref()
            .is_some_and(|place| place.starts_with("https://") || place.starts_with("http://")),
        place: case.place.clone(),
        replaces: case.replaces.map(|id| id.to_string()),
        replaced_by: case.replaced_by.iter().map(ToString::to_string).collect(),
        withdrawn_at: case.withdrawn_at.map(|at| at.0),
        then: compared_with(w, then),
        now: compared_with(w, now),
        known_field: String::new(),
        known: None,
        asked: String::new(),
        passages: passages.iter().map(|passage| passage_shown(w, passage, &measure)).collect(),
        actions: if case.withdrawn_at.is_some() { Vec::new() } else { actions(w, case, role) },
        frame,
    }
}

fn row(w: Words, case: &PublicationCase) -> Row {
    let state = match (case.withdrawn_at, case.replaced_by.is_empty()) {
        (Some(_), _) => Some(w.t("đã rút", "withdrawn")),
        (None, false) => Some(w.t("đã có bản thay", "replaced")),
        (None, true) => None,
    };
    Row {
        id: case.publication.to_string(),
        title: case.title.clone(),
        outlet: case.outlet.clone(),
        printed: match case.printed {
            Printed::On(day) => w.day(day),
            Printed::At(at) => w.instant(at),
        },
        about: case
            .programme
            .iter()
            .map(ToString::to_string)
            .chain(case.period.iter().map(ToString::to_string))
            .collect::<Vec<_>>()
            .join(" · "),
        state,
    }
}

/// Position, day and lens; or why there is nothing to compare with.
fn compared_with(w: Words, side: &Side) -> String {
    if let Some(absent) = side.absent {
        return match absent {
            Absent::BeforeTheLedger => w.t(
                "đăng trước khi mở sổ, nên khi đó chưa có gì để đối chiếu",
                "printed before the ledger began, so nothing was known then",
            ),
            Absent::PeriodNotOpen => {
                w.t("khi đăng kỳ này chưa mở trong sổ", "the period was not opened in the ledger when it was printed")
            }
            Absent::NoPeriod => w.t(
                "bài không nêu kỳ, nên chỉ kiểm tra phép tính",
                "it names no period, so only its arithmetic is checked",
            ),
        }
        .to_owned();
    }
    let Some(as_of) = &side.as_of else { return String::new() };
    let lens = match (as_of.lens, side.closing) {
        (Lens::AsReported, Some(closing)) => {
            format!("{} {}", w.t("như đã báo cáo, khóa kỳ lần", "as reported by closing"), closing.number)
        }
        _ => w.t("theo những gì đã ghi", "as known").to_owned(),
    };
    let at = as_of.known_at.map(|at| format!(" ({})", w.instant(at))).unwrap_or_default();
    let position = w.t("đến vị trí", "up to position");
    let valid = w.t("hiệu lực đến", "effective up to");
    let settled = if side.settled { "" } else { w.t(" · có thể còn đổi", " · may still change") };
    format!("{lens} {position} {}{at}, {valid} {}{settled}", as_of.known_position, w.day(as_of.valid))
}

fn passage_shown(w: Words, passage: &PassageCompared, measure: &impl Fn(&str) -> Option<String>) -> PassageShown {
    let unread = |unread: &Unread| (unread.text.clone(), unread_why(w, unread.why));
    PassageShown {
        text: passage.text.clone(),
        claims: passage.claims.iter().map(|claim| claim_shown(w, &passage.text, claim, measure)).collect(),
        unread: passage.unread.iter().map(unread).collect(),
    }
}

fn claim_shown(w: Words, text: &str, claim: &ClaimCompared, measure: &impl Fn(&str) -> Option<String>) -> ClaimShown {
    ClaimShown {
        figure: text.get(claim.claim.span.clone()).unwrap_or_default().to_owned(),
        about: claim_about(w, &claim.claim, measure),
        findings: [&claim.arithmetic, &claim.then, &claim.now].map(|finding| finding_shown(w, finding)),
    }
}

fn finding_shown(w: Words, finding: &Finding) -> FindingShown {
    let status = match finding {
        Finding::Equal { .. } | Finding::Holds => "exceeded",
        Finding::RoundingDiffers { .. } | Finding::WholeOnly | Finding::Consistent => "exact",
        Finding::Differs { .. } | Finding::CannotFollow { .. } => "missed",
        Finding::NotInData { .. } | Finding::Ambiguous { .. } | Finding::Unchecked => "not_due",
    };
    FindingShown { word: finding_word(w, finding), detail: finding_detail(w, finding), status }
}

fn may(role: Role, command: &str) -> bool {
    COMMANDS.iter().any(|row| row.name == command && row.roles.contains(&role)) && has_form(command)
}

/// What the visitor may record next about it.
fn actions(w: Words, case: &PublicationCase, role: Role) -> Vec<(String, String)> {
    let rows = COMMANDS.iter().filter(|row| row.kind == Kind::Publication && row.roles.contains(&role));
    let going_on = rows
        .filter(|row| continues(row.name, "publication"))
        .map(|row| (format!("/forms/{}?publication={}", row.name, case.publication), capitalised(w.t(row.vi, row.en))));
    let edition = may(role, "publish").then(|| {
        let name = w.t("Ghi bản thay", "Record the edition that replaces it").to_owned();
        (format!("/forms/publish?replaces={}", case.publication), name)
    });
    going_on.chain(edition).collect()
}

/// The same moment in the address of another page.
fn asked_as(known: &str) -> String {
    if known.is_empty() { String::new() } else { format!("?known={}", encoded(known)) }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
