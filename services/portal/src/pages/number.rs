//! The page behind a number: the records that make it, with a running sum (law 13).

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    MeasureKey, Position, UnitId,
    fold::{Line, MeasureTally, OtherPlan, line_page},
};
use kit::Problem;
use serde::Deserialize;

use super::{
    day_field, encoded,
    frame::{Frame, Here, InPath, InQuery, SignedIn},
    problem_page,
    shown::{nil_contradicted, number, percent_of},
};
use crate::{
    Portal,
    answers::PeriodOf,
    api::{key, tallies},
    scope::{Scope, not_seen},
    words::Words,
};

/// Lines of one page.
pub(super) const LINES: usize = 100;

#[derive(Deserialize)]
pub(crate) struct Params {
    valid: Option<String>,
    known: Option<String>,
    lens: Option<String>,
    after: Option<u64>,
}

#[derive(Template)]
#[template(path = "number.html")]
struct NumberPage {
    frame: Frame,
    w: Words,
    unit: String,
    unit_id: String,
    measure: String,
    programme: String,
    period: String,
    number: String,
    status: &'static str,
    status_name: &'static str,
    percent: Option<String>,
    /// The plan as first assigned and what has been reached of it, when it was adjusted.
    first_plan: Option<(String, String)>,
    /// What its report leaves out, when that says that there is nothing.
    nil_contradicted: Option<String>,
    /// What other assigners gave this unit, and what it gave further down: each with its own status, never added.
    plans: Vec<PlanShown>,
    valid: String,
    position: u64,
    lines: Vec<LineShown>,
    first: u64,
    count: u64,
    sum: String,
    next: Option<String>,
    api: String,
}

struct PlanShown {
    whose: String,
    number: String,
    percent: Option<String>,
    status: &'static str,
    status_name: &'static str,
}

pub(super) struct LineShown {
    pub(super) line: u64,
    pub(super) position: u64,
    pub(super) what: String,
    pub(super) unit: String,
    pub(super) effective_on: String,
    pub(super) recorded_at: String,
    pub(super) document: Option<String>,
    pub(super) n: String,
    pub(super) sum: String,
    pub(super) of_which: String,
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
    (programme, period, measure, holder): &Address,
    params: Params,
) -> Result<NumberPage, Problem> {
    let w = frame.w;
    let measure: MeasureKey = key(measure)?;
    let of = PeriodOf { programme: key(programme)?, period: key(period)? };
    let valid = params.valid.map(|day| day_field("valid", &day)).transpose()?;
    let question = tallies::Params { valid, known: params.known, lens: params.lens, ..tallies::Params::default() };
    let point = portal.resolve(&tallies::asked(portal, of, &question).await?).await?;
    let tally = portal.tally(&point, scope)?;
    let found = tally.measures.iter().find(|one| one.measure == measure).ok_or_else(not_seen)?;
    let cell = found.cells.iter().find(|cell| cell.committee == *holder).ok_or_else(not_seen)?;
    let after = params.after.unwrap_or(0);
    let page = line_page(portal.lines(&point, &measure, *holder)?, after, LINES);
    let here = format!("/records/{programme}/{period}/{measure}/{holder}");
    let valid = tally.as_of.valid;
    let pin = format!("valid={valid}&known={}", point.position());
    let lines = shown(portal, w, scope, &page.lines).await?;
    let name = w.t(&found.name, &found.name_en).to_owned();
    frame.title = format!("{} · {name}", cell.name);
    Ok(NumberPage {
        w,
        unit: cell.name.clone(),
        unit_id: holder.to_string(),
        measure: name,
        programme: programme.clone(),
        period: period.clone(),
        number: number(w, Some(cell)),
        status: cell.status.word(),
        status_name: w.t(cell.status.vi(), cell.status.en()),
        percent: cell.percent.as_deref().map(|percent| w.percent(percent)),
        first_plan: cell
            .first_target
            .zip(cell.percent_of_first.as_deref())
            .map(|(plan, percent)| (w.target(plan), w.percent(percent))),
        plans: plans(w, found, *holder),
        nil_contradicted: nil_contradicted(w, cell),
        valid: w.day(valid),
        position: point.position().0,
        first: after + 1,
        count: page.count,
        sum: w.count(page.sum),
        next: page.next_after.map(|after| format!("{here}?{pin}&after={after}")),
        api: format!(
            "/v1/programmes/{}/periods/{}/tallies/{}/{holder}/records?{pin}",
            encoded(programme),
            encoded(period),
            measure
        ),
        lines,
        frame,
    })
}

fn plans(w: Words, measure: &MeasureTally, unit: UnitId) -> Vec<PlanShown> {
    let given = measure.plans.iter().flat_map(|plan| {
        let own = plan.cells.iter().filter(|cell| cell.committee == unit);
        own.map(|cell| PlanShown {
            whose: format!("{} {}", w.t("theo chỉ tiêu của", "by the target of"), plan.assigner_name),
            number: number(w, Some(cell)),
            percent: cell.percent.as_deref().map(|percent| w.percent(percent)),
            status: cell.status.word(),
            status_name: w.t(cell.status.vi(), cell.status.en()),
        })
    });
    let further_down =
        |plan: &&OtherPlan| plan.assigner == unit && plan.cells.iter().any(|cell| cell.committee != unit);
    let passed_on = measure.plans.iter().filter(further_down).map(|plan| PlanShown {
        whose: w.t("theo chỉ tiêu giao cho cấp dưới", "by the targets given further down").to_owned(),
        number: format!("{}/{}", w.count(plan.whole.actual), w.count(plan.whole.plan as i64)),
        percent: percent_of(w, &plan.whole),
        status: plan.whole.status.word(),
        status_name: w.t(plan.whole.status.vi(), plan.whole.status.en()),
    });
    given.chain(passed_on).collect()
}

pub(super) async fn shown(portal: &Portal, w: Words, scope: &Scope, lines: &[Line]) -> Result<Vec<LineShown>, Problem> {
    let mut all = Vec::with_capacity(lines.len());
    for line in lines {
        all.push(one_shown(portal, w, scope, line).await?);
    }
    Ok(all)
}

async fn one_shown(portal: &Portal, w: Words, scope: &Scope, line: &Line) -> Result<LineShown, Problem> {
    let record = portal.record(line.position, scope).await?;
    let reference = portal.reference();
    let event = record.as_ref().and_then(|record| record.events.first());
    let what = event.map_or_else(String::new, |event| {
        let called = event.body.called();
        w.t(called.vi, called.en).to_owned()
    });
    let parts: Vec<_> =
        line.of_which.iter().map(|(of, n)| format!("{} {}", w.t(of.vi(), of.en()), w.count(*n))).collect();
    let Position(position) = line.position;
    Ok(LineShown {
        line: line.line,
        position,
        what,
        unit: reference.structure.name_on(line.unit, line.effective_on).unwrap_or_default().to_owned(),
        effective_on: w.day(line.effective_on),
        recorded_at: record.as_ref().map(|record| w.instant(record.recorded_at)).unwrap_or_default(),
        document: record.and_then(|record| record.document).map(|document| w.document(&document)),
        n: w.difference(line.n),
        sum: w.count(line.sum),
        of_which: parts.join(", "),
    })
}
