//! Facts as rows: sealed segments, which never change, and the tail of each year in the pieces in which it came.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    LocalDate, Position,
    fold::{Facts, PartitionYear, SEGMENT_FACTS},
};
use futures::TryStreamExt;
use sqlx::{AnyConnection, Row, any::AnyRow};
use views::{Decoded, Sink, insert_rows};

use crate::Index;

/// `first` is the number of a piece's first fact, `position` that of its last: who is at a position reads what lies behind it.
pub(super) const TABLES: &str = "
    create table segment (
        year bigint not null, segment bigint not null, position bigint not null, facts {bytes} not null,
        primary key (year, segment));
    create index segment_position on segment (position);
    create table tail (
        year bigint not null, first bigint not null, position bigint not null, facts {bytes} not null,
        primary key (year, first));
    create index tail_position on tail (position)";

/// Facts by year before a batch.
pub(super) type Lengths = BTreeMap<PartitionYear, u64>;

/// Some facts as they are stored.
pub(super) struct Piece {
    year: PartitionYear,
    /// Of the segment, or of the first fact.
    number: u64,
    position: Position,
    facts: Vec<u8>,
}

/// What a batch adds.
#[derive(Default)]
pub(super) struct Added {
    segments: Vec<Piece>,
    tails: Vec<Piece>,
}

/// Folds a batch; the days on which it counts something.
pub(super) fn fold(facts: &mut Facts, batch: &[Decoded]) -> BTreeSet<LocalDate> {
    let mut days = BTreeSet::new();
    for Decoded { position, record, .. } in batch {
        for event in &record.events {
            facts.fold(*position, record.stream, event);
            let (takes, adds) = event.body.counts();
            days.extend(takes.iter().chain(adds).map(|counted| counted.effective_on));
        }
        facts.advance(*position);
    }
    days
}

/// The segments that have become full since, and the facts behind them.
pub(super) fn added(facts: &Facts, before: &Lengths) -> Added {
    let mut added = Added::default();
    for (year, len) in facts.partitions() {
        let known = before.get(&year).copied().unwrap_or(0);
        if len == known {
            continue;
        }
        let sealed = facts.sealed_segments(year);
        for segment in known / SEGMENT_FACTS as u64..sealed {
            let last = (segment + 1) * SEGMENT_FACTS as u64 - 1;
            added.segments.extend(piece(facts, year, segment, last, facts.encode_segment(year, segment)));
        }
        let first = known.max(sealed * SEGMENT_FACTS as u64);
        if first < len {
            added.tails.extend(piece(facts, year, first, len - 1, facts.encode_tail(year, first)));
        }
    }
    added
}

fn piece(facts: &Facts, year: PartitionYear, number: u64, last: u64, bytes: Option<Vec<u8>>) -> Option<Piece> {
    let position = facts.iter_from(year, last).next()?.position;
    Some(Piece { year, number, position, facts: bytes? })
}

pub(super) async fn write(rows: &mut AnyConnection, added: &Added) -> Result<(), sqlx::Error> {
    for Piece { year, number, .. } in &added.segments {
        sqlx::query("delete from tail where year = $1 and first < $2")
            .bind(i64::from(*year))
            .bind(((number + 1) * SEGMENT_FACTS as u64).cast_signed())
            .execute(&mut *rows)
            .await?;
    }
    write_pieces(rows, "insert into segment (year, segment, position, facts)", &added.segments).await?;
    write_pieces(rows, "insert into tail (year, first, position, facts)", &added.tails).await
}

async fn write_pieces(rows: &mut AnyConnection, insert: &str, pieces: &[Piece]) -> Result<(), sqlx::Error> {
    insert_rows(rows, (insert, 4, ""), pieces, |query, piece| {
        query
            .bind(i64::from(piece.year))
            .bind(piece.number.cast_signed())
            .bind(piece.position.0.cast_signed())
            .bind(piece.facts.clone())
    })
    .await
}

/// Takes into the index what the rows hold behind `known`, and publishes `at`, the rows' checkpoint. From the start the index is
/// emptied first.
pub(crate) async fn refresh(
    index: &Index,
    rows: &mut AnyConnection,
    known: Position,
    at: Position,
) -> anyhow::Result<()> {
    if known == Position::START {
        // Whoever asks meanwhile is answered from what was there before.
        let mut facts = Facts::default();
        take_in(&mut facts, rows).await?;
        facts.advance(at);
        index.change(|old| *old = facts);
    } else {
        let segments = read(rows, SEGMENTS, known).await?;
        let tails = read(rows, TAILS, known).await?;
        index.change(|facts| {
            segments.iter().try_for_each(|(year, number, bytes)| facts.load_segment(*year, *number, bytes))?;
            tails.iter().try_for_each(|(year, _, bytes)| facts.load_tail(*year, bytes))?;
            facts.advance(at);
            anyhow::Ok(())
        })?;
    }
    index.publish(at);
    Ok(())
}

const SEGMENTS: &str = "select year, segment, facts from segment where position > $1 order by year, segment";
const TAILS: &str = "select year, first, facts from tail where position > $1 order by year, first";

/// All rows, each decoded while the next ones are read.
async fn take_in(facts: &mut Facts, rows: &mut AnyConnection) -> anyhow::Result<()> {
    let mut segments = sqlx::query(SEGMENTS).bind(Position::START.0.cast_signed()).fetch(&mut *rows);
    while let Some(row) = segments.try_next().await? {
        let (year, number, bytes) = piece_of(&row)?;
        facts.load_segment(year, number, &bytes)?;
    }
    drop(segments);
    let mut tails = sqlx::query(TAILS).bind(Position::START.0.cast_signed()).fetch(rows);
    while let Some(row) = tails.try_next().await? {
        let (year, _, bytes) = piece_of(&row)?;
        facts.load_tail(year, &bytes)?;
    }
    Ok(())
}

fn piece_of(row: &AnyRow) -> anyhow::Result<(PartitionYear, u64, Vec<u8>)> {
    let year = PartitionYear::try_from(row.try_get::<i64, _>(0)?)?;
    Ok((year, u64::try_from(row.try_get::<i64, _>(1)?)?, row.try_get(2)?))
}

async fn read(
    rows: &mut AnyConnection,
    select: &'static str,
    after: Position,
) -> anyhow::Result<Vec<(PartitionYear, u64, Vec<u8>)>> {
    let found = sqlx::query(select).bind(after.0.cast_signed()).fetch_all(rows).await?;
    found.iter().map(piece_of).collect()
}

/// Segments as they are; tails fact by fact, since their pieces depend on batches.
pub(super) async fn dump(rows: &mut AnyConnection, sink: Sink<'_>) -> anyhow::Result<()> {
    let index = Index::default();
    refresh(&index, rows, Position::START, Position::START).await?;
    for (year, segment, bytes) in read(rows, SEGMENTS, Position::START).await? {
        sink("segment", &[&year.to_be_bytes()[..], &segment.to_be_bytes(), &bytes].concat());
    }
    index.with(|facts| {
        for (year, len) in facts.partitions() {
            for number in facts.sealed_segments(year) * SEGMENT_FACTS as u64..len {
                let fact = facts.iter_from(year, number).next();
                sink("tail", format!("{year} {number} {fact:?}").as_bytes());
            }
        }
    });
    Ok(())
}
