//! `GET /v1/trail`: who did what, when, by which document.

use std::collections::BTreeSet;

use axum::{extract::State, response::Response};
use domain::{Kind, LocalDate, Position, Reference, SubjectId, UnitId, fold::TrailRow};
use http::HeaderMap;
use kit::{
    Problem,
    http::{Caller, QueryParams, etag, not_modified},
    problem::UNAVAILABLE,
};
use serde::{Deserialize, Serialize};

use super::{Keep, page::limit_of, records::stream, tagged, tallies, unchanged, wrong_parameter};
use crate::{
    Portal, TrailFilter, TrailPage, TrailPlace, ViewStopped,
    answers::{beyond, read_problem},
    asked::Known,
    scope::{Scope, not_seen},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    pub(crate) committee: Option<UnitId>,
    pub(crate) stream: Option<String>,
    pub(crate) actor: Option<SubjectId>,
    pub(crate) from: Option<LocalDate>,
    pub(crate) to: Option<LocalDate>,
    pub(crate) recorded_on: Option<LocalDate>,
    pub(crate) document: Option<String>,
    pub(crate) known: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) limit: Option<usize>,
}

/// A row, and what follows from the rest of the ledger.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TrailRowShown {
    #[serde(flatten)]
    row: TrailRow,
    /// It takes effect in a period, of whatever programme, that was closed when it was recorded, and not reopened.
    late: bool,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TrailAnswer {
    rows: Vec<TrailRowShown>,
    /// Pass it on as `known`, so that later pages see no newer record.
    known: Position,
    /// Only when `known` was given: whether the same question gets the same answer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
    /// `position.index` of the last row; ask for what comes after it. Null when this page is the last.
    next_after: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/trail", tag = "trail",
    params(
        ("committee" = Option<uuid::Uuid>, Query, description = "This unit and everything under it, now or on the day of `known`"),
        ("stream" = Option<String>, Query, description = "`kind/uuid`"), ("actor" = Option<uuid::Uuid>, Query),
        ("from" = Option<LocalDate>, Query, description = "Takes effect on this day or later"),
        ("to" = Option<LocalDate>, Query, description = "Takes effect on this day or earlier"),
        ("recorded_on" = Option<LocalDate>, Query, description = "Recorded on this local day"),
        ("document" = Option<String>, Query, description = "Number of the document, such as 812, or with its symbol: 812-QĐ/ĐU"),
        ("known" = Option<String>, Query, description = "Nothing recorded after this position, instant in RFC 3339, or such as `nq28/2022/closing-1`"),
        ("after" = Option<String>, Query, description = "`next_after` of the page before"), ("limit" = Option<usize>, Query),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = TrailAnswer), (status = 304, description = "As the tag says"), (status = 400, body = Problem),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let limit = limit_of(params.limit, portal.config.page_max)?;
    let scope = portal.scope(&caller.identity.actor);
    let TrailAsked { filter, known, settled } = portal.trail_asked(&params, &scope).await?;
    let after = place(params.after.as_deref())?;
    let keep = match (known, settled, &scope) {
        (Known::At(_), Some(true), Scope::All) => Keep::Long,
        _ => Keep::Revalidate,
    };
    let parts = [format!("{filter:?}"), format!("{after:?}"), limit.to_string(), format!("{settled:?}")];
    let (seen, known_here) = (tallies::seen(&portal, &scope).await?, portal.placed(filter.known).await?);
    let tag = etag(&["trail", seen.as_str(), &known_here, &parts[0], &parts[1], &parts[2], &parts[3]]);
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let (rows, next) = portal.trail_rows(&filter, TrailPage::After(after), limit).await?;
    let next_after = next.map(|(position, index)| format!("{position}.{index}"));
    let reference = portal.reference_at(rows.last().map_or(Position::START, |row| row.position)).await?;
    let shown = |row: TrailRow| TrailRowShown { late: is_late(&reference, &row), row };
    tagged(
        &tag,
        keep,
        &TrailAnswer { rows: rows.into_iter().map(shown).collect(), known: filter.known, settled, next_after },
    )
}

/// What is asked of the trail, resolved.
pub(crate) struct TrailAsked {
    pub(crate) filter: TrailFilter,
    known: Known,
    /// Set when the question named a moment.
    settled: Option<bool>,
}

/// Order decides, so an answer for a position never changes: a later closing makes nothing late that came before it.
pub(crate) fn is_late(reference: &Reference, row: &TrailRow) -> bool {
    let counted = row.corrects.iter().chain(&row.adds).map(|count| count.effective_on);
    // A target changes what is known of its period by now.
    let planned = (row.stream.kind == Kind::Target).then_some(row.effective_on);
    reference.is_late(row.position, counted.chain(planned))
}

/// "812", or "812-QĐ/ĐU" as pages print it. A number that is none of digits is asked for as it is.
fn number_and_symbol(text: &str) -> (String, Option<String>) {
    let parted = text.split_once('-').filter(|(number, symbol)| {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && !symbol.is_empty()
    });
    match parted {
        Some((number, symbol)) => (number.to_owned(), Some(symbol.trim().to_owned())),
        None => (text.to_owned(), None),
    }
}

fn ends_before_it_begins(from: LocalDate, to: LocalDate) -> Problem {
    wrong_parameter(
        "to",
        &format!("ngày {to} trước ngày `from` ({from}), nên không có gì ở giữa"),
        &format!("{to} is before `from` ({from}), so there is nothing between them"),
    )
}

/// `position.index`.
pub(crate) fn place(text: Option<&str>) -> Result<Option<TrailPlace>, Problem> {
    let wrong = || wrong_parameter("after", "dùng next_after của trang trước", "take next_after of the page before");
    let Some(text) = text else { return Ok(None) };
    let (position, index) = text.split_once('.').ok_or_else(wrong)?;
    let place = position.parse().ok().zip(index.parse().ok());
    place.map(Some).ok_or_else(wrong)
}

impl Portal {
    /// What a caller asks for, within what the caller sees.
    pub(crate) async fn trail_asked(&self, params: &Params, scope: &Scope) -> Result<TrailAsked, Problem> {
        let asked = self.moment_of(params.known.as_deref())?;
        let (known, settled) = self.trail_known(asked).await?;
        if let (Some(from), Some(to)) = (params.from, params.to)
            && from > to
        {
            return Err(ends_before_it_begins(from, to));
        }
        let document = params.document.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let filter = TrailFilter {
            units: self.trail_units(params.committee, scope, (asked, known)).await?,
            stream: stream(params.stream.as_deref().filter(|text| !text.is_empty()))?,
            // As in the records: grants of access are seen from the root only.
            without: (*scope != Scope::All).then_some(Kind::Access),
            actor: params.actor,
            from: params.from,
            to: params.to,
            recorded_on: params.recorded_on,
            document: document.map(number_and_symbol),
            known,
        };
        Ok(TrailAsked { filter, known: asked, settled })
    }

    /// The position that is meant, and whether the answer for it stays. One that the view has still to come to is pinned: its pages fill up.
    async fn trail_known(&self, asked: Known) -> Result<(Position, Option<bool>), Problem> {
        let reached = self.deps.trail.position().await.map_err(|error| unreadable(&error))?;
        match asked {
            Known::At(position) if position > reached => {
                let tip = self.deps.journal.tip().await.map_err(|error| read_problem(&error))?;
                if position > tip { Err(beyond(position, tip)) } else { Ok((position, Some(false))) }
            }
            known => self.position_of(known, reached).await,
        }
    }

    /// A committee and what was under it at the moment asked about, of what the caller sees now; none for everything.
    async fn trail_units(
        &self,
        committee: Option<UnitId>,
        scope: &Scope,
        (asked, known): (Known, Position),
    ) -> Result<Option<BTreeSet<UnitId>>, Problem> {
        let (now, today) = (self.reference(), self.today());
        let seen = self.units_of(scope);
        let Some(committee) = committee else { return Ok(seen) };
        if !scope.covers(&now.structure, committee, today) {
            return Err(not_seen());
        }
        let (then, on) = match asked {
            Known::Now => (now, today),
            _ => (self.reference_at(known).await?, self.day_of(asked).await?),
        };
        let structure = &then.structure;
        let is_under =
            |unit: &UnitId| structure.is_at_or_under(*unit, committee, structure.day_of_authority(*unit, on));
        let under = structure.units().map(|unit| unit.id).filter(is_under);
        Ok(Some(under.filter(|unit| seen.as_ref().is_none_or(|seen| seen.contains(unit))).collect()))
    }

    /// The units of a scope; none for all of them.
    pub(crate) fn units_of(&self, scope: &Scope) -> Option<BTreeSet<UnitId>> {
        let (reference, today) = (self.reference(), self.today());
        let structure = &reference.structure;
        let seen =
            || structure.units().map(|unit| unit.id).filter(|unit| scope.covers(structure, *unit, today)).collect();
        (*scope != Scope::All).then(seen)
    }

    pub(crate) async fn trail_rows(
        &self,
        filter: &TrailFilter,
        page: TrailPage,
        limit: usize,
    ) -> Result<(Vec<TrailRow>, Option<TrailPlace>), Problem> {
        self.deps.trail.trail(filter, page, limit).await.map_err(|error| unreadable(&error))
    }
}

pub(crate) fn unreadable(error: &anyhow::Error) -> Problem {
    if let Some(stopped) = error.downcast_ref::<ViewStopped>() {
        return stopped.problem();
    }
    tracing::error!(error = format!("{error:#}"), "the trail cannot be read");
    Problem::new(UNAVAILABLE, "Nhật ký tạm thời không đọc được.", "The trail cannot be read at the moment.")
        .retry_after(std::time::Duration::from_secs(2))
}
