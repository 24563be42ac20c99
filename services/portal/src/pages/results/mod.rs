//! `/`: the five results, and each committee's part in them, live.

mod columns;
mod matrix;
mod question;
mod restated;

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{
    PeriodKey, ProgrammeKey, Reference,
    fold::{Changed, Discrepancy, Lens, MeasureTally, PeriodTally},
};
use wire::RecordName;

pub(super) use self::matrix::head;
use self::{
    matrix::{Row, rows},
    question::{Choice, Params, asked, programmes},
};
use super::{
    frame::{Frame, Here, InQuery, SignedIn},
    problem_page,
    shown::{nil_contradicted, number, percent_of},
};
use crate::{
    Portal,
    answers::Point,
    asked::{Asked, Known},
    assets,
    columns::Columns,
    live::EventId,
    scope::Scope,
    words::Words,
};

#[derive(Template)]
#[template(path = "results.html")]
struct ResultsPage {
    frame: Frame,
    w: Words,
    script: &'static str,
    programme: String,
    programme_key: String,
    programmes: Vec<Choice>,
    periods: Vec<(String, bool)>,
    period: String,
    valid: String,
    valid_field: String,
    known_field: String,
    since_field: String,
    last_year_field: bool,
    position: u64,
    known_at: String,
    judged_on: String,
    provisional: bool,
    /// The closing by which the period is closed, and its day.
    closing: Option<(u32, String)>,
    /// The figures are those that it froze.
    reported: bool,
    /// What is known by now where it differs from what was reported; none where that was not asked for.
    since: Option<Vec<SinceRow>>,
    /// The choices of `known` that have a name: closings and cut-offs, with their days.
    named: Vec<(Known, String)>,
    /// Where the page listens for changes; none when it shows a past state.
    changes: Option<String>,
    cards: Vec<Card>,
    rows: Vec<Row>,
    /// The columns of a report, where they were asked for, and what there is to say of last year's.
    tables: Vec<columns::Table>,
    remarks: Vec<String>,
}

/// A figure that has changed since it was reported.
struct SinceRow {
    measure: String,
    /// None for the whole.
    unit: Option<String>,
    reported: String,
    known: String,
}

/// One measure.
struct Card {
    measure: String,
    name: String,
    actual: String,
    plan: String,
    has_plan: bool,
    percent: String,
    /// The plan as first assigned and what has been reached of it, when it was adjusted.
    first: Option<(String, String)>,
    status: &'static str,
    status_name: &'static str,
    /// Of a thousand: how far the bar goes, and where the plan is.
    bar: u64,
    plan_at: u64,
    met: u32,
    with_plan: u32,
    exceeded: u32,
    reported: Option<u32>,
    outside_plan: String,
    total: String,
    is_outside: bool,
    of_which: Vec<OfWhichShown>,
    without_ceremony: Option<String>,
    notes: Vec<String>,
}

struct OfWhichShown {
    word: &'static str,
    name: &'static str,
    n: String,
    /// Of how many it is stated, when not of all: what is not stated is not 0.
    stated: Option<String>,
}

pub(crate) async fn get(
    State(portal): State<Portal>,
    SignedIn { visitor, caller }: SignedIn,
    InQuery(params): InQuery<Params>,
) -> Response {
    let w = visitor.words;
    if params.is_restated() {
        return match restated::page(&portal, &visitor, &caller, &params).await {
            Ok(page) => visitor.show(&page),
            Err(problem) => problem_page(&portal, &visitor, &problem),
        };
    }
    let answered = async {
        let asked = asked(&portal, &params)?;
        let columns = params.columns()?;
        let point = portal.resolve(&asked).await?;
        let scope = portal.scope(&caller.identity.actor);
        let mut tally = portal.tally(&point, &scope)?;
        let resolved = portal.resolve_columns(&point, columns).await?;
        portal.put_columns(&mut tally, &point, &resolved, &scope)?;
        let since = portal.known_since(&point, &scope).await?;
        // An office is shown the measures that it or those under it have to do with.
        if scope != Scope::All && tally.measures.iter().any(|measure| !measure.cells.is_empty()) {
            tally.measures.retain(|measure| !measure.cells.is_empty());
        }
        let noted = portal.noted(point.position()).await?;
        let known_at = noted.map_or_else(|| "–".to_owned(), |noted| w.instant(noted.at));
        let record = noted.map(|noted| noted.name).unwrap_or_default();
        Ok(Answer { asked, columns, point, scope, tally, since, known_at, record })
    };
    let answer = match answered.await {
        Ok(answer) => answer,
        Err(problem) => return problem_page(&portal, &visitor, &problem),
    };
    let title = format!("{} {}", w.t("Kết quả năm", "Results of"), answer.tally.period);
    visitor.show(&page(&portal, visitor.frame(&portal, Here::Results, title), answer))
}

/// What was asked for, and what is shown.
struct Answer {
    asked: Asked,
    columns: Columns,
    point: Point,
    scope: Scope,
    tally: PeriodTally,
    since: Option<Changed>,
    known_at: String,
    /// Which one stands at the position.
    record: RecordName,
}

fn page(portal: &Portal, frame: Frame, answer: Answer) -> ResultsPage {
    let Answer { asked, columns, point, scope, tally, since, known_at, record } = answer;
    let w = frame.w;
    let (reference, today) = (portal.reference(), portal.today());
    let sees = |unit| scope.covers(&reference.structure, unit, today);
    let reported = tally.as_of.lens == Lens::AsReported;
    let is_now = asked.valid.is_none() && asked.known == Known::Now && !reported && columns == Columns::default();
    // Where the ledger rests nothing follows any more, and nothing will be final either: the frame says so.
    let is_live = is_now && frame.rests.is_none();
    let id = EventId {
        fold_version: portal.deps.tallies.fold_version(),
        judged_on: tally.judged_on,
        position: tally.as_of.known_position,
        record,
    };
    let (programme, period) = (&tally.programme, &tally.period);
    let changes = format!("/v1/programmes/{programme}/periods/{period}/tallies/changes?last_event_id={id}");
    // A closed period would be taken as reported.
    let live_pin = if tally.closing.is_some() { format!("?lens={}", tally.as_of.lens.word()) } else { String::new() };
    let pin = if is_now { live_pin } else { format!("?valid={}&known={}", tally.as_of.valid, point.position()) };
    ResultsPage {
        w,
        script: &assets::LIVE,
        programme: reference.programme(programme).map(|p| p.name(w.0).to_owned()).unwrap_or_default(),
        programme_key: programme.to_string(),
        programmes: programmes(w, &reference, programme),
        periods: reference.periods_of(programme).map(|(key, _)| (key.to_string(), key == period)).collect(),
        period: period.to_string(),
        valid: w.day(tally.as_of.valid),
        valid_field: asked.valid.map(|day| day.to_string()).unwrap_or_default(),
        known_field: asked.known.to_string(),
        since_field: columns.since.map(|day| day.to_string()).unwrap_or_default(),
        last_year_field: columns.last_year,
        position: tally.as_of.known_position.0,
        known_at,
        judged_on: w.day(tally.judged_on),
        provisional: tally.provisional && frame.rests.is_none(),
        closing: tally.closing.map(|closing| (closing.number, w.day(closing.closed_on))),
        reported,
        since: since.map(|since| since_rows(w, &tally, &since)),
        named: named(w, &reference, programme, period),
        changes: is_live.then_some(changes),
        cards: tally.measures.iter().map(|measure| card(w, measure)).collect(),
        rows: rows(w, &reference, &tally, &pin, sees),
        tables: columns::tables(w, &tally),
        remarks: tally.last_year.as_ref().map(|last_year| columns::remarks(w, last_year)).unwrap_or_default(),
        frame,
    }
}

/// The figures that differ from what was reported: of each measure the whole, then its units.
fn since_rows(w: Words, reported: &PeriodTally, since: &Changed) -> Vec<SinceRow> {
    let mut rows = Vec::new();
    for known in &since.measures {
        let before = reported.measures.iter().find(|measure| measure.measure == known.measure);
        let measure = w.t(&known.name, &known.name_en).to_owned();
        let whole = |of: &MeasureTally| format!("{}/{}", w.count(of.whole.actual), w.count(of.whole.plan as i64));
        let was = before.map_or_else(|| "0".to_owned(), whole);
        if was != whole(known) {
            rows.push(SinceRow { measure: measure.clone(), unit: None, reported: was, known: whole(known) });
        }
        for cell in &known.cells {
            let cells = before.map_or(&[][..], |before| &before.cells);
            let was = cells.iter().find(|was| was.committee == cell.committee);
            let (reported, known) = (number(w, was), number(w, Some(cell)));
            if reported != known {
                rows.push(SinceRow { measure: measure.clone(), unit: Some(cell.name.clone()), reported, known });
            }
        }
    }
    rows
}

/// Closings and cut-offs, as they are asked for and as people name them.
fn named(w: Words, reference: &Reference, programme: &ProgrammeKey, period: &PeriodKey) -> Vec<(Known, String)> {
    let Some(period) = reference.period(programme, period) else { return Vec::new() };
    let closings = period.standing.closings().iter().map(|closing| {
        let day = w.day(closing.closed_on);
        (Known::Closing(closing.number), format!("{} {} · {day}", w.t("khóa kỳ lần", "closing"), closing.number))
    });
    let cut_offs = period.standing.cut_offs().iter().map(|cut_off| {
        let day = w.day(cut_off.valid);
        (Known::CutOff(cut_off.number), format!("{} {} · {day}", w.t("chốt số liệu lần", "cut-off"), cut_off.number))
    });
    closings.chain(cut_offs).collect()
}

fn card(w: Words, measure: &MeasureTally) -> Card {
    let whole = &measure.whole;
    let units = &whole.units;
    let (actual, plan) = (whole.actual.max(0).unsigned_abs(), whole.plan);
    let scale = actual.max(plan).max(1);
    Card {
        measure: measure.measure.to_string(),
        name: w.t(&measure.name, &measure.name_en).to_owned(),
        actual: w.count(whole.actual),
        plan: match whole.plan_to {
            Some(to) => format!("{}–{}", w.count(plan as i64), w.count(to as i64)),
            None => w.count(plan as i64),
        },
        has_plan: plan > 0,
        percent: percent_of(w, whole).unwrap_or_default(),
        first: whole
            .first_plan
            .zip(whole.percent_of_first.as_deref())
            .map(|(plan, percent)| (w.count(plan as i64), w.percent(percent))),
        status: whole.status.word(),
        status_name: w.t(whole.status.vi(), whole.status.en()),
        bar: actual * 1_000 / scale,
        plan_at: plan * 1_000 / scale,
        met: units.met,
        with_plan: units.with_plan,
        exceeded: units.exceeded,
        reported: (units.not_reported > 0).then_some(units.reported),
        outside_plan: w.count(measure.outside_plan),
        total: w.count(measure.total),
        is_outside: measure.outside_plan != 0,
        of_which: measure
            .of_which
            .iter()
            .map(|(of, stated)| OfWhichShown {
                word: of.word(),
                name: w.t(of.vi(), of.en()),
                n: w.count(stated.n),
                stated: (stated.stated != measure.total).then(|| w.count(stated.stated)),
            })
            .collect(),
        without_ceremony: measure.without_ceremony.filter(|n| *n > 0).map(|n| w.count(n)),
        notes: notes(w, measure),
    }
}

/// Other assigners' plans, and rows to look at.
fn notes(w: Words, measure: &MeasureTally) -> Vec<String> {
    let plans = measure.plans.iter().map(|plan| {
        let status = w.t(plan.whole.status.vi(), plan.whole.status.en());
        let by = w.t("theo chỉ tiêu của", "by the targets of");
        format!(
            "{by} {}: {}/{}, {status}",
            plan.assigner_name,
            w.count(plan.whole.actual),
            w.count(plan.whole.plan as i64)
        )
    });
    let rows = measure.discrepancies.iter().map(|row| match row {
        Discrepancy::HolderEnded { name, ended_on, actual, plan, .. } => {
            format!("{name}: {actual}/{plan}, {} {}", w.t("đã kết thúc ngày", "ended on"), w.day(*ended_on))
        }
        Discrepancy::HeadlineDiffers { headline, sum, .. } => format!(
            "{} {}, {} {}",
            w.t("chỉ tiêu chung ghi", "the headline says"),
            w.count(*headline),
            w.t("tổng các đơn vị là", "the units sum to"),
            w.count(*sum as i64)
        ),
    });
    let nil = measure.cells.iter().filter_map(|cell| Some(format!("{}: {}", cell.name, nil_contradicted(w, cell)?)));
    plans.chain(rows).chain(nil).collect()
}
