//! `/trail`: who decided what, when, by which document; the latest first.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{UnitId, fold::TrailRow};
use kit::Problem;
use serde::Deserialize;

use super::{
    encoded,
    frame::{Frame, Here, InQuery, SignedIn},
    problem_page,
};
use crate::{
    Portal,
    api::{Wanted, key, trail, wrong_parameter},
    scope::Scope,
    words::{Words, capitalised},
};

/// Rows of one page.
const ROWS: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Params {
    #[serde(default)]
    committee: String,
    #[serde(default)]
    stream: String,
    #[serde(default)]
    actor: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    document: String,
    #[serde(default)]
    known: String,
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "trail.html")]
struct TrailPage {
    frame: Frame,
    w: Words,
    asked: Params,
    units: Vec<(String, String, bool)>,
    rows: Vec<RowShown>,
    next: Option<String>,
}

struct RowShown {
    position: u64,
    recorded_at: String,
    effective_on: String,
    what: String,
    units: String,
    office: String,
    role: &'static str,
    actor: String,
    document: Option<String>,
    adds: String,
    corrects: String,
    exception: bool,
    /// It counts in a period that was closed by then.
    late: bool,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InQuery(params): InQuery<Params>,
) -> Response {
    let scope = portal.scope(&caller.identity.actor);
    let frame = visitor.frame(&portal, Here::Trail, visitor.words.t("Nhật ký", "Trail"));
    match page(&portal, frame, &scope, params).await {
        Ok(page) => visitor.show(&page),
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

async fn page(portal: &Portal, frame: Frame, scope: &Scope, params: Params) -> Result<TrailPage, Problem> {
    let w = frame.w;
    let filter = portal.trail_asked(&asked(&params)?, scope).await?.filter;
    let before = trail::place(Some(params.before.as_str()).filter(|text| !text.is_empty()))?;
    let (rows, next) = portal.trail_rows(&filter, crate::TrailPage::Before(before), ROWS).await?;
    let next = next.map(|(position, index)| {
        let place = format!("{position}.{index}");
        let pairs = [
            ("committee", &params.committee),
            ("stream", &params.stream),
            ("actor", &params.actor),
            ("from", &params.from),
            ("to", &params.to),
            ("document", &params.document),
            ("known", &params.known),
            ("before", &place),
        ];
        let filled = pairs.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<_> = filled.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("/trail?{}", query.join("&"))
    });
    let known = portal.reference_at(rows.iter().map(|row| row.position).max().unwrap_or_default()).await?;
    let units = portal.committees(&portal.reference().structure, scope, portal.today(), Wanted::default());
    let units = units.into_iter().map(|unit| {
        let id = unit.committee.to_string();
        let chosen = id == params.committee;
        (id, unit.name, chosen)
    });
    Ok(TrailPage {
        w,
        units: units.collect(),
        rows: rows.iter().map(|row| RowShown { late: trail::is_late(&known, row), ..shown(portal, w, row) }).collect(),
        next,
        asked: params,
        frame,
    })
}

/// Empty fields of the form ask for nothing.
fn asked(params: &Params) -> Result<trail::Params, Problem> {
    fn read<T: std::str::FromStr>(name: &str, text: &str) -> Result<Option<T>, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| wrong_parameter(name, "không đọc được", "it cannot be read"))
    }
    Ok(trail::Params {
        committee: if params.committee.is_empty() { None } else { Some(key::<UnitId>(&params.committee)?) },
        stream: Some(params.stream.trim().to_owned()),
        actor: read("actor", &params.actor)?,
        from: read("from", &params.from)?,
        to: read("to", &params.to)?,
        document: Some(params.document.clone()),
        known: Some(params.known.trim().to_owned()).filter(|known| !known.is_empty()),
        ..trail::Params::default()
    })
}

fn shown(portal: &Portal, w: Words, row: &TrailRow) -> RowShown {
    let reference = portal.reference();
    let name = |unit: UnitId| reference.structure.name_on(unit, row.effective_on).unwrap_or_default().to_owned();
    // A change of the whole structure names a hundred units.
    let mut units: Vec<_> = row.units.iter().take(3).map(|unit| name(*unit)).collect();
    if row.units.len() > units.len() {
        units.push(format!("+{}", row.units.len() - units.len()));
    }
    let sum = |counts: &[domain::fold::TrailCount]| {
        let n: i64 = counts.iter().map(|count| i64::from(count.n)).sum();
        if n == 0 { String::new() } else { w.count(n) }
    };
    RowShown {
        position: row.position.0,
        recorded_at: w.instant(row.recorded_at),
        effective_on: w.day(row.effective_on),
        what: capitalised(w.t(row.event_vi, row.event_en)),
        units: units.join(", "),
        office: name(row.office),
        role: w.t(row.role.vi(), row.role.en()),
        actor: row.subject.to_string(),
        document: row.document.as_ref().map(|document| w.document(document)),
        adds: sum(&row.adds),
        corrects: sum(&row.corrects),
        exception: row.exception,
        late: false,
    }
}
