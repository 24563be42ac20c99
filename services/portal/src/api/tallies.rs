//! `GET …/tallies`: every measure of a period, as of (valid, known).

use std::time::Instant;

use axum::{extract::State, response::Response};
use domain::{
    LocalDate, Position,
    fold::{Changed, Lens, PeriodTally},
};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, ETag, PathParams, QueryParams, etag, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{Keep, key, tagged, unchanged, wrong_parameter};
use crate::{
    Portal,
    answers::{PeriodOf, Point, beyond},
    asked::{Asked, Known, NotKnown},
    columns::Columns,
    scope::Scope,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    pub(crate) valid: Option<LocalDate>,
    pub(crate) known: Option<String>,
    pub(crate) lens: Option<String>,
    pub(crate) min_position: Option<Position>,
}

/// [`Params`], and the columns that are wanted beside the figures.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TallyParams {
    valid: Option<LocalDate>,
    known: Option<String>,
    lens: Option<String>,
    min_position: Option<Position>,
    since: Option<LocalDate>,
    compare: Option<String>,
}

/// A tally, and whether it stays so.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TallyAnswer {
    /// Only when `known` was given: the ledger has gone on past it, so the same question gets the same answer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
    fold_version: u32,
    /// SỐ LIỆU MINH HỌA: of a demonstration ledger, whose figures per unit are invented.
    demonstration: bool,
    #[serde(flatten)]
    tally: PeriodTally,
    /// What is known by now where it differs from what was reported; of a closed period that was asked about without `known` and `lens`.
    #[serde(skip_serializing_if = "Option::is_none")]
    known_since: Option<Changed>,
    /// It was closed and takes reports again.
    #[serde(skip_serializing_if = "Option::is_none")]
    reopened: Option<Reopened>,
}

/// A closed period that takes reports again: what its last closing froze is there by the closing's name.
#[derive(Serialize, utoipa::ToSchema)]
struct Reopened {
    /// Number of the last closing: `known=closing-1` asks for what the first of them froze.
    closing: u32,
    /// Last day of the reopening.
    until: LocalDate,
}

impl Reopened {
    /// On the day on which an answer is judged.
    fn of(point: &Point) -> Option<Self> {
        let standing = &point.reference.period(&point.query.programme, &point.query.period)?.standing;
        let closing = standing.closings().last()?.number;
        let until = standing.reopened()?.until;
        standing.closed_on(point.query.judged_on).is_none().then_some(Self { closing, until })
    }
}

#[utoipa::path(
    get, path = "/v1/programmes/{programme}/periods/{period}/tallies", tag = "tallies",
    params(
        ("programme" = String, Path, description = "Such as `nq28`"), ("period" = String, Path, description = "Such as `2022`"),
        ("valid" = Option<LocalDate>, Query, description = "The day it holds on; unless given today, or the nearest day of the period"),
        ("known" = Option<String>, Query, description = "A position, an instant in RFC 3339, or `closing-1`, `cut-off-1`, … of the period, also by their whole names; everything unless given"),
        ("lens" = Option<String>, Query, description = "`as-known`, or `as-reported`: what the last closing froze. Unless given, a closed period is answered as reported, with `known_since` beside it"),
        ("since" = Option<LocalDate>, Query, description = "A day of the period: each cell and whole also has `in_span`, what took effect from it on"),
        ("compare" = Option<String>, Query, description = "`last-year`: each cell and whole also has `last_year`, the same period last year at equal lag and as known by now"),
        ("min_position" = Option<u64>, Query, description = "Wait up to 5 s until the answer includes this position"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = TallyAnswer), (status = 304, description = "As the tag says"),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 412, body = Problem, description = "`position-unknown`"),
        (status = 503, body = Problem, description = "`view-behind`, with the position reached"),
    )
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams((programme, period)): PathParams<(String, String)>,
    QueryParams(params): QueryParams<TallyParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = PeriodOf { programme: key(&programme)?, period: key(&period)? };
    let TallyParams { valid, known, lens, min_position, since, compare } = params;
    let columns = Columns::asked(since, compare.as_deref())?;
    let asked = asked(&portal, of, &Params { valid, known, lens, min_position }).await?;
    let point = portal.resolve(&asked).await?;
    let columns = portal.resolve_columns(&point, columns).await?;
    let scope = portal.scope(&caller.identity.actor);
    let keep = if columns.stays() { keep_of(&asked, &point, &scope) } else { Keep::Revalidate };
    let tag = tag(&portal, &point, &scope).await?;
    let tag = columns.tag().map_or_else(|| tag.clone(), |columns| etag(&[tag.as_str(), &columns]));
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let mut tally = portal.tally(&point, &scope)?;
    portal.put_columns(&mut tally, &point, &columns, &scope)?;
    tally.as_of.known_at = portal.recorded_at(point.position()).await?;
    let known_since = portal.known_since(&point, &scope).await?;
    let demonstration = point.reference.ledger.demonstration();
    let fold_version = portal.deps.tallies.fold_version();
    let reopened = Reopened::of(&point);
    let answer = TallyAnswer { settled: point.settled, fold_version, demonstration, tally, known_since, reopened };
    tagged(&tag, keep, &answer)
}

/// Long only for an explicit, settled position, as seen from the root: what is under an office may change.
pub(crate) fn keep_of(asked: &Asked, point: &Point, scope: &Scope) -> Keep {
    match (asked.known, point.settled, scope) {
        (Known::At(_) | Known::Closing(_) | Known::CutOff(_), Some(true), Scope::All) => Keep::Long,
        _ => Keep::Revalidate,
    }
}

/// The question, once the view has reached what the caller has seen.
pub(crate) async fn asked(portal: &Portal, of: PeriodOf, params: &Params) -> Result<Asked, Problem> {
    let lens = params.lens.as_deref().map(lens).transpose()?;
    let known = known_of(params.known.as_deref(), &of)?;
    included(portal, known, params.min_position).await?;
    Ok(Asked { of, valid: params.valid, known, lens })
}

/// What `known` says of a period; now unless given.
pub(crate) fn known_of(text: Option<&str>, PeriodOf { programme, period }: &PeriodOf) -> Result<Known, Problem> {
    let Some(text) = text else { return Ok(Known::Now) };
    Known::in_period(text, programme, period).map_err(|why| match why {
        NotKnown::Unreadable => wrong_parameter(
            "known",
            &format!("cần một vị trí, thời điểm RFC 3339, hoặc closing-1, cut-off-1…, cũng viết được là {programme}/{period}/closing-1"),
            &format!("give a position, an instant in RFC 3339, or closing-1, cut-off-1, …, also as {programme}/{period}/closing-1"),
        ),
        NotKnown::OfAnother => wrong_parameter(
            "known",
            &format!("lần khóa này là của kỳ khác; ở đây hỏi {programme}/{period}: ghi closing-1, cut-off-1…, hoặc hỏi kỳ kia"),
            &format!("this is a closing of another period; here {programme}/{period} is asked about: give closing-1, cut-off-1, …, or ask about that period"),
        ),
    })
}

/// The lens of this name.
pub(crate) fn lens(name: &str) -> Result<Lens, Problem> {
    if name == Lens::Restated.word() {
        return Err(restated_elsewhere());
    }
    [Lens::AsKnown, Lens::AsReported].into_iter().find(|lens| lens.word() == name).ok_or_else(|| no_such_lens(name))
}

pub(crate) fn restated_elsewhere() -> Problem {
    wrong_parameter(
        "lens",
        "số liệu theo đơn vị của ngày khác có câu trả lời riêng: …/tallies/restated",
        "counts under the units of another day have an answer of their own: …/tallies/restated",
    )
}

fn no_such_lens(name: &str) -> Problem {
    let shown: String = name.chars().take(32).collect();
    wrong_parameter(
        "lens",
        &format!(
            "không có `{shown}`; có `as-known` (theo hiểu biết hiện nay), `as-reported` (như đã báo cáo) và `restated` (theo đơn vị của ngày khác)"
        ),
        &format!(
            "there is no `{shown}`; there are `as-known`, `as-reported`, and `restated`: under the units of another day"
        ),
    )
}

/// Waits until the tallies include what is asked about and what the caller has seen.
pub(crate) async fn included(portal: &Portal, known: Known, min_position: Option<Position>) -> Result<(), Problem> {
    let named = if let Known::At(position) = known { Some(position) } else { None };
    match min_position.max(named) {
        Some(position) => reached(portal, position).await,
        None => Ok(()),
    }
}

/// Waits a bounded time until the tallies include a position.
pub(crate) async fn reached(portal: &Portal, position: Position) -> Result<(), Problem> {
    portal.stands()?;
    let begun = Instant::now();
    let mut positions = portal.deps.tallies.positions();
    if *positions.borrow() >= position {
        return portal.followed(position).await;
    }
    let tip = portal.deps.journal.tip().await.map_err(|error| crate::answers::read_problem(&error))?;
    if position > tip {
        return Err(beyond(position, tip));
    }
    if let Some(stopped) = portal.stopped_before(position) {
        return Err(stopped);
    }
    let wait = portal.config.min_position_wait;
    let waited = tokio::time::timeout(wait, positions.wait_for(|reached| *reached >= position)).await;
    let counted = waited.is_ok_and(|positions| positions.is_ok());
    metrics::histogram!("socai_min_position_wait_seconds").record(begun.elapsed().as_secs_f64());
    if counted {
        portal.followed(position).await
    } else {
        Err(portal.facts_behind(position, portal.deps.tallies.position()))
    }
}

/// Who may see what, as a part of a tag.
pub(crate) async fn seen(portal: &Portal, scope: &Scope) -> Result<String, Problem> {
    Ok(match scope {
        Scope::All => "all".to_owned(),
        // What is under an office changes with the structure, and on a day that was recorded long before.
        Scope::Under(office) => {
            format!("{office}@{} {}", portal.placed(portal.reference().position).await?, portal.today())
        }
    })
}

/// Over fold version, position and the record there, axes, lens, who may see what, and the media type.
pub(crate) async fn tag(portal: &Portal, point: &Point, scope: &Scope) -> Result<ETag, Problem> {
    let query = &point.query;
    let since = match &point.since {
        Some(since) => format!("{} {}", portal.placed(since.known.unwrap_or_default()).await?, since.judged_on),
        None => String::new(),
    };
    Ok(etag(&[
        &portal.deps.tallies.fold_version().to_string(),
        query.programme.as_str(),
        query.period.as_str(),
        &portal.placed(point.position()).await?,
        &query.valid.to_string(),
        &query.judged_on.to_string(),
        &format!("{:?}", point.settled),
        point.lens.word(),
        &since,
        &seen(portal, scope).await?,
        "application/json",
    ]))
}
