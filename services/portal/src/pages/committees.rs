//! `/committees` and `/committees/{id}`: the units, and each one's figures.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{Edge, Reference, UnitId};
use kit::Problem;
use serde::Deserialize;

use super::{
    day_and_known,
    frame::{Frame, Here, InPath, InQuery, SignedIn},
    problem_page,
    shown::number,
};
use crate::{
    Portal,
    answers::PeriodOf,
    api::Wanted,
    asked::{Asked, Known},
    scope::{Scope, not_seen},
    words::Words,
};

#[derive(Deserialize)]
pub(crate) struct Params {
    #[serde(default)]
    q: String,
    #[serde(default)]
    valid: String,
    #[serde(default)]
    known: String,
}

#[derive(Deserialize)]
pub(crate) struct Moment {
    #[serde(default)]
    valid: String,
    #[serde(default)]
    known: String,
}

#[derive(Template)]
#[template(path = "committees.html")]
struct CommitteesPage {
    frame: Frame,
    w: Words,
    q: String,
    valid_field: String,
    known_field: String,
    units: Vec<UnitShown>,
}

struct UnitShown {
    id: String,
    code: String,
    name: String,
    kind: &'static str,
    line: String,
    led_by: String,
}

pub(crate) async fn list(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InQuery(params): InQuery<Params>,
) -> Response {
    let w = visitor.words;
    let scope = portal.scope(&caller.identity.actor);
    let asked = async {
        let (valid, known) = day_and_known(&params.valid, &params.known)?;
        let moment = portal.moment(valid, known).await?;
        Ok((moment.valid, portal.reference_at(moment.known).await?))
    };
    let (on, reference) = match asked.await {
        Ok(asked) => asked,
        Err(problem) => return problem_page(&portal, &visitor, &problem),
    };
    let wanted = Wanted { q: Some(&params.q), ..Wanted::default() };
    let found = portal.committees(&reference.structure, &scope, on, wanted);
    let name = |unit: Option<UnitId>| {
        unit.and_then(|unit| reference.structure.name_on(unit, on)).unwrap_or_default().to_owned()
    };
    let units = found.into_iter().map(|unit| UnitShown {
        id: unit.committee.to_string(),
        code: unit.code.unwrap_or_default(),
        kind: unit.kind.map_or("", |kind| w.t(kind.vi(), kind.en())),
        line: name(unit.line),
        led_by: name(unit.led_by),
        name: unit.name,
    });
    visitor.show(&CommitteesPage {
        frame: visitor.frame(&portal, Here::Committees, w.t("Đơn vị", "Committees")),
        w,
        q: params.q.clone(),
        valid_field: params.valid.clone(),
        known_field: params.known.clone(),
        units: units.collect(),
    })
}

#[derive(Template)]
#[template(path = "committee.html")]
struct CommitteePage {
    frame: Frame,
    w: Words,
    unit: UnitShown,
    /// As of when, where that is not now.
    as_of: Option<String>,
    /// What keeps it so in links.
    pin: String,
    line_id: Option<String>,
    led_by_id: Option<String>,
    figures: Vec<Figure>,
    under: Vec<(String, String)>,
}

struct Figure {
    period: String,
    measure: String,
    holder: String,
    href: String,
    number: String,
    percent: String,
    status: &'static str,
    status_name: &'static str,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InPath(id): InPath<String>,
    InQuery(params): InQuery<Moment>,
) -> Response {
    let scope = portal.scope(&caller.identity.actor);
    let frame = visitor.frame(&portal, Here::Committees, "");
    match page(&portal, frame, &scope, &id, &params).await {
        Ok(page) => visitor.show(&page),
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

async fn page(
    portal: &Portal,
    mut frame: Frame,
    scope: &Scope,
    id: &str,
    params: &Moment,
) -> Result<CommitteePage, Problem> {
    let w = frame.w;
    let id: UnitId = id.parse().map_err(|_| not_seen())?;
    let here = portal.reference();
    if !scope.covers(&here.structure, id, portal.today()) {
        return Err(not_seen());
    }
    let (valid, known) = day_and_known(&params.valid, &params.known)?;
    let moment = portal.moment(valid, known).await?;
    let (reference, today) = (portal.reference_at(moment.known).await?, moment.valid);
    let structure = &reference.structure;
    let unit = structure.unit(id).ok_or_else(not_seen)?;
    let named = known.map_or(Known::Now, |_| Known::At(moment.known));
    let pinned = valid.is_some() || known.is_some();
    let parent = |edge| unit.parent_on(edge, today);
    // What is above is told by its name; its page is for those who see it.
    let seen = |unit: &UnitId| scope.covers(&here.structure, *unit, portal.today());
    let name =
        |unit: Option<UnitId>| unit.and_then(|unit| structure.name_on(unit, today)).unwrap_or_default().to_owned();
    let under = structure.under(id, today).into_iter().filter(|below| *below != id);
    frame.title = unit.name_on(today).to_owned();
    Ok(CommitteePage {
        w,
        unit: UnitShown {
            id: id.to_string(),
            code: unit.code_on(today).unwrap_or_default().to_owned(),
            name: unit.name_on(today).to_owned(),
            kind: unit.kind_on(today).map_or("", |kind| w.t(kind.vi(), kind.en())),
            line: name(parent(Edge::Line)),
            led_by: name(parent(Edge::LedBy)),
        },
        line_id: parent(Edge::Line).filter(seen).map(|unit| unit.to_string()),
        led_by_id: parent(Edge::LedBy).filter(seen).map(|unit| unit.to_string()),
        figures: figures(portal, w, scope, id, named, &reference).await?,
        as_of: pinned.then(|| {
            let (on, up_to) = (w.t("Ngày", "On"), w.t("đã ghi đến vị trí", "as recorded up to position"));
            format!("{on} {}, {up_to} {}", w.day(today), moment.known)
        }),
        pin: if pinned { format!("?valid={today}&known={}", moment.known) } else { String::new() },
        under: under.map(|below| (below.to_string(), name(Some(below)))).collect(),
        frame,
    })
}

/// The cells of the unit and of those it leads, of every period.
async fn figures(
    portal: &Portal,
    w: Words,
    scope: &Scope,
    id: UnitId,
    known: Known,
    reference: &Reference,
) -> Result<Vec<Figure>, Problem> {
    let pin = if let Known::At(position) = known { format!("?known={position}") } else { String::new() };
    let mut figures = Vec::new();
    for (programme, period) in reference.periods.keys().rev() {
        let of = PeriodOf { programme: programme.clone(), period: period.clone() };
        let point = portal.resolve(&Asked { of, valid: None, known, lens: None }).await?;
        let tally = portal.tally(&point, scope)?;
        for measure in &tally.measures {
            for cell in measure.cells.iter().filter(|cell| cell.committee == id || cell.led_by == Some(id)) {
                figures.push(Figure {
                    period: period.to_string(),
                    measure: w.t(&measure.name, &measure.name_en).to_owned(),
                    holder: cell.name.clone(),
                    href: format!("/records/{programme}/{period}/{}/{}{pin}", measure.measure, cell.committee),
                    number: number(w, Some(cell)),
                    percent: cell.percent.as_deref().map(|percent| w.percent(percent)).unwrap_or_default(),
                    status: cell.status.word(),
                    status_name: w.t(cell.status.vi(), cell.status.en()),
                });
            }
        }
    }
    Ok(figures)
}
