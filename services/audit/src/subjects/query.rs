//! Lists of cases, by pages in the order in which they were first recorded.

use std::collections::BTreeSet;

use domain::{Kind, Position, StreamId, UnitId};
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::{Standing, SubjectRow};
use crate::{PAGE_MAX, ReadError, UNITS_MAX};

/// What is asked for; every filter that is given must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectQuery {
    pub kind: Kind,
    /// Cases that began behind it are not listed, so that pages stay whole while records arrive.
    pub known: Position,
    /// Cases that began at this position or before are on earlier pages.
    pub after: Position,
    /// At most `PAGE_MAX`.
    pub limit: usize,
    /// Credited to one of these. At most `UNITS_MAX`.
    pub units: Option<BTreeSet<UnitId>>,
    pub standing: Option<Standing>,
}

/// Some cases as they stand now, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectPage {
    pub rows: Vec<SubjectRow>,
    /// The `after` of the next page; `None` when this page is the last.
    pub next: Option<Position>,
    /// How far the view had come.
    pub reached: Position,
}

pub(crate) async fn read(
    rows: &mut AnyConnection,
    query: &SubjectQuery,
    reached: Position,
) -> Result<SubjectPage, ReadError> {
    let units = query.units.as_ref();
    if query.limit == 0 || query.limit > PAGE_MAX || units.is_some_and(|units| units.len() > UNITS_MAX) {
        return Err(ReadError::TooMuch { page_max: PAGE_MAX, units_max: UNITS_MAX });
    }
    let mut sql = "select row from subject where kind = $1 and first_position > $2 and first_position <= $3 and ($4 = '' or standing = $4)"
        .to_owned();
    if let Some(units) = units {
        let list: Vec<_> = (0..units.len()).map(|unit| format!("${}", unit + 6)).collect();
        sql += &format!(" and unit in ({})", if list.is_empty() { "null".to_owned() } else { list.join(", ") });
    }
    sql += " order by first_position limit $5";
    let asked = sqlx::query(AssertSqlSafe(sql))
        .bind(query.kind.as_str())
        .bind(signed(query.after))
        .bind(signed(query.known))
        .bind(query.standing.map_or("", Standing::word))
        .bind(i64::try_from(query.limit).unwrap_or(i64::MAX).saturating_add(1));
    let asked = units.into_iter().flatten().fold(asked, |asked, unit| asked.bind(unit.0.as_bytes().to_vec()));
    let mut found = Vec::with_capacity(query.limit);
    for row in asked.fetch_all(rows).await? {
        found.push(parse(&row.try_get::<String, _>(0)?)?);
    }
    let more = found.len() > query.limit;
    found.truncate(query.limit);
    let next = found.last().filter(|_| more).map(|row: &SubjectRow| row.first_position);
    Ok(SubjectPage { rows: found, next, reached })
}

/// One case; `None` when there is none under this id.
pub(crate) async fn one(rows: &mut AnyConnection, stream: StreamId) -> Result<Option<SubjectRow>, ReadError> {
    let row = sqlx::query("select row from subject where kind = $1 and stream = $2")
        .bind(stream.kind.as_str())
        .bind(stream.id.as_bytes().to_vec())
        .fetch_optional(rows)
        .await?;
    row.map(|row| parse(&row.try_get::<String, _>(0)?)).transpose()
}

fn parse(json: &str) -> Result<SubjectRow, ReadError> {
    serde_json::from_str(json).map_err(|error| ReadError::Rows(error.to_string()))
}

fn signed(position: Position) -> i64 {
    i64::try_from(position.0).unwrap_or(i64::MAX)
}
