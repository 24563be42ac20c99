//! Reference data as rows: the bodies of its records, folded again at the start. There are few of them.

use domain::{Position, Reference};
use sqlx::{AnyConnection, Row};
use views::{Decoded, Sink, insert_rows};

pub(super) const TABLE: &str = "create table reference (position bigint primary key, body {bytes} not null)";

/// Folds what concerns the reference; those records.
pub(super) fn fold<'b>(reference: &mut Reference, batch: &'b [Decoded]) -> Vec<&'b Decoded> {
    let of_reference = |decoded: &&Decoded| decoded.record.stream.kind.is_reference();
    let fresh: Vec<_> = batch.iter().filter(of_reference).collect();
    for Decoded { position, record, .. } in &fresh {
        record.events.iter().for_each(|event| reference.apply(*position, event));
    }
    fresh
}

pub(super) async fn write(rows: &mut AnyConnection, fresh: &[&Decoded]) -> Result<(), sqlx::Error> {
    insert_rows(rows, ("insert into reference (position, body)", 2, ""), fresh, |query, decoded| {
        query.bind(decoded.position.0.cast_signed()).bind(decoded.body.to_vec())
    })
    .await
}

pub(super) async fn load(rows: &mut AnyConnection) -> anyhow::Result<Reference> {
    let mut reference = Reference::default();
    for row in sqlx::query("select position, body from reference order by position").fetch_all(rows).await? {
        let position = Position(u64::try_from(row.try_get::<i64, _>(0)?)?);
        let record = wire::decode(&row.try_get::<Vec<u8>, _>(1)?)?;
        record.events.iter().for_each(|event| reference.apply(position, event));
    }
    Ok(reference)
}

pub(super) async fn dump(rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
    for row in sqlx::query("select position, body from reference order by position").fetch_all(rows).await? {
        sink("reference", &[&row.try_get::<i64, _>(0)?.to_be_bytes()[..], &row.try_get::<Vec<u8>, _>(1)?].concat());
    }
    Ok(())
}
