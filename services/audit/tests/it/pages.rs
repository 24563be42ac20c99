//! Filters and pages of the trail against a filter over all rows in memory.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use audit::{AuditReader, Direction, Place, ReadError, Trail, TrailPage, TrailQuery};
use domain::{Kind, LocalDate, Position, UnitId, fold, fold::TrailRow};
use journal::SharedJournal;
use tokio_util::sync::CancellationToken;
use views::{Store, StoreReader, laws, laws::Opened};

use crate::stores;

const PATIENCE: Duration = Duration::from_secs(60);

/// The trail of the first records, folded here.
fn expected(len: u64) -> Vec<TrailRow> {
    (1..=len).flat_map(|n| fold::trail(Position(n), &laws::record(n))).collect()
}

pub(crate) struct Kept {
    pub(crate) reader: AuditReader,
    pub(crate) journal: SharedJournal,
    stop: CancellationToken,
    _opened: Opened,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// A trail kept at the tip of a ledger of synthetic records.
pub(crate) async fn kept(opened: Opened, len: u64) -> Kept {
    let (journal, stop) = (laws::journal_of(len).await, CancellationToken::new());
    let trail = Trail::new(Store::open(&opened.url).await.unwrap(), journal.clone());
    let reached = trail.reached();
    tokio::spawn(trail.run(stop.clone()));
    reached.wait_for(Position(len), PATIENCE).await.unwrap();
    let reader = AuditReader::new(StoreReader::open(&opened.url).await.unwrap(), journal.clone());
    Kept { reader, journal, stop, _opened: opened }
}

/// All pages of a question, `limit` rows each.
async fn pages(reader: &AuditReader, query: &TrailQuery, limit: usize) -> Vec<TrailRow> {
    let mut query = TrailQuery { limit, ..query.clone() };
    let mut rows = Vec::new();
    loop {
        let TrailPage { rows: page, next, .. } = reader.trail(&query).await.unwrap();
        assert!(page.len() <= limit);
        rows.extend(page);
        let Some(next) = next else { return rows };
        query.page = match query.page {
            Direction::After(_) => Direction::After(next),
            Direction::Before(_) => Direction::Before(next),
        };
    }
}

async fn filters_find_what_a_fold_of_everything_finds(opened: Opened) {
    const LEN: u64 = 120;
    let Kept { reader, .. } = &kept(opened, LEN).await;
    let all = TrailQuery::all(Position(LEN));
    let day = |text: &str| text.parse::<LocalDate>().unwrap();
    let sample = expected(LEN)[70].clone();
    let units: BTreeSet<UnitId> = expected(LEN)[60..66].iter().flat_map(|row| row.units.clone()).collect();
    let recorded_on = sample.recorded_at.local_date();
    let one_unit = BTreeSet::from([*units.first().unwrap()]);
    let document = sample.document.clone().unwrap();

    type Holds = Box<dyn Fn(&TrailRow) -> bool>;
    let cases: Vec<(TrailQuery, Holds)> = vec![
        (all.clone(), Box::new(|_| true)),
        (TrailQuery { known: Position(50), ..all.clone() }, Box::new(|row| row.position <= Position(50))),
        (TrailQuery { kind: Some(Kind::Batch), ..all.clone() }, Box::new(|row| row.stream.kind == Kind::Batch)),
        (TrailQuery { without: Some(Kind::Batch), ..all.clone() }, Box::new(|row| row.stream.kind != Kind::Batch)),
        (TrailQuery { stream: Some(sample.stream), ..all.clone() }, Box::new(move |row| row.stream == sample.stream)),
        (TrailQuery { actor: Some(sample.subject), ..all.clone() }, Box::new(move |row| row.subject == sample.subject)),
        (
            TrailQuery {
                document_number: Some(document.number.clone()),
                document_symbol: Some(document.symbol.clone()),
                ..all.clone()
            },
            Box::new(move |row| {
                row.document
                    .as_ref()
                    .is_some_and(|one| (&one.number, &one.symbol) == (&document.number, &document.symbol))
            }),
        ),
        (
            TrailQuery { from: Some(day("2022-03-01")), to: Some(day("2022-04-15")), ..all.clone() },
            Box::new(move |row| row.effective_on >= day("2022-03-01") && row.effective_on <= day("2022-04-15")),
        ),
        (
            TrailQuery { units: Some(units.clone()), ..all.clone() },
            Box::new(move |row| row.units.iter().any(|unit| units.contains(unit))),
        ),
        (
            TrailQuery { units: Some(one_unit.clone()), kind: Some(Kind::Organisation), ..all.clone() },
            Box::new(move |row| row.stream.kind == Kind::Organisation && !row.units.is_disjoint(&one_unit)),
        ),
        (TrailQuery { units: Some(BTreeSet::new()), ..all.clone() }, Box::new(|_| false)),
        (
            TrailQuery::recorded_by(sample.office, recorded_on, Position(LEN)),
            Box::new(move |row| row.office == sample.office && row.recorded_at.local_date() == recorded_on),
        ),
    ];
    for (query, holds) in cases {
        let mut wanted: Vec<_> = expected(LEN).into_iter().filter(|row| holds(row)).collect();
        let reversed: Vec<_> = wanted.iter().rev().cloned().collect();
        if matches!(query.page, Direction::Before(_)) {
            wanted = reversed;
        } else {
            let newest_first = TrailQuery { page: Direction::Before(Place::END), ..query.clone() };
            assert_eq!(pages(reader, &newest_first, 7).await, reversed, "{newest_first:?}");
        }
        for limit in [1, 10, 1_000] {
            let wanted = if query.known < Position(LEN) {
                wanted.iter().filter(|row| row.position <= query.known).cloned().collect()
            } else {
                wanted.clone()
            };
            assert_eq!(pages(reader, &query, limit).await, wanted, "{query:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_find_what_a_fold_of_everything_finds_on_sqlite() {
    filters_find_what_a_fold_of_everything_finds(stores::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_find_what_a_fold_of_everything_finds_on_postgres() {
    filters_find_what_a_fold_of_everything_finds(stores::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_have_neither_gaps_nor_repeats_while_records_arrive() {
    let kept = Arc::new(kept(stores::sqlite().await, 60).await);
    let arriving = tokio::spawn({
        let kept = kept.clone();
        async move {
            for n in 61..=160 {
                let record = laws::record(n);
                kept.journal.append(&record.stream, None, wire::encode(&record).unwrap()).await.unwrap();
                tokio::task::yield_now().await;
            }
        }
    });
    let oldest_first = TrailQuery::all(Position(60));
    let newest_first = TrailQuery { page: Direction::Before(Place::END), ..oldest_first.clone() };
    let mut wanted = expected(60);
    assert_eq!(pages(&kept.reader, &oldest_first, 3).await, wanted);
    wanted.reverse();
    assert_eq!(pages(&kept.reader, &newest_first, 3).await, wanted);
    arriving.await.unwrap();
    assert_eq!(kept.reader.reached(Position(160), PATIENCE).await.unwrap(), Ok(()));
    assert_eq!(pages(&kept.reader, &TrailQuery::all(Position(160)), 50).await, expected(160));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_too_large_is_refused_and_a_position_not_reached_is_said() {
    let kept = kept(stores::sqlite().await, 10).await;
    for limit in [0, audit::PAGE_MAX + 1] {
        let asked = TrailQuery { limit, ..TrailQuery::all(Position(10)) };
        assert!(matches!(kept.reader.trail(&asked).await, Err(ReadError::TooMuch { .. })));
    }
    let behind = kept.reader.reached(Position(11), Duration::from_millis(50)).await.unwrap().unwrap_err();
    assert_eq!(behind.reached, Position(10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_follows_a_rebuild() {
    let kept = kept(stores::sqlite().await, 30).await;
    let before = pages(&kept.reader, &TrailQuery::all(Position(30)), 100).await;
    let store = Store::open(&kept._opened.url).await.unwrap();
    let rebuilt = audit::rebuild(&store, &kept.journal, &mut |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.differences, rebuilt.generation), (Vec::new(), 2));
    assert_eq!(pages(&kept.reader, &TrailQuery::all(Position(30)), 100).await, before);
}
