//! `GET /v1/records` and `/v1/records/{position}`: the history, as JSON or as lines.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{Kind, Position, StreamId};
use http::{HeaderMap, header};
use journal::{Journal, ReadError, Stored};
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, etag, not_modified, prefers},
};
use serde::{Deserialize, Serialize};
use wire::RecordJson;

use super::{Keep, UNKEPT, fresh, page::limit_of, tagged, unchanged, wrong_parameter};
use crate::{
    Portal,
    answers::{beyond, decoded, read_problem},
    scope::{Scope, not_seen},
};

const JSON: &str = "application/json";
const NDJSON: &str = "application/x-ndjson";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    after: Option<Position>,
    limit: Option<usize>,
    stream: Option<String>,
    kind: Option<String>,
}

/// A page of the history.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RecordPage {
    records: Vec<RecordJson>,
    /// The last position looked at: ask for what comes after it.
    next_after: Position,
    /// Position of the last record when the page was read.
    tip: Position,
}

/// A line of the history: a record, or how far it went.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub(crate) enum RecordLine {
    Record(Box<RecordJson>),
    End(RecordsEnd),
}

/// The last line.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct RecordsEnd {
    /// Always true.
    end: bool,
    /// As of a page.
    next_after: Position,
    tip: Position,
}

#[utoipa::path(
    get, path = "/v1/records", tag = "records",
    params(
        ("after" = Option<u64>, Query, description = "Records after this position"),
        ("limit" = Option<usize>, Query, description = "1 to 1,000 positions; 100 unless given"),
        ("stream" = Option<String>, Query, description = "`kind/uuid`"),
        ("kind" = Option<String>, Query, description = "Kinds of stream, with commas"),
        ("Accept" = Option<String>, Header, description = "`application/json` or `application/x-ndjson`: a record a line, at last `{end, next_after, tip}`"),
    ),
    responses(
        (status = 200, content((RecordPage = "application/json"), (RecordLine = "application/x-ndjson"))),
        (status = 400, body = Problem),
        (status = 412, body = Problem, description = "`position-unknown`: `after` is beyond the tip"),
        (status = 500, body = Problem, description = "`record-unreadable`: the next record, at the position that is named; a page ends before it"),
    )
)]
pub(crate) async fn list(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let page = read(&portal, &params, limit, &scope).await?;
    if prefers(&headers, &[JSON, NDJSON]) == NDJSON {
        return Ok(lines(page));
    }
    Ok(fresh(&page))
}

async fn read(portal: &Portal, params: &Params, limit: usize, scope: &Scope) -> Result<RecordPage, Problem> {
    let kinds = kinds(params.kind.as_deref())?;
    let stream = stream(params.stream.as_deref())?;
    let after = params.after.unwrap_or_default();
    let journal = &portal.deps.journal;
    // Read first: everything up to it has been looked at when a page comes back short.
    let tip = journal.tip().await.map_err(|error| read_problem(&error))?;
    if after > tip {
        return Err(beyond(after, tip));
    }
    // The caller may have seen more, at another portal, than this one has heard of.
    portal.followed(after).await?;
    let wanted = Wanted { journal: journal.as_ref(), stream, kinds: &kinds };
    let (found, mut unreadable) = wanted.readable(after, limit, tip).await.map_err(|error| read_problem(&error))?;
    let last = found.last().map_or(after, |stored| stored.position);
    let mut next_after = if found.len() < limit && unreadable.is_none() { last.max(tip) } else { last };
    let reference = portal.reference();
    let today = portal.today();
    let mut records = Vec::with_capacity(found.len());
    for stored in found.iter().filter(|stored| kinds.is_empty() || kinds.contains(&stored.stream.kind)) {
        match decoded(stored) {
            Ok(record) if scope.sees(&reference.structure, &record, today) => {
                records.push(RecordJson::new(stored.position, record));
            }
            Ok(_) => {}
            Err(error) => {
                unreadable = Some(error);
                next_after = Position(stored.position.0.saturating_sub(1));
                break;
            }
        }
    }
    // What comes before it is a page of its own; whoever asks on is told.
    match unreadable {
        Some(error) if next_after == after => Err(read_problem(&error)),
        _ => Ok(RecordPage { records, next_after, tip: tip.max(last) }),
    }
}

/// Which records are asked for.
struct Wanted<'a> {
    journal: &'a dyn Journal,
    stream: Option<StreamId>,
    kinds: &'a [Kind],
}

impl Wanted<'_> {
    async fn page(&self, after: Position, limit: usize) -> Result<Vec<Stored>, ReadError> {
        match &self.stream {
            Some(stream) => self.journal.load(stream, after, limit).await,
            None => self.journal.read(after, limit, self.kinds).await,
        }
    }

    /// At most `limit` records, up to one that the journal cannot give, and what is wrong with that one.
    async fn readable(
        &self,
        after: Position,
        limit: usize,
        tip: Position,
    ) -> Result<(Vec<Stored>, Option<ReadError>), ReadError> {
        let mut fault = match self.page(after, limit).await {
            Ok(found) => {
                let last = found.last().map_or(after, |stored| stored.position);
                // A journal may end a page before what it cannot give, and says so of the next.
                let next = if found.len() < limit && last < tip { self.page(last, 1).await } else { Ok(Vec::new()) };
                return match next {
                    Err(fault) if stays(&fault) => Ok((found, Some(fault))),
                    next => next.map(|_| (found, None)),
                };
            }
            Err(fault) if stays(&fault) => fault,
            Err(error) => return Err(error),
        };
        // Or gives none of a page that has one such record in it: the largest that has not.
        let (mut found, mut enough, mut too_many) = (Vec::new(), 0, limit);
        while enough + 1 < too_many {
            let some = usize::midpoint(enough, too_many);
            match self.page(after, some).await {
                Ok(page) => (found, enough) = (page, some),
                Err(other) if stays(&other) => (fault, too_many) = (other, some),
                Err(error) => return Err(error),
            }
        }
        Ok((found, Some(fault)))
    }
}

/// Whether asking again does not help.
const fn stays(error: &ReadError) -> bool {
    !matches!(error, ReadError::Unavailable(_))
}

fn kinds(text: Option<&str>) -> Result<Vec<Kind>, Problem> {
    let parts = text.into_iter().flat_map(|text| text.split(','));
    let wrong = || {
        wrong_parameter("kind", "có loại không có trong danh sách ở /docs", "one of the kinds is not listed at /docs")
    };
    parts.map(|part| part.parse().map_err(|_| wrong())).collect()
}

pub(super) fn stream(text: Option<&str>) -> Result<Option<StreamId>, Problem> {
    let wrong = |_| {
        wrong_parameter(
            "stream",
            "viết loại/uuid, như organisation/018f…",
            "write kind/uuid, such as organisation/018f…",
        )
    };
    text.map(str::parse).transpose().map_err(wrong)
}

/// A record a line, then how far it went.
fn lines(page: RecordPage) -> Response {
    let end = RecordsEnd { end: true, next_after: page.next_after, tip: page.tip };
    let records = page.records.into_iter().map(|record| RecordLine::Record(Box::new(record)));
    let mut body = Vec::new();
    for line in records.chain([RecordLine::End(end)]) {
        body.extend(serde_json::to_vec(&line).unwrap_or_default());
        body.push(b'\n');
    }
    ([(header::CONTENT_TYPE, NDJSON)], UNKEPT, body).into_response()
}

#[utoipa::path(
    get, path = "/v1/records/{position}", tag = "records",
    params(("position" = u64, Path), ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before")),
    responses((status = 200, body = RecordJson), (status = 304, description = "As the tag says"), (status = 404, body = Problem), (status = 500, body = Problem, description = "`record-unreadable`"))
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(position): PathParams<Position>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let scope = portal.scope(&caller.identity.actor);
    let record = portal.record(position, &scope).await?.ok_or_else(not_seen)?;
    // A record never changes, but who may see it does.
    let keep = if scope == Scope::All { Keep::Long } else { Keep::Revalidate };
    let tag = etag(&["record", &position.to_string(), &hex(&record.command_digest), &record.recorded_at.to_string()]);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    tagged(&tag, keep, &RecordJson::new(position, record))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Portal {
    /// Whether a page may lead to a record.
    pub(crate) async fn sees_record(&self, position: Position, scope: &Scope) -> bool {
        *scope == Scope::All || matches!(self.record(position, scope).await, Ok(Some(_)))
    }

    /// The record at a position, when it is there and is seen.
    pub(crate) async fn record(&self, position: Position, scope: &Scope) -> Result<Option<domain::Record>, Problem> {
        let Some(before) = position.0.checked_sub(1) else { return Ok(None) };
        let found = self.deps.journal.read(Position(before), 1, &[]).await.map_err(|error| read_problem(&error))?;
        let Some(stored) = found.first().filter(|stored| stored.position == position) else { return Ok(None) };
        let record = decoded(stored).map_err(|error| read_problem(&error))?;
        let seen = scope.sees(&self.reference().structure, &record, self.today());
        Ok(seen.then_some(record))
    }
}
