//! One row an event, with the columns that are searched, and the record's bytes once.

mod query;

use domain::{
    fold,
    fold::TrailRow,
    paper::{number_key, symbol_key},
};
use sqlx::{AnyConnection, Row};
use views::{Decoded, Sink, insert_rows};

pub(crate) use query::read;
pub use query::{Direction, PAGE_MAX, Place, TrailPage, TrailQuery, UNITS_MAX};

/// Days are counted from 1970-01-01, instants are microseconds. Numbers and symbols of documents are keys: found however they are typed.
pub(crate) const TABLES: &str = "
    create table record (position bigint primary key, body {bytes} not null);
    create table trail (
        position bigint not null, idx bigint not null, kind text not null, stream {bytes} not null,
        effective_on bigint not null, recorded_at bigint not null, subject {bytes} not null, office {bytes} not null,
        document_number text, document_symbol text, primary key (position, idx));
    create index trail_stream on trail (stream, position);
    create index trail_subject on trail (subject, position);
    create index trail_office on trail (office, recorded_at);
    create index trail_document on trail (document_number, position);
    create index trail_effective on trail (effective_on, position);
    create table trail_unit (
        unit {bytes} not null, position bigint not null, idx bigint not null, primary key (unit, position, idx))";

pub(crate) async fn write(rows: &mut AnyConnection, batch: &[Decoded]) -> Result<(), sqlx::Error> {
    insert_rows(rows, ("insert into record (position, body)", 2, ""), batch, |query, decoded| {
        query.bind(decoded.position.0.cast_signed()).bind(decoded.body.to_vec())
    })
    .await?;
    let trail: Vec<TrailRow> =
        batch.iter().flat_map(|decoded| fold::trail(decoded.position, &decoded.record)).collect();
    write_events(rows, &trail).await?;
    let units: Vec<_> =
        trail.iter().flat_map(|row| row.units.iter().map(|unit| (*unit, row.position, row.index))).collect();
    insert_rows(
        rows,
        ("insert into trail_unit (unit, position, idx)", 3, ""),
        &units,
        |query, (unit, position, index)| {
            query.bind(unit.0.as_bytes().to_vec()).bind(position.0.cast_signed()).bind(i64::from(*index))
        },
    )
    .await
}

async fn write_events(rows: &mut AnyConnection, trail: &[TrailRow]) -> Result<(), sqlx::Error> {
    let insert = (
        "insert into trail (position, idx, kind, stream, effective_on, recorded_at, subject, office, document_number,
         document_symbol)",
        10,
        "",
    );
    insert_rows(rows, insert, trail, |query, row| {
        query
            .bind(row.position.0.cast_signed())
            .bind(i64::from(row.index))
            .bind(row.stream.kind.as_str())
            .bind(row.stream.id.as_bytes().to_vec())
            .bind(i64::from(row.effective_on.to_days()))
            .bind(row.recorded_at.0)
            .bind(row.subject.0.as_bytes().to_vec())
            .bind(row.office.0.as_bytes().to_vec())
            .bind(row.document.as_ref().map(|document| number_key(&document.number, &symbol_key(&document.symbol))))
            .bind(row.document.as_ref().map(|document| symbol_key(&document.symbol)))
    })
    .await
}

/// Rows of a dump that are read at once.
const DUMP_PAGE: i64 = 10_000;

pub(crate) async fn dump(rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
    let mut after = 0_i64;
    loop {
        let records = "select position, body from record where position > $1 order by position limit $2";
        let page = sqlx::query(records).bind(after).bind(DUMP_PAGE).fetch_all(&mut *rows).await?;
        let Some(last) = page.last() else { return Ok(()) };
        let last: i64 = last.try_get(0)?;
        for row in page {
            sink("record", &[&row.try_get::<i64, _>(0)?.to_be_bytes()[..], &row.try_get::<Vec<u8>, _>(1)?].concat());
        }
        dump_events(rows, after, last, sink).await?;
        after = last;
    }
}

async fn dump_events(rows: &mut AnyConnection, after: i64, last: i64, sink: Sink<'_>) -> anyhow::Result<()> {
    let events = "select position, idx, kind, stream, effective_on, recorded_at, subject, office, document_number, document_symbol
        from trail where position > $1 and position <= $2 order by position, idx";
    for row in sqlx::query(events).bind(after).bind(last).fetch_all(&mut *rows).await? {
        let numbers: [i64; 4] = [row.try_get(0)?, row.try_get(1)?, row.try_get(4)?, row.try_get(5)?];
        let ids: [Vec<u8>; 3] = [row.try_get(3)?, row.try_get(6)?, row.try_get(7)?];
        let texts: [Option<String>; 3] = [row.try_get(2)?, row.try_get(8)?, row.try_get(9)?];
        sink("trail", format!("{numbers:?} {ids:?} {texts:?}").as_bytes());
    }
    let units = "select unit, position, idx from trail_unit where position > $1 and position <= $2 order by position, idx, unit";
    for row in sqlx::query(units).bind(after).bind(last).fetch_all(&mut *rows).await? {
        let numbers: [i64; 2] = [row.try_get(1)?, row.try_get(2)?];
        sink("trail_unit", format!("{numbers:?} {:?}", row.try_get::<Vec<u8>, _>(0)?).as_bytes());
    }
    Ok(())
}
