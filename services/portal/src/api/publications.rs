//! `GET /v1/publications` and `/v1/publications/{id}`: what was printed, and how its claims stand.

use axum::{extract::State, response::Response};
use domain::{PeriodKey, Position, ProgrammeKey, PublicationId, Timestamp, claims::READER_VERSION};
use http::HeaderMap;
use journal::Listed;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, etag, not_modified},
};
use serde::{Deserialize, Serialize};

use super::{
    Keep,
    page::limit_of,
    tagged,
    tallies::{self, included},
    unchanged, wrong_parameter,
};
use crate::{
    Portal,
    answers::{beyond, read_problem},
    asked::Known,
    moment::{KnownShown, Moment},
    publications::{Absent, Compared, Found, PassageCompared, PublicationCase, Side},
};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    programme: Option<String>,
    period: Option<String>,
    known: Option<String>,
    min_position: Option<Position>,
    after: Option<Position>,
    limit: Option<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DetailParams {
    known: Option<String>,
    min_position: Option<Position>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PublicationsAnswer {
    as_of: KnownShown,
    /// In the order in which they were recorded.
    publications: Vec<PublicationCase>,
    /// That of `as_of`: nothing recorded behind it is listed; ask for it with the next page.
    known_position: Position,
    /// Ask for those recorded after this position; null at the end.
    next_after: Option<Position>,
}

/// A publication, and its claims beside the ledger.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct PublicationAnswer {
    /// Up to where withdrawals and later editions are seen; how much was known for `then` and `now`, those say.
    as_of: KnownShown,
    #[serde(flatten)]
    publication: PublicationCase,
    fold_version: u32,
    /// SỐ LIỆU MINH HỌA: of a demonstration ledger, whose figures per unit are invented.
    demonstration: bool,
    /// The moment up to which its writer can have known the ledger: of a day its last.
    known_until: Timestamp,
    /// What claims are compared with as `then`: the ledger as it was known when it was printed, whenever it was recorded here.
    then: Side,
    /// What they are compared with as `now`.
    now: Side,
    sentences: Vec<PassageCompared>,
}

#[utoipa::path(
    get, path = "/v1/publications", tag = "publications",
    params(
        ("programme" = Option<String>, Query, description = "About this programme"), ("period" = Option<String>, Query, description = "About this period"),
        ("known" = Option<String>, Query, description = "Nothing recorded after this position, instant in RFC 3339, or such as `nq28/2022/closing-1`"),
        ("min_position" = Option<u64>, Query, description = "Wait up to 5 s until the answer includes this position"),
        ("after" = Option<u64>, Query, description = "Those recorded after this position"), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = PublicationsAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 412, body = Problem, description = "`position-unknown`"),
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
    let moment = listed_up_to(&portal, params.known.as_deref(), params.min_position).await?;
    let position = moment.known;
    let wanted = wanted(&portal, params.programme.as_deref(), params.period.as_deref())?;
    let after = params.after.unwrap_or_default();
    let (publications, next_after) = portal.publications((after, position), wanted, &scope, limit).await?;
    let answer = PublicationsAnswer { as_of: moment.known_shown(), publications, known_position: position, next_after };
    let asked = format!("{:?} {:?} {after} {limit}", params.programme, params.period);
    let tag = moment.tag(&portal, &scope, &["publications", &asked]).await?;
    let keep = moment.keep(&scope);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    tagged(&tag, keep, &answer)
}

#[utoipa::path(
    get, path = "/v1/publications/{id}", tag = "publications",
    params(
        ("id" = uuid::Uuid, Path),
        ("known" = Option<String>, Query, description = "What `now` means: a position, an instant in RFC 3339, or such as `nq28/2022/closing-1`; everything unless given"),
        ("min_position" = Option<u64>, Query, description = "Wait up to 5 s until the answer includes this position"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = PublicationAnswer), (status = 304, description = "As the tag says"),
        (status = 400, body = Problem), (status = 404, body = Problem, description = "Also where it was not recorded yet"),
        (status = 412, body = Problem, description = "`position-unknown`"), (status = 503, body = Problem),
    )
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<PublicationId>,
    QueryParams(params): QueryParams<DetailParams>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let scope = portal.scope(&caller.identity.actor);
    let (known, as_of) = pinned(&portal, params.known.as_deref(), params.min_position).await?;
    let found = portal.publication(id, (known, as_of.known_position), &scope).await?;
    let tag = tag(&portal, &found, as_of).await?;
    // A later program reads more out of the same sentences.
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, Keep::Revalidate));
    }
    let answer = PublicationAnswer {
        as_of,
        fold_version: portal.deps.tallies.fold_version(),
        demonstration: portal.reference().ledger.demonstration(),
        known_until: found.case.printed.known_until(),
        then: portal.side(&found.then).await?,
        now: portal.side(&found.now).await?,
        sentences: portal.compare(&found)?,
        publication: found.case,
    };
    tagged(&tag, Keep::Revalidate, &answer)
}

/// Up to where a list goes: the records alone are asked, not the tally's facts, which may be loaded for a while after a start.
pub(crate) async fn listed_up_to(
    portal: &Portal,
    known: Option<&str>,
    min_position: Option<Position>,
) -> Result<Moment, Problem> {
    let moment = portal.moment(None, known).await?;
    if let Some(position) = min_position {
        let tip = portal.deps.journal.tip().await.map_err(|error| read_problem(&error))?;
        if position > tip {
            return Err(beyond(position, tip));
        }
    }
    Ok(moment)
}

/// What `known` means, and up to which position that is.
pub(crate) async fn pinned(
    portal: &Portal,
    known: Option<&str>,
    min_position: Option<Position>,
) -> Result<(Known, KnownShown), Problem> {
    let known = portal.moment_of(known)?;
    included(portal, known, min_position).await?;
    let (known_position, settled) = portal.position_of(known, portal.reached()?).await?;
    Ok((known, KnownShown { known_position, settled }))
}

/// Those about a programme and a period that are there.
pub(crate) fn wanted(
    portal: &Portal,
    programme: Option<&str>,
    period: Option<&str>,
) -> Result<impl Fn(&Listed) -> bool + use<>, Problem> {
    let reference = portal.reference();
    let is = |wanted: Option<&str>, key: &str| wanted.is_none_or(|wanted| wanted == key);
    if !reference.programmes.keys().any(|key| is(programme, key.as_str())) && programme.is_some() {
        return Err(wrong_parameter("programme", "không có chương trình này", "there is no such programme"));
    }
    let about = |(of, key): &(ProgrammeKey, PeriodKey)| is(programme, of.as_str()) && is(period, key.as_str());
    if !reference.periods.keys().any(about) && period.is_some() {
        return Err(wrong_parameter("period", "không có kỳ này", "there is no such period"));
    }
    let (programme, period) = (programme.map(str::to_owned), period.map(str::to_owned));
    let all = programme.is_none() && period.is_none();
    Ok(move |listed: &Listed| {
        let (programme, period) = (programme.as_deref(), period.as_deref());
        let about = listed.about.as_ref();
        all || about.is_some_and(|(of, key)| {
            programme.is_none_or(|wanted| wanted == of.as_str()) && period.is_none_or(|wanted| wanted == key.as_str())
        })
    })
}

/// Over the record, what became of it, and both points that it is compared with.
async fn tag(portal: &Portal, found: &Found, as_of: KnownShown) -> Result<kit::http::ETag, Problem> {
    let case = &found.case;
    let side = async |compared: &Compared| {
        Ok::<_, Problem>(match &compared.point {
            Ok(point) => tallies::tag(portal, point, &found.scope).await?.as_str().to_owned(),
            Err(absent) => absent_word(*absent).to_owned(),
        })
    };
    Ok(etag(&[
        "publication",
        &READER_VERSION.to_string(),
        &format!("{as_of:?} {}", portal.name_of(as_of.known_position).await?),
        &case.position.to_string(),
        &format!("{:?} {:?}", case.withdrawn_at, case.replaced_by),
        &side(&found.then).await?,
        &format!("{} {}", found.then.settled, found.now.settled),
        &side(&found.now).await?,
    ]))
}

const fn absent_word(absent: Absent) -> &'static str {
    match absent {
        Absent::BeforeTheLedger => "before_the_ledger",
        Absent::PeriodNotOpen => "period_not_open",
        Absent::NoPeriod => "no_period",
    }
}
