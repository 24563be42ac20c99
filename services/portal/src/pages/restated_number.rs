//! `/restated/{programme}/{period}/{measure}/{committee}`: the records behind a count under the units of a later day (law 13).

use std::collections::BTreeSet;

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    MeasureKey, UnitId,
    fold::{RestatedCount, line_page},
};
use kit::Problem;
use serde::Deserialize;

use super::{
    day_field,
    frame::{Frame, Here, InPath, InQuery, SignedIn},
    number::{LINES, LineShown, shown},
    problem_page,
    results::head,
};
use crate::{
    Portal,
    answers::PeriodOf,
    api::{
        key,
        restated::{Under, answer, question},
        restated_records::seen,
        tallies,
    },
    scope::{Scope, not_seen},
    words::Words,
};

#[derive(Deserialize)]
pub(crate) struct Params {
    valid: Option<String>,
    known: Option<String>,
    to: Option<String>,
    #[serde(default)]
    unallocated: bool,
    after: Option<u64>,
}

#[derive(Template)]
#[template(path = "restated_number.html")]
struct RestatedNumberPage {
    frame: Frame,
    w: Words,
    unit: String,
    measure: String,
    period: String,
    placed: bool,
    valid: String,
    position: u64,
    to: String,
    back: String,
    lines: Vec<LineShown>,
    first: u64,
    count: u64,
    sum: String,
    next: Option<String>,
}

type Address = (String, String, String, UnitId);

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InPath(address): InPath<Address>,
    InQuery(params): InQuery<Params>,
) -> Response {
    let scope = portal.scope(&caller.identity.actor);
    let frame = visitor.frame(&portal, Here::Results, "");
    match page(&portal, frame, &scope, &address, params).await {
        Ok(page) => visitor.show(&page),
        Err(problem) => problem_page(&portal, &visitor, &problem),
    }
}

async fn page(
    portal: &Portal,
    mut frame: Frame,
    scope: &Scope,
    (programme, period, measure, committee): &Address,
    params: Params,
) -> Result<RestatedNumberPage, Problem> {
    let w = frame.w;
    let measure: MeasureKey = key(measure)?;
    let of = PeriodOf { programme: key(programme)?, period: key(period)? };
    let day = |name: &str, day: Option<String>| day.map(|day| day_field(name, &day)).transpose();
    let question = question(day("valid", params.valid)?, params.known, None);
    let point = portal.resolve(&tallies::asked(portal, of, &question).await?).await?;
    let under = Under::asked(portal, &point, day("to", params.to)?, None, None).await?;
    let (to, reference) = (under.to, under.reference.clone());
    seen(portal, scope, *committee)?;
    let restated = answer(portal, &point, scope, under).await?;
    let found = restated.measures.into_iter().find(|one| one.measure == measure).ok_or_else(not_seen)?;
    let (placed, on) = (!params.unallocated, if params.unallocated { point.query.valid } else { to });
    let cells = if placed { &found.cells } else { &found.unallocated };
    // As the table groups them: under the committee that leads them.
    let units = cells.iter().map(|cell| cell.committee);
    let units: BTreeSet<UnitId> = units.filter(|unit| head(&reference.structure, *unit, on) == *committee).collect();
    let count = RestatedCount { structure: &reference.structure, to, units: &units, placed };
    let after = params.after.unwrap_or(0);
    let page = line_page(portal.restated_lines(&point, &measure, count)?, after, LINES);
    let lines = shown(portal, w, scope, &page.lines).await?;
    let unit = reference.structure.name_on(*committee, on).ok_or_else(not_seen)?.to_owned();
    let name = w.t(&found.name, &found.name_en).to_owned();
    frame.title = format!("{unit} · {name}");
    let pin = format!("valid={}&known={}&to={to}", point.query.valid, point.position());
    let part = if placed { "" } else { "&unallocated=true" };
    Ok(RestatedNumberPage {
        w,
        unit,
        measure: name,
        period: period.clone(),
        placed,
        valid: w.day(point.query.valid),
        position: point.position().0,
        to: w.day(to),
        back: format!("/?programme={programme}&period={period}&lens=restated&{pin}"),
        first: after + 1,
        count: page.count,
        sum: w.count(page.sum),
        next: page
            .next_after
            .map(|after| format!("/restated/{programme}/{period}/{measure}/{committee}?{pin}{part}&after={after}")),
        lines,
        frame,
    })
}
