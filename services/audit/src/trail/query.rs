//! Searching the trail: any combination of filters, by pages that neither skip nor repeat while records arrive.

use std::collections::BTreeSet;

use domain::{
    Kind, LocalDate, Position, StreamId, SubjectId, Timestamp, UnitId,
    fold::{TrailRow, trail},
    paper::{number_key, symbol_key},
};
use serde::{Deserialize, Serialize};
use sqlx::{Any, AnyConnection, Row, any::AnyArguments, query::Query};

use crate::ReadError;

/// Most rows of one page.
pub const PAGE_MAX: usize = 1_000;
/// Most units of one filter.
pub const UNITS_MAX: usize = 10_000;

/// A row's place in the trail. Pages are cut between places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub position: Position,
    pub index: u32,
}

impl Place {
    /// Before the first row.
    pub const START: Self = Self { position: Position::START, index: 0 };
    /// Behind the last row.
    pub const END: Self = Self { position: Position(i64::MAX as u64), index: u32::MAX };
}

/// Where a page begins, and which way it goes. Neither place belongs to the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Oldest first.
    After(Place),
    /// Newest first.
    Before(Place),
}

/// What is asked for; every filter that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailQuery {
    /// Nothing behind it is shown, so that all pages are of one ledger.
    pub known: Position,
    pub page: Direction,
    /// At most `PAGE_MAX`.
    pub limit: usize,
    /// Concerns one of these; the caller adds what is under a committee. At most `UNITS_MAX`.
    pub units: Option<BTreeSet<UnitId>>,
    pub stream: Option<StreamId>,
    pub kind: Option<Kind>,
    /// Nothing on streams of this kind.
    pub without: Option<Kind>,
    /// The opaque person who decided.
    pub actor: Option<SubjectId>,
    /// The office at which it was recorded.
    pub office: Option<UnitId>,
    pub document_number: Option<String>,
    pub document_symbol: Option<String>,
    /// First and last day on which it takes effect, both included.
    pub from: Option<LocalDate>,
    pub to: Option<LocalDate>,
    /// The day, here, on which it was recorded.
    pub recorded_on: Option<LocalDate>,
}

impl TrailQuery {
    /// Everything up to `known`, oldest first.
    pub fn all(known: Position) -> Self {
        Self {
            known,
            page: Direction::After(Place::START),
            limit: PAGE_MAX,
            units: None,
            stream: None,
            kind: None,
            without: None,
            actor: None,
            office: None,
            document_number: None,
            document_symbol: None,
            from: None,
            to: None,
            recorded_on: None,
        }
    }

    /// What an office recorded on a day, newest first.
    pub fn recorded_by(office: UnitId, on: LocalDate, known: Position) -> Self {
        Self { page: Direction::Before(Place::END), office: Some(office), recorded_on: Some(on), ..Self::all(known) }
    }
}

/// Some rows, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrailPage {
    pub rows: Vec<TrailRow>,
    /// Go on from here, in the same direction; `None` when this page is the last.
    pub next: Option<Place>,
    /// How far the view had come.
    pub reached: Position,
}

pub(crate) async fn read(
    rows: &mut AnyConnection,
    query: &TrailQuery,
    reached: Position,
) -> Result<TrailPage, ReadError> {
    if query.limit == 0 || query.limit > PAGE_MAX || query.units.as_ref().is_some_and(|units| units.len() > UNITS_MAX) {
        return Err(ReadError::TooMuch { page_max: PAGE_MAX, units_max: UNITS_MAX });
    }
    let mut asked = Asked::of(query);
    let limit = i64::try_from(query.limit).unwrap_or(i64::MAX).saturating_add(1);
    let sql = asked.sql(query, limit);
    let mut found = Vec::with_capacity(query.limit);
    for row in asked.bind(sqlx::query(sqlx::AssertSqlSafe(sql))).fetch_all(rows).await? {
        found.push(shown(row.try_get(0)?, row.try_get(1)?, &row.try_get::<Vec<u8>, _>(2)?)?);
    }
    let more = found.len() > query.limit;
    found.truncate(query.limit);
    let next = found.last().filter(|_| more).map(|row| Place { position: row.position, index: row.index });
    Ok(TrailPage { rows: found, next, reached })
}

/// The row as the pure fold gives it: the record's bytes say everything.
fn shown(position: i64, index: i64, body: &[u8]) -> Result<TrailRow, ReadError> {
    let position = Position(position.unsigned_abs());
    let damaged = |what: String| ReadError::Damaged { position, what };
    let record = wire::decode(body).map_err(|error| damaged(error.to_string()))?;
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    trail(position, &record).into_iter().nth(index).ok_or_else(|| damaged(format!("it has no event {index}")))
}

/// A value of the statement.
enum Value {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Conditions and their values, in one order.
struct Asked {
    conditions: Vec<String>,
    values: Vec<Value>,
}

impl Asked {
    fn of(query: &TrailQuery) -> Self {
        let mut asked = Self { conditions: Vec::new(), values: Vec::new() };
        asked.holds("t.position <=", number(query.known));
        let (operator, place) = match query.page {
            Direction::After(place) => (">", place),
            Direction::Before(place) => ("<", place),
        };
        let position = asked.value(number(place.position));
        let index = asked.value(Value::Number(place.index.into()));
        asked.conditions.push(format!("(t.position, t.idx) {operator} ({position}, {index})"));
        asked.filter(query);
        asked
    }

    fn filter(&mut self, query: &TrailQuery) {
        let bytes = |id: uuid::Uuid| Value::Bytes(id.as_bytes().to_vec());
        let day = |day: LocalDate| Value::Number(day.to_days().into());
        let symbol = query.document_symbol.as_deref().map(symbol_key).unwrap_or_default();
        let equal = [
            ("t.stream =", query.stream.map(|stream| bytes(stream.id))),
            (
                "t.kind =",
                query.stream.map(|stream| stream.kind).or(query.kind).map(|kind| Value::Text(kind.to_string())),
            ),
            ("t.kind <>", query.without.map(|kind| Value::Text(kind.to_string()))),
            ("t.subject =", query.actor.map(|subject| bytes(subject.0))),
            ("t.office =", query.office.map(|office| bytes(office.0))),
            (
                "t.document_number =",
                query.document_number.as_ref().map(|number| Value::Text(number_key(number, &symbol))),
            ),
            ("t.document_symbol =", query.document_symbol.as_ref().map(|_| Value::Text(symbol.clone()))),
            ("t.effective_on >=", query.from.map(day)),
            ("t.effective_on <=", query.to.map(day)),
            ("t.recorded_at >=", query.recorded_on.map(|on| instant(on.begins_at()))),
            ("t.recorded_at <", query.recorded_on.map(|on| instant(on.tomorrow().begins_at()))),
        ];
        for (condition, value) in equal {
            if let Some(value) = value {
                self.holds(condition, value);
            }
        }
        if let Some(units) = &query.units {
            let list: Vec<_> = units.iter().map(|unit| self.value(bytes(unit.0))).collect();
            let list = if list.is_empty() { "null".to_owned() } else { list.join(", ") };
            self.conditions
                .push(format!("(t.position, t.idx) in (select position, idx from trail_unit where unit in ({list}))"));
        }
    }

    fn holds(&mut self, condition: &str, value: Value) {
        let placeholder = self.value(value);
        self.conditions.push(format!("{condition} {placeholder}"));
    }

    fn value(&mut self, value: Value) -> String {
        self.values.push(value);
        format!("${}", self.values.len())
    }

    fn sql(&mut self, query: &TrailQuery, limit: i64) -> String {
        let order = if matches!(query.page, Direction::After(_)) { "asc" } else { "desc" };
        let limit = self.value(Value::Number(limit));
        format!(
            "select t.position, t.idx, r.body from trail t join record r on r.position = t.position
             where {} order by t.position {order}, t.idx {order} limit {limit}",
            self.conditions.join(" and ")
        )
    }

    fn bind<'q>(self, query: Query<'q, Any, AnyArguments>) -> Query<'q, Any, AnyArguments> {
        self.values.into_iter().fold(query, |query, value| match value {
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::Bytes(bytes) => query.bind(bytes),
        })
    }
}

fn number(position: Position) -> Value {
    Value::Number(i64::try_from(position.0).unwrap_or(i64::MAX))
}

fn instant(at: Timestamp) -> Value {
    Value::Number(at.0)
}
