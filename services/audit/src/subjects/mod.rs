//! Every organisation, admission and batch as it stands now: one row a stream, for lists.

mod query;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use domain::{Kind, StreamId};
use sqlx::{AnyConnection, AssertSqlSafe, Row};
use views::{Decoded, Sink, insert_rows, placeholders};

pub use query::{SubjectPage, SubjectQuery};
pub(crate) use query::{one, read};
pub use standing::{Standing, SubjectRow};

/// `position` is that of the last record of the stream, `first_position` of its first: the key by which lists are paged.
pub(crate) const TABLE: &str = "create table subject (
        kind text not null, stream {bytes} not null, first_position bigint not null, position bigint not null,
        unit {bytes} not null, standing text not null, effective_on bigint not null, row text not null,
        primary key (kind, stream));
    create index subject_first on subject (kind, first_position);
    create index subject_unit on subject (unit, first_position)";

const KINDS: [Kind; 3] = [Kind::Organisation, Kind::Admission, Kind::Batch];

/// Streams asked for by one statement.
const ASK_MAX: usize = 1_000;

/// Folds the batch's records of these streams onto the rows that there are.
pub(crate) async fn write(rows: &mut AnyConnection, batch: &[Decoded]) -> anyhow::Result<()> {
    let of_subjects: Vec<_> = batch.iter().filter(|decoded| KINDS.contains(&decoded.record.stream.kind)).collect();
    // A first version needs no look at what was there.
    let known: BTreeSet<StreamId> =
        of_subjects.iter().filter(|decoded| decoded.record.version > 1).map(|decoded| decoded.record.stream).collect();
    let mut subjects = load(rows, &known).await?;
    for Decoded { position, record, .. } in of_subjects {
        for event in &record.events {
            let before = subjects.remove(&record.stream);
            if let Some(now) = standing::fold(before, *position, record, event) {
                subjects.insert(record.stream, now);
            }
        }
    }
    let fresh: Vec<_> =
        subjects.into_values().map(|row| anyhow::Ok((serde_json::to_string(&row)?, row))).collect::<Result<_, _>>()?;
    upsert(rows, &fresh).await?;
    Ok(())
}

async fn load(
    rows: &mut AnyConnection,
    streams: &BTreeSet<StreamId>,
) -> anyhow::Result<BTreeMap<StreamId, SubjectRow>> {
    let mut found = BTreeMap::new();
    let streams: Vec<_> = streams.iter().collect();
    for asked in streams.chunks(ASK_MAX) {
        let sql =
            format!("select row from subject where (kind, stream) in (values {})", placeholders(rows, asked.len(), 2));
        let query = asked.iter().fold(sqlx::query(AssertSqlSafe(sql)), |query, stream| {
            query.bind(stream.kind.as_str()).bind(stream.id.as_bytes().to_vec())
        });
        for row in query.fetch_all(&mut *rows).await? {
            let row: SubjectRow = serde_json::from_str(&row.try_get::<String, _>(0)?)?;
            found.insert(row.stream, row);
        }
    }
    Ok(found)
}

async fn upsert(rows: &mut AnyConnection, fresh: &[(String, SubjectRow)]) -> Result<(), sqlx::Error> {
    let insert = (
        "insert into subject (kind, stream, first_position, position, unit, standing, effective_on, row)",
        8,
        "on conflict (kind, stream) do update set position = excluded.position, unit = excluded.unit,
         standing = excluded.standing, effective_on = excluded.effective_on, row = excluded.row",
    );
    insert_rows(rows, insert, fresh, |query, (json, row)| {
        query
            .bind(row.stream.kind.as_str())
            .bind(row.stream.id.as_bytes().to_vec())
            .bind(row.first_position.0.cast_signed())
            .bind(row.position.0.cast_signed())
            .bind(row.unit.0.as_bytes().to_vec())
            .bind(row.standing.word())
            .bind(i64::from(row.effective_on.to_days()))
            .bind(json.clone())
    })
    .await
}

/// Rows of a dump that are read at once.
const DUMP_PAGE: i64 = 10_000;

pub(crate) async fn dump(rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
    for kind in KINDS {
        let mut after = 0_i64;
        loop {
            let select = "select first_position, position, unit, standing, effective_on, row from subject
                where kind = $1 and first_position > $2 order by first_position limit $3";
            let page =
                sqlx::query(select).bind(kind.as_str()).bind(after).bind(DUMP_PAGE).fetch_all(&mut *rows).await?;
            let Some(last) = page.last() else { break };
            after = last.try_get(0)?;
            for row in page {
                let numbers: [i64; 3] = [row.try_get(0)?, row.try_get(1)?, row.try_get(4)?];
                let (standing, json): (String, String) = (row.try_get(3)?, row.try_get(5)?);
                let unit: Vec<u8> = row.try_get(2)?;
                sink("subject", format!("{numbers:?} {unit:?} {standing} {json}").as_bytes());
            }
        }
    }
    Ok(())
}
