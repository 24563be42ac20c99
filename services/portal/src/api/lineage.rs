//! `GET /v1/committees/{id}/lineage`: what became of a unit, and what it is made of, as of (valid, known).

use std::collections::{BTreeMap, BTreeSet};

use axum::{extract::State, response::Response};
use domain::{
    Document, EventBody, Extent, Kind, LocalDate, Passing, Position, SuccessionKind, Timeline, UnitId, UnitKind,
    structure::{Structure, Succession, Unit},
};
use http::HeaderMap;
use journal::ReadError;
use kit::{
    Problem,
    http::{Caller, PathParams, QueryParams, not_modified},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{tagged, unchanged};
use crate::{
    Portal,
    answers::{decoded, read_problem},
    moment::Moment,
    scope::not_seen,
};

/// Records of the structure read at once.
const PAGE: usize = 1_024;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    valid: Option<LocalDate>,
    known: Option<String>,
}

#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct LineageAnswer {
    /// The unit on the day from which is looked: `valid`, or its nearest day on which it exists.
    committee: Named,
    on: LocalDate,
    valid: LocalDate,
    known_position: Position,
    /// Only when `known` was given: the same question gets the same answer for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    settled: Option<bool>,
    demonstration: bool,
    first_day: LocalDate,
    /// First day without it.
    ended_on: Option<LocalDate>,
    names: Vec<Held<String>>,
    codes: Vec<Held<Option<String>>>,
    kinds: Vec<Held<UnitKind>>,
    became: Forward,
    made_of: Backward,
}

/// From its first day until `valid`.
#[derive(Serialize, utoipa::ToSchema)]
struct Forward {
    /// Ascending by day, then by order.
    edges: Vec<LineageEdge>,
    /// Who has it by then. One alone has all of it.
    committees: Vec<Named>,
}

/// Of what was there the day before the first succession that led to it.
#[derive(Serialize, utoipa::ToSchema)]
struct Backward {
    since: LocalDate,
    edges: Vec<LineageEdge>,
    committees: Vec<Source>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct Source {
    #[serde(flatten)]
    committee: Named,
    /// The day before it passed on anything: its name and code are of that day.
    on: LocalDate,
    /// How much of it went here.
    extent: Extent,
}

#[derive(Serialize, utoipa::ToSchema)]
struct LineageEdge {
    /// First day on which the successor has it.
    on: LocalDate,
    /// Of two on one day the lower happened first.
    order: u32,
    /// As it was called the day before.
    committee: Named,
    /// As it is called on the day.
    successor: Named,
    how: SuccessionKind,
    extent: Extent,
    #[serde(skip_serializing_if = "Passing::is_empty")]
    #[schema(inline)]
    of: Passing,
    /// Of the record that says so.
    position: Position,
    document: Option<Document>,
}

#[derive(Serialize, utoipa::ToSchema)]
struct Named {
    committee: UnitId,
    code: Option<String>,
    name: String,
    /// First day without it.
    ended_on: Option<LocalDate>,
}

/// A value from a day on, until the next.
#[derive(Serialize, utoipa::ToSchema)]
struct Held<T> {
    from: LocalDate,
    value: T,
}

#[utoipa::path(
    get, path = "/v1/committees/{id}/lineage", tag = "committees",
    params(
        ("id" = Uuid, Path),
        ("valid" = Option<LocalDate>, Query, description = "The day up to which it is told; today unless given"),
        ("known" = Option<String>, Query, description = "A position, or an instant in RFC 3339; everything unless given"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag` seen before"),
    ),
    responses(
        (status = 200, body = LineageAnswer), (status = 304, description = "As the tag says"),
        (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 412, body = Problem, description = "`position-unknown`"),
    )
)]
pub(crate) async fn get(
    State(portal): State<Portal>,
    caller: Caller,
    PathParams(id): PathParams<Uuid>,
    QueryParams(params): QueryParams<Params>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = UnitId(id);
    let moment = portal.moment(params.valid, params.known.as_deref()).await?;
    let scope = portal.scope(&caller.identity.actor);
    if !scope.covers(&portal.reference().structure, id, portal.today()) {
        return Err(not_seen());
    }
    let reference = portal.reference_at(moment.known).await?;
    let moment = moment.of_reference(&reference);
    let (tag, keep) = (moment.tag(&portal, &scope, &["lineage", &id.to_string()]).await?, moment.keep(&scope));
    if not_modified(&headers, &tag) {
        return Ok(unchanged(&tag, keep));
    }
    let unit = reference.structure.unit(id).ok_or_else(not_seen)?;
    let papers = portal.papers_of_successions(moment.known).await.map_err(|error| read_problem(&error))?;
    let told = Told { structure: &reference.structure, papers };
    let demonstration = reference.ledger.demonstration();
    tagged(&tag, keep, &told.answer(unit, &moment, demonstration))
}

/// Record and paper of each succession, by its order.
type Papers = BTreeMap<u32, (Position, Option<Document>)>;

impl Portal {
    async fn papers_of_successions(&self, known: Position) -> Result<Papers, ReadError> {
        let (mut papers, mut after) = (Papers::new(), Position::START);
        loop {
            let page = self.deps.journal.read(after, PAGE, &[Kind::Structure]).await?;
            let Some(last) = page.last() else { return Ok(papers) };
            after = last.position;
            for stored in page.iter().filter(|stored| stored.position <= known) {
                let record = decoded(stored)?;
                for event in &record.events {
                    if let EventBody::UnitSucceeded { .. } = event.body {
                        let order = u32::try_from(papers.len()).unwrap_or(u32::MAX).saturating_add(1);
                        papers.insert(order, (stored.position, record.document.clone()));
                    }
                }
            }
            if after >= known {
                return Ok(papers);
            }
        }
    }
}

struct Told<'a> {
    structure: &'a Structure,
    papers: Papers,
}

impl Told<'_> {
    fn answer(&self, unit: &Unit, moment: &Moment, demonstration: bool) -> LineageAnswer {
        let valid = moment.valid;
        let last_day = unit.ended_on.map_or(valid, |end| valid.min(end.yesterday()));
        let on = last_day.max(unit.first_day);
        LineageAnswer {
            committee: self.named(unit.id, on),
            on,
            valid,
            known_position: moment.known,
            settled: moment.settled,
            demonstration,
            first_day: unit.first_day,
            ended_on: unit.ended_on,
            names: held(&unit.names),
            codes: held(&unit.codes),
            kinds: held(&unit.kinds),
            became: self.forward(unit, valid),
            made_of: self.backward(unit, on),
        }
    }

    fn forward(&self, unit: &Unit, valid: LocalDate) -> Forward {
        let became = self.structure.what_became_of(unit.id, unit.first_day, valid);
        Forward {
            edges: self.edges(&became.edges),
            committees: became.units.iter().map(|unit| self.named(*unit, valid)).collect(),
        }
    }

    fn backward(&self, unit: &Unit, on: LocalDate) -> Backward {
        let all = self.structure.what_it_is_made_of(unit.id, on, LocalDate::FIRST);
        let since = all.edges.first().map_or(on, |edge| edge.on.yesterday());
        // A unit that nothing came to before it passed on is where something begins, on whatever day it began itself.
        let mut sources: BTreeMap<UnitId, LocalDate> = BTreeMap::new();
        let mut received = BTreeSet::new();
        for edge in &all.edges {
            if !received.contains(&edge.unit) {
                sources.entry(edge.unit).or_insert_with(|| edge.on.yesterday());
            }
            received.insert(edge.successor);
        }
        if self.structure.exists_on(unit.id, since) {
            sources.insert(unit.id, since);
        }
        let source = |(source, before): (UnitId, LocalDate)| {
            let wholly = self.structure.what_became_of(source, before, on).wholly() == Some(unit.id);
            let extent = if wholly { Extent::Whole } else { Extent::Part };
            Source { committee: self.named(source, before), on: before, extent }
        };
        Backward { since, edges: self.edges(&all.edges), committees: sources.into_iter().map(source).collect() }
    }

    fn edges(&self, edges: &[Succession]) -> Vec<LineageEdge> {
        edges.iter().map(|edge| self.edge(edge)).collect()
    }

    fn edge(&self, edge: &Succession) -> LineageEdge {
        let (position, document) = self.papers.get(&edge.order).cloned().unwrap_or_default();
        LineageEdge {
            on: edge.on,
            order: edge.order,
            committee: self.named(edge.unit, edge.on.yesterday()),
            successor: self.named(edge.successor, edge.on),
            how: edge.how,
            extent: edge.extent,
            of: edge.of.clone(),
            position,
            document,
        }
    }

    fn named(&self, committee: UnitId, on: LocalDate) -> Named {
        Named {
            committee,
            code: self.structure.code_on(committee, on).map(str::to_owned),
            name: self.structure.name_on(committee, on).unwrap_or_default().to_owned(),
            ended_on: self.structure.ended_on(committee),
        }
    }
}

fn held<T: Clone>(values: &Timeline<T>) -> Vec<Held<T>> {
    values.spans().map(|span| Held { from: span.from, value: span.value.clone() }).collect()
}
