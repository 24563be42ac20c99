//! `GET …/tallies/diff`: why two answers about one period differ, in pieces that sum to the difference.

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};
use domain::{
    Event, EventBody, Kind, LocalDate, PeriodKey, Position, ProgrammeKey, Record, StreamId, TargetKey,
    fold::{AsOf, EXPLANATION_VERSION, ExplainedMeasure, TallyQuery},
};
use futures::{StreamExt, TryStreamExt, stream};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, etag, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{Keep, called, key, tagged, tallies, unchanged, wrong_parameter};
use crate::{
    Portal,
    answers::{PeriodOf, Point, decoded, read_problem, unreadable},
    asked::Asked,
    case::records_of,
    scope::Scope,
};

/// Records that are read at once.
const READS: usize = 16;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    from: Option<String>,
    to: Option<String>,
    from_valid: Option<LocalDate>,
    to_valid: Option<LocalDate>,
    min_position: Option<Position>,
}

/// Two states of a period, and what lies between them.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct DiffAnswer {
    programme: ProgrammeKey,
    period: PeriodKey,
    from: AsOf,
    to: AsOf,
    fold_version: u32,
    /// SỐ LIỆU MINH HỌA: of a demonstration ledger, whose figures per unit are invented.
    demonstration: bool,
    /// Those in both states; each with the cells that differ.
    measures: Vec<ExplainedMeasure>,
}

#[utoipa::path(
    get, path = "/v1/programmes/{programme}/periods/{period}/tallies/diff", tag = "tallies",
    params(
        ("programme" = String, Path), ("period" = String, Path),
        ("from" = Option<String>, Query, description = "What was known: a position, an instant, `closing-1`, `cut-off-1`, …; the last closing unless given"),
        ("to" = Option<String>, Query, description = "The same of the later state; everything that is known by now unless given"),
        ("from_valid" = Option<LocalDate>, Query, description = "The day that the earlier state holds on"),
        ("to_valid" = Option<LocalDate>, Query, description = "The day that the later state holds on"),
        ("min_position" = Option<u64>, Query, description = "Wait up to 5 s until the answer includes this position"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = DiffAnswer), (status = 304, description = "As the tag says"),
        (status = 400, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem),
    )
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams((programme, period)): PathParams<(String, String)>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let of = PeriodOf { programme: key(&programme)?, period: key(&period)? };
    let scope = portal.scope(&caller.identity.actor);
    let closed =
        portal.reference().period(&of.programme, &of.period).map(|known| !known.standing.closings().is_empty());
    if params.from.is_none() && closed == Some(false) {
        return Err(wrong_parameter(
            "from",
            "kỳ này chưa khóa lần nào; cho biết so với vị trí hoặc thời điểm nào",
            "the period has not been closed; say from which position or instant",
        ));
    }
    let lens = |known: &Option<String>, of_now: &str| known.is_none().then(|| of_now.to_owned());
    let earlier = tallies::Params {
        lens: lens(&params.from, "as-reported"),
        valid: params.from_valid,
        known: params.from,
        min_position: params.min_position,
    };
    let later = tallies::Params {
        lens: lens(&params.to, "as-known"),
        valid: params.to_valid,
        known: params.to,
        min_position: params.min_position,
    };
    let (asked_from, from) = resolved(&portal, of.clone(), &earlier, ["from", "from_valid"]).await?;
    let (asked_to, to) = resolved(&portal, of, &later, ["to", "to_valid"]).await?;
    let tags = [tallies::tag(&portal, &from, &scope).await?, tallies::tag(&portal, &to, &scope).await?];
    let tag = etag(&["diff", &EXPLANATION_VERSION.to_string(), tags[0].as_str(), tags[1].as_str()]);
    let keep = [(&asked_from, &from), (&asked_to, &to)]
        .map(|(asked, point)| tallies::keep_of(asked, point, &scope))
        .into_iter()
        .find(|keep| *keep != Keep::Long)
        .unwrap_or(Keep::Long);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let answer = explained(&portal, &from, &to, &scope).await?;
    tagged(&tag, keep, &answer)
}

/// One side, whose `known` and `valid` have names of their own here.
async fn resolved(
    portal: &Portal,
    of: PeriodOf,
    params: &tallies::Params,
    [known, valid]: [&str; 2],
) -> Result<(Asked, Point), Problem> {
    let resolved = async {
        let asked = tallies::asked(portal, of, params).await?;
        let point = portal.resolve(&asked).await?;
        Ok((asked, point))
    };
    resolved.await.map_err(|problem| called(called(problem, "known", known), "valid", valid))
}

async fn explained(portal: &Portal, from: &Point, to: &Point, scope: &Scope) -> Result<DiffAnswer, Problem> {
    // Whoever asks sees the same units on both sides: those that are theirs now.
    let now = portal.reference();
    let mut before = portal.tally_in(from, scope, &now.structure)?;
    let mut after = portal.tally_in(to, scope, &now.structure)?;
    before.as_of.known_at = portal.recorded_at(from.position()).await?;
    after.as_of.known_at = portal.recorded_at(to.position()).await?;
    let differences = portal.differences(from, to)?;
    let revoked = revocations(portal, differences.taking_back()).await?;
    let mut measures = differences.explained(&before, &after, &revoked);
    name_papers_of_plans(portal, [from, to], &mut measures).await?;
    Ok(DiffAnswer {
        programme: after.programme,
        period: after.period,
        from: before.as_of,
        to: after.as_of,
        fold_version: portal.deps.tallies.fold_version(),
        demonstration: to.reference.ledger.demonstration(),
        measures,
    })
}

/// Which of the records revoke; the others correct.
async fn revocations(portal: &Portal, positions: &BTreeSet<Position>) -> Result<BTreeSet<Position>, Problem> {
    let read = |position: Position| async move {
        let before = Position(position.0.saturating_sub(1));
        let page = portal.deps.journal.read(before, 1, &[]).await.map_err(|error| read_problem(&error))?;
        let stored = page.first().ok_or_else(unreadable)?;
        let record = decoded(stored).map_err(|error| read_problem(&error))?;
        let revokes = record.events.iter().any(|event| {
            matches!(
                event.body,
                EventBody::OrganisationRevoked { .. }
                    | EventBody::AdmissionRevoked { .. }
                    | EventBody::BatchRevoked { .. }
            )
        });
        Ok::<_, Problem>(revokes.then_some(position))
    };
    let all: Vec<_> = stream::iter(positions.iter().copied()).map(read).buffer_unordered(READS).try_collect().await?;
    Ok(all.into_iter().flatten().collect())
}

/// Names the records of the targets by which plans are others.
async fn name_papers_of_plans(
    portal: &Portal,
    points: [&Point; 2],
    measures: &mut [ExplainedMeasure],
) -> Result<(), Problem> {
    let [_, to] = points;
    let TallyQuery { programme, period, .. } = &to.query;
    let mut targets = Vec::new();
    for (of, measure) in measures.iter().enumerate() {
        let Some(assigner) = to.reference.principal(programme, period, &measure.measure) else { continue };
        let changed = measure.cells.iter().enumerate().filter(|(_, cell)| cell.plan_changed.is_some());
        targets.extend(changed.map(|(at, cell)| {
            let (programme, period, measure) = (programme.clone(), period.clone(), measure.measure.clone());
            (of, at, TargetKey { programme, measure, period, holder: cell.committee, assigner })
        }));
    }
    let papers = |(of, at, target): (usize, usize, TargetKey)| async move {
        Ok::<_, Problem>((of, at, papers_of(portal, points, target).await?))
    };
    let found: Vec<_> = stream::iter(targets).map(papers).buffer_unordered(READS).try_collect().await?;
    for (of, at, positions) in found {
        if let Some(change) = &mut measures[of].cells[at].plan_changed {
            change.positions = positions;
        }
    }
    Ok(())
}

/// The records of a target that hold at one of two points and not at the other.
async fn papers_of(portal: &Portal, points: [&Point; 2], target: TargetKey) -> Result<Vec<Position>, Problem> {
    let stream = StreamId::of_key(Kind::Target, &target.to_string());
    let records = records_of(portal.deps.journal.as_ref(), &stream).await.map_err(|error| read_problem(&error))?;
    let differs = |position: Position, record: &Record| {
        record.events.iter().any(|event| {
            let [before, after] = points.map(|point| holds(point, position, event));
            before != after
        })
    };
    let found = records.iter().filter(|(position, record)| differs(*position, record));
    Ok(found.map(|(position, _)| *position).collect())
}

/// Whether a decision about a target is known at a point and has taken effect: adjusted and withdrawn it is from a day on.
fn holds(point: &Point, position: Position, event: &Event) -> bool {
    let from_a_day = matches!(event.body, EventBody::TargetAdjusted { .. } | EventBody::TargetWithdrawn { .. });
    position <= point.position() && (!from_a_day || event.effective_on <= point.query.valid)
}
